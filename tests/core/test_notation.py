"""What people type is read as they mean it, or refused with what is accepted.

Every way to write a gradient, and to get one wrong, is a case in a table: they make this file long.
"""

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from core.notation import (
    ACCEPTED_GRADIENT,
    ACCEPTED_LAYERS,
    ACCEPTED_POSITIVE,
    LARGEST_NUMBER,
    MOST_NUMBERS,
    SMALLEST_NUMBER,
    TooManyNumbersError,
    read_gradient,
    read_positive,
    write_degrees,
    write_gradient,
    write_number,
)
from tests.cases import extreme_sizes, layered_gradients, parts

# Anything at all, and what comes close to a gradient.
texts = st.text(max_size=20) | st.text("01.,;| \n+-eE()[]\N{MINUS SIGN}", max_size=20)

# Reading


@given(texts, st.just("") | texts)
def test_any_text_is_a_gradient_or_a_sentence_that_says_what_is_accepted(text, sizes):
    try:
        gradient, layers = read_gradient(text, sizes)
    except ValueError as error:
        assert_is_for_readers(str(error))
    else:
        assert gradient.dtype == np.float64
        assert 1 <= gradient.size == sum(layers) <= MOST_NUMBERS
        assert min(layers) >= 1
        found = np.abs(gradient[gradient != 0])
        assert ((found >= SMALLEST_NUMBER) & (found <= LARGEST_NUMBER)).all()
        assert_reads_back(gradient, layers)


@given(texts)
def test_any_text_is_a_threshold_or_a_sentence_that_says_what_is_accepted(text):
    try:
        threshold = read_positive(text, "threshold")
    except ValueError as error:
        assert_is_for_readers(str(error))
    else:
        assert isinstance(threshold, float)
        assert SMALLEST_NUMBER <= threshold <= LARGEST_NUMBER


@given(st.text(st.characters(exclude_characters=", |\t\n"), min_size=1))
@example("`" * 30)
@example("\\`<script>alert(1)</script>")
@example("![x](https://example.org/x.png)")
def test_what_was_typed_cannot_leave_its_quotes(word):
    with pytest.raises(ValueError, match="Accepted") as caught:
        read_gradient(f"1, x{word}")
    assert_is_for_readers(str(caught.value))


def assert_is_for_readers(message):
    sentence, accepted, _ = message.partition("Accepted")
    assert accepted
    # Within backticks Markdown shows text as it is; none may stand inside them.
    assert sentence.count("`") in (0, 2)
    assert message.isprintable()


