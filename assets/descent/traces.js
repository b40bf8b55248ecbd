// What happened step by step: one small plot for each quantity, all runs in it.

import { angle, length, lengthKept } from "../live/clip.js";
import { byName, clamp, onDrag, pointer, set, setText, show, svg, toLine } from "../live/draw.js";
import { degrees, digits, percent, tick } from "../live/words.js";

const LEFT = 46;
const RIGHT = 10;
const TOP = 26;
const BELOW = 22;
const POINTS = 240; // of a line
const POINTS_DRAGGING = 100; // while it has to follow the pointer
const ROUNDING = 1e-16; // of a logarithmic axis of differences: below, they are rounding
const LOWEST = 1e-30; // of any other one
const ROOM = 1e4; // times the first value: what rises beyond leaves a logarithmic axis

// One gradient of many that lie in one array, one after the other.
const at = (gradients, n, step) => gradients.subarray(step * n, (step + 1) * n);

// How far the minimum is along the slow direction, as `Surface.along` of core has it.
const along = ({ path, n }, step, { slow, minima }) => Math.abs(slow.reduce((sum, part, k) => sum + part * (path[step * n + k] - minima[0][k]), 0));

export const QUANTITIES = [
  {
    // Where every run goes to and fro, the loss does not tell how far it has come: the cards have it.
    title: ({ lowest, slow }) => (slow ? "Distance, slow direction" : lowest === null ? "Loss above the lowest seen" : "Loss above the minimum"),
    logarithmic: true,
    lowest: ({ slow }) => (slow ? LOWEST : ROUNDING),
    at: (trace, step, view) => (view.slow ? along(trace, step, view) : trace.heights[step] - (view.lowest ?? view.lowestSeen)),
    ends: true,
    write: digits,
  },
  {
    title: () => "Gradient length (thin: before)",
    logarithmic: true,
    lowest: () => LOWEST,
    at: (trace, step) => length(at(trace.after, trace.n, step)),
    before: (trace, step) => length(at(trace.before, trace.n, step)),
    write: digits,
  },
  {
    title: () => "Angle turned",
    at: ({ before, after, n }, step) => angle(at(before, n, step), at(after, n, step)),
    top: Math.PI / 2,
    write: degrees,
    ticks: [0, Math.PI / 6, Math.PI / 3, Math.PI / 2],
  },
  {
    title: () => "Length lost",
    bottom: ({ rule }) => (rule === "normalize" ? -1 : 0), // what got longer by more leaves the plot below
    at: ({ before, after, n }, step) => 1 - lengthKept(at(before, n, step), at(after, n, step)),
    top: 1,
    write: percent,
    ticks: [-1, -0.5, 0, 0.5, 1],
  },
];

