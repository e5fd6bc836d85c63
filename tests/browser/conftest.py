"""One browser, one replay and one server for the tests of this folder, and pages that fail the test on any fault."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser import machine, serving
from tests.browser.watching import Place, Watcher, watched

GROUP = "browser"  # one worker has them all, where there are several: one browser and one server are enough


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests of this folder go to one worker."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.xdist_group(GROUP))


# Of the package and not of the session: Playwright's event loop must not run under other tests.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    if machine.chromium() is None:
        pytest.skip(f"no Chromium on this machine (looked for {', '.join(machine.NAMES)})")
    with sync_playwright() as playwright:
        started = machine.start(playwright)
        yield started
        started.close()


@pytest.fixture
def watcher(browser: Browser) -> Iterator[Watcher]:
    """Opens pages; a fault on any of them that the test did not mean fails it."""
    with watched(browser) as watcher:
        yield watcher
        assert watcher.left() == []


@pytest.fixture(scope="session")
def reel() -> Path:
    """The reel that ships with the package."""
    return serving.stored_reel()


@pytest.fixture(scope="session")
def replay(reel: Path, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A replay in one file."""
    return serving.replay_of(reel, tmp_path_factory.mktemp("replay"))


@pytest.fixture(scope="package")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[serving.Served]:
    """The lab, shared with a class."""
    with serving.server(tmp_path_factory.mktemp("lab"), "--share") as served:
        yield served
