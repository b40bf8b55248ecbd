// The stage of one gradient as a card.

import { alone, attempt, eitherOf, oneOf, opened, pairsOf, positiveBy, readLink, someOf, textsOf } from "../live/alone.js";
import { blocksOf, worstAngle } from "../live/blocks.js";
import { byName } from "../live/draw.js";
import { notation, writeGradient, writeNumber } from "../live/notation.js";
import { default as stage } from "./stage.js";

// What `alone` asks for; `baked` is what Python made it of: see pages/widgets/vector/card.py.
export function card({ facts, inputs: usually, opens, names, strategies, limits, examples }) {
  const { readGradient, readPositive } = notation(facts);
  const inputs = opened(usually, opens);
  const { gradient: usual, layers: sizes } = inputs;
  const shown = readGradient(usual.default, sizes.default);

  function read(pairs) {
    const found = readLink(pairs, inputs, { threshold: positiveBy(readPositive), rule: oneOf, matching: oneOf, shown: someOf, picture: oneOf, ask: eitherOf });
    const [drawn, parted] = ["gradient", "layers"].map((key) => textsOf(pairs, key));
    if (!drawn.length) drawn.push(usual.default);
    if (!parted.length) parted.push(sizes.default);
    const say = (words) => found.notices.push(words);
    const layered = attempt(usual, drawn, (text) => readGradient(text, parted[parted.length - 1]), say, writeGradient(shown.gradient, shown.layers));
    Object.assign(found.values, layered ?? shown);
    return found;
  }

  function data(values) {
    const { layers, picture } = values;
    const blocks = byName(Object.keys(strategies), (name) => blocksOf(strategies[name], layers));
    return {
      ...values,
      threshold: Number(values.threshold),
      picture: isPlane(values) ? picture : "bars",
      names,
      strategies: blocks,
      worst: byName(Object.keys(blocks), (name) => worstAngle(blocks[name])),
      limits,
    };
  }

  function take(values, { gradient = values.gradient, threshold }) {
    return { ...values, gradient, threshold: threshold === undefined ? values.threshold : writeNumber(threshold) };
  }

  function write({ gradient, layers, ...others }, among = inputs) {
    return pairsOf({ gradient: writeGradient(gradient, layers), ...others }, among);
  }

  return { read, data, take, write, full: (values) => write(values, usually), examples, idle: (values) => (isPlane(values) ? [] : ["picture"]) };
}

// Arrows need one plane, or one for each of two layers.
function isPlane({ gradient, layers }) {
  return String(layers) === "2,2" || gradient.length === 2;
}

if (globalThis.document) alone(stage, card(JSON.parse(document.querySelector("#baked").textContent)));
