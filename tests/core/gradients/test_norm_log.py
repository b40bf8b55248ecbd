"""A log is read as people bring it, or refused with what is accepted.

Every shape and every trap is a case: they make this file long.
"""

import json
import math
import tracemalloc

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from core.gradients import fields, norm_log
from core.gradients.norm_log import read_norm_log

NORMS = [0.5, 12.25, 3.0]
STEPS = [1, 2, 3]


def triples(norms):
    return json.dumps([[1.7e9 + i, i + 1, norm] for i, norm in enumerate(norms)])


def lines(form):
    """Return how norms are written, one line for each with its step."""

    def write(norms):
        return "".join(form.format(step=i + 1, norm=norm) + "\n" for i, norm in enumerate(norms))

    return write


WITH_STEPS = {
    "CSV": lambda it: "step,loss,grad_norm\n" + lines("{step},2.5,{norm}")(it),
    "CSV of mixed rows": lambda it: "a,step,grad_norm\n" + lines("1,{step},\n,{step},{norm}")(it),
    "semicolons": lambda it: "step;grad_norm\n" + lines("{step};{norm}")(it),
    "TSV": lambda it: "step\tgrad_norm\n" + lines("{step}\t{norm}")(it),
    "spaces": lambda it: "step loss grad_norm\n" + lines("{step} 2.5 {norm}")(it),
    "TensorBoard": lambda it: "Wall time,Step,Value\n" + lines("1.7e9,{step},{norm}")(it),
    "TensorBoard's JSON": triples,
    "W&B": lambda it: '"Step","max lr: 0.1 - train/grad_norm"\n' + lines('"{step}","{norm}"')(it),
    "Lightning": lambda it: (
        "grad_2.0_norm_total,step,loss\n" + lines("{norm},{step},\n,{step},2.5")(it)
    ),
    "JSON lines": lines(
        '{{"step": {step}, "param_norm": 900.0, "train": {{"grad_norm": "{norm}"}}}}'
    ),
    "a trainer state": lambda it: json.dumps(
        {
            "log_history": [
                *({"step": i + 1, "grad_norm": norm} for i, norm in enumerate(it)),
                {"train_runtime": 3.0, "step": len(it)},
                {"eval_loss": 3.0},
            ]
        }
    ),
    "lists": lambda it: json.dumps({"step": [*range(1, len(it) + 1), 0], "grad_norm": [*it, None]}),
    "Megatron": lines(
        " iteration   {step}/ 100 | lm loss: 2.5E+00 | loss scale: 8.0 | grad norm: {norm} | n: 1 |"
    ),
    "torchtitan": lines(
        "[rank0]:\x1b[31mstep: {step}\x1b[0m  loss: 2.5  grad_norm:  {norm}  tps: 11,023"
    ),
    "nanoGPT": lines("step   {step} | loss: 2.5 | lr 4e-6 | norm: {norm} | dt: 12.3ms"),
    "llm.c": lines("step   {step}/18 | loss 2.5 (+nanz)| norm {norm} (+0.12z)| lr 1e-6"),
    "verl": lines("step:{step} - actor/grad_norm:np.float64({norm}) - response/clip_ratio:0.1"),
    "fairseq": lines("epoch 1: loss=2.5, num_updates={step}, gnorm={norm}, clip=40"),
    "bars": lines("step {step}: loss 2.5, |g| = {norm} lr 0.1"),
    "double bars": lines("step={step} ||grad||_2={norm}, ||w||_2=3.5"),
    "signs": lines("step: {step}  ‖∇f‖₂: {norm}"),
    "gn": lines("it {step} gn={norm} lr=0.1"),
    "a logger": lines("INFO max_grad_norm = 1.0, Grad Norm={norm}, Step={step}"),
    "steps on lines before": lines("step {step}\nloss 2.5\ngrad norm: {norm}"),
    "dictionaries in one line": lines("{{'step': {step}, 'grad_norm': {norm}}},"),
}
WITHOUT_STEPS = {
    "a column": lines("{norm}"),
    "a column with its name": lambda it: "grad_norm\n" + lines("{norm}")(it),
    "a list": lambda it: f"[{', '.join(map(str, it))}]",
    "a tensor": lambda it: f"tensor([{', '.join(map(str, it))}], dtype=torch.float64)",
    "dictionaries": lines(
        "{{'loss': 2.5, 'grad_norm': {norm}, 'epoch': 0.1}}\r 9%|█ | 1/3 [00:01]"
    ),
    "quoted": lines("{{'loss': '2.5', 'grad_norm': '{norm}'}}"),
}
NUMBERS = st.floats(0, 1e30) | st.sampled_from([math.nan, math.inf])


