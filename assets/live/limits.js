// What a reader's hand may set, on stages of a gradient and a threshold.

import { clamp, threeDigits } from "./draw.js";

// What is smaller or larger than what can be typed is brought to zero or to the largest number.
export function keepWithinLimits(stage) {
  const { change } = stage;

  function changeWithinLimits(patch) {
    const [least, most] = stage.view.limits;
    const gradient = patch.gradient?.map((x) => (Math.abs(x) < least ? 0 : clamp(x, -most, most)));
    change(gradient ? { ...patch, gradient } : patch);
  }

  function changeThreshold(threshold) {
    const [low, high] = stage.frozen.range;
    if (Number.isFinite(threshold)) stage.change({ threshold: threeDigits(clamp(threshold, low, high)) });
  }

  Object.assign(stage, { change: changeWithinLimits, changeThreshold });
}
