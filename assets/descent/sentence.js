// What is seen, in words.

import { digits } from "../live/words.js";

export function sentence({ runs, traces, names, steps, step, start, optimizer }) {
  if (!runs.length) return [{ text: "No run is shown. Choose one to see where it goes." }];
  const loss = ({ heights, taken }, until) => {
    if (until <= taken) return digits(heights[until]);
    const left = `left the finite numbers at step ${taken + 1}`;
    return Number.isFinite(heights[taken]) ? `${digits(heights[taken])} until it ${left}` : `none, it ${left}`;
  };
  const losses = (until) =>
    runs.flatMap((run, k) => [{ text: k ? "; " : ": " }, { text: names[run], strategy: run }, { text: ` ${loss(traces[run], until)}` }]);
  const by = optimizer === "plain" ? "" : ` with ${optimizer}`;
  const from = `from (${start.map(digits).join(", ")}), the loss is`;
  const last = [{ text: `After ${steps} steps${by}${step < steps ? "" : ` ${from}`}` }, ...losses(steps), { text: "." }];
  return step < steps ? [{ text: `At step ${step} ${from}` }, ...losses(step), { text: ". " }, ...last] : last;
}
