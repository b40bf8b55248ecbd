// Angle and magnitude loss of every strategy against the threshold; dragging moves the threshold.

import { byName, clamp, onDrag, pointer, set, setText, show, svg, toLine } from "../live/draw.js";
import { degrees, digits, tick } from "../live/words.js";

const LEFT = 40;
const RIGHT = 12;
const TOP = 30;
const BELOW = 34;

export function createCurves(parent, quantity, stage) {
  const strategies = Object.keys(stage.view.strategies);
  const root = svg(parent, "svg", { class: "curves", role: "img" });
  const grid = svg(root, "path", { class: "grid" });
  const texts = Array.from({ length: 12 }, () => svg(root, "text", { class: "tick" }));
  const bounds = strategies.map((strategy) => ({
    strategy,
    line: svg(root, "path", { class: `bound ${strategy}` }),
    text: svg(root, "text", { class: `tick bound ${strategy}` }),
  }));
  const lines = byName(strategies, (s) => svg(root, "path", { class: `curve ${s}` }));
  const cursor = svg(root, "path", { class: "cursor" });
  const dots = byName(strategies, (s) => svg(root, "circle", { class: `dot ${s}`, r: 5 }));
  const title = svg(root, "text", { class: "title", x: 4, y: 14 });
  const field = svg(root, "rect", { class: "field", x: LEFT, y: 0 });
  title.textContent = quantity.title;

  let [width, height] = [0, 0];
  let drawn = ""; // what the lines show, so that moving the cursor does not redraw them
  let laidOut = ""; // what the axes and bounds show, which a drag seldom changes
  let [low, high] = [1, 10];
  let [floor, ceiling] = [0, 1];
  const toX = (threshold) => LEFT + (Math.log(threshold / low) / Math.log(high / low)) * (width - LEFT - RIGHT);
  const toY = (y) => (height - BELOW) - ((clamp(y, floor, ceiling) - floor) / (ceiling - floor)) * ((height - BELOW) - TOP);

  onDrag(stage, field, (event) => {
    const move = (next) => {
      const share = clamp((pointer(root, next).x - LEFT) / (width - LEFT - RIGHT), 0, 1);
      stage.changeThreshold(low * (high / low) ** share);
    };
    if (event.pointerType !== "touch") move(event); // a finger may be about to scroll the page
    return move;
  });

  function layout() {
    const { shown, worst, rule } = stage.view;
    set(root, { viewBox: `0 0 ${width} ${height}`, width, height });
    set(field, { width: width - LEFT - RIGHT, height });
    [floor, ceiling] = quantity.range(stage.view);
    let free = 0;
    const write = (words, attributes) => {
      setText(texts[free], words);
      set(texts[free++], attributes);
    };
    let d = "";
    for (const y of quantity.ticks(floor, ceiling)) {
      d += `M${LEFT} ${toY(y)}H${width - RIGHT}`;
      write(quantity.write(y), { x: LEFT - 6, y: toY(y) + 4, "text-anchor": "end" });
    }
    const decades = Math.round(Math.log10(high / low));
    const every = Math.ceil(decades / 4);
    for (let k = 0; k <= decades; k += every) {
      const x = toX(low * 10 ** k);
      write(tick(low * 10 ** k), { x, y: (height - BELOW) + 16, "text-anchor": k === 0 ? "start" : k === decades ? "end" : "middle" });
    }
    write("threshold (log scale)", { x: (LEFT + width - RIGHT) / 2, y: height - 2, "text-anchor": "middle" });
    for (; free < texts.length; free++) setText(texts[free], "");
    set(grid, { d });
    // Of equal bounds only the first is drawn; none holds for the one factor of radial.
    const clear = ({ strategy }) =>
      quantity.bounded && rule !== "radial" && worst[strategy] > 0 && shown.find((s) => worst[s] === worst[strategy]) === strategy;
    for (const bound of bounds) {
      show(bound.line, clear(bound));
      show(bound.text, clear(bound));
      if (!clear(bound)) continue;
      const y = toY(worst[bound.strategy]);
      const { partition, sizes } = stage.view.strategies[bound.strategy];
      const noun = partition === "coordinates" ? "numbers" : partition;
      set(bound.line, { d: `M${LEFT} ${y}H${width - RIGHT}` });
      bound.text.textContent = `worst for ${sizes.length} ${noun}: ${degrees(worst[bound.strategy])}`;
      set(bound.text, { x: width - RIGHT, y: y - 4, "text-anchor": "end" });
    }
  }

  function draw(pixels, tall, range, curves, key) {
    const size = `${pixels} ${tall}`;
    if (drawn !== `${size} ${key}`) {
      drawn = `${size} ${key}`;
      const { gradient, layers, shown, rule } = stage.view;
      const frame = JSON.stringify([size, range, gradient.length, layers, shown, rule]);
      if (laidOut !== frame) {
        laidOut = frame;
        [width, height] = [pixels, tall];
        [low, high] = range;
        layout();
      }
      for (const strategy of strategies) {
        const { thresholds, [quantity.name]: values } = curves[strategy];
        const inside = thresholds.map((x, i) => [x, values[i]]).filter(([, y]) => y >= floor - 1e-9);
        set(lines[strategy], { d: toLine(inside.map(([x, y]) => [toX(x), toY(y)])) });
      }
    }
    const { threshold, results, shown, names } = stage.view;
    const x = toX(threshold);
    set(cursor, { d: `M${x} ${TOP - 6}V${(height - BELOW)}` });
    for (const strategy of strategies) {
      const y = results[strategy][quantity.name];
      const visible = shown.includes(strategy);
      show(lines[strategy], visible);
      show(dots[strategy], visible && y >= floor - 1e-9);
      if (y >= floor - 1e-9) set(dots[strategy], { cx: x, cy: toY(y) });
    }
    const now = shown.map((s) => `${names[s]} ${quantity.write(results[s][quantity.name], true)}`);
    set(root, { "aria-label": `${quantity.title} against the threshold. At ${digits(threshold)}: ${now.join(", ")}.` });
  }

  return { draw, root };
}

export function sampleThresholds([low, high], samples, knots) {
  const even = Array.from({ length: samples + 1 }, (_, i) => low * (high / low) ** (i / samples));
  return [...even, ...knots.filter((knot) => knot > low && knot < high)].sort((a, b) => a - b);
}
