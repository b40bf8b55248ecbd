"""What the server weighs, with readers and with their trainings."""

import re
import time

from playwright.sync_api import Browser, BrowserContext
from playwright.sync_api import Page as SyncPage

from tests.benchmark.measuring import line
from tests.benchmark.visiting import resident, visiting
from tests.browsing import DESKTOP, idle

SESSIONS = 20
RUN = 600  # seconds that a training may take on a slow machine
RECONNECT = 120  # seconds for which Streamlit keeps a closed session, should its reader come back


def memory() -> None:
    """Weigh the server."""
    with visiting() as (address, browser):

        def visit(times: int) -> BrowserContext:
            context = browser.new_context(viewport=DESKTOP)
            for _ in range(times):
                page = context.new_page()
                page.goto(address)
                idle(page)
            return context

        line("memory after the start", f"{resident(address):.0f} MB")
        contexts = [visit(1)]
        one = resident(address)
        line("  with one session", f"{one:.0f} MB")
        contexts.append(visit(SESSIONS))
        each = (resident(address) - one) / SESSIONS
        line("  for each further session", f"{each:.2f} MB, of {SESSIONS}")
        for context in contexts:
            context.close()
        time.sleep(RECONNECT + 1)
        visit(1).close()  # with a new session, Streamlit drops those that were kept too long
        line("  after all were closed", f"{resident(address):.0f} MB")


FINISHED = 10
READERS = 5
FULL = "training?task=digits&training_steps=30&batch=32"


def trained() -> None:
    """Weigh the server after trainings; a session keeps the last one alone."""
    with visiting() as (address, browser):
        first = training_page(browser, address)
        for k in range(1, FINISHED + 1):
            run_to_the_end(first)
            if k in (1, FINISHED):
                weight = resident(address)
                aim = "does not grow" if k > 1 else ""
                line(f"memory after {k} finished runs", f"{weight:.0f} MB", aim)
        for _ in range(READERS):
            run_to_the_end(training_page(browser, address))
        each = (resident(address) - weight) / READERS
        line("  of one more session with a finished run", f"{each:.1f} MB")


def training_page(browser: Browser, address: str) -> SyncPage:
    page = browser.new_context(viewport=DESKTOP).new_page()
    page.goto(f"{address}/{FULL}")
    return page


def run_to_the_end(page: SyncPage) -> None:
    page.get_by_role("button", name=re.compile("^Run")).click()
    page.get_by_role("button", name="Stop").wait_for()
    page.get_by_role("button", name="Run again").wait_for(timeout=RUN * 1000)
    idle(page, stage=False)
