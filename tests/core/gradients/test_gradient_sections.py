"""The ways from a diagnosis lead to what shows its mechanism."""

import pytest

from core.answers.answers import ANSWERS
from core.descent import exhibits as descent
from core.gradients.diagnosis import Exhibit
from core.gradients.gradient_sections import EXHIBITS, way
from core.training import exhibits as training
from pages.widgets.descent.exhibits import inputs_of
from pages.widgets.inputs import query
from pages.widgets.training.settings import FAULT, TASK


@pytest.mark.parametrize(("page", "name"), EXHIBITS)
def test_an_address_opens_the_exhibit_of_this_name(page: str, name: str) -> None:
    address = EXHIBITS[page, name]
    match page:
        case "descent":
            assert address == f"descent?{query(inputs_of(descent.EXHIBITS[name].experiment))}"
        case "training":
            it = training.EXHIBITS[name]
            assert address == f"training?{query({TASK.key: it.task, FAULT.key: it.fault})}"
        case "answers":
            assert address == f"answers#{name}"
            assert name in ANSWERS
    assert f"(./{address})" in way(Exhibit(page, name))
