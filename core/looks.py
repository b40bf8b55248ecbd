"""What runs are called and how they look, in every picture: a color, and never color alone."""

import json
from pathlib import Path

from core.clipping import Strategy
from core.runs import NONE, Run

_FILE = Path(__file__).parents[1] / "assets" / "strategies.json"
LOOKS: dict[Strategy, dict[str, str]] = {
    Strategy(name): look for name, look in json.loads(_FILE.read_text()).items()
}
NAMES: dict[Run, str] = {NONE: "without clipping"} | {s: LOOKS[s]["name"] for s in Strategy}
