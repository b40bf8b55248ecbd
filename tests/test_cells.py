"""Of heat maps, and of nothing else, it is said that the keyboard walks over the cells."""

from urllib.parse import quote_plus

import pytest
from streamlit.testing.v1 import AppTest

from core.training.tasks import TASKS
from pages.widgets.dimensions.settings import View
from pages.widgets.plot import KEYS
from tests.conftest import all_told, run_page

CHOOSE = "Enter chooses one."


def walked(page: AppTest) -> list[bool]:
    """Check what is said of the cells of every figure of a page; return which figures have some."""
    found = []
    for told in all_told(page, "plot"):
        has_cells = '"type":"heatmap"' in told["figure"]
        assert (KEYS in told["alt"]) == has_cells, told["alt"]
        assert (CHOOSE in told["alt"]) == told["clickable"]
        found.append(has_cells)
    return found


def test_the_maps_of_descents_are_walked_over() -> None:
    assert walked(run_page("descent.py", "?steps=5&map=true&starts_of=value")) == [True, True]


def test_of_many_dimensions_only_the_sphere_is_walked_over() -> None:
    links = [f"?draws=5&view={quote_plus(view)}" for view in View]
    pages = [walked(run_page("dimensions.py", link)) for link in links]
    assert pages == [[False], [False], [False], [False, True], []]


@pytest.mark.parametrize("task", TASKS)
def test_of_a_training_the_map_of_layers_is_walked_over(task: str) -> None:
    page = run_page("training.py", f"?training_steps=2&batch=1&task={quote_plus(task)}")
    assert walked(page) == [task != "adding problem"]
    next(button for button in page.button if button.label == "Run").click().run()
    while "Stop" in [button.label for button in page.button]:
        page.run()
    assert walked(page) == [False, False, False, True, False]
