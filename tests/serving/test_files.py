"""Files that are served from memory."""

import gzip
import re
import urllib.error
import urllib.request

import pytest

from serving.files import SCRIPTS, SCRIPTS_ADDRESS
from serving.shell import PARTS, needed


def ask(address: str, coding: str = "identity") -> tuple[bytes, dict[str, str]]:
    request = urllib.request.Request(address, headers={"Accept-Encoding": coding})
    with urllib.request.urlopen(request) as answer:
        return answer.read(), dict(answer.headers)


def test_streamlits_scripts_are_served_as_they_are_and_kept(server: str) -> None:
    for file in list(SCRIPTS.glob("*.js"))[::40]:
        address = f"{server}{SCRIPTS_ADDRESS}/{file.name}"
        plain, headers = ask(address)
        assert plain == file.read_bytes()
        assert "immutable" in headers["cache-control"]
        assert headers["content-type"].startswith("text/javascript")
        packed, headers = ask(address, "gzip")
        assert headers["content-encoding"] == "gzip"
        assert gzip.decompress(packed) == plain


@pytest.mark.parametrize("name", ["none.js", "../index.html", "%2e%2e/index.html", ""])
def test_no_other_file_is_served_as_a_script(server: str, name: str) -> None:
    with pytest.raises(urllib.error.HTTPError, match=r"40[04]"):
        ask(f"{server}{SCRIPTS_ADDRESS}/{name}")


def test_a_page_names_all_scripts_of_its_first_picture(server: str) -> None:
    page = ask(f"{server}/")[0].decode()
    named = re.findall(rf'(?:href|src)="\.({SCRIPTS_ADDRESS}/([\w.-]+))"', page)
    assert needed(PARTS) <= {name for _, name in named}
    assert len(named) == len(set(named))
    for part in PARTS:  # a Streamlit that calls them otherwise would go unnoticed
        assert any(name.startswith(f"{part}.") for _, name in named)
    for address, _ in named:
        assert ask(f"{server}{address}")[0]
