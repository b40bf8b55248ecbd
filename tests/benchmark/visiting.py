"""A server of its own, a browser that visits it, and what the server weighs."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browsing import CHROMIUM, FLAGS
from tests.conftest import serving

# Notes when the first picture has been painted, in the page itself: to ask for it from outside is
# to wait behind whatever the page does next.
FIRST_PICTURE = """
  const roots = [document];
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (init) {
    const root = attach.call(this, init);
    roots.push(root);
    return root;
  };
  window.pictured = new Promise((done) => {
    const look = () => {
      if (!roots.some((root) => root.querySelector(SELECTOR))) return requestAnimationFrame(look);
      return requestAnimationFrame(() => setTimeout(() => done(performance.now())));
    };
    look();
  });
"""
TWO_FRAMES = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def resident(address: str) -> float:
    """Return the memory that the server at an address holds, in MB."""
    status = (_process(address) / "status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def spent(address: str) -> float:
    """Return the processor time that the server at an address has taken so far, in ms."""
    user, system = (_process(address) / "stat").read_text().rpartition(") ")[2].split()[11:13]
    return 1000 * (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _process(address: str) -> Path:
    ending = f"\0--server.port\0{address.rpartition(':')[2]}\0".encode()
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it ended meanwhile
            if (process / "cmdline").read_bytes().endswith(ending):
                return process
    raise ProcessLookupError(f"no server at {address}")


def first_picture(page: Page, address: str, selector: str = ".stage svg.plane") -> float:
    """Visit an address and return when the first picture is there, in ms."""
    page.add_init_script(FIRST_PICTURE.replace("SELECTOR", json.dumps(selector)))
    page.goto(address, wait_until="commit")
    page.wait_for_selector(selector)
    return float(page.evaluate("pictured"))


@contextmanager
def visiting() -> Iterator[tuple[str, Browser]]:
    with (
        TemporaryDirectory() as folder,
        serving(Path(folder) / "log.txt") as address,
        sync_playwright() as playwright,
    ):
        yield address, playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
