"""The rules that are replayed over the reader's norms, and drawn over them."""

from collections.abc import Mapping
from math import isinf

from core.gradients.replays.fixed import Fixed
from core.gradients.replays.percentile import Percentile
from core.gradients.replays.replay import Replay
from core.gradients.replays.running_mean import RunningMean
from core.gradients.rules import RULES, Rule
from core.strategies import Array
from pages.widgets.gradients import memory
from pages.widgets.gradients.settings import Drawn, Exact

KEYS = {Drawn(it.short): key for key, it in RULES.items() if it.short in [*Drawn]}


def rules_of(exact: Exact) -> dict[str, Rule]:
    """Return the rules, with what the reader set of their parameters."""
    chosen: dict[str, Rule] = {key: it.rule for key, it in RULES.items()}
    chosen[Fixed.name] = Fixed(exact.threshold)
    chosen[Percentile.name] = Percentile(exact.percentile)
    return chosen


def replayed(
    norms: Array, exact: Exact, of: object, layers: Array | None = None
) -> dict[str, Replay]:
    """Replay all rules over norms (S,), or over those of layers (S, L) where a rule wants them.

    ``of`` tells these norms from others of the same file. Raises ValueError with a sentence for the
    reader where nothing can be clipped.
    """
    chosen = rules_of(exact)

    def replay(key: str) -> Replay:
        given = norms if key != RunningMean.name or layers is None else layers
        return memory.remembered(
            f"replay {key}", lambda: chosen[key].replay(given), (chosen[key], of)
        )

    return {key: replay(key) for key in chosen}


def not_drawn(replays: Mapping[str, Replay], exact: Exact) -> str:
    """Say which of the rules are not drawn, and why; "" if all are."""
    said = []
    for rule in exact.rules:
        it = replays[KEYS[rule]]
        if it.thresholds.ndim > 1:
            said.append(f"{rule} has a threshold for each layer")
        elif isinf(it.thresholds.min()):
            said.append(f"{rule} is still warming up")
    return f"Not drawn: {', '.join(said)}." if said else ""


def lines(replays: Mapping[str, Replay], exact: Exact) -> dict[str, Array]:
    """Return the thresholds (S,) of the rules that are drawn; those of layers are no one line."""
    found = {rule: replays[KEYS[rule]].thresholds for rule in exact.rules}
    return {rule.value: thresholds for rule, thresholds in found.items() if thresholds.ndim == 1}
