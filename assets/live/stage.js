// What every live stage does: it shows what Python sends, follows every drag at once, tells Python on
// release, and says in words what is seen, when that comes to rest.

import { clamp, set, setText } from "./draw.js";
import { createSync } from "./sync.js";

const REST = 120; // ms without a change until everything is drawn amid a drag
const NEAR = 40; // ms between pictures: where they are nearer, there is no time to draw everything
const LONGEST = 500; // ms until everything is drawn nevertheless
const SPEECH_REST = 700; // and before the words are spoken

// Pixels. Below NARROW everything stands in one column.
const NARROW = 640;
const TALLEST = 400; // side of a plane, where the screen is not large
const LARGEST = 720; // and where it is
const BESIDE_LARGE = 460; // what stands above and below a plane on the first screen
const GAP = 12; // between planes
const PLOT = 190; // height of a plot
const APART = 20; // between plots
// A frame below LOW, such as an embedded one, has to hold planes, numbers and a slider nevertheless.
const LOW = "(max-height: 600px)"; // the same is said in page.css of the pages
const NARROW_IF_LOW = 520;
const LEAST = 220; // side of a plane
const BESIDE_FULL = 190; // what stands above and below the planes that fill the screen

// Make the component whose stages are particular in what `create` returns for one of them:
// `adopt(data)`, the view that shows what Python sent;
// `structure()`, a text: while it is the same, the pictures are only drawn anew;
// `build(parent)`, the pictures, one beside the other;
// `compute()`, which measures what is drawn, at every frame;
// `freeze()`, the scales that stay as they are under the pointer; `draw()`, which leaves to `byTurns`
// of the stage what the eye can wait for; `wide`, the pixels from which on one plane has the plots
// beside it; and `below`, those of the controls below the planes.
export function live(create) {
  const stages = new WeakMap(); // by where they stand
  return (component) => {
    const root = component.parentElement.querySelector(".stage");
    if (!stages.has(root)) stages.set(root, createStage(root, component.data, create));
    const stage = stages.get(root);
    const { awaited, ...data } = component.data;
    stage.accept(data, (edit) => component.setTriggerValue("edit", edit));
    // The rest of the page may await the frame in which the stage is drawn.
    if (awaited) requestAnimationFrame(() => setTimeout(() => component.setTriggerValue("drawn", true)));
    return stage.stop; // called when the page goes, not at a rerun
  };
}

