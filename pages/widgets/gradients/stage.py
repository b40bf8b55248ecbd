"""The live stage: norms over the steps, and what every threshold does, drawn in the browser."""

from collections.abc import Mapping
from typing import Any

from core.notation import write_number
from pages.widgets import live
from pages.widgets.inputs import set_inputs

_stage = live.register("gradients", "gradients/stage", awaited=False)


def into_inputs(edit: live.Edit) -> None:
    """Set the page's inputs to what was dragged."""
    if "threshold" in edit:
        set_inputs(threshold=write_number(edit["threshold"]))
    if "full" in edit:
        set_inputs(full=edit["full"])


def stage(told: Mapping[str, Any], *, full: bool = False) -> None:
    """Show the stage; ``told`` is of `core.gradients.drawn`."""
    _stage("gradients", {**told, "full": full}, into_inputs)
