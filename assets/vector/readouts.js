// For every strategy: how far it turned the gradient and what it left of the length, in numbers.

import { createCards } from "../live/cards.js";
import { setText } from "../live/draw.js";
import { degrees, digits, percent } from "../live/words.js";

const CARD = `
  <p class="angle"></p><p class="unit">turned</p>
  <div class="track" aria-hidden="true"><div class="fill"></div></div>
  <p class="kept"></p>
  <p class="more"></p>`;

export function createReadouts(parent, strategies) {
  const cards = createCards(parent, strategies, CARD);

  function draw({ shown, names, gradient, results }) {
    for (const strategy of strategies) {
      const { root, name, angle, kept, fill, more } = cards[strategy];
      root.hidden = !shown.includes(strategy);
      if (root.hidden) continue;
      const { angle: turned, kept: share, clipped, threshold } = results[strategy];
      const changed = Math.round(clipped * gradient.length);
      setText(name, names[strategy]);
      setText(angle, degrees(turned));
      setText(kept, share > 1 ? `${digits(share)} times as long` : `keeps ${percent(share)}, loses ${percent(1 - share)}`);
      fill.style.width = `${100 * Math.min(share || 0, 1)}%`;
      setText(more, `${changed} of ${gradient.length} changed at ${digits(threshold)}`);
    }
  }

  return { draw };
}
