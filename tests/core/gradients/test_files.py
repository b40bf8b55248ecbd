"""Recorded gradients are read as they were written, or refused; a hostile file does no harm.

Every format and every trap is a case: they make this file long.
"""

import io
import json
import pickle
import tracemalloc
import zipfile
import zlib
from collections import OrderedDict

import numpy as np
import pytest
import safetensors.numpy
import safetensors.torch
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.testing import assert_array_equal

from core.gradients import gathering
from core.gradients.files import looks_like_gradients, read_gradients
from core.gradients.formats import (
    instructions,
    npy,
    pickles,
    pytorch,
    rebuilding,
    tensors,
    zips,
)
from core.runs import NONE
from core.training.recording import Recording, write
from core.training.tasks import TASKS
from core.training.training import default

FC = {
    "fc.weight": np.array([[1.5, -2.0, np.nan], [np.inf, 0.0, 3.0]], np.float32),
    "fc.bias": np.array([0.1, -np.inf], np.float32),
    "scale": np.array(2.5, np.float32),
}


def npz(named, save=np.savez):
    file = io.BytesIO()
    save(file, **named)
    return file.getvalue()


def npy_of(array):
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def pt(held, **options):
    file = io.BytesIO()
    torch.save(held, file, **options)
    return file.getvalue()


def as_tensors(named):
    return {name: torch.from_numpy(np.array(array)) for name, array in named.items()}


