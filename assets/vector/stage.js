// The live stage of one gradient: the strategies' arrows or bars, their readouts and curves.

import { angle, blockThresholds, clip, clippedFraction, lengthKept, signsKept, thresholdOf } from "../live/clip.js";
import { byName, halfWindow, thresholdRange } from "../live/draw.js";
import { keepWithinLimits } from "../live/limits.js";
import { createSlider, logarithmic } from "../live/slider.js";
import { live } from "../live/stage.js";
import { degrees, digits, percent } from "../live/words.js";
import { createBars } from "./bars.js";
import { createCurves, sampleThresholds } from "./curves.js";
import { createGuess } from "./guess.js";
import { createPlane } from "./plane.js";
import { createReadouts } from "./readouts.js";
import { sentence } from "./sentence.js";

const SAMPLES = 160; // of a curve
const SAMPLES_DRAGGING = 72; // while it has to follow the pointer
const ZOOM = 150; // ms in which the window takes another size, but never in fewer than three frames
const STEPS_PER_DECADE = 200; // of the slider: 1.2 % a step
const READOUTS = 17; // beside the planes, in heights of letters
const BELOW = 40; // pixels below them
const WIDE = 960; // pixels, with room for two plots beside a plane

const ANGLE = {
  name: "angle",
  title: "Angle turned",
  bounded: true,
  range: ({ worst }) => [0, Math.max(1.15 * Math.max(...Object.values(worst)), Math.PI / 18)],
  ticks: (_, ceiling) => [0, 1, 2, 3, 4].map((k) => (k * (ceiling > 0.55 ? 20 : 5) * Math.PI) / 180).filter((y) => y < ceiling),
  write: (y, exact) => (exact ? degrees(y) : `${Math.round((y * 180) / Math.PI)}°`),
};
const LOSS = {
  name: "loss",
  title: "Length lost",
  bounded: false,
  range: ({ rule }) => [rule === "normalize" ? -1 : 0, 1], // what got longer leaves the plot below
  ticks: (floor) => (floor < 0 ? [-1, -0.5, 0, 0.5, 1] : [0, 0.5, 1]),
  write: (y, exact) => (exact ? percent(y) : `${Math.round(100 * y)}%`),
};

export default live((stage) => {
  const strategies = Object.keys(stage.view.strategies);
  keepWithinLimits(stage);
  const readouts = createReadouts(stage.find("readouts"), strategies);
  const guess = createGuess(stage);
  const slider = createSlider(stage.find("slider"), stage);
  const plots = [ANGLE, LOSS].map((quantity) => createCurves(stage.find("plots"), quantity, stage));
  let zoom = { from: 0, to: 0, half: 0, share: 1, at: 0 };
  let curves = { key: "", range: null, value: null };

  function adopt(sent) {
    guess.adopt(sent);
    return { ...sent, results: stage.view.results }; // until they are measured anew
  }

  function structure() {
    return `${stage.view.picture} ${stage.view.layers}`;
  }

  function build(parent) {
    const { picture, gradient } = stage.view;
    zoom.half = zoom.to = 0;
    if (picture === "bars") return [createBars(parent, stage)];
    return Array.from({ length: gradient.length / 2 }, (_, i) => createPlane(parent, i, stage));
  }

  function compute() {
    stage.view.results = byName(strategies, (strategy) => readout(stage.view, strategy));
  }

  function freeze() {
    const { gradient, threshold, results, limits } = stage.view;
    const regions = strategies.map((strategy) => Math.max(...results[strategy].limits));
    const longest = strategies.map((strategy) => Math.max(...results[strategy].after.map(Math.abs)));
    return {
      half: halfWindow(Math.max(...gradient.map(Math.abs), ...longest), Math.max(...regions)),
      range: thresholdRange(gradient, threshold, limits),
    };
  }

  function draw() {
    const { view, parts, frozen } = stage;
    guess.draw();
    guess.drawRay(stage.side(READOUTS));
    if (view.picture === "bars") parts[0].draw(stage.room("pictures"), stage.isDragging());
    else {
      const [side, half] = [stage.side(READOUTS), windowHalf()];
      for (const part of parts) part.draw(side, half);
    }
    slider.draw(logarithmic(frozen.range, STEPS_PER_DECADE), digits(view.threshold));
    const texts = [...parts.map((part) => part.write), () => readouts.draw(view)];
    const key = curvesKey();
    // While the threshold moves, the curves stay and only their marks follow it.
    const still = curves.key === key;
    const lines = curveWorks(key);
    if (still) for (const work of lines) work();
    stage.byTurns(still ? texts : [...texts, ...lines], () => stage.speak(guess.speech(sentence)));
  }

  // The eye can follow the window as it grows and shrinks; under the pointer it stays as it is.
  function windowHalf() {
    if (stage.isDragging() && zoom.half) return (zoom.to = zoom.half);
    const now = performance.now();
    if (stage.frozen.half !== zoom.to) {
      const calm = !zoom.half || matchMedia("(prefers-reduced-motion: reduce)").matches;
      zoom = { from: zoom.half, to: stage.frozen.half, share: calm ? 1 : 0, at: now };
    }
    zoom.share = Math.min(zoom.share + Math.min((now - zoom.at) / ZOOM, 1 / 3), 1);
    zoom.at = now;
    zoom.half = zoom.share < 1 ? zoom.from * (zoom.to / zoom.from) ** zoom.share : zoom.to;
    if (zoom.half !== zoom.to) stage.paint();
    return zoom.half;
  }

  function curveWorks(key) {
    const room = stage.room("plots");
    if (!room) return [];
    const [width, height] = [room > 560 && !stage.isSquare() ? (room - 24) / 2 : room, stage.plotHeight(READOUTS)];
    return plots.map((plot) => () => {
      calculateCurves(key);
      plot.draw(width, height, curves.range, curves.value, key);
    });
  }

  function curvesKey() {
    const { gradient, layers, rule, matching, shown } = stage.view;
    return JSON.stringify([gradient, layers, rule, matching, shown, stage.frozen.range, stage.isDragging()]);
  }

  function calculateCurves(key) {
    const { range } = stage.frozen;
    if (curves.key !== key) curves = { key, range, value: byName(strategies, (s) => curve(stage.view, s, range, stage.isDragging())) };
  }

  return { adopt, structure, build, compute, freeze, draw, wide: WIDE, below: BELOW };
});

function resultAt(view, strategy, byValue) {
  const { gradient, rule, strategies } = view;
  const threshold = thresholdOf(strategy, view, gradient, byValue);
  const after = clip(gradient, strategies[strategy], threshold, rule);
  const kept = lengthKept(gradient, after);
  return { threshold, after, angle: angle(gradient, after), kept, loss: 1 - kept };
}

// What the readouts say beyond what the curves draw.
function readout(view, strategy) {
  const result = resultAt(view, strategy, view.threshold);
  const { gradient, strategies } = view;
  const limits = strategies[strategy].units.map((unit) => unit * result.threshold);
  return { ...result, limits, clipped: clippedFraction(gradient, result.after), signs: signsKept(gradient, result.after) };
}

// A curve has its corners where a block begins to be clipped.
function curve(view, strategy, range, dragging) {
  const corners = dragging ? [] : blockThresholds(view.gradient, view.strategies[strategy]);
  const thresholds = sampleThresholds(range, dragging ? SAMPLES_DRAGGING : SAMPLES, corners);
  const results = thresholds.map((threshold) => resultAt(view, strategy, threshold));
  return { thresholds, angle: results.map((result) => result.angle), loss: results.map((result) => result.loss) };
}