@pytest.mark.parametrize("shape", WITH_STEPS | WITHOUT_STEPS)
@given(st.lists(NUMBERS, min_size=2, max_size=6))
@settings(max_examples=30, deadline=None)
@example(NORMS)
@example([0.0, math.nan, math.inf, 1e-300])
def test_norms_written_in_any_shape_are_read_back(shape, norms):
    text = (WITH_STEPS | WITHOUT_STEPS)[shape](norms)
    log = read_norm_log(text.encode(), "grad_norm.log")
    assert_array_equal(log.norms, norms)
    assert log.norms.dtype == np.float64
    if shape in WITH_STEPS:
        assert_array_equal(log.steps, np.arange(1, len(norms) + 1))
    else:
        assert log.steps is None


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "latin-1"]
)
def test_encodings(encoding):
    text = "step,größe,grad_norm\n1,é,0.5\n2,é,0.75\n"
    assert_array_equal(read_norm_log(text.encode(encoding), "a.csv").norms, [0.5, 0.75])


@settings(deadline=None)  # some examples are megabytes
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode), st.text(max_size=10))
@example(b"\xff\xfe\x00", "")
@example(b"[" * 100_000, "")
@example(b'{"a":' * 100_000, "")
@example(b"grad_norm: 1\0\0", "")
@example(b'"grad_norm\n' * 20_000, "")
@example(b"9" * 2_000_000, "")
@example(b"[" + b"9" * 5000 + b"]", "")
@example(b"norm" * 500_000, "")
@example(b"grad norm " * 200_000, "")
@example(b"((((" * 500_000, "")
@example(b"step,grad_norm\n1,-1\n", "")
@example(b"grad_norm: nan\ngrad_norm: inf\n", "")
@example(b'{"grad_norm": 1' + b"0" * 4000 + b"}\n{}", "")
def test_any_bytes_are_a_log_or_a_sentence(data, name):
    try:
        log = read_norm_log(data, name)
    except ValueError as error:
        said, log = (type(error), str(error)), None
    if log is None:
        assert said[0] is ValueError
        assert "Accepted: " in said[1]
        assert len(said[1]) < 1000
    else:
        assert len(log.norms)
        assert log.field in log.candidates
        assert not (log.norms < 0).any()


@given(st.text("{}[]:,'\"=| \ngradnorm_step0123.e-", max_size=80))
@settings(max_examples=300, deadline=None)
def test_what_comes_close_to_a_log_is_one_or_a_sentence(text):
    test_any_bytes_are_a_log_or_a_sentence.hypothesis.inner_test(text.encode(), "x")


