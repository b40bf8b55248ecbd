// The grid of a plane, which says how its numbers lie on its pixels: (0, 0) is in the middle.

import { pointer, set, svg } from "./draw.js";
import { tick } from "./words.js";

export function createGrid(root) {
  const [lines, axes] = ["grid", "axes"].map((name) => svg(root, "path", { class: name }));
  const ticks = [0, 1].map(() => svg(root, "text", { class: "tick" }));
  // `side` is in pixels, `half` of it in numbers.
  const grid = { root, side: 0, half: 1, layout, scale, toPixels, numbersAt };

  function scale() {
    return grid.side / 2 / grid.half;
  }

  function toPixels([x, y]) {
    return [x * scale(), -y * scale()];
  }

  function numbersAt(event) {
    const { x, y } = pointer(root, event);
    return [x / scale(), -y / scale()];
  }

  function layout(side, half) {
    if (side === grid.side && half === grid.half) return;
    Object.assign(grid, { side, half });
    const edge = side / 2;
    set(root, { viewBox: `${-edge} ${-edge} ${side} ${side}`, width: side, height: side, "data-half": half });
    const step = tickStep(half);
    let d = "";
    for (let k = step; k < half; k += step)
      for (const at of [k * scale(), -k * scale()]) d += `M${at} ${-edge}V${edge}M${-edge} ${at}H${edge}`;
    set(lines, { d });
    set(axes, { d: `M${-edge} 0H${edge}M0 ${-edge}V${edge}` });
    const last = Math.floor((half * 0.99) / step) * step;
    for (const [i, axisLabel] of ticks.entries()) {
      axisLabel.textContent = tick(last);
      set(axisLabel, i ? { x: 6, y: -last * scale() + 4 } : { x: last * scale(), y: 14, "text-anchor": "middle" });
    }
  }

  return grid;
}

// The outline of where the arrows of a block may end: a square, or a disc.
export function region(radius, square) {
  const r = Math.min(radius, 1e5); // larger than any screen
  if (square) return `M${-r} ${-r}H${r}V${r}H${-r}Z`;
  return `M${r} 0A${r} ${r} 0 1 1 ${-r} 0A${r} ${r} 0 1 1 ${r} 0Z`;
}

function tickStep(half) {
  const decade = 10 ** Math.floor(Math.log10(half));
  return [0.5, 1, 2].map((step) => step * decade).find((step) => half / step <= 5) ?? 5 * decade;
}
