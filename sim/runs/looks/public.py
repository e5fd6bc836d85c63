"""What anybody could have counted of a world, day by day: views of posts that name a candidate, followers, and who comments."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.model import CampaignModel
from sim.runs.looks.record import gained, views_of
from sim.scenario.config import Scenario
from sim.world.platform import COMMENT, Platform

DAY = 24  # hours
COUNTERS = ("views", "likes", "comments", "shares")


@dataclass(frozen=True)
class PublicWorld:
    """Public counters of a finished world.

    views: (days, candidates) gained by posts that name each; followers: (days) of the focal candidate's own account, at the end of each;
    posts: (days) that name the focal candidate; top: of these, the most viewed, with counters, author and the author's followers;
    comments: post, account, second since the first measured hour, one row a comment on a post that names the focal candidate.
    """

    views: npt.NDArray[np.int64]
    followers: npt.NDArray[np.int64]
    posts: npt.NDArray[np.int64]
    top: list[dict[str, Any]]
    comments: npt.NDArray[np.int64]
    users: int


class Counting:
    """Counts hour by hour what is public. It is shown each hour of a world, in order."""

    def __init__(self, model: CampaignModel) -> None:
        clock, candidates = model.clock, len(model.rules.population.candidates)
        self.views = np.zeros((clock.days, candidates), dtype=np.int64)
        self.followers, self.posts = np.zeros(clock.days, dtype=np.int64), np.zeros(clock.days, dtype=np.int64)
        self.comments: list[npt.NDArray[np.int64]] = []
        self.top = defaultdict[int, dict[str, Any]](dict)
        self._before = views_of(model.world.platform)

    def note(self, model: CampaignModel) -> None:
        """Count the hour that has just passed; those of the warm-up are only remembered."""
        platform, focal = model.world.platform, model.rules.focal
        hour = model.world.hour - 1
        day, before = model.clock.measured_day(hour), self._before
        self._before = views_of(platform)
        if day < 0:
            return
        number, more = gained(self._before, before)
        candidate = platform.posts.candidate[number - platform.first]
        np.add.at(self.views[day], candidate[candidate >= 0], more[candidate >= 0])
        self.followers[day] = platform.accounts.followers[model.headquarters.officials[focal]]
        ours = number[candidate == focal] - platform.first
        self.posts[day] += int((platform.posts.hour[ours] == hour).sum())
        self._note_comments(platform, focal, hour - model.clock.start)
        if (hour + 1) % DAY == 0:
            self._note_top(platform, ours, model.clock.start)

    def _note_comments(self, platform: Platform, focal: int, hour: int) -> None:
        log = platform.log[-1]
        kept = (log.verb == COMMENT) & (platform.posts.candidate[log.post - platform.first] == focal)
        second = 3600 * hour + log.second[kept].astype(np.int64)
        self.comments.append(np.stack([log.post[kept], log.account[kept].astype(np.int64), second], axis=1))

    def _note_top(self, platform: Platform, rows: npt.NDArray[np.int64], start: int) -> None:
        """Counters of the candidate's posts as they stand at the end of a day; of a post that has left, those of its last."""
        for row in rows.tolist():
            author = int(platform.posts.author[row])
            counts = {name: int(getattr(platform.posts, name)[row]) for name in COUNTERS}
            self.top[row + platform.first] = {
                "author": author, "hour": int(platform.posts.hour[row]) - start, **counts,
                "followers": int(platform.accounts.followers[author]),
            }  # fmt: skip


def public_world(scenario: Scenario, most: int = 8) -> PublicWorld:
    """Run a world and count what is public. most: posts of the list of the most viewed."""
    model = CampaignModel(scenario)
    counting = Counting(model)
    for hour in range(scenario.clock.end):
        model.run_until(hour + 1)
        counting.note(model)
    ranked = sorted(counting.top.items(), key=lambda item: (-item[1]["views"], item[0]))
    return PublicWorld(
        counting.views, counting.followers, counting.posts, [post for _, post in ranked[:most]],
        np.concatenate(counting.comments), model.world.platform.users,
    )  # fmt: skip
