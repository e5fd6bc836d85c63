"""Wake dormant accounts at a date, to like and comment in step on posts that name the candidate."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from sim.actors.base import Public
from sim.actors.campaign import Headquarters
from sim.randomness import Chance
from sim.schema import quantity
from sim.tactics.base import Tactic, hour_of
from sim.world.actions import Actions


@dataclass(frozen=True)
class WakeSleepers(Tactic):
    """From the wake date on, each cell is sent every hour to some fresh posts with the candidate or the hashtag."""

    wake_day: date = quantity("day on which the accounts wake", "date")
    price: float = quantity("price of keeping one real account awake for a day", "EUR/day", 0, 1000)
    posts_per_hour: float = quantity("fresh posts to which one cell is sent in an hour", "posts/hour", 0, 100)
    fresh_hours: int = quantity("age up to which a post is a target", "hours", 1, 240)
    likes: float = quantity("probability that an account likes its target", "probability", 0, 1)
    comments: float = quantity("probability that an account comments on its target", "probability", 0, 1)
    synchrony: float = quantity("share of a cell that acts in the same moment", "share", 0, 1)
    spread: float = quantity("length of that moment", "seconds", 0, 3600)
    hashtag: int = quantity("number of the campaign's hashtag", "number", 0, 10**6)

    def plan(self, headquarters: Headquarters, seen: Public, now: int, chance: Chance) -> Actions:
        """Choose targets for each cell by keyed coins about (cell, post), newest posts first."""
        actions = Actions()
        if now < hour_of(headquarters, self.wake_day):
            return actions
        ours = (seen.candidate == headquarters.candidate) | ((seen.hashtag == self.hashtag) & (self.hashtag > 0))
        fresh = (now - seen.hour <= self.fresh_hours) & (now > seen.hour) & ~seen.gone
        targets = np.flatnonzero(ours & fresh)
        if len(targets) == 0:
            return actions
        wanted = min(1.0, self.posts_per_hour * self.fresh_hours / len(targets))
        for cell in headquarters.cells:
            if now % 24 == 0 and not self._keep(headquarters, actions, seen, cell.accounts, now):
                continue
            # A cell goes to a post once at the most: in the hour of the post's life that their common luck names.
            luck = chance.lasting_of(seen.key[targets], 14, cell.number)
            for row in targets[(luck * self.fresh_hours).astype(np.int64) == now - seen.hour[targets] - 1]:
                if chance.happens(wanted, 15, cell.number, int(seen.key[row])):
                    actions.extend(
                        cell.engage(seen, int(row), self.likes, self.comments, self.synchrony, self.spread,
                                    headquarters.candidate, chance)
                    )  # fmt: skip
        return actions

    def _keep(
        self, headquarters: Headquarters, actions: Actions, seen: Public, accounts: tuple[int, ...], now: int
    ) -> bool:
        """Pay a day's upkeep of the accounts still open."""
        still_open = [account for account in accounts if not seen.suspended[account]]
        cents = round(100 * self.price * len(still_open))
        return not still_open or headquarters.pay(actions, "wake_sleepers", still_open[0], cents, now)
