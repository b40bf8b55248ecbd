// What is seen, in words.

import { DEGREES, degrees, digits, percent } from "../live/words.js";

// The text equivalent of the picture, as pieces of text; a piece that names a strategy bears it.
export function sentence({ threshold, shown, names, results, ground }) {
  const pieces = [{ text: `At ${digits(threshold)}: ` }];
  shown.forEach((strategy, k) => {
    pieces.push({ text: names[strategy], strategy });
    pieces.push({ text: ` ${(ground.sweep ? ofLog : ofGradients)(results[strategy], ground)}${k + 1 < shown.length ? "; " : "."}` });
  });
  return pieces;
}

function ofLog({ share, meanLoss, worst }) {
  if (share === 0) return "acts on no step";
  return `acts on ${percent(share)} of the steps, and takes ${percent(meanLoss)} of the length on average, ${percent(worst)} at worst`;
}

function ofGradients({ angle, loss, clipped }, { several }) {
  if (clipped === 0) return several ? "leaves half of the steps or more alone" : "changes nothing";
  const turns = angle * DEGREES < 0.05 ? "turns hardly or not" : `turns by ${degrees(angle)}`; // what one decimal shows
  return `${turns} and takes ${percent(loss)} of the length${several ? " (medians)" : ""}`;
}
