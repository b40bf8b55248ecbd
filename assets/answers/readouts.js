// For every step: its angle to straight downhill, and what it lowers per length, by either length.

import { createCards } from "../live/cards.js";
import { setText } from "../live/draw.js";
import { degrees, digits } from "../live/words.js";
import { THIRD } from "./steps.js";

const HEAD = `<p class="angle"></p><p class="unit">from straight downhill</p>`;

export function createReadouts(parent, balls) {
  const rows = balls.map((ball) => `<p class="more" data-ball="${ball}"></p>`).join("");
  const cards = createCards(parent, [...balls, THIRD], HEAD + rows);

  function draw({ results, names, lengths, kinds, kind }) {
    for (const [name, { root, name: title, angle }] of Object.entries(cards)) {
      setText(title, name === THIRD ? kinds[kind] : names[name]);
      setText(angle, degrees(results[name].angle));
      for (const row of root.querySelectorAll("[data-ball]")) {
        const { ball } = row.dataset;
        row.classList.toggle("best", ball === name);
        const most = ball === name ? ", the most" : "";
        setText(row, `falls ${digits(results[name].falls[ball])} per unit of ${lengths[ball]}${most}`);
      }
    }
  }

  return { draw };
}
