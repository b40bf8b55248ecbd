"""The rules of clipping that can be replayed over norms: to add one, add it to `RULES`."""

from dataclasses import dataclass
from typing import Protocol

from numpy.typing import ArrayLike

from core.gradients.replays.fixed import Fixed
from core.gradients.replays.percentile import Percentile
from core.gradients.replays.replay import Replay
from core.gradients.replays.running_mean import RunningMean
from core.gradients.replays.zscore import ZScore


class Rule(Protocol):
    """A rule with its parameters."""

    def replay(self, norms: ArrayLike) -> Replay:
        """Return what it does to norms (S,), or to norms of layers (S, L)."""


@dataclass(frozen=True)
class Described:
    """A rule, with the parameters that were published, and where it is from."""

    rule: Rule
    label: str  # what it is called in a sentence
    short: str  # and for short
    source: str
    paper: str  # where to read it
    code: str  # public, which it follows


RULES: dict[str, Described] = {
    Fixed.name: Described(
        Fixed(),
        "at a fixed threshold",
        "fixed",
        "R. Pascanu, T. Mikolov and Y. Bengio, On the difficulty of training recurrent neural "
        "networks, 2013",
        "https://arxiv.org/abs/1211.5063",
        "https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.clip_grad_norm_.html",
    ),
    Percentile.name: Described(
        Percentile(),
        "at a percentile of all norms so far (AutoClip)",
        "AutoClip",
        "P. Seetharaman, G. Wichern, B. Pardo and J. Le Roux, AutoClip: Adaptive Gradient Clipping "
        "for Source Separation Networks, 2020",
        "https://arxiv.org/abs/2007.14469",
        "https://github.com/pseeth/autoclip",
    ),
    ZScore.name: Described(
        ZScore(),
        "of outliers among the last norms (ZClip)",
        "ZClip",
        "A. Kumar, L. Owen, N. Roy Chowdhury and F. Güra, ZClip: Adaptive Spike Mitigation for LLM "
        "Pre-Training, 2025",
        "https://arxiv.org/abs/2504.02507",
        "https://github.com/bluorion-com/ZClip",
    ),
    RunningMean.name: Described(
        RunningMean(),
        "at the running mean of each layer (AdaGC)",
        "AdaGC",
        "G. Wang, S. Li, C. Chen, J. Zeng, J. Yang, D. Yu, Y. Ma and L. Shen, AdaGC: Enhancing LLM "
        "Pretraining Stability via Adaptive Gradient Clipping, 2025",
        "https://arxiv.org/abs/2502.11034",
        "https://github.com/kozistr/pytorch_optimizer",
    ),
}
