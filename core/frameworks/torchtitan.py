"""torchtitan: ``training.max_norm`` in its configuration."""

from core.frameworks import pytorch
from core.frameworks.entries import Setting
from core.notation import write_number

TORCHTITAN = Setting(
    name="torchtitan",
    versions="read from 0.3.0",
    text=lambda threshold: f"--training.max_norm={write_number(threshold)}",
    note="It clips by the global norm over all ranks before every step. The default is 1.",
    zero="There is no off: 0 makes every gradient zero, and inf leaves all as they are.",
    source="clip_grad_norm_ in torchtitan/distributed/utils.py, torchtitan 0.3.0, which calls "
    "PyTorch's get_total_norm and clip_grads_with_norm_",
    compute=lambda threshold, tensors, precision: pytorch.clip_grad_norm(
        tensors, threshold, precision
    ),
)
