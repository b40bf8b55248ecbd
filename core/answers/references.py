"""Where the answers come from, and what their words mean."""

from dataclasses import dataclass

ARXIV = "https://arxiv.org/abs/"


@dataclass(frozen=True)
class Reference:
    """A publication."""

    authors: str
    year: int
    title: str
    venue: str
    link: str


REFERENCES = {
    "Abadi": Reference(
        "Abadi, Chu, Goodfellow, McMahan, Mironov, Talwar, Zhang",
        2016,
        "Deep learning with differential privacy",
        "CCS",
        f"{ARXIV}1607.00133",
    ),
    "Boyd": Reference(
        "Boyd, Vandenberghe",
        2004,
        "Convex optimization, section 9.4",
        "Cambridge University Press",
        "https://web.stanford.edu/~boyd/cvxbook/",
    ),
    "Chen": Reference(
        "Chen, Wu, Hong",
        2020,
        "Understanding gradient clipping in private SGD: a geometric perspective",
        "NeurIPS",
        f"{ARXIV}2006.15429",
    ),
    "Goodfellow": Reference(
        "Goodfellow, Bengio, Courville",
        2016,
        "Deep learning, section 10.11.1",
        "MIT Press",
        "https://www.deeplearningbook.org/contents/rnn.html",
    ),
    "Kingma": Reference(
        "Kingma, Ba",
        2015,
        "Adam: a method for stochastic optimization",
        "ICLR",
        f"{ARXIV}1412.6980",
    ),
    "Koloskova": Reference(
        "Koloskova, Hendrikx, Stich",
        2023,
        "Revisiting gradient clipping: stochastic bias and tight convergence guarantees",
        "ICML",
        f"{ARXIV}2305.01588",
    ),
    "Orvieto": Reference(
        "Orvieto, Gower", 2025, "In search of Adam's secret sauce", "arXiv", f"{ARXIV}2505.21829"
    ),
    "Pascanu": Reference(
        "Pascanu, Mikolov, Bengio",
        2013,
        "On the difficulty of training recurrent neural networks",
        "ICML",
        f"{ARXIV}1211.5063",
    ),
    "Zhang": Reference(
        "Zhang, He, Sra, Jadbabaie",
        2020,
        "Why gradient clipping accelerates training: a theoretical justification for adaptivity",
        "ICLR",
        f"{ARXIV}1905.11881",
    ),
    "Attention": Reference(
        "Zhang, Karimireddy, Veit, Kim, Reddi, Kumar, Sra",
        2020,
        "Why are adaptive methods good for attention models?",
        "NeurIPS",
        f"{ARXIV}1912.03194",
    ),
}

GLOSSARY = {
    "loss": "a number that says how wrong a network is; training lowers it",
    "gradient": "the direction in which the loss rises fastest, and how fast: one number for each "
    "weight. A step of descent goes the other way",
    "learning rate": "the factor between a gradient and the step",
    "threshold": "the clip value: the most that a block of numbers may have after clipping",
    "clip by value": "every number is cut off at plus and minus the threshold",
    "layer": "a part of a network, and here the numbers of the gradient that belong to it",
    "norm": "a way to measure length. Euclidean (l2): the root of the sum of squares; "
    "maximum (l-infinity): the largest size of a number",
    "clip by norm": "what is longer than the threshold is shortened to it, in its own direction: "
    "every layer for itself (per layer), or the whole (by global norm)",
    "normalize": "bring to the threshold what is shorter, too; of each number for itself that is "
    "the sign (sign descent)",
    "heavy tails": "now and then numbers that are larger than the usual by far, so that the mean "
    "of squares says little or does not exist",
}


def cite(*keys: str) -> str:
    """Return references as a sentence cites them, in Markdown."""
    found = [REFERENCES[key] for key in keys]
    return "; ".join(f"[{it.authors} {it.year}]({it.link})" for it in found)
