// Before the runs are shown, the reader says which one will end lowest.

import { createQuestion } from "../live/question.js";
import { digits } from "../live/words.js";

export function createChoice(stage) {
  let chosen = "";
  let offered = ""; // the runs that have a button

  return createQuestion(stage, {
    about: ({ ground, start, learning_rate, threshold, rule, matching, optimizer, steps, noise }) =>
      JSON.stringify([ground, start, learning_rate, threshold, rule, matching, optimizer, steps, noise]),
    words: ({ runs }) => (runs.length > 1 ? "Which run ends with the lowest loss?" : ""),
    build(place, answer) {
      const buttonOf = (run) => {
        const button = document.createElement("button");
        Object.assign(button, { type: "button", className: run, textContent: stage.view.names[run] });
        button.addEventListener("click", () => {
          chosen = run;
          answer();
        });
        return button;
      };
      return () => {
        const { runs } = stage.view;
        if (offered === String(runs)) return;
        offered = String(runs);
        for (const button of place.querySelectorAll("button")) button.remove();
        place.append(...runs.map(buttonOf));
      };
    },
    verdict: (view) => verdict(chosen, view),
  });
}

// What became of the choice: losses that agree in the digits that are shown end alike.
export function verdict(chosen, { runs, traces, names, steps }) {
  const you = `You chose ${names[chosen]};`;
  const loss = (run) => (traces[run].taken < steps ? Infinity : traces[run].heights[steps]);
  const least = Math.min(...runs.map(loss));
  if (!Number.isFinite(least)) return `${you} no run ends with a finite loss.`;
  const lowest = runs.filter((run) => digits(loss(run)) === digits(least)).map((run) => names[run]);
  if (lowest.length === 1) return `${you} the lowest is ${lowest[0]}, at ${digits(least)}.`;
  const last = lowest.pop();
  return `${you} ${lowest.join(", ")} and ${last} end alike, lowest at ${digits(least)}.`;
}
