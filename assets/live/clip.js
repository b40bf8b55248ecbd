// The clipping formula, in the browser. core/clipping.py, core/geometry.py and core/matching.py are
// its originals: the names are theirs, and tests hold the results equal.
//
// Blocks are what Python sends for a strategy: the `sizes` of its blocks, and for each the number of
// thresholds, its `units`, that it may be long.

const SAFE = 2 ** -1022 / Number.EPSILON; // below, squares that vanished may be missing in a sum
const REFERENCE = "value"; // whose threshold the reader sets; the others are matched to it

export function blockNorms(gradient, { sizes }) {
  const norms = new Array(sizes.length);
  let start = 0;
  for (let b = 0; b < sizes.length; b++) {
    const end = start + sizes[b];
    norms[b] = sizes[b] === 1 ? Math.abs(gradient[start]) : length(gradient, start, end);
    start = end;
  }
  return norms;
}

// The block that a coordinate lies in: its first coordinate, the first beyond it, and its unit.
export function blockAt(coordinate, { sizes, units }) {
  let [b, to] = [0, sizes[0]];
  while (to <= coordinate) to += sizes[++b];
  return { from: to - sizes[b], to, unit: units[b] };
}

// The thresholds from which on the blocks pass as they are.
export function blockThresholds(gradient, blocks) {
  return blockNorms(gradient, blocks).map((norm, b) => norm / blocks.units[b]);
}

export function clip(gradient, blocks, threshold, rule) {
  const { sizes, units } = blocks;
  const norms = blockNorms(gradient, blocks);
  let shortest = 1; // the factor of the block that is the longest for its limit
  if (rule === "radial")
    for (let b = 0; b < sizes.length; b++) {
      const limit = threshold * units[b];
      shortest = Math.min(shortest, limit / Math.max(norms[b], limit));
    }
  const after = new Array(gradient.length);
  let i = 0;
  for (let b = 0; b < sizes.length; b++) {
    const limit = threshold * units[b];
    for (const end = i + sizes[b]; i < end; i++) {
      const x = gradient[i];
      if (rule === "radial") after[i] = x * shortest;
      else if (rule === "normalize") after[i] = norms[b] === 0 ? 0 : (x / norms[b]) * limit;
      else if (sizes[b] === 1) after[i] = Math.min(Math.max(x, -limit), limit);
      else after[i] = x * (limit / Math.max(norms[b], limit));
    }
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
  const [u, v] = [direction(before), direction(after)];
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

// The threshold of a strategy in a view, which holds that of clip by value.
export function thresholdOf(strategy, view, gradient = view.gradient, byValue = view.threshold) {
  const { strategies, rule, matching } = view;
  return matchedThreshold(matching, gradient, byValue, strategies[REFERENCE], strategies[strategy], rule);
}

// The other way round: the threshold of clip by value that gives a strategy this one of its own.
export function thresholdByValue(strategy, view, own) {
  const { strategies, rule, matching, gradient } = view;
  return matchedThreshold(matching, gradient, own, strategies[strategy], strategies[REFERENCE], rule);
}

export function matchedThreshold(matching, gradient, threshold, source, target, rule) {
  if (matching === "same number" || alike(source, target)) return threshold;
  if (matching === "same worst length") return threshold * Math.sqrt(sumOfSquares(source.units) / sumOfSquares(target.units));
  const shortened = clip(gradient, source, threshold, rule);
  const untouched = rule !== "normalize" && shortened.every((x, i) => x === gradient[i]);
  return thresholdForLength(gradient, target, untouched ? Infinity : length(shortened), rule) || threshold;
}

export function thresholdForLength(gradient, blocks, wanted, rule) {
  const { units } = blocks;
  const norms = blockNorms(gradient, blocks);
  if (rule === "normalize") {
    const reached = Math.sqrt(sumOfSquares(units.filter((_, b) => norms[b] > 0)));
    return reached ? wanted / reached : 0;
  }
  const thresholds = norms.map((norm, b) => norm / units[b]);
  const longest = Math.max(...thresholds);
  const whole = length(norms);
  if (!(wanted < whole)) return longest;
  const kept = wanted / whole;
  return (rule === "radial" ? kept : fit(thresholds.map((each) => each / longest), units, kept)) * longest;
}

// The threshold that keeps this share of the length, of blocks that begin to be clipped at these.
function fit(thresholds, units, kept) {
  const blocks = thresholds.map((each, b) => ({ square: each * each, weight: units[b] * units[b] }));
  blocks.sort((a, b) => a.square - b.square);
  let total = 0;
  let others = 0; // thresholds, squared, that the blocks not yet passed have when all are clipped
  for (const { square, weight } of blocks) {
    total += weight * square;
    others += weight;
  }
  let rest = kept * kept * total;
  for (const { square, weight } of blocks.slice(0, -1)) {
    if (others * square >= rest) break;
    rest -= weight * square;
    others -= weight;
  }
  return Math.sqrt(rest / others);
}

function alike(one, other) {
  const same = (name) => one[name].length === other[name].length && one[name].every((x, b) => x === other[name][b]);
  return one === other || (same("sizes") && same("units"));
}

function sumOfSquares(numbers) {
  return numbers.reduce((sum, x) => sum + x * x, 0);
}

function direction(vector) {
  let largest = 0;
  for (const x of vector) largest = Math.max(largest, Math.abs(x));
  const scaled = new Array(vector.length);
  for (let i = 0; i < scaled.length; i++) scaled[i] = vector[i] / largest;
  const norm = length(scaled);
  for (let i = 0; i < scaled.length; i++) scaled[i] /= norm;
  return scaled;
}
