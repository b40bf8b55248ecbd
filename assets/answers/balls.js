// One plane: the gradient, and in the ball of each length the step that lowers the linear model most.
//
// That model is a tilted plane. Its level lines lie across the gradient, so the best point of a ball
// is where the last of them touches it.

import { arcOf, drawArc, writeTurn } from "../live/arc.js";
import { arrow, byName, drawArrow, set, show, svg } from "../live/draw.js";
import { createGrid, region } from "../live/grid.js";
import { createTip } from "../live/tip.js";
import { THIRD } from "./steps.js";

const [WIDE, NARROW] = [5, 2]; // of the arrows: the third is seen upon the others
const BEYOND = 8; // pixels from the end of an arrow to its arc
const WITHIN = 0.6; // of the third arrow's length is its arc, to lie apart from that of the square
const ROOM = 64; // pixels from the edge to an arc, for its number
const FARTHEST = 1e4; // pixels: beyond any screen
const MARGIN = 44; // pixels from the edge to the middle of a word

export function createBalls(parent, stage) {
  const { balls, strategies } = stage.view;
  const perBall = (make) => byName(balls, make);
  const root = svg(parent, "svg", { class: "plane", role: "group", "aria-label": "Plane of the gradient" });
  const downhill = svg(root, "path", { class: "downhill" });
  const grid = createGrid(root);
  const level = svg(root, "path", { class: "level" });
  const regions = perBall((ball) => svg(root, "path", { class: `region ${ball}` }));
  const touching = perBall((ball) => svg(root, "path", { class: `touching ${ball}` }));
  const original = arrow(root, "original");
  const arcs = byName([...balls, THIRD], (name) => svg(root, "path", { class: `arc ${name}` }));
  const arrows = byName([...balls, THIRD], (name) => arrow(root, name, name === THIRD ? NARROW : WIDE));
  // Between the others there is no room for that of the third: its card says it.
  const turns = perBall((name) => svg(root, "text", { class: `turn ${name}` }));
  const sides = ["downhill", "uphill"].map((word) => {
    const side = svg(root, "text", { class: "side", "text-anchor": "middle" });
    side.textContent = word;
    return side;
  });
  const tip = createTip(grid, stage, 0);

  const isSquare = (ball) => strategies[ball].sizes.length > 1;
  const down = (vector) => grid.toPixels(vector.map((x) => -x)); // where a step leads

  function draw(side, half) {
    grid.layout(side, half);
    const { gradient, threshold, kind, results } = stage.view;
    const px = grid.toPixels(gradient);
    const turning = balls.find(isSquare);
    drawArrow(original, px, tip.draw(px, turning ? results[turning].step : gradient));
    const long = Math.hypot(...gradient);
    const ways = long ? down(gradient.map((x) => x / long / grid.scale())) : null; // one pixel downhill
    drawLevels(ways, (ball) => (results[ball].falls[ball] / long) * threshold * grid.scale());
    for (const ball of balls) set(regions[ball], { d: region(threshold * grid.scale(), isSquare(ball)) });
    for (const [name, { step }] of Object.entries(results)) {
      drawArrow(arrows[name], down(step), 0);
      // With its signs alone the third arrow is that of the square, and needs no arc of its own.
      const own = name !== THIRD || kind === "clipped";
      const turn = own ? arcOf(down(gradient), short(down(step), name), BEYOND) : null;
      drawArc(arcs[name], turn);
      if (turns[name]) writeTurn(turns[name], turn);
    }
  }

  // An arrow that ends where its arc may lie.
  function short(pixels, name) {
    const share = Math.min(name === THIRD ? WITHIN : 1, (grid.side / 2 - ROOM) / Math.hypot(...pixels));
    return pixels.map((x) => x * share);
  }

  // Downhill, and the lines across: through the middle, and where each ball ends downhill.
  function drawLevels(ways, reachOf) {
    for (const part of [downhill, level, ...sides, ...Object.values(touching)]) show(part, Boolean(ways));
    if (!ways) return;
    const [x, y] = ways;
    const across = (reach) => {
      const [cx, cy] = [x * Math.min(reach, FARTHEST), y * Math.min(reach, FARTHEST)];
      return `M${cx - y * FARTHEST} ${cy + x * FARTHEST}L${cx + y * FARTHEST} ${cy - x * FARTHEST}`;
    };
    set(level, { d: across(0) });
    set(downhill, { d: `${across(0)}l${x * FARTHEST} ${y * FARTHEST}l${-2 * y * FARTHEST} ${2 * x * FARTHEST}Z` });
    for (const ball of balls) set(touching[ball], { d: across(reachOf(ball)) });
    // Along the line through the middle, to its left or lower end, where no number of the grid is.
    const sign = x + y > 0 ? 1 : -1;
    const [ax, ay] = [-sign * y, sign * x];
    const far = (grid.side / 2 - MARGIN) / Math.max(Math.abs(ax), Math.abs(ay));
    const turned = (Math.atan2(ay, ax) * 180) / Math.PI;
    const upright = Math.abs(turned) > 90 ? turned - 180 : turned;
    for (const [i, side] of sides.entries()) {
      const away = i ? -14 : 14;
      set(side, { transform: `translate(${ax * far + x * away} ${ay * far + y * away}) rotate(${upright})`, dy: 4 });
    }
  }

  // What the eye can wait for.
  const write = () => tip.write("Gradient");

  return { draw, write, root };
}
