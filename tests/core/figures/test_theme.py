import re

import pytest

from core import looks
from core.figures import theme
from core.runs import NONE, RUNS


@pytest.mark.parametrize("run", RUNS)
def test_a_run_looks_as_its_strategy_and_without_clipping_as_the_text(run):
    if run is NONE:
        assert (looks.color(run), theme.dash(run)) == (theme.TEXT, "solid")
    else:
        assert f"--{run}" in looks.color(run)
        assert run.look.light in looks.color(run)
        pixels = re.findall(r"\d+(?=px)", theme.dash(run))
        assert pixels == re.findall(r"\d+", run.look.dash)
        assert pixels or theme.dash(run) == "solid"
