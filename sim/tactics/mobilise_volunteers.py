"""Call on volunteers: a channel off the platform hands out material to post and, at set hours, posts to promote."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from sim.actors.base import Public
from sim.numbers.luck import Chance
from sim.scenario.schema import quantity
from sim.tactics.base import Headquarters, Tactic
from sim.world.actions import Actions


@dataclass(frozen=True)
class MobiliseVolunteers(Tactic):
    """The channel exists before the first day; from then on it grows, loses people, posts and answers calls."""

    first_day: date = quantity("first day of tasks", "date")
    members: float = quantity("share of all who would join who are members on the first day", "share", 0, 1)
    joining: float = quantity("share of the others whom a full channel would win in a day", "share/day", 0, 1)
    leaving: float = quantity("share of members who leave in a day", "share/day", 0, 1)
    posts: float = quantity("real posts of a member a day", "posts/day", 0, 100)
    materials: int = quantity("different clips handed out a day", "clips/day", 1, 1000)
    edited: float = quantity("share of posts edited so far that they no longer show their template", "share", 0, 1)
    call_hours: tuple[int, ...] = quantity("local hours at which posts are named to promote", "hour", 0, 23)
    posts_per_call: int = quantity("fresh posts named in one call", "posts", 0, 100)
    fresh_hours: int = quantity("age up to which a post may be named", "hours", 1, 240)
    compliance: float = quantity("share of members who follow a call to a post", "share", 0, 1)
    likes: float = quantity("probability that one who follows likes the post", "probability", 0, 1)
    comments: float = quantity("probability that one who follows comments on it", "probability", 0, 1)
    shares: float = quantity("probability that one who follows shares it", "probability", 0, 1)
    minutes: float = quantity("time after a call over which members follow it", "minutes", 0, 60)
    hashtag: int = quantity("number of the campaign's hashtag", "number", 0, 10**6)

    def opens_on(self) -> date | None:
        """The first day: before it there is nothing to do."""
        return self.first_day

    def plan(self, headquarters: Headquarters, seen: Public, now: int, chance: Chance) -> Actions:
        """The day turns, material is posted, and at its hours the channel calls."""
        actions, channel = Actions(), headquarters.volunteers
        if channel is None or headquarters.begins is None or now < self._opening(headquarters):
            return actions
        if now == self._opening(headquarters):
            channel.open(self.members, chance)
        elif now % 24 == 0:
            channel.day_passes(self.joining, self.leaving, chance)
        rate = self.posts * headquarters.posts_per_real_post
        clips = max(1, round(self.materials * headquarters.share_of_posts))
        actions.extend(
            channel.publish(seen, headquarters.candidate, self.hashtag, rate, clips, self.edited, now, chance)
        )
        if now % 24 in self.call_hours:
            verbs = (self.likes, self.comments, self.shares)
            for row in self._named(headquarters, seen, now):
                actions.extend(
                    channel.respond(seen, row, self.compliance, verbs, self.minutes, headquarters.candidate, chance)
                )
        return actions

    def _opening(self, headquarters: Headquarters) -> int:
        return max(headquarters.hour_of(self.first_day), headquarters.begins or 0)

    def _named(self, headquarters: Headquarters, seen: Public, now: int) -> list[int]:
        """The fresh posts with the candidate that have the most likes; ties by key, which is the same in every arm."""
        rows = seen.since(now - self.fresh_hours)
        rows = rows[(seen.candidate[rows] == headquarters.candidate) & ~seen.gone[rows]]
        order = np.lexsort((seen.key[rows], -seen.likes[rows]))
        return [int(row) for row in rows[order][: self.posts_per_call]]
