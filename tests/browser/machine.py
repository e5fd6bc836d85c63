"""The system's Chromium, and what it is started with."""

import shutil
from functools import cache

from playwright.sync_api import Browser, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--no-sandbox",  # root, as in a container, has none
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # nothing beyond this machine can be reached
)


@cache
def chromium() -> str | None:
    """Where the system's Chromium lies, if there is one."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def start(playwright: Playwright) -> Browser:
    """A browser without a window. It does not slow down what is not looked at, since nobody looks at any of it."""
    unseen = ("--disable-renderer-backgrounding", "--disable-background-timer-throttling")
    return playwright.chromium.launch(executable_path=chromium(), args=[*ARGUMENTS, *unseen])
