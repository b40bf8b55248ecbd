// For every strategy: what the threshold does over the steps, in numbers.

import { createCards } from "../live/cards.js";
import { setText } from "../live/draw.js";
import { degrees, percent } from "../live/words.js";

const CARD = `
  <p class="share"></p><p class="unit"></p>
  <p class="more"></p>`;

export function createReadouts(parent, strategies) {
  const cards = createCards(parent, strategies, CARD);

  function draw({ shown, names, results, ground }) {
    for (const strategy of strategies) {
      const { root, name, share, unit, more } = cards[strategy];
      root.hidden = !shown.includes(strategy);
      if (root.hidden) continue;
      const [large, what, rest] = (ground.sweep ? ofLog : ofGradients)(results[strategy], ground);
      setText(name, names[strategy]);
      setText(share, large);
      setText(unit, what);
      setText(more, rest);
    }
  }

  return { draw };
}

function ofLog({ share, count, meanLoss, worst }, { sweep }) {
  const steps = `${count.toLocaleString("en")} of ${sweep.total.toLocaleString("en")}`;
  return [percent(share), "of the steps", `acts on ${steps}; takes ${percent(meanLoss)} of the length on average, ${percent(worst)} at worst`];
}

function ofGradients({ angle, loss, clipped, share }, { several }) {
  const acts = several ? `; acts on ${percent(share)} of the steps` : "";
  return [degrees(angle), several ? "turned, median" : "turned", `takes ${percent(loss)} of the length, changes ${percent(clipped)} of the numbers${acts}`];
}
