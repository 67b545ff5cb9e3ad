"""Somebody with a browser, who sees what it complains about: errors of scripts, what a policy refused, what could not be loaded."""

from collections.abc import Generator
from contextlib import contextmanager

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response, sync_playwright

from tests.journeys.pages.chromium import Chromium

PATIENCE = 15_000
"""Milliseconds that a page may take for anything, on a machine that has much else to do."""

PHONE, DESK = (360, 740), (1280, 900)


class Visitor:
    def __init__(self, context: BrowserContext) -> None:
        self.complaints: list[str] = []
        self._context = context
        context.set_default_timeout(PATIENCE)
        context.on("page", self._listen)

    def _listen(self, page: Page) -> None:
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(f"uncaught: {error}"))
        page.on("requestfailed", self._failed)
        page.on("response", self._answered)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"{message.type}: {message.text}")

    def _failed(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # what a page no longer waits for when it is left
            self.complaints.append(f"not loaded: {request.url}: {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.complaints.append(f"{response.status}: {response.url}")

    def blank(self) -> Page:
        return self._context.new_page()

    def open(self, url: str) -> Page:
        page = self.blank()
        page.goto(url)
        return page


@contextmanager
def visiting(browser: Chromium, site: str, size: tuple[int, int] = DESK, *, scripts: bool = True) -> Generator[Visitor]:
    """A new visitor without cookies; the browser reaches `site` and nothing else."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=browser.program, args=["--no-sandbox"], env=dict(browser.environ))
        context = launched.new_context(viewport={"width": size[0], "height": size[1]}, java_script_enabled=scripts)
        visitor = Visitor(context)
        context.route(lambda url: not url.startswith(f"{site}/"), lambda route: route.abort())
        yield visitor
        context.close()
        launched.close()


def fits(page: Page) -> bool:
    """Whether nothing is wider than the window, so that nobody has to push the page sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))
