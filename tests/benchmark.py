"""Measure how fast Clipscope is: ``python -m tests.benchmark [clip descents drag ...]``.

Nothing passes or fails here: every line is a ratio to a peer, or a percentile, of this one run,
with what is aimed at beside it. Other programs on the machine spoil it, so the load is printed.
There is one section for each thing measured, and they share little: that makes this file long.
"""

import asyncio
import os
import re
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from itertools import product
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from urllib.parse import quote_plus

import numpy as np
import torch
from playwright.async_api import Page, async_playwright
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from playwright.sync_api import Page as SyncPage
from torch.nn.utils import clip_grad_norm_, clip_grad_value_

from core.clipping import Clipper, clip
from core.curves import curve
from core.descent.descend import HOLD, descend
from core.descent.experiment import Experiment, Landscape
from core.descent.maps import axis, rate_threshold
from core.dimensions.distributions import Distribution
from core.dimensions.population import Population, measure
from core.geometry import angle, clipped_fraction, magnitude_loss
from core.matching import Matching, Thresholds
from core.notation import write_gradient
from core.runs import RUNS
from core.strategies import Strategy
from core.surfaces.table import SURFACES
from core.training.tasks import TASKS
from core.training.train import train, use_one_thread
from core.training.training import default
from core.vector.examples import drawn
from core.work import Work
from tests.browsing import CHROMIUM, FLAGS, idle
from tests.conftest import serving
from tests.core.training.plain import plain
from tests.hands import TWO_LAYERS, at, center, drag

SIZE, LAYERS, ROUNDS = 10_000_000, 100, 15
TRAINED = 150  # steps
RATE, SECONDS = 60, 5  # of the screen and of the pointer's moves, in Hz; of a drag
RELEASES, MAPS, VISITS, SESSIONS = 30, 7, 7, 20
RUN = 600  # seconds that a training may take on a slow machine
RECONNECT = 120  # seconds for which Streamlit keeps a closed session, should its reader come back
SCREEN = {"width": 1280, "height": 800}


def line(what: str, measured: str, aim: str = "") -> None:
    print(f"{what:<46}{measured:<78}{aim and f'aim: {aim}'}".rstrip(), flush=True)


def milliseconds(times: list[float], *shares: int) -> str:
    return ", ".join(f"p{share} {np.percentile(times, share):.1f} ms" for share in shares)


def clipping() -> None:
    """Compare `core.clip` with PyTorch, which clips in place and so needs no room for a result."""
    rng = np.random.default_rng(0)
    shares = rng.dirichlet(np.ones(LAYERS))
    layers = tuple(int(size) for size in 1 + rng.multinomial(SIZE - LAYERS, shares))
    gradient = rng.standard_normal(SIZE, dtype=np.float32)
    parts = torch.from_numpy(gradient).split(layers)
    parameters = [torch.nn.Parameter(torch.zeros_like(part)) for part in parts]
    peers: dict[Strategy, Callable[[], object]] = {
        Strategy.VALUE: lambda: clip_grad_value_(parameters, 1),
        Strategy.LAYER: lambda: [clip_grad_norm_(parameter, 1) for parameter in parameters],
        Strategy.GLOBAL: lambda: clip_grad_norm_(parameters, 1),
    }

    def duration(work: Callable[[], object]) -> float:
        for parameter, part in zip(parameters, parts, strict=True):
            parameter.grad = part.clone()
        return elapsed(work)

    usual = torch.get_num_threads()
    for strategy, peer in peers.items():
        own = partial(clip, gradient, strategy.blocks(layers), 1)
        for threads in sorted({1, usual}):  # NumPy has one
            torch.set_num_threads(threads)
            ratios = [duration(own) / duration(peer) for _ in range(1 + ROUNDS)][1:]  # warm
            spread = f"({min(ratios):.2f}..{max(ratios):.2f})"
            measured = f"{median(ratios):.2f} of PyTorch's time {spread}, its threads: {threads}"
            line(f"clip by {strategy}", measured, "<= 2")
        tracemalloc.start()
        own()
        peak = tracemalloc.get_traced_memory()[1] / gradient.nbytes
        tracemalloc.stop()
        line("  extra memory at its peak", f"{peak:.2f} gradients, the result included", "<= 2")


