// One plane: the two coordinates of one layer as an arrow, the regions it may lie in, its clipped
// versions, the arcs between them.

import { blockAt, length, thresholdByValue } from "../live/clip.js";
import { arrow, byName, clamp, drawArrow, graded, onDrag, pointer, set, setText, show, snap, svg } from "../live/draw.js";
import { degrees, digits, tick } from "../live/words.js";

const SMALL = 260; // a plane of fewer pixels has its label in a corner
const [WIDEST, NARROWEST] = [5, 2]; // of the arrows
const [NEAREST, APART] = [8, 6]; // pixels of the first arc from its tip, and of every other from the one before

export function createPlane(parent, index, stage) {
  const start = 2 * index;
  const strategies = Object.keys(stage.view.strategies);
  const perStrategy = (make) => byName(strategies, make);
  const blocks = perStrategy((strategy) => blockAt(start, stage.view.strategies[strategy]));
  const isSquare = (strategy) => blocks[strategy].to === start + 1; // both numbers in blocks of their own
  const widths = graded(strategies, WIDEST, NARROWEST);
  const root = svg(parent, "svg", { class: "plane", role: "group" });
  const grid = svg(root, "path", { class: "grid" });
  const axes = svg(root, "path", { class: "axes" });
  const ticks = [0, 1].map(() => svg(root, "text", { class: "tick" }));
  const regions = perStrategy((strategy) => svg(root, "path", { class: `region ${strategy}` }));
  const original = arrow(root, "original");
  const arcs = perStrategy((strategy) => svg(root, "path", { class: `arc ${strategy}` }));
  const arrows = perStrategy((strategy) => arrow(root, strategy, widths[strategy]));
  const turns = perStrategy((strategy) => svg(root, "text", { class: `turn ${strategy}` }));
  const edges = perStrategy((strategy) => svg(root, "path", { class: "edge", "data-edge": strategy }));
  const factors = strategies
    .filter((strategy) => stage.view.strategies[strategy].partition !== "coordinates")
    .map((strategy) => [strategy, svg(root, "text", { class: `factor ${strategy}` })]);
  const title = svg(root, "text", { class: "title" });
  const label = svg(root, "text", { class: "label" });
  const tip = svg(root, "g", { class: "tip", tabindex: 0, role: "slider" });
  set(tip, { "aria-description": "The tip of the arrow: the arrow keys move it, with Shift faster" });
  svg(tip, "circle", { class: "reach", r: 22 });
  svg(tip, "circle", { class: "knob", r: 7 });

  let side = 0; // pixels
  let half = 1; // units of the gradient
  let inside = [0, 0]; // the tip, in pixels
  const outlines = {}; // of the regions that are shown
  const angles = {}; // where the numbers of the arcs stand, and what they are
  const scale = () => side / 2 / half;
  const here = (vector) => [vector[start], vector[start + 1]];
  const toPixels = (vector) => [vector[start] * scale(), -vector[start + 1] * scale()];
  const unitsAt = (event) => {
    const { x, y } = pointer(root, event);
    return [x / scale(), -y / scale()];
  };

  function move([x, y]) {
    const grain = (2 * half) / side;
    const gradient = [...stage.view.gradient];
    gradient[start] = snap(clamp(x, -half, half), grain);
    gradient[start + 1] = snap(clamp(y, -half, half), grain);
    stage.change({ gradient });
  }

  onDrag(stage, tip, (event) => {
    const from = here(stage.view.gradient);
    const grabbed = unitsAt(event);
    if (Math.max(...from.map(Math.abs)) <= half) {
      const offset = [from[0] - grabbed[0], from[1] - grabbed[1]];
      return (next) => {
        const [x, y] = unitsAt(next);
        move([x + offset[0], y + offset[1]]);
      };
    }
    // The tip lies outside: turn and stretch the arrow instead, so that it does not jump.
    const stretch = Math.hypot(...from) / Math.hypot(...grabbed);
    return (next) => {
      const gradient = [...stage.view.gradient];
      unitsAt(next).forEach((x, i) => (gradient[start + i] = snap(x * stretch, Math.hypot(...from) / 300)));
      stage.change({ gradient });
    };
  });

  tip.addEventListener("keydown", (event) => {
    const step = (event.shiftKey ? 0.1 : 0.01) * half;
    const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!by || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const gradient = [...stage.view.gradient];
    by.forEach((sign, i) => (gradient[start + i] = snap(gradient[start + i] + sign * step, step / 4)));
    stage.change({ gradient });
    stage.settle();
  });

  for (const edge of Object.values(edges))
    onDrag(stage, edge, (event) => {
      // Edges lie close together: the nearest one is meant, and it stays where it was grabbed.
      const gaps = stage.view.shown.map((strategy) => radiusOf(strategy) - reach(strategy, event));
      const nearest = gaps.reduce((best, gap, i) => (Math.abs(gap) < Math.abs(gaps[best]) ? i : best), 0);
      const strategy = stage.view.shown[nearest];
      return (next) => {
        const radius = Math.max(reach(strategy, next) + gaps[nearest], 1e-3 * half);
        stage.changeThreshold(thresholdByValue(strategy, stage.view, thresholdOfRadius(strategy, radius)));
      };
    });

  function reach(strategy, event) {
    const [x, y] = unitsAt(event).map(Math.abs);
    return isSquare(strategy) ? Math.max(x, y) : Math.hypot(x, y);
  }

  // Half the side of a square, or the radius of a disc: what the block's other numbers leave over.
  function radiusOf(strategy) {
    const { from, to, unit } = blocks[strategy];
    const { threshold, after } = stage.view.results[strategy];
    const limit = threshold * unit;
    if (isSquare(strategy)) return limit;
    let used = 0;
    for (let i = from; i < to; i++) if (i !== start && i !== start + 1) used += after[i] * after[i];
    return Math.sqrt(Math.max(limit * limit - used, 0));
  }

  // The other way round: the threshold whose region has this radius here.
  function thresholdOfRadius(strategy, radius) {
    const { from, to, unit } = blocks[strategy];
    if (isSquare(strategy)) return radius / unit;
    const { gradient, rule } = stage.view;
    const [mine, whole] = [Math.hypot(...here(gradient)), length(gradient, from, to)];
    const clipped = (radius * whole) / mine;
    if (mine && (clipped <= whole || rule === "normalize")) return clipped / unit;
    return Math.hypot(radius, Math.sqrt(Math.max(whole * whole - mine * mine, 0))) / unit;
  }

  function layout(pixels, newHalf) {
    if (pixels === side && newHalf === half) return;
    [side, half] = [pixels, newHalf];
    const edge = side / 2;
    set(root, { viewBox: `${-edge} ${-edge} ${side} ${side}`, width: side, height: side, "data-half": half });
    const step = tickStep(half);
    let lines = "";
    for (let k = step; k < half; k += step)
      for (const at of [k * scale(), -k * scale()]) lines += `M${at} ${-edge}V${edge}M${-edge} ${at}H${edge}`;
    set(grid, { d: lines });
    set(axes, { d: `M${-edge} 0H${edge}M0 ${-edge}V${edge}` });
    const last = Math.floor((half * 0.99) / step) * step;
    for (const [i, axisLabel] of ticks.entries()) {
      axisLabel.textContent = tick(last);
      set(axisLabel, i ? { x: 6, y: -last * scale() + 4 } : { x: last * scale(), y: 14, "text-anchor": "middle" });
    }
    set(title, { x: -edge + 10, y: -edge + 20 });
  }

  function draw(pixels, newHalf) {
    layout(pixels, newHalf);
    const { gradient, rule, results, shown } = stage.view;
    const px = toPixels(gradient);
    inside = clipToWindow(px, side / 2 - 14);
    drawArrow(original, px, inside === px ? 8 : 0);
    set(tip, { transform: `translate(${inside[0]} ${inside[1]})` });
    for (const [rank, strategy] of strategies.entries()) {
      const visible = shown.includes(strategy);
      for (const part of [regions, arcs]) show(part[strategy], visible);
      show(arrows[strategy].root, visible);
      if (!visible) continue;
      const after = toPixels(results[strategy].after);
      drawArrow(arrows[strategy], after, 0);
      outlines[strategy] = region(radiusOf(strategy) * scale(), isSquare(strategy));
      set(regions[strategy], { d: outlines[strategy] });
      regions[strategy].classList.toggle("hollow", rule === "normalize");
      angles[strategy] = drawArc(arcs[strategy], px, after, NEAREST + APART * rank);
    }
  }

  // What the eye can wait for: the words, and the edges, which are seen only by the pointer.
  function write() {
    const { gradient, results, shown } = stage.view;
    const before = here(gradient);
    const several = gradient.length > 2;
    set(tip, {
      "aria-label": several ? `Gradient, layer ${index + 1}` : "Gradient",
      "aria-valuemin": 0,
      "aria-valuemax": Math.max(Math.hypot(...before), 2 * half),
      "aria-valuenow": Math.hypot(...before),
      "aria-valuetext": `(${before.map(digits).join(", ")})`,
    });
    set(root, { "aria-label": several ? `Plane of layer ${index + 1}` : "Plane of the gradient" });
    setText(title, several ? `layer ${index + 1}` : "");
    placeLabel(before);
    for (const [k, [strategy, text]] of factors.entries()) {
      show(text, several && shown.includes(strategy));
      const kept = Math.hypot(...here(results[strategy].after)) / Math.hypot(...before);
      setText(text, Number.isNaN(kept) ? "" : `× ${digits(kept)}`);
      set(text, { x: side / 2 - 10, y: side / 2 - 10 - 16 * (factors.length - 1 - k) });
    }
    const square = strategies.find((strategy) => shown.includes(strategy) && isSquare(strategy));
    for (const strategy of strategies) {
      const visible = shown.includes(strategy);
      show(edges[strategy], visible);
      // Layers of one number each are clipped as by value: the number stands there once.
      const told = visible && angles[strategy] && (!isSquare(strategy) || strategy === square);
      show(turns[strategy], told);
      if (visible) set(edges[strategy], { d: outlines[strategy] });
      if (!told) continue;
      const { words, ...where } = angles[strategy];
      set(turns[strategy], where);
      setText(turns[strategy], words);
    }
  }

  // Beside the tip, on the side to which no strategy turns: on the other the arc has its number.
  function placeLabel(before) {
    const words = `(${before.map(digits).join(", ")})`;
    setText(label, words);
    const edge = side / 2;
    if (side < SMALL) return set(label, { x: -edge + 10, y: edge - 10, "text-anchor": "start" });
    const turning = strategies.find(isSquare);
    const [ux, uy] = here(turning ? stage.view.results[turning].after : stage.view.gradient);
    const [x, y] = inside;
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

  return { draw, write, root };
}

// Returns where the number beside the arc belongs, if there is one.
function drawArc(arc, from, to, distance) {
  const [a, b] = [Math.atan2(from[1], from[0]), Math.atan2(to[1], to[0])];
  const turn = Math.atan2(Math.sin(b - a), Math.cos(b - a));
  const visible = Math.abs(turn) > 0.009 && Math.hypot(...from) > 1 && Math.hypot(...to) > 1;
  show(arc, visible);
  if (!visible) return null;
  const radius = Math.max(Math.hypot(...to), 24) + distance;
  const at = (t, r = radius) => `${r * Math.cos(t)} ${r * Math.sin(t)}`;
  set(arc, { d: `M${at(a)}A${radius} ${radius} 0 0 ${turn > 0 ? 1 : 0} ${at(b)}` });
  // A narrow arc has no room for its number: it stands beyond the clipped arrow.
  const where = Math.abs(turn) > 0.3 ? a + turn / 2 : b + Math.sign(turn) * (24 / radius);
  const [x, y] = at(where, radius + (Math.abs(turn) > 0.3 ? 20 : 4)).split(" ");
  return { x, y: Number(y) + 4, "text-anchor": "middle", words: degrees(Math.abs(turn)) };
}

function region(radius, square) {
  const r = Math.min(radius, 1e5); // larger than any screen
  if (square) return `M${-r} ${-r}H${r}V${r}H${-r}Z`;
  return `M${r} 0A${r} ${r} 0 1 1 ${-r} 0A${r} ${r} 0 1 1 ${r} 0Z`;
}

function clipToWindow(point, edge) {
  const outside = Math.max(...point.map(Math.abs)) / edge;
  return outside > 1 ? point.map((x) => x / outside) : point;
}

function tickStep(half) {
  const decade = 10 ** Math.floor(Math.log10(half));
  return [0.5, 1, 2].map((step) => step * decade).find((step) => half / step <= 5) ?? 5 * decade;
}