@pytest.mark.parametrize(
    ("text", "sizes", "numbers", "layers"),
    [
        ("3.2, 1.1 | 0.55, 1.35", "", [3.2, 1.1, 0.55, 1.35], (2, 2)),
        ("3 4", "", [3, 4], (2,)),
        ("3,4", "", [3, 4], (2,)),
        (" 3 ,\t4\n", "", [3, 4], (2,)),
        ("3, 4,", "", [3, 4], (2,)),
        ("[3, 4]", "", [3, 4], (2,)),
        ("(3 | 4)", "", [3, 4], (1, 1)),
        ("3|4|5", "", [3, 4, 5], (1, 1, 1)),
        ("-3, +4, \N{MINUS SIGN}5", "", [-3, 4, -5], (3,)),
        ("5. .5 5.0 05", "", [5, 0.5, 5, 5], (4,)),
        ("1e2 1E-2 1.5e+2 .5e0", "", [100, 0.01, 150, 0.5], (4,)),
        ("1e-30, -1e30", "", [1e-30, -1e30], (2,)),
        ("0, 0.000, 0e9, 0e-9999", "", [0, 0, 0, 0], (4,)),
        ("7", "", [7], (1,)),
        ("1 2 3", "2, 1", [1, 2, 3], (2, 1)),
        ("1 2 3", "2 1", [1, 2, 3], (2, 1)),
        ("1 2 3", "[2, 1]", [1, 2, 3], (2, 1)),
        ("1 2 3", "2 | 1", [1, 2, 3], (2, 1)),
        ("1 2 3", "3", [1, 2, 3], (3,)),
        ("1 2 | 3", "2 1", [1, 2, 3], (2, 1)),
        ("1 2 | 3", "  ", [1, 2, 3], (2, 1)),
        (" ".join(["1"] * 64), "", [1] * 64, (64,)),
        ("[[3, 4], [0.3, 0.4]]", "", [3, 4, 0.3, 0.4], (2, 2)),
        ("[[3. 4.]\n [5. 6.]]", "", [3, 4, 5, 6], (2, 2)),
        ("[3. 4.\n 5. 6.]", "", [3, 4, 5, 6], (4,)),
        ("[[[1, 2], [3, 4]], [[5]]]", "", [1, 2, 3, 4, 5], (4, 1)),
        ("(1, 2), (3,)", "", [1, 2, 3], (2, 1)),
        ("([1, 2], (3,),)", "", [1, 2, 3], (2, 1)),
        ("[1, 2] | [3]", "", [1, 2, 3], (2, 1)),
        ("[[1], [2]] | 3 4", "", [1, 2, 3, 4], (2, 2)),
        ("[[1, 2]]", "", [1, 2], (2,)),
        ("[[1, 2], [3]]", "2, 1", [1, 2, 3], (2, 1)),
        ("tensor(0.5)", "", [0.5], (1,)),
        ("tensor([0.1, -1.2])", "", [0.1, -1.2], (2,)),
        ("torch.tensor([0.1, -1.2]) | 3", "", [0.1, -1.2, 3], (2, 1)),
        ("tensor([1., 2.], device='cuda:0', dtype=torch.float64)", "", [1, 2], (2,)),
        ("[tensor([1.]), tensor([2.], grad_fn=<MulBackward0>)]", "", [1, 2], (1, 1)),
        ("Parameter containing:\ntensor([[1.],\n  [2.]], requires_grad=True)", "", [1, 2], (2,)),
        ("Array([[1., 2.],\n       [3., 4.]], dtype=float32)", "", [1, 2, 3, 4], (4,)),
        ("[np.float32(0.5), np.float32(-1.5)]", "", [0.5, -1.5], (2,)),
        ("<tf.Tensor: shape=(), dtype=float32, numpy=0.5>", "", [0.5], (1,)),
        (
            "[<tf.Tensor: shape=(2,), dtype=float32, numpy=array([1., 2.], dtype=float32)>,\n"
            " <tf.Variable 'b:0' shape=(1,) dtype=float32, numpy=array([3.], dtype=float32)>]",
            "",
            [1, 2, 3],
            (2, 1),
        ),
        ("weight tensor([1., 2.])\nbias tensor([3.])", "", [1, 2, 3], (2, 1)),
        ("0.weight: [1, 2]\n0.bias: [3]", "", [1, 2, 3], (2, 1)),
        ("{'weight': tensor([[1.], [2.]]), 'bias': tensor([3.])}", "", [1, 2, 3], (2, 1)),
        (
            "OrderedDict([('0.weight', tensor([1., 2.])), ('0.bias', tensor([3.]))])",
            "",
            [1, 2, 3],
            (2, 1),
        ),
        ("g = [1, 2]", "", [1, 2], (2,)),
        ("[1, 2]; [3];", "", [1, 2, 3], (2, 1)),
        ("\ufeff3, 4", "", [3, 4], (2,)),
        ("3, 4,5", "", [3, 4, 5], (3,)),
        ("3; 4", "", [3, 4], (2,)),
        ("3.5; 4;", "", [3.5, 4], (2,)),
        ("3; 4 | 5", "", [3, 4, 5], (2, 1)),
        ("3, 4; 0.3, 0.4", "", [3, 4, 0.3, 0.4], (2, 2)),
        ("[3 4; 5]", "", [3, 4, 5], (2, 1)),
        ("3,4\n0.3,0.4\n", "", [3, 4, 0.3, 0.4], (2, 2)),
        ("3\t4\r\n\r\n5\t6,", "", [3, 4, 5, 6], (2, 2)),
        ("3\n4,\n5;\n", "", [3, 4, 5], (3,)),
        ("3\n4, 5", "", [3, 4, 5], (1, 2)),
        ("1 2 |\n3 4", "", [1, 2, 3, 4], (2, 2)),
        ("[1 2; 3 4] | [5; 6]", "", [1, 2, 3, 4, 5, 6], (4, 2)),
        ("3;4\n5;6;", "", [3, 4, 5, 6], (2, 2)),
    ],
)
def test_these_are_gradients(text, sizes, numbers, layers):
    gradient, found = read_gradient(text, sizes)
    assert_array_equal(gradient, numbers)
    assert found == layers


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "The gradient is empty."),
        (" \t ", "The gradient is empty."),
        ("[]", "The gradient is empty."),
        ("3,,4", "Beside a comma or semicolon a number is missing."),
        ("3, , 4", "Beside a comma or semicolon a number is missing."),
        ("|", "A layer without numbers: nothing stands beside a bar."),
        ("1 |", "A layer without numbers: nothing stands beside a bar."),
        ("| 1", "A layer without numbers: nothing stands beside a bar."),
        ("1 || 2", "A layer without numbers: nothing stands beside a bar."),
        ("a", "`a` is not a finite number."),
        ("1, two", "`two` is not a finite number."),
        ("nan", "`nan` is not a finite number."),
        ("1, inf", "`inf` is not a finite number."),
        ("-Infinity", "`-Infinity` is not a finite number."),
        ("1e400", "`1e400` is out of range: sizes go from 1e-30 to 1e+30."),
        ("-1e400", "`-1e400` is out of range"),
        ("1e-400", "`1e-400` is out of range"),
        ("1.1e30", "`1.1e30` is out of range"),
        ("-9e-31", "`-9e-31` is out of range"),
        ("1e99999", "`1e99999` is not a finite number."),
        (" ".join(["1"] * 65), "The gradient has 65 numbers."),
        ("\N{ARABIC-INDIC DIGIT THREE}", "is not a finite number."),
        ("\N{FULLWIDTH DIGIT ONE}", "is not a finite number."),
        ("\N{VULGAR FRACTION ONE HALF}", "is not a finite number."),
        ("1_000", "`1_000` is not a finite number."),
        ("0x10", "`0x10` is not a finite number."),
        ("1j", "`1j` is not a finite number."),
        ("1e", "`1e` is not a finite number."),
        ("1e5.5", "`1e5.5` is not a finite number."),
        ("1.2.3", "`1.2.3` is not a finite number."),
        ("--1", "`--1` is not a finite number."),
        ("1+1", "`1+1` is not a finite number."),
        (".", "`.` is not a finite number."),
        ("+", "`+` is not a finite number."),
        ("3;;4", "Beside a comma or semicolon a number is missing."),
        ("[1, 2", "A bracket is open that is not closed."),
        ("[1, 2 | 3", "A bracket is open that is not closed."),
        ("(1, 2]", "A bracket is closed that is not open."),
        ("1, 2)", "A bracket is closed that is not open."),
        ("[" * 20 + "1" + "]" * 20, "More than 16 brackets are open at once."),
        ("[" * 10_000, "More than 16 brackets are open at once."),
        ("[1, [2, 3]]", "Beside a list stands something that is in no list."),
        ("[1, 2], 3", "Beside a list stands something that is in no list."),
        ("[[1],, [2]]", "Beside a list stands something that is in no list."),
        ("tensor(indices=tensor([[0]]), values=tensor([1.]))", "Beside a list stands something"),
        ("[[1], []]", "A list holds no number."),
        ("[1] |", "A layer without numbers: nothing stands beside a bar."),
        ("tensor([])", "The gradient is empty."),
        ("tensor([], size=(0, 3))", "The gradient is empty."),
        ("tensor([1., nan])", "`nan` is not a finite number."),
        ("tensor([1., ..., 2.])", "`...` is not a finite number. Three dots stand for numbers"),
        ("tensor([0.9, 0.6]8, 0.8)", "Beside a list stands something that is in no list."),
        ("tensor([1., 2., a=1 3.])", "Beside a list stands something that is in no list."),
        ("sqrt(2)", "Beside a list stands something that is in no list."),
        ("np.float32(3)4", "Beside a list stands something that is in no list."),
        ("0,5\t1,25\n2,75\t3,5", "Beside spaces or semicolons a comma may part numbers"),
        ("3,5 4", "Beside spaces or semicolons a comma may part numbers"),
        ("<b>1</b>", "`<b>1</b>` is not a finite number."),
        ("x" * 21, f"`{'x' * 20}…` is not a finite number."),
        ("a`b\\c\x00d", "`abcd` is not a finite number."),
        ("```", "` ` is not a finite number."),
        (
            "1/2, 3",
            "`1/2` is not a finite number. Write a fraction as a decimal number, such as 0.5.",
        ),
        ("3,5; 1,2", "Beside spaces or semicolons a comma may part numbers or be a decimal comma"),
        ("[3,5; 1]", "Beside spaces or semicolons a comma may part numbers or be a decimal comma"),
        (
            "3,5;1\n2,5;1",
            "Beside spaces or semicolons a comma may part numbers or be a decimal comma",
        ),
    ],
)
def test_these_are_no_gradients(text, why):
    assert_refused(lambda: read_gradient(text), why, ACCEPTED_GRADIENT)