def zipped(named, method=zipfile.ZIP_STORED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in named.items():
            archive.writestr(name, content)
    return file.getvalue()


WRITERS = {
    "npz": npz,
    "npz, packed": lambda named: npz(named, np.savez_compressed),
    "safetensors": safetensors.numpy.save,
    "PyTorch": lambda named: pt(as_tensors(named)),
    "PyTorch, packed": lambda named: zipped(
        {it.name: bytes(it.content()) for it in zips.members(pt(as_tensors(named)))},
        zipfile.ZIP_DEFLATED,
    ),
}
formats = pytest.mark.parametrize("kind", WRITERS)


def dict_of(gradients, step=0):
    """Return the tensors of a step by their names."""
    ends = np.cumsum(gradients.layers)[:-1]
    parts = np.split(gradients.values[step], ends)
    shapes = zip(gradients.names, gradients.shapes, parts, strict=True)
    return {name: part.reshape(shape) for name, shape, part in shapes}


def assert_same(found, expected):
    assert found.keys() == expected.keys()
    for name, array in expected.items():
        assert_array_equal(found[name], array)
        assert found[name].shape == array.shape


@formats
def test_one_step(kind):
    data = WRITERS[kind](FC)
    found = read_gradients(data, "run.bin")
    assert looks_like_gradients(data)
    assert_same(dict_of(found), FC)
    assert found.steps == (0,)
    assert found.format == kind.split(",")[0]
    assert found.values.dtype == np.float32
    assert found.warnings == ()
    if kind.startswith("PyTorch") or "npz" in kind:
        assert found.names == tuple(FC)


names = st.text(
    st.characters(codec="utf-8", exclude_characters="\0\\/", exclude_categories=["C", "Z"]),
    min_size=1,
    max_size=20,
).map(lambda it: f"x{it}")  # begins with no number
float_arrays = st.sampled_from([np.float16, np.float32, np.float64]).flatmap(
    lambda dtype: arrays(dtype, array_shapes(min_dims=0, max_dims=3, max_side=3))
)


@formats
@settings(max_examples=15)
@given(
    st.dictionaries(names, float_arrays, min_size=1, max_size=4),
    st.lists(st.integers(0, 10**9), min_size=1, max_size=4, unique=True),
)
def test_steps_come_back_in_their_order(kind, named, steps):
    given_ = {
        f"{step}/{name}": np.asarray(array + i, array.dtype)
        for i, step in enumerate(steps)
        for name, array in named.items()
    }
    found = read_gradients(WRITERS[kind](given_), "")
    assert found.steps == tuple(sorted(steps))
    wide = any(it.dtype == np.float64 for it in named.values())
    assert found.values.dtype == (np.float64 if wide else np.float32)
    assert found.values.shape == (len(steps), sum(found.layers))
    for i, step in enumerate(found.steps):
        expected = {name: given_[f"{step}/{name}"] for name in found.names}
        assert_same(dict_of(found, i), expected)
    assert set(found.names) == set(named)
    assert found.warnings == ()


def test_what_the_training_page_records():
    task = TASKS["modular addition"]
    gradients = {
        step: np.random.default_rng(step).normal(size=task.parameters) for step in (10, 2, 300)
    }
    found = read_gradients(
        write(Recording(default("modular addition"), NONE, gradients)), "a.safetensors"
    )
    assert found.steps == (2, 10, 300)
    assert dict(zip(found.names, found.shapes, strict=True)) == task.shapes
    whole = dict_of(found, 1)
    flat = np.concatenate([whole[name].ravel() for name in task.shapes])
    assert_array_equal(flat, gradients[10].astype(np.float32))


STEP = {"fc.weight": torch.ones(2, 3), "fc.bias": torch.zeros(2)}


@pytest.mark.parametrize(
    ("held", "steps", "named"),
    [
        ({12: STEP, 3: STEP}, (3, 12), tuple(STEP)),
        ({"12": STEP, "3": STEP}, (3, 12), tuple(STEP)),
        ({"step_12": STEP, "step_3": STEP}, (3, 12), tuple(STEP)),
        ({"grads": {12: STEP}, "loss": 0.5}, (12,), tuple(STEP)),
        ({"gradients": STEP}, (0,), tuple(STEP)),
        ([STEP, STEP], (0, 1), tuple(STEP)),
        ((STEP, STEP), (0, 1), tuple(STEP)),
        ({5: {"fc": {"weight": torch.ones(2)}}}, (5,), ("fc/weight",)),
        ([torch.ones(2), torch.ones(3)], (0,), ("0", "1")),
        ([[torch.ones(2), torch.ones(3)]] * 2, (0, 1), ("0", "1")),
        (torch.ones(4), (0,), ("grad",)),
        (torch.nn.Parameter(torch.ones(4)), (0,), ("grad",)),
        ({5: STEP, "total": torch.ones(1)}, (5,), tuple(STEP)),
    ],
)
def test_nested_as_people_save_them(held, steps, named):
    found = read_gradients(pt(held), "grad.pt")
    assert (found.steps, found.names) == (steps, named)


ONE, TWO = np.ones((4, 4), np.float32), np.ones((4, 3), np.float32)


@pytest.mark.parametrize(
    ("given_", "steps", "named"),
    [
        (["12/fc.weight", "3/fc.weight"], (3, 12), ("fc.weight",)),
        (["step12/fc.weight", "step3/fc.weight"], (3, 12), ("fc.weight",)),
        (["step_12.fc.weight", "step_3.fc.weight"], (3, 12), ("fc.weight",)),
        (["global_step=7/w"], (7,), ("w",)),
        (["grads/12/w", "grads/13/w"], (12, 13), ("w",)),
        (["12.fc.weight", "30.fc.weight"], (12, 30), ("fc.weight",)),
        (["12.fc.weight"], (0,), ("12.fc.weight",)),
        (["0.weight", "2.weight"], (0,), ("0.weight", "2.weight")),
        (["0.weight", "0.bias", "30.weight"], (0,), ("0.weight", "0.bias", "30.weight")),
        (["layers.0.weight", "layers.1.weight"], (0,), ("layers.0.weight", "layers.1.weight")),
        (["step1.weight", "head.weight"], (0,), ("step1.weight", "head.weight")),
        (["0/w", "head/w"], (0,), ("0/w", "head/w")),
        (["1/10.w", "1/9.w"], (1,), ("9.w", "10.w")),
    ],
)
def test_numbers_in_names(given_, steps, named):
    found = read_gradients(npz(dict.fromkeys(given_, ONE)), "")
    assert (found.steps, found.names) == (steps, named)


def test_layers_of_a_sequential_model_are_never_steps():
    for kind in (lambda: torch.nn.Linear(3, 3), lambda: torch.nn.BatchNorm1d(3)):
        for count in range(2, 20):
            layers = [it for _ in range(count) for it in (kind(), torch.nn.ReLU())]
            model = torch.nn.Sequential(*layers)
            held = dict(model.named_parameters())
            found = read_gradients(pt(held), "")
            assert found.names == tuple(held)
            assert "read as layers of one step" in found.warnings[0]


def test_a_number_before_a_slash_is_no_step_where_shapes_differ():
    found = read_gradients(npz({"0/w": ONE, "1/w": TWO}), "")
    assert (found.steps, found.names) == ((0,), ("0/w", "1/w"))


def test_numbers_that_leap_are_steps_and_it_says_so():
    found = read_gradients(npz({"10.w": ONE, "20.w": ONE}), "")
    assert found.steps == (10, 20)
    assert found.warnings == (
        "The numbers that the names begin with were read as steps: `10.w` as `w` of step 10.",
    )


def test_the_alphabet_is_not_an_order_of_numbers():
    for order in (["l.0", "l.1", "l.10", "l.2"], ["l.2", "l.0", "l.10", "l.1"]):
        found = read_gradients(npz(dict.fromkeys(order, ONE)), "")
        natural = ("l.0", "l.1", "l.2", "l.10")
        assert found.names == (natural if order == sorted(order) else tuple(order))


def test_tensors_that_a_step_lacks_are_left_out():
    given_ = {"1/a": ONE, "1/b": ONE, "2/a": ONE}
    found = read_gradients(npz(given_), "")
    assert (found.steps, found.names) == ((1, 2), ("a",))
    assert "not every step has them in the same shape: `b`." in found.warnings[0]
    found = read_gradients(
        npz({"step1/a": ONE, "step2/a": ONE, "step1/b": ONE, "step2/b": TWO}), ""
    )
    assert found.names == ("a",)


HALVES = np.arange(2**16, dtype=np.uint16)


def test_every_number_of_half_precision_is_exact():
    data = npy_of(HALVES.view(np.float16))
    assert_array_equal(
        read_gradients(data, "").values[0], torch.from_numpy(HALVES.view(np.float16)).float()
    )
    whole = torch.from_numpy(HALVES.view(np.int16)).view(torch.bfloat16)
    for data in (safetensors.torch.save({"w": whole}), pt(whole)):
        found = read_gradients(data, "")
        assert found.values.dtype == np.float32
        assert_array_equal(found.values[0], whole.float())


@pytest.mark.parametrize("dtype", ["<f2", ">f2", "<f4", ">f4", "<f8", ">f8"])
@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("version", [(1, 0), (2, 0), (3, 0)])
@settings(max_examples=10)
@given(array=arrays(np.float16, array_shapes(min_dims=0, max_dims=4, max_side=4)))
def test_arrays_as_numpy_reads_them(dtype, order, version, array):
    file = io.BytesIO()
    np.lib.format.write_array(file, np.asarray(array.astype(dtype), order=order), version)
    for data in (file.getvalue(), zipped({"w.npy": file.getvalue()})):
        found = read_gradients(data, "w")
        assert_array_equal(found.values[0].reshape(array.shape), array)
        assert found.shapes == (array.shape,)


def test_numpy_s_own_names_and_a_header_of_another_program():
    header = b'{"shape": (2,),"fortran_order": False , "descr":"<f4"}\n'
    data = npy.MAGIC + b"\x01\x00" + len(header).to_bytes(2, "little") + header
    values = np.array([1, 2], np.float32)
    found = read_gradients(data + values.tobytes(), "runs\\fc.npy")
    assert found.names == ("fc",)
    assert_array_equal(found.values[0], values)


def test_a_matrix_is_one_tensor_and_it_says_so():
    found = read_gradients(npy_of(np.ones((3, 5))), "w.npy")
    assert (found.steps, found.names, found.shapes) == ((0,), ("w",), ((3, 5),))
    assert "3 × 5 numbers was read as one tensor of one step" in found.warnings[0]


OTHERS = {
    "int64": np.arange(3),
    "uint8": np.ones(2, np.uint8),
    "bool": np.array([True]),
    "complex64": np.ones(2, np.complex64),
    "text": np.array(["a"]),
    "Python objects": np.array([None]),
    "records": np.zeros(2, [("a", "<f4")]),
    "raw bytes": np.zeros(2, "V2"),
    "float128": np.ones(1, "f16"),
}


@pytest.mark.parametrize("kind", OTHERS)
def test_what_is_no_gradient_is_left_out_or_refused(kind):
    found = read_gradients(npz({"a": OTHERS[kind], "b": ONE}), "")
    assert found.names == ("b",)
    assert found.warnings == (
        "Left out, since they are no tensors of float16, bfloat16, float32 or float64: "
        f"`a` ({kind}).",
    )
    for data in (npz({"a": OTHERS[kind]}), npy_of(OTHERS[kind])):
        with pytest.raises(ValueError, match=f"holds no tensor of float16.*{kind}.*Accepted"):
            read_gradients(data, "a")


def test_tensors_of_pytorch_that_are_no_gradients():
    held = {
        "w": torch.ones(2),
        "count": torch.tensor(3),
        "eighth": torch.ones(2).to(torch.float8_e4m3fn),
        "sparse": torch.ones(2).to_sparse(),
        "meta": torch.ones(2, device="meta"),
        "none": None,
        "loss": 0.5,
    }
    found = read_gradients(pt(held), "")
    assert found.names == ("w",)
    assert "and 3 more" in found.warnings[0]
    eighth = safetensors.torch.save({"a": held["eighth"], "b": torch.ones(1)})
    assert "`a` (`F8_E4M3`)" in read_gradients(eighth, "").warnings[0]
    views = {"t": torch.arange(6.0).reshape(2, 3).T, "e": torch.ones(1).expand(4)}
    assert_same(dict_of(read_gradients(pt(views), "")), {k: v.numpy() for k, v in views.items()})


def test_empty_tensors_are_left_out():
    found = read_gradients(npz({"a": np.ones((0, 10**6)), "b": ONE}), "")
    assert (found.names, found.values.dtype) == (("b",), np.float32)
    assert found.warnings == ("Left out, since they are empty: `a`.",)
    with pytest.raises(ValueError, match=r"holds no tensor of .* that is not empty\."):
        read_gradients(npz({"a": np.ones(0)}), "")


@pytest.mark.parametrize(
    "held",
    [
        {"state_dict": STEP},
        {"model": STEP, "optimizer_state_dict": {"state": {}, "param_groups": []}},
        torch.optim.Adam([torch.nn.Parameter(torch.ones(2))]).state_dict(),
        {"state": {0: {"exp_avg": torch.ones(2)}}},
    ],
)
def test_a_checkpoint_is_refused(held):
    with pytest.raises(ValueError, match="is a checkpoint"):
        read_gradients(pt(held), "")


def test_weights_are_suspected():
    found = read_gradients(pt(torch.nn.BatchNorm1d(3).state_dict()), "")
    assert found.warnings[0] == "`running_mean` has no gradient: these look like weights."


def test_names_can_be_shown_and_are_each_another():
    long = "w" * 300
    given_ = ["<b>x</b>", "a\u202eb", "a\u200bb", "\ud800", long + "1", long + "2"]
    data = pt({name: torch.ones(1) for name in given_ if name != "\ud800"})
    found = read_gradients(data, "")
    assert found.names[:3] == ("<b>x</b>", "a\ufffdb", "a\ufffdb (2)")
    assert all(it.isprintable() and len(it) < tensors.KEPT + 9 for it in found.names)
    assert len(set(found.names)) == 5


def test_thousands_of_layers():
    given_ = {f"{step}/layer{i}": np.float32([i]) for step in range(3) for i in range(3000)}
    found = read_gradients(safetensors.numpy.save(given_), "")
    assert found.values.shape == (3, 3000)
    assert_array_equal(found.values[2], np.arange(3000))


def test_duplicate_names_are_refused():
    with pytest.raises(ValueError, match="Two tensors of one step are called `w`"):
        read_gradients(npz({"step1/w": ONE, "step01/w": ONE}), "")
    twice = raw_safetensors({"a": entry([1], 0, 4)}, bytes(4)).replace(b'{"a"', b'{"a":0,"a"')
    with pytest.raises(ValueError, match="damaged"):
        read_gradients(with_length(twice), "")
    archive = zipped({"a.npy": npy_of(ONE), "b.npy": npy_of(TWO)}).replace(b"b.npy", b"a.npy")
    with pytest.raises(ValueError, match="same name"):
        read_gradients(archive, "")


class Harm:
    def __reduce__(self):
        return (pytest.fail, ("it was executed",))


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        (pickle.dumps(FC), "is a pickle"),
        (pickle.dumps(Harm()), "is a pickle"),
        (pt(STEP, _use_new_zipfile_serialization=False), "is a pickle"),
        (pt({"a": Harm()}), "would have to be executed"),
        (pt(torch.nn.Linear(2, 2)), "would have to be executed"),
        (npz({"a": np.array(Harm())}), "Python objects"),
        (zipped({"run.csv": b"step,grad_norm\n1,2\n"}), "no arrays but `run.csv`: unpack"),
        (zipped({}), "no arrays"),
        (zipped({"a.npz": npz(FC)}), "no arrays"),
        (zipped({"a.npy": npy_of(ONE)}, zipfile.ZIP_LZMA), "other than deflate"),
        (npy_of(ONE) + npy_of(ONE), "several belong into an npz"),
        (b"", "is empty"),
        (b"step,grad_norm\n", "no tensors"),
        (pt({"epoch": 3}), "holds no tensor"),
    ],
)
def test_refused(data, wrong):
    with pytest.raises(ValueError, match=wrong) as caught:
        read_gradients(data, "x.npz")
    assert str(caught.value).endswith(tensors.ACCEPTED)


