// For every strategy: how far it turned the gradient and what it left of the length, in numbers.

import { byName, setText } from "../live/draw.js";
import { degrees, digits, percent } from "../live/words.js";

export function createReadouts(parent, strategies) {
  const cards = byName(strategies, (strategy) => createCard(parent, strategy));

  function draw({ shown, names, gradient, results }) {
    for (const strategy of strategies) {
      const { root, name, angle, kept, bar, more } = cards[strategy];
      root.hidden = !shown.includes(strategy);
      if (root.hidden) continue;
      const { angle: turned, kept: share, clipped, threshold } = results[strategy];
      const changed = Math.round(clipped * gradient.length);
      setText(name, names[strategy]);
      setText(angle, degrees(turned));
      setText(kept, share > 1 ? `${digits(share)} times as long` : `keeps ${percent(share)}, loses ${percent(1 - share)}`);
      bar.style.width = `${100 * Math.min(share || 0, 1)}%`;
      setText(more, `${changed} of ${gradient.length} changed at ${digits(threshold)}`);
    }
  }

  return { draw };
}

function createCard(parent, strategy) {
  const root = document.createElement("article");
  root.className = `card ${strategy}`;
  root.innerHTML = `
    <svg class="swatch" width="34" height="12" aria-hidden="true"><path class="curve ${strategy}" d="M0 6H34"/></svg>
    <h2 class="name"></h2>
    <p class="angle"></p><p class="unit">turned</p>
    <div class="track" aria-hidden="true"><div class="fill"></div></div>
    <p class="kept"></p>
    <p class="more"></p>`;
  parent.append(root);
  const [name, angle, kept, bar, more] = ["name", "angle", "kept", "fill", "more"].map((part) => root.querySelector(`.${part}`));
  return { root, name, angle, kept, bar, more };
}
