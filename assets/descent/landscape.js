// One plane of a loss: isolines, the paths of all runs, the start to drag, the arrows of a step.

import { arrow, byName, clamp, drawArrow, graded, onDrag, pointer, set, setText, show, snap, svg, toLine } from "../live/draw.js";
import { digits } from "../live/words.js";

const ARROWS = [4.5, 2]; // widths: of the first strategy, and of the last
const PATHS = [2.75, 1.75];
const UNCLIPPED = { arrow: 2, path: 1.25 };
const ARROW = 34; // pixels of a gradient as long as the threshold
const LONGEST = 2.5; // thresholds: longer arrows are cut off there
const APART = 26; // pixels between the labels of two isolines
const FAR = 20; // windows: a path that goes beyond is drawn to there

export function createLandscape(parent, index, stage) {
  const [every, strategies] = [stage.view.names, stage.view.strategies].map(Object.keys);
  const perRun = (make) => byName(every, make);
  const [arrowWidths, pathWidths] = [ARROWS, PATHS].map((widths) => graded(strategies, ...widths));
  const root = svg(parent, "svg", { class: "plane landscape", role: "group" });
  const undefinedHere = svg(root, "path", { class: "undefined" });
  const lines = svg(root, "g", { class: "isolines" });
  const minima = svg(root, "path", { class: "minima" });
  const paths = perRun((run) => svg(root, "path", { class: `path ${run}`, "stroke-width": pathWidths[run] ?? UNCLIPPED.path }));
  const ends = perRun((run) => svg(root, "circle", { class: `end ${run}`, r: 4.5 }));
  const gradients = perRun(() => arrow(root, "original", 2));
  const steps = perRun((run) => arrow(root, run, arrowWidths[run] ?? UNCLIPPED.arrow));
  const atStart = perRun((run) => arrow(root, run, arrowWidths[run] ?? UNCLIPPED.arrow));
  const startGradient = arrow(root, "original", 2);
  const ticks = [0, 1, 2, 3].map(() => svg(root, "text", { class: "tick" }));
  const title = svg(root, "text", { class: "title", x: 10, y: 20 });
  const label = svg(root, "text", { class: "label" });
  const tip = svg(root, "g", { class: "tip", tabindex: 0, role: "slider" });
  set(tip, { "aria-description": "Where the runs start: the arrow keys move it, with Shift faster" });
  svg(tip, "circle", { class: "reach", r: 22 });
  svg(tip, "circle", { class: "knob", r: 7 });

  const first = 2 * index;
  let side = 0;
  let drawn = {}; // the contours and the runs that are shown
  let [[left, right], [bottom, top]] = [[0, 1], [0, 1]]; // of the window
  const toX = (x) => ((x - left) / (right - left)) * side;
  const toY = (y) => ((top - y) / (top - bottom)) * side;
  const inWords = () => `(${digits(stage.view.start[first])}, ${digits(stage.view.start[first + 1])})`;
  const unit = () => (right - left) / side;
  const place = (path, step, n) => [toX(path[step * n + first]), toY(path[step * n + first + 1])];

  function move([x, y]) {
    const start = [...stage.view.start];
    start[first] = snap(clamp(x, left, right), unit());
    start[first + 1] = snap(clamp(y, bottom, top), unit());
    stage.change({ start });
  }

  onDrag(stage, tip, (event) => {
    const grabbed = pointer(root, event);
    const [dx, dy] = [toX(stage.view.start[first]) - grabbed.x, toY(stage.view.start[first + 1]) - grabbed.y];
    return (next) => {
      const { x, y } = pointer(root, next);
      move([left + (x + dx) * unit(), top - (y + dy) * unit()]);
    };
  });

  tip.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!by || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const far = (event.shiftKey ? 0.05 : 0.005) * side * unit();
    move(by.map((sign, k) => stage.view.start[first + k] + sign * far));
    stage.settle();
  });

  function layout() {
    const { contours, holes, minima: lowest, window } = stage.view;
    [[left, right], [bottom, top]] = window.slice(first, first + 2);
    set(root, { viewBox: `0 0 ${side} ${side}`, width: side, height: side });
    lines.replaceChildren();
    const labeled = [];
    for (const { label: height, lines: parts } of contours[index]) {
      svg(lines, "path", { d: parts.map((points) => toLine(points.map(([x, y]) => [toX(x), toY(y)]))).join("") });
      const longest = parts.reduce((a, b) => (b.length > a.length ? b : a), []);
      if (longest.length < 40) continue;
      const [x, y] = longest[Math.floor(longest.length * 0.62)];
      const [at, level] = [clamp(toX(x), 14, side - 14), clamp(toY(y) + 4, 12, side - 6)];
      if (labeled.some((other) => Math.hypot(other[0] - at, other[1] - level) < APART)) continue;
      labeled.push([at, level]);
      svg(lines, "text", { class: "height", x: at, y: level }).textContent = height;
    }
    set(undefinedHere, { d: holes[index].map(([x, y, wide, high]) => `M${toX(x)} ${toY(y)}h${wide / unit()}v${-high / unit()}h${-wide / unit()}z`).join("") });
    const cross = ([x, y]) => `M${x - 5} ${y}h10M${x} ${y - 5}v10`;
    set(minima, { d: lowest.map((point) => cross(place(point, 0, point.length))).join("") });
    const write = (k, value, attributes) => {
      ticks[k].textContent = Number(value.toPrecision(3));
      set(ticks[k], attributes);
    };
    write(0, left, { x: 4, y: side - 18 });
    write(1, right, { x: side - 4, y: side - 4, "text-anchor": "end" });
    write(2, bottom, { x: 4, y: side - 4 });
    write(3, top, { x: 4, y: contours.length > 1 ? 34 : 14 });
    title.textContent = contours.length > 1 ? `layer ${index + 1}` : "";
    set(root, { "aria-label": contours.length > 1 ? `Loss of layer ${index + 1}` : "The loss from above" });
  }

  // Every point that is a pixel away from the last one drawn.
  function wayOf({ path, taken, n }) {
    const points = [place(path, 0, n)];
    for (let step = 1; step <= taken; step++) {
      const next = place(path, step, n);
      const [x, y] = points.at(-1);
      const away = Math.max(Math.abs(next[0]), Math.abs(next[1])) / (FAR * side);
      if (away > 1) {
        if (away < Infinity) points.push([x + (next[0] - x) / away, y + (next[1] - y) / away]);
        break;
      }
      if (Math.abs(next[0] - x) + Math.abs(next[1] - y) >= 1 || step === taken) points.push(next);
    }
    return toLine(points);
  }

  function draw(pixels) {
    const { start, runs, traces, step, threshold, contours } = stage.view;
    if (pixels !== side || drawn.contours !== contours) {
      side = pixels;
      drawn = { contours };
      layout();
    }
    const moved = drawn.traces !== traces;
    drawn.traces = traces;
    const scale = ARROW / threshold;
    for (const run of every) {
      const visible = runs.includes(run);
      for (const part of [paths, ends]) show(part[run], visible);
      show(atStart[run].root, visible);
      const traced = visible ? traces[run] : { taken: 0 };
      const moving = step > 0 && step < traced.taken;
      show(steps[run].root, moving);
      show(gradients[run].root, moving);
      if (!visible) continue;
      if (moved) set(paths[run], { d: wayOf(traced) });
      const now = Math.min(step, traced.taken);
      const [x, y] = place(traced.path, now, traced.n);
      set(ends[run], { cx: clamp(x, -99, side + 99) || 0, cy: clamp(y, -99, side + 99) || 0 });
      drawStep(atStart[run], traced, 0, traced.after, scale);
      if (moving) {
        drawStep(gradients[run], traced, now, traced.before, scale);
        drawStep(steps[run], traced, now, traced.after, scale);
      }
    }
    const any = traces[runs[0]];
    show(startGradient.root, Boolean(any));
    if (any) drawStep(startGradient, any, 0, any.before, scale);
    const [x, y] = place(start, 0, start.length);
    set(tip, { transform: `translate(${clamp(x, 8, side - 8)} ${clamp(y, 8, side - 8)})` });
    setText(label, inWords());
    const below = any?.before[first + 1] < 0 ? y < side - 40 : y < 40; // out of the way of the arrows
    set(label, { x: clamp(x, 50, side - 50), y: clamp(y + (below ? 34 : -22), 14, side - 20), "text-anchor": "middle" });
  }

  // What only a screen reader sees.
  function write() {
    const { start, layers } = stage.view;
    set(tip, {
      "aria-label": layers.length > 1 ? `Start, layer ${index + 1}` : "Start",
      "aria-valuemin": left,
      "aria-valuemax": right,
      "aria-valuenow": start[first],
      "aria-valuetext": inWords(),
    });
  }

  // Minus the gradient: the way that a step goes.
  function drawStep(shape, { path, n }, step, vectors, scale) {
    const [x, y] = place(path, step, n);
    if (!(Math.abs(x) < FAR * side && Math.abs(y) < FAR * side)) return show(shape.root, false);
    const vector = [-vectors[step * n + first] * scale, vectors[step * n + first + 1] * scale];
    const length = Math.hypot(...vector);
    const cut = Math.min(1, (LONGEST * ARROW) / length) || 0;
    drawArrow(shape, vector.map((part) => part * cut), 0);
    return set(shape.root, { transform: `translate(${x} ${y})` });
  }

  return { draw, write, root };
}
