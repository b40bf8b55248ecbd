"""Accelerate: ``accelerator.clip_grad_norm_``."""

from core.frameworks import pytorch
from core.frameworks.entries import Setting
from core.notation import write_number

ACCELERATE = Setting(
    name="Accelerate",
    versions="read from 1.15.0",
    text=lambda threshold: (
        "if accelerator.sync_gradients:\n    accelerator.clip_grad_norm_(model.parameters(), "
        f"max_norm={write_number(threshold)})"
    ),
    note="It unscales and then calls PyTorch. Its clip_grad_value_ raises under DeepSpeed and "
    "FSDP, and under DeepSpeed the engine's own setting clips.",
    zero="There is no off: 0 makes every gradient zero.",
    source="clip_grad_norm_ in accelerate/accelerator.py, Accelerate 1.15.0",
    compute=lambda threshold, tensors, precision: pytorch.clip_grad_norm(
        tensors, threshold, precision
    ),
)
