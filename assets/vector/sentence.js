// What is seen, in words.

import { length } from "../live/clip.js";
import { DEGREES, count, degrees, digits, percent } from "../live/words.js";

const STRAIGHT = 1e-7; // radians: less is rounding

// The text equivalent of the picture, as pieces of text; a piece that names a strategy bears it.
export function sentence({ gradient, threshold, rule, matching, shown, results, strategies, names }) {
  if (gradient.every((x) => x === 0)) return [{ text: "A zero gradient has no direction: nothing can turn." }];
  if (!shown.length) return [{ text: "No strategy is shown. Choose one to see what it does." }];
  const verb = { clip: "Clipping", radial: "Scaling", normalize: "Normalizing" }[rule];
  const size = `a gradient of ${count(gradient.length, "number")} and length ${digits(length(gradient))}`;
  const how = matching === "same number" ? "" : ` (thresholds matched: ${matching})`;
  const pieces = [{ text: `${verb} ${size} at ${digits(threshold)}${how}: ` }];
  shown.forEach((strategy, i) => {
    pieces.push({ text: names[strategy], strategy });
    pieces.push({ text: ` ${effect(results[strategy])}${aside(strategies[strategy], results[strategy])}${i + 1 < shown.length ? "; " : "."}` });
  });
  return pieces;
}

function effect({ angle, kept, clipped }) {
  if (clipped === 0) return "changes nothing";
  const little = angle > STRAIGHT ? "turns it by less than 0.1°" : "does not turn it";
  const turned = turns(angle) ? `turns it by ${degrees(angle)}` : little;
  const left = kept > 1 ? `makes it ${digits(kept)} times as long` : `keeps ${percent(kept)} of its length`;
  return `${turned} and ${left}`;
}

function aside({ partition, sizes }, { after, angle, clipped, signs }) {
  if (clipped && after.length === 1) return " (one number has only a sign to keep)";
  if (!turns(angle)) return "";
  if (partition === "coordinates") return signs ? ", though every sign is kept" : "";
  return partition === "layers" && sizes.length > 1 ? ", though every layer keeps its direction" : "";
}

function turns(angle) {
  return angle * DEGREES >= 0.05; // what one decimal shows
}
