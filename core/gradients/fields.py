"""What the name of a field says: which are norms of gradients, which count steps."""

import re
from enum import IntEnum

MOST_NAME = 200  # characters of a name that are looked at
WORDS = re.compile(r"[^\W\d_]+|\d+")
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
GRADIENT = {"grad", "grads", "gradient", "gradients", "gnorm", "gradnorm", "gn"}
WHOLE = {"total", "global", "overall", "all"}
BEFORE = {"before", "pre", "preclip", "unclipped", "raw", "preclipping"}
AFTER = {"after", "post", "postclip", "clipped", "postclipping"}
CLIP = {"clip", "clipping", "cliped"}
SETTING = {"max", "maximum", "threshold", "limit", "thresh", "target", "coef", "coeff", "config"}
STATISTIC = {"max", "maximum", "min", "minimum"}
MEAN = {"avg", "mean", "average", "ema", "smoothed", "running", "window", "median"}
OTHER = {  # of something else than of a gradient, or not a norm
    *("param", "params", "parameter", "parameters", "weight", "weights", "update", "updates"),
    *("layer", "batch", "rms", "rmsnorm", "layernorm", "batchnorm", "activation", "momentum"),
    *("square", "squared", "sq", "squares", "ratio", "fraction", "rate", "count", "var"),
    *("variance", "std", "stddev", "log", "log10", "time", "ms", "num", "skipped", "loss"),
    *("is", "flag", "scale", "scaler", "factor", "percent", "pct", "cos", "cosine"),
}
HELD_OUT = {"eval", "val", "valid", "validation", "test"}
STEP = {"step": 3, "steps": 1, "iteration": 2, "iter": 2, "it": 1, "updates": 2, "update": 1}
BESIDE_STEP = {"global", "train", "trainer", "training", "num", "opt", "optimizer", "total", "n"}
# Words that may belong to a name of several words in prose, such as "grad norm" or "loss scale".
NAMING = GRADIENT | WHOLE | BEFORE | AFTER | CLIP | SETTING | STATISTIC | MEAN | OTHER
NAMING |= {"norm", "g", "l2", *STEP, *BESIDE_STEP}


class Kind(IntEnum):
    """What a field is."""

    NOTHING = 0
    REFUSED = 1  # a norm of something else, a setting, a square, a ratio
    SCALE = 2  # of the loss
    STEP = 3
    NORM = 4


def words(name: str) -> list[str]:
    """Part the name of a field into its words, in lower case.

    >>> words("train/gradNorm_before-clip")
    ['train', 'grad', 'norm', 'before', 'clip']
    """
    return WORDS.findall(CAMEL.sub(" ", name[:MOST_NAME]).lower())


def judged(name: str) -> tuple[Kind, int]:
    """Return what a field of this name is, and how surely; the highest number is the best.

    >>> judged("grad_norm") > judged("grad_norm_after_clip") > judged("param_norm")
    True
    >>> judged("max_grad_norm")[0].name, judged("lm loss")[0].name
    ('REFUSED', 'NOTHING')
    """
    # A tracker writes the name of the run before that of the field, and it may be anything.
    said = words(name[:MOST_NAME].rpartition(" - ")[2])
    there = set(said)
    if there >= {"loss", "scale"} or there & {"scaler", "gradscale"} or said == ["scale"]:
        return Kind.SCALE, -len(said)
    if there & STEP.keys() and there <= STEP.keys() | BESIDE_STEP:
        return Kind.STEP, max(STEP.get(word, 0) for word in said) + 5 * ("global" in there)
    return _norm(said, there)


def _norm(said: list[str], there: set[str]) -> tuple[Kind, int]:
    normed = bool(there & {"norm", "gnorm", "gradnorm", "gn", "norms", "l2"})
    of_gradient = bool(there & GRADIENT) or (normed and "g" in there)
    if not normed and said not in (["grad"], ["gradient"]):
        return Kind.NOTHING, 0
    known = GRADIENT | WHOLE | BEFORE | AFTER | CLIP | MEAN | {"norm", "l2", "train", "2", "g"}
    if there & OTHER or not (of_gradient or there <= known | HELD_OUT):
        return Kind.REFUSED, 0
    told = bool(there & (BEFORE | AFTER))
    at = next((i for i, word in enumerate(said) if word in GRADIENT | {"norm", "g"}), 0)
    if set(said[:at]) & SETTING or there & (SETTING - STATISTIC) or (there & CLIP and not told):
        return Kind.REFUSED, 0
    sure = 100 if of_gradient and normed else 80 if there & WHOLE else 60
    sure += 15 * bool(there & BEFORE) - 20 * bool(there & AFTER) + 5 * bool(there & WHOLE)
    sure -= 30 * bool(there & STATISTIC) + 10 * bool(there & MEAN) + 30 * bool(there & HELD_OUT)
    sure -= 40 * bool(there & {"inf", "l1", "linf"}) + min(2 * len(there - known), 12)
    return Kind.NORM, sure


def is_after_clipping(name: str) -> bool:
    """Return whether a field says that it holds norms of what clipping left."""
    return bool(set(words(name)) & AFTER)


def is_mean(name: str) -> bool:
    """Return whether a field says that its values are means."""
    return bool(set(words(name)) & MEAN)
