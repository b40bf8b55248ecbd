// What Python computed at many thresholds, read at one of them. Nothing is computed here but what lies
// between two thresholds of a curve.

// Of a log: its norms alone, clipped by global norm; see core/gradients/sweep.py. Every threshold of
// three digits within some decades is there; beyond them no norm is taken to lie.
export function ofLog({ decades: [first], counts, losses, total, longest }, threshold) {
  const [digits, power] = threshold.toExponential(2).split("e").map(Number);
  const place = 900 * (power - first) + Math.round(100 * digits) - 100;
  const at = Math.min(Math.max(place, 0), counts.length - 1);
  const share = counts[at] / total;
  // What is left of the length shrinks with the threshold.
  const meanLoss = place < 0 ? share - ((share - losses[0]) * threshold) / 10 ** first : losses[at];
  return { count: counts[at], share, meanLoss, worst: Math.max(0, 1 - threshold / longest) };
}

// Of a curve: the values at thresholds that rise, on a logarithmic axis.
export function between(thresholds, values, threshold) {
  let [low, high] = [0, thresholds.length - 1];
  if (threshold <= thresholds[low]) return values[low];
  if (threshold >= thresholds[high]) return values[high];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (thresholds[middle] <= threshold) low = middle;
    else high = middle;
  }
  const share = Math.log(threshold / thresholds[low]) / Math.log(thresholds[high] / thresholds[low]);
  return values[low] + share * (values[high] - values[low]);
}
