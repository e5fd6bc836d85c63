"""What is taken away: pictures are drawn, and numbers are those of the worlds that are shown."""

import csv
import io
from pathlib import Path

import matplotlib.image
import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.saying import said
from tests.browser.test_access import TEACHERS, VIEWS
from tests.browser.watching import Place, Watcher, go

DRAWN = ("twins", "graph", "stages", "money", "queue")  # views that are pictures
WATCHED = (*DRAWN, "phone")


def taken(page: Page, what: str, folder: Path) -> Path | None:
    """The file that a button gives; nothing where the view does not offer it, or says that there is none now."""
    button = page.get_by_role("button", name=said(f"ui.{what}"), exact=True)
    if button.count() == 0:
        return None
    none = said({"png": "ui.no_picture", "csv": "ui.no_numbers"}[what])
    page.evaluate("() => { document.getElementById('live').textContent = ''; }")
    downloads: list[Path] = []

    def keep(download: object) -> None:
        path = folder / download.suggested_filename  # type: ignore[attr-defined]
        download.save_as(path)  # type: ignore[attr-defined]
        downloads.append(path)

    page.on("download", keep)
    button.click()
    for _ in range(100):
        page.wait_for_timeout(50)
        if downloads:
            return downloads[0]
        if page.locator("#live").inner_text() == none:
            return None
    raise AssertionError(f"{what}: neither a file nor a word")


@pytest.mark.parametrize("view", [view for view in VIEWS if view not in TEACHERS])
def test_a_picture_is_drawn(watcher: Watcher, replay: Place, tmp_path: Path, view: str) -> None:
    page = watcher.open(replay, view=view, hour=300)
    page.wait_for_timeout(100)  # a first picture is drawn when the page has its size
    file = taken(page, "png", tmp_path)
    if file is None:
        assert view not in DRAWN
        return
    assert file.name == f"groundswell-{view}.png"
    picture = matplotlib.image.imread(file)[..., :3]
    assert min(picture.shape[:2]) > 50
    ground = picture[0, 0]
    drawn = (np.abs(picture - ground).max(axis=2) > 0.1).mean()
    assert 0.002 < drawn < 0.9, drawn


@pytest.mark.parametrize("view", [view for view in VIEWS if view not in TEACHERS])
def test_numbers_are_a_table(watcher: Watcher, replay: Place, tmp_path: Path, view: str) -> None:
    page = watcher.open(replay, view=view, hour=300)
    file = taken(page, "csv", tmp_path)
    if file is None:
        assert view not in WATCHED
        return
    assert file.name == f"groundswell-{view}.csv"
    heads, *rows = csv.reader(io.StringIO(file.read_bytes().decode("utf-8"), newline=""))
    assert len(heads) >= 2
    assert len(set(heads)) == len(heads)
    assert rows or view == "quiz"  # nobody has answered yet
    assert {len(row) for row in rows} == {len(heads)}
    assert not any(cell in ("NaN", "undefined", "null", "[object Object]") for row in rows for cell in row)


def test_a_view_offers_what_it_has(watcher: Watcher, replay: Place) -> None:
    page = watcher.open(replay, view="twins")
    expect(page.get_by_role("button", name=said("ui.png"), exact=True)).to_be_visible()
    go(page, view="lessons")
    expect(page.get_by_role("button", name=said("ui.png"), exact=True)).to_have_count(0)
