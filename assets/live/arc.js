// The arc from one arrow to another, with the number of degrees between them.

import { set, setText, show } from "./draw.js";
import { degrees } from "./words.js";

// The arc between two arrows in pixels, and where the number beside it belongs; null if there is none.
export function arcOf(before, after, distance) {
  const [a, b] = [Math.atan2(before[1], before[0]), Math.atan2(after[1], after[0])];
  const turn = Math.atan2(Math.sin(b - a), Math.cos(b - a));
  if (!(Math.abs(turn) > 0.009 && Math.hypot(...before) > 1 && Math.hypot(...after) > 1)) return null;
  const radius = Math.max(Math.hypot(...after), 24) + distance;
  const at = (t, r = radius) => `${r * Math.cos(t)} ${r * Math.sin(t)}`;
  const d = `M${at(a)}A${radius} ${radius} 0 0 ${turn > 0 ? 1 : 0} ${at(b)}`;
  // A narrow arc has no room for its number: it stands beyond the clipped arrow.
  const where = Math.abs(turn) > 0.3 ? a + turn / 2 : b + Math.sign(turn) * (24 / radius);
  const [x, y] = at(where, radius + (Math.abs(turn) > 0.3 ? 20 : 4)).split(" ");
  return { d, where: { x, y: Number(y) + 4, "text-anchor": "middle" }, words: degrees(Math.abs(turn)) };
}

export function drawArc(element, arc) {
  show(element, arc);
  if (arc) set(element, { d: arc.d });
}

export function writeTurn(text, arc) {
  show(text, arc);
  if (!arc) return;
  set(text, arc.where);
  setText(text, arc.words);
}
