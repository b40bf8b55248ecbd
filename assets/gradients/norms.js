// The norms over a training, and beside them how they are distributed. The threshold is a line through
// both, which is dragged up and down; what lies above it is cut off.

import { clamp, onDrag, pointer, set, setText, svg, toLine } from "../live/draw.js";
import { digits, tick } from "../live/words.js";

const LEFT = 46;
const TOP = 26;
const BELOW = 24;
const HEIGHT = 330;
const BESIDE_FULL = 560; // what stands above and below it where it fills the screen
const GAP = 14; // between the norms and their distribution
const SIDE = 0.2; // of the width is for the distribution
const WIDEST = 150; // pixels of it
const LETTERS = 13; // pixels of a line of text
const CROSS = 3; // half the size of a mark
const DASHES = ["9 3", "3 2", "12 3 2 3", "1 3"]; // of the rules, which have no colors
let pictures = 0; // on this page: an id must be unique

export function createNorms(parent, stage) {
  const root = svg(parent, "svg", { class: "norms", role: "img" });
  const id = `above-${++pictures}`;
  const above = svg(svg(root, "clipPath", { id }), "rect", { x: 0, y: 0 });
  const grid = svg(root, "path", { class: "grid" });
  const quantiles = svg(root, "path", { class: "quantile" });
  const below = drawing(svg(root, "g"));
  const caught = drawing(svg(root, "g", { class: "caught global", "clip-path": `url(#${id})` }));
  const missing = svg(root, "path", { class: "missing" });
  const rules = DASHES.map((dash) => ({
    line: svg(root, "path", { class: "rule", "stroke-dasharray": dash }),
    sample: svg(root, "path", { class: "rule", "stroke-dasharray": dash }),
    name: svg(root, "text", { class: "label" }),
  }));
  const limit = svg(root, "path", { class: "limit global" });
  const texts = Array.from({ length: 16 }, () => svg(root, "text", { class: "tick" }));
  const titles = [svg(root, "text", { class: "title", x: 4, y: 14 }), svg(root, "text", { class: "title", y: 14 })];
  const label = svg(root, "text", { class: "label" });
  const field = svg(root, "rect", { class: "field", x: 0, y: 0 });
  let [width, height] = [0, HEIGHT];
  let [low, high] = [1, 10]; // of the norms that are drawn
  let middle = 0; // where the distribution begins
  let drawn = []; // what is laid out, so that moving the threshold does not do it again
  const toY = (norm) => {
    const share = Math.log(Math.max(norm, low) / low) / Math.log(high / low);
    return height - BELOW - clamp(share, 0, 1) * (height - BELOW - TOP);
  };

  onDrag(stage, field, (event) => {
    const move = (next) => {
      const share = (height - BELOW - pointer(root, next).y) / (height - BELOW - TOP);
      stage.changeThreshold(low * (high / low) ** clamp(share, 0, 1));
    };
    if (event.pointerType !== "touch") move(event); // a finger may be about to scroll the page
    return move;
  });

  function draw(pixels) {
    const { ground, threshold } = stage.view;
    height = stage.view.full ? Math.max(innerHeight - BESIDE_FULL, HEIGHT) : HEIGHT;
    const wanted = [ground, pixels, height];
    if (wanted.some((each, k) => each !== drawn[k])) {
      drawn = wanted;
      layOut(pixels, ground);
    }
    const y = toY(threshold);
    set(above, { width, height: Math.max(y, 0) });
    set(limit, { d: `M${LEFT} ${y}H${width}` });
    const beyond = threshold < low ? ", below" : threshold > high ? ", above" : "";
    setText(label, `threshold ${digits(threshold)}${beyond}`);
    set(label, { x: LEFT + 6, y: y < TOP + 18 ? y + 16 : y - 6 });
  }

  function layOut(pixels, { norms, rules: replayed }) {
    width = pixels;
    [low, high] = norms.range;
    const side = Math.min(SIDE * width, WIDEST);
    middle = width - side;
    set(root, { viewBox: `0 0 ${width} ${height}`, width, height });
    set(field, { width, height: height - BELOW });
    const [first, last] = norms.span;
    const toX = (at) => LEFT + (last > first ? (at - first) / (last - first) : 0.5) * (middle - GAP - LEFT);
    let free = 0;
    const write = (words, attributes) => {
      if (free === texts.length) return;
      setText(texts[free], words);
      set(texts[free++], attributes);
    };
    drawGrid(write);
    write(String(first), { x: LEFT, y: height - 7, "text-anchor": "start" });
    write(`${norms.unit} ${last}`, { x: middle - GAP, y: height - 7, "text-anchor": "end" });
    setText(titles[0], "Norm of the gradient (log scale)");
    setText(titles[1], side > 90 ? "How many" : "");
    set(titles[1], { x: middle });
    const points = norms.at.flatMap((at, k) => (norms.low[k] === norms.high[k] ? [[toX(at), toY(norms.high[k])]] : [[toX(at), toY(norms.low[k])], [toX(at), toY(norms.high[k])]]));
    const line = points.length === 1 ? `M${points[0][0] - CROSS} ${points[0][1]}h${2 * CROSS}` : toLine(points);
    const bars = barsOf(norms.shares, side);
    for (const each of [below, caught]) {
      set(each.line, { d: line });
      set(each.bars, { d: bars });
    }
    set(missing, { d: norms.notFinite.map((at) => cross(toX(at), TOP + CROSS)).join("") });
    let marks = "";
    let lowest = height; // where the last word stands: the next one has to be above it
    for (const [percent, norm] of norms.percentiles) {
      const y = toY(norm);
      marks += `M${middle} ${y}h${side}`;
      lowest = Math.min(y - 3, lowest - LETTERS);
      write(`${percent}%`, { x: width - 4, y: lowest, "text-anchor": "end" });
    }
    set(quantiles, { d: marks });
    for (; free < texts.length; free++) setText(texts[free], "");
    drawRules(replayed, toX);
  }

  function drawGrid(write) {
    const decades = Math.round(Math.log10(high / low));
    const every = Math.ceil(decades / 5);
    let d = "";
    for (let k = 0; k <= decades; k += every) {
      const norm = low * 10 ** k;
      d += `M${LEFT} ${toY(norm)}H${width}`;
      write(tick(norm), { x: LEFT - 6, y: toY(norm) + 4, "text-anchor": "end" });
    }
    set(grid, { d });
  }

  // One bar above the other, from the lowest norms on.
  function barsOf(shares, side) {
    const thick = (height - BELOW - TOP) / shares.length;
    const most = Math.max(...shares);
    return shares.map((share, k) => (share ? `M${middle} ${height - BELOW - k * thick}v${1 - thick}h${(share / most) * side}v${thick - 1}z` : "")).join("");
  }

  // Their names stand below each other, each beside a piece of its line.
  function drawRules(replayed, toX) {
    rules.forEach(({ line, sample, name }, k) => {
      const rule = replayed[k];
      const [x, y] = [middle - GAP - 8, TOP + 26 + 17 * k];
      set(line, { d: rule ? toLine(rule.at.map((at, i) => [toX(at), toY(rule.thresholds[i])])) : "" });
      setText(name, rule ? rule.name : "");
      set(name, { x, y, "text-anchor": "end" });
      set(sample, { d: rule ? `M${x - 7 * rule.name.length - 46} ${y - 4}h40` : "" });
    });
  }

  function say(words) {
    set(root, { "aria-label": words });
  }

  return { root, draw, say };
}

function drawing(parent) {
  return { bars: svg(parent, "path", { class: "bars" }), line: svg(parent, "path", { class: "line" }) };
}

function cross(x, y) {
  return `M${x - CROSS} ${y - CROSS}l${2 * CROSS} ${2 * CROSS}m0 ${-2 * CROSS}l${-2 * CROSS} ${2 * CROSS}`;
}
