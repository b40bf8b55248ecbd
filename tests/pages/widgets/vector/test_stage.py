"""The live stage in a real browser: what a reader drags, presses, sees and shares.

Mouse, touch, keyboard and screen reader each want their say: that makes this file long.
"""

import re
import time
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, WebSocketRoute, expect

from core.notation import read_gradient
from tests.browsing import PATIENT, PHONE, Device, Visit, idle
from tests.conftest import released_links
from tests.hands import TWO_LAYERS, at, center, drag, inputs

pytestmark = pytest.mark.browser
REST = 400  # ms, more than a stage waits for
TALL = {"width": 1280, "height": 1600}  # all is seen without scrolling


def gradient(page: Page) -> list[float]:
    return list(read_gradient(inputs(page)["gradient"])[0])


def angle(page: Page, strategy: str) -> str:
    return page.locator(f".card.{strategy} .angle").inner_text()


def test_dragging_the_arrow_shows_every_angle_at_once_and_ends_in_the_link(visit: Visit) -> None:
    page = visit()
    assert angle(page, "value") == "26.0°"
    drag(page, center(page.locator(".tip")), at(page, 3, 0), release=False)
    expect(page.locator(".card.value .angle")).to_have_text("0.0°")
    assert page.url.endswith("/")  # nothing is told before the release
    page.mouse.up()
    page.wait_for_url("**gradient=**")
    x, y = gradient(page)
    assert x == pytest.approx(3, abs=0.05)
    assert y == pytest.approx(0, abs=0.05)
    expect(page.get_by_role("textbox", name="Gradient")).to_have_value(inputs(page)["gradient"])


def test_the_drawing_follows_the_pointer_before_the_release(visit: Visit) -> None:
    page = visit()
    tip = page.locator(".tip")
    places = set()
    page.mouse.move(*center(tip))
    page.mouse.down()
    for k in range(6):
        page.mouse.move(*at(page, 1 + 0.3 * k, 2))
        page.evaluate("() => new Promise(requestAnimationFrame)")
        places.add(tip.get_attribute("transform"))
    assert len(places) == 6


def everything(page: Page) -> list[str]:
    """Return what a stage says and shows: its text, and the attributes of all its pictures."""
    found = page.locator(".words, .card, .pictures text, .pictures *, .dot").evaluate_all(
        """(all) => all.map((it) => [it.textContent, ...[...it.attributes].map((one) =>
            `${one.name} ${one.value}`)].join())"""
    )
    assert len(found) > 20
    return list(found)


@pytest.mark.parametrize("link", ["", TWO_LAYERS, "?gradient=1,-2,3,.5,2,1&picture=bars"])
def test_a_hand_that_rests_amid_a_drag_sees_everything_up_to_date(visit: Visit, link: str) -> None:
    # Much is drawn by turns while the hand moves: none of it may stay behind.
    page = visit(link)
    x, y = center(page.locator(".tip, [data-bar='3']").first)
    drag(page, (x, y), (x - 23, y + 31), release=False)
    page.wait_for_timeout(REST)
    resting = everything(page)
    page.mouse.up()
    page.wait_for_timeout(REST)
    assert everything(page) == resting


def test_the_gradient_answers_the_keyboard_in_fine_and_coarse_steps(visit: Visit) -> None:
    page = visit()
    page.locator(".tip").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**gradient=**")
    fine = gradient(page)[0] - 3.2
    page.keyboard.press("Shift+ArrowUp")
    expect(page).not_to_have_url(re.compile("1.1$"))
    coarse = gradient(page)[1] - 1.1
    assert 0 < fine < coarse == pytest.approx(10 * fine)


def test_the_threshold_follows_its_slider_by_keyboard(visit: Visit) -> None:
    page = visit()
    slider = page.locator(".slider")
    slider.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**threshold=**")
    fine = float(inputs(page)["threshold"])
    page.keyboard.press("PageUp")
    page.wait_for_function("n => !location.href.endsWith(n)", arg=f"threshold={fine:g}")
    assert 1 < fine < 1.02 < float(inputs(page)["threshold"])


