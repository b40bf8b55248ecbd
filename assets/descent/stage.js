// The live descent: every run is computed anew at every frame while the reader drags.

import { byName, clamp, set, setText, threeDigits } from "../live/draw.js";
import { createSync, receive } from "../live/sync.js";
import { digits, percent } from "../live/words.js";
import { createLandscape } from "./landscape.js";
import { shareClipped, trace } from "./runs.js";
import { QUANTITIES, createTrace } from "./traces.js";

const SPEECH_REST = 900; // ms without a change before the words are spoken
const STEPS_PER_DECADE = 100; // of a logarithmic slider
const RANGES = { threshold: [1e-3, 1e3], learning_rate: [1e-5, 10] };
const SPEEDS = [1, 4, 16]; // steps a frame
const CALM = 500; // ms between two pictures for those who asked for less motion
const NARROW = 640; // pixels; below, all stands in one column
const WIDE = 960; // from here on, one plane has the plots beside it
const CARDS = 232;
const TALLEST = 400;
const GAP = 12;

const stages = new WeakMap();

export default function (component) {
  const root = component.parentElement.querySelector(".descent");
  if (!stages.has(root)) stages.set(root, createStage(root, component.data));
  const stage = stages.get(root);
  receive(stage, component);
  return stage.stop; // called when the page goes, not at a rerun
}

