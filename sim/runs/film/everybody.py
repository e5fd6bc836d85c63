"""Feeds of everybody, on disk beside a film: sorted by account, so that one account's feed is a slice.

A world of `classroom` has four and a half million impressions in its two weeks. They take 9 bytes each, which with the counters of the
28,000 posts that were shown is 48 MB of disk a world, for a moment twice that; 40 MB of memory more than the film alone, which does not
grow with the days; and 3 s of a processor, half as long again as the world itself.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from sim.model import CampaignModel
from sim.runs.film.container import Column, Film, narrow
from sim.runs.film.hour import FilmedHour
from sim.runs.film.parts import Part
from sim.runs.film.posts import COUNTERS, PostTable
from sim.runs.film.spilled import Spilled
from sim.scenario.schema import ScenarioError
from sim.world.actions import Request

OF_FEEDS = ("hour", "post", "why", "flags", "mark")
OF_COUNTS = ("hour", *COUNTERS)


class Everybody(Part):
    """A part of a film that leaves its columns on disk."""

    def __init__(self, folder: Path, model: CampaignModel) -> None:
        """folder: one that is not there yet."""
        rules = model.rules
        self.folder, self.accounts = folder, len(model.world.platform.accounts.status)
        self.genuine = model.world.truth.genuine.copy()
        self.feeds = Spilled(
            folder, "feed", account="int32", hour="uint16", post="uint32", why="uint8", flags="uint8", mark="uint8"
        )
        counts = Spilled(
            folder, "count", post="uint32", hour="int16", views="uint32", likes="uint32", comments="uint32", shares="uint32"
        )  # fmt: skip
        self.counts = counts
        self.posts = PostTable(rules.population.axes, rules.clock.start, counts)

    def hour(self, now: FilmedHour) -> None:
        """Copy all feeds of people."""
        places, who = now.of(self.genuine)
        self.asked = self.posts.places(now.world, now.numbers(places))
        self.feeds.add(who, now.hour, self.asked, now.why(places, who), now.shown.flags[places], now.mark(places))

    def moderated(self, model: CampaignModel, hour: int, decided: Sequence[Request]) -> None:
        """Counters of what was shown, as they stand at the end of the hour."""
        self.posts.note(model.world, hour, np.unique(self.asked))

    def columns(self) -> dict[str, Column]:
        """Put what is on disk together; no column is part of the film."""
        self.feeds.finish(self.accounts)
        self.counts.finish(len(self.posts.number))
        for name, column in self.posts.what_they_are().items():
            np.save(self.folder / f"{name}.npy", column)
        return {}


def feed_of(folder: Path, account: int) -> Film:
    """One account's feed, with the posts that it shows: `feed_post` counts the rows of the film's own posts.

    folder: of `Everybody`. Raises ScenarioError where it holds no feeds, or none of this account.
    """
    start = _column(folder, "feed_start")
    if not 0 <= account < len(start) - 1:
        raise ScenarioError(f"account: {account} given, allowed 0 to {len(start) - 2}")
    own = slice(int(start[account]), int(start[account + 1]))
    feeds = {f"feed_{name}": np.array(_column(folder, f"feed_{name}")[own]) for name in OF_FEEDS}
    post, feeds["feed_post"] = np.unique(feeds["feed_post"], return_inverse=True)
    feeds["feed_post"] = narrow(feeds["feed_post"], "uint16", "uint32")
    whole = np.array([0, own.stop - own.start], dtype=np.uint32)
    about = {"account": account, "own_posts": True}
    return Film(about, {"feed_start": whole, **feeds, **_posts(folder, post), **_counts(folder, post)})


def _posts(folder: Path, post: Column) -> dict[str, Column]:
    """What some posts are."""
    names = sorted(path.stem for path in folder.glob("post_*.npy"))
    return {name: np.array(_column(folder, name)[post]) for name in names}


def _counts(folder: Path, post: Column) -> dict[str, Column]:
    """How the counters of some posts moved."""
    start = _column(folder, "count_start")
    many = start[post + 1] - start[post]
    begin = np.concatenate([[0], np.cumsum(many)])
    rows = np.arange(begin[-1]) + np.repeat(start[post] - begin[:-1], many)
    moved = {name: np.array(_column(folder, f"count_{name}")[rows]) for name in OF_COUNTS}
    told = {f"count_{name}": narrow(moved[name], "uint16", "uint32") for name in COUNTERS}
    return {"count_start": begin.astype(np.uint32), "count_hour": moved["hour"], **told}


def _column(folder: Path, name: str) -> Column:
    """A column on disk, of which only what is read comes into memory. Raises ScenarioError."""
    try:
        column: Column = np.load(folder / f"{name}.npy", mmap_mode="r")
    except (OSError, ValueError) as error:
        said = " ".join(str(error).split())[:120]
        raise ScenarioError(f"{folder}: holds no feeds of everybody that can be read ({said})") from None
    return column
