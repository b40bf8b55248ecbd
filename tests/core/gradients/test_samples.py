import re
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

from core.assets import ASSETS
from core.gradients.files import looks_like_gradients, read_gradients
from core.gradients.norm_log import read_norm_log
from core.gradients.reading import first_reading
from core.gradients.samples import SAMPLES
from core.training.tasks import TASKS

LOGS = [name for name, it in SAMPLES.items() if it.file.endswith(".csv")]
RECORDINGS = [name for name in SAMPLES if name not in LOGS]
MOST = 1_100_000  # bytes: what is loaded at a click


def norms(name):
    return read_norm_log(SAMPLES[name].data(), SAMPLES[name].file).norms


@pytest.mark.parametrize("name", LOGS)
def test_a_log_is_read_as_one_and_told_to_be_synthetic(name):
    sample = SAMPLES[name]
    assert not looks_like_gradients(sample.data())
    log = read_norm_log(sample.data(), sample.file)
    assert log.field == "grad_norm"
    assert log.steps.tolist() == list(range(len(log.norms)))
    assert "synthetic" in sample.label.lower()
    assert "synthetic" in sample.file
    assert sample.data() == sample.data()


def test_the_calm_one_makes_of_1_a_safety_net_that_acts():
    reading = first_reading(norms("calm"), 1.0)
    assert reading.kind == "a safety net"
    assert 0 < reading.share < 0.01
    assert read_norm_log(SAMPLES["calm"].data(), "").warnings == ()


def test_the_spiking_one_has_spikes_over_a_trend():
    parts = norms("spiking").reshape(10, 300)
    trend = np.median(parts, axis=1)
    assert trend[0] > 2 * trend[-1]
    spikes = parts / trend[:, np.newaxis]
    assert 0.005 < np.mean(spikes > 4) < 0.02
    assert spikes.max() > 100


def test_the_exploding_one_ends_in_infinity_and_nan():
    found = norms("exploding")
    lost = np.flatnonzero(~np.isfinite(found))
    assert lost[0] > 700
    assert lost[-1] == len(found) - 1
    assert np.isinf(found[lost[0]])
    assert np.isnan(found[lost[1:]]).all()
    assert (np.diff(np.log(found[600 : lost[0] : 10])) > 0).all()


@pytest.mark.parametrize("name", RECORDINGS)
def test_a_recording_is_of_its_task_and_small(name):
    sample = SAMPLES[name]
    assert looks_like_gradients(sample.data())
    gradients = read_gradients(sample.data(), sample.file)
    assert len(sample.data()) <= MOST
    assert gradients.warnings == ()
    assert len(gradients.steps) == 6
    assert gradients.steps[0] == 0
    assert gradients.steps[-1] == TASKS[name].steps - 1
    assert dict(zip(gradients.names, gradients.shapes, strict=True)) == TASKS[name].shapes
    assert gradients.values.dtype == np.float32
    assert np.isfinite(gradients.values).all()
    assert sample.file in (ASSETS / "data" / "gradients.md").read_text()


def test_every_task_has_one_and_every_file_a_name_of_its_own():
    assert list(TASKS) == RECORDINGS
    assert len({it.file for it in SAMPLES.values()}) == len(SAMPLES)


def lines():
    """What the lines in gradients.md define, without the loop that writes all files."""
    text = (ASSETS / "data" / "gradients.md").read_text()
    code = re.search(r"```python\n(.*?)\n```", text, re.DOTALL)[1]
    defined: dict[str, object] = {}
    exec(code.partition("\nfor task in")[0], defined)
    return defined


def test_the_lines_in_the_text_make_the_file(tmp_path: Path):
    name = "adding problem"
    lines()["record"](name, tmp_path)
    kept = SAMPLES[name]
    anew = read_gradients((tmp_path / kept.file).read_bytes(), kept.file)
    stored = read_gradients(kept.data(), kept.file)
    assert (anew.names, anew.shapes, anew.steps) == (stored.names, stored.shapes, stored.steps)
    # On another machine the last digits differ, and after its first steps it goes another way.
    first = stored.values[0]
    assert_allclose(anew.values[0], first, rtol=1e-3, atol=1e-5 * np.abs(first).max())
