// Before the answer is shown, the reader guesses how far a strategy turns the gradient.

import { set, setText, svg } from "../live/draw.js";
import { createQuestion } from "../live/question.js";
import { degrees } from "../live/words.js";

const FIRST = 45; // degrees: in the middle, which tells nothing
const CONTROLS = `
  <input class="slider" type="range" min="0" max="90" aria-label="Your guess" />
  <output class="output" aria-hidden="true"></output>
  <button type="button">Show</button>`;

export function createGuess(stage) {
  let guess = FIRST;
  let guessed = { strategy: "", picture: "" }; // what the answer was given to
  let ray = null;
  const picture = ({ gradient, threshold, rule, matching }) => JSON.stringify([gradient, threshold, rule, matching]);

  const question = createQuestion(stage, {
    about: ({ gradient }) => String(gradient),
    words(view) {
      if (!view.shown.length || view.gradient.every((x) => x === 0)) return "";
      const verb = { clip: "clipping", radial: "scaling", normalize: "normalizing" }[view.rule];
      return `How far does ${verb} ${view.names[asked(view)]} turn this gradient?`;
    },
    build(place, answer) {
      place.insertAdjacentHTML("beforeend", CONTROLS);
      const [slider, output, button] = ["input", "output", "button"].map((tag) => place.querySelector(tag));
      slider.value = guess;
      slider.addEventListener("input", () => {
        guess = Number(slider.value);
        stage.paint();
      });
      button.addEventListener("click", () => {
        guessed = { strategy: asked(stage.view), picture: picture(stage.view) };
        answer();
      });
      return () => {
        set(slider, { "aria-valuetext": `about ${guess}°` });
        setText(output, `about ${guess}°`);
      };
    },
    // Of another picture nobody has guessed anything.
    verdict: (view) => (guessed.picture === picture(view) ? `You guessed ${guess}°; it turns by ${degrees(view.results[guessed.strategy].angle)}.` : ""),
  });

  // The guess in the one plane: turned to the nearer diagonal. It stays beside the answer as long as
  // this is the one that was guessed.
  function drawRay(side) {
    const { view, parts } = stage;
    const seen = question.isAsking() || (view.ask && guessed.picture === picture(view));
    const plane = seen && parts.length === 1 && view.picture !== "bars" ? parts[0].root : null;
    if (ray && ray.parentNode !== plane) {
      ray.remove();
      ray = null;
    }
    if (!plane) return;
    ray ??= svg(plane, "path", { class: "ray" });
    const [x, y] = view.gradient;
    const toward = (Math.abs(x) > Math.abs(y)) === (x * y >= 0) ? 1 : -1;
    const turned = Math.atan2(y, x) + (toward * guess * Math.PI) / 180;
    set(ray, { d: `M0 0L${side * Math.cos(turned)} ${-side * Math.sin(turned)}` });
  }

  return { ...question, drawRay };
}

// What shortens the whole by one factor turns nothing: it is asked about where nothing else is shown.
function asked({ shown, strategies }) {
  return shown.find((strategy) => strategies[strategy].partition !== "whole") ?? shown[0];
}
