"""The live stage: the gradient under all strategies, drawn and dragged in the browser."""

from collections.abc import Callable

from core.bounds import worst_angle_of
from core.looks import NAMES
from core.notation import LARGEST_NUMBER, SMALLEST_NUMBER, write_gradient, write_number
from core.strategies import Strategy
from core.vector.comparison import Comparison
from pages.widgets import live
from pages.widgets.inputs import set_inputs
from pages.widgets.vector.settings import Picture, drawable

_stage = live.register("stage", "vector/stage")


def into_inputs(edit: live.Edit) -> None:
    """Set the page's inputs to what was dragged."""
    if "gradient" in edit:
        set_inputs(gradient=write_gradient(edit["gradient"], edit["layers"]), layers="")
    if "threshold" in edit:
        set_inputs(threshold=write_number(edit["threshold"]))
    if "full" in edit:
        set_inputs(full=edit["full"])


def stage(
    comparison: Comparison,
    shown: tuple[Strategy, ...],
    picture: Picture,
    *,
    full: bool = False,
    small: bool = False,
    ask: bool = False,
    key: str = "stage",
    label: str = "",
    take: Callable[[live.Edit], None] = into_inputs,
) -> None:
    """Show the stage, filling the screen or small; what is dragged on it is taken on release.

    It may ``ask`` for a guess before it shows the answer.
    Several on one page need a ``key``, a ``label`` and a way to ``take`` an edit for each.
    """
    data = {
        "gradient": comparison.gradient,
        "layers": comparison.layers,
        "threshold": comparison.thresholds.by_value,
        "rule": comparison.thresholds.rule,
        "matching": comparison.thresholds.matching,
        "shown": shown,
        "picture": drawable(picture, comparison.layers),
        "full": full,
        "small": small,
        "ask": ask,
        "names": {strategy: NAMES[strategy] for strategy in Strategy},
        "strategies": live.strategies(comparison.layers),
        "worst": {s: worst_angle_of(s, comparison.layers) for s in Strategy},
        "limits": [SMALLEST_NUMBER, LARGEST_NUMBER],
    }
    _stage(key, data, take, label)
