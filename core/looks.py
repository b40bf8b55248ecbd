"""What runs are called and how they look, in every picture: a color, and never color alone."""

import json

from core.assets import ASSETS
from core.clipping import Strategy
from core.runs import NONE, Run

LOOKS: dict[Strategy, dict[str, str]] = {
    Strategy(name): look
    for name, look in json.loads((ASSETS / "strategies.json").read_text()).items()
}
NAMES: dict[Run, str] = {NONE: "without clipping"} | {s: LOOKS[s]["name"] for s in Strategy}
