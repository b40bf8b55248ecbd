// For every strategy: what the threshold does over the steps, in numbers.

import { createCards } from "../live/cards.js";
import { setText } from "../live/draw.js";
import { degrees, percent } from "../live/words.js";

const CARD = `
  <p class="share"></p><p class="unit"></p>
  <p class="more"></p>`;

export function createReadouts(parent, strategies) {
  const cards = createCards(parent, strategies, CARD);

  function draw({ shown, names, results, worse, ground }) {
    for (const strategy of strategies) {
      const { root, name, share, unit, more } = cards[strategy];
      root.hidden = !shown.includes(strategy);
      if (root.hidden) continue;
      const [large, what, rest] = ground.sweep ? ofLog(results[strategy], ground) : ofGradients(results[strategy], worse[strategy]);
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
  return [brief(share), "of the steps", `acts on ${steps}; takes ${percent(meanLoss)} of the length on average, ${percent(worst)} at worst`];
}

// Of several steps the medians; `worse` is the angle that nine of ten do not exceed.
function ofGradients({ angle, loss, clipped, share }, worse) {
  const takes = `takes ${percent(loss)} of the length, changes ${percent(clipped)} of the numbers`;
  if (worse === undefined) return [degrees(angle), "turned", takes];
  return [degrees(angle), `median; 90%: ${degrees(worse)}`, `${takes}; acts on ${percent(share)} of the steps`];
}

// So short that it stands in one line, in large letters.
function brief(share) {
  return percent(share).replace("less than ", "<").replace("more than ", ">");
}