def test_the_slider_is_dragged_with_the_mouse(visit: Visit) -> None:
    page = visit()
    start = center(page.locator(".slider"))
    drag(page, start, (start[0] + 100, start[1]))
    page.wait_for_url("**threshold=**")
    assert float(inputs(page)["threshold"]) > 1


@pytest.mark.parametrize(("strategy", "begin"), [("value", (-1, -0.3)), ("global", (0, -1))])
def test_the_edge_of_a_region_moves_the_threshold(
    visit: Visit, strategy: str, begin: tuple[float, float]
) -> None:
    page = visit(f"?shown={strategy}")
    drag(page, at(page, *begin), at(page, 2 * begin[0], 2 * begin[1]))
    page.wait_for_url("**threshold=**")
    assert float(inputs(page)["threshold"]) == pytest.approx(2, abs=0.05)


def test_the_disc_left_over_moves_the_global_threshold(visit: Visit) -> None:
    page = visit(f"{TWO_LAYERS}&shown=global")
    left_over = 3.2**2 + 1.1**2
    radius = (left_over / (left_over + 0.55**2 + 1.35**2)) ** 0.5
    drag(page, at(page, 0, -radius), at(page, 0, -1.5 * radius))
    page.wait_for_url("**threshold=**")
    assert float(inputs(page)["threshold"]) == pytest.approx(1.5, abs=0.05)


@pytest.mark.parametrize("plot", [0, 1])
def test_dragging_on_a_curve_moves_the_threshold(visit: Visit, plot: int) -> None:
    page = visit()
    field = center(page.locator(".curves .field").nth(plot))
    drag(page, field, (field[0] + 60, field[1]))
    page.wait_for_url("**threshold=**")
    assert float(inputs(page)["threshold"]) > 1


def test_touch_drags_the_arrow(visit: Visit) -> None:
    page = visit(device=Device.TELEPHONE, viewport=PHONE)
    page.locator(".plane").scroll_into_view_if_needed()  # the tip beckons for seconds
    start, stop = center(page.locator(".tip")), at(page, 2, 2)
    client = page.context.new_cdp_session(page)
    way = [
        (start[0] + k * (stop[0] - start[0]) / 12, start[1] + k * (stop[1] - start[1]) / 12)
        for k in range(1, 13)
    ]
    moves = [("touchMove", spot) for spot in way]  # many: the browser may take over after a few
    for kind, spot in (("touchStart", start), *moves, ("touchEnd", None)):
        points = [{"x": spot[0], "y": spot[1]}] if spot else []
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    page.wait_for_url("**gradient=**")
    assert gradient(page) == pytest.approx([2, 2], abs=0.1)


@pytest.mark.parametrize(("motion", "calm"), [("no-preference", False), ("reduce", True)])
def test_the_window_glides_to_its_new_size(visit: Visit, motion: str, calm: bool) -> None:
    page = visit(reduced_motion=motion)
    page.locator(".plane").evaluate("""plane => {
        window.halves = [];
        new MutationObserver(() => window.halves.push(Number(plane.dataset.half)))
            .observe(plane, { attributeFilter: ["data-half"] });
    }""")
    field = page.get_by_role("textbox", name="Gradient")
    field.fill("32, 11")
    field.press("Enter")
    expect(page.locator(".plane")).to_have_attribute("data-half", "10")
    halves = page.evaluate("window.halves")
    assert halves == sorted(halves)
    assert (halves == [10]) == calm


def test_a_finger_takes_the_nearest_of_many_thin_bars(visit: Visit) -> None:
    numbers = ["0.1"] * 64
    numbers[31] = "1"
    link = f"?gradient={','.join(numbers)}"
    page = visit(link, device=Device.TELEPHONE, viewport=PHONE)
    page.locator(".bars").scroll_into_view_if_needed()
    x, y = center(page.locator("[data-bar='31']"))
    client = page.context.new_cdp_session(page)
    aside = x + 8  # two bars farther, which end far below
    moves = [("touchMove", (aside, y + k)) for k in range(1, 13)]
    for kind, spot in (("touchStart", (aside, y)), *moves, ("touchEnd", None)):
        points = [{"x": spot[0], "y": spot[1]}] if spot else []
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    page.wait_for_function("() => !location.search.includes(',1,')")
    changed = gradient(page)
    assert 0.5 < changed.pop(31) < 1
    assert set(changed) == {0.1}