export function createTrace(parent, quantity, stage) {
  const every = Object.keys(stage.view.names);
  const root = svg(parent, "svg", { class: "traces", role: "img" });
  const grid = svg(root, "path", { class: "grid" });
  const texts = Array.from({ length: 8 }, () => svg(root, "text", { class: "tick" }));
  const thin = byName(every, (run) => svg(root, "path", { class: `before ${run}` }));
  const lines = byName(every, (run) => svg(root, "path", { class: `curve ${run}` }));
  const cursor = svg(root, "path", { class: "cursor" });
  const title = svg(root, "text", { class: "title", x: 4, y: 14 });
  const field = svg(root, "rect", { class: "field", x: LEFT, y: 0 });
  let [width, height] = [0, 0];
  let drawn = {}; // what the lines show: scrubbing leaves them alone
  const toX = (step) => LEFT + (step / stage.view.steps) * (width - LEFT - RIGHT);
  const toStep = (x) => Math.round(clamp((x - LEFT) / (width - LEFT - RIGHT), 0, 1) * stage.view.steps);

  onDrag(stage, field, (event) => {
    const move = (next) => stage.change({ step: toStep(pointer(root, next).x) });
    move(event);
    return move;
  });

  function draw(pixels, tall) {
    const { runs, traces } = stage.view;
    const fine = !stage.isDragging();
    if (drawn.traces === traces && drawn.pixels === pixels && drawn.tall === tall && (drawn.fine || !fine)) return;
    drawn = { traces, pixels, tall, fine };
    [width, height] = [pixels, tall];
    setText(title, quantity.title(stage.view));
    set(root, { viewBox: `0 0 ${width} ${height}`, width, height });
    set(field, { width: width - LEFT - RIGHT, height });
    const sampled = runs.map((run) => [run, sample(traces[run], quantity.at), quantity.before && sample(traces[run], quantity.before)]);
    const toY = axis(sampled);
    for (const run of every) {
      show(lines[run], runs.includes(run));
      show(thin[run], runs.includes(run) && Boolean(quantity.before));
    }
    for (const [run, points, before] of sampled) {
      const toPath = (each) => toLine(each.filter(([, y]) => Number.isFinite(y)).map(([at, y]) => [toX(at), toY(y)]));
      set(lines[run], { d: toPath(points) });
      if (before) set(thin[run], { d: toPath(before) });
    }
  }

  function mark() {
    set(cursor, { d: `M${toX(stage.view.step)} ${TOP - 4}V${(height - BELOW)}` });
  }

  function say() {
    const { runs, traces, steps, step, names } = stage.view;
    const now = runs.map((run) => `${names[run]} ${valueAt(traces[run], step)}`);
    set(root, { "aria-label": `${title.textContent} at step ${step} of ${steps}: ${now.join(", ")}.` });
  }

  function valueAt(trace, step) {
    const last = quantity.ends ? trace.taken : trace.taken - 1;
    return last < 0 ? "–" : quantity.write(quantity.at(trace, Math.min(step, last), stage.view));
  }

  // An odd stride, so that a run that goes to and fro is not caught always on the same side.
  function sample(trace, at) {
    const points = [];
    const last = quantity.ends ? trace.taken : trace.taken - 1;
    const stride = 2 * Math.floor(last / (stage.isDragging() ? POINTS_DRAGGING : POINTS) / 2) + 1;
    for (let step = 0; step < last; step += stride) points.push([step, at(trace, step, stage.view)]);
    if (last >= 0) points.push([last, at(trace, last, stage.view)]);
    return points;
  }

  function axis(sampled) {
    let d = "";
    let free = 0;
    const write = (words, y) => {
      d += `M${LEFT} ${y}H${width - RIGHT}`;
      setText(texts[free], words);
      set(texts[free++], { x: LEFT - 6, y: y + 4, "text-anchor": "end" });
    };
    let toY;
    if (quantity.logarithmic) {
      const lowest = quantity.lowest(stage.view);
      let [least, largest, first] = [1, lowest, lowest];
      for (const [, points, before = []] of sampled) {
        first = Math.max(first, points[0]?.[1] || 0);
        for (const part of [points, before])
          for (const [, y] of part) {
            if (y > lowest && y < least) least = y;
            if (y > largest && y < Infinity) largest = y;
          }
      }
      const low = Math.floor(Math.log10(least));
      const most = Math.min(largest, ROOM * first);
      const high = Math.max(Math.ceil(Math.log10(most)), low + 1);
      toY = (y) => (height - BELOW) - ((clamp(Math.log10(Math.max(y, lowest)), low, high) - low) / (high - low)) * ((height - BELOW) - TOP);
      const every = Math.ceil((high - low) / 4);
      for (let k = low; k <= high; k += every) write(tick(10 ** k), toY(10 ** k));
    } else {
      const bottom = quantity.bottom?.(stage.view) ?? 0;
      toY = (y) => (height - BELOW) - ((clamp(y, bottom, quantity.top) - bottom) / (quantity.top - bottom)) * ((height - BELOW) - TOP);
      for (const y of quantity.ticks) if (y >= bottom) write(quantity.write(y).replace(".0", ""), toY(y));
    }
    for (const [k, step] of [0, stage.view.steps].entries()) {
      setText(texts[free], k ? `step ${step}` : "0");
      set(texts[free++], { x: toX(step), y: height - 6, "text-anchor": k ? "end" : "start" });
    }
    for (; free < texts.length; free++) setText(texts[free], "");
    set(grid, { d });
    return toY;
  }

  return { draw, mark, say };
}
