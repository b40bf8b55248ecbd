"""How soon a card is there, beside the full page, and how much is sent for it."""

import urllib.request
from statistics import median

from playwright.sync_api import Browser

from tests.benchmark.measuring import line
from tests.benchmark.visiting import first_picture, visiting
from tests.browsing import DESKTOP

VISITS = 7
SENT = {"card/vector": 40, "card/descent": 120}  # kB aimed at, compressed
FULL = {"card/vector": "", "card/descent": "descent"}


def cards() -> None:
    """Time first visits to the cards and to the pages, in turns, with nothing cached."""
    with visiting() as (address, browser):
        for card, aim in SENT.items():
            ask = urllib.request.Request(f"{address}/{card}", headers={"Accept-Encoding": "gzip"})
            with urllib.request.urlopen(ask) as answer:
                line(card, f"{len(answer.read()) / 1000:.0f} kB compressed", f"<= {aim} kB")
            _visit(browser, f"{address}/{FULL[card]}")
            pairs = [
                (_visit(browser, f"{address}/{card}"), _visit(browser, f"{address}/{FULL[card]}"))
                for _ in range(VISITS)
            ]
            alone, full = (median(times) for times in zip(*pairs, strict=True))
            measured = f"p50 {alone:.0f} ms; the full page takes {full / alone:.1f} times as long"
            line("  first live picture", measured, "<= 300 ms")


def _visit(browser: Browser, address: str) -> float:
    page = browser.new_context(viewport=DESKTOP).new_page()
    time = first_picture(page, address)
    page.context.close()
    return time
