"""Ride on the generic hashtag that trends: asked members post under it, controlled accounts comment on its best posts."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from sim.actors.base import Public
from sim.numbers.luck import Chance
from sim.scenario.schema import quantity
from sim.tactics.base import Headquarters, Tactic
from sim.world.actions import Actions, Engage, Publish
from sim.world.content import GENERIC, TASK
from sim.world.platform import COMMENT, NOBODY

PLACE = (
    64  # members also post material under the campaign's own hashtag: places of these posts within the hour begin here
)


@dataclass(frozen=True)
class FloodHashtag(Tactic):
    """What trends is the generic hashtag whose fresh posts have most views; it is looked up anew every hour.

    Flooding of popular, unrelated hashtags is documented as hashtag hijacking or trend jacking. A post tagged with a
    generic hashtag is one about that subject (see `sim.world.content`) and meets those who like the subject. Comments
    name the candidate under posts of others; members belong to the channel and cells are kept awake by other tactics.
    """

    first_day: date = quantity("first day of riding on hashtags", "date")
    fresh_hours: int = quantity("age up to which posts count for what trends", "hours", 1, 240)
    posts: float = quantity("real posts of a member a day under the hashtag that trends", "posts/day", 0, 100)
    age: int = quantity("age at which a post under the hashtag may be chosen for comments", "hours", 1, 240)
    posts_per_hour: int = quantity("most viewed posts of this age that are commented on in an hour", "posts", 0, 100)
    comments: float = quantity("comments wanted under one real post", "comments", 0, 1e6)
    spread: float = quantity("time from the first comment to the last", "seconds", 0, 3600)

    def opens_on(self) -> date | None:
        """The first day: before it there is nothing to do."""
        return self.first_day

    def plan(self, headquarters: Headquarters, seen: Public, now: int, chance: Chance) -> Actions:
        """Look what trends, post under it, and comment."""
        actions = Actions()
        if now < headquarters.hour_of(self.first_day):
            return actions
        trend = self.trend(seen, now)
        if trend == 0:
            return actions
        actions.publish += self._posts(headquarters, seen, trend, now, chance)
        for row in self._chosen(seen, trend, now):
            actions.engage += self._comments(headquarters, seen, int(row), chance)
        return actions

    def trend(self, seen: Public, now: int) -> int:
        """The generic hashtag whose fresh posts have most views together, the lowest of equals; 0 where there is none."""
        rows = seen.since(now - self.fresh_hours)
        rows = rows[(seen.hashtag[rows] >= GENERIC) & (seen.hour[rows] < now)]
        if len(rows) == 0:
            return 0
        return GENERIC + int(np.bincount(seen.hashtag[rows] - GENERIC, weights=seen.views[rows]).argmax())

    def _posts(self, headquarters: Headquarters, seen: Public, trend: int, now: int, chance: Chance) -> list[Publish]:
        """Posts of this hour by members of the channel, by the daily cycle of people."""
        channel, posts = headquarters.volunteers, []
        if channel is None:
            return []
        rate = self.posts * headquarters.posts_per_real_post * channel.cycle[now % 24]
        for member in channel.members:
            if seen.suspended[member]:
                continue
            for place in range(int(rate + chance.uniform(41, member))):
                second = chance.word(42, member, place) % 3600
                posts.append(Publish(member, second, headquarters.candidate, trend, purpose=TASK, place=PLACE + place))
        return posts

    def _chosen(self, seen: Public, trend: int, now: int) -> npt.NDArray[np.int64]:
        """The most viewed posts of others that reach the age in this hour; each post is looked at once in its life."""
        rows = seen.since(now - self.age)
        rows = rows[(seen.hour[rows] == now - self.age) & (seen.hashtag[rows] == trend)]
        rows = rows[(seen.candidate[rows] == NOBODY) & ~seen.gone[rows]]
        return np.asarray(rows[np.lexsort((seen.key[rows], -seen.views[rows]))][: self.posts_per_hour])

    def _comments(self, headquarters: Headquarters, seen: Public, row: int, chance: Chance) -> list[Engage]:
        """Comments by open accounts of all cells, each by its own keyed coin, within `spread` of a common second."""
        open_accounts = [a for cell in headquarters.cells for a in cell.accounts if not seen.suspended[a]]
        if not open_accounts:
            return []
        share = min(1.0, self.comments / headquarters.posts_per_real_post / len(open_accounts))
        account, key = np.array(open_accounts, dtype=np.int64), int(seen.key[row])
        account = account[chance.happen(share, 43, account, key)]
        begin = chance.word(44, key) % max(1, 3600 - int(self.spread))  # the moment lies within the hour
        second = begin + (chance.words(45, account, key) / 2**32 * self.spread).astype(np.int64)
        return [
            Engage(who, row + seen.first, when, COMMENT, headquarters.candidate)
            for who, when in zip(account.tolist(), second.tolist(), strict=True)
        ]
