// The live descent: every run is computed anew at every frame while the reader drags.

import { byName } from "../live/draw.js";
import { createSlider, logarithmic, whole } from "../live/slider.js";
import { live } from "../live/stage.js";
import { digits } from "../live/words.js";
import { createChoice } from "./choice.js";
import { createLandscape } from "./landscape.js";
import { createPlayer } from "./player.js";
import { createReadouts } from "./readouts.js";
import { traceAll } from "./runs.js";
import { sentence } from "./sentence.js";
import { QUANTITIES, createTrace } from "./traces.js";

const STEPS_PER_DECADE = 100; // of a logarithmic slider
const RANGES = { threshold: [1e-3, 1e3], learning_rate: [1e-5, 10] };
const READOUTS = 14.5; // beside the planes, in heights of letters
const BELOW = 110; // pixels below them
const WIDE = 1072; // pixels, with room for four plots beside a plane

export default live((stage) => {
  const slider = (name) => createSlider(stage.find(`slider[name="${name}"]`), stage);
  const scaled = byName(Object.keys(RANGES), slider);
  const stepper = slider("step");
  const readouts = createReadouts(stage.find("readouts"), Object.keys(stage.view.names));
  const plots = QUANTITIES.map((quantity) => createTrace(stage.find("plots"), quantity, stage));
  const player = createPlayer(stage.find("play"), stage);
  const choice = createChoice(stage);
  let [begun, toPlay] = [0, false]; // the number of the last playing that Python asked for
  let evaluate = null;
  let ground = null; // what lies under the paths
  let groundText = "";
  let computed = "";
  let traced = null; // the runs that were drawn last
  let ranges = RANGES; // of the sliders: as wide as the numbers need

  function adopt(sent) {
    choice.adopt(sent);
    toPlay = sent.play !== begun ? sent.play > 0 : toPlay;
    begun = sent.play;
    ranges = RANGES;
    computed = "";
    if (sent.ground !== groundText) {
      groundText = sent.ground;
      ground = JSON.parse(groundText);
      // Written by the server from a checked formula; a card has the function itself.
      evaluate = sent.evaluate ?? new Function(`return ${ground.javascript}`)();
    }
    return { ...sent, ...ground, traces: {} };
  }

  function structure() {
    return String(stage.view.layers);
  }

  function build(parent) {
    return stage.view.contours.map((_, i) => createLandscape(parent, i, stage));
  }

  function compute() {
    const { view } = stage;
    const { start, threshold, learning_rate, rule, matching, optimizer, runs, steps } = view;
    const key = JSON.stringify([start, threshold, learning_rate, rule, matching, optimizer, runs, steps]);
    if (key === computed) return;
    computed = key;
    view.traces = traceAll(view, evaluate);
    view.lowestSeen = Math.min(...runs.map((run) => lowest(view.traces[run].heights)));
  }

  function freeze() {
    ranges = byName(Object.keys(RANGES), (name) => {
      const [least, most] = ranges[name];
      const decade = Math.log10(stage.view[name]);
      return [Math.min(least, 10 ** Math.floor(decade)), Math.max(most, 10 ** Math.ceil(decade))];
    });
    return ranges;
  }

  function draw() {
    const { view, parts, frozen } = stage;
    const side = stage.side(READOUTS);
    choice.draw();
    if (toPlay && !choice.isAsking()) {
      toPlay = false;
      player.begin(0);
    }
    for (const part of parts) part.draw(side);
    const room = stage.room("plots");
    for (const name in scaled) scaled[name].draw(logarithmic(frozen[name], STEPS_PER_DECADE), digits(view[name]));
    stepper.draw(whole(view.steps), `${view.step} of ${view.steps}`, view.step);
    const columns = room > 900 && !stage.isSquare() ? 4 : room > 400 ? 2 : 1;
    const width = Math.floor((room - 24 * (columns - 1)) / columns);
    const drawn = room ? plots : [];
    const lines = drawn.map((plot) => () => plot.draw(width, stage.plotHeight(READOUTS)));
    const texts = parts.map((part) => part.write);
    // While only the step moves, the numbers are those of the step.
    if (view.traces === traced) readouts.draw(view);
    else texts.push(() => readouts.draw(view));
    traced = view.traces;
    stage.byTurns([...texts, ...lines], () => {
      for (const plot of drawn) plot.say();
      stage.speak(choice.speech(sentence));
    });
    for (const plot of drawn) plot.mark();
  }

  return { adopt, structure, build, compute, freeze, draw, wide: WIDE, below: BELOW };
});

function lowest(heights) {
  let least = Infinity;
  for (const height of heights) if (height < least) least = height; // never NaN
  return least;
}
