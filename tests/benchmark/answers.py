"""How long a page takes to answer a reader: with a link, a map, a histogram."""

from tests.benchmark.descents import CELLS
from tests.benchmark.measuring import line, milliseconds
from tests.benchmark.visiting import spent, visiting
from tests.browsing import DESKTOP, idle
from tests.hands import at, center, drag

RELEASES = 30
MAPS = 7
LINKS = """() => {
  window.waits = []; // from pointer up to the new address, in ms
  addEventListener("pointerup", ({ timeStamp }) => {
    const arrived = () => waits.push(performance.now() - timeStamp);
    navigation.addEventListener("currententrychange", arrived, { once: true });
  }, true);
}"""


def releasing() -> None:
    """Time the link after a drag; it is written when the server has answered."""
    with visiting() as (address, browser):
        page = browser.new_page(viewport=DESKTOP)
        page.goto(address)
        idle(page)
        page.evaluate(LINKS)
        for k in range(RELEASES):
            drag(page, center(page.locator(".tip")), at(page, 3 - k % 2, 0.5 + k / RELEASES))
            page.wait_for_function("(drags) => waits.length === drags", arg=k + 1)
            idle(page)
        waits = page.evaluate("waits")
    line("release to the new link", milliseconds(waits, 50, 95), "p95 <= 200 ms")


def descending() -> None:
    """Tell what a drag on the path costs the server: the runs, their table and the page."""
    for steps, aim in ((500, 60), (2000, 240)):
        with visiting() as (address, browser):
            page = browser.new_page(viewport=DESKTOP)
            page.goto(f"{address}/descent?steps={steps}")
            idle(page)
            x, y = center(page.locator(".tip"))
            for k in range(1 + RELEASES):
                if k == 1:  # the first one builds what all others have
                    before = spent(address)
                drag(page, center(page.locator(".tip")), (x + k, y + k))
                page.wait_for_timeout(300)
                idle(page)
            each = (spent(address) - before) / RELEASES
        measured = f"{each:.0f} ms of processor time"
        line(f"release on the path, {steps:,} steps", measured, f"<= {aim} ms")


MAPPED = "descent?map=true&runs=value&runs=layer&runs=global"
DRAWN = """(canvas) => {
  window.drawn = []; // from pointer or key up to the picture drawn anew, in ms
  let up = 0;
  for (const kind of ["pointerup", "keyup"])
    addEventListener(kind, ({ timeStamp }) => (up = timeStamp), true);
  canvas.on("plotly_afterplot", () => {
    if (up) drawn.push(performance.now() - up);
    up = 0;
  });
}"""


def mapping() -> None:
    """Time the map of learning rates and thresholds after a drag of the start, which changes it."""
    with visiting() as (address, browser):
        page = browser.new_page(viewport=DESKTOP)
        page.goto(f"{address}/{MAPPED}")
        page.locator(".plot .main-svg").first.wait_for()
        idle(page)
        page.locator(".plot .canvas").evaluate(DRAWN)
        for k in range(MAPS):
            page.locator(".tip").scroll_into_view_if_needed()
            x, y = center(page.locator(".tip"))
            drag(page, (x, y), (x + 10, y + 10))
            page.wait_for_function("(maps) => drawn.length === maps", arg=k + 1)
            idle(page)
        waits = page.evaluate("drawn")
    line(f"release to the new map of {CELLS} x {CELLS}", milliseconds(waits, 50, 95), "<= 2000 ms")


def redrawing() -> None:
    """Time the histograms of many dimensions after a change of the number of coordinates."""
    with visiting() as (address, browser):
        page = browser.new_page(viewport=DESKTOP)
        page.goto(f"{address}/dimensions")
        page.locator(".plot .main-svg").first.wait_for()
        idle(page, stage=False)
        page.locator(".plot .canvas").evaluate(DRAWN)
        page.get_by_role("slider").focus()
        for k in range(RELEASES):
            page.keyboard.press("ArrowRight" if k % 12 < 6 else "ArrowLeft")
            page.wait_for_function("(pictures) => drawn.length === pictures", arg=k + 1)
            idle(page, stage=False)
        waits = page.evaluate("drawn")
    line("release to the new histograms", milliseconds(waits, 50, 95), "p95 <= 300 ms")
