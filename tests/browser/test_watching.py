"""What watches the pages sees what it is there for: a fault that it missed would pass every other test of this folder."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.judging import violations
from tests.browser.watching import Watcher, watched

PAGE = (
    '<!doctype html><html lang="en"><head><title>A page</title></head><body><main><h1>Words</h1>{}</main></body></html>'
)


def opened(watcher: Watcher, folder: Path, body: str, wait: int = 300) -> None:
    file = folder / "page.html"
    file.write_text(PAGE.format(body))
    page = watcher.context((file.as_uri(),)).new_page()
    page.goto(file.as_uri())
    page.wait_for_timeout(wait)


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ('<img alt="" src="http://groundswell.example/a.png">', "asked for http://groundswell.example"),
        (
            "<script>fetch('https://groundswell.example/').catch(() => 0)</script>",
            "asked for https://groundswell.example",
        ),
        ('<script src="other.js"></script>', "asked for file://"),
        ('<link rel="stylesheet" href="//groundswell.example/a.css">', "groundswell.example"),
        ("<script>new WebSocket('ws://groundswell.example')</script>", "web socket"),
        ("<script>console.error('it went wrong')</script>", "it went wrong"),
        ("<script>nothing.at.all</script>", "nothing is not defined"),
        ("<script>Promise.reject(new Error('nobody cared'))</script>", "nobody cared"),
        ('<script type="module">import "lab/nowhere.js"</script>', "lab/nowhere.js"),
    ],
)
def test_a_fault_is_seen(browser: Browser, tmp_path: Path, body: str, fault: str) -> None:
    with watched(browser) as watcher:
        opened(watcher, tmp_path, body)
        assert any(fault in each for each in watcher.left()), watcher.faults
        watcher.forgive(fault)
        assert not any(fault in each for each in watcher.left())


def test_a_quiet_page_has_no_fault(browser: Browser, tmp_path: Path) -> None:
    quiet = '<img alt="" src="data:image/gif;base64,R0lGODlhAQABAAAAACw="><script>console.log("all is well")</script>'
    with watched(browser) as watcher:
        opened(watcher, tmp_path, quiet)
        assert watcher.faults == []


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        ("<input>", "label"),
        ("<button></button>", "button-name"),
        ('<p style="color: #999; background: #fff">Faint words</p>', "color-contrast"),
        ("<p>Well said</p>", ""),
    ],
)
def test_what_shuts_people_out_is_seen(
    watcher: Watcher, browser: Browser, tmp_path: Path, body: str, rule: str
) -> None:
    opened(watcher, tmp_path, body)
    found = violations(watcher.contexts[0].pages[0])
    assert [line.split()[0] for line in found] == ([rule] if rule else [])