def test_a_bar_is_dragged_and_answers_the_keyboard(visit: Visit) -> None:
    page = visit("?gradient=1,-2,0.5")
    x, y = center(page.locator("[data-bar='1']"))
    drag(page, (x, y), (x, y - 60))
    page.wait_for_function("() => !location.href.includes('-2')")
    first, second, third = gradient(page)
    assert (first, third) == (1, 0.5)
    assert second > -2
    page.locator(".bars .knob").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowUp")
    page.wait_for_function("() => !location.href.endsWith('0.5')")
    assert gradient(page)[2] > 0.5


def test_the_sentence_says_what_is_seen_and_is_spoken_when_it_rests(visit: Visit) -> None:
    page = visit(TWO_LAYERS)
    seen = page.locator(".words").inner_text()
    for words in ("by value turns it by 27.3°", "per layer turns it by 21.7°", "keeps 27.1%"):
        assert words in seen
    spoken = page.locator(".spoken")
    assert spoken.get_attribute("role") == "status"
    expect(spoken).to_have_text(seen)


def test_a_second_layer_is_one_click_away_and_back(visit: Visit) -> None:
    page = visit()
    assert page.locator("svg.plane").count() == 1
    page.get_by_role("button", name="Add a second layer").click()
    expect(page.locator("svg.plane")).to_have_count(2)
    page.get_by_role("button", name="Back to one layer").click()
    expect(page.locator("svg.plane")).to_have_count(1)


def test_hidden_strategies_disappear_from_picture_and_readouts(visit: Visit) -> None:
    page = visit("?shown=global")
    assert page.locator(".card:visible").count() == 1
    assert page.locator(".plane .arrow.value").is_hidden()
    assert page.locator(".plane .arrow.global").is_visible()


def test_back_undoes_a_drag_and_reload_keeps_it(visit: Visit) -> None:
    page = visit(TWO_LAYERS)
    drag(page, center(page.locator(".tip").first), at(page, 1, 2))
    page.wait_for_function("() => !location.href.includes('3.2')")
    moved = page.url
    page.reload()
    idle(page)
    assert page.url == moved
    page.go_back()
    expect(page.get_by_role("textbox", name="Gradient")).to_have_value("3.2, 1.1 | 0.55, 1.35")
    expect(page.locator(".card.value .angle")).to_have_text("27.3°")


def test_copy_link_opens_the_same_view_in_another_browser(first_visit: Visit) -> None:
    page = first_visit(
        f"{TWO_LAYERS}&threshold=0.7&rule=radial&matching=same+output+length&shown=value"
    )
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Share").click()
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_text("Copied")).to_be_visible()
    link = page.evaluate("() => navigator.clipboard.readText()")
    other = first_visit(link.split("/", 3)[3])
    assert other.locator(".words").inner_text() == page.locator(".words").inner_text()


def test_reset_sets_everything_back_and_empties_the_link(visit: Visit) -> None:
    page = visit(f"{TWO_LAYERS}&threshold=0.7&rule=radial&shown=value&picture=bars")
    page.get_by_role("button", name="Reset").click()
    expect(page).to_have_url(re.compile(r"/$"))
    expect(page.locator(".card.value .angle")).to_have_text("26.0°")


class Line:
    """The line to the server, on which answers can be held back."""

    def __init__(self) -> None:
        self.told = 0
        self.held: list[str | bytes] | None = None
        self.side: WebSocketRoute | None = None

    def join(self, page: Page) -> None:
        self.page = page
        page.route_web_socket(re.compile("/_stcore/stream"), self._connect)

    def _connect(self, route: WebSocketRoute) -> None:
        self.side, server = route, route.connect_to_server()

        def tell(message: str | bytes) -> None:
            self.told += 1
            server.send(message)

        route.on_message(tell)
        server.on_message(lambda m: route.send(m) if self.held is None else self.held.append(m))

    def hold(self, act: Callable[[], object]) -> None:
        """Hold back all answers, act, and wait until what was done is told and answered."""
        self.held, before = [], self.told
        act()
        deadline = time.monotonic() + PATIENT / 1000
        while not (self.told > before and self.held):
            assert time.monotonic() < deadline, "nothing was told, or answered"
            self.page.wait_for_timeout(20)

    def let_go(self) -> None:
        """Hand over what was held back, and wait until the page has had time to draw it."""
        held, self.held = self.held, None
        assert held
        assert self.side
        for message in held:
            self.side.send(message)
        idle(self.page)


