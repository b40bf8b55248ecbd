// The live stage of "Steepest in which norm?": the steps that two lengths prefer, and one to choose.

import { halfWindow, thresholdRange } from "../live/draw.js";
import { keepWithinLimits } from "../live/limits.js";
import { createSlider, logarithmic } from "../live/slider.js";
import { live } from "../live/stage.js";
import { digits } from "../live/words.js";
import { createBalls } from "./balls.js";
import { createChoice } from "./choice.js";
import { createReadouts } from "./readouts.js";
import { sentence } from "./sentence.js";
import { measure } from "./steps.js";

const STEPS_PER_DECADE = 200; // of the slider: 1.2 % a step
const READOUTS = 24; // beside the plane, in heights of letters
const BELOW = 90; // pixels below it

export default live((stage) => {
  keepWithinLimits(stage);
  const readouts = createReadouts(stage.find("readouts"), stage.view.balls);
  const slider = createSlider(stage.find("slider"), stage);
  const choice = createChoice(stage.find("choice"), stage, stage.view.kinds);

  function adopt(sent) {
    return { ...sent, results: stage.view.results }; // until they are measured anew
  }

  function structure() {
    return "plane";
  }

  function build(parent) {
    return [createBalls(parent, stage)];
  }

  function compute() {
    stage.view.results = measure(stage.view);
  }

  function freeze() {
    const { gradient, threshold, limits } = stage.view;
    const longest = Math.max(...gradient.map(Math.abs));
    return { half: halfWindow(longest, threshold), range: thresholdRange(gradient, threshold, limits) };
  }

  function draw() {
    const { view, parts, frozen } = stage;
    for (const part of parts) part.draw(stage.side(READOUTS), frozen.half);
    slider.draw(logarithmic(frozen.range, STEPS_PER_DECADE), digits(view.threshold));
    choice.draw();
    const texts = [...parts.map((part) => part.write), () => readouts.draw(view)];
    stage.byTurns(texts, () => stage.speak(sentence(view)));
  }

  return { adopt, structure, build, compute, freeze, draw, wide: Infinity, below: BELOW };
});
