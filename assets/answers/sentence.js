// What is seen, in words.

import { degrees, digits } from "../live/words.js";
import { THIRD } from "./steps.js";

const SAME = 1e-9; // radians: less is rounding

// The text equivalent of the picture, as pieces of text; a piece that names a strategy bears it.
export function sentence(view) {
  const { gradient, threshold, balls, strategies, names, lengths, results } = view;
  if (gradient.every((x) => x === 0)) return [{ text: "A zero gradient has no direction: no step leads downhill." }];
  const numbers = gradient.map(digits).join(", ");
  const pieces = [{ text: `The gradient (${numbers}) points uphill; the loss is taken for a tilted plane, its linear model. ` }];
  for (const ball of balls) {
    const shape = strategies[ball].sizes.length > 1 ? "square" : "disc";
    const { angle, falls } = results[ball];
    pieces.push({ text: `Of the steps in the ${shape}, with a ${lengths[ball]} of at most ${digits(threshold)}, the steepest is ` });
    pieces.push({ text: names[ball], strategy: ball });
    pieces.push({ text: `: it lowers the loss by ${digits(falls[ball])} per unit of that length and lies ${from(angle)}. ` });
  }
  const ends = "All angles are under 90°, so every step leads downhill.";
  return [...pieces, { text: `Of the two, each is the steepest by its own length. ${edge(view)}${third(view)} ${ends}` }];
}

function third({ gradient, kind, balls, strategies, results }) {
  const { step, angle } = results[THIRD];
  const square = balls.find((ball) => strategies[ball].sizes.length > 1);
  const most = square ? results[square].angle : NaN;
  if (kind === "plain") return "The plain step is minus the gradient: straight downhill, and as long as the gradient is.";
  if (kind === "sign") return `The signs alone, each as long as the threshold (a zero stays zero), are the step that the square prefers: ${from(angle)}.`;
  if (step.every((x, i) => x === gradient[i])) return "Clipping by value changes nothing here: the gradient lies in the square, and the clipped step is the plain one.";
  if (most - angle < SAME) return `Clipped by value, the step has the direction of the signs alone: ${from(angle)}.`;
  return `Clipped by value, the step lies between the plain step (0.0°) and the signs alone (${degrees(most)}): ${from(angle)}.`;
}

function edge({ gradient }) {
  return gradient.some((x) => x === 0) ? "One number is zero, so all of an edge of the square is as good as its middle. " : "";
}

function from(angle) {
  return angle < SAME ? "straight downhill" : `${degrees(angle)} from straight downhill`;
}
