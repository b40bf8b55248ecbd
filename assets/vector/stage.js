// The live stage: shows what Python sends, follows every drag at once, and reports on release.

import { angle, blockThresholds, clip, clippedFraction, lengthKept, signsKept, thresholdOf } from "../live/clip.js";
import { createBars } from "./bars.js";
import { createCurves, sampleThresholds } from "./curves.js";
import { byName, clamp, halfWindow, set, setText, threeDigits, thresholdRange } from "../live/draw.js";
import { createPlane } from "./plane.js";
import { createReadouts } from "./readouts.js";
import { createSync, receive } from "../live/sync.js";
import { sentence } from "./sentence.js";
import { degrees, digits, percent } from "../live/words.js";

const SAMPLES = 160; // of a curve
const SAMPLES_DRAGGING = 72; // while it has to follow the pointer
const SPEECH_REST = 700; // ms without a change before the sentence is spoken
const ZOOM = 150; // ms in which the window takes another size, but never in fewer than three frames
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

const stages = new WeakMap();

export default function (component) {
  const root = component.parentElement.querySelector(".stage");
  if (!stages.has(root)) stages.set(root, createStage(root, component.data));
  const stage = stages.get(root);
  receive(stage, component);
  return stage.stop; // called when the page goes, not at a rerun
}

function createStage(root, data) {
  const find = (name) => root.querySelector(`.${name}`);
  const strategies = Object.keys(data.strategies);
  const [pictures, slider, output, words, spoken] = ["pictures", "slider", "output", "words", "spoken"].map(find);
  const readouts = createReadouts(find("readouts"), strategies);
  let parts = []; // planes or bars
  let structure = "";
  let frame = 0;
  let rooms = null; // widths in pixels, until one of them changes
  let frozen = null; // window and range while something is dragged
  let zoom = { from: 0, to: 0, half: 0, share: 1, at: 0 };
  let curves = { key: "", value: null };
  let speaking = 0;

  const stage = { view: data, changeThreshold, paint: schedule };
  const adopt = (sent) => {
    stage.view = { ...sent, results: stage.view.results }; // until they are measured anew
    schedule();
  };
  const sync = createSync(stage, adopt, schedule);
  Object.assign(stage, sync, { change, grab, stop });
  const plots = [ANGLE, LOSS].map((quantity) => createCurves(find("plots"), quantity, stage));

  // What is smaller or larger than what can be typed is brought to zero or to the largest number.
  function change(patch) {
    const [least, most] = stage.view.limits;
    const gradient = patch.gradient?.map((x) => (Math.abs(x) < least ? 0 : clamp(x, -most, most)));
    sync.change(gradient ? { ...patch, gradient } : patch);
  }

  function changeThreshold(threshold) {
    const [low, high] = frozen.range;
    if (Number.isFinite(threshold)) change({ threshold: threeDigits(clamp(threshold, low, high)) });
  }

  function grab() {
    sync.grab();
    root.classList.remove("untouched");
  }

  function stop() {
    sync.stop();
    clearTimeout(speaking);
    resize.disconnect();
  }

  function framing() {
    const { gradient, threshold, results, limits } = stage.view;
    const regions = strategies.map((strategy) => Math.max(...results[strategy].limits));
    const longest = strategies.map((strategy) => Math.max(...results[strategy].after.map(Math.abs)));
    return {
      half: halfWindow(Math.max(...gradient.map(Math.abs), ...longest), Math.max(...regions)),
      range: thresholdRange(gradient, threshold, limits),
    };
  }

  // The eye can follow the window as it grows and shrinks; under the pointer it stays as it is.
  function windowHalf(dragging) {
    if (dragging && zoom.half) return (zoom.to = zoom.half);
    const now = performance.now();
    if (frozen.half !== zoom.to) {
      const calm = !zoom.half || matchMedia("(prefers-reduced-motion: reduce)").matches;
      zoom = { from: zoom.half, to: frozen.half, share: calm ? 1 : 0, at: now };
    }
    zoom.share = Math.min(zoom.share + Math.min((now - zoom.at) / ZOOM, 1 / 3), 1);
    zoom.at = now;
    zoom.half = zoom.share < 1 ? zoom.from * (zoom.to / zoom.from) ** zoom.share : zoom.to;
    if (zoom.half !== zoom.to) schedule();
    return zoom.half;
  }

  function schedule() {
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      paint();
    });
  }

  function paint() {
    const { view } = stage;
    view.results = byName(strategies, (strategy) => readout(view, strategy));
    const dragging = sync.isDragging();
    if (!dragging || !frozen) frozen = framing();
    build();
    if (!rooms) measure();
    const room = rooms.root;
    if (!room) return;
    if (view.picture === "bars") parts[0].draw(rooms.pictures, dragging);
    else {
      const half = windowHalf(dragging);
      for (const part of parts) part.draw(planeSide(room), half);
    }
    rooms.plots ??= find("plots").clientWidth; // beside the pictures, which must have their size
    readouts.draw(view);
    drawSlider();
    drawCurves();
    speak();
  }

  function measure() {
    const room = root.clientWidth;
    root.classList.add("drawn");
    root.classList.toggle("narrow", room < NARROW);
    root.classList.toggle("square", room >= WIDE && parts.length === 1 && stage.view.picture !== "bars");
    rooms = { root: room, pictures: pictures.clientWidth };
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
    rooms = null;
    zoom.half = zoom.to = 0;
    for (const part of parts) part.root.remove();
    parts = picture === "bars" ? [createBars(pictures, stage)] : Array.from({ length: gradient.length / 2 }, (_, i) => createPlane(pictures, i, stage));
  }

  function drawSlider() {
    const { threshold } = stage.view;
    const [low, high] = frozen.range;
    slider.max = Math.round(STEPS_PER_DECADE * Math.log10(high / low));
    slider.value = STEPS_PER_DECADE * Math.log10(threshold / low);
    set(slider, { "aria-valuetext": digits(threshold) });
    setText(output, digits(threshold));
  }

  function drawCurves() {
    const { view } = stage;
    const { gradient, layers, rule, matching, shown } = view;
    const key = JSON.stringify([gradient, layers, rule, matching, shown, frozen.range, sync.isDragging()]);
    if (curves.key !== key) curves = { key, value: byName(strategies, (s) => curve(view, s, frozen.range, sync.isDragging())) };
    const room = rooms.plots;
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

  slider.addEventListener("pointerdown", (event) => event.button === 0 && grab());
  slider.addEventListener("pointerup", sync.release);
  slider.addEventListener("pointercancel", sync.cancel);
  root.addEventListener("focusout", sync.leave);
  slider.addEventListener("input", () => {
    change({ threshold: threeDigits(frozen.range[0] * 10 ** (slider.value / STEPS_PER_DECADE)) });
  });
  slider.addEventListener("change", () => sync.isDragging() || sync.settle());
  // Widths are read only when they change: to ask for one amid drawing would lay the page out anew.
  const resize = new ResizeObserver(() => {
    rooms = null;
    schedule();
  });
  for (const element of [root, pictures, find("plots")]) resize.observe(element);
  return stage;
}

function wordsOf({ text, strategy }) {
  if (!strategy) return text;
  const name = document.createElement("strong");
  name.className = strategy;
  name.textContent = text;
  return name;
}

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