function createStage(root, data, create) {
  const find = (name) => root.querySelector(`.${name}`);
  const [pictures, plots, words, spoken] = ["pictures", "plots", "words", "spoken"].map(find);
  let frame = 0;
  let rooms = null; // widths in pixels, until one of them changes
  let [narrow, square, tallest, rem] = [false, false, TALLEST, 16];
  let structure = "";
  let speaking = 0;
  let turn = 0; // of what is drawn by turns
  let resting = 0;
  let [latest, complete] = [0, 0]; // when a picture was drawn, and when all of it was

  const stage = { view: data, frozen: null, parts: [], find, paint: schedule, room, side, plotHeight, isSquare, byTurns, speak };
  const sync = createSync(stage, adopt, schedule);
  Object.assign(stage, sync, { grab, stop });
  const own = create(stage);
  if (data.label) set(root, { role: "group", "aria-label": data.label });

  function adopt(sent) {
    stage.view = own.adopt(sent);
    schedule();
  }

  function grab() {
    sync.grab();
    complete = 0; // what is grabbed is shown at once
    root.classList.remove("untouched");
  }

  function stop() {
    sync.stop();
    clearTimeout(speaking);
    clearTimeout(resting);
    resize.disconnect();
    removeEventListener("resize", resized);
  }

  function resized() {
    rooms = null;
    schedule();
  }

  function schedule() {
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      paint();
    });
  }

  function paint() {
    fill();
    build();
    measure();
    if (!room("stage")) return;
    own.compute();
    if (!stage.isDragging() || !stage.frozen) stage.frozen = own.freeze();
    own.draw();
  }

  // What the eye can wait for: while pictures follow each other fast amid a drag, these works are done
  // by turns, since all at once would be late; else all of them, and `last`.
  function byTurns(works, last) {
    clearTimeout(resting);
    const now = performance.now();
    const hurries = sync.isDragging() && now - latest < NEAR && now - complete < LONGEST;
    latest = now;
    if (hurries) {
      works[turn++ % works.length]?.();
      clearTimeout(speaking); // what it says is no more
      resting = setTimeout(schedule, REST);
    } else {
      complete = now;
      for (const work of [...works, last]) work();
    }
  }

  function build() {
    const wanted = own.structure();
    if (wanted === structure) return;
    structure = wanted;
    rooms = null;
    for (const part of stage.parts) part.root.remove();
    stage.parts = own.build(pictures);
  }

  function measure() {
    if (rooms) return;
    rooms = {};
    root.classList.add("drawn");
    const low = matchMedia(LOW).matches;
    const { top } = root.getBoundingClientRect();
    narrow = room("stage") < (low ? NARROW_IF_LOW : NARROW);
    const large = clamp(innerHeight - BESIDE_LARGE, TALLEST, LARGEST);
    tallest = low ? clamp(innerHeight - Math.max(top, 0) - own.below, LEAST, TALLEST) : large;
    if (isFull()) tallest = Math.max(innerHeight - own.below - BESIDE_FULL, LEAST);
    rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    square = !low && room("stage") >= own.wide && stage.parts.length === 1 && stage.parts[0].root.matches(".plane");
    root.classList.toggle("low", low);
    root.classList.toggle("narrow", narrow);
    root.classList.toggle("small", Boolean(stage.view.small)); // beside a text: without plots
    root.classList.toggle("square", square);
  }

  // The width of a part. What stands beside the pictures has its own only after these are drawn.
  function room(name) {
    return (rooms[name] ??= (name === "stage" ? root : find(name)).clientWidth);
  }

  // The side of a plane, where so much beside the planes, in letters' heights, is for the readouts.
  function side(beside) {
    const rest = room("stage") - (narrow ? 0 : beside * rem);
    const most = square ? rest / 2 : tallest; // the plots need as much
    return Math.floor(Math.min((rest - GAP * (stage.parts.length - 1)) / stage.parts.length, tallest, most));
  }

  // The height of a plot: two of them are as high as a plane that they stand beside.
  function plotHeight(beside) {
    return square ? Math.max((side(beside) - APART) / 2, PLOT) : PLOT;
  }

  function isSquare() {
    return square;
  }

  function isFull() {
    return root.matches(":popover-open");
  }

  // The picture fills the screen, in the layer above all others.
  function fill() {
    const { full = false } = stage.view;
    if (full === isFull()) return;
    root.popover = "manual";
    root.togglePopover(full);
    rooms = null;
  }

  // Say what is seen, in pieces of text; a piece that names a strategy bears it.
  function speak(pieces) {
    const text = pieces.map((piece) => piece.text).join("");
    if (text !== words.textContent) words.replaceChildren(...pieces.map(wordsOf));
    clearTimeout(speaking);
    speaking = setTimeout(() => setText(spoken, text), SPEECH_REST);
  }

  function leaveFull() {
    stage.change({ full: false });
    stage.release();
  }

  find("leave").addEventListener("click", leaveFull);
  root.addEventListener("keydown", ({ key }) => key === "Escape" && isFull() && leaveFull());
  root.addEventListener("focusout", () => stage.leave());
  // Widths are read only when they change: to ask for one amid drawing would lay the page out anew.
  const resize = new ResizeObserver(resized);
  for (const element of [root, pictures, plots]) resize.observe(element);
  addEventListener("resize", resized);
  return stage;
}

function wordsOf({ text, strategy }) {
  if (!strategy) return text;
  const name = document.createElement("strong");
  name.className = strategy;
  name.textContent = text;
  return name;
}
