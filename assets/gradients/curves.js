// One quantity against the threshold, of all strategies; a band says how it differs between steps.

import { createAxes } from "../live/axes.js";
import { byName, set, show, svg, toLine } from "../live/draw.js";
import { digits } from "../live/words.js";
import { QUANTITIES } from "./quantities.js";

export function createCurves(parent, name, stage) {
  const strategies = Object.keys(stage.view.names);
  const quantity = QUANTITIES[name];
  const several = stage.view.ground.several;
  const axes = createAxes(parent, several ? `${quantity.title} (median, band: 10 to 90% of steps)` : quantity.title, stage, stage.changeThreshold);
  const bands = byName(strategies, (s) => svg(axes.behind, "path", { class: `band ${s}` }));
  const lines = byName(strategies, (s) => svg(axes.lines, "path", { class: `curve ${s}` }));
  const dots = byName(strategies, (s) => svg(axes.marks, "circle", { class: `dot ${s}`, r: 5 }));
  let drawn = [];

  function layOut(pixels, tall) {
    const { thresholds, curves } = stage.view.ground;
    const { range } = stage.frozen;
    const all = Object.values(curves).flatMap((curve) => [...curve[name].middle, ...(curve[name].high ?? [])]);
    const span = quantity.span(Math.max(...all.filter(Number.isFinite), 0));
    axes.layOut([pixels, tall], range, span, quantity.ticks(span), quantity.brief);
    const at = (values) => thresholds.map((x, k) => [x, values[k]]).filter(([x, y]) => Number.isFinite(y) && range[0] <= x && x <= range[1]).map(([x, y]) => [axes.toX(x), axes.toY(y)]);
    for (const strategy of strategies) {
      const { middle, low, high } = curves[strategy]?.[name] ?? { middle: [] };
      set(lines[strategy], { d: toLine(at(middle)) });
      set(bands[strategy], { d: low ? toLine([...at(high), ...at(low).reverse()]) : "" });
    }
  }

  function draw(pixels, tall) {
    const { ground, threshold, shown, names, results } = stage.view;
    const wanted = [ground, pixels, tall, ...stage.frozen.range];
    if (wanted.some((each, k) => each !== drawn[k])) {
      drawn = wanted;
      layOut(pixels, tall);
    }
    axes.mark(threshold);
    for (const strategy of strategies) {
      const visible = shown.includes(strategy);
      for (const each of [lines, bands, dots]) show(each[strategy], visible);
      if (visible && Number.isFinite(results[strategy][name])) set(dots[strategy], { cx: axes.toX(threshold), cy: axes.toY(results[strategy][name]) });
    }
    const now = shown.map((s) => `${names[s]} ${quantity.write(results[s][name])}`);
    set(axes.root, { "aria-label": `${quantity.title} against the threshold. At ${digits(threshold)}: ${now.join(", ")}.` });
  }

  return { draw };
}
