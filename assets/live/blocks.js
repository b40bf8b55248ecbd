// What a stage is told of the strategies, for pages that have no Python; a test holds both equal.

// The blocks of a strategy over layers of such sizes: see `strategies` in pages/widgets/live.py.
export function blocksOf({ partition, exponent }, layers) {
  const n = layers.reduce((sum, size) => sum + size, 0);
  const sizes = partition === "coordinates" ? Array(n).fill(1) : partition === "layers" ? layers : [n];
  return { partition, sizes, units: sizes.map((size) => size ** exponent) };
}

// The least upper bound of the angle, in radians: `worst_angle_of` of core.bounds.
export function worstAngle({ units }) {
  const [least, ...others] = [...units].sort((a, b) => a - b);
  return Math.atan2(Math.hypot(...others), least);
}
