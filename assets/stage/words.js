// Numbers and sentences as the reader sees them.

const DEGREES = 180 / Math.PI;

export function degrees(radians) {
  return Number.isNaN(radians) ? "–" : `${(radians * DEGREES).toFixed(1)}°`;
}

export function digits(x) {
  // Three significant digits, and so few characters that they do not dance.
  const size = Math.abs(x);
  if (x === 0) return "0";
  if (size >= 1e5 || size < 1e-3) return x.toExponential(2).replace("e+", "e");
  return size >= 999.5 ? String(Math.round(x)) : x.toPrecision(3);
}

export function percent(share) {
  const value = 100 * share;
  if (Number.isNaN(value)) return "–";
  return `${value > 0 && value < 9.95 ? value.toFixed(1) : value.toFixed(0)}%`;
}

export function count(number, noun) {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

// What is seen, in words: the text equivalent of the picture.
export function sentence({ gradient, layers, threshold, rule, matching, shown, results, names }) {
  if (gradient.every((x) => x === 0)) return "A zero gradient has no direction: nothing can turn.";
  if (!shown.length) return "No strategy is shown. Choose one to see what it does.";
  const verb = { clip: "Clipping", radial: "Scaling", normalize: "Normalizing" }[rule];
  const start = `${verb} a gradient of ${count(gradient.length, "number")} and length ${digits(Math.hypot(...gradient))} at ${digits(threshold)}`;
  const how = matching === "same number" ? "" : ` (thresholds matched: ${matching})`;
  const parts = shown.map((strategy) => {
    const { after, angle, loss, clipped, signs } = results[strategy];
    if (clipped === 0) return `${names[strategy]} changes nothing`;
    const turned = angle < 5e-4 ? "does not turn it" : `turns it by ${degrees(angle)}`;
    const kept = loss < 0 ? `makes it ${digits(1 - loss)} times as long` : `keeps ${percent(1 - loss)} of its length`;
    const broken = signs ? "" : ", and some signs change";
    return `${names[strategy]} ${turned} and ${kept}${broken}${aside(strategy, layers, after, angle)}`;
  });
  return `${start}${how}: ${parts.join("; ")}.`;
}

function aside(strategy, layers, after, angle) {
  if (after.length === 1) return " (one number has only a sign to keep)";
  if (strategy === "value") return angle < 5e-4 ? "" : ", though every sign is kept";
  if (strategy === "layer" && layers.length > 1 && angle >= 5e-4)
    return ", though every layer keeps its direction";
  return "";
}