def test_an_answer_that_comes_late_does_not_undo_a_newer_edit(first_visit: Visit) -> None:
    line = Line()
    page = first_visit(prepare=line.join)
    tip = page.locator(".tip")
    tip.focus()
    line.hold(lambda: page.keyboard.press("ArrowRight"))
    page.keyboard.press("ArrowRight")
    newest = "(3.28, 1.10)"
    expect(tip).to_have_attribute("aria-valuetext", newest)  # it is drawn in the next frame
    line.let_go()
    assert tip.get_attribute("aria-valuetext") == newest
    page.wait_for_url("**gradient=3.28**")
    idle(page)
    assert tip.get_attribute("aria-valuetext") == newest


def test_edits_that_arrive_together_are_all_kept(first_visit: Visit) -> None:
    line = Line()
    page = first_visit(prepare=line.join)
    page.locator(".tip").focus()
    line.hold(lambda: page.keyboard.press("ArrowRight"))
    page.locator(".slider").focus()
    line.hold(lambda: page.keyboard.press("PageUp"))
    line.let_go()
    page.wait_for_url(re.compile("gradient=.*threshold=|threshold=.*gradient="))
    assert gradient(page)[0] == pytest.approx(3.24)
    assert float(inputs(page)["threshold"]) > 1.5


def test_a_zero_gradient_under_normalize_can_be_handled(visit: Visit) -> None:
    page = visit("?gradient=0,0&rule=normalize&shown=global")
    drag(page, at(page, 0, -1), at(page, 0, -1.4))
    page.wait_for_url("**threshold=**")
    assert float(inputs(page)["threshold"]) == pytest.approx(1.4, abs=0.05)
    expect(page.locator(".words")).to_contain_text("no direction")


def test_a_drag_that_follows_a_key_at_once_is_told_on_its_own_release(visit: Visit) -> None:
    page = visit()
    stop = at(page, 2, 2)
    page.mouse.move(*center(page.locator(".tip")))
    page.locator(".tip").focus()
    page.keyboard.press("ArrowRight")
    page.mouse.down()
    page.mouse.move(*stop, steps=8)
    page.evaluate("() => new Promise((done) => setTimeout(done, 400))")  # longer than keys rest
    assert "gradient=" not in page.url
    page.mouse.up()
    page.wait_for_url("**gradient=**")
    assert gradient(page) == pytest.approx([2, 2], abs=0.05)


def test_what_is_typed_before_a_press_is_shown_after_it(first_visit: Visit) -> None:
    line = Line()
    page = first_visit(prepare=line.join, viewport=TALL)
    field = page.get_by_role("textbox", name="Gradient")
    field.fill("1, 2")
    line.hold(lambda: field.press("Enter"))
    page.mouse.move(*center(page.locator(".tip")))
    page.mouse.down()
    line.let_go()
    assert page.locator(".tip").get_attribute("aria-valuetext") == "(3.20, 1.10)"
    page.mouse.up()
    expect(page.locator(".tip")).to_have_attribute("aria-valuetext", "(1.00, 2.00)")


def test_a_picture_that_changes_during_a_drag_waits_for_its_end(first_visit: Visit) -> None:
    line = Line()
    page = first_visit(prepare=line.join, viewport=TALL)
    line.hold(page.get_by_text("bars", exact=True).click)
    drag(page, center(page.locator(".tip")), at(page, 2, 2), release=False)
    line.let_go()
    assert page.locator("svg.plane").count() == 1
    page.mouse.up()
    expect(page.locator("svg.bars")).to_be_visible()
    field = page.get_by_role("textbox", name="Gradient")
    field.fill("5, 6")
    field.press("Enter")
    expect(page.locator(".words")).to_contain_text("length 7.81")


