// One plane: the two coordinates of one layer as an arrow, the regions it may lie in, its clipped
// versions, the arcs between them.

import { arcOf, drawArc, writeTurn } from "../live/arc.js";
import { blockAt, length, thresholdByValue } from "../live/clip.js";
import { arrow, byName, drawArrow, graded, onDrag, set, setText, show, svg } from "../live/draw.js";
import { createGrid, region } from "../live/grid.js";
import { createTip } from "../live/tip.js";
import { digits } from "../live/words.js";

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
  const grid = createGrid(root);
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
  const tip = createTip(grid, stage, start);

  const outlines = {}; // of the regions that are shown
  const here = (vector) => [vector[start], vector[start + 1]];
  const toPixels = (vector) => grid.toPixels(here(vector));

  for (const edge of Object.values(edges))
    onDrag(stage, edge, (event) => {
      // Edges lie close together: the nearest one is meant, and it stays where it was grabbed.
      const gaps = stage.view.shown.map((strategy) => radiusOf(strategy) - reach(strategy, event));
      const nearest = gaps.reduce((best, gap, i) => (Math.abs(gap) < Math.abs(gaps[best]) ? i : best), 0);
      const strategy = stage.view.shown[nearest];
      return (next) => {
        const radius = Math.max(reach(strategy, next) + gaps[nearest], 1e-3 * grid.half);
        stage.changeThreshold(thresholdByValue(strategy, stage.view, thresholdOfRadius(strategy, radius)));
      };
    });

  function reach(strategy, event) {
    const [x, y] = grid.numbersAt(event).map(Math.abs);
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

  function draw(side, half) {
    grid.layout(side, half);
    set(title, { x: 10 - side / 2, y: 20 - side / 2 });
    const { gradient, rule, results, shown } = stage.view;
    const px = toPixels(gradient);
    const square = strategies.find((strategy) => shown.includes(strategy) && isSquare(strategy));
    const turning = strategies.find(isSquare); // the label stands where nothing turns to
    drawArrow(original, px, tip.draw(px, here(turning ? results[turning].after : gradient)));
    for (const [rank, strategy] of strategies.entries()) {
      const visible = shown.includes(strategy);
      show(regions[strategy], visible);
      show(arrows[strategy].root, visible);
      const after = toPixels(results[strategy].after);
      const turn = visible ? arcOf(px, after, NEAREST + APART * rank) : null;
      drawArc(arcs[strategy], turn);
      // Layers of one number each are clipped as by value: the number stands there once.
      writeTurn(turns[strategy], isSquare(strategy) && strategy !== square ? null : turn);
      if (!visible) continue;
      drawArrow(arrows[strategy], after, 0);
      outlines[strategy] = region(radiusOf(strategy) * grid.scale(), isSquare(strategy));
      set(regions[strategy], { d: outlines[strategy] });
      regions[strategy].classList.toggle("hollow", rule === "normalize");
    }
  }

  // What the eye can wait for: a factor, and what only a screen reader or the pointer sees.
  function write() {
    const { gradient, results, shown } = stage.view;
    const before = here(gradient);
    const several = gradient.length > 2;
    set(root, { "aria-label": several ? `Plane of layer ${index + 1}` : "Plane of the gradient" });
    setText(title, several ? `layer ${index + 1}` : "");
    tip.write(several ? `Gradient, layer ${index + 1}` : "Gradient");
    for (const [k, [strategy, text]] of factors.entries()) {
      show(text, several && shown.includes(strategy));
      const kept = Math.hypot(...here(results[strategy].after)) / Math.hypot(...before);
      setText(text, Number.isNaN(kept) ? "" : `× ${digits(kept)}`);
      set(text, { x: grid.side / 2 - 10, y: grid.side / 2 - 10 - 16 * (factors.length - 1 - k) });
    }
    for (const strategy of strategies) {
      show(edges[strategy], shown.includes(strategy));
      if (shown.includes(strategy)) set(edges[strategy], { d: outlines[strategy] });
    }
  }

  return { draw, write, root };
}
