"""Measure how fast Clipscope is: ``python -m tests.benchmark [clip descents drag ...]``.

Nothing passes or fails here: every line is a ratio to a peer, or a percentile, of this one run,
with what is aimed at beside it. Other programs on the machine spoil it, so the load is printed.
"""

import asyncio
import os
import sys
from pathlib import Path

from tests.benchmark.answers import descending, mapping, redrawing, releasing
from tests.benchmark.card import cards
from tests.benchmark.clip import clipping
from tests.benchmark.curves import curves
from tests.benchmark.descents import descents
from tests.benchmark.drag import dragging
from tests.benchmark.first import first_visits
from tests.benchmark.measuring import line
from tests.benchmark.memory import memory, trained
from tests.benchmark.samples import samples
from tests.benchmark.training import trainings
from tests.browsing import CHROMIUM

SECTIONS = {
    "clip": clipping,
    "descents": descents,
    "curves": curves,
    "samples": samples,
    "training": trainings,
    "drag": lambda: asyncio.run(dragging()),
    "release": releasing,
    "path": descending,
    "map": mapping,
    "dimensions": redrawing,
    "first": first_visits,
    "card": cards,
    "memory": memory,
    "trained": trained,
}
WITHOUT_BROWSER = {"clip", "descents", "curves", "samples", "training"}


def main(names: list[str]) -> None:
    if unknown := set(names) - set(SECTIONS):
        sys.exit(f"no section {', '.join(sorted(unknown))}; there are {', '.join(SECTIONS)}")
    for name in names or SECTIONS:
        if name not in WITHOUT_BROWSER and not CHROMIUM:
            line(f"[{name}]", "not measured: there is no Chromium")
        elif name in ("path", "memory", "trained") and not Path("/proc/self/status").exists():
            line(f"[{name}]", "not measured: only Linux tells it, in /proc")
        else:
            line(f"[{name}]", f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
            SECTIONS[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