def test_texts_are_told_from_gradients():
    for text in (b"", b"1\n2\n", b"[1, 2]", b'{"grad_norm": 1}', b"step\tnorm\r\n", b"        {"):
        assert not looks_like_gradients(text)
    assert not looks_like_gradients("grad_norm".encode("utf-16"))
    assert not looks_like_gradients("grad_norm: 1 {".encode("utf-32"))
    assert looks_like_gradients(pickle.dumps(FC))


def entry(shape, begin, end, dtype="F32"):
    return {"dtype": dtype, "shape": shape, "data_offsets": [begin, end]}


def with_length(head):
    """Return a file whose first bytes count the header that ends before four zeros."""
    header = head[8:].rstrip(b"\0")
    return len(header).to_bytes(8, "little") + header + head[8 + len(header) :]


def raw_safetensors(header, content):
    head = json.dumps(header).encode() if isinstance(header, dict) else header
    return len(head).to_bytes(8, "little") + head + content


def test_a_gap_between_tensors_is_refused():
    header = {"a": entry([1], 0, 4), "b": entry([1], 8, 12)}
    with pytest.raises(ValueError, match="damaged"):
        read_gradients(raw_safetensors(header, bytes(12)), "")


@pytest.mark.parametrize(
    "header",
    [
        {"a": entry([2], 0, 4)},
        {"a": entry([1], 0, 8)},
        {"a": entry([1], 0, 4), "b": entry([1], 0, 4)},
        {"a": entry([1], 0, 4), "b": entry([0], 8, 8)},
        {"a": entry([1], 4, 8)},
        {"a": entry([10**18, 10**18, 0], 0, 4)},
        {"a": entry([-1], 0, 4)},
        {"a": entry([1.0], 0, 4)},
        {"a": entry([True], 0, 4)},
        {"a": entry([1] * 40, 0, 4)},
        {"a": entry("1", 0, 4)},
        {"a": {"dtype": "F32", "shape": [1]}},
        {"a": None},
        b"{" * 100_000,
        b'{"a":' + b"[" * 100_000,
        b'{"a":1' + b"0" * 10_000 + b"}",
        b"{\xff}",
        b"{}",
    ],
)
def test_a_header_that_lies_is_refused(header):
    with pytest.raises(ValueError, match="damaged"):
        read_gradients(raw_safetensors(header, bytes(4)), "")


