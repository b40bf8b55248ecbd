"""DeepSpeed: ``gradient_clipping`` in its configuration."""

import numpy as np

from core.frameworks import pytorch
from core.frameworks.entries import Outcome, Raised, Result, Setting, Skipped, Tensors
from core.frameworks.precisions import Precision
from core.frameworks.sums import each
from core.notation import write_number

SMALL = np.float32(pytorch.SMALL)


@np.errstate(all="ignore")
def compute(threshold: float, tensors: Tensors, precision: Precision) -> Outcome:
    """Return what the optimizer of ZeRO stage 1 or 2 makes of gradients on one device.

    It computes in float32, and so are the results. It divides by ``max(1, (|g| + 1e-6) / c)``,
    and takes no step if the norm is not finite, unless the model is in bfloat16.
    """
    single = Precision.FLOAT32
    gradients = each(tensors, single.round)
    norm = pytorch.get_total_norm(gradients, single)
    if isinstance(norm, Raised):
        return norm
    if not np.isfinite(norm) and precision is not Precision.BFLOAT16:
        return Skipped()
    if not threshold > 0:
        return Result(gradients)
    if not np.isfinite(norm):
        norm = single.round(np.inf)
    # As in PyTorch, a tensor divided by a number, and a number divided by a tensor.
    divisor = np.maximum(single.round(norm + SMALL) / single.round(threshold), 1)
    inverse = single.round(1 / single.round(divisor))
    return Result(each(gradients, lambda numbers: single.round(numbers * inverse)), float(norm))


DEEPSPEED = Setting(
    name="DeepSpeed",
    versions="read from 0.19.8",
    text=lambda threshold: f'{{"gradient_clipping": {write_number(threshold)}}}',
    note="The engine unscales, clips by the global norm over all ranks and steps, once per "
    "accumulation. Calling clip_grad_norm_ beside it clips twice. The default is 1.",
    zero="0 or less: clipping is off.",
    source="unscale_and_clip_grads in deepspeed/runtime/zero/stage_1_and_2.py, DeepSpeed 0.19.8",
    compute=compute,
)
