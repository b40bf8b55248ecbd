"""Tabs of a real browser, for readers who come back and for readers who come the first time."""

import shutil
from collections.abc import Callable
from enum import Enum

from playwright.sync_api import Browser, ConsoleMessage, Page, ViewportSize, expect

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP: ViewportSize = {"width": 1280, "height": 800}
LECTURE: ViewportSize = {"width": 1920, "height": 1080}
PHONE: ViewportSize = {"width": 390, "height": 844}
PATIENT = 60_000  # ms that a slow machine may take until what a test waits for is there

Visit = Callable[..., Page]

expect.set_options(timeout=PATIENT)


class Device(Enum):
    """What a browser runs on, as Playwright's options."""

    MOUSE = ()
    TOUCH_SCREEN = ("has_touch",)
    TELEPHONE = ("has_touch", "is_mobile")


class Tab:
    """The tab of a browser profile of its own.

    It notes what is logged as an error, there or in a tab that is opened from it.
    """

    def __init__(self, browser: Browser, device: Device = Device.MOUSE) -> None:
        self.profile = browser.new_context(**dict.fromkeys(device.value, True))
        self.profile.set_default_timeout(PATIENT)
        self.page = self.profile.new_page()
        self.errors: list[str] = []
        self.profile.on("weberror", lambda error: self.errors.append(str(error.error)))
        self.profile.on("console", self._note)

    def open(
        self,
        address: str,
        stage: bool = True,
        viewport: ViewportSize = DESKTOP,
        color_scheme: str = "light",
        reduced_motion: str = "no-preference",
    ) -> Page:
        """Open an address, as a reader with such a screen and such wishes sees it."""
        self.page.set_viewport_size(viewport)
        self.page.emulate_media(color_scheme=color_scheme, reduced_motion=reduced_motion)
        self.page.goto(address)
        idle(self.page, stage)
        return self.page

    def leave(self) -> list[str]:
        """Leave the app and forget all but its scripts; return the errors since the last time."""
        for page in self.profile.pages:
            if page is not self.page:
                page.close()
        self.page.mouse.move(0, 0)
        self.page.goto("about:blank")
        self.profile.set_storage_state({"cookies": [], "origins": []})
        errors, self.errors = self.errors, []
        return errors

    def close(self) -> list[str]:
        """Close it for good; return the errors since the last time."""
        self.profile.close()
        return self.errors

    def _note(self, entry: ConsoleMessage) -> None:
        # Below a page's own path Streamlit first looks for its server there, then at the root.
        if entry.type == "error" and "/_stcore/" not in entry.location["url"]:
            self.errors.append(entry.text)


def idle(page: Page, stage: bool = True) -> None:
    """Wait until the stage is drawn, on pages that have one, and the script has ended."""
    if stage:
        page.wait_for_selector(".stage svg")
        page.wait_for_selector("[data-testid=stExpander]")  # what follows the picture
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
