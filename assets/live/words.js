// Numbers as the reader sees them.

export const DEGREES = 180 / Math.PI;

export function degrees(radians) {
  return Number.isNaN(radians) ? "–" : `${(radians * DEGREES).toFixed(1)}°`;
}

export function digits(x) {
  // Three significant digits, and so few characters that they do not dance.
  const size = Math.abs(x);
  if (!Number.isFinite(x)) return Number.isNaN(x) ? "–" : x > 0 ? "∞" : "−∞";
  if (x === 0) return "0";
  if (size >= 1e5 || size < 1e-3) return x.toExponential(2).replace("e+", "e");
  return size >= 999.5 ? String(Math.round(x)) : x.toPrecision(3);
}

// A number on an axis, without needless zeros.
export function tick(x) {
  const short = Number(x.toPrecision(3));
  const size = Math.abs(short);
  return size !== 0 && (size >= 1e5 || size < 1e-3) ? short.toExponential().replace("e+", "e") : String(short);
}

// A share, as core/notation.py writes it: a little is never nothing, nor nearly all everything.
export function percent(share) {
  const value = 100 * share;
  if (Number.isNaN(value)) return "–";
  if (value > 0 && value < 0.05) return "less than 0.1%";
  if (value >= 99.95 && value < 100) return "more than 99.9%";
  return `${value.toFixed(1).replace(/^-0\.0$/, "0.0")}%`;
}

export function count(number, noun) {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