def test_a_bar_that_the_window_cuts_off_does_not_jump(visit: Visit) -> None:
    page = visit("?gradient=0.9,100&picture=bars")
    x, y = center(page.locator("[data-bar='1']"))
    drag(page, (x, y), (x, y + 2))
    page.wait_for_url(re.compile("gradient=0.9%2C\\+9[0-9]"))
    assert gradient(page)[1] == pytest.approx(99, abs=1)


def test_scrolling_past_the_curves_by_touch_changes_nothing(visit: Visit) -> None:
    page = visit(device=Device.TELEPHONE, viewport=PHONE)
    field = page.locator(".curves .field").first
    field.scroll_into_view_if_needed()
    x, y = center(field)
    client = page.context.new_cdp_session(page)
    client.send("Input.synthesizeScrollGesture", {"x": x, "y": y, "yDistance": -200})
    idle(page)
    assert page.url.endswith("/")


@pytest.mark.parametrize(
    "released", released_links("vector"), ids=lambda released: released["link"]
)
def test_a_released_link_is_drawn_without_an_error(visit: Visit, released: dict[str, str]) -> None:
    page = visit(released["link"])  # an error in the console fails
    assert page.locator(".pictures svg").first.is_visible()


ANSWERS = [".card.value", ".arrow.value", ".arc.value", ".turn.value", ".curves", ".words"]


def show(page: Page, guess: int) -> None:
    page.get_by_role("slider", name="Your guess").fill(str(guess))
    page.get_by_role("button", name="Show").press("Enter")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_while_asking_the_stage_hides_the_answer_and_then_says_how_close_the_guess_was(
    visit: Visit, scheme: str
) -> None:
    page = visit("?ask=true", color_scheme=scheme)
    for part in ANSWERS:
        expect(page.locator(part).first).to_be_hidden()
    for part in (".arrow.original", ".region.value", ".slider[name=threshold]"):
        expect(page.locator(part)).to_be_visible()
    question = "How far does clipping by value turn this gradient?"
    expect(page.locator(".spoken")).to_have_text(question)
    expect(page.get_by_role("group", name=question)).to_be_visible()
    expect(page.get_by_text("26.0°").filter(visible=True)).to_have_count(0)
    expect(page.get_by_text("The formula, and what to type")).to_be_hidden()
    assert "26.0" not in page.locator("body").aria_snapshot()
    guess = page.get_by_role("slider", name="Your guess")
    guess.fill("29")
    guess.press("ArrowRight")
    expect(guess).to_have_attribute("aria-valuetext", "about 30°")
    assert not Axe().run(page).response["violations"]
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".verdict")).to_have_text("You guessed 30°; it turns by 26.0°.")
    expect(page.locator(".verdict")).to_be_focused()
    for part in ANSWERS:
        expect(page.locator(part).first).to_be_visible()
    assert page.locator(".curves .curve.value").first.get_attribute("d")
    expect(page.locator(".spoken")).to_contain_text("by value turns it by 26.0°")
    expect(guess).to_be_hidden()
    assert not Axe().run(page).response["violations"]
    assert page.url.endswith("?ask=true")  # the guess and the answer are nobody else's


def test_it_asks_again_of_another_picture_and_not_of_one_that_is_dragged(visit: Visit) -> None:
    page = visit("?ask=true")
    card, tip = page.locator(".card.value"), page.locator(".tip")
    tip.press("ArrowUp")
    page.wait_for_url("**gradient=**")
    idle(page)
    expect(card).to_be_hidden()
    show(page, 30)
    expect(card).to_be_visible()
    before = page.url
    tip.press("Shift+ArrowUp")
    page.wait_for_url(lambda url: url != before)
    page.locator(".slider[name=threshold]").press("PageUp")
    page.wait_for_url("**threshold=**")
    idle(page)
    expect(card).to_be_visible()
    expect(page.locator(".verdict")).to_be_hidden()  # nobody has guessed this one
    field = page.get_by_role("textbox", name="Gradient")
    field.fill("1, 4")
    field.press("Enter")
    expect(card).to_be_hidden()
    expect(page.locator(".verdict")).to_be_hidden()
    page.get_by_text("Ask first").click()
    expect(card).to_be_visible()
    page.get_by_text("Ask first").click()
    expect(card).to_be_hidden()


