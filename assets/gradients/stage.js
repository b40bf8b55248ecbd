// The live stage of the reader's own norms and gradients, and a threshold to drag.

import { byName } from "../live/draw.js";
import { keepWithinLimits } from "../live/limits.js";
import { createSlider, logarithmic } from "../live/slider.js";
import { live } from "../live/stage.js";
import { digits } from "../live/words.js";
import { createCurves } from "./curves.js";
import { between, ofLog } from "./lookup.js";
import { createNorms } from "./norms.js";
import { createReadouts } from "./readouts.js";
import { sentence } from "./sentence.js";

const STEPS_PER_DECADE = 200; // of the slider: 1.2 % a step
const READOUTS = 17; // beside the picture, in heights of letters
const BELOW = 40; // pixels below it
const NEVER = 1e5; // pixels from which on plots stand beside the picture

export default live((stage) => {
  keepWithinLimits(stage);
  const slider = createSlider(stage.find("slider"), stage);
  let ground = null;
  let groundText = "";
  let plots = [];
  let readouts = null;

  function adopt(sent) {
    if (sent.ground !== groundText) {
      groundText = sent.ground;
      ground = JSON.parse(groundText);
    }
    return { ...sent, ground };
  }

  function structure() {
    return `${Boolean(ground.norms)} ${ground.quantities} ${ground.several} ${stage.view.shown}`;
  }

  function build(parent) {
    for (const place of ["plots", "readouts"]) stage.find(place).replaceChildren(); // of another file
    readouts = createReadouts(stage.find("readouts"), stage.view.shown);
    plots = ground.quantities.map((name) => createCurves(stage.find("plots"), name, stage));
    return ground.norms ? [createNorms(parent, stage)] : [];
  }

  function compute() {
    const { view } = stage;
    view.results = byName(view.shown, (strategy) => resultOf(view, strategy));
    view.worse = byName(ground.several ? view.shown : [], (strategy) => {
      const { high } = ground.curves[strategy].angle;
      return between(ground.thresholds, high, view.threshold);
    });
  }

  // Python says exactly what a threshold does that has come to rest.
  function resultOf({ threshold, now, ground }, strategy) {
    if (now?.threshold === threshold) return now.results[strategy];
    if (ground.sweep) return ofLog(ground.sweep, threshold);
    const curves = ground.curves[strategy];
    return byName(Object.keys(curves), (name) => between(ground.thresholds, curves[name].middle, threshold));
  }

  function freeze() {
    return { range: stage.view.ground.range };
  }

  function draw() {
    const { view, parts, frozen } = stage;
    for (const part of parts) part.draw(stage.room("pictures"));
    slider.draw(logarithmic(frozen.range, STEPS_PER_DECADE), digits(view.threshold));
    const room = stage.room("plots");
    const columns = Math.min(room > 900 ? 3 : room > 560 ? 2 : 1, plots.length);
    const width = Math.floor((room - 24 * (columns - 1)) / columns);
    const lines = room ? plots.map((plot) => () => plot.draw(width, stage.plotHeight(READOUTS))) : [];
    stage.byTurns([() => readouts.draw(view), ...lines], () => {
      for (const part of parts) part.say(view.says);
      stage.speak(sentence(view));
    });
  }

  return { adopt, structure, build, compute, freeze, draw, wide: NEVER, below: BELOW };
});
