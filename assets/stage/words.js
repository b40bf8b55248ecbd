// Numbers and sentences as the reader sees them.

const DEGREES = 180 / Math.PI;
const STRAIGHT = 1e-7; // radians: less is rounding

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

export function percent(share) {
  const value = 100 * share;
  if (Number.isNaN(value)) return "–";
  if (value > 0 && value < 0.05) return "less than 0.1%";
  if (value > 99.5 && value < 100) return value > 99.95 ? "more than 99.9%" : `${value.toFixed(1)}%`;
  return `${value > 0 && value < 9.95 ? value.toFixed(1) : value.toFixed(0)}%`;
}

export function count(number, noun) {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

// What is seen, in words: the text equivalent of the picture, as pieces of text; a piece that names a
// strategy bears it.
export function sentence({ gradient, layers, threshold, rule, matching, shown, results, names }) {
  if (gradient.every((x) => x === 0)) return [{ text: "A zero gradient has no direction: nothing can turn." }];
  if (!shown.length) return [{ text: "No strategy is shown. Choose one to see what it does." }];
  const verb = { clip: "Clipping", radial: "Scaling", normalize: "Normalizing" }[rule];
  const size = `a gradient of ${count(gradient.length, "number")} and length ${digits(Math.hypot(...gradient))}`;
  const how = matching === "same number" ? "" : ` (thresholds matched: ${matching})`;
  const pieces = [{ text: `${verb} ${size} at ${digits(threshold)}${how}: ` }];
  shown.forEach((strategy, i) => {
    pieces.push({ text: names[strategy], strategy });
    pieces.push({ text: ` ${effect(results[strategy])}${aside(strategy, layers, results[strategy])}${i + 1 < shown.length ? "; " : "."}` });
  });
  return pieces;
}

function effect({ angle, kept, clipped }) {
  if (clipped === 0) return "changes nothing";
  const little = angle > STRAIGHT ? "turns it by less than 0.1°" : "does not turn it";
  const turned = turns(angle) ? `turns it by ${degrees(angle)}` : little;
  const left = kept > 1 ? `makes it ${digits(kept)} times as long` : `keeps ${percent(kept)} of its length`;
  return `${turned} and ${left}`;
}

function aside(strategy, layers, { after, angle, clipped, signs }) {
  if (clipped && after.length === 1) return " (one number has only a sign to keep)";
  if (!turns(angle)) return "";
  if (strategy === "value") return signs ? ", though every sign is kept" : "";
  return strategy === "layer" && layers.length > 1 ? ", though every layer keeps its direction" : "";
}

function turns(angle) {
  return angle * DEGREES >= 0.05; // what one decimal shows
}
