"""Files that are served from memory."""

import gzip
import json
import re
import urllib.error
import urllib.request

import pytest
from playwright.sync_api import Browser

from serving.files import SCRIPTS, SCRIPTS_ADDRESS
from serving.shell import PARTS
from tests.benchmark.visiting import FIRST_PICTURE


def ask(address: str, coding: str = "identity") -> tuple[bytes, dict[str, str]]:
    request = urllib.request.Request(address, headers={"Accept-Encoding": coding})
    with urllib.request.urlopen(request) as answer:
        return answer.read(), dict(answer.headers)


def test_streamlits_scripts_are_served_as_they_are_and_kept(server: str) -> None:
    files = sorted(SCRIPTS.glob("*.js"), key=lambda file: file.stat().st_size)
    for file in (*files[::60], files[-1]):
        address = f"{server}{SCRIPTS_ADDRESS}/{file.name}"
        packed, headers = ask(address, "gzip")
        assert gzip.decompress(packed) == file.read_bytes() == ask(address)[0]
        assert headers["content-encoding"] == "gzip"
        assert headers["content-length"] == str(len(packed))  # packed before it was asked for
        assert headers["content-type"].startswith("text/javascript")
        assert "immutable" in headers["cache-control"]


def test_a_script_can_only_be_read(server: str) -> None:
    file = min(SCRIPTS.glob("*.js"))
    address = f"{server}{SCRIPTS_ADDRESS}/{file.name}"
    request = urllib.request.Request(address, method="DELETE", headers={"Accept-Encoding": "gzip"})
    with pytest.raises(urllib.error.HTTPError, match="405"):
        urllib.request.urlopen(request)


@pytest.mark.parametrize("name", ["none.js", "../index.html", "%2e%2e/index.html", ""])
def test_no_other_file_is_served_as_a_script(server: str, name: str) -> None:
    with pytest.raises(urllib.error.HTTPError, match=r"40[04]"):
        ask(f"{server}{SCRIPTS_ADDRESS}/{name}")


def test_every_script_that_a_page_names_early_is_there(server: str) -> None:
    page = ask(f"{server}/")[0].decode()
    named = re.findall(rf'(?:href|src)="\.({SCRIPTS_ADDRESS}/([\w.-]+))"', page)
    assert len(named) == len(set(named))
    for part in PARTS:  # a Streamlit that calls them otherwise would go unnoticed
        assert any(name.startswith(f"{part}.") for _, name in named)
    for address, _ in named:
        assert ask(f"{server}{address}")[0]


@pytest.mark.browser
def test_a_page_names_all_scripts_of_its_first_picture(browser: Browser, server: str) -> None:
    page = browser.new_page()
    page.add_init_script(FIRST_PICTURE.replace("SELECTOR", json.dumps(".stage svg.plane")))
    page.goto(server)
    loaded = page.evaluate(
        """pictured.then((when) => performance.getEntriesByType("resource")
            .filter((one) => one.startTime < when && one.name.includes("/static/js/"))
            .map((one) => one.name.split("/").pop()))"""
    )
    page.close()
    named = ask(f"{server}/")[0].decode()
    assert len(loaded) > len(PARTS)
    assert not [name for name in loaded if name not in named]
