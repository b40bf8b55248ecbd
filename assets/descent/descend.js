// The loop of core/descent/descend.py, in the browser; tests hold both equal on every surface.

import { stepper } from "./optimizers.js";

// `evaluate` turns a point into [height, gradient], as the JavaScript of a surface of core does;
// `shorten` turns a gradient into the clipped one; `noise` has a vector for every step, or is null.
// Points and the path are arrays of numbers: the k-th coordinate after t steps is path[t * n + k].
export function descend(evaluate, start, shorten, learningRate, steps, noise, optimizer) {
  const n = start.length;
  const path = new Float64Array((steps + 1) * n);
  const heights = new Float64Array(steps + 1);
  const follow = stepper(optimizer, learningRate, n);
  let point = [...start];
  let [height, gradient] = evaluate(point);
  let alive = isFinite(point, height, gradient);
  let taken = 0;
  for (let step = 0; step <= steps; step++) {
    if (step > 0 && alive) {
      const felt = noise ? gradient.map((slope, k) => slope + noise[step - 1][k]) : gradient;
      const way = follow(shorten(felt));
      const moved = point.map((x, k) => x - way[k]);
      const [nextHeight, nextGradient] = evaluate(moved);
      alive = isFinite(moved, nextHeight, nextGradient);
      if (alive) {
        [point, height, gradient] = [moved, nextHeight, nextGradient];
        taken++;
      }
    }
    path.set(point, step * n);
    heights[step] = height;
  }
  return { path, heights, taken };
}

// A run that leaves the finite numbers stops where it was.
function isFinite(point, height, gradient) {
  return Number.isFinite(height) && point.every(Number.isFinite) && gradient.every(Number.isFinite);
}