@pytest.mark.parametrize(
    ("text", "name", "says"),
    [
        ("", "", "is empty"),
        ("hello world", "", "No number is named"),
        ("param_norm=33.1\nparam_norm=34.2", "", "`param_norm` would be settings, squares"),
        ("max_grad_norm=1.0", "", "`max_grad_norm` would be"),
        ('{"loss": 0.1, "grad_norm_square": 0.3}', "", "holds one record"),
        ("step,grad_norm_square\n1,2\n2,3\n", "", "`grad_norm_square` would be"),
        ("step,clip_ratio,loss\n1,2,3\n2,3,4\n", "", "No field of this file is a norm"),
        ('"Name","State","Runtime","grad_norm"\na,b,1,0.4\n', "", "table of runs"),
        ("Wall time,Step,Value\n1,2,3\n2,3,4\n", "train_loss.csv", "By its name `train_loss`"),
        ("Wall time,Step,Value\n1,2,3\n2,3,4\n", "param_norm.csv", "By its name `param_norm`"),
        ("1 2.0 3.0\n2 3.0 4.0\n", "", "The 3 columns have no names"),
    ],
)
def test_what_is_no_log_is_refused_in_words(text, name, says):
    with pytest.raises(ValueError, match=says):
        read_norm_log(text.encode(), name)


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        (["grad_norm_after_clip", "grad_norm_before_clip", "param_norm"], "grad_norm_before_clip"),
        (["clipped_grad_norm", "grad_norm"], "grad_norm"),
        (["max_grad_norm", "grad_clip_norm", "actor/grad_norm"], "actor/grad_norm"),
        (["grad_norm/layer.weight", "grad_norm/total"], "grad_norm/total"),
        (["grad_norm_ratio", "weight_norm", "gnorm", "grad_norm_squared"], "gnorm"),
        (["eval/grad_norm", "train/grad_norm"], "train/grad_norm"),
        (["grad_norm__MAX", "gradNorm"], "gradNorm"),
    ],
)
def test_the_field_is_guessed(names, chosen):
    rows = [dict.fromkeys(names, 7.0) | {chosen: norm} for norm in NORMS]
    texts = [
        "\n".join(map(json.dumps, rows)),
        "\n".join([",".join(names), *(",".join(map(str, row.values())) for row in rows)]),
        "\n".join(" ".join(f"{k}={v}" for k, v in row.items()) for row in rows),
    ]
    for text in texts:
        log = read_norm_log(text.encode(), "x")
        assert log.field == chosen
        assert_array_equal(log.norms, NORMS)
        assert log.candidates[0] == chosen


def test_another_field_can_be_chosen_and_no_other():
    for text in ("grad_norm,d_grad_norm\n1,2\n3,4\n", "grad_norm=1 d_grad_norm=2\n" * 2):
        log = read_norm_log(text.encode(), "x", "d_grad_norm")
        assert log.field == "d_grad_norm"
        assert log.norms[0] == 2
        with pytest.raises(ValueError, match="No norms stand in the field `loss`"):
            read_norm_log(text.encode(), "x", "loss")


def warnings(text, name="x", field=""):
    return " ".join(read_norm_log(text.encode(), name, field).warnings)


def column(norms):
    return "grad_norm\n" + "\n".join(map(str, norms))


def csv(norms, steps):
    return "step,grad_norm\n" + "\n".join(f"{s},{n}" for s, n in zip(steps, norms, strict=True))


VARIED = [0.5 + (i * 37 % 101) / 100 for i in range(1000)]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (column([0.0] * 5), "All norms are zero"),
        (column([1.0, 0.9999998] * 5), "nothing can be recommended"),
        ("grad_norm_after_clip\n0.5\n0.7\n0.9", "holds norms after clipping"),
        (column([*VARIED[:30], *[2.0] * 10]), "equal the largest"),
        (column([1.5, math.nan, 2.5, math.inf]), "One norm is NaN, at position 1."),
        (column([1.5, math.nan, 2.5, math.inf]), "One norm is infinite, at position 3."),
        (csv([1.5, 2.5, math.nan, 2.0], [5, 6, 5, 6]), "restart, as on a resume"),
        (csv([1.5, 2.5, 3.5], [1, 2, 1]), "The steps go back once"),
        (csv([1.5, 2.5, 3.5], [1, 2, 2]), "same step as the one before"),
        (csv([1.5, 2.5, 3.5], [10, 20, 30]), "one in 10 steps"),
        (column(VARIED), "Exactly 1,000 norms are a sample"),
        (column([1.2345, 2.5, 67.0331, 67.0331, 67.0331, 67.0331, 3.1]), "repeats 4 times"),
        ("avg_grad_norm\n1.5\n2.5", "means over windows"),
        ("grad_norm,grad_norm__MIN,grad_norm__MAX\n1.5,1.0,2.0\n2.5,1,3", "mean over a window"),
        ("loss_scale,grad_norm\n4096,3000\n4096,2000\n4096,2500", "multiplied by the loss scale"),
    ],
)
def test_what_is_suspicious_is_said(text, says):
    assert says in warnings(text)