@pytest.mark.parametrize(
    "gradient", ["3.2, 1.1", "1.1, 3.2", "-1.1, 3.2", "-3.2, -1.1", "-1.1, -3.2", "3.2, -1.1"]
)
def test_the_guess_is_drawn_toward_the_nearer_diagonal(visit: Visit, gradient: str) -> None:
    page = visit(f"?ask=true&gradient={gradient}")
    page.get_by_role("slider", name="Your guess").fill("26")
    ray = page.locator(".ray")
    expect(ray).to_be_visible()
    numbers = r"M0 0L(-?[\d.]+) (-?[\d.]+)"
    expect(page.get_by_role("slider", name="Your guess")).to_have_attribute(
        "aria-valuetext", "about 26°"
    )
    found = re.fullmatch(numbers, ray.get_attribute("d") or "")
    assert found
    x, y = float(found[1]), -float(found[2])
    assert abs(x) == pytest.approx(abs(y), rel=0.01)
    (a, b), _ = read_gradient(gradient)
    assert x * a > 0 < y * b
    show(page, 26)
    expect(page.locator(".verdict")).to_have_text("You guessed 26°; it turns by 26.0°.")
    expect(ray).to_be_visible()
    page.locator(".tip").press("Shift+ArrowUp")
    expect(ray).to_have_count(0)


@pytest.mark.parametrize(
    ("link", "question"),
    [
        (TWO_LAYERS, "How far does clipping by value turn this gradient?"),
        ("?shown=layer&shown=global&rule=radial", "How far does scaling per layer turn"),
        ("?shown=global&rule=normalize", "How far does normalizing by global norm turn"),
        ("?gradient=1,2,3", "How far does clipping by value turn this gradient?"),
        ("?gradient=0,0", ""),
        ("?shown=", ""),
    ],
)
def test_it_asks_of_the_first_strategy_that_can_turn_if_there_is_one(
    visit: Visit, link: str, question: str
) -> None:
    page = visit(f"{link}&ask=true")
    if question:
        expect(page.get_by_role("group", name=question)).to_be_visible()
        expect(page.locator(".bar.value, .factor").filter(visible=True)).to_have_count(0)
        expect(page.locator(".words")).to_be_hidden()
    else:
        expect(page.locator(".words")).to_be_visible()
        expect(page.locator(".question")).to_be_hidden()


def test_nothing_is_asked_where_the_link_does_not_say_so(visit: Visit) -> None:
    page = visit()
    assert page.locator(".question, .verdict, .ray").count() == 0
    assert "asking" not in (page.locator(".stage").get_attribute("class") or "")


def test_a_question_and_its_answer_fit_a_phone(visit: Visit) -> None:
    page = visit("?ask=true", viewport=PHONE)
    width = "() => document.querySelector('[data-testid=stMain]').scrollWidth"
    before = center(page.locator(".slider[name=threshold]"))
    assert page.evaluate(width) <= PHONE["width"]
    show(page, 10)
    expect(page.locator(".card.global")).to_be_visible()
    tops = set(
        page.locator(".card").evaluate_all(
            "(all) => all.map((card) => Math.round(card.getBoundingClientRect().top))"
        )
    )
    assert len(tops) == 1  # they stand side by side
    assert page.evaluate(width) <= PHONE["width"]
    assert center(page.locator(".slider[name=threshold]"))[0] == before[0]


def test_nothing_scrolls_sideways_on_a_phone(visit: Visit) -> None:
    for path in ("", TWO_LAYERS, "?gradient=" + ",".join("1" * 64)):
        page = visit(path, viewport=PHONE)
        assert page.evaluate("() => document.documentElement.scrollWidth") == 390
        main = page.locator("[data-testid=stMain]")
        assert main.evaluate("e => e.scrollWidth <= e.clientWidth")
