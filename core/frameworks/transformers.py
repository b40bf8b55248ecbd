"""Transformers: ``max_grad_norm`` of the TrainingArguments."""

import math

from core.clipping import Clipper, Rule
from core.frameworks import pytorch
from core.frameworks.entries import Framework, Outcome, Result, Snippet, Tensors
from core.frameworks.precisions import Precision
from core.frameworks.snippets import in_place
from core.notation import write_number
from core.pytorch import pytorch as pytorch_lines
from core.strategies import Strategy

NATIVE = ((Strategy.GLOBAL, Rule.CLIP), (Strategy.GLOBAL, Rule.RADIAL))
PLACE = (
    "The Trainer clips before every step of the optimizer: once per accumulation, after "
    "unscaling. The default is 1, and the grad_norm that it logs is the one before clipping."
)
OWN_PLACE = (
    "Transformers has no setting for this; this callback does it, after unscaling. Before it the "
    "Trainer clips at an infinite norm, which changes nothing but a gradient whose norm is not "
    "finite: that becomes NaN."
)
STEP = """\
{clip}
trainer = Trainer(model=model, args=arguments, train_dataset=dataset)
trainer.train()"""
CALLBACK = """\
class Clip(TrainerCallback):
    def on_pre_optimizer_step(self, args, state, control, model=None, **kwargs):
        {clip}


arguments = TrainingArguments(output_dir=folder, max_grad_norm=float("inf"))"""


def compute(clipper: Clipper, tensors: Tensors, precision: Precision) -> Outcome:
    """Return what a Trainer set up by `code` leaves of the gradients of a model."""
    if (clipper.strategy, clipper.rule) in NATIVE and clipper.threshold > 0:
        return pytorch.compute(clipper, tensors, precision)
    # Without a positive max_grad_norm the Trainer clips at infinity, for the norm that it logs.
    measured = pytorch.clip_grad_norm(tensors, math.inf, precision)
    if not isinstance(measured, Result) or (clipper.strategy, clipper.rule) in NATIVE:
        return measured if not isinstance(measured, Result) else Result(measured.tensors)
    return pytorch.compute(clipper, measured.tensors, precision)


def code(clipper: Clipper) -> Snippet:
    """Return the setting of Transformers 5, or a callback."""
    if (clipper.strategy, clipper.rule) in NATIVE:
        c = write_number(clipper.threshold)
        text = f"arguments = TrainingArguments(output_dir=folder, max_grad_norm={c})"
        return Snippet(text, in_place(STEP, text), True, PLACE)
    text = in_place(CALLBACK, pytorch_lines(clipper))
    step = in_place(STEP, text).replace("dataset)", "dataset, callbacks=[Clip])")
    return Snippet(text, step, False, OWN_PLACE)


TRANSFORMERS = Framework(
    name="Transformers",
    versions="4.46 and later; read from 5.24",
    layer="a parameter; all of a model's are clipped together",
    zero="0, less than 0 or NaN: clipping is off, but a gradient whose norm is not finite becomes "
    "NaN. None was off, too, and raises TypeError in 5.24.",
    source="transformers/trainer.py, Transformers 5.24, which by way of Accelerate calls "
    "clip_grad_norm_",
    code=code,
    compute=compute,
)
