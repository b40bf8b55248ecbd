"""The cliff of a recurrent network: its loss after many steps, and the derivatives with it.

Source: Pascanu, Mikolov, Bengio, "On the difficulty of training recurrent neural networks", 2013,
section 2.3. Too deep for symbolic differentiation, so the derivatives are carried along the loop.
"""

from collections.abc import Sequence

import numpy as np

from core.strategies import Array

TIME_STEPS = 50
FIRST_STATE = 0.5
TARGET = 0.7

JAVASCRIPT = f"""([w, b]) => {{
  let state = {FIRST_STATE}, byWeight = 0, byBias = 0;
  for (let t = 0; t < {TIME_STEPS}; t++) {{
    const sigmoid = 1 / (1 + Math.exp(-state));
    const slope = w * (sigmoid * (1 - sigmoid));
    byWeight = sigmoid + slope * byWeight;
    byBias = 1 + slope * byBias;
    state = w * sigmoid + b;
  }}
  const output = 1 / (1 + Math.exp(-state)), error = output - {TARGET};
  const slope = 2 * error * (output * (1 - output));
  return [error * error, [slope * byWeight, slope * byBias]];
}}"""


def evaluate(points: Array) -> tuple[Array, Array]:
    """Return heights ``(...)`` and gradients ``(..., 2)`` at points ``(w, b)`` of shape (..., 2).

    The state is ``x_t = w * sigmoid(x_{t-1}) + b`` and the height
    ``(sigmoid(x_50) - 0.7)^2``.
    """
    weight, bias = points[..., 0].copy(), points[..., 1].copy()
    state = np.full_like(weight, FIRST_STATE)
    by_weight, by_bias = np.zeros_like(weight), np.zeros_like(weight)
    for _ in range(TIME_STEPS):
        sigmoid = 1 / (1 + np.exp(-state))  # where exp overflows, the quotient is 0, as it should
        slope = weight * (sigmoid * (1 - sigmoid))
        by_weight = sigmoid + slope * by_weight
        by_bias = 1 + slope * by_bias
        state = weight * sigmoid + bias
    output = 1 / (1 + np.exp(-state))
    error = output - TARGET
    slope = 2 * error * (output * (1 - output))
    gradients = np.empty_like(points)
    gradients[..., 0], gradients[..., 1] = slope * by_weight, slope * by_bias
    return error * error, gradients


def latex(names: Sequence[str]) -> str:
    """Write the loss in LaTeX, a function of the weight and the bias of the given names."""
    weight, bias = names
    return (
        rf"\left(\sigma(s_{{{TIME_STEPS}}}) - {TARGET}\right)^{{2}}, \quad "
        rf"s_{{t}} = {weight} \, \sigma(s_{{t-1}}) + {bias}, \quad s_{{0}} = {FIRST_STATE}"
    )
