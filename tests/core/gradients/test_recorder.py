"""Each text is run as a reader would run it, and its files are read as the page reads them."""

import ast
import csv
from itertools import islice

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose
from torch.nn.functional import mse_loss

from core.clipping import length_of
from core.gradients.files import read_gradients
from core.gradients.norm_log import read_norm_log
from core.gradients.recorder import GRADIENTS, NORMS, RECORDERS, SHARED
from tests.conftest import ROOT

LIMIT = 1e-3  # so low that every step is clipped
STEPS = (0, 10)
SHAPES = {"0.bias": (4,), "0.weight": (4, 3), "2.bias": (1,), "2.weight": (1, 4)}  # as it sorts


def small_loss(outputs, targets):
    """Is so small that the first loss scale, 65536, does not overflow half precision."""
    return mse_loss(outputs, targets) / 16


class Spy(torch.optim.SGD):
    """Notes the norm that it is given at every step."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.given = []

    def step(self, closure=None):
        if closure is not None:
            with torch.enable_grad():
                closure()
        norms = [
            p.grad.norm()
            for group in self.param_groups
            for p in group["params"]
            if p.grad is not None
        ]
        self.given.append(float(torch.stack(norms).norm()))
        return super().step()


def network():
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1))
    model.register_parameter("unused", torch.nn.Parameter(torch.ones(2)))
    return model


def batches(count):
    draw = torch.Generator().manual_seed(1)
    return [
        (torch.randn(8, 3, generator=draw), torch.randn(8, 1, generator=draw)) for _ in range(count)
    ]


def expected(together=1, scaled=False, count=11, loss_function=mse_loss):
    """The gradients of all steps by autograd, in a loop of its own."""
    model = network()
    weights = [dict(model.named_parameters())[name] for name in SHAPES]
    found, data = [], iter(batches(count * together))
    for _ in range(count):
        some = list(islice(data, together))
        with torch.autocast("cpu", torch.float16, enabled=scaled):
            loss = sum(loss_function(model(x), y) for x, y in some) / together
        gradients = torch.autograd.grad(loss, weights)
        found.append(torch.cat([g.ravel() for g in gradients]).numpy())
        length = float(np.linalg.norm(found[-1]))
        with torch.no_grad():
            for weight, gradient in zip(weights, gradients, strict=True):
                weight -= 0.1 * gradient * min(1, LIMIT / length)
    return np.array(found)


def run(name, count, **names):
    model = network()
    optimizer = Spy(model.parameters(), lr=0.1)
    used = {
        "model": model,
        "optimizer": optimizer,
        "loader": batches(count),
        "loss_function": mse_loss,
        "max_norm": LIMIT,
        **names,
    }
    exec(compile(RECORDERS[name].code, name, "exec"), used)
    return optimizer


def check(folder, wanted, rtol=1e-5):
    gradients = read_gradients((folder / GRADIENTS).read_bytes(), GRADIENTS)
    assert gradients.steps == STEPS
    assert dict(zip(gradients.names, gradients.shapes, strict=True)) == SHAPES
    assert gradients.warnings == ()
    assert_allclose(gradients.values, wanted[list(STEPS)], rtol=rtol, atol=rtol * wanted.std())
    log = read_norm_log((folder / NORMS).read_bytes(), NORMS)
    assert log.steps.tolist() == list(range(len(wanted)))
    assert log.warnings == ()
    assert_allclose(log.norms, length_of(wanted), rtol=rtol)
    assert log.norms.min() > 10 * LIMIT


def test_a_plain_loop(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    given = run("pytorch", 11).given
    check(tmp_path, expected())
    assert_allclose(given, LIMIT, rtol=1e-3)


def test_mixed_precision_is_unscaled(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run("mixed precision", 11, device="cpu", loss_function=small_loss)
    check(tmp_path, expected(scaled=True, loss_function=small_loss), rtol=0.02)  # of half precision


def test_accumulated_gradients_are_recorded_once_a_step(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    given = run("accumulation", 33, batches=3).given
    check(tmp_path, expected(together=3))
    assert len(given) == 11


def test_what_is_not_finite_is_written_as_the_page_reads_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    used = {}
    exec(SHARED, used)
    model = network()
    for step, value in enumerate((1.0, np.inf, np.nan)):
        model.unused.grad = torch.tensor([value, 0.0], dtype=torch.bfloat16).float()
        used["record"](model, step)
    with open(NORMS) as log:
        assert [row["grad_norm"] for row in csv.DictReader(log)] == ["1.0", "inf", "nan"]
    assert_allclose(
        read_norm_log((tmp_path / NORMS).read_bytes(), NORMS).norms, [1, np.inf, np.nan]
    )


def test_what_is_recorded_is_a_copy_in_any_layout_and_precision(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    used = {}
    exec(SHARED, used)
    layer = torch.nn.Linear(2, 3, dtype=torch.float64)
    layer.weight.grad = torch.arange(6.0, dtype=torch.float64).reshape(2, 3).T
    layer.bias.grad = torch.ones(3, dtype=torch.float64)
    used["record"](layer, 0, 2.0)
    layer.weight.grad.zero_()
    used["record"](layer, 10)
    gradients = read_gradients((tmp_path / GRADIENTS).read_bytes(), GRADIENTS)
    assert gradients.values.dtype == np.float32
    assert gradients.values.tolist() == [
        [0.5, 0.5, 0.5, 0, 1.5, 0.5, 2, 1, 2.5],
        [1, 1, 1, 0, 0, 0, 0, 0, 0],
    ]


@pytest.mark.parametrize("name", RECORDERS)
def test_the_code_is_short_and_records_in_one_place(name):
    recorder = RECORDERS[name]
    calls = [
        node
        for node in ast.walk(ast.parse(recorder.code))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "record"
    ]
    assert len(calls) == 1
    assert len(recorder.call.splitlines()) <= 14
    assert len(SHARED.splitlines()) <= 22
    assert max(map(len, recorder.code.splitlines())) < 100


def test_lightning(tmp_path, monkeypatch):
    lightning = pytest.importorskip("lightning")
    monkeypatch.chdir(tmp_path)

    class Module(lightning.LightningModule):
        def __init__(self):
            super().__init__()
            self.net = network()

        def training_step(self, batch, index):
            return mse_loss(self.net(batch[0]), batch[1])

        def configure_optimizers(self):
            self.spy = Spy(self.parameters(), lr=0.1)
            return self.spy

    trainer = lightning.Trainer(
        max_epochs=1,
        gradient_clip_val=LIMIT,
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        accelerator="cpu",
    )
    module = Module()
    code = RECORDERS["lightning"].code.replace("record(module,", "record(module.net,")
    assert "module.net" in code
    loader = torch.utils.data.DataLoader(batches(11), batch_size=None)
    exec(code, {"trainer": trainer, "module": module, "loader": loader})
    check(tmp_path, expected())
    assert_allclose(module.spy.given, LIMIT, rtol=1e-3)


def test_transformers(tmp_path, monkeypatch):
    transformers = pytest.importorskip("transformers")
    pytest.importorskip("accelerate")
    monkeypatch.chdir(tmp_path)

    class Model(torch.nn.Sequential):
        def forward(self, x, labels):
            loss = mse_loss(super().forward(x), labels)
            return {"loss": loss}

    model = Model(*network())
    model.register_parameter("unused", torch.nn.Parameter(torch.ones(2)))

    class Data(torch.utils.data.IterableDataset):  # which is not shuffled
        def __iter__(self):
            pairs = (pair for batch in batches(33) for pair in zip(*batch, strict=True))
            return ({"x": x, "labels": y} for x, y in pairs)

    data = Data()
    arguments = transformers.TrainingArguments(
        output_dir=str(tmp_path / "out"),
        max_grad_norm=LIMIT,
        per_device_train_batch_size=8,
        gradient_accumulation_steps=3,
        max_steps=11,
        learning_rate=0.1,
        lr_scheduler_type="constant",
        report_to=[],
        save_strategy="no",
        disable_tqdm=True,
        use_cpu=True,
    )
    spy = Spy(model.parameters(), lr=0.1)
    code = RECORDERS["transformers"].code.replace(
        "train_dataset=data)", "train_dataset=data, optimizers=(spy, None))"
    )
    assert "spy" in code
    exec(code, {"model": model, "training_arguments": arguments, "data": data, "spy": spy})
    check(tmp_path, expected(together=3))
    assert_allclose(spy.given, LIMIT, rtol=1e-3)


def test_the_readme_has_these_lines() -> None:
    readme = (ROOT / "README.md").read_text()
    assert SHARED in readme
    assert RECORDERS["pytorch"].call in readme
