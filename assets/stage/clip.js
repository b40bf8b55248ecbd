// The clipping formula, in the browser. core/clipping.py, core/geometry.py and core/matching.py are
// its originals: the names are theirs, and tests hold the results equal.

export function blocksOf(strategy, layers) {
  const n = layers.reduce((sum, size) => sum + size, 0);
  return { value: Array(n).fill(1), layer: layers, global: [n] }[strategy];
}

export function blockNorms(gradient, blocks) {
  let start = 0;
  return blocks.map((size) => Math.hypot(...gradient.slice(start, (start += size))));
}

export function clip(gradient, blocks, threshold, rule) {
  const norms = blockNorms(gradient, blocks);
  const scales = norms.map((norm) => threshold / Math.max(norm, threshold));
  const shortest = Math.min(...scales);
  const shorten = {
    clip: (x, b) =>
      blocks[b] === 1 ? Math.min(Math.max(x, -threshold), threshold) : x * scales[b],
    radial: (x) => x * shortest,
    normalize: (x, b) => (norms[b] === 0 ? 0 : (x / norms[b]) * threshold),
  }[rule];
  const after = [];
  blocks.forEach((size, b) => {
    for (let i = 0; i < size; i++) after.push(shorten(gradient[after.length], b));
  });
  return after;
}

export function length(vector) {
  return Math.hypot(...vector);
}

export function angle(before, after) {
  const u = unit(before);
  const v = unit(after);
  const apart = length(u.map((x, i) => x - v[i]));
  const together = length(u.map((x, i) => x + v[i]));
  return 2 * Math.atan2(apart, together);
}

export function magnitudeLoss(before, after) {
  return 1 - length(after) / length(before);
}

export function clippedFraction(before, after) {
  return before.filter((x, i) => x !== after[i]).length / before.length;
}

export function signsKept(before, after) {
  return before.every((x, i) => Math.sign(x) === Math.sign(after[i]));
}

export function matchedThreshold(matching, gradient, threshold, source, target, rule) {
  if (matching === "same number") return threshold;
  if (matching === "same worst length") return threshold * Math.sqrt(source.length / target.length);
  const wanted = length(clip(gradient, source, threshold, rule));
  return thresholdForLength(gradient, target, wanted, rule) || threshold;
}

export function thresholdForLength(gradient, blocks, wanted, rule) {
  const norms = blockNorms(gradient, blocks);
  const longest = Math.max(...norms);
  const whole = length(norms);
  if (rule === "normalize") {
    const present = norms.filter((norm) => norm > 0).length;
    return present ? wanted / Math.sqrt(present) : 0;
  }
  if (!(wanted < whole)) return longest;
  const kept = wanted / whole;
  return (rule === "radial" ? kept : fit(norms.map((norm) => norm / longest), kept)) * longest;
}

function fit(norms, kept) {
  const squares = norms.map((norm) => norm * norm).sort((a, b) => a - b);
  const total = squares.reduce((sum, square) => sum + square, 0);
  let rest = kept * kept * total;
  for (let k = 0; k < squares.length - 1; k++) {
    const others = squares.length - k;
    if (others * squares[k] >= rest) return Math.sqrt(rest / others);
    rest -= squares[k];
  }
  return Math.sqrt(rest);
}

function unit(vector) {
  const largest = Math.max(...vector.map(Math.abs));
  const scaled = vector.map((x) => x / largest);
  const norm = length(scaled);
  return scaled.map((x) => x / norm);
}
