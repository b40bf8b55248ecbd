"""Records what TensorFlow, Keras and Optax return, for tests where they are not installed.

In an environment of `tests/requirements-frameworks.txt`:
``python -m tests.core.frameworks.record``.
"""

import json
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import numpy as np

from core.frameworks.entries import Outcome, Raised, Result, Tensor, Tensors
from core.frameworks.precisions import Precision
from core.frameworks.registry import FRAMEWORKS
from core.frameworks.sums import matrix_of
from tests.core.frameworks.cases import calls, grid
from tests.core.frameworks.runs import RUNS

FOLDER = Path(__file__).parent / "recorded"
RECORDED = {  # by framework: its file, and the packages whose versions matter
    "TensorFlow": ("tensorflow.json", ("tensorflow-cpu",)),
    "Keras": ("keras.json", ("keras", "tensorflow-cpu")),
    "JAX with Optax": ("optax.json", ("optax", "jax")),
}
MOST = 60  # characters of a message


def trials(name: str) -> Iterator[tuple[str, str, Tensors, Precision, Outcome]]:
    """Yield every case of a framework: a title, code, tensors, type, and what is computed."""
    framework = FRAMEWORKS[name]
    for title, tensors, precision, clipper in grid():
        computed = framework.compute(clipper, tensors, precision)
        yield title, framework.code(clipper).text, tensors, precision, computed
    for title, owner, code, tensors, precision, computed in calls():
        if owner == name:
            yield title, code, tensors, precision, computed


def encode(outcome: Outcome, precision: Precision) -> str:
    """Write an outcome as one line: the fewest digits that read back as the same numbers."""
    if isinstance(outcome, Raised):
        return f"{outcome.type}: {outcome.message[:MOST]}"
    assert isinstance(outcome, Result)

    def tensor(given: Tensor) -> str:
        matrix = matrix_of(given, precision)
        return "None" if matrix is None else " ".join(precision.write(x) for x in matrix.ravel())

    norm = "" if outcome.norm is None else f";{precision.write(outcome.norm)}"
    return "|".join(tensor(each) for each in outcome.tensors) + norm


def decode(line: str, tensors: Tensors, precision: Precision) -> Outcome:
    """Read what `encode` wrote of tensors of the shapes that came."""
    kind, colon, message = line.partition(": ")
    if colon:
        return Raised(kind, message)
    numbers, _, norm = line.partition(";")
    texts = numbers.split("|") if tensors else []

    def tensor(text: str, given: Tensor) -> Tensor:
        if text == "None":
            return None
        shape = np.shape(matrix_of(given, precision))
        read = [float(precision.read(word)) for word in text.split()]
        return precision.round(np.array(read)).reshape(shape)

    return Result(
        tuple(tensor(text, given) for text, given in zip(texts, tensors, strict=True)),
        float(precision.read(norm)) if norm else None,
    )


def recorded(name: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return the versions of the packages, and the line of every case."""
    held = json.loads((FOLDER / RECORDED[name][0]).read_text())
    titles = [title for title, *_ in trials(name)]
    return held["versions"], dict(zip(titles, held["outcomes"], strict=True))


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, (file, packages) in RECORDED.items():
        run = RUNS[name][1]
        lines = [encode(run(code, given, p), p) for _, code, given, p, _ in trials(name)]
        held = {"versions": {each: version(each) for each in packages}, "outcomes": lines}
        (FOLDER / file).write_text(json.dumps(held, indent=0) + "\n")


if __name__ == "__main__":
    main()
