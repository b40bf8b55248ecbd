"""What is remembered of a file is never older than what is asked of it."""

import io
from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.gradients.reading import first_reading
from core.strategies import Array
from pages.widgets.gradients.memory import MEMORY
from tests.conftest import run_page, told

NAMES = ("a.one", "a.two", "c.one")
# Five steps of the layers (2, 1, 1).
VALUES = np.array([[3, 0, 0, 4], [6, 8, 0, 0], [1, 2, 2, 0], [0, 0, 5, 12], [2, 3, 6, 0]], float)
A, B = [0.5, 1.5, 2.5, 3.5, 1.25, 0.75], [30.0, 1.0, 20.0, 1.0, 9.0, 40.0]
LOG = "".join(
    f"step {i} grad_norm={a} d_grad_norm={b}\n" for i, (a, b) in enumerate(zip(A, B, strict=True))
)


def file_of(values: Array) -> tuple[str, bytes, str]:
    parts = zip(NAMES, np.split(values, [2, 3], axis=1), strict=True)
    tensors = {f"{i}/{name}": row for name, part in parts for i, row in enumerate(part, 1)}
    data = io.BytesIO()
    np.savez(data, allow_pickle=False, **tensors)
    return "own.npz", data.getvalue(), "application/zip"


def with_gradients(link: str = "") -> AppTest:
    page = run_page("gradients.py", link)
    return page.file_uploader(key="upload").set_value(file_of(VALUES)).run()


def with_log(link: str = "") -> AppTest:
    return run_page("gradients.py", link).text_area(key="pasted").set_value(LOG).run()


def seen(page: AppTest) -> dict[str, object]:
    assert not page.exception
    kinds = "header", "markdown", "caption", "warning", "info", "code", "button"
    texts = {kind: [str(it.proto) for it in page.get(kind)] for kind in kinds}
    tables = [it.value.to_csv() for it in (*page.table, *page.dataframe)]
    return {**texts, "tables": tables, "stage": told(page, "gradients")}


def set_depth(page: AppTest) -> AppTest:
    return page.number_input(key="depth").set_value(1).run()


def set_field(page: AppTest) -> AppTest:
    return page.selectbox(key="log_field").set_value("d_grad_norm").run()


def set_step(page: AppTest) -> AppTest:
    return page.selectbox(key="layers_of").set_value("2").run()


def set_percentile(page: AppTest) -> AppTest:
    return page.slider(key="autoclip").set_value(60).run()


def set_rules(page: AppTest) -> AppTest:
    return page.button_group(key="rules").set_value(["AdaGC"]).run()


def set_text(key: str, text: str, page: AppTest) -> AppTest:
    return page.text_input(key=key).set_value(text).run()


def set_wanted(page: AppTest) -> AppTest:
    return page.button_group(key="wanted").set_value("angle turned").run()


def set_reach(page: AppTest) -> AppTest:
    return page.button_group(key="on_steps").set_value("half of the steps").run()


def set_file(page: AppTest) -> AppTest:
    return page.file_uploader(key="upload").set_value(file_of(VALUES[::-1] * 2)).run()


BOTH = {
    "percentile": set_percentile,
    "rules": set_rules,
    "threshold": partial(set_text, "threshold", "2"),
    "another decade": partial(set_text, "threshold", "345"),
    "limit": partial(set_text, "most_loss", "35"),
    "wanted": set_wanted,
    "reach": set_reach,
    "file": set_file,
}
CHANGES = [
    *(pytest.param(with_log, change, id=f"log, {name}") for name, change in BOTH.items()),
    pytest.param(with_log, set_field, id="log, field"),
    *(
        pytest.param(with_gradients, change, id=f"gradients, {name}")
        for name, change in BOTH.items()
    ),
    pytest.param(with_gradients, set_depth, id="gradients, depth"),
    pytest.param(with_gradients, set_step, id="gradients, step"),
]


@pytest.mark.parametrize(("open_page", "change"), CHANGES)
def test_what_a_change_shows_is_what_is_shown_to_who_remembers_nothing(
    open_page: Callable[[], AppTest], change: Callable[[AppTest], AppTest]
) -> None:
    page = open_page()
    before = seen(page)
    after = seen(change(page))
    assert after != before
    page.session_state[MEMORY][1].clear()
    assert seen(page.run()) == after


def test_another_field_is_read_anew() -> None:
    page = set_field(with_log("?threshold=2"))
    reading = first_reading(B, 2.0)
    assert told(page, "gradients")["now"]["results"]["global"]["share"] == reading.share == 4 / 6
    longest = page.table[1].value
    assert longest["norm"].tolist() == ["40", "30", "20", "9", "1", "1"]


def test_another_file_is_read_anew() -> None:
    page = with_gradients()
    assert page.dataframe[0].value["norm"].tolist() == [3.0, 2.0, 0.0]
    page = set_file(page)
    assert page.dataframe[0].value["norm"].tolist() == [6.0, 4.0, 0.0]


def test_what_was_chosen_of_a_file_is_not_chosen_of_another() -> None:
    page = set_step(with_gradients())
    assert page.selectbox(key="layers_of").value == "2"
    assert set_file(page).selectbox(key="layers_of").value == "all steps"


def test_the_layers_are_those_of_the_depth_and_each_column_holds_what_its_heading_says() -> None:
    page = set_step(set_depth(with_gradients()))
    table = page.dataframe[0].value
    # The second step is (6, 8, 0) in the layer a, and (0) in the layer c.
    assert table["layer"].tolist() == ["a", "c"]
    assert table["numbers"].tolist() == [3, 1]
    assert table["norm"].tolist() == [10, 0]
    assert table["share of the whole"].tolist() == [1, 0]
    assert table["largest number"].tolist() == [8, 0]
    peaks = table["largest over root mean square"].tolist()
    assert peaks == pytest.approx([8 / np.sqrt(100 / 3), np.nan], nan_ok=True)
    assert table["not finite"].tolist() == [0, 0]
