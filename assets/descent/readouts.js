// For every run: its loss at the chosen step, and how often it was clipped.

import { createCards } from "../live/cards.js";
import { setText } from "../live/draw.js";
import { digits, percent } from "../live/words.js";
import { shareClipped } from "./runs.js";

const CARD = `
  <p class="loss"></p><p class="unit">loss</p>
  <p class="more"></p>`;

export function createReadouts(parent, every) {
  const cards = createCards(parent, every, CARD);

  function draw({ runs, traces, names, strategies, steps, step }) {
    for (const run of every) {
      const { root, name, loss, more } = cards[run];
      root.hidden = !runs.includes(run);
      if (root.hidden) continue;
      const traced = traces[run];
      setText(name, names[run]);
      setText(loss, digits(traced.heights[Math.min(step, traced.taken)]));
      const lost = Number.isFinite(traced.heights[0]) ? "" : "has no finite loss at the start";
      const stopped = traced.taken < steps ? `left the finite numbers at step ${traced.taken + 1}` : "";
      setText(more, lost || stopped || (strategies[run] ? `clipped in ${percent(shareClipped(traced))} of steps` : ""));
    }
  }

  return { draw };
}
