// The live stage: shows what Python sends, follows every drag at once, and reports on release.

import { angle, blockNorms, blocksOf, clip, clippedFraction, magnitudeLoss, matchedThreshold, signsKept } from "./clip.js";
import { createBars } from "./bars.js";
import { createCurves, sampleThresholds } from "./curves.js";
import { ORDER, clamp, halfWindow, set, threeDigits, thresholdRange } from "./draw.js";
import { createPlane } from "./plane.js";
import { createReadouts } from "./readouts.js";
import { degrees, digits, percent, sentence } from "./words.js";

const KEYS_REST = 250; // ms without a key before Python is told
const SPEECH_REST = 700; // ms without a change before the sentence is spoken
const STEPS_PER_DECADE = 200; // of the slider: 1.2 % a step

// Pixels. Below NARROW everything stands in one column; from WIDE on, one plane has the curves beside it.
const NARROW = 640;
const WIDE = 960;
const READOUTS = 272;
const TALLEST = 400;
const PLANE_GAP = 12;

const ANGLE = {
  name: "angle",
  title: "Angle turned",
  bounded: true,
  range: ({ worst }) => [0, Math.max(1.15 * worst.value, Math.PI / 18)],
  ticks: (_, ceiling) => [0, 1, 2, 3, 4].map((k) => (k * (ceiling > 0.55 ? 20 : 5) * Math.PI) / 180).filter((y) => y < ceiling),
  write: (y, exact) => (exact ? degrees(y) : `${Math.round((y * 180) / Math.PI)}°`),
};
const LOSS = {
  name: "loss",
  title: "Length lost",
  bounded: false,
  range: ({ rule }) => [rule === "normalize" ? -1 : 0, 1],
  ticks: (floor) => (floor < 0 ? [-1, -0.5, 0, 0.5, 1] : [0, 0.5, 1]),
  write: (y, exact) => (exact ? percent(y) : `${Math.round(100 * y)}%`),
};

const stages = new WeakMap();

export default function (component) {
  const { parentElement, data, setTriggerValue } = component;
  const root = parentElement.querySelector(".stage");
  if (!stages.has(root)) stages.set(root, createStage(root));
  const stage = stages.get(root);
  stage.tell = (edit) => setTriggerValue("edit", edit);
  stage.accept(data);
  return stage.leave; // called when the page goes, not at a rerun
}

