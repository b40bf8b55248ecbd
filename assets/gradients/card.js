// The stage of a report: the reader's own norms and gradients, kept as a page.

import { alone, opened, pairsOf, positiveBy, readLink } from "../live/alone.js";
import { notation, writeNumber } from "../live/notation.js";
import { default as stage } from "./stage.js";

// What `alone` asks for; `baked` is what Python made it of: see pages/widgets/gradients/keep.py.
export function card({ facts, inputs: usually, opens, told }) {
  const { readPositive } = notation(facts);
  const inputs = opened(usually, opens);

  function read(pairs) {
    return readLink(pairs, inputs, { threshold: positiveBy(readPositive) });
  }

  function data({ threshold }) {
    return { ...told, threshold: Number(threshold) };
  }

  function take(values, { threshold }) {
    return { threshold: threshold === undefined ? values.threshold : writeNumber(threshold) };
  }

  const write = (values) => pairsOf(values, inputs);
  return { read, data, take, write, full: write };
}

if (globalThis.document) alone(stage, card(JSON.parse(document.querySelector("#baked").textContent)));
