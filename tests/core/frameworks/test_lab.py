import numpy as np
import pytest

from core.clipping import Rule
from core.frameworks.entries import Raised, Result, Skipped, SparseRows
from core.frameworks.lab import cases, lab, typed
from core.frameworks.precisions import Precision
from core.frameworks.registry import FRAMEWORKS, SETTINGS
from core.strategies import Strategy

CASES = {case.name: case for case in cases()}
ON_PYTORCH = {"PyTorch", "Lightning", "Transformers", "torchtitan", "Accelerate"}


def numbers(name, framework, strategy=Strategy.GLOBAL):
    found = lab(CASES[name], strategy)[framework]
    assert isinstance(found, Result)
    return np.concatenate([np.ravel(t) for t in found.tensors if t is not None])


@pytest.mark.parametrize("name", CASES)
def test_every_case_has_a_sentence_and_an_outcome_for_every_framework(name):
    case = CASES[name]
    assert case.why.endswith(".")
    for strategy in Strategy:
        for rule in Rule:
            found = set(lab(case, strategy, rule))
            is_global = strategy is Strategy.GLOBAL and rule is not Rule.NORMALIZE
            assert found == {*FRAMEWORKS, *(SETTINGS if is_global else ())}


def test_every_kind_of_edge_is_there():
    tensors = [tensor for case in CASES.values() for tensor in case.tensors]
    assert {case.threshold for case in CASES.values()} >= {0.0, -1.0}
    assert {case.precision for case in CASES.values()} >= {
        Precision.FLOAT16,
        Precision.BFLOAT16,
        Precision.FLOAT32,
    }
    assert any(case.tensors == () for case in CASES.values())
    assert any(tensor is None for tensor in tensors)
    assert any(isinstance(tensor, SparseRows) for tensor in tensors)
    assert any(isinstance(tensor, np.ndarray) and tensor.size == 0 for tensor in tensors)


# What the sentences say


def test_zero_stays_zero():
    assert all(not numbers("zero gradient", name).any() for name in lab(CASES["zero gradient"]))


def test_zero_divided_by_zero():
    found = {
        name for name in FRAMEWORKS if np.isnan(numbers("threshold 0, zero gradient", name))[0]
    }
    assert found == {"TensorFlow", "JAX with Optax"}


def test_a_threshold_below_zero_turns_around():
    found = {name for name in FRAMEWORKS if numbers("threshold below 0", name)[0] < 0}
    assert found == {"PyTorch", "JAX with Optax"}


def test_one_nan_spreads_by_norm_alone():
    for name in FRAMEWORKS:
        assert np.isnan(numbers("one NaN", name)).all()
        by_value = np.isnan(numbers("one NaN", name, Strategy.VALUE)).tolist()
        # Transformers clips at an infinite norm first.
        assert by_value == ([True] * 3 if name == "Transformers" else [True, False, False])


@pytest.mark.parametrize("name", ["one infinity", "squares out of range"])
def test_an_infinite_norm_zeroes_or_makes_all_nan(name):
    for framework in ("PyTorch", "JAX with Optax"):
        assert numbers(name, framework)[1] == 0
    for framework in ("TensorFlow", "Keras"):
        assert np.isnan(numbers(name, framework)).all()
    assert isinstance(lab(CASES[name])["DeepSpeed"], Skipped)


def test_one_number_is_not_squared_by_pytorch():
    for name in lab(CASES["one large number alone"]):
        is_right = np.isclose(numbers("one large number alone", name), 1).all()
        assert is_right == (name in ON_PYTORCH | {"DeepSpeed"})


def test_float16_is_squared_in_float32_by_pytorch_alone():
    for name in FRAMEWORKS:
        is_right = np.allclose(numbers("float16", name), [0.6, 0.8], rtol=2e-3)
        assert is_right == (name in ON_PYTORCH)
    small = "small numbers in float16"
    assert np.allclose(numbers(small, "TensorFlow"), [1e-4, 2e-4], rtol=1e-3)
    assert np.linalg.norm(numbers(small, "JAX with Optax")) < 0.95e-4


def test_who_raises():
    def raising(name, strategy):
        found = lab(CASES[name], strategy)
        return {framework for framework in FRAMEWORKS if isinstance(found[framework], Raised)}

    on_torch = {"PyTorch", "Lightning", "Transformers"}
    assert raising("no tensors", Strategy.VALUE) == on_torch
    assert raising("no tensors", Strategy.GLOBAL) == set()
    assert raising("None", Strategy.VALUE) == raising("None", Strategy.LAYER) == {"TensorFlow"}
    assert raising("None", Strategy.GLOBAL) == set()
    assert raising("sparse rows", Strategy.GLOBAL) == on_torch
    radial = lab(CASES["an empty tensor"], Strategy.VALUE, Rule.RADIAL)
    assert isinstance(radial["PyTorch"], Raised)


def test_sparse_rows_that_come_twice_count_twice():
    found = lab(CASES["sparse rows"])["TensorFlow"].tensors[0]
    assert np.isclose(np.linalg.norm(found.values), 1)
    assert np.linalg.norm(found.to_dense()) > 1.4
    assert np.isclose(np.linalg.norm(numbers("sparse rows", "JAX with Optax")), 1)


def test_at_the_threshold_pytorch_shortens():
    for name in FRAMEWORKS:
        assert (numbers("at the threshold", name)[0] < 3) == (name in ON_PYTORCH)
        halved = np.isclose(numbers("at a tiny threshold", name), [3e-7, 4e-7], rtol=1e-5, atol=0)
        assert halved.all() == (name in ON_PYTORCH)


def test_typed_rounds_and_keeps_gaps():
    found = typed((np.array([0.1]), None), Precision.BFLOAT16)
    assert found[0].tolist() == [0.10009765625]
    assert found[1] is None
