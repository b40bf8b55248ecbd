"""Code in its place: lines put where a training step has a mark for them."""

from textwrap import indent

MARK = "{clip}"


def in_place(step: str, text: str) -> str:
    r"""Put lines where a step has its mark, as far to the right as that.

    >>> print(in_place("if True:\n    {clip}", "a\nb"))
    if True:
        a
        b
    """
    line = next(line for line in step.split("\n") if MARK in line)
    before, _, after = line.partition(MARK)
    margin = before if not before.strip() else ""
    return step.replace(line, (indent(text, margin) if margin else before + text) + after)