@pytest.mark.parametrize(
    ("text", "sizes", "why"),
    [
        ("1 2 3 4", "2 3", "The layers have 5 numbers, the gradient has 4."),
        ("1 2 3 4", "5", "The layers have 5 numbers, the gradient has 4."),
        ("1 2 3 4", "1 1 1", "The layers have 3 numbers, the gradient has 4."),
        ("1 2 3 4", "0 4", "`0` is not the size of a layer."),
        ("1 2 3 4", "-1 5", "`-1` is not the size of a layer."),
        ("1 2 3 4", "2.0 2", "`2.0` is not the size of a layer."),
        ("1 2 3 4", "two", "`two` is not the size of a layer."),
        ("1 2 3 4", "2,,2", "` ` is not the size of a layer."),
        ("1 2 3 4", "[]", "` ` is not the size of a layer."),
        ("1 2 3 4", "12345", "`12345` is not the size of a layer."),
        ("1 2 3 4", "\N{ARABIC-INDIC DIGIT FOUR}", "is not the size of a layer."),
        ("1 2 | 3 4", "1 3", "The gradient itself says other layers: 2, 2."),
        ("1 2 | 3 4", "4", "The gradient itself says other layers: 2, 2."),
        ("1 2 | 3 4", "2 1", "The layers have 3 numbers, the gradient has 4."),
    ],
)
def test_these_layers_do_not_fit(text, sizes, why):
    assert_refused(lambda: read_gradient(text, sizes), why, ACCEPTED_LAYERS)


