// A slider for one number of what a stage shows.

import { set, setText, threeDigits } from "./draw.js";

// The input bears the name of the number, and its output stands after it.
export function createSlider(slider, stage) {
  const { name, nextElementSibling: output } = slider;
  let scale = null; // between numbers and positions, as it was drawn

  slider.addEventListener("pointerdown", (event) => event.button === 0 && stage.grab());
  slider.addEventListener("pointerup", () => stage.release());
  slider.addEventListener("pointercancel", () => stage.cancel());
  slider.addEventListener("input", () => stage.change({ [name]: scale.numberAt(Number(slider.value)) }));
  slider.addEventListener("change", () => stage.isDragging() || stage.settle());

  function draw(newScale, text, brief = text) {
    scale = newScale;
    slider.max = scale.last;
    slider.value = scale.positionOf(stage.view[name]);
    set(slider, { "aria-valuetext": text });
    setText(output, brief);
  }

  return { draw };
}

export function logarithmic([low, high], stepsPerDecade) {
  return {
    last: Math.round(stepsPerDecade * Math.log10(high / low)),
    positionOf: (number) => stepsPerDecade * Math.log10(number / low),
    numberAt: (position) => threeDigits(low * 10 ** (position / stepsPerDecade)),
  };
}

export function whole(last) {
  return { last, positionOf: (number) => number, numberAt: (position) => position };
}
