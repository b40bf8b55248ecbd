// Angle and magnitude loss of every strategy against the threshold; dragging moves the threshold.

import { byName, set, show, svg, toLine } from "../live/draw.js";
import { createAxes } from "../live/axes.js";
import { degrees, digits } from "../live/words.js";

export function createCurves(parent, quantity, stage) {
  const strategies = Object.keys(stage.view.strategies);
  const axes = createAxes(parent, quantity.title, stage, (threshold) => stage.changeThreshold(threshold));
  const { root, toX, toY } = axes;
  const bounds = strategies.map((strategy) => ({
    strategy,
    line: svg(axes.behind, "path", { class: `bound ${strategy}` }),
    text: svg(axes.behind, "text", { class: `tick bound ${strategy}` }),
  }));
  const lines = byName(strategies, (s) => svg(axes.lines, "path", { class: `curve ${s}` }));
  const dots = byName(strategies, (s) => svg(axes.marks, "circle", { class: `dot ${s}`, r: 5 }));

  let drawn = ""; // what the lines show, so that moving the cursor does not redraw them
  let laidOut = ""; // what the axes and bounds show, which a drag seldom changes
  let floor = 0;

  function layOut(size, range) {
    const { shown, worst, rule } = stage.view;
    const span = quantity.range(stage.view);
    floor = span[0];
    axes.layOut(size, range, span, quantity.ticks(...span), quantity.write);
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
      set(bound.line, { d: `M${axes.left} ${y}H${axes.right()}` });
      bound.text.textContent = `worst for ${sizes.length} ${noun}: ${degrees(worst[bound.strategy])}`;
      set(bound.text, { x: axes.right(), y: y - 4, "text-anchor": "end" });
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
        layOut([pixels, tall], range);
      }
      for (const strategy of strategies) {
        const { thresholds, [quantity.name]: values } = curves[strategy];
        const inside = thresholds.map((x, i) => [x, values[i]]).filter(([, y]) => y >= floor - 1e-9);
        set(lines[strategy], { d: toLine(inside.map(([x, y]) => [toX(x), toY(y)])) });
      }
    }
    const { threshold, results, shown, names } = stage.view;
    axes.mark(threshold);
    for (const strategy of strategies) {
      const y = results[strategy][quantity.name];
      const visible = shown.includes(strategy);
      show(lines[strategy], visible);
      show(dots[strategy], visible && y >= floor - 1e-9);
      if (y >= floor - 1e-9) set(dots[strategy], { cx: toX(threshold), cy: toY(y) });
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
