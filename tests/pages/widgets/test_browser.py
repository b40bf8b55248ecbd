"""Modules of the browser as one script: what one imports comes before it, and once."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import quickjs

from core.assets import ASSETS
from pages.widgets import browser
from pages.widgets.browser import module, script

MODULES = sorted(ASSETS.glob("*/*.js"))
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Write a module that notes when it is run, and exports its name and what it imports."""
    monkeypatch.setattr(browser, "ASSETS", tmp_path)

    def write_module(place: str, *imports: str) -> Path:
        file = tmp_path / f"{place}.js"
        file.parent.mkdir(exist_ok=True)
        imported = {Path(other).name: other for other in imports}
        lines = [
            *(f'import {{ {name} }} from "../{other}.js";' for name, other in imported.items()),
            f"globalThis.ran = [...(globalThis.ran ?? []), '{file.stem}'];",
            f"export const {file.stem} = ['{file.stem}', {', '.join(imported)}];",
        ]
        file.write_text("\n".join(lines))
        return file

    return write_module


def test_what_a_module_imports_runs_before_it_and_once(write: Write) -> None:
    write("live/base")
    write("live/left", "live/base")
    write("plot/right", "live/base", "live/left")
    top = write("plot/top", "plot/right", "live/left", "live/base")
    context = quickjs.Context()
    found = json.loads(context.eval(f"{script(top)}\nJSON.stringify([ran, plot_top.top])"))
    base = ["base"]
    left = ["left", base]
    right = ["right", base, left]
    assert found == [["base", "left", "right", "top"], ["top", right, left, base]]


@pytest.mark.parametrize("circle", [["live/a"], ["live/a", "live/b"], ["live/a", "plot/b", "x/c"]])
def test_a_circle_is_refused(write: Write, circle: list[str]) -> None:
    for place, other in zip(circle, circle[1:] + circle[:1], strict=True):
        write(place, other)
    entry = write("plot/top", circle[0])
    with pytest.raises(ValueError, match="imports itself by way of"):
        script(entry)


@pytest.mark.parametrize("file", MODULES, ids=lambda file: module(file))
def test_every_module_of_ours_is_one_script_in_the_order_of_its_imports(file: Path) -> None:
    made = script(file)
    assert not re.search(r"^import ", made, re.MULTILINE)
    for name in re.findall(r"^const \{.*?\} = (\w+);$", made, re.MULTILINE | re.DOTALL):
        (begin,) = re.finditer(rf"^const {name} = ", made, re.MULTILINE)
        use = made.index(f"}} = {name};")
        assert begin.start() < use