@pytest.mark.parametrize(
    ("text", "threshold"),
    [("1", 1), (" 2.5 ", 2.5), ("+.5", 0.5), ("2,", 2), ("1e-30", 1e-30), ("1e30", 1e30)],
)
def test_these_are_thresholds(text, threshold):
    assert read_positive(text, "threshold") == threshold


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "The threshold is empty."),
        ("  ", "The threshold is empty."),
        ("1 2", "The threshold is more than one number."),
        ("1, 2, 3", "The threshold is more than one number."),
        ("0,5", "The threshold is more than one number. With a decimal point it is 0.5."),
        ("1/2", "`1/2` is not a finite number. Write a fraction as a decimal number, such as 0.5."),
        ("0", "`0` is not positive."),
        ("-0.0", "`-0.0` is not positive."),
        ("-1", "`-1` is not positive."),
        ("nan", "`nan` is not a finite number."),
        ("inf", "`inf` is not a finite number."),
        ("1e31", "`1e31` is out of range: sizes go from 1e-30 to 1e+30."),
        ("1e-31", "`1e-31` is out of range"),
        ("1e-400", "`1e-400` is out of range"),
        ("one", "`one` is not a finite number."),
        ("[1]", "`[1]` is not a finite number."),
        ("1_0", "`1_0` is not a finite number."),
    ],
)
def test_these_are_no_thresholds(text, why):
    assert_refused(lambda: read_positive(text, "threshold"), why, ACCEPTED_POSITIVE)


