// What is seen, in words.

import { digits } from "../live/words.js";

export function sentence({ runs, traces, names, steps, step, start }) {
  if (!runs.length) return [{ text: "No run is shown. Choose one to see where it goes." }];
  const loss = ({ heights, taken }, until) => {
    if (until <= taken) return digits(heights[until]);
    const left = `left the finite numbers at step ${taken + 1}`;
    return Number.isFinite(heights[taken]) ? `${digits(heights[taken])} until it ${left}` : `none, it ${left}`;
  };
  const losses = (until) => runs.map((run) => `${names[run]} ${loss(traces[run], until)}`).join("; ");
  const from = `from (${start.map(digits).join(", ")}), the loss is`;
  const now = step < steps ? `At step ${step} ${from}: ${losses(step)}. After ${steps} steps` : `After ${steps} steps ${from}`;
  return [{ text: `${now}: ${losses(steps)}.` }];
}
