// The clipping formula, in the browser. core/clipping.py, core/geometry.py and core/matching.py are
// its originals: the names are theirs, and tests hold the results equal.
//
// Blocks are what Python sends for a strategy: the `sizes` of its blocks, and for each the number of
// thresholds, its `units`, that it may be long. What may be out of range is a pair, of a number and
// the power of two that it is to be multiplied with.

const TINY = 2 ** -1022; // the smallest number with all its digits
const SAFE = TINY / Number.EPSILON; // below, squares that vanished may be missing in a sum
const REFERENCE = "value"; // whose threshold the reader sets; the others are matched to it

export function blockNorms(gradient, blocks) {
  return wideNorms(gradient, blocks).map(([norm, power]) => times(norm, power));
}

function wideNorms(gradient, { sizes }) {
  const norms = new Array(sizes.length);
  let start = 0;
  for (let b = 0; b < sizes.length; b++) {
    const end = start + sizes[b];
    norms[b] = sizes[b] === 1 ? [Math.abs(gradient[start]), 0] : wideLength(gradient, start, end);
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
  return wideNorms(gradient, blocks).map(([norm, power], b) => times(norm / blocks.units[b], power));
}

export function clip(gradient, blocks, threshold, rule) {
  const { sizes, units } = blocks;
  const norms = wideNorms(gradient, blocks);
  let shortest = [1, 0]; // the factor of the block that is the longest for its limit
  if (rule === "radial")
    for (let b = 0; b < sizes.length; b++) {
      const each = shortening(threshold * units[b], norms[b]);
      if (!(times(each[0], each[1] - shortest[1]) >= shortest[0])) shortest = each;
    }
  const after = new Array(gradient.length);
  let i = 0;
  for (let b = 0; b < sizes.length; b++) {
    const limit = threshold * units[b];
    const own = rule === "radial" ? shortest : (rule === "normalize" ? quotient : shortening)(limit, norms[b]);
    for (const end = i + sizes[b]; i < end; i++) {
      const x = gradient[i];
      if (rule === "radial") after[i] = scaled(x, own);
      else if (rule === "normalize") after[i] = x === 0 ? 0 : sizes[b] === 1 ? (x / Math.abs(x)) * limit : bounded(scaled(x, own), limit);
      else after[i] = sizes[b] === 1 ? bounded(x, limit) : scaled(x, own);
    }
  }
  return after;
}

// The factor that brings a block of this norm to its limit, and the one that only shortens it.
function quotient(limit, [norm, power]) {
  const alone = limit / norm;
  if (power === 0 && alone >= TINY && alone <= Number.MAX_VALUE) return [alone, 0];
  const [[above, up], [below, down]] = [frexp(limit), frexp(norm)];
  const [factor, more] = frexp(above / below);
  const all = more + up - down - power;
  const near = Math.min(Math.max(all, -1021), 1024); // the factor keeps its digits
  return [times(factor, near), all - near];
}

function shortening(limit, norm) {
  return times(...norm) <= limit ? [1, 0] : quotient(limit, norm);
}

function bounded(x, limit) {
  return Math.min(Math.max(x, -limit), limit);
}

// In the order that loses no digits.
function scaled(x, [factor, power]) {
  return times(times(x, Math.max(power, 0)) * factor, Math.min(power, 0));
}

// x times a power of two, of which one factor alone may be out of range.
function times(x, power) {
  for (; power > 1000; power -= 1000) x *= 2 ** 1000;
  for (; power < -1000; power += 1000) x *= 2 ** -1000;
  return power === 0 ? x : x * 2 ** power;
}

// A number in [0.5, 1) and the power of two that x is.
function frexp(x) {
  if (!(x > 0 && x < Infinity)) return [x, 0];
  const power = Math.floor(Math.log2(x)) + 1;
  const number = times(x, -power);
  return number >= 1 ? [number / 2, power + 1] : number < 0.5 ? [number * 2, power - 1] : [number, power];
}

export function length(vector, start = 0, end = vector.length) {
  return times(...wideLength(vector, start, end));
}

// Scaled by the largest entry where squares would overflow or vanish, like its original.
function wideLength(vector, start, end) {
  let squares = 0;
  let largest = 0;
  for (let i = start; i < end; i++) squares += vector[i] * vector[i];
  if (squares > SAFE && squares < Infinity) return [Math.sqrt(squares), 0];
  for (let i = start; i < end; i++) largest = Math.max(largest, Math.abs(vector[i]));
  if (!(largest > 0 && largest < Infinity)) return [largest, 0];
  const power = frexp(largest)[1];
  squares = 0;
  for (let i = start; i < end; i++) squares += times(vector[i], -power) ** 2;
  return [Math.sqrt(squares), power];
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
  const [[own, up], [whole, down]] = [after, before].map((vector) => wideLength(vector, 0, vector.length));
  return times(own / whole, up - down);
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
  if (matching === "same worst length") return inRange(threshold * Math.sqrt(sumOfSquares(source.units) / sumOfSquares(target.units)));
  const kept = lengthLeft(gradient, source, threshold, rule);
  return inRange(thresholdForWide(gradient, target, kept, rule) || threshold);
}

export function thresholdForLength(gradient, blocks, wanted, rule) {
  return thresholdForWide(gradient, blocks, frexp(wanted), rule);
}

// The length after clipping, a pair; infinite if nothing is clipped.
function lengthLeft(gradient, blocks, threshold, rule) {
  const { units } = blocks;
  const norms = wideNorms(gradient, blocks);
  const [number, unit] = frexp(threshold);
  if (rule === "normalize") return [number * reached(norms, units), unit];
  // What is not clipped must not be for a rounding error.
  if (norms.every((norm, b) => times(...norm) <= threshold * units[b])) return [Infinity, 0];
  if (rule === "radial") return [number / longest(norms, units), unit];
  return [length(inUnit(norms, unit).map((norm, b) => Math.min(norm, number * units[b]))), unit];
}

function thresholdForWide(gradient, blocks, [wanted, unit], rule) {
  const { units } = blocks;
  const norms = wideNorms(gradient, blocks);
  if (rule === "normalize") {
    const most = reached(norms, units);
    return most ? times(wanted / most, unit) : 0;
  }
  const own = inUnit(norms, unit);
  if (!(wanted < length(own))) return Math.min(Math.max(...blockThresholds(gradient, blocks)), Number.MAX_VALUE);
  if (rule === "radial") return times(wanted * longest(norms, units), unit);
  // Of a block that is cut no more than this length is left, so twice as much is enough.
  const ratios = own.map((norm, b) => Math.min(norm, 2 * wanted) / units[b]);
  return times(fit(ratios, units, wanted), unit);
}

// The length of a gradient whose blocks have a length of 1 each, in their units, but for zero blocks.
function reached(norms, units) {
  return Math.sqrt(sumOfSquares(units.filter((_, b) => norms[b][0] > 0)));
}

// The longest of the blocks' ratios as a share of the length of the gradient.
function longest(norms, units) {
  const powers = norms.filter(([norm]) => norm > 0).map(([norm, power]) => frexp(norm)[1] + power);
  const lengths = inUnit(norms, Math.max(...powers));
  return Math.max(...lengths.map((norm, b) => norm / units[b])) / length(lengths);
}

function inUnit(norms, unit) {
  return norms.map(([norm, power]) => times(norm, power - unit));
}

function inRange(threshold) {
  return Math.min(Math.max(threshold, Number.MIN_VALUE), Number.MAX_VALUE);
}

// The threshold that leaves this length, of blocks that begin to be clipped at these.
function fit(thresholds, units, wanted) {
  const blocks = thresholds.map((each, b) => ({ square: each * each, weight: units[b] * units[b] }));
  blocks.sort((a, b) => a.square - b.square);
  let others = blocks.reduce((sum, { weight }) => sum + weight, 0); // of those not yet passed
  let rest = wanted * wanted;
  for (const { square, weight } of blocks.slice(0, -1)) {
    if (others * square >= rest) break;
    rest -= weight * square;
    others -= weight;
  }
  return Math.sqrt(rest / others);
}

export function alike(one, other) {
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
