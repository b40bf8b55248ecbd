"""First visits, with nothing cached."""

from statistics import median

from tests.benchmark.measuring import line
from tests.benchmark.visiting import first_picture, visiting
from tests.browsing import DESKTOP

VISITS = 7
STAGE, PLOT = ".stage svg.plane", ".js-plotly-plot .main-svg"
PICTURES = {  # by page: the first picture, and the ms that are aimed at
    "": (STAGE, 1000),
    "descent": (STAGE, 1000),
    "dimensions": (PLOT, 3000),
    "training": (PLOT, 3000),
}
TRANSFERRED = """performance.getEntries()
  .reduce((sum, { transferSize }) => sum + (transferSize ?? 0), 0)"""


def first_visits() -> None:
    """Time visits with nothing cached, to a server that has been visited before."""
    with visiting() as (address, browser):
        for name, (selector, aim) in PICTURES.items():
            times, sizes = [], []
            for _ in range(1 + VISITS):
                page = browser.new_context(viewport=DESKTOP).new_page()
                times.append(first_picture(page, f"{address}/{name}", selector))
                page.wait_for_load_state("networkidle")
                sizes.append(page.evaluate(TRANSFERRED) / 1e6)
                page.context.close()
            warm = times[1:]
            measured = f"p50 {median(warm):.0f} ms, max {max(warm):.0f} ms"
            line(f"first picture of /{name}", measured, f"<= {aim} ms")
            line("  transferred", f"{median(sizes):.2f} MB, what came by WebSocket not included")
