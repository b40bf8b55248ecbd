import pytest

from tests.conftest import run_page, told

HEAVY = ["latex", "code", "table"]  # each brings a library of its own to the browser


@pytest.mark.parametrize(
    ("script", "component"), [("vector.py", "stage"), ("descent.py", "descent")]
)
def test_what_takes_long_to_load_waits_for_the_picture(script: str, component: str) -> None:
    first, then = (run_page(script, drawn=drawn) for drawn in (False, True))
    assert told(first, component) == {**told(then, component), "awaited": True}
    assert not any(first.get(kind) for kind in HEAVY)
    assert then.get("latex")
    assert then.get("table")
