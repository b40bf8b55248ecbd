"""Where the large part of gradients lies, which strategy suits it, and how sure that is."""

from enum import StrEnum

from core.gradients.parts import Parts
from core.strategies import Strategy


class Kind(StrEnum):
    """Where the large part of gradients lies, the strategy for it, and what share makes it that."""

    strategy: Strategy
    decisive: float

    # By value and per layer turn the gradient, so that part must shorten the others notably when
    # all are shortened alike: without it, the norm would be by a fifth smaller.
    ISOLATED = ("isolated", Strategy.VALUE, 0.36)
    LAYERS = ("layers", Strategy.LAYER, 0.36)
    OBLIQUE = ("oblique", Strategy.GLOBAL, 0.2)
    EVEN = ("even", Strategy.GLOBAL, 0.0)

    def __new__(cls, name: str, strategy: Strategy, decisive: float) -> "Kind":
        """Make a string that bears the rest."""
        self = str.__new__(cls, name)
        self._value_ = name
        self.strategy, self.decisive = strategy, decisive
        return self

    def share(self, parts: Parts) -> float:
        """Return the share of the squared norm that is of this kind."""
        return {
            Kind.ISOLATED: parts.isolated,
            Kind.LAYERS: parts.layers,
            Kind.OBLIQUE: parts.oblique,
            Kind.EVEN: parts.even,
        }[self]


LARGE = (Kind.ISOLATED, Kind.LAYERS, Kind.OBLIQUE)


def decide(parts: Parts) -> tuple[Kind, float]:
    """Return the largest kind of those that are decisive, and the margin by which it is."""
    beyond = {kind: kind.share(parts) - kind.decisive for kind in LARGE}
    reached = [kind for kind in LARGE if beyond[kind] >= 0]
    if not reached:
        return Kind.EVEN, -max(beyond.values())
    kind, *others = sorted(reached, key=lambda it: -it.share(parts))
    ahead = [kind.share(parts) - other.share(parts) for other in others]
    return kind, min(beyond[kind], *ahead, 1.0)
