"""Pages that are watched: a request beyond this machine, an error on the console or one that nobody caught is a fault."""

import base64
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, Request

WIDE = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}
READY = 15_000  # ms; a view is there or the test has failed, also on a busy machine


@dataclass(frozen=True)
class Place:
    """Where a page is had from: a replay's file, or the lab's server with the words that let a teacher in."""

    name: str
    home: str  # address without a fragment
    within: tuple[str, ...]  # beginnings of the addresses that its page may ask for

    def at(self, **state: str | int) -> str:
        """The address of a state of the page."""
        fragment = "&".join(f"{key}={value}" for key, value in state.items())
        # What lets a teacher in may stand behind the # as well.
        joint = "&" if "#" in self.home else "#"
        return f"{self.home}{joint}{fragment}" if fragment else self.home


@dataclass
class Watcher:
    """Opens pages and keeps what goes wrong on them."""

    browser: Browser
    faults: list[str] = field(default_factory=list)
    forgiven: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def context(self, within: tuple[str, ...], **settings: Any) -> BrowserContext:
        """A fresh visitor, who has no cookies and may ask for addresses with these beginnings only."""
        context = self.browser.new_context(
            **{"viewport": WIDE, "locale": "en-GB", "accept_downloads": True, **settings}
        )
        allowed = (*within, "data:", "blob:", "about:blank")

        def asked(request: Request) -> None:
            if not request.url.startswith(allowed):
                self.faults.append(f"asked for {request.url[:200]}")

        context.on("request", asked)
        context.on("console", self._said)
        context.on("weberror", lambda error: self.faults.append(f"nobody caught: {_told(error.error)}"))
        context.on("page", self._opened)
        context.set_default_timeout(READY)
        self.contexts.append(context)
        return context

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.faults.append(f"console: {message.text[:300]}")

    def _opened(self, page: Page) -> None:
        page.on("websocket", lambda socket: self.faults.append(f"web socket to {socket.url}"))
        page.on("crash", lambda _: self.faults.append("the page crashed"))

    def open(self, place: Place, /, visitor: BrowserContext | None = None, **state: str | int) -> Page:
        """The page in a state, once its view is there."""
        page = (visitor or self.context(place.within)).new_page()
        page.goto(place.at(**state))
        ready(page, str(state.get("view", "")))
        return page

    def forgive(self, part: str) -> None:
        """Faults that hold this text are meant by the test."""
        self.forgiven.append(part)

    def left(self) -> list[str]:
        """Faults that nobody meant."""
        return [fault for fault in self.faults if not any(part in fault for part in self.forgiven)]

    def close(self) -> None:
        """Close what was opened."""
        for context in self.contexts:
            context.close()
        self.contexts.clear()


def _told(error: Error) -> str:
    """An error and where it came from; a module of a replay is named by its first line, since its address holds all of it."""
    named = re.sub(
        r"data:text/javascript;base64,([^\s:)]+)", lambda found: _first_line(found[1]), error.stack or str(error)
    )
    return " | ".join(line.strip()[:160] for line in named.splitlines()[:5])


def _first_line(packed: str) -> str:
    return base64.b64decode(packed + "==").decode("utf-8", "replace").partition("\n")[0]


def ready(page: Page, view: str = "") -> None:
    """Wait until a view (any, if none is named) says that it is there."""
    page.wait_for_selector(f'body[data-ready="{view}"]' if view else "body[data-ready]", state="attached")


def go(page: Page, **state: str | int) -> None:
    """Change the address as a link would do, and wait for the view that it names."""
    fragment = "&".join(f"{key}={value}" for key, value in state.items())
    page.evaluate(
        "(to) => { if (location.hash !== `#${to}`) { delete document.body.dataset.ready; location.hash = to; } }",
        fragment,
    )
    ready(page, str(state.get("view", "")))


def state_of(page: Page) -> dict[str, str]:
    """What the address says of the page."""
    state: dict[str, str] = page.evaluate("Object.fromEntries(new URLSearchParams(location.hash.slice(1)))")
    return state


@contextmanager
def watched(browser: Browser) -> Iterator[Watcher]:
    """A watcher, whose pages are closed at the end."""
    watcher = Watcher(browser)
    try:
        yield watcher
    finally:
        watcher.close()