DESCENTS, STEPS, SAMPLE, CELLS = 10_000, 500, 3, 80


def descents() -> None:
    """Compare many runs at once with PyTorch's optimizer, one run after the other."""
    surface = SURFACES["Rosenbrock"]
    starts = np.random.default_rng(0).uniform(-2, 2, (DESCENTS, 2))
    run = partial(
        descend, surface, starts, Clipper(Strategy.GLOBAL, 1.0), 1e-3, STEPS, keep=HOLD + 1
    )
    run()

    def peer(start: np.ndarray) -> None:
        point = torch.tensor(start, requires_grad=True)
        optimizer = torch.optim.SGD([point], lr=1e-3)
        for _ in range(STEPS):
            optimizer.zero_grad()
            ((1 - point[0]) ** 2 + 100 * (point[0] ** 2 - point[1]) ** 2).backward()
            clip_grad_norm_([point], 1.0)
            optimizer.step()

    own = elapsed(run)
    one = elapsed(lambda: [peer(start) for start in starts[:SAMPLE]]) / SAMPLE
    measured = (
        f"{own:.2f} s in all; PyTorch takes {one / (own / DESCENTS):.0f} times as long for a run"
    )
    line(f"{DESCENTS} runs x {STEPS} steps", measured, "<= 1.5 s, 1000 times")
    tracemalloc.start()
    run()
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    line("  memory at its peak", f"{peak:.0f} MB", "<= 1024 MB")
    strategies = (Strategy.VALUE, Strategy.LAYER, Strategy.GLOBAL)
    asked = Experiment(
        Landscape("Rosenbrock"), (-1.2, 1), 0.01, Thresholds(1), strategies, steps=STEPS
    )
    axes = axis(1e-5, 10, CELLS, 0.01), axis(1e-3, 1e3, CELLS, 1)
    spent = elapsed(lambda: rate_threshold(asked, *axes, Work(STEPS)))
    line(f"map {CELLS} x {CELLS}, 3 strategies", f"{spent:.2f} s to compute", "<= 2 s, shown")


THRESHOLDS, TIMED = 1000, (0.1, 1.0, 3.0)


