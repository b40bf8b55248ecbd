"""What a card reads in its link, and what it says of it, is what the app reads and says."""

import json
import unicodedata
from typing import Any

import pytest
import quickjs
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.assets import ASSETS
from core.notation import read_gradient, read_positive, write_gradient, write_number
from pages.widgets.browser import script
from pages.widgets.card import facts
from tests.cases import layered_gradients

JAVASCRIPT = quickjs.Context()
JAVASCRIPT.eval(script(ASSETS / "live" / "notation.js"))
JAVASCRIPT.eval(
    f"""
    const reader = live_notation.notation({json.dumps(facts())});
    function said(read) {{
      try {{ return JSON.stringify(read()); }}
      catch (error) {{
        if (error instanceof live_notation.Refusal) return JSON.stringify(error.message);
        throw error;
      }}
    }}
    """
)
NAMES = ["tensor(", "np.array(", "torch.Tensor(", "float32(", "dtype=float32", "grad_fn=<A>", "..."]
PIECES = [
    *[
        "1",
        "-2.5",
        "3e-1",
        "1e400",
        "1e-31",
        ".5",
        "5.",
        "nan",
        "x",
        "0",
        "1,5",
        "1/2",
        "\N{MINUS SIGN}1",
    ],
    *[" ", "\n", "\r\n", "\t", "\x1c", "\xa0", "\u2028", ",", ", ", ";", "; ", "|", " | "],
    *["[", "]", "(", ")", "[[", "]]", "), ", "`", "\\", "<", ">", "=", *NAMES],
    *[
        "<tf.Tensor: shape=(2,), dtype=float32, numpy=",
        "Parameter containing:\n",
        "{'w': ",
        "weight: ",
        "b ",
        "g = ",
        "'a', ",
        "}",
        "\ufeff",
        "numpy=",
        "sin(",
        "OrderedDict(",
        "<tf.x",
        "float16(3)",
    ],
]


def known(text: str) -> bool:
    # Of what one side does not know yet, the versions of Unicode differ.
    unknown = JAVASCRIPT.eval(rf"/\p{{Cn}}/u.test({json.dumps(text)})")
    return not unknown and all(unicodedata.category(c) != "Cn" for c in text)


texts = st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.text(max_size=20).filter(
    known
)


def read(call: str, *arguments: object) -> Any:
    return json.loads(JAVASCRIPT.eval(f"said(() => reader.{call}(...{json.dumps(arguments)}))"))


def answer(read: Any) -> Any:
    try:
        return read()
    except ValueError as error:
        return str(error)


@settings(max_examples=1500, deadline=None)
@given(texts, st.just("") | texts)
@example("1 " * 65, "")
@example("9" * 20_001, "")
@example("1, 2, 3", "1, 2")
@example("3,5; 1,2", "")
def test_a_gradient(text: str, sizes: str) -> None:
    def python() -> dict[str, Any]:
        gradient, layers = read_gradient(text, sizes)
        return {"gradient": gradient.tolist(), "layers": list(layers)}

    assert read("readGradient", text, sizes) == answer(python)


@settings(max_examples=500, deadline=None)
@given(texts)
@example("0,5")
@example(" 1 ")
def test_a_positive_number(text: str) -> None:
    assert read("readPositive", text, "threshold") == answer(
        lambda: read_positive(text, "threshold")
    )


@given(st.floats(allow_nan=False, allow_infinity=False))
@example(1e16)
@example(1e-5)
@example(0.0001)
@example(-0.0)
def test_a_number_is_written_alike(number: float) -> None:
    negative_zero = "-0" if str(number) == "-0.0" else json.dumps(number)
    assert JAVASCRIPT.eval(f"live_notation.writeNumber({negative_zero})") == write_number(number)


@given(layered_gradients())
def test_a_gradient_is_written_alike(case: Any) -> None:
    gradient, layers = case
    plain = "[" + ", ".join(map(repr, gradient.tolist())) + "]"
    written = JAVASCRIPT.eval(f"live_notation.writeGradient({plain}, {json.dumps(layers)})")
    assert written == write_gradient(gradient, layers)


@pytest.mark.parametrize("text", ["1e 3", "1.E 3 | 2e 5", "e 3", "2 e 3", "1 e3"])
def test_a_plus_that_the_link_ate_comes_back(text: str) -> None:
    from pages.widgets.inputs import EATEN_PLUS

    found = JAVASCRIPT.eval(f"live_notation.plus({json.dumps(text)})")
    assert found == EATEN_PLUS.sub("+", text)
