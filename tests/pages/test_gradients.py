"""The page of the reader's own gradients: what is pasted is read, or refused in words."""

from functools import partial

import pytest

from tests.conftest import run_page

open_link = partial(run_page, "gradients.py")
LOG = "\n".join(f"step {i} grad_norm={0.5 + (i % 4)} d_grad_norm={9 + i}" for i in range(8))


def test_a_fresh_page_shows_no_warning() -> None:
    page = open_link()
    assert not page.warning
    assert not page.table


def test_a_pasted_log_is_read_and_its_field_can_be_chosen() -> None:
    page = open_link("?threshold=2")
    page.text_area(key="pasted_log").set_value(LOG).run()
    assert not page.exception
    assert not page.warning
    said = "8 norms with their steps, from the field `grad_norm`"
    assert any(said in paragraph.value for paragraph in page.markdown)
    assert "a step-size limiter: it acts on 50.0% of the steps" in page.header[0].value
    assert len(page.table) == 1
    page.selectbox(key="log_field").set_value("d_grad_norm").run()
    assert not page.exception
    assert "a normalizer" in page.header[0].value


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("max_grad_norm=1.0", "Accepted: a log"),
        ("grad_norm\n0\n0\n0", "All norms are zero"),
        ("grad_norm\nnan\nnan", "No norm is a finite number"),
    ],
)
def test_what_is_wrong_is_said(text: str, says: str) -> None:
    page = open_link()
    page.text_area(key="pasted_log").set_value(text).run()
    assert not page.exception
    assert any(says in warning.value for warning in page.warning)
