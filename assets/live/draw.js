// Drawing: SVG elements, arrows, the scale of a window, the range of an axis, dragging.

import { length } from "./clip.js";

const FARTHEST = 1e4; // pixels: beyond any screen, and not beyond what SVG draws
const HEAD = 10; // length of an arrow's head, in pixels
const LAST = Symbol("what was set last");

export function svg(parent, tag, attributes = {}) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  if (tag === "text") set(element, { "aria-hidden": true }); // the sentence says it better
  set(element, attributes);
  parent.append(element);
  return element;
}

// What is the same is not set again: each of these costs style, layout or paint at every frame, and
// to ask the document for it costs as well. What one of these three sets, nothing else may set.
export function set(element, attributes) {
  for (const name in attributes) {
    const value = String(attributes[name]);
    if (isNew(element, name, value)) element.setAttribute(name, value);
  }
}

export function show(element, visible) {
  if (isNew(element, show, Boolean(visible))) element.style.display = visible ? "" : "none";
}

export function setText(element, text) {
  if (isNew(element, setText, String(text))) element.textContent = text;
}

function isNew(element, what, value) {
  const last = (element[LAST] ??= new Map());
  if (last.get(what) === value) return false;
  last.set(what, value);
  return true;
}

export function byName(names, make) {
  return Object.fromEntries(names.map((name, rank) => [name, make(name, rank)]));
}

// A size for every strategy, evenly from the first to the last, so that lines upon each other all show.
export function graded(strategies, first, last) {
  const step = (last - first) / Math.max(strategies.length - 1, 1);
  return byName(strategies, (_, rank) => first + rank * step);
}

// A line through points of an SVG; tenths of a pixel are finer than any screen.
export function toLine(points) {
  let d = "";
  for (const [x, y] of points) d += `${d ? "L" : "M"}${Math.round(10 * x) / 10} ${Math.round(10 * y) / 10}`;
  return d;
}

export function arrow(parent, name, width = 2.5) {
  const root = svg(parent, "g", { class: `arrow ${name}` });
  return {
    root,
    shaft: svg(root, "path", { class: "shaft", "stroke-width": width }),
    head: svg(root, "path", { class: "head" }),
    width,
  };
}

export function drawArrow({ root, shaft, head, width }, vector, gap) {
  const shrink = Math.min(1, FARTHEST / Math.hypot(...vector));
  const [x, y] = vector.map((part) => part * shrink || 0);
  const long = Math.hypot(x, y);
  show(root, long > 0.5);
  if (long <= 0.5) return;
  const [ux, uy] = [x / long, y / long];
  const tip = Math.max(long - gap, 0);
  const back = Math.max(tip - Math.min(HEAD, long * 0.6), 0);
  const half = (tip - back) * (0.25 + 0.05 * width);
  set(shaft, { d: `M0 0L${ux * back} ${uy * back}` });
  set(head, {
    d: `M${ux * tip} ${uy * tip}L${ux * back - uy * half} ${uy * back + ux * half}L${ux * back + uy * half} ${uy * back - ux * half}Z`,
  });
}

// Half the side of the window: the gradient and the regions fit, unless one of them would vanish.
export function halfWindow(longest, region) {
  const far = Math.min(Math.max(longest, Math.min(region, 3 * longest)), 8 * region) || region;
  return roundUp(1.15 * far, [1, 1.5, 2, 3, 4, 5, 6, 8]);
}

export function roundUp(x, steps) {
  const decade = 10 ** Math.floor(Math.log10(x));
  return decade * (steps.find((step) => step * decade >= x * (1 - 1e-9)) ?? 10);
}

// The range of thresholds worth a look, in whole decades: from where all coordinates are clipped to
// where none is, with the present threshold well inside, within the limits of what can be typed.
export function thresholdRange(gradient, threshold, [least, most]) {
  const sizes = gradient.map(Math.abs).filter((size) => size > 0);
  const low = Math.log10(Math.min(...sizes, threshold / 2));
  const high = Math.log10(Math.max(length(gradient) * 1.1, threshold * 2));
  return [Math.max(10 ** Math.floor(low + 1e-9), least), Math.min(10 ** Math.ceil(high - 1e-9), most)];
}

// Round to a number that is short to write: `grain` is the size that a pixel has.
export function snap(x, grain) {
  const step = 10 ** Math.floor(Math.log10(grain));
  return Number((Math.round(x / step) * step).toPrecision(12));
}

export function threeDigits(x) {
  return Number(x.toPrecision(3));
}

export function clamp(x, low, high) {
  return Math.min(Math.max(x, low), high);
}

// Call begin(event) on pointer down; what it returns is called on every move until the release.
export function onDrag(stage, element, begin) {
  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    const move = begin(event);
    stage.grab();
    event.preventDefault();
    element.focus({ preventScroll: true });
    element.setPointerCapture(event.pointerId);
    const ends = { pointerup: stage.release, pointercancel: stage.cancel, lostpointercapture: stage.release };
    const stop = (last) => {
      if (last.pointerId !== event.pointerId) return;
      element.removeEventListener("pointermove", follow);
      for (const kind of Object.keys(ends)) element.removeEventListener(kind, stop);
      ends[last.type]();
    };
    const follow = (next) => next.pointerId === event.pointerId && move(next);
    element.addEventListener("pointermove", follow);
    for (const kind of Object.keys(ends)) element.addEventListener(kind, stop);
  });
}

// The position of a pointer in the pixels of an SVG element's own view box.
export function pointer(svgElement, event) {
  const point = new DOMPoint(event.clientX, event.clientY);
  return point.matrixTransform(svgElement.getScreenCTM().inverse());
}
