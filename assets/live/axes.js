// The axes of a plot against the threshold: it is dragged along them, on a logarithmic scale.

import { clamp, onDrag, pointer, set, setText, svg } from "./draw.js";
import { tick } from "./words.js";

const LEFT = 40;
const RIGHT = 12;
const TOP = 30;
const BELOW = 34;

// `change(threshold)` is called with where the pointer is.
export function createAxes(parent, title, stage, change) {
  const root = svg(parent, "svg", { class: "curves", role: "img" });
  const grid = svg(root, "path", { class: "grid" });
  const texts = Array.from({ length: 12 }, () => svg(root, "text", { class: "tick" }));
  const behind = svg(root, "g");
  const lines = svg(root, "g");
  const cursor = svg(root, "path", { class: "cursor" });
  const marks = svg(root, "g");
  svg(root, "text", { class: "title", x: 4, y: 14 }).textContent = title;
  const field = svg(root, "rect", { class: "field", x: LEFT, y: 0 });

  let [width, height] = [0, 0];
  let [low, high] = [1, 10];
  let [floor, ceiling] = [0, 1];
  const toX = (threshold) => LEFT + (Math.log(threshold / low) / Math.log(high / low)) * (width - LEFT - RIGHT);
  const toY = (y) => (height - BELOW) - ((clamp(y, floor, ceiling) - floor) / (ceiling - floor)) * ((height - BELOW) - TOP);

  onDrag(stage, field, (event) => {
    const move = (next) => {
      const share = clamp((pointer(root, next).x - LEFT) / (width - LEFT - RIGHT), 0, 1);
      change(low * (high / low) ** share);
    };
    if (event.pointerType !== "touch") move(event); // a finger may be about to scroll the page
    return move;
  });

  // `ticks` are the heights of lines, and `write` says what stands beside one.
  function layOut([pixels, tall], range, span, ticks, write) {
    [width, height] = [pixels, tall];
    [low, high] = range;
    [floor, ceiling] = span;
    set(root, { viewBox: `0 0 ${width} ${height}`, width, height });
    set(field, { width: width - LEFT - RIGHT, height });
    let free = 0;
    const put = (words, attributes) => {
      setText(texts[free], words);
      set(texts[free++], attributes);
    };
    let d = "";
    for (const y of ticks) {
      d += `M${LEFT} ${toY(y)}H${width - RIGHT}`;
      put(write(y), { x: LEFT - 6, y: toY(y) + 4, "text-anchor": "end" });
    }
    const decades = Math.round(Math.log10(high / low));
    const every = Math.ceil(decades / 4);
    for (let k = 0; k <= decades; k += every) {
      const x = toX(low * 10 ** k);
      put(tick(low * 10 ** k), { x, y: (height - BELOW) + 16, "text-anchor": k === 0 ? "start" : k === decades ? "end" : "middle" });
    }
    put("threshold (log scale)", { x: (LEFT + width - RIGHT) / 2, y: height - 2, "text-anchor": "middle" });
    for (; free < texts.length; free++) setText(texts[free], "");
    set(grid, { d });
  }

  function mark(threshold) {
    set(cursor, { d: `M${toX(threshold)} ${TOP - 6}V${height - BELOW}` });
  }

  return { root, behind, lines, marks, toX, toY, layOut, mark, left: LEFT, right: () => width - RIGHT };
}