def curves() -> None:
    """Compare a curve with PyTorch clipping at one threshold at a time, each of them measured."""
    gradient = np.random.default_rng(0).standard_normal(SIZE, dtype=np.float32)
    layers, thresholds = (SIZE // LAYERS,) * LAYERS, np.geomspace(1e-3, 5, THRESHOLDS)
    parameter = torch.nn.Parameter(torch.zeros(SIZE))

    def peer(threshold: float) -> None:
        parameter.grad = torch.from_numpy(gradient).clone()
        clip_grad_value_([parameter], threshold)
        after = parameter.grad.numpy()
        for measured in (angle, magnitude_loss, clipped_fraction):
            measured(gradient, after)

    def bare(threshold: float) -> None:
        before = torch.from_numpy(gradient)
        after = before.clamp(-threshold, threshold)
        torch.dot(before, after) / (before.norm() * after.norm())
        (before != after).sum()

    for strategy in Strategy:
        own = min(elapsed(partial(curve, gradient, layers, strategy, thresholds)) for _ in range(3))
        line(f"curve by {strategy}, {THRESHOLDS} thresholds", f"{own:.2f} s")
        if strategy is Strategy.VALUE:
            for name, work in (("measured as it is here", peer), ("in PyTorch alone", bare)):
                one = elapsed(lambda work=work: [work(c) for c in TIMED]) / len(TIMED)
                ratio = one * THRESHOLDS / own
                line(f"  one by one, {name}", f"{ratio:.0f} times as long", ">= 100")
        tracemalloc.start()
        curve(gradient, layers, strategy, thresholds)
        peak = tracemalloc.get_traced_memory()[1] / gradient.nbytes
        tracemalloc.stop()
        line("  extra memory at its peak", f"{peak:.2f} gradients", "<= 4")


def samples() -> None:
    """Time and weigh random gradients."""
    for draws, n, aim in ((10_000, 1000, "<= 2 s"), (100, 10**6, "")):
        matching = Matching.WORST_LENGTH
        for distribution in (Distribution.GAUSSIAN, Distribution.STUDENT_T):
            population = Population(distribution, (n // 4,) * 4)
            spent = elapsed(
                partial(measure, population, draws, Thresholds(1.0, matching=matching), Work(draws))
            )
            line(f"{draws} draws of {n}, {distribution}", f"{spent:.2f} s", aim)
        tracemalloc.start()
        measure(population, min(draws, SIZE // n), Thresholds(1.0, matching=matching), Work(draws))
        peak = tracemalloc.get_traced_memory()[1] / 2**20
        tracemalloc.stop()
        line("  memory at its peak", f"{peak:.0f} MB", "<= 1024 MB")


def trainings() -> None:
    """Compare training and all its measurements with plain PyTorch; the two take turns.

    Both compute in one thread, as on the page.
    """
    use_one_thread()
    for task, run in product(TASKS, RUNS):
        training = default(task)
        loops = train(training, run), plain(training, run)
        times = np.array(
            [[elapsed(partial(next, loop)) * 1000 for loop in loops] for _ in range(TRAINED)]
        )
        own, peer = np.median(times[TRAINED // 10 :], axis=0)  # warm
        measured = f"{own / peer:.2f} of PyTorch's time; {own:.2f} ms a step, PyTorch {peer:.2f} ms"
        line(f"train {task}, {run}", measured, "<= 1.5")


def elapsed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


EXAMPLE = drawn("Gaussian", 64, seed=1)
BARS = f"?gradient={quote_plus(write_gradient(EXAMPLE.gradient, EXAMPLE.layers))}"
CLIFF = "descent?surface=recurrent+cliff&learning_rate=0.5&threshold=0.2"
LOWEST = EXAMPLE.gradient.index(min(EXAMPLE.gradient))  # the bar with most room above it
DRAGGED = {  # path, what is gripped, what is seen to move
    "floor": ("floor", "circle", "circle"),
    "one layer": ("", ".tip", ".tip"),
    "two layers": (TWO_LAYERS, ".tip", ".tip"),
    "five hundred steps on the cliff": (CLIFF, ".tip", ".tip"),
    "64 bars": (BARS, f"[data-bar='{LOWEST}']", ".bars .knob"),
}
# What nothing can be faster than: a page that only moves a circle; it is ready at once.
FLOOR = """<svg data-test-script-state="notRunning" width="400" height="400">
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
  const place = () => ["transform", "cx", "cy"].map((name) => knob.getAttribute(name)).join();
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
TWO_FRAMES = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


async def dragging() -> None:
    """Drag as a hand does, which does not wait for the page; a frame too late is one missed."""
    with TemporaryDirectory() as folder, serving(Path(folder) / "log.txt") as address:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            for slower, name in product((1, 4), DRAGGED):
                page = await browser.new_page(viewport=SCREEN)
                probe = await drag_at_rate(page, address, name, slower)
                await page.close()
                share = len(probe["script"]) / (SECONDS * RATE)
                latency = milliseconds(probe["latency"], 50, 95)
                line(
                    f"drag {name}" + (f", CPU / {slower}" if slower > 1 else ""),
                    f"{share:.0%} of frames; input to paint {latency}; "
                    f"script {milliseconds(probe['script'], 95)}",
                    "" if name == "floor" else "100%, p95 <= 20 ms",
                )


async def drag_at_rate(page: Page, address: str, name: str, slower: int) -> dict[str, list[float]]:
    path, grip, knob = DRAGGED[name]
    await page.route("**/floor", lambda it: it.fulfill(body=FLOOR, content_type="text/html"))
    await page.goto(f"{address}/{path}", wait_until="networkidle")
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
        page = browser.new_page(viewport=SCREEN)
        page.goto(address)
        idle(page)
        page.evaluate(LINKS)
        for k in range(RELEASES):
            drag(page, center(page.locator(".tip")), at(page, 3 - k % 2, 0.5 + k / RELEASES))
            page.wait_for_function("(drags) => waits.length === drags", arg=k + 1)
            idle(page)
        waits = page.evaluate("waits")
    line("release to the new link", milliseconds(waits, 50, 95), "p95 <= 200 ms")


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
        page = browser.new_page(viewport=SCREEN)
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
        page = browser.new_page(viewport=SCREEN)
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


TRANSFERRED = """performance.getEntries()
  .reduce((sum, { transferSize }) => sum + (transferSize ?? 0), 0)"""


def first_visits() -> None:
    """Time visits with nothing cached, to a server that has been visited before."""
    times, sizes = [], []
    with visiting() as (address, browser):
        for _ in range(1 + VISITS):
            page = browser.new_context(viewport=SCREEN).new_page()
            page.goto(address, wait_until="commit")
            page.wait_for_selector(".stage svg.plane")
            times.append(page.evaluate(f"{TWO_FRAMES}.then(() => performance.now())"))
            idle(page)
            sizes.append(page.evaluate(TRANSFERRED) / 1e6)
            page.context.close()
    warm = times[1:]
    line("first picture", f"p50 {median(warm):.0f} ms, max {max(warm):.0f} ms", "<= 2000 ms")
    line("  transferred", f"{median(sizes):.2f} MB, what came by WebSocket not included")


def memory() -> None:
    """Weigh the server."""
    with visiting() as (address, browser):

        def visit(times: int) -> BrowserContext:
            context = browser.new_context(viewport=SCREEN)
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


FINISHED, READERS = 10, 5
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
    page = browser.new_context(viewport=SCREEN).new_page()
    page.goto(f"{address}/{FULL}")
    return page


def run_to_the_end(page: SyncPage) -> None:
    page.get_by_role("button", name=re.compile("^Run")).click()
    page.get_by_role("button", name="Stop").wait_for()
    page.get_by_role("button", name="Run again").wait_for(timeout=RUN * 1000)
    idle(page, stage=False)


def resident(address: str) -> float:
    """Return the memory that the server at an address holds, in MB."""
    ending = f"\0--server.port\0{address.rpartition(':')[2]}\0".encode()
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it ended meanwhile
            if (process / "cmdline").read_bytes().endswith(ending):
                status = (process / "status").read_text()
                return int(status.split("VmRSS:")[1].split()[0]) / 1024
    raise ProcessLookupError(f"no server at {address}")


@contextmanager
def visiting() -> Iterator[tuple[str, Browser]]:
    with (
        TemporaryDirectory() as folder,
        serving(Path(folder) / "log.txt") as address,
        sync_playwright() as playwright,
    ):
        yield address, playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)


SECTIONS = {
    "clip": clipping,
    "descents": descents,
    "curves": curves,
    "samples": samples,
    "training": trainings,
    "drag": lambda: asyncio.run(dragging()),
    "release": releasing,
    "map": mapping,
    "dimensions": redrawing,
    "first": first_visits,
    "memory": memory,
    "trained": trained,
}
WITHOUT_BROWSER = {"clip", "descents", "curves", "samples", "training"}


def main(names: list[str]) -> None:
    if unknown := set(names) - set(SECTIONS):
        sys.exit(f"no section {', '.join(sorted(unknown))}; there are {', '.join(SECTIONS)}")
    for name in names or SECTIONS:
        if name not in WITHOUT_BROWSER and not CHROMIUM:
            line(f"[{name}]", "not measured: there is no Chromium")
        elif name in ("memory", "trained") and not Path("/proc/self/status").exists():
            line(f"[{name}]", "not measured: only Linux tells it, in /proc")
        else:
            line(f"[{name}]", f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
            SECTIONS[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
