// Playing the steps: a drag of the step that goes on by itself.

import { clamp } from "../live/draw.js";

const SPEEDS = [1, 4, 16]; // steps a frame
const CALM = 500; // ms between two pictures for those who asked for less motion
const CALM_PICTURES = 20; // of a whole run

export function createPlayer(place, stage) {
  const [toggle, back, on, speed] = ["toggle", "back", "on", "speed"].map((name) => place.querySelector(`.${name}`));
  const { accept, grab, stop } = stage;
  let playing = 0;
  let given = ""; // what Python sent last, but for the step

  Object.assign(stage, {
    // What else is changed while the steps play on comes first: playing ends there.
    accept(data, send) {
      const rest = JSON.stringify({ ...data, step: 0, ack: 0 });
      if (playing && rest !== given) {
        still();
        stage.cancel();
      }
      given = rest;
      accept(data, send);
    },
    grab() {
      pause();
      grab();
    },
    stop() {
      still();
      stop();
    },
  });

  function play() {
    if (!playing) return;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const { step, steps } = stage.view;
    if (step >= steps) return pause();
    stage.change({ step: Math.min(step + (calm ? Math.ceil(steps / CALM_PICTURES) : Number(speed.value)), steps) });
    playing = setTimeout(() => requestAnimationFrame(play), calm ? CALM : 0);
  }

  function begin(step) {
    stage.grab();
    if (step !== stage.view.step) stage.change({ step });
    toggle.textContent = "Pause";
    playing = 1; // until the first picture is asked for
    play();
  }

  function still() {
    clearTimeout(playing);
    playing = 0;
    toggle.textContent = "Play";
  }

  function pause() {
    if (!playing) return;
    still();
    stage.release();
  }

  function stepBy(by) {
    pause();
    stage.change({ step: clamp(stage.view.step + by, 0, stage.view.steps) });
    stage.settle();
  }

  for (const each of SPEEDS) speed.add(new Option(`${each} a frame`, each));
  toggle.addEventListener("click", () => {
    if (playing) return pause();
    const { step, steps } = stage.view;
    return begin(step < steps ? step : 0);
  });
  back.addEventListener("click", () => stepBy(-1));
  on.addEventListener("click", () => stepBy(1));
  return { begin };
}
