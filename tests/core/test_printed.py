from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.printed import layer_texts

numbers = st.floats(allow_nan=False, allow_infinity=False).map(repr)


@pytest.mark.parametrize(
    "text",
    [
        "3,5; 1",
        "0,3333333333333333; 0,6666666666666666",
        "\N{MINUS SIGN}0,5; \N{MINUS SIGN}0,25",
        "1,5e-3; 2,5e-3",
        "1.000,5; 2",
        "0,5 1,5; 2,5 3,5",
        "3,5;1\n2,5;1",
        "[3,5; 1]",
        "3,5; 1 | 2",
        "[[3,5; 1], [2]]",
    ],
)
def test_beside_semicolons_what_may_be_a_decimal_comma_is_not_guessed(text: str) -> None:
    with pytest.raises(ValueError, match="may part numbers or be a decimal comma"):
        layer_texts(text)


@pytest.mark.parametrize(
    "text", ["tensor([1.])[0]", "(3)(4)", "[1][2]", "[1] 2 [3]", "[[1],, [2]]"]
)
def test_what_stands_between_lists_is_a_comma_or_space_and_nothing_else(text: str) -> None:
    with pytest.raises(ValueError, match="Beside a list stands something"):
        layer_texts(text)


@given(st.lists(numbers, min_size=1, max_size=6))
@example(["1.5", "2.5"])
def test_a_column_is_one_layer_as_is_what_semicolons_alone_part(column: list[str]) -> None:
    assert len(layer_texts("\n".join(column))) == len(layer_texts("; ".join(column))) == 1


def test_a_print_without_its_end_is_read_soon() -> None:
    with suppress(ValueError):
        layer_texts("<tf." + "a" * 10_000 + " numpy=x" * 1_000)


@pytest.mark.parametrize(
    "piece",
    [
        "(",
        "tensor(",
        " ",
        "[1],",
        "tensor(1, a=1",
        "np.float32(1",
        "\n",
        "<tf.x ",
        " numpy=x",
        "a.",
        "{'a.a",
    ],
)
def test_long_texts_are_read_soon(piece: str) -> None:  # a pattern that goes back and forth hangs
    with suppress(ValueError):
        layer_texts(piece * (20_000 // len(piece)))
