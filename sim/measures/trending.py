"""A candidate's place on a daily list of what trends: the topics that posts carry, ordered by the day's views.

The list is the platform's own, made from what it shows everybody: counters of views, whoever watched, and what stands on a
post. That the candidate of the case was the ninth most popular video trend worldwide between 13 and 26 November 2024 was
reported from declassified files (romania-insider.com; ministry of the interior via g4media.ro).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from sim.measures.base import Measure
from sim.scenario.schema import ScenarioError, choice, quantity
from sim.world.actions import Shown
from sim.world.background import CANDIDATE_TAG
from sim.world.content import GENERIC
from sim.world.platform import Posts
from sim.world.world import World

Longs = npt.NDArray[np.int64]
DAY = 24


@dataclass(frozen=True)
class Trending(Measure):
    """Each measured day has one list. A post counts for every topic that it carries; equal topics share the better place.

    A candidate's name and hashtag are one topic. What else competes for places is said by `beside`: other hashtags always;
    sounds and templates that go round with `sounds`; the subjects of all posts, too, with `subjects`, which then fill as many
    places at the top as there are subjects. What nobody watched on a day, or what stands below the list's last place, has the
    place after the last. Views before the end of the first measured hour count for no day: the counters begin there.
    """

    units: ClassVar[Mapping[str, str]] = {
        "trending_best": "best place on a daily list, 1 is the top, one more than the list has where never on it",
        "trending_first_day": "measured day of the first place within the top, from 1, one more than there are where never",
        "trending_days": "days within the top",
    }

    top: int = quantity("last place that counts as within the top", "place", 1, 10000)
    length: int = quantity("places of the list", "places", 1, 10000)
    beside: str = choice("what has places beside candidates and hashtags", ("nothing", "sounds", "subjects"))

    def check(self, where: str) -> None:
        """The top is part of the list."""
        if self.top > self.length:
            raise ScenarioError(f"{where}.top: {self.top} given, allowed 1 to {where}.length, {self.length}")

    def note(self, world: World, shown: Shown, notes: dict[str, Any]) -> None:
        """At the end of each day, what every post was watched since the last; rows of old posts go at midnight only."""
        platform = world.platform
        ends = (world.hour + 1) % DAY == 0
        if ends and "views" in notes:
            notes.setdefault("places", []).append(self._places(platform.posts, _since(notes, world)))
        if ends or "views" not in notes:
            notes |= {"views": platform.posts.views.copy(), "first": platform.first}

    def _places(self, posts: Posts, views: Longs) -> Longs:
        """Each candidate's place on the list of a day. views: of each post on that day."""
        candidates, others = self._topics(posts, views)
        rivals = np.sort(np.concatenate([candidates, others]))
        place = 1 + len(rivals) - np.searchsorted(rivals, candidates, side="right")
        return np.where((candidates > 0) & (place <= self.length), place, self.length + 1)

    def _topics(self, posts: Posts, views: Longs) -> tuple[Longs, Longs]:
        """Views of each candidate's topic, and of all others."""
        many = posts.named.shape[1]
        named, tag = posts.candidate.astype(np.int64), posts.hashtag.astype(np.int64) - CANDIDATE_TAG
        tagged = (tag >= 0) & (tag < many)
        by_tag = tagged & (tag != named)  # who is named and tagged is counted once
        candidates = _total(named[named >= 0], views[named >= 0], many) + _total(tag[by_tag], views[by_tag], many)
        others = (posts.hashtag > 0) & ~tagged
        if self.beside != "subjects":
            others &= posts.hashtag < GENERIC
        found = [_by_value(posts.hashtag[others], views[others])]
        if self.beside == "sounds":
            found.append(_by_value(posts.sound[posts.sound > 0], views[posts.sound > 0]))
        return candidates, np.concatenate(found)

    def read(self, world: World, notes: dict[str, Any], candidate: int) -> Mapping[str, float]:
        """Of the days that are over by now."""
        places = np.array([day[candidate] for day in notes.get("places", ())], dtype=np.int64)
        within = np.flatnonzero(places <= self.top)
        return {
            "trending_best": float(places.min(initial=self.length + 1)),
            "trending_first_day": float(within[0] + 1 if len(within) else len(places) + 1),
            "trending_days": float(len(within)),
        }


def _since(notes: Mapping[str, Any], world: World) -> Longs:
    """Views of each live post since counters were last noted."""
    before = notes["views"][world.platform.first - notes["first"] :]
    views = world.platform.posts.views.astype(np.int64)
    views[: len(before)] -= before
    return views


def _total(place: Longs, views: Longs, many: int) -> Longs:
    """Views summed by place."""
    total = np.zeros(many, dtype=np.int64)
    np.add.at(total, place, views)
    return total


def _by_value(value: npt.NDArray[np.int32], views: Longs) -> Longs:
    """Views of each value that occurs."""
    values, which = np.unique(value, return_inverse=True)
    return _total(which, views, len(values))
