// The tip of the gradient's arrow in a plane: it is dragged, and the arrow keys move it.

import { clamp, onDrag, set, setText, snap, svg } from "./draw.js";
import { digits } from "./words.js";

const SMALL = 260; // a plane of fewer pixels has the label in a corner

// Two numbers of the gradient, from `start` on, are moved; the label says what they are.
export function createTip(grid, stage, start) {
  const label = svg(grid.root, "text", { class: "label" });
  const tip = svg(grid.root, "g", { class: "tip", tabindex: 0, role: "slider" });
  set(tip, { "aria-description": "The tip of the arrow: the arrow keys move it, with Shift faster" });
  svg(tip, "circle", { class: "reach", r: 22 });
  svg(tip, "circle", { class: "knob", r: 7 });

  const here = () => stage.view.gradient.slice(start, start + 2);

  function put(numbers) {
    const gradient = [...stage.view.gradient];
    gradient.splice(start, 2, ...numbers);
    stage.change({ gradient });
  }

  onDrag(stage, tip, (event) => {
    const from = here();
    const grabbed = grid.numbersAt(event);
    if (Math.max(...from.map(Math.abs)) <= grid.half) {
      const offset = [from[0] - grabbed[0], from[1] - grabbed[1]];
      return (next) => {
        const { half, side } = grid;
        put(grid.numbersAt(next).map((x, i) => snap(clamp(x + offset[i], -half, half), (2 * half) / side)));
      };
    }
    // The tip lies outside: turn and stretch the arrow instead, so that it does not jump.
    const stretch = Math.hypot(...from) / Math.hypot(...grabbed);
    return (next) => put(grid.numbersAt(next).map((x) => snap(x * stretch, Math.hypot(...from) / 300)));
  });

  tip.addEventListener("keydown", (event) => {
    const step = (event.shiftKey ? 0.1 : 0.01) * grid.half;
    const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!by || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    put(here().map((x, i) => snap(x + by[i] * step, step / 4)));
    stage.settle();
  });

  const inWords = () => `(${here().map(digits).join(", ")})`;

  // The label stands beside the tip, on the side away from `turning`. Returns how much of its arrow's
  // end the tip hides, in pixels.
  function draw(point, turning) {
    const inside = clipToWindow(point, grid.side / 2 - 14);
    set(tip, { transform: `translate(${inside[0]} ${inside[1]})` });
    placeLabel(inside, turning);
    return inside === point ? 8 : 0;
  }

  // What only a screen reader sees.
  function write(name) {
    const size = Math.hypot(...here());
    set(tip, {
      "aria-label": name,
      "aria-valuemin": 0,
      "aria-valuemax": Math.max(size, 2 * grid.half),
      "aria-valuenow": size,
      "aria-valuetext": inWords(),
    });
  }

  function placeLabel([x, y], [ux, uy]) {
    const words = inWords();
    setText(label, words);
    const edge = grid.side / 2;
    if (grid.side < SMALL) return set(label, { x: -edge + 10, y: edge - 10, "text-anchor": "start" });
    const away = x * -uy - y * ux > 0 ? -1 : 1;
    const pixels = Math.hypot(x, y) || 1;
    const [nx, ny] = [(-away * y) / pixels, (away * x) / pixels];
    const width = 7 * words.length;
    const anchor = nx > 0.4 ? "start" : nx < -0.4 ? "end" : "middle";
    const [leftOf, rightOf] = { start: [0, width], end: [width, 0], middle: [width / 2, width / 2] }[anchor];
    return set(label, {
      x: clamp(x + 20 * nx, -edge + leftOf + 6, edge - rightOf - 6),
      y: clamp(y + 24 * ny + 4, -edge + 16, edge - 8),
      "text-anchor": anchor,
    });
  }

  return { draw, write };
}

function clipToWindow(point, edge) {
  const outside = Math.max(...point.map(Math.abs)) / edge;
  return outside > 1 ? point.map((x) => x / outside) : point;
}
