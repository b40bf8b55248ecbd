// What core/optimizers.py says of an optimizer, in the browser; tests hold both equal.

const MOMENTUM = 0.9;
const BETAS = [0.9, 0.999];
const EPSILON = 1e-8;

// Returns a function that turns one gradient of n numbers after another into what is to be subtracted;
// it gives the same array each time.
export function stepper(optimizer, learningRate, n) {
  const [step, first, second] = [0, 1, 2].map(() => new Float64Array(n));
  let [unbiased, spread, count] = [1, 1, 0];
  const heavyBall = (slope, k) => (first[k] = MOMENTUM * first[k] + slope);
  const ways = {
    plain: (slope) => learningRate * slope,
    momentum: (slope, k) => learningRate * heavyBall(slope, k),
    Nesterov: (slope, k) => learningRate * (slope + MOMENTUM * heavyBall(slope, k)),
    Adam(slope, k) {
      first[k] = BETAS[0] * first[k] + (1 - BETAS[0]) * slope;
      second[k] = BETAS[1] * second[k] + (1 - BETAS[1]) * slope ** 2;
      return ((learningRate / unbiased) * first[k]) / (Math.sqrt(second[k]) / Math.sqrt(spread) + EPSILON);
    },
  };
  const way = ways[optimizer];
  return (gradient) => {
    count++;
    unbiased = 1 - BETAS[0] ** count;
    spread = 1 - BETAS[1] ** count;
    for (let k = 0; k < n; k++) step[k] = way(gradient[k], k);
    return step;
  };
}