def test_a_calm_log_is_read_without_a_warning():
    assert warnings(csv(VARIED[:400], range(400))) == ""
    assert warnings("loss_scale,grad_norm\n4096,0.5\n2048,0.75\n4096,0.25") == ""


def test_norms_can_be_divided_by_a_loss_scale():
    text = "".join(
        f"iteration {i} | loss scale: {s}.0 | grad norm: {s * (0.5 + i / 100)} |\n"
        for i, s in enumerate([4096] * 5 + [1024] * 5)
    )
    assert "multiplied by the loss scale" in warnings(text)
    field = "grad norm ÷ loss scale"
    log = read_norm_log(text.encode(), "x", field)
    np.testing.assert_allclose(log.norms, [0.5 + i / 100 for i in range(10)], rtol=1e-12)
    assert log.field == field


def test_of_two_counts_the_one_that_does_not_restart_is_taken():
    rows = [{"step": i % 2, "global_step": i, "grad_norm": norm} for i, norm in enumerate(NORMS)]
    log = read_norm_log("\n".join(map(json.dumps, rows)).encode(), "x")
    assert_array_equal(log.steps, [0, 1, 2])
    assert log.warnings == ()


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-01 10:00:00,123 INFO step=1, grad_norm=0.5\n"
        "2026-01-01 10:00:01,124 INFO step=2, grad_norm=0.75\n",
        "computing grad norm now\nstep 1 norm 0.5\nstep 2 norm 0.75\n",
        "step 1\n    optim/total_grad_norm=0.5\n[step=2/99]\n    optim/total_grad_norm=0.75\n",
        "step 1, Gradient Norm (L2): 0.5\nstep 2, Gradient Norm (L2): 0.75\n",
        'starting\n{"step": 1, "grad_norm": 0.5}\n{"step": 2, "grad_norm": 0.75}\n',
    ],
)
def test_prose_that_looks_like_a_table_is_read_as_prose(text):
    log = read_norm_log(text.encode(), "x")
    assert_array_equal(log.norms, [0.5, 0.75])
    assert log.format == "printed lines"


def test_tensorboard_says_what_it_is_in_the_name_alone():
    text = "Wall time,Step,Value\n1,2,3.5\n2,3,4.5\n"
    assert "taken for norms" in warnings(text, "run.csv")
    assert "taken for norms" not in warnings(text, "run_grad_norm.csv")


def test_names_hold_no_markup():
    with pytest.raises(ValueError, match="Accepted") as error:
        read_norm_log(b"`a`_param_norm\\[x](y),b\n1,2\n2,3", "x")
    assert str(error.value).count("`") % 2 == 0
    assert "\\" not in str(error.value)


@pytest.mark.parametrize("shape", ["nanoGPT", "JSON lines", "CSV", "a column", "a list"])
def test_memory_stays_within_six_times_the_file(shape):
    text = (WITH_STEPS | WITHOUT_STEPS)[shape]([0.123456 + i for i in range(200_000)])
    data = text.encode()
    del text
    tracemalloc.start()
    read_norm_log(data, "x")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 6 * len(data) + 4e6


@pytest.mark.parametrize(
    ("place", "name", "fault"),
    [
        (norm_log, "suspicions", lambda *it: []),
        (fields, "OTHER", set()),
        (fields, "AFTER", set()),
        (fields, "SETTING", set()),
    ],
)
def test_a_planted_fault_is_noticed(monkeypatch, place, name, fault):
    monkeypatch.setattr(place, name, fault)
    noticed = []
    for text, wrong in (
        (column([0.0] * 5), lambda log: not log.warnings),
        ("grad_norm_squared\n1\n2", lambda log: True),
        ("max_grad_norm\n1\n2", lambda log: True),
        ("post_grad_norm\n1\n2", lambda log: "after clipping" not in str(log.warnings)),
    ):
        try:
            noticed.append(wrong(read_norm_log(text.encode(), "x")))
        except ValueError:
            noticed.append(False)
    assert any(noticed)
