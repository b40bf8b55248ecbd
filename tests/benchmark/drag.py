"""Dragging in a real browser: which frames it gets, and how late."""

import asyncio
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote_plus, urljoin

import numpy as np
from playwright.async_api import Page, Route, async_playwright

from core.notation import write_gradient
from core.vector.examples import drawn
from tests.benchmark.measuring import line, milliseconds
from tests.benchmark.visiting import TWO_FRAMES
from tests.browsing import CHROMIUM, DESKTOP, FLAGS
from tests.conftest import serving
from tests.hands import TWO_LAYERS

RATE = 60  # of the screen and of the pointer's moves, in Hz
SECONDS = 5  # of a drag
EXAMPLE = drawn("Gaussian", 64, seed=1)
BARS = f"?gradient={quote_plus(write_gradient(EXAMPLE.gradient, EXAMPLE.layers))}"
CLIFF = "descent?surface=recurrent+cliff&learning_rate=0.5&threshold=0.2"
LOWEST = EXAMPLE.gradient.index(min(EXAMPLE.gradient))  # the bar with most room above it
FLOOR = "floor"
PEER = "peer"
DRAGGED = {  # address or path, what is gripped, what is seen to move
    FLOOR: ("floor", "circle", "circle"),
    "one layer": ("", ".tip", ".tip"),
    "two layers": (TWO_LAYERS, ".tip", ".tip"),
    "five hundred steps on the cliff": (CLIFF, ".tip", ".tip"),
    "norms of a log": ("gradients", ".norms .field", ".norms .limit"),
    "64 bars": (BARS, f"[data-bar='{LOWEST}']", ".bars .knob"),
}


# What nothing can be faster than: a page that only moves a circle.
FLOOR_PAGE = """<svg width="400" height="400">
  <circle cx="200" cy="200" r="7" />
</svg><script>
  const circle = document.querySelector("circle");
  addEventListener("pointermove", ({ x, y }) => requestAnimationFrame(() =>
    circle.setAttribute("transform", `translate(${x} ${y})`)));
</script>"""


# A move counts from its time stamp, which it has from the browser, to the first task after the
# frame that moved the knob. That is its wait for the frame, script, style, layout and paint;
# rasterizing and showing come later, where no page can see. Moves painted together all count.
PROBE = """(knob) => {
  const placing = ["transform", "cx", "cy", "style", "d"];
  const place = () => placing.map((name) => knob.getAttribute(name)).join();
  const native = requestAnimationFrame.bind(window);
  const probe = (window.probe = { script: [], latency: [] }); // of paints, of moves, in ms
  const moves = [];
  const note = (move) => moves.push(...move.getCoalescedEvents().map((one) => one.timeStamp));
  addEventListener("pointermove", note, true);
  window.requestAnimationFrame = (callback) => native((time) => {
    const [before, start] = [place(), performance.now()];
    callback(time);
    const script = performance.now() - start;
    if (place() === before) return;
    probe.script.push(script);
    const painted = moves.splice(0);
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => probe.latency.push(...painted.map((made) => performance.now() - made));
    port2.postMessage("after the frame");
  });
}"""


def dragging(peer: tuple[str, str] | None = None) -> None:
    """Drag as a hand does, which does not wait for the page; a frame too late is one missed.

    A peer is the address of any page, and a selector of what is dragged there.
    """
    dragged = {FLOOR: DRAGGED[FLOOR]}
    if peer:
        address, grip = peer
        dragged[PEER] = (address, grip, grip)
    asyncio.run(_drag_all(dragged | DRAGGED))


async def _drag_all(dragged: dict[str, tuple[str, str, str]]) -> None:
    with TemporaryDirectory() as folder, serving(Path(folder) / "log.txt") as address:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            for slower in (1, 4):
                lates: dict[str, float] = {}
                for name, (path, grip, knob) in dragged.items():
                    page = await browser.new_page(viewport=DESKTOP)
                    await page.route("**/floor", _floor)
                    await page.goto(urljoin(f"{address}/", path), wait_until="networkidle")
                    probe = await drag_at_rate(page, grip, knob, slower)
                    await page.close()
                    if not probe["latency"]:
                        line(f"drag {name}", f"not measured: {knob} did not follow the pointer")
                        continue
                    share = len(probe["script"]) / (SECONDS * RATE)
                    late = lates[name] = float(np.percentile(probe["latency"], 95))
                    yardsticks = [one for one in (FLOOR, PEER) if one in lates]
                    ratios = ", ".join(f"{late / lates[one]:.2f}x {one}" for one in yardsticks)
                    latency = milliseconds(probe["latency"], 50, 95)
                    line(
                        f"drag {name}" + (f", CPU / {slower}" if slower > 1 else ""),
                        f"{share:.0%} of frames; input to paint {latency} ({ratios}); "
                        f"script {milliseconds(probe['script'], 95)}",
                    )


async def _floor(route: Route) -> None:
    await route.fulfill(body=FLOOR_PAGE, content_type="text/html")


async def drag_at_rate(page: Page, grip: str, knob: str, slower: int) -> dict[str, list[float]]:
    await page.wait_for_selector(grip)
    if await page.locator(".stApp").count():
        await page.wait_for_selector("[data-test-script-state=notRunning]")
    box = await page.locator(grip).first.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    client = await page.context.new_cdp_session(page)
    await client.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.locator(knob).first.evaluate(PROBE)
    sent, start = [], time.perf_counter()
    for k in range(1, RATE * SECONDS + 1):
        away = 120 - abs(5 * k % 240 - 120)  # to and fro, 5 pixels a move
        await asyncio.sleep(max(start + k / RATE - time.perf_counter(), 0))
        move = {"type": "mouseMoved", "x": x - away, "y": y - away, "button": "left", "buttons": 1}
        sent.append(asyncio.create_task(client.send("Input.dispatchMouseEvent", move)))
    probe = await page.evaluate(f"{TWO_FRAMES}.then(() => probe)")
    await asyncio.gather(*sent)
    return probe
