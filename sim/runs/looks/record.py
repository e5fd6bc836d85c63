"""What a platform's own record shows of a world by some hour: what accounts did and when they were silent, and which posts gain views."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.model import CampaignModel
from sim.runs.about_election import is_about_election
from sim.world.platform import Platform

DAY = 24  # hours
Longs = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Acts:
    """Acts in the order in which they happened; hours count from the first measured one. about: whether the post is about the election."""

    hour: Longs
    second: Longs
    account: Longs
    post: Longs
    about: Bools


class Views(NamedTuple):
    """Posts, by number and ascending, and views of each."""

    post: Longs
    views: Longs


class Record:
    """Reads a world hour by hour, from its first hour on. Hours count from the first measured one.

    posts: (accounts) made so far.
    """

    def __init__(self, model: CampaignModel) -> None:
        accounts = model.world.platform.accounts
        self.start = model.clock.start
        self.last = accounts.last_active.astype(np.int64) - self.start
        self.posts = np.zeros(len(self.last), dtype=np.int64)
        self._views = dict[int, Views]()  # by hour: posts about the election, and their views at its end
        self._acts: list[Longs] = []
        self._silences: list[tuple[Longs, Longs]] = []  # by hour: who acted, and the hours for which they had not

    def note(self, model: CampaignModel) -> None:
        """Read the hour that has just passed."""
        platform, hour = model.world.platform, model.world.hour - 1 - self.start
        log, row = platform.log[-1], platform.log[-1].post - platform.first
        about = is_about_election(platform, row)
        hours = np.full(len(row), hour)
        self._acts.append(np.stack([hours, log.second, log.account, log.post, about]).astype(np.int64))
        authors = platform.posts.author[platform.posts.hour == model.world.hour - 1]
        np.add.at(self.posts, authors, 1)
        active = np.unique(np.concatenate([log.account, authors]))
        self._silences.append((active, hour - self.last[active]))
        self.last[active] = hour
        self._views[hour] = views_of(platform)
        self._views.pop(hour - DAY - 1, None)

    def acts(self, days: int) -> Acts:
        """Acts of the last days that were read."""
        whole = np.concatenate(self._acts, axis=1)
        kept = whole[:, whole[0] >= len(self._acts) - self.start - DAY * days]
        return Acts(kept[0], kept[1], kept[2], kept[3], kept[4] > 0)

    def silence(self, days: int) -> Longs:
        """Hours of the longest time without an act that ended in the last days that were read, (accounts)."""
        longest = np.zeros(len(self.last), dtype=np.int64)
        for active, silent in self._silences[-DAY * days :]:
            longest[active] = np.maximum(longest[active], silent)
        return longest

    def trending(self, platform: Platform, most: int) -> list[dict[str, Any]]:
        """The posts about the election that gained most views in 24 hours: public counters, and the number of the candidate (-1 none)."""
        number, more = self._gained()
        order = np.lexsort((number, -more))[:most]
        posts, found = platform.posts, []
        for row, gain in zip((number[order] - platform.first).tolist(), more[order].tolist(), strict=True):
            counts = {name: int(getattr(posts, name)[row]) for name in ("views", "likes", "comments", "shares")}
            found.append({
                "author": int(posts.author[row]), "hour": int(posts.hour[row]) - self.start, "gained": gain, **counts,
                "candidate": int(posts.candidate[row]), "disclosed": bool(posts.disclosed[row]),
            })  # fmt: skip
        return found

    def _gained(self) -> Views:
        """Posts about the election that are shown, and the views that each gained in the last 24 hours."""
        last = max(self._views)
        return gained(self._views[last], self._views.get(last - DAY))


def views_of(platform: Platform) -> Views:
    """Live posts about the election, and their views."""
    rows = np.arange(len(platform.posts))
    rows = rows[is_about_election(platform, rows)]
    return Views(rows + platform.first, platform.posts.views[rows].astype(np.int64))


def gained(now: Views, before: Views | None) -> Views:
    """The views that posts have gained since; those that were not there, all of theirs."""
    views = now.views.copy()
    if before is not None:
        _, here, there = np.intersect1d(now.post, before.post, assume_unique=True, return_indices=True)
        views[here] -= before.views[there]
    return Views(now.post, views)