function createStage(root, data) {
  const find = (name) => root.querySelector(`.${name}`);
  const [pictures, words, spoken, toggle, speed] = ["pictures", "words", "spoken", "toggle", "speed"].map(find);
  const sliders = { threshold: find("threshold"), learning_rate: find("rate"), step: find("step") };
  const cards = byName(Object.keys(data.names), (run) => createCard(find("readouts"), run));
  let planes = [];
  let evaluate = null;
  let source = "";
  let frame = 0;
  let turn = 0; // of what is drawn by turns while something is dragged
  let rooms = null; // widths in pixels
  let speaking = 0;
  let playing = 0;
  let computed = "";
  let given = ""; // what Python sent last, but for the step
  let ranges = {}; // of the sliders

  const stage = { view: data };
  const sync = createSync(stage, adopt, schedule);
  Object.assign(stage, sync, { accept, grab, stop });
  const plots = QUANTITIES.map((quantity) => createTrace(find("plots"), quantity, stage));

  // What else is changed while the steps play on comes first: playing ends there.
  function accept(sent, send) {
    const rest = JSON.stringify({ ...sent, step: 0, ack: 0 });
    if (playing && rest !== given) {
      still();
      sync.cancel();
    }
    given = rest;
    sync.accept(sent, send);
  }

  function adopt(sent) {
    ranges = {};
    stage.view = { ...sent, traces: {} };
    computed = "";
    if (sent.javascript !== source) {
      source = sent.javascript;
      evaluate = new Function(`return ${source}`)(); // written by the server from a checked formula
    }
    schedule();
  }

  function grab() {
    pause();
    sync.grab();
    root.classList.remove("untouched");
  }

  function stop() {
    still();
    sync.stop();
    clearTimeout(speaking);
    resize.disconnect();
  }

  function schedule() {
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      paint();
    });
  }

  function paint() {
    const { view } = stage;
    build();
    if (!rooms) measure();
    const room = rooms.root;
    if (!room) return;
    compute();
    const beside = room < NARROW ? 0 : CARDS;
    const side = Math.floor(Math.min((room - beside - GAP * (planes.length - 1)) / planes.length, TALLEST));
    for (const plane of planes) plane.draw(side);
    drawSliders();
    for (const run in cards) drawCard(cards[run], run);
    const wide = (rooms.plots ??= find("plots").clientWidth); // beside the planes, which have their size
    const columns = wide > 900 ? 4 : wide > 400 ? 2 : 1;
    const rest = [speak, ...plots.map((plot) => () => plot.draw(Math.floor((wide - 24 * (columns - 1)) / columns)))];
    // The paths follow the pointer at every frame, the rest by turns: all at once would be late.
    if (sync.isDragging()) rest[turn++ % rest.length]();
    else for (const draw of rest) draw();
    for (const plot of plots) plot.mark();
  }

  function measure() {
    const room = root.clientWidth;
    root.classList.add("drawn");
    root.classList.toggle("narrow", room < NARROW);
    root.classList.toggle("square", room >= WIDE && planes.length === 1);
    rooms = { root: room };
  }

  function compute() {
    const { view } = stage;
    const { start, threshold, learning_rate, rule, matching, runs, steps } = view;
    const key = JSON.stringify([start, threshold, learning_rate, rule, matching, runs, steps]);
    if (key === computed) return;
    computed = key;
    view.traces = Object.fromEntries(runs.map((run) => [run, trace(view, evaluate, run)]));
    view.lowestSeen = Math.min(...runs.map((run) => lowest(view.traces[run].heights)));
  }

  function build() {
    const count = stage.view.start.length / 2;
    if (planes.length === count) return;
    rooms = null;
    for (const plane of planes) plane.root.remove();
    planes = Array.from({ length: count }, (_, i) => createLandscape(pictures, i, stage));
  }

  function drawSliders() {
    for (const [name, slider] of Object.entries(sliders)) {
      const value = stage.view[name];
      const [low] = rangeOf(name);
      slider.max = name === "step" ? stage.view.steps : Math.round(STEPS_PER_DECADE * Math.log10(rangeOf(name)[1] / low));
      slider.value = name === "step" ? value : STEPS_PER_DECADE * Math.log10(value / low);
      const text = name === "step" ? `${value} of ${stage.view.steps}` : digits(value);
      set(slider, { "aria-valuetext": text });
      setText(slider.nextElementSibling, name === "step" ? value : text);
    }
  }

  function rangeOf(name) {
    const [low, high] = RANGES[name] ?? [0, 1];
    const value = stage.view[name];
    if (ranges[name] && sync.isDragging()) return ranges[name]; // the scale stays under the pointer
    const [least, most] = ranges[name] ?? [low, high];
    ranges[name] = [Math.min(least, 10 ** Math.floor(Math.log10(value))), Math.max(most, 10 ** Math.ceil(Math.log10(value)))];
    return ranges[name];
  }

  function drawCard({ root: card, name, loss, more }, run) {
    const { runs, traces, names, step, strategies } = stage.view;
    card.hidden = !runs.includes(run);
    if (card.hidden) return;
    const traced = traces[run];
    const now = Math.min(step, traced.taken);
    setText(name, names[run]);
    setText(loss, digits(traced.heights[now]));
    const lost = Number.isFinite(traced.heights[0]) ? "" : "has no finite loss at the start";
    const stopped = traced.taken < stage.view.steps ? `left the finite numbers at step ${traced.taken + 1}` : "";
    setText(more, lost || stopped || (strategies[run] ? `clipped in ${percent(shareClipped(traced))} of steps` : ""));
  }

  function speak() {
    const { runs, traces, names, steps, step, start } = stage.view;
    const at = runs.map((run) => `${names[run]} ${digits(traces[run].heights[Math.min(step, traces[run].taken)])}`);
    const end = runs.map((run) => `${names[run]} ${digits(traces[run].heights[traces[run].taken])}`);
    const from = `from (${start.map(digits).join(", ")}), the loss is`;
    const text = runs.length
      ? `${step < steps ? `At step ${step} ${from}: ${at.join("; ")}. After ${steps} steps` : `After ${steps} steps ${from}`}: ${end.join("; ")}.`
      : "No run is shown. Choose one to see where it goes.";
    if (text === words.textContent) return;
    words.textContent = text;
    clearTimeout(speaking);
    speaking = setTimeout(() => (spoken.textContent = text), SPEECH_REST);
  }

  // Playing is a drag of the step that goes on by itself.
  function play() {
    if (!playing) return;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const { step, steps } = stage.view;
    if (step >= steps) return pause();
    sync.change({ step: Math.min(step + (calm ? Math.ceil(steps / 20) : Number(speed.value)), steps) });
    playing = setTimeout(() => requestAnimationFrame(play), calm ? CALM : 0);
  }

  function still() {
    clearTimeout(playing);
    playing = 0;
    toggle.textContent = "Play";
  }

  function pause() {
    if (!playing) return;
    still();
    sync.release();
  }

  function stepBy(by) {
    pause();
    sync.change({ step: clamp(stage.view.step + by, 0, stage.view.steps) });
    sync.settle();
  }

  for (const [name, slider] of Object.entries(sliders)) {
    slider.addEventListener("pointerdown", (event) => event.button === 0 && grab());
    slider.addEventListener("pointerup", sync.release);
    slider.addEventListener("pointercancel", sync.cancel);
    slider.addEventListener("input", () => {
      const value = name === "step" ? Number(slider.value) : threeDigits(rangeOf(name)[0] * 10 ** (slider.value / STEPS_PER_DECADE));
      sync.change({ [name]: value });
    });
    slider.addEventListener("change", () => sync.isDragging() || sync.settle());
  }
  root.addEventListener("focusout", sync.leave);
  for (const each of SPEEDS) speed.add(new Option(`${each} a frame`, each));
  toggle.addEventListener("click", () => {
    if (playing) return pause();
    grab();
    if (stage.view.step >= stage.view.steps) sync.change({ step: 0 });
    toggle.textContent = "Pause";
    playing = 1; // until the first picture is asked for
    return play();
  });
  find("back").addEventListener("click", () => stepBy(-1));
  find("on").addEventListener("click", () => stepBy(1));
  const resize = new ResizeObserver(() => {
    rooms = null; // read only when they change: amid drawing, the page would be laid out anew
    schedule();
  });
  for (const element of [root, find("plots")]) resize.observe(element);
  return stage;
}

function lowest(heights) {
  let least = Infinity;
  for (const height of heights) if (height < least) least = height; // never NaN
  return least;
}

function createCard(parent, run) {
  const root = document.createElement("article");
  root.className = `card ${run}`;
  root.innerHTML = `
    <svg class="swatch" width="34" height="12" aria-hidden="true"><path class="curve ${run}" d="M0 6H34"/></svg>
    <h2 class="name"></h2>
    <p class="loss"></p><p class="unit">loss</p>
    <p class="more"></p>`;
  parent.append(root);
  const [name, loss, more] = ["name", "loss", "more"].map((part) => root.querySelector(`.${part}`));
  return { root, name, loss, more };
}