def assert_refused(read, why, accepted):
    with pytest.raises(ValueError, match="Accepted") as caught:
        read()
    assert why in str(caught.value)
    assert str(caught.value).endswith(f". {accepted}")


NAMES = ("tensor", "torch.tensor", "array", "np.array", "Array")
ENDINGS = ("", ", dtype=float32", ", device='cuda:0', grad_fn=<AddBackward0>")


@given(layered_gradients(), st.data())
def test_a_gradient_reads_alike_however_it_is_printed(case, data):
    gradient, layers = case
    numbers = [[write_number(x) for x in part] for part in parts(gradient, layers)]
    space = data.draw(st.sampled_from((", ", " ", ",\n  ")))
    lists = [f"[{space.join(part)}]" for part in numbers]
    name, ending = data.draw(st.sampled_from(NAMES)), data.draw(st.sampled_from(ENDINGS))
    tensors = [f"{name}({each}{ending})" for each in lists]
    rows = [", ".join(part) for part in numbers]
    alone = max(layers) == 1  # then lines and semicolons part numbers
    for text in (
        f"[{space.join(lists)}]",
        f"({', '.join(tensors)})",
        " | ".join(tensors),
        " | ".join(rows) if alone else "\r\n".join([*rows, ""]),
        " | ".join(rows) if alone else f"[{'; '.join(rows)}]",
    ):
        found, found_layers = read_gradient(text)
        assert_array_equal(found, gradient)
        assert found_layers == layers


def test_of_too_many_numbers_all_are_told():
    with pytest.raises(TooManyNumbersError, match="The gradient has 65 numbers") as caught:
        read_gradient(" ".join(["1"] * 65), "5, 60")
    assert len(caught.value.gradient) == 65
    assert caught.value.layers == (5, 60)


# Writing


@given(layered_gradients())
@example((np.array([-0.0, 0.1, 1 / 3, 1e22, 1e16, SMALLEST_NUMBER, -LARGEST_NUMBER]), (3, 4)))
def test_a_written_gradient_reads_back_to_the_last_bit(case):
    assert_reads_back(*case)


def assert_reads_back(gradient, layers):
    text = write_gradient(gradient, layers)
    for sizes in ("", ", ".join(map(str, layers))):
        found, found_layers = read_gradient(text, sizes)
        assert found.tobytes() == gradient.tobytes()
        assert found_layers == layers


def test_a_float32_gradient_reads_back_as_the_same_numbers():
    gradient = np.array([0.1, 1 / 3], np.float32)
    assert_array_equal(read_gradient(write_gradient(gradient, (1, 1)))[0], gradient)


@given(extreme_sizes)
def test_a_written_threshold_reads_back_to_the_last_bit(threshold):
    assert read_positive(write_number(threshold), "threshold") == threshold


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_written_number_is_the_same_number_without_a_needless_zero(number):
    text = write_number(number)
    assert float(text).hex() == number.hex()
    assert not text.endswith(".0")


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (2.0, "2"),
        (-2.0, "-2"),
        (0.1, "0.1"),
        (10.0, "10"),
        (-0.0, "-0"),
        (0.55, "0.55"),
        (1e30, "1e+30"),
        (np.float64(1.35), "1.35"),
    ],
)
def test_numbers_are_written_as_short_as_they_can_be(number, text):
    assert write_number(number) == text


@pytest.mark.parametrize(
    ("angle", "text"),
    [(0.0, "0.0°"), (math.pi / 2, "90.0°"), (math.radians(41.4716), "41.5°")],
)
def test_angles_are_written_in_degrees(angle, text):
    assert write_degrees(angle) == text


def test_no_angle_is_written_as_a_dash():
    assert write_degrees(math.nan) == "\N{EN DASH}"


def test_a_long_run_of_digits_is_refused_at_once():  # and not after hours of going back and forth
    with pytest.raises(ValueError, match="is not a finite number"):
        read_positive("1" * 100_000 + "x", "threshold")
    with pytest.raises(ValueError, match="The gradient has 100,001 characters"):
        read_gradient("1" * 100_000 + "x")
