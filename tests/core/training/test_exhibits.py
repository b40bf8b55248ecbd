"""What ready-made trainings claim is what they come to."""

import pytest

from core.training.exhibits import EXHIBITS
from core.training.report import summary
from core.training.tasks import TASKS
from core.training.train import train


@pytest.mark.parametrize(
    ("name", "run"), [(name, run) for name, it in EXHIBITS.items() for run in it.metrics]
)
def test_an_exhibit_shows_what_it_claims(name, run):
    exhibit = EXHIBITS[name]
    row = summary(exhibit.training, run, list(train(exhibit.training, run)))
    for claimed, found in (
        (exhibit.metrics, row.metric),
        (exhibit.clipped, row.clipped_share),
    ):
        low, high = claimed.get(run, (float("-inf"), float("inf")))
        assert low <= found <= high


def test_every_task_has_an_exhibit():
    assert {exhibit.task for exhibit in EXHIBITS.values()} == set(TASKS)
