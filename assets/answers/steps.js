// Which step is the steepest, in the browser. core/answers/steepest.py is the original: the names are
// its own, and tests hold the results equal. A step is what is subtracted; blocks are as in clip.js.

import { angle, blockThresholds, clip } from "../live/clip.js";

export const THIRD = "third"; // the step that the reader chooses, beside those of the balls
const BY_VALUE = "value";

export function norm(step, blocks) {
  return Math.max(...blockThresholds(step, blocks));
}

export function steepest(gradient, blocks) {
  return clip(gradient, blocks, 1, "normalize");
}

export function fall(gradient, step, blocks) {
  return gradient.reduce((sum, x, i) => sum + x * step[i], 0) / norm(step, blocks);
}

export function stepOf(kind, gradient, threshold, byValue) {
  if (kind === "plain") return [...gradient];
  return clip(gradient, byValue, threshold, kind === "sign" ? "normalize" : "clip");
}

// For every step: where it ends, its angle to the gradient, and its falls per length of each ball.
export function measure({ gradient, threshold, kind, balls, strategies }) {
  const steps = { [THIRD]: stepOf(kind, gradient, threshold, strategies[BY_VALUE]) };
  for (const ball of balls) steps[ball] = steepest(gradient, strategies[ball]).map((x) => threshold * x);
  const measured = ([name, step]) => {
    const falls = Object.fromEntries(balls.map((ball) => [ball, fall(gradient, step, strategies[ball])]));
    return [name, { step, angle: angle(gradient, step), falls }];
  };
  return Object.fromEntries(Object.entries(steps).map(measured));
}
