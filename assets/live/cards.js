// Beside the pictures, a card for each that is drawn: its line, its name, and what a stage says of it.

import { byName } from "./draw.js";

// `html` is what only this stage says; the parts of a card are found by their classes.
export function createCards(parent, names, html) {
  return byName(names, (name) => {
    const root = document.createElement("article");
    root.className = `card ${name}`;
    root.innerHTML = `
      <svg class="swatch" width="34" height="12" aria-hidden="true"><path class="curve ${name}" d="M0 6H34"/></svg>
      <h2 class="name"></h2>
      ${html}`;
    parent.append(root);
    const parts = [...root.querySelectorAll("p, h2, div")].map((part) => [part.className, part]);
    return { root, ...Object.fromEntries(parts) };
  });
}
