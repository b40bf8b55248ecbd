"""Lightning: the Trainer's ``gradient_clip_val`` and ``gradient_clip_algorithm``."""

from core.clipping import Clipper, Rule
from core.frameworks import pytorch
from core.frameworks.entries import Framework, Outcome, Result, Snippet, Tensors
from core.frameworks.precisions import Precision
from core.frameworks.snippets import in_place
from core.notation import write_number
from core.pytorch import pytorch as pytorch_lines
from core.strategies import Strategy

ALGORITHMS = {
    (Strategy.VALUE, Rule.CLIP): "value",
    (Strategy.GLOBAL, Rule.CLIP): "norm",
    (Strategy.GLOBAL, Rule.RADIAL): "norm",
}
PLACE = (
    "The Trainer clips before every step of the optimizer: once per accumulation, after "
    "unscaling, and after the hook on_before_optimizer_step, which so sees gradients before "
    "clipping. It refuses the setting under manual optimization, and other algorithms."
)
OWN_PLACE = "Lightning has no setting for this; this hook of a LightningModule does it."
STEP = """\
{clip}
trainer.fit(module, batches)"""
HOOK = """\
class Module(L.LightningModule):
    def configure_gradient_clipping(
        self, optimizer, gradient_clip_val=None, gradient_clip_algorithm=None
    ):
        {clip}"""


def compute(clipper: Clipper, tensors: Tensors, precision: Precision) -> Outcome:
    """Return what a Trainer made by `code` leaves of the gradients of a module."""
    if (clipper.strategy, clipper.rule) in ALGORITHMS and clipper.threshold <= 0:
        return Result(tensors)
    return pytorch.compute(clipper, tensors, precision)


def code(clipper: Clipper) -> Snippet:
    """Return the setting of Lightning 2, or a hook."""
    kind = (clipper.strategy, clipper.rule)
    if kind in ALGORITHMS:
        text = (
            f"trainer = L.Trainer(gradient_clip_val={write_number(clipper.threshold)}, "
            f'gradient_clip_algorithm="{ALGORITHMS[kind]}")'
        )
        return Snippet(text, in_place(STEP, text), True, PLACE)
    lines = pytorch_lines(clipper).replace("model.parameters()", "self.parameters()")
    text = in_place(HOOK, lines)
    return Snippet(text, text, False, OWN_PLACE)


LIGHTNING = Framework(
    name="Lightning",
    versions="2; read from 2.6.6",
    layer="a parameter; all of a module's are clipped together",
    zero="0, less than 0 or None: clipping is off.",
    source="lightning/pytorch/plugins/precision/precision.py, Lightning 2.6.6, which calls "
    "PyTorch's functions",
    code=code,
    compute=compute,
)
