// The clipping formula, in the browser. core/clipping.py, core/geometry.py and core/matching.py are
// its originals: the names are theirs, and tests hold the results equal.

const SAFE = 2 ** -1022 / Number.EPSILON; // below, squares that vanished may be missing in a sum

export function blocksOf(strategy, layers) {
  const n = layers.reduce((sum, size) => sum + size, 0);
  return { value: Array(n).fill(1), layer: layers, global: [n] }[strategy];
}

export function blockNorms(gradient, blocks) {
  const norms = new Array(blocks.length);
  let start = 0;
  for (let b = 0; b < blocks.length; b++) {
    const end = start + blocks[b];
    norms[b] = blocks[b] === 1 ? Math.abs(gradient[start]) : length(gradient, start, end);
    start = end;
  }
  return norms;
}

export function clip(gradient, blocks, threshold, rule) {
  const norms = blockNorms(gradient, blocks);
  const shortest = threshold / Math.max(threshold, ...norms); // the factor of the longest block
  const after = new Array(gradient.length);
  let i = 0;
  for (let b = 0; b < blocks.length; b++)
    for (const end = i + blocks[b]; i < end; i++) {
      const x = gradient[i];
      if (rule === "radial") after[i] = x * shortest;
      else if (rule === "normalize") after[i] = norms[b] === 0 ? 0 : (x / norms[b]) * threshold;
      else if (blocks[b] === 1) after[i] = Math.min(Math.max(x, -threshold), threshold);
      else after[i] = x * (threshold / Math.max(norms[b], threshold));
    }
  return after;
}

// Scaled by the largest entry where squares would overflow or vanish, like its original.
export function length(vector, start = 0, end = vector.length) {
  let squares = 0;
  let largest = 0;
  for (let i = start; i < end; i++) squares += vector[i] * vector[i];
  if (squares > SAFE && squares < Infinity) return Math.sqrt(squares);
  for (let i = start; i < end; i++) largest = Math.max(largest, Math.abs(vector[i]));
  if (!(largest > 0 && largest < Infinity)) return largest;
  squares = 0;
  for (let i = start; i < end; i++) squares += (vector[i] / largest) ** 2;
  return largest * Math.sqrt(squares);
}

export function angle(before, after) {
  const [u, v] = [unit(before), unit(after)];
  const [apart, together] = [new Array(u.length), new Array(u.length)];
  for (let i = 0; i < u.length; i++) {
    apart[i] = u[i] - v[i];
    together[i] = u[i] + v[i];
  }
  return 2 * Math.atan2(length(apart), length(together));
}

export function lengthKept(before, after) {
  return length(after) / length(before);
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
  if (source.length === target.length) return threshold; // the same blocks
  const shortened = clip(gradient, source, threshold, rule);
  const untouched = rule !== "normalize" && shortened.every((x, i) => x === gradient[i]);
  return thresholdForLength(gradient, target, untouched ? Infinity : length(shortened), rule) || threshold;
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
  let largest = 0;
  for (const x of vector) largest = Math.max(largest, Math.abs(x));
  const scaled = new Array(vector.length);
  for (let i = 0; i < scaled.length; i++) scaled[i] = vector[i] / largest;
  const norm = length(scaled);
  for (let i = 0; i < scaled.length; i++) scaled[i] /= norm;
  return scaled;
}
