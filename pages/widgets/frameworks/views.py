"""Code by framework, what each computes, edge cases, traps, and advice."""

import re

import streamlit as st

from core.clipping import Clipper, Rule
from core.frameworks.compared import EXACT, Row, compare, tensors_of, write_tensors
from core.frameworks.entries import Framework, Setting
from core.frameworks.groups import clip_groups, code, read_thresholds
from core.frameworks.precisions import Precision
from core.frameworks.registry import FRAMEWORKS, SETTINGS
from core.frameworks.rows import parse_row, read_threshold
from core.frameworks.traps import TRAPS
from core.notation import write_degrees, write_gradient, write_number, write_share
from core.strategies import Partition, Strategy
from pages.widgets import inputs
from pages.widgets.frameworks.settings import CASE, CASES, GROUPS, ROW, ROW_THRESHOLD, Chosen

MARKS = re.compile(r"[\\`*_\[\]<$:~|]")  # of Markdown
DONE = {Rule.CLIP: "clipped", Rule.RADIAL: "shortened by one factor", Rule.NORMALIZE: "normalized"}
ADVICE = """
- **Start** with the global norm, at a threshold between the median and the 90th percentile of the
  norms that you log: it then acts on some steps, and not on all.
- **By value** where single numbers are large for reasons of their own, such as heavy-tailed noise:
  it turns the gradient, and cuts nothing else.
- **Per layer** where one layer's gradients are large and should not shrink the others.
- **None** where nothing is ever long, or where the optimizer normalizes anyway and no step is an
  outlier.
- **Log** the norm before clipping at every step, and how often the threshold acts: rather now
  and then than never or always ([what would it do to yours?](./gradients)).
"""


def codes(it: Chosen) -> None:
    """Show what to type, by framework, in its place in a training step."""
    tabs = dict(zip([*FRAMEWORKS, *SETTINGS], st.tabs([*FRAMEWORKS, *SETTINGS]), strict=True))
    for name, framework in FRAMEWORKS.items():
        with tabs[name]:
            _code(framework, it.clipper)
    for name, setting in SETTINGS.items():
        with tabs[name]:
            _setting(setting, it.clipper)


def _code(framework: Framework, clipper: Clipper) -> None:
    snippet = framework.code(clipper)
    st.code(snippet.step, language=None)
    st.caption(snippet.note)
    # What 0 does, and what a layer is, is said of the framework's own calls.
    own = f" A layer is {framework.layer}. {framework.zero}" if snippet.is_native else ""
    st.caption(f"Versions: {framework.versions}.{own} Source: {framework.source}.")
    _traps_of(framework.name)


def _setting(setting: Setting, clipper: Clipper) -> None:
    if clipper.strategy.partition_by is not Partition.WHOLE or clipper.rule is Rule.NORMALIZE:
        st.markdown("Its setting shortens by the global norm alone: this is what that would be.")
    st.code(setting.text(clipper.threshold), language=None)
    st.caption(setting.note)
    st.caption(f"Versions: {setting.versions}. {setting.zero} Source: {setting.source}.")
    _traps_of(setting.name)


def _traps_of(name: str) -> None:
    traps = "; ".join(trap.name for trap in TRAPS if name in trap.where)
    st.caption(f"[Traps](#traps) here: {traps}." if traps else "")


def computed(it: Chosen) -> None:
    """Show what every framework makes of this gradient, beside the exact projection."""
    _rows(compare(it.clipper, tensors_of(it.gradient, it.layers), it.precision))
    st.caption(
        "The projection is of the numbers as the type holds them. The rest is computed as the "
        f"frameworks do it, operation by operation, in {it.precision}; the norm of many numbers "
        "may differ in the last digit with the processor. PyTorch, what calls it, and DeepSpeed "
        "add 1e-6 to the norm they divide by."
    )


def lab(it: Chosen) -> None:
    """Show what comes out of an edge case, or of the reader's own row."""
    left, middle, right = st.columns([3, 3, 1])
    with left:
        case = CASES[CASE.ask()]
    with middle:
        row = ROW.ask()
    with right:
        limit = ROW_THRESHOLD.ask()
    own = inputs.accepted(
        ROW.key,
        None,
        lambda: parse_row(row) if row.strip() else None,
        lambda read: write_tensors(read, Precision.FLOAT64) if read else "the edge case",
        ROW.label,
    )
    own_threshold = inputs.accepted(
        ROW_THRESHOLD.key, 1.0, lambda: read_threshold(limit), "{:g}".format, ROW_THRESHOLD.label
    )
    tensors, threshold, precision, why = case.tensors, case.threshold, case.precision, case.why
    if own is not None:
        tensors, threshold, precision, why = own, own_threshold, it.precision, ""
    clipper = Clipper(it.clipper.strategy, threshold, it.clipper.rule)
    kind = it.clipper.strategy, it.clipper.rule
    which = "Your row" if own is not None else f"The edge case “{case.name}”"
    said = why if kind == (Strategy.GLOBAL, Rule.CLIP) else ""  # of that the sentence is
    how = f"{DONE[it.clipper.rule]} {it.clipper.strategy.label} at {threshold:g}, in {precision}"
    st.markdown(f"{which}: {how}. {said}")
    _rows(compare(clipper, tensors, precision))


def _rows(rows: list[Row]) -> None:
    st.table(
        {
            "framework": [f"*{row.name}*" if row.name == EXACT else row.name for row in rows],
            "what comes out": [_marked(row) for row in rows],
            "what differs": [row.remark or "–" for row in rows],
        }
    )


def _marked(row: Row) -> str:
    """Return what comes out as a cell; bold where it is not what it should be."""
    text = MARKS.sub(r"\\\g<0>", row.outcome)
    return f"**{text}**" if row.remark else text


def traps() -> None:
    """Say what people keep getting wrong, with numbers."""
    for trap in TRAPS:
        st.markdown(f"**{trap.name}.** {trap.sentence()} *{', '.join(trap.where)}.*")


def groups(it: Chosen) -> None:
    """Ask for a threshold for each layer, and show what they do."""
    text = GROUPS.ask()
    none: tuple[float, ...] = ()
    thresholds = inputs.accepted(
        GROUPS.key,
        none,
        lambda: read_thresholds(text, it.layers) if text.strip() else none,
        lambda read: ", ".join(map(write_number, read)) or "none",
        GROUPS.label,
    )
    if len(thresholds) != len(it.layers):
        return
    found = clip_groups(it.gradient, it.layers, thresholds)
    after = [float(f"{x:.6g}") for x in found.after]
    st.markdown(
        f"With each layer clipped by its own norm, the gradient becomes "
        f"{write_gradient(after, it.layers)}: it turns by "
        f"**{write_degrees(found.angle)}** and loses {write_share(found.magnitude_loss)} of its "
        "length."
    )
    st.code(code(thresholds), language=None)
