"""First visits, with nothing cached."""

from statistics import median

from tests.benchmark.measuring import line
from tests.benchmark.visiting import first_picture, visiting
from tests.browsing import DESKTOP, idle

VISITS = 7
TRANSFERRED = """performance.getEntries()
  .reduce((sum, { transferSize }) => sum + (transferSize ?? 0), 0)"""


def first_visits() -> None:
    """Time visits with nothing cached, to a server that has been visited before."""
    times, sizes = [], []
    with visiting() as (address, browser):
        for _ in range(1 + VISITS):
            page = browser.new_context(viewport=DESKTOP).new_page()
            times.append(first_picture(page, address))
            idle(page)
            sizes.append(page.evaluate(TRANSFERRED) / 1e6)
            page.context.close()
    warm = times[1:]
    line("first picture", f"p50 {median(warm):.0f} ms, max {max(warm):.0f} ms", "<= 2000 ms")
    line("  transferred", f"{median(sizes):.2f} MB, what came by WebSocket not included")
