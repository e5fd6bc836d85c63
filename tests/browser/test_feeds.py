"""What the page reads from a film, of every person and hour, is what the film holds."""

from pathlib import Path

import numpy as np
import pytest

from sim.kernels.reactions import CARRIED
from sim.runs.film import read_film
from tests.browser.filming import reel_in
from tests.browser.watching import Place, Watcher

FEEDS = """async ([file, person, hours]) => {
  const { posts_at } = await import("lab/feeds.js"), { readFilm } = await import("lab/film.js"), { partOf } = await import("lab/source.js");
  const film = await readFilm(await partOf("", file));
  return Array.from({ length: hours }, (_, hour) =>
    posts_at(film, person, hour).map((entry) => [entry.hour, entry.post, entry.why, entry.did, entry.mark]));
}"""
DAYS = """async ([file, person, candidate, hours, until]) => {
  const { byDay } = await import("lab/feeds.js"), { readFilm } = await import("lab/film.js"), { partOf } = await import("lab/source.js");
  const film = await readFilm(await partOf("", file));
  return byDay(film, film, person, candidate, hours, until).map((day) => [day.posts, day.carried]);
}"""
COLUMNS = ("feed_hour", "feed_post", "feed_why", "feed_flags", "feed_mark")


@pytest.mark.parametrize("side", ["left", "right"])
def test_every_visit_holds_what_was_recorded(watcher: Watcher, replay: Place, reel: Path, side: str) -> None:
    told = reel_in(reel)
    file, hours = told.file(told.pair()[side]), told.head["calendar"]["hours"]
    film = read_film(reel / file)
    page = watcher.open(replay, view="phone")
    for person in range(len(told.head["people"])):
        own = slice(int(film["feed_start"][person]), int(film["feed_start"][person + 1]))
        rows = np.stack([film[name][own].astype(int) for name in COLUMNS], axis=1)
        read = page.evaluate(FEEDS, [file, person, hours])
        assert [{entry[0] for entry in visit} - {hour} for hour, visit in enumerate(read)] == [set()] * hours
        assert [entry for visit in read for entry in visit] == rows.tolist()


def test_days_count_what_carried_the_candidate(watcher: Watcher, replay: Place, reel: Path) -> None:
    """Named by the post, or by most of the comments where these were opened."""
    told = reel_in(reel)
    file, hours = told.file(told.pair()["right"]), told.head["calendar"]["hours"]
    film, candidate = read_film(reel / file), told.head["candidates"].index(told.head["candidate"])
    named = film["post_candidate"][film["feed_post"]].astype(int)
    whom = np.where(named >= 0, named, (film["feed_mark"].astype(int) >> 2) - 1)
    carried = (film["feed_flags"] & CARRIED > 0) & (whom == candidate)
    page = watcher.open(replay, view="phone")
    for person in range(len(told.head["people"])):
        own = slice(int(film["feed_start"][person]), int(film["feed_start"][person + 1]))
        for until in (hours - 1, hours // 2):
            day = film["feed_hour"][own][film["feed_hour"][own] <= until].astype(int) // 24
            posts = np.bincount(day, minlength=-(-hours // 24))
            shown = np.bincount(day, weights=carried[own][: len(day)], minlength=-(-hours // 24)).astype(int)
            assert page.evaluate(DAYS, [file, person, candidate, hours, until]) == np.stack([posts, shown], 1).tolist()
    assert carried.any()
