// The runs of an experiment: where each goes, and what its gradients were before and after clipping.

import { alike, clip, thresholdOf } from "../live/clip.js";
import { descend } from "./descend.js";

// The path of every run. What does the same to these layers, as per layer and global with one, goes once.
export function traceAll(view, evaluate) {
  const { runs, strategies } = view;
  const same = (one, other) => one === other || (strategies[one] && strategies[other] && alike(strategies[one], strategies[other]));
  const traces = {};
  for (const run of runs) {
    const twin = runs.find((one) => same(one, run));
    traces[run] = traces[twin] ?? trace(view, evaluate, run);
  }
  return traces;
}

// The path of one run; `before` and `after` hold the gradient that every step felt and what was left.
function trace(view, evaluate, run) {
  const { start, steps, learning_rate: rate, noise, optimizer } = view;
  const n = start.length;
  const before = new Float64Array(steps * n);
  const after = new Float64Array(steps * n);
  const shorten = shortener(view, run);
  let step = 0;
  const remember = (gradient) => {
    const shortened = shorten(gradient);
    before.set(gradient, step * n);
    after.set(shortened, step * n);
    step++;
    return shortened;
  };
  return { n, before, after, ...descend(evaluate, start, remember, rate, steps, noise, optimizer) };
}

// A run that is none of the strategies does not clip.
function shortener(view, run) {
  const { rule, matching, strategies } = view;
  const blocks = strategies[run];
  if (!blocks) return (gradient) => gradient;
  if (matching === "same output length") return (gradient) => clip(gradient, blocks, thresholdOf(run, view, gradient), rule);
  const fixed = thresholdOf(run, view, null);
  return (gradient) => clip(gradient, blocks, fixed, rule);
}

// The mean of the last heights, as `lately` of core has it.
export function late({ heights }, hold) {
  const last = heights.slice(1).slice(-hold);
  return last.reduce((sum, height) => sum + height, 0) / last.length;
}

export function shareClipped({ n, before, after, taken }) {
  let clipped = 0;
  for (let step = 0; step < taken; step++)
    for (let k = step * n; k < (step + 1) * n; k++)
      if (before[k] !== after[k]) {
        clipped++;
        break;
      }
  return taken ? clipped / taken : 0;
}