function createStage(root) {
  const find = (name) => root.querySelector(`.${name}`);
  const [pictures, slider, output, words, spoken] = ["pictures", "slider", "output", "words", "spoken"].map(find);
  const readouts = createReadouts(find("readouts"));
  let parts = []; // planes or bars
  let structure = "";
  let dirty = {};
  let edits = 0;
  let frame = 0;
  let dragging = false;
  let frozen = null; // window and range while something is dragged
  let curves = { key: "", value: null };
  let resting = 0;
  let speaking = 0;

  const stage = { view: null, accept, change, changeThreshold, grab, release, settle, leave, paint: schedule, tell: () => {} };
  const plots = [ANGLE, LOSS].map((quantity) => createCurves(find("plots"), quantity, stage));

  function accept(data) {
    if (stage.view && data.ack < stage.view.ack) edits = data.ack; // a new session counts anew
    const stale = dragging || resting || data.ack < edits;
    const own = stale && stage.view ? { gradient: stage.view.gradient, threshold: stage.view.threshold } : {};
    if (own.gradient && own.gradient.length !== data.gradient.length) return;
    stage.view = { ...data, ...own };
    schedule();
  }

  function change(patch) {
    Object.assign(stage.view, patch);
    Object.assign(dirty, patch);
    schedule();
  }

  function changeThreshold(threshold) {
    const [low, high] = frozen.range;
    change({ threshold: threeDigits(clamp(threshold, low, high)) });
  }

  function grab() {
    dragging = true;
    root.classList.remove("untouched");
  }

  function release() {
    dragging = false;
    clearTimeout(resting);
    resting = 0;
    if (Object.keys(dirty).length) stage.tell({ n: ++edits, ...dirty });
    dirty = {};
    schedule();
  }

  function settle() {
    clearTimeout(resting);
    resting = setTimeout(release, KEYS_REST);
  }

  function leave() {
    clearTimeout(resting);
    clearTimeout(speaking);
    resize.disconnect();
  }

  function framing() {
    const { gradient, threshold, results } = stage.view;
    const regions = ORDER.map((strategy) => results[strategy].threshold);
    return {
      half: halfWindow(Math.max(...gradient.map(Math.abs)), Math.max(...regions)),
      range: thresholdRange(gradient, threshold),
    };
  }

  function schedule() {
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      paint();
    });
  }

  function paint() {
    const { view } = stage;
    view.results = Object.fromEntries(ORDER.map((strategy) => [strategy, resultAt(view, strategy, view.threshold)]));
    if (!dragging) frozen = framing();
    const room = root.clientWidth;
    if (!room) return;
    build();
    root.classList.toggle("narrow", room < NARROW);
    root.classList.toggle("square", room >= WIDE && parts.length === 1 && view.picture !== "bars");
    if (view.picture === "bars") parts[0].draw(pictures.clientWidth, dragging);
    else for (const part of parts) part.draw(planeSide(room), frozen.half);
    readouts.draw(view);
    drawSlider();
    drawCurves();
    speak();
  }

  function planeSide(room) {
    const beside = room < NARROW ? 0 : READOUTS;
    return Math.floor(Math.min((room - beside - PLANE_GAP * (parts.length - 1)) / parts.length, TALLEST));
  }

  function build() {
    const { picture, gradient, layers } = stage.view;
    const wanted = `${picture} ${layers}`;
    if (wanted === structure) return;
    structure = wanted;
    for (const part of parts) part.root.remove();
    parts = picture === "bars" ? [createBars(pictures, stage)] : Array.from({ length: gradient.length / 2 }, (_, i) => createPlane(pictures, i, stage));
  }

  function drawSlider() {
    const { threshold } = stage.view;
    const [low, high] = frozen.range;
    slider.max = Math.round(STEPS_PER_DECADE * Math.log10(high / low));
    slider.value = STEPS_PER_DECADE * Math.log10(threshold / low);
    set(slider, { "aria-valuetext": digits(threshold) });
    output.textContent = digits(threshold);
  }

  function drawCurves() {
    const { view } = stage;
    const { gradient, layers, rule, matching, shown } = view;
    const key = JSON.stringify([gradient, layers, rule, matching, shown, frozen.range]);
    if (curves.key !== key) curves = { key, value: Object.fromEntries(ORDER.map((s) => [s, curve(view, s, frozen.range)])) };
    const room = find("plots").clientWidth;
    const wide = room > 560 ? (room - 24) / 2 : room;
    for (const plot of plots) plot.draw(wide, frozen.range, curves.value, key);
  }

  function speak() {
    const pieces = sentence(stage.view);
    const text = pieces.map((piece) => piece.text).join("");
    if (text === words.textContent) return;
    words.replaceChildren(...pieces.map(wordsOf));
    clearTimeout(speaking);
    speaking = setTimeout(() => {
      spoken.textContent = text;
    }, SPEECH_REST);
  }

  slider.addEventListener("pointerdown", grab);
  slider.addEventListener("pointerup", release);
  slider.addEventListener("pointercancel", release);
  slider.addEventListener("input", () => {
    change({ threshold: threeDigits(frozen.range[0] * 10 ** (slider.value / STEPS_PER_DECADE)) });
  });
  slider.addEventListener("change", () => dragging || settle());
  const resize = new ResizeObserver(schedule);
  resize.observe(root);
  return stage;
}

function wordsOf({ text, strategy }) {
  if (!strategy) return text;
  const name = document.createElement("strong");
  name.className = strategy;
  name.textContent = text;
  return name;
}

function resultAt({ gradient, layers, rule, matching }, strategy, reference) {
  const blocks = blocksOf(strategy, layers);
  const threshold = matchedThreshold(matching, gradient, reference, blocksOf("value", layers), blocks, rule);
  const after = clip(gradient, blocks, threshold, rule);
  return {
    threshold,
    after,
    angle: angle(gradient, after),
    loss: magnitudeLoss(gradient, after),
    clipped: clippedFraction(gradient, after),
    signs: signsKept(gradient, after),
  };
}

function curve(view, strategy, range) {
  const thresholds = sampleThresholds(range, blockNorms(view.gradient, blocksOf(strategy, view.layers)));
  const results = thresholds.map((threshold) => resultAt(view, strategy, threshold));
  return { thresholds, angle: results.map((result) => result.angle), loss: results.map((result) => result.loss) };
}
