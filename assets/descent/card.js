// The stage of a descent as a card.

import { alone, attempt, eitherOf, oneOf, opened, pairsOf, positiveBy, readLink, someOf, textsOf, wholeOf } from "../live/alone.js";
import { blocksOf } from "../live/blocks.js";
import { byName } from "../live/draw.js";
import { Refusal, notation, writeGradient, writeNumber } from "../live/notation.js";
import { default as stage } from "./stage.js";

// What `alone` asks for; `baked` is what Python made it of: see pages/widgets/descent/card.py. Of every
// surface there are its `grounds` and, in `heights`, the function that gives its height and gradient.
export function card({ facts, inputs: usually, opens, names, strategies, grounds, grid, hold, beyond, beside, kept = {}, noise = null, examples = {} }, heights) {
  const { readGradient, readPositive } = notation(facts);
  const inputs = opened(usually, opens);
  const drawn = byName(Object.keys(grounds), (name) => {
    const { start, ...ground } = grounds[name]; // where the runs start is the reader's to say
    return JSON.stringify({ ...ground, contours: ground.contours.map((plane, k) => plane.map(unpack(ground.window.slice(2 * k)))) });
  });

  // Lines are packed as whole numbers: a point of a grid over the window, then the ways to the next ones.
  function unpack([[left, right], [bottom, top]]) {
    const points = (packed) => {
      const found = [];
      let [x, y] = [0, 0];
      for (let k = 0; k < packed.length; k += 2) {
        [x, y] = [x + packed[k], y + packed[k + 1]];
        found.push([left + (x / grid) * (right - left), bottom + (y / grid) * (top - bottom)]);
      }
      return found;
    };
    return ({ label, lines }) => ({ label, lines: lines.map(points) });
  }

  function read(pairs) {
    const positive = positiveBy(readPositive);
    const readers = { surface: oneOf, learning_rate: positive, threshold: positive, rule: oneOf, matching: oneOf, descent_optimizer: oneOf, runs: someOf, steps: wholeOf, step: wholeOf, ask: eitherOf, play: eitherOf };
    const found = readLink(pairs, inputs, readers);
    const { values, notices } = found;
    const say = (words) => notices.push(words);
    const set = { ...beyond, ...kept };
    const others = Object.keys(set).filter((key) => key !== "surface" && textsOf(pairs, key).some((text) => text !== set[key]));
    if (!grounds[values.surface]) {
      others.unshift("surface");
      values.surface = inputs.surface.default;
    }
    // What the full page alone can show goes along to it.
    values.aside = others.length ? pairs.filter(([key]) => beside.includes(key) || others.includes(key)) : [];
    values.step = Math.min(values.step, values.steps);
    values.start = inputs.start.default;
    const texts = textsOf(pairs, "start");
    if (texts.length) values.start = attempt(inputs.start, texts, (text) => readStart(text, values.surface), say, writeGradient(...home(values.surface))) ?? "";
    if (others.length) say(`A card cannot show what the link says of ${others.join(", ")}: the full page can.`);
    return found;
  }

  // As the page reads it: of a start in two planes, what belongs to the one that is shown.
  function readStart(text, surface) {
    if (!text.trim()) return "";
    const [own, layers] = home(surface);
    const { gradient, layers: groups } = readGradient(text);
    const numbers = String([gradient.length, own.length].sort()) === "2,4" ? [...gradient, ...own.slice(2)].slice(0, own.length) : gradient;
    const parted = numbers === gradient && groups.length > 1 && String(groups) !== String(layers);
    if (numbers.length !== own.length || parted)
      throw new Refusal(`The start needs ${own.length} numbers. Accepted: such as ${writeGradient(own, layers)}, or nothing.`);
    return writeGradient(numbers, layers);
  }

  function home(surface) {
    return [grounds[surface].start, grounds[surface].layers];
  }

  function data(values) {
    const { surface } = values;
    const { layers, start } = grounds[surface];
    return {
      ...values,
      ground: drawn[surface],
      evaluate: heights[surface],
      start: values.start ? readGradient(values.start).gradient : start,
      learning_rate: Number(values.learning_rate),
      threshold: Number(values.threshold),
      optimizer: values.descent_optimizer,
      play: Number(values.play),
      hold,
      noise,
      names,
      strategies: byName(Object.keys(strategies), (name) => blocksOf(strategies[name], layers)),
    };
  }

  function take(values, { start, layers, step = values.step, ...numbers }) {
    const written = byName(["threshold", "learning_rate"], (key) => (key in numbers ? writeNumber(numbers[key]) : values[key]));
    return { ...values, ...written, step, start: start ? writeGradient(start, layers) : values.start };
  }

  function write({ aside, step, ...values }, among = inputs) {
    const last = step === values.steps;
    return [...pairsOf({ ...values, step: last ? usually.step.default : step }, among), ...aside];
  }

  function full(values) {
    const { surface = values.surface, ...others } = kept;
    const pairs = [...write({ ...values, surface }, usually), ...Object.entries(others)];
    return [...new Map(pairs.filter(([key]) => key !== "runs")), ...pairs.filter(([key]) => key === "runs")]; // the last of each counts
  }

  return { read, data, take, write, full, examples, resets: { surface: { start: "" } } };
}

if (globalThis.document) alone(stage, card(JSON.parse(document.querySelector("#baked").textContent), HEIGHTS));
