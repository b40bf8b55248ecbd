"""A server and a browser for the tests that need them."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.app_test import TMP_DIR

from pages.widgets.slots import DRAWN
from tests.browsing import CHROMIUM, FLAGS, PATIENT, Device, Tab, Visit

ROOT = Path(__file__).parent.parent
THREADS = "OMP_NUM_THREADS"  # a server sets its own


def pytest_configure() -> None:
    """Let PyTorch compute in one thread, as on the page: else its threads wait for each other."""
    os.environ[THREADS] = "1"


def pytest_sessionfinish() -> None:
    """Remove the folder that Streamlit has for scripts to test, else Python warns of it."""
    TMP_DIR.cleanup()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, so that all processes end at about the same time."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is None)


@contextmanager
def serving(log: Path, *python: str, root: Path = ROOT) -> Iterator[str]:
    """Run the app as the README does, on a free port; yield its address.

    ``python`` are further options of the interpreter; ``root`` is the folder of the app.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, *python, "-m", "streamlit", "run", "app.py"]
    options = ["--server.address", "127.0.0.1", "--server.port", str(port)]
    told = {"cwd": root, "env": {k: v for k, v in os.environ.items() if k != THREADS}}
    with (
        log.open("w") as output,
        subprocess.Popen([*command, *options], stdout=output, stderr=output, **told) as process,
    ):
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(f"{address}/_stcore/health", log)
            yield address
        finally:
            process.terminate()


@contextmanager
def serving_page(folder: Path, script: str) -> Iterator[str]:
    """Run a copy of the app that has this script for its landing page; yield its address."""
    app = folder / "app"
    shutil.copytree(ROOT, app, ignore=shutil.ignore_patterns(".git", ".venv", "tests"))
    (app / "pages" / "vector.py").write_text(script)
    with serving(folder / "log.txt", root=app) as address:
        yield address


def _wait(address: str, log: Path) -> None:
    deadline = time.monotonic() + PATIENT / 1000
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"no answer from {address}: {log.read_text()}")


def released_links(page: str) -> list[dict[str, Any]]:
    """Return the links to a page that people may have shared, with what each must show."""
    links = json.loads((ROOT / "tests" / "links.json").read_text())
    return [released for released in links if released["page"] == page]


def run_page(script: str, link: str = "", *, drawn: bool = True) -> AppTest:
    """Run a page on the server alone, opened by a link; ``drawn`` is what a stage says."""
    page = AppTest.from_file(str(ROOT / "pages" / "shell.py"), default_timeout=PATIENT / 1000)
    for name, values in parse_qs(link.removeprefix("?"), keep_blank_values=True).items():
        page.query_params[name] = values
    if drawn:
        page.session_state[DRAWN] = True
    page.switch_page(script).run()
    assert not page.exception
    return page


def told(page: AppTest, component: str) -> dict[str, Any]:
    """Return what the server tells the one component of this name to show."""
    (data,) = all_told(page, component)
    return data


def all_told(page: AppTest, component: str) -> list[dict[str, Any]]:
    """Return what the server tells each component of this name to show."""
    protos = [element.proto for element in page.get("bidi_component")]
    return [json.loads(proto.json) for proto in protos if proto.component_name == component]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("server") / "log.txt") as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM:
        reason = "no Chromium found; on Debian: apt-get install chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def kept(browser: Browser) -> dict[Device, Tab]:
    """Hold the tabs that one test leaves to the next."""
    return {}


@pytest.fixture
def visit(
    request: pytest.FixtureRequest, browser: Browser, server: str, kept: dict[Device, Tab]
) -> Iterator[Visit]:
    """Open a path of the app in a kept tab, in place of the last one; a logged error fails.

    The browser has loaded the app before: where that matters, take `first_visit`.
    """
    used: set[Device] = set()

    def open_path(
        path: str = "", address: str = server, device: Device = Device.MOUSE, **look: Any
    ) -> Page:
        used.add(device)
        if device not in kept:
            kept[device] = Tab(browser, device)
        return kept[device].open(f"{address}/{path}", **look)

    failed = request.session.testsfailed
    yield open_path
    sound = request.session.testsfailed == failed
    # A test that failed may have left a button pressed, and with it goes its tab.
    errors = [kept[device].leave() if sound else kept.pop(device).close() for device in used]
    assert not any(errors)


@pytest.fixture
def first_visit(browser: Browser, server: str) -> Iterator[Visit]:
    """Open a path of the app in a fresh browser profile; a logged error fails.

    ``prepare`` gets the page before it is opened. A test with a server of its own closes the
    profile before that stops.
    """
    tabs: list[Tab] = []

    def open_path(
        path: str = "",
        address: str = server,
        prepare: Callable[[Page], None] = lambda page: None,
        **look: Any,
    ) -> Page:
        tab = Tab(browser)
        tabs.append(tab)
        prepare(tab.page)
        return tab.open(f"{address}/{path}", **look)

    yield open_path
    errors = [tab.close() for tab in tabs]
    assert not any(errors)
