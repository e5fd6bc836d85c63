"""What the views of two worlds say is what their films hold, and it moves with the hour."""

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from sim.runs.film import Film, read_film
from tests.browser.filming import reel_in
from tests.browser.saying import said
from tests.browser.watching import Place, Watcher, go

HOURS = (0, 100, 300)


def films(reel: Path) -> dict[str, Film]:
    """The films of the quiet world and of the campaign's, by side."""
    told = reel_in(reel)
    return {side: read_film(reel / told.file(arm)) for side, arm in told.pair().items()}


def table(page: Page) -> list[dict[str, str]]:
    """The numbers of a view, as its button gives them."""
    with page.expect_download() as given:
        page.get_by_role("button", name=said("ui.csv"), exact=True).click()
    return list(csv.DictReader(io.StringIO(given.value.path().read_bytes().decode(), newline="")))


def test_sentences_hold_the_numbers_of_the_hour(watcher: Watcher, replay: Place, reel: Path) -> None:
    told, kept = reel_in(reel), films(reel)
    focal = told.head["candidates"].index(told.head["candidate"])
    page = watcher.open(replay, view="twins", hour=300, **told.pair())
    for hour in (300, 60):
        page.get_by_role("slider", name=said("ui.hour")).fill(str(hour))
        reached = {side: int(film["reach"][hour, focal]) for side, film in kept.items()}
        expect(page.get_by_role("main")).to_contain_text(f"{reached['right']:,} of ")
        expect(page.get_by_role("main")).to_contain_text(re.compile(rf"\b{reached['left']:,}\b"))


def test_the_queue_counts_whom_moderation_hit(watcher: Watcher, replay: Place, reel: Path) -> None:
    told = reel_in(reel)
    strict = next(arm for arm in told.head["arms"] if arm["moderation"] != "none" and arm["campaign"] != "quiet")
    film = read_film(reel / strict["file"])
    page = watcher.open(replay, view="queue", hour=335, left=told.arm("quiet"), right=strict["id"])
    mine = [row for row in table(page) if row["world"] == "2"]
    assert sum(int(row["sanctions"]) for row in mine) == film["decision_hour"].size
    text = page.get_by_role("main").inner_text()
    assert said("queue.key_right") not in text
    page.get_by_text(said("queue.veil"), exact=True).click()
    expect(page.get_by_role("main")).to_contain_text(said("queue.key_right"))


@pytest.mark.parametrize("view", ["twins", "graph", "stages", "money", "queue", "phone"])
def test_numbers_behind_a_picture_open_as_a_table(watcher: Watcher, replay: Place, reel: Path, view: str) -> None:
    page = watcher.open(replay, view=view, hour=300, **reel_in(reel).pair())
    page.get_by_text(said("ui.numbers"), exact=True).first.click()
    opened = page.get_by_role("main").get_by_role("table").first
    expect(opened).to_be_visible()
    assert opened.get_by_role("row").count() > 1
    assert opened.get_by_role("columnheader").count() > 1


@pytest.mark.parametrize("view", ["twins", "graph", "stages", "money", "queue", "phone"])
def test_a_view_that_is_left_stops(watcher: Watcher, replay: Place, view: str) -> None:
    """While it plays, somebody leaves a view, comes back and changes worlds: nothing of the old one goes on or fails."""
    page = watcher.open(replay, view=view, hour=50)
    page.get_by_role("button", name=said("ui.play"), exact=True).click()
    page.wait_for_timeout(150)
    go(page, view="lessons")
    page.wait_for_timeout(150)
    go(page, view=view)
    arms = page.get_by_role("region", name=said("ui.worlds")).get_by_role("combobox", name=said("ui.left"))
    arms.select_option(index=1)
    page.wait_for_timeout(150)
    page.set_viewport_size({"width": 500, "height": 700})
    page.get_by_role("combobox", name=said("ui.theme")).select_option("dark")
    page.wait_for_timeout(150)
