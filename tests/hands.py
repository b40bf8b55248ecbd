"""What a reader's hand does in a real browser, and what the address then holds."""

from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator, Page

TWO_LAYERS = "?gradient=3.2,+1.1+|+0.55,+1.35"


def inputs(page: Page) -> dict[str, str]:
    """Return the parameters of the page's address."""
    query = parse_qs(urlsplit(page.url).query, keep_blank_values=True)
    return {name: values[-1] for name, values in query.items()}


def drag(
    page: Page, start: tuple[float, float], stop: tuple[float, float], release: bool = True
) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*stop, steps=8)
    if release:
        page.mouse.up()


def center(locator: Locator) -> tuple[float, float]:
    box = locator.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def at(page: Page, x: float, y: float, plane: int = 0) -> tuple[float, float]:
    """Return where on the screen the point (x, y) of a plane is."""
    point = (
        page.locator("svg.plane")
        .nth(plane)
        .evaluate(
            """(svg, [x, y]) => {
                const unit = svg.viewBox.baseVal.width / 2 / svg.dataset.half;
                const { x: left, y: top } = new DOMPoint(x * unit, -y * unit)
                    .matrixTransform(svg.getScreenCTM());
                return [left, top];
            }""",
            [x, y],
        )
    )
    return point[0], point[1]
