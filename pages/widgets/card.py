"""Cards: a live stage as one page that needs no server, no Streamlit and no other file."""

import base64
import hashlib
import html
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from string import Template
from typing import Any

from core import notation
from core.assets import ASSETS
from core.strategies import Strategy
from pages.widgets.browser import SLOT, palette, script
from pages.widgets.inputs import Choice, Input, OneOfMany, Several, WholeNumber

LIVE = ASSETS / "live"


@dataclass(frozen=True)
class Card:
    """The card that opens as a page is."""

    name: str
    heading: str
    save: Callable[[str], str]  # from the address of the full page to the card's page
    is_general: bool = True  # whether the card that all readers are served can show it


def card(
    place: str,
    heading: str,
    baked: Mapping[str, Any],
    controls: str,
    home: str = "",
    before: str = "",
    after: str = "",
) -> str:
    """Return the page of a card: its script and its stage's page and style lie at ``place``.

    ``baked`` is what the script is told that only Python knows, ``controls`` is what stands below
    the stage in HTML; ``home`` is the address of the full page, if there is one; ``before`` comes
    before the script, and ``after`` in HTML comes after all else that is seen.
    """
    folder = ASSETS / place
    stage = (LIVE / "stage.html").read_text().replace(SLOT, (folder / "stage.html").read_text())
    styles = [file.read_text() for file in (LIVE / "stage.css", folder / "stage.css")]
    style = "".join([palette(":root"), *styles, (LIVE / "alone.css").read_text()])
    code = before + script(folder / "card.js")
    data = json.dumps({**baked, "facts": facts()}).replace("<", "\\u003c")
    policy = (
        f"default-src 'none'; base-uri 'none'; form-action 'none'; script-src {_hash(code)}; "
        f"style-src {_hash(style)}; img-src data: blob:"
    )
    address = html.escape(home)
    way = f'class="home" target="_blank" data-address="{address}"'
    link = f"<a {way}>Open in Clipscope, in a new tab</a>"
    return Template((LIVE / "alone.html").read_text()).substitute(
        policy=policy,
        title=f"Clipscope: {html.escape(heading)}",
        heading=html.escape(heading),
        home=link if home else "",
        style=style,
        stage=stage,
        controls=controls,
        after=after,
        baked=data,
        script=code,
    )


def facts() -> dict[str, Any]:
    """Return the constants and sentences of `core.notation`, which a card reads its link with."""
    return {
        "accepted": {
            "gradient": notation.ACCEPTED_GRADIENT,
            "layers": notation.ACCEPTED_LAYERS,
            "positive": notation.ACCEPTED_POSITIVE,
        },
        "hints": [[sign.pattern, words] for sign, words in notation.HINTS.items()],
        "smallest": notation.SMALLEST_NUMBER,
        "largest": notation.LARGEST_NUMBER,
        "range": notation.RANGE,
        "mostNumbers": notation.MOST_NUMBERS,
        "mostCharacters": notation.MOST_CHARACTERS,
    }


def registry() -> dict[str, dict[str, Any]]:
    """Return what a card makes the blocks of a strategy from."""
    return {s: {"partition": s.partition_by, "exponent": s.exponent} for s in Strategy}


def told(inputs: Iterable[Input]) -> dict[str, dict[str, Any]]:
    """Return what a card must know of inputs of the app, by their keys."""
    return {
        it.key: {"key": it.key, "label": it.label, "default": it.default}
        | ({"options": list(it.options)} if isinstance(it, Choice | Several | OneOfMany) else {})
        | ({"low": it.low, "high": it.high} if isinstance(it, WholeNumber) else {})
        for it in inputs
    }


def select(it: Choice[Any] | OneOfMany, among: Iterable[str] = ()) -> str:
    """Return a menu for an input, of all its options or of those ``among`` them."""
    options = "".join(f"<option>{html.escape(each)}</option>" for each in among or it.options)
    return (
        f'<label>{html.escape(it.label)} <select data-input="{it.key}">{options}</select></label>'
    )


def boxes(it: Several[Any], names: Mapping[Any, str]) -> str:
    """Return a box to tick for every option of an input."""
    ticks = "".join(
        f'<label class="{option}"><input type="checkbox" value="{option}">'
        f"{html.escape(names[option])}</label>"
        for option in it.options
    )
    legend = f"<legend>{html.escape(it.label)}</legend>"
    return f'<fieldset data-input="{it.key}">{legend}{ticks}</fieldset>'


def examples(label: str, names: Iterable[str]) -> str:
    """Return a menu of ready-made views."""
    options = "".join(f"<option>{html.escape(name)}</option>" for name in names)
    first = f'<option value="">{html.escape(label)} …</option>'
    return f'<select class="examples" aria-label="{html.escape(label)}">{first}{options}</select>'


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
