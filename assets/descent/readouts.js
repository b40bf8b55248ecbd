// For every run: its loss at the chosen step, how often it was clipped, and under noise what its loss
// was of late: that of one step is luck.

import { createCards } from "../live/cards.js";
import { setText } from "../live/draw.js";
import { digits, percent } from "../live/words.js";
import { late, shareClipped } from "./runs.js";

const CARD = `
  <p class="loss"></p><p class="unit">loss</p>
  <p class="more"></p>`;

export function createReadouts(parent, every) {
  const cards = createCards(parent, every, CARD);

  function draw({ runs, traces, names, strategies, steps, step, noise, hold, rule }) {
    const verb = rule === "normalize" ? "changed" : "clipped";
    for (const run of every) {
      const { root, name, loss, more } = cards[run];
      root.hidden = !runs.includes(run);
      if (root.hidden) continue;
      const traced = traces[run];
      setText(name, names[run]);
      setText(loss, digits(traced.heights[Math.min(step, traced.taken)]));
      const lost = Number.isFinite(traced.heights[0]) ? "" : "has no finite loss at the start";
      const stopped = traced.taken < steps ? `left the finite numbers at step ${traced.taken + 1}` : "";
      const mean = noise ? `mean of the last ${Math.min(hold, steps)} steps ${digits(late(traced, hold))}` : "";
      const clipped = strategies[run] ? `${verb} in ${percent(shareClipped(traced))} of steps` : "";
      setText(more, lost || stopped || [mean, clipped].filter(Boolean).join("; "));
    }
  }

  return { draw };
}
