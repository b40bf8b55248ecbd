"""Measure how fast Clipscope is: ``python -m tests.benchmark [clip descents drag ...]``.

``--peer ADDRESS SELECTOR`` drags something on another page as well, such as a point of a picture
that follows the pointer, and the lines of ``drag`` then say how ours compares.

Nothing passes or fails here: every line is a ratio to a peer, or a percentile, of this one run,
with what is aimed at beside it where that is a number. Other programs on the machine spoil it, so
the load is printed.
"""

import argparse
import os
from pathlib import Path

from tests.benchmark.answers import descending, mapping, redrawing, releasing
from tests.benchmark.card import cards
from tests.benchmark.clip import clipping
from tests.benchmark.curves import curves
from tests.benchmark.descents import descents
from tests.benchmark.diagnosis import diagnoses
from tests.benchmark.drag import dragging
from tests.benchmark.first import first_visits
from tests.benchmark.gradients import own_gradients
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
    "diagnosis": diagnoses,
    "gradients": own_gradients,
    "training": trainings,
    "drag": dragging,
    "release": releasing,
    "path": descending,
    "map": mapping,
    "dimensions": redrawing,
    "first": first_visits,
    "card": cards,
    "memory": memory,
    "trained": trained,
}
WITHOUT_BROWSER = {"clip", "descents", "curves", "samples", "diagnosis", "gradients", "training"}


def main() -> None:
    arguments = argparse.ArgumentParser(prog="python -m tests.benchmark")
    arguments.add_argument("sections", nargs="*", metavar="section")
    arguments.add_argument("--peer", nargs=2, metavar=("ADDRESS", "SELECTOR"))
    given = arguments.parse_args()
    if unknown := set(given.sections) - set(SECTIONS):
        arguments.error(f"no section {', '.join(sorted(unknown))}; there are {', '.join(SECTIONS)}")
    sections = SECTIONS | {"drag": lambda: dragging(given.peer)}
    for name in given.sections or sections:
        if name not in WITHOUT_BROWSER and not CHROMIUM:
            line(f"[{name}]", "not measured: there is no Chromium")
        elif (
            name in ("path", "memory", "trained", "gradients")
            and not Path("/proc/self/status").exists()
        ):
            line(f"[{name}]", "not measured: only Linux tells it, in /proc")
        else:
            line(f"[{name}]", f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
            sections[name]()


if __name__ == "__main__":
    main()