def deflated_bomb(claimed, real=10**7):
    """Return an archive with one array that unpacks to more or fewer bytes than it claims."""
    head = npy_of(np.empty(0, np.float32)).replace(b"(0,)", b"(%d,)" % ((claimed - 128) // 4))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.npy", head[:128].ljust(128) + bytes(real))
    data = bytearray(file.getvalue())
    sizes = (real + 128).to_bytes(4, "little")
    for at in (data.find(sizes), data.rfind(sizes)):
        data[at : at + 4] = claimed.to_bytes(4, "little")
    return bytes(data)


def peak(data):
    """Return how many bytes were allocated at most, and that nothing was wrong but the file."""
    tracemalloc.start()
    try:
        read_gradients(data, "")
    except ValueError as error:
        assert str(error).endswith(tensors.ACCEPTED)  # noqa: PT017 # it need not be raised
    finally:
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return most


def test_an_archive_that_lies_about_sizes_unpacks_no_more_than_it_claims():
    assert peak(deflated_bomb(4128)) < 10**6
    with pytest.raises(ValueError, match="damaged"):
        read_gradients(deflated_bomb(4128), "")
    with pytest.raises(ValueError, match="damaged"):
        read_gradients(deflated_bomb(8 * 10**6), "")
    with pytest.raises(ValueError, match="damaged"):  # more than deflate could have packed
        read_gradients(deflated_bomb(390 * 10**6), "")
    assert peak(deflated_bomb(390 * 10**6)) < 10**6
    (member,) = zips.members(deflated_bomb(20_000, 10_000))  # its checksum is right
    with pytest.raises(ValueError, match="damaged"):
        member.content()
    with pytest.raises(ValueError, match="unpacks to more than 400 MB"):
        read_gradients(deflated_bomb(4 * 10**9), "")


def test_members_that_overlap_are_refused():
    data = bytearray(zipped({"a.npy": npy_of(ONE), "b.npy": npy_of(ONE)}))
    second = data.rfind(b"PK\x01\x02")
    data[second + 42 : second + 46] = bytes(4)
    with pytest.raises(ValueError, match="damaged"):
        read_gradients(bytes(data), "")


def test_limits_hold_before_anything_is_loaded(monkeypatch):
    expanded = pt({"a": torch.ones(1).expand(10**9)})
    with pytest.raises(ValueError, match="need more than 400 MB as float32"):
        read_gradients(expanded, "")
    shared = [[torch.ones(1)] * 1000] * 1000
    with pytest.raises(ValueError, match="more than 100,000 tensors"):
        read_gradients(pt(shared), "")
    with pytest.raises(ValueError, match="more than 1,000,000 entries"):
        read_gradients(pt([list(range(10**5))] * 20), "")
    many = {f"{i}/w": np.float32([1]) for i in range(12)}
    for module, name, wrong in (
        (gathering, "MOST_STEPS", "more than 10 steps"),
        (gathering, "MOST_BYTES", "need more than 0 MB"),
        (zips, "MOST_STORED", "more than 10 tensors"),
        (zips, "MOST_BYTES", "unpacks to more than 0 MB"),
        (pytorch, "MOST_PICKLE", "describes its tensors in more than"),
        (pickles, "MOST_INSTRUCTIONS", "in too many instructions"),
    ):
        with monkeypatch.context() as patched:
            patched.setattr(module, name, 10)
            patched.setattr(zips, "FEW", 0)
            data = WRITERS["PyTorch" if module in (pytorch, pickles) else "npz"](many)
            with pytest.raises(ValueError, match=wrong):
                read_gradients(data, "")
    for data in (pt({"w" * 1001: torch.ones(1)}), npz({"w" * 1001: ONE})):
        with pytest.raises(ValueError, match="more than 1,000 characters: `www"):
            read_gradients(data, "")
    monkeypatch.setattr(gathering, "MOST_TENSORS", 10)
    with pytest.raises(ValueError, match="more than 10 tensors"):
        read_gradients(npz({f"a{i}": ONE for i in range(11)}), "")


def test_a_changed_number_in_an_archive_is_noticed():
    for kind in ("npz", "npz, packed", "PyTorch"):
        data = WRITERS[kind]({"a": np.arange(1000, dtype=np.float32)})
        changed = bytearray(data)
        changed[len(data) // 2] ^= 1
        with pytest.raises(ValueError, match="damaged"):
            read_gradients(bytes(changed), "")


def test_a_member_without_a_name_is_no_error():
    file = bytearray(zipped({"x": b""}))
    at = file.index(b"PK\x01\x02")
    file[at + 28], file[at + 30] = 0, 1  # the name's one byte is something else in the directory
    with pytest.raises(ValueError, match="Accepted"):
        read_gradients(bytes(file), "")


SMALL = {f"{step}/{name}": array for step in (1, 2) for name, array in FC.items()}
VALID = {kind: write_(SMALL) for kind, write_ in WRITERS.items()} | {
    "npy": npy_of(FC["fc.weight"]),
    "nested": pt([STEP, {**STEP, "more": [1, 2.5, None, "text"]}]),
}


@pytest.mark.parametrize("kind", VALID)
@settings(max_examples=60)
@given(st.data())
def test_a_damaged_file_raises_nothing_but_refusals_and_takes_little_memory(kind, data):
    damaged = bytearray(VALID[kind])
    for _ in range(data.draw(st.integers(0, 4))):
        at = data.draw(st.integers(0, len(damaged) - 1))
        damaged[at] = data.draw(st.integers(0, 255))
    cut = data.draw(st.just(len(damaged)) | st.integers(0, len(damaged)))
    mended = bytes(damaged[:cut])
    looks_like_gradients(mended)
    assert peak(mended) < 10**7


@pytest.mark.parametrize("kind", VALID)
def test_a_file_cut_anywhere_is_refused(kind):
    data = VALID[kind]
    for end in {*range(0, len(data), 41), len(data) - 1}:
        with pytest.raises(ValueError, match=tensors.ACCEPTED):
            read_gradients(data[:end], "")


@settings(max_examples=200)
@given(st.binary(max_size=300), st.sampled_from([b"", b"PK\x03\x04", npy.MAGIC + b"\x01\0\x20\0"]))
@example(b"\x10" + bytes(7) + b'{"a":{"dtype":1}}', b"")
def test_any_bytes_are_refused_or_read(content, magic):
    peak(magic + content)


def test_a_header_in_which_an_archive_is_sound_may_still_be_wrong():
    """What a checksum guards is changed with it, as an attacker would."""
    whole = npy_of(ONE)
    rng = np.random.default_rng(0)
    for _ in range(300):
        changed = bytearray(whole)
        changed[rng.integers(128)] = rng.integers(256)
        data = zipped({"a.npy": bytes(changed)})
        assert zlib.crc32(changed) == zips.members(data)[0].checksum
        assert peak(data) < 10**7


def test_a_pickle_in_which_an_archive_is_sound_may_still_be_wrong():
    members = {it.name: bytes(it.content()) for it in zips.members(VALID["nested"])}
    (name,) = (it for it in members if it.endswith("data.pkl"))
    rng = np.random.default_rng(0)
    for _ in range(300):
        changed = bytearray(members[name])
        changed[rng.integers(len(changed))] = rng.integers(256)
        assert peak(zipped(members | {name: bytes(changed)})) < 10**7


def with_pickle(content, data=None, **parts):
    """Return a file of PyTorch with another pickle, and others of its parts."""
    members = {it.name: bytes(it.content()) for it in zips.members(data or pt(STEP))}
    return zipped(members | {"archive/data.pkl": content} | parts)


ALLOWED = sorted(torch._weights_only_unpickler._get_allowed_globals())
READ = {*rebuilding.STORAGE, *rebuilding.CALLS, *rebuilding.TYPES}
SIXTEEN = {
    "its class": b"",
    "of a number": b"K\x10\x85R",
    "of a shape": b"K\x10\x85\x85R",
    "of nothing": b")R",
    "as an object": b"K\x10\x85\x81",
    "with a state": b")RK\x10b",
}


@pytest.mark.parametrize("name", ALLOWED)
def test_what_pytorch_would_still_call_is_refused(name):
    """Such as torch.FloatTensor, which returns what lies in memory, and builtins.bytearray."""
    module, _, attribute = name.rpartition(".")
    for way, calls in SIXTEEN.items():
        for named in (
            f"c{module}\n{attribute}\n".encode(),
            b"".join(b"\x8c%c%s" % (len(it), it.encode()) for it in (module, attribute)) + b"\x93",
        ):
            data = with_pickle(b"\x80\x04}\x8c\x01w" + named + calls + b"s.")
            with pytest.raises(ValueError, match=f"{tensors.ACCEPTED}$") as caught:
                read_gradients(data, "")
            dotted = f"{module} {attribute}"
            is_type = rebuilding.DTYPE.fullmatch(dotted) or rebuilding.LAYOUTS.fullmatch(dotted)
            if dotted not in READ and not is_type:
                assert f"holds `{name}`, which would have to be executed" in str(caught.value)
            elif way == "as an object" or (dotted not in rebuilding.CALLS and calls):
                assert "would have to be executed" in str(caught.value)


def doublings(count, first=b"K\x01\x85"):
    return first + b"".join(b"q%ch%c\x86" % (i, i) for i in range(count))


COLLIDING = b"".join(
    b"\x8a\x0a" + (i * (2**61 - 1)).to_bytes(10, "little") + b"N" for i in range(1, 20_000)
)


@pytest.mark.parametrize(
    "content",
    [
        b"\x80\x02}X\x01\0\0\0wctorch\nFloatTensor\nJ\x40\x42\x0f\0\x85Rs.",
        b"\x80\x02" + 2 * b"cbuiltins\nbytearray\n" + b"J\0\x2f\x68\x59\x85R\x85R.",
        b"\x80\x02}" + doublings(60) + b"K\x01s.",
        b"\x80\x02" + doublings(60, b"]") + b".",
        b"\x80\x02]q\0(" + 9 * b"h\0" + b"e.",
        b"\x80\x02}(" + COLLIDING + b"u.",
        b"\x80\x02\x8e" + b"\xff" * 7 + b"\x7f.",
        b"\x80\x05\x96" + b"\0\0\0\x80" + bytes(4) + b".",
        b"\x80\x02Nr\xff\xff\xff\xff.",
        b"\x80\x02}((K\x01t\x85K\x01u.",
        b"\x80\x02" + b"]" * 10_000,
        b"\x80\x02K\x01" + b"\x85" * 10_000 + b".",
        b"\x80\x02}(K\x01u.",
        b"\x80\x02K\x01K\x02a.",
        b"\x80\x02ctorch\nSize\nK\x01R.",
        b"\x80\x02K\x01Q.",
        b"\x80\x02h\x07.",
        b"\x80\x02c\\u\n\\u\n.",
        b"\x80\x02t.",
        b"R.",
        b".",
        b"",
    ],
)
def test_a_hostile_pickle_takes_neither_time_nor_memory(content):
    data = with_pickle(content)
    # Leaves are counted up to a limit, and each is small.
    assert peak(data) < 5 * 10**7
    with pytest.raises(ValueError, match="Accepted"):
        read_gradients(data, "")


class Stored:
    """A storage of some numbers, kept as the part 0."""

    def __init__(self, kind, size):
        self.told = ("storage", kind, "0", "cpu", size)


class Rebuilt:
    def __init__(self, *arguments, function=torch._utils._rebuild_tensor_v2):
        self.told = (function, arguments)

    def __reduce__(self):
        return self.told


class Pickler(pickle.Pickler):
    def persistent_id(self, held):
        return held.told if isinstance(held, Stored) else None


def view(*arguments, numbers=12, kind=torch.FloatStorage, protocol=2, **parts):
    file = io.BytesIO()
    built = Rebuilt(Stored(kind, numbers), *arguments, False, OrderedDict())
    Pickler(file, protocol).dump({"w": built})
    held = np.arange(12, dtype="<f4").tobytes()
    return with_pickle(
        file.getvalue(), pt({"w": torch.ones(12)}), **{"archive/data/0": held} | parts
    )


sides = st.lists(st.tuples(st.integers(-1, 4), st.integers(-1, 6)), max_size=3)


@settings(max_examples=200)
@given(st.integers(-1, 13), sides, st.integers(2, 5))
def test_a_view_is_read_where_pytorch_would_view_it_and_refused_elsewhere(offset, sides, protocol):
    shape, strides = tuple(a for a, _ in sides), tuple(b for _, b in sides)
    data = view(offset, shape, strides, protocol=protocol)
    try:
        expected = torch.arange(12.0).as_strided(shape, strides, offset).numpy()
    except (RuntimeError, ValueError):  # NumPy refuses a negative side
        expected = np.empty(0)
    if expected.size:
        assert_same(dict_of(read_gradients(data, "")), {"w": expected})
    else:
        with pytest.raises(ValueError, match="Accepted"):
            read_gradients(data, "")


@pytest.mark.parametrize(
    "data",
    [
        view(0, (13,), (1,), numbers=13),  # it claims more than is there
        view(0, (1,), (1,), numbers=11),
        view(0, (12,), (1,), kind=torch.DoubleStorage),
        view(0, (2**64,), (0,)),
        view(0, (1,), (2**70,)),
        view(2**70, (1,), (1,)),
        view(0, (1,) * 33, (1,) * 33),
        view(0, (1,), (1, 1)),
        view(0, (1.0,), (1,)),
        view(0, (True,), (1,)),
        view(0, (10**10,), (0,)),
        view(0, [12], [1]),
        view("0", (12,), (1,)),
        view(0, (12,), (1,), kind=torch.FloatTensor),
        view(0, (12,), (1,), **{"archive/byteorder": b"mixed"}),
        view(0, (12,), (1,), **{"more/data.pkl": b"N."}),
    ],
)
def test_a_description_that_lies_is_refused(data):
    assert peak(data) < 10**6
    with pytest.raises(ValueError, match="Accepted"):
        read_gradients(data, "")


def test_an_empty_view_of_anything_is_left_out():
    with pytest.raises(ValueError, match="not empty"):
        read_gradients(view(0, (10**15, 0, 10**15), (1, 1, 1)), "")


WHOLE = torch.arange(24.0).reshape(4, 6)
ATTRIBUTED = torch.ones(2, 3)
ATTRIBUTED.origin = "loss"
STATED = torch.nn.Parameter(torch.ones(2))
STATED.origin = "loss"
VIEWS = {
    "transposed": WHOLE.T,
    "view": WHOLE[1:3, ::2],
    "row": WHOLE[3],
    "scalar": WHOLE[2, 5],
    "expanded": WHOLE[1].expand(2, 6),
    "channels_last": torch.ones(2, 3, 4, 5).to(memory_format=torch.channels_last),
    "parameter": torch.nn.Parameter(WHOLE.clone().T),
    "half": WHOLE.half().T,
    "double": WHOLE.double()[1:] / 3,
    "bfloat16": WHOLE.bfloat16()[:, 1:],
    "negative": torch._neg_view(WHOLE),
    "of a complex one": torch.tensor([1 + 2j, 3j]).conj().imag,
    "with attributes": ATTRIBUTED,
    "a parameter with attributes": STATED,
}


@pytest.mark.parametrize("protocol", range(2, 6))
def test_views_come_back_as_they_were_saved(protocol):
    data = pt(VIEWS, pickle_protocol=protocol)
    parts = {it.name: bytes(it.content()) for it in zips.members(data)}
    assert len([it for it in parts if "/data/" in it]) < len(VIEWS)  # some are shared
    expected = {name: it.detach().resolve_neg().double().numpy() for name, it in VIEWS.items()}
    for written in (data, zipped(parts, zipfile.ZIP_DEFLATED)):
        assert_same(dict_of(read_gradients(written, "")), expected)


def test_kinds_without_a_storage_of_their_own():
    held = {"a": torch.ones(2).to(torch.float8_e5m2), "b": torch.ones(2, dtype=torch.uint16)}
    warned = read_gradients(pt({**held, "w": torch.ones(1)}), "").warnings[0]
    assert "`a` (float8_e5m2), `b` (uint16)" in warned
    file = io.BytesIO()
    bare = Stored(torch.UntypedStorage, 48), 1, (2, 3), (3, 1), False, OrderedDict(), torch.float32
    Pickler(file, 2).dump(Rebuilt(*bare, function=torch._utils._rebuild_tensor_v3))
    data = with_pickle(file.getvalue(), pt(torch.arange(12.0)))
    assert_array_equal(read_gradients(data, "").values[0], np.arange(1, 7))


def test_entries_in_a_call_are_refused_rather_than_lost():
    held = b"\x80\x02ccollections\nOrderedDict\n]]X\x01\0\0\0wK\x01\x86aa\x85R."
    with pytest.raises(ValueError, match="would have to be executed"):
        read_gradients(with_pickle(held), "")


def test_a_storage_is_unpacked_once_however_often_it_is_viewed(monkeypatch):
    calls = []
    content = zips.Member.content
    monkeypatch.setattr(zips.Member, "content", lambda it: calls.append(it.name) or content(it))
    read_gradients(pt({f"w{i}": WHOLE[i] for i in range(4)}), "")
    assert calls.count("archive/data/0") == 1


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_numbers_of_another_machine(dtype):
    numbers = torch.tensor([1.5, -2, 3e-3], dtype=dtype)
    data = pt(numbers)
    (raw,) = (bytes(it.content()) for it in zips.members(data) if it.name == "archive/data/0")
    swapped = np.frombuffer(raw, f"u{numbers.itemsize}").byteswap().tobytes()
    parts = {it.name: bytes(it.content()) for it in zips.members(data)}
    big = parts | {"archive/data/0": swapped, "archive/byteorder": b"big"}
    assert_array_equal(read_gradients(zipped(big), "").values[0], numbers.double())
    del parts["archive/byteorder"]  # before PyTorch 2.1
    assert_array_equal(read_gradients(zipped(parts), "").values[0], numbers.double())


def test_keys_are_read_as_python_writes_them():
    held = {(0, "w"): ONE, 0.5: ONE, True: ONE, None: ONE, 2**200: ONE}
    found = read_gradients(pt({key: torch.from_numpy(it) for key, it in held.items()}), "")
    assert found.names == ("(0, 'w')", "0.5", "1", "None", str(2**200))
    for key in (((0,),), tuple(range(9)), ("w" * 1001,)):
        with pytest.raises(ValueError, match="Accepted"):
            read_gradients(pt({key: torch.ones(1)}), "")


INSTRUCTION = st.sampled_from(sorted(instructions.INSTRUCTIONS))
ARGUMENT = st.sampled_from([b"", b"\0", b"\x01", b"\x02", b"\x01\0\0\0a", b"torch\nSize\n"])
VALID_PICKLE = bytes(
    zips.members(pt([STEP, {**STEP, "more": [1, 2.5, None, "text"]}]))[0].content()
)


@settings(max_examples=300)
@given(
    st.lists(st.tuples(INSTRUCTION, ARGUMENT).map(b"".join), max_size=30).map(b"".join),
    st.integers(0, len(VALID_PICKLE)),
    st.integers(0, 20),
)
def test_any_instructions_are_refused_or_read(instructions, at, left_out):
    """They stand somewhere in a valid pickle, or in the place of a part of it."""
    content = VALID_PICKLE[:at] + instructions + VALID_PICKLE[at + left_out :]
    assert peak(with_pickle(content + b".")) < 10**7
    assert peak(with_pickle(instructions + b".")) < 10**7


def test_a_type_in_a_header_is_no_markup():
    header = {"a": entry([1], 0, 4), "b": entry([1], 4, 8, "[x](//a.b)")}
    found = read_gradients(raw_safetensors(header, bytes(8)), "")
    assert "`b` (`[x](//a.b)`)" in found.warnings[0]


def test_memory_is_the_numbers_and_little_more():
    given_ = {f"{step}/w{i}": np.ones(10**4, np.float32) for step in range(5) for i in range(20)}
    size = 5 * 20 * 4 * 10**4
    for kind in ("safetensors", "npz", "npz, packed"):
        assert peak(WRITERS[kind](given_)) < 1.3 * size
