// Any number of coordinates as bars, grouped by layer; beside them the lengths that the norms limit.

import { blockNorms, length, thresholdByValue } from "../live/clip.js";
import { byName, clamp, halfWindow, onDrag, pointer, set, setText, show, snap, svg } from "../live/draw.js";
import { digits, tick } from "../live/words.js";

const HEIGHT = 340;
const TOP = 26;
const BOTTOM = HEIGHT - 26;
const LAYER_GAP = 0.8; // of a column
const REACH = 22; // pixels about the end of a bar, where it can be taken: for a finger, bars may be thin

export function createBars(parent, stage) {
  const root = svg(parent, "svg", { class: "bars", role: "group", "aria-label": "The gradient as bars" });
  const { gradient, layers, strategies } = stage.view;
  const names = Object.keys(strategies);
  const band = svg(root, "rect", { class: "chosen" });
  const numbers = createPanel(root, gradient.length, names);
  const lengths = createPanel(root, layers.length > 1 ? layers.length + 1 : 1, names);
  const zero = svg(root, "path", { class: "axes" });
  const limits = byName(names, (strategy) => svg(root, "path", { class: `limit ${strategy}` }));
  const edges = byName(names, (strategy) => svg(root, "path", { class: "edge upright", "data-edge": strategy }));
  const captions = [...layers, 0, 0, 0].map(() => svg(root, "text", { class: "tick", "text-anchor": "middle" }));
  const scales = [0, 1].map(() => svg(root, "text", { class: "tick" }));
  const cuts = svg(root, "path", { class: "cut" });
  const label = svg(root, "text", { class: "label", "text-anchor": "middle" });
  const reaches = gradient.map((_, i) => svg(root, "rect", { class: "reach", "data-bar": i }));
  const tip = svg(root, "circle", { class: "knob", r: 6, tabindex: 0, role: "slider" });
  set(tip, { "aria-description": "A bar: left and right choose another, up and down change it, with Shift faster" });

  const limitLines = {}; // as they are drawn
  let chosen = 0;
  let width = 0;
  let half = 1; // of the numbers' window
  let tall = 1; // of the lengths' window
  const middle = (TOP + BOTTOM) / 2;
  const perUnit = () => (BOTTOM - TOP) / 2 / half;
  const numberY = (x) => middle - clamp(x, -half, half) * perUnit();
  const tipY = (i) => clamp(numberY(stage.view.gradient[i]), TOP, BOTTOM);
  const lengthY = (x) => BOTTOM - (clamp(x, 0, tall) / tall) * (BOTTOM - TOP);

  function put(index, x) {
    const changed = [...stage.view.gradient];
    changed[index] = snap(x, Math.abs(x) > half ? Math.abs(x) / 300 : 1 / perUnit());
    stage.change({ gradient: changed });
  }

  // Reaches of thin bars lie over each other: of those about the pointer the nearest bar is meant.
  function nearest(event) {
    const { x, y } = pointer(root, event);
    const gaps = numbers.columns.map(({ middle: at }, i) => (Math.abs(tipY(i) - y) <= REACH ? Math.abs(at - x) : Infinity));
    return gaps.indexOf(Math.min(...gaps));
  }

  for (const reach of reaches)
    onDrag(stage, reach, (event) => {
      const i = nearest(event);
      chosen = i;
      stage.paint();
      const from = stage.view.gradient[i];
      const at = (each) => (middle - pointer(root, each).y) / perUnit();
      const grabbed = at(event);
      tip.focus({ preventScroll: true });
      // A bar that the window cuts off is stretched, so that it does not jump.
      if (Math.abs(from) > half) return (next) => put(i, (from * at(next)) / grabbed);
      return (next) => put(i, clamp(from + at(next) - grabbed, -half, half));
    });

  tip.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const aside = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const up = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!aside && !up) return;
    event.preventDefault();
    if (aside) {
      chosen = clamp(chosen + aside, 0, stage.view.gradient.length - 1);
      return stage.paint();
    }
    const step = (event.shiftKey ? 0.1 : 0.01) * half;
    const changed = [...stage.view.gradient];
    changed[chosen] = snap(changed[chosen] + up * step, step / 4);
    stage.change({ gradient: changed });
    stage.settle();
  });

  for (const strategy of names)
    onDrag(stage, edges[strategy], (event) => {
      const unit = unitAt(strategy, pointer(root, event).x);
      return (next) => {
        const { y } = pointer(root, next);
        const limit = limitsNumbers(strategy) ? Math.abs(middle - y) / perUnit() : ((BOTTOM - y) / (BOTTOM - TOP)) * tall;
        stage.changeThreshold(thresholdByValue(strategy, stage.view, Math.max(limit, 1e-3 * half) / unit));
      };
    });

  function limitsNumbers(strategy) {
    return strategies[strategy].partition === "coordinates";
  }

  // The columns whose lengths a strategy limits: one for each of its blocks.
  function columnsOf(strategy) {
    const { partition } = strategies[strategy];
    if (partition === "coordinates") return numbers.columns;
    return partition === "layers" && layers.length > 1 ? lengths.columns.slice(0, -1) : lengths.columns.slice(-1);
  }

  function unitAt(strategy, x) {
    const gaps = columnsOf(strategy).map((column) => Math.abs(column.middle - x));
    return strategies[strategy].units[gaps.indexOf(Math.min(...gaps))];
  }

  function layout(pixels) {
    width = pixels;
    set(root, { viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT });
    const side = Math.min(0.34 * width, 46 + 34 * lengths.columns.length);
    const columns = gradient.length + LAYER_GAP * (layers.length - 1);
    const unit = Math.min((width - side - 20) / columns, 96);
    let x = 10;
    let i = 0;
    layers.forEach((size, l) => {
      set(captions[l], { x: x + (size * unit) / 2, y: HEIGHT - 8 });
      captions[l].textContent = caption(`layer ${l + 1}`, l, size * unit);
      for (let k = 0; k < size; k++, i++, x += unit) numbers.place(i, x, unit);
      x += LAYER_GAP * unit;
    });
    numbers.end = x - LAYER_GAP * unit;
    lengths.begin = width - side + 24;
    const step = (side - 34) / lengths.columns.length;
    lengths.columns.forEach((_, l) => lengths.place(l, lengths.begin + l * step, step));
    const write = (text, words, x, y) => {
      text.textContent = words;
      set(text, { x, y });
    };
    const [left, right, all] = captions.slice(layers.length);
    write(left, "numbers", (numbers.end + 10) / 2, 14);
    write(right, "lengths", (lengths.begin + width - 10) / 2, 14);
    write(all, layers.length > 1 ? "all" : "", lengths.columns.at(-1).middle, HEIGHT - 8);
  }

  function caption(words, l, room) {
    if (layers.length < 2) return "";
    return room > 46 ? words : room > 14 ? String(l + 1) : "";
  }

  function draw(pixels, frozen) {
    const { gradient: g, results, shown } = stage.view;
    if (pixels !== width) layout(pixels);
    const norms = (vector) => [...(layers.length > 1 ? blockNorms(vector, { sizes: layers }) : []), length(vector)];
    const visible = names.filter((strategy) => shown.includes(strategy));
    if (!frozen) {
      const afters = visible.map((s) => results[s].after);
      const highest = (some) => Math.max(...some.flatMap((s) => results[s].limits));
      half = halfWindow(Math.max(...[g, ...afters].flat().map(Math.abs)), highest(names.filter(limitsNumbers)));
      const longest = Math.max(...[g, ...afters].map((vector) => length(vector)));
      tall = halfWindow(longest, highest(names.filter((s) => !limitsNumbers(s))));
    }
    numbers.draw(g, visible.map((s) => [s, results[s].after]), numberY, numberY(0));
    lengths.draw(norms(g), visible.map((s) => [s, norms(results[s].after)]), lengthY, BOTTOM);
    set(zero, { d: `M4 ${numberY(0)}H${numbers.end + 6}M${lengths.begin - 6} ${BOTTOM}H${width - 4}` });
    for (const strategy of names) drawLimit(strategy, shown.includes(strategy));
    drawTip(g);
  }

  // What the eye can wait for: the scales, and what only a screen reader or the pointer sees.
  function write() {
    const { gradient: g, shown } = stage.view;
    setText(scales[0], tick(half));
    set(scales[0], { x: 4, y: TOP - 10 });
    setText(scales[1], tick(tall));
    set(scales[1], { x: lengths.begin - 22, y: TOP - 10 });
    for (const strategy of names) {
      show(edges[strategy], shown.includes(strategy));
      set(edges[strategy], { d: limitLines[strategy] });
    }
    for (const [i, reach] of reaches.entries()) {
      const { x, width: wide } = numbers.columns[i];
      const aside = Math.max(REACH - wide / 2, 0);
      set(reach, { x: x - aside, width: wide + 2 * aside, y: tipY(i) - REACH, height: 2 * REACH });
    }
    set(tip, {
      "aria-label": `Number ${chosen + 1} of ${g.length}`,
      "aria-valuemin": Math.min(-half, g[chosen]),
      "aria-valuemax": Math.max(half, g[chosen]),
      "aria-valuenow": g[chosen],
      "aria-valuetext": digits(g[chosen]),
    });
  }

  function drawLimit(strategy, visible) {
    show(limits[strategy], visible);
    const own = stage.view.results[strategy].limits;
    let d = "";
    if (limitsNumbers(strategy)) {
      const [up, down] = [numberY(own[0]), numberY(-own[0])];
      if (own[0] <= half) d = `M4 ${up}H${numbers.end + 6}M4 ${down}H${numbers.end + 6}`;
    } else {
      // One line over neighbors of one limit, so that its dashes go on.
      let level = null;
      for (const [b, { x, width: wide }] of columnsOf(strategy).entries()) {
        if (own[b] !== level && own[b] <= tall) d += `M${x - 2} ${lengthY(own[b])}`;
        if (own[b] <= tall) d += `H${x + wide + 2}`;
        level = own[b];
      }
    }
    limitLines[strategy] = d;
    set(limits[strategy], { d });
  }

  function drawTip(g) {
    set(cuts, { d: numbers.columns.flatMap(({ x, width: wide }, i) => (Math.abs(g[i]) > half ? [`M${x} ${(g[i] > 0 ? TOP + 12 : BOTTOM - 12) + 3}l${wide} -6`] : [])).join("") });
    const column = numbers.columns[chosen];
    set(band, { x: column.x, width: column.width, y: TOP, height: BOTTOM - TOP });
    const y = numberY(g[chosen]);
    set(tip, { cx: column.middle, cy: y });
    setText(label, digits(g[chosen]));
    set(label, { x: clamp(column.middle, 24, width - 24), y: y + (g[chosen] < 0 ? 22 : -12) });
  }

  return { draw, write, root };
}

// Columns of one grey bar each, with a thin bar inside it for every strategy. All bars of a kind are
// one path: hundreds of rectangles would be styled one by one at every frame.
function createPanel(parent, count, names) {
  const columns = Array.from({ length: count }, () => ({}));
  const [grey, ...thin] = ["original", ...names].map((name) => svg(parent, "path", { class: `bar ${name}` }));

  function place(i, x, width) {
    Object.assign(columns[i], { x, width, middle: x + width / 2 });
  }

  function draw(before, afters, toY, base) {
    const bars = (vector, slot, slots, share) =>
      columns.map(({ x, width }, i) => {
        const room = (0.8 * width) / slots;
        const from = x + 0.1 * width + (slot + (1 - share) / 2) * room;
        return `M${from} ${base}V${toY(vector[i])}h${share * room}V${base}z`;
      });
    set(grey, { d: bars(before, 0, 1, 1).join("") });
    for (const [k, strategy] of names.entries()) {
      const slot = afters.findIndex(([each]) => each === strategy);
      show(thin[k], slot >= 0);
      if (slot >= 0) set(thin[k], { d: bars(afters[slot][1], slot, afters.length, 0.7).join("") });
    }
  }

  return { columns, place, draw, begin: 0, end: 0 };
}
