// What is drawn against the threshold.

import { DEGREES, degrees, percent } from "../live/words.js";

const whole = (y) => `${Math.round(100 * y)}%`;
const SHARES = { span: () => [0, 1], ticks: () => [0, 0.5, 1], write: percent, brief: whole };

export const QUANTITIES = {
  share: { title: "Steps it acts on", ...SHARES },
  meanLoss: { title: "Length lost, mean of all steps", ...SHARES },
  angle: {
    title: "Angle turned",
    span: (largest) => [0, Math.max(1.15 * largest, Math.PI / 18)],
    ticks: ([, ceiling]) => [0, 1, 2, 3, 4].map((k) => (k * (ceiling > 0.55 ? 20 : 5)) / DEGREES).filter((y) => y < ceiling),
    write: degrees,
    brief: (y) => `${Math.round(y * DEGREES)}°`,
  },
  loss: { title: "Length lost", ...SHARES },
  clipped: { title: "Numbers changed", ...SHARES },
};
