"""Wake dormant accounts at a date, to like and comment in step on posts that name the candidate."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from sim.actors.base import Public
from sim.actors.sleeper_cell import act_together
from sim.numbers.luck import Chance
from sim.scenario.schema import quantity
from sim.tactics.base import Headquarters, Tactic
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
    cover: float = quantity("share of the accounts that, once awake, also use the app as people do", "share", 0, 1)
    hashtag: int = quantity("number of the campaign's hashtag", "number", 0, 10**6)

    def plan(self, headquarters: Headquarters, seen: Public, now: int, chance: Chance) -> Actions:
        """Choose targets for each cell by keyed coins about (cell, post), newest posts first."""
        actions = Actions()
        if now < headquarters.hour_of(self.wake_day):
            return actions
        if now % 24 == 0 or now == headquarters.hour_of(self.wake_day):
            accounts = np.array(self.hands(headquarters), dtype=np.int64)
            lives = chance.lasting_of(19, accounts) < self.cover
            actions.wake += accounts[lives & ~seen.suspended[accounts]].tolist()
        targets = self._targets(headquarters, seen, now)
        if len(targets) == 0:
            return actions
        pace = headquarters.pace(
            "wake_sleepers"
        )  # money moved away puts cells to sleep, more money sends each to more posts
        cells = [
            cell
            for cell in headquarters.cells
            if chance.lasting(18, cell.number) < pace
            and (now % 24 or self._keep(headquarters, actions, seen, cell.accounts, now))
        ]
        rate = self.posts_per_hour * max(1.0, pace)
        number, key = np.array([cell.number for cell in cells], dtype=np.int64)[:, None], seen.key[targets]
        # A cell goes to a post once at the most: in the hour of the post's life that their common luck names.
        luck = chance.lasting_of(14, number, key)
        due = (luck * self.fresh_hours).astype(np.int64) == now - seen.hour[targets] - 1
        due &= chance.happen(min(1.0, rate * self.fresh_hours / len(targets)), 15, number, key)
        cell, target = np.nonzero(due)
        actions.engage += act_together(
            seen, [cells[place] for place in cell], targets[target], self.likes, self.comments, self.synchrony, self.spread,
            headquarters.candidate, chance,
        )  # fmt: skip
        return actions

    def hands(self, headquarters: Headquarters) -> Sequence[int]:
        """Accounts of all cells."""
        return [account for cell in headquarters.cells for account in cell.accounts]

    def _targets(self, headquarters: Headquarters, seen: Public, now: int) -> npt.NDArray[np.int64]:
        """Fresh posts that name the candidate or carry the hashtag."""
        rows = seen.since(now - self.fresh_hours)
        ours = seen.candidate[rows] == headquarters.candidate
        if self.hashtag > 0:
            ours |= seen.hashtag[rows] == self.hashtag
        return np.asarray(rows[ours & (seen.hour[rows] < now) & ~seen.gone[rows]])

    def _keep(
        self, headquarters: Headquarters, actions: Actions, seen: Public, accounts: tuple[int, ...], now: int
    ) -> bool:
        """Pay a day's upkeep of the accounts still open."""
        still_open = [account for account in accounts if not seen.suspended[account]]
        cents = round(100 * self.price * max(1.0, headquarters.pace("wake_sleepers")) * len(still_open))
        return not still_open or headquarters.pay(actions, "wake_sleepers", still_open[0], cents, now)
