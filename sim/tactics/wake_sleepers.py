"""Wake dormant accounts at a date, to like and comment in step on posts that name the candidate."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from sim.actors.base import Public
from sim.actors.sleeper_cell import SleeperCell, act_together, due_now
from sim.numbers.luck import Chance
from sim.scenario.schema import choice, quantity
from sim.tactics.base import Headquarters, Tactic
from sim.world.actions import Actions, Engage, Meet

LINK, FEED = ARRIVALS = ("link", "feed")


@dataclass(frozen=True)
class WakeSleepers(Tactic):
    """From the wake date on, each cell is sent every hour to some fresh posts with the candidate or the hashtag."""

    wake_day: date = quantity("day on which the accounts begin to act", "date")
    lead_days: int = quantity("days before it from which they are used as people use the app", "days", 0, 365)
    cover: float = quantity("share of the accounts that are used so at all", "share", 0, 1)
    price: float = quantity("price of keeping one real account at work for a day", "EUR/day", 0, 1000)
    cover_price: float = quantity("price of using one real account as people do for a day", "EUR/day", 0, 1000)
    arrival: str = choice("whether accounts are sent to posts by a link, or act on what their own feeds show", ARRIVALS)
    posts_per_hour: float = quantity("fresh posts to which one cell is sent in an hour", "posts/hour", 0, 100)
    fresh_hours: int = quantity("age up to which a post is a target", "hours", 1, 240)
    likes: float = quantity("probability that an account likes its target", "probability", 0, 1)
    comments: float = quantity("probability that an account comments on its target", "probability", 0, 1)
    synchrony: float = quantity("share of a cell that acts in the same moment", "share", 0, 1)
    spread: float = quantity("length of that moment", "seconds", 0, 86400)
    mixing: float = quantity("share of posts to which an account goes with another cell than its own", "share", 0, 1)
    hashtag: int = quantity("number of the campaign's hashtag", "number", 0, 10**6)

    def opens_on(self) -> date | None:
        """The day from which accounts are in use."""
        return date.fromordinal(self.wake_day.toordinal() - self.lead_days)

    def plan(self, headquarters: Headquarters, seen: Public, now: int, chance: Chance) -> Actions:
        """Keep accounts in use, then give each cell its targets, or leave the order to act on what they meet."""
        actions, begins = Actions(), headquarters.hour_of(self.wake_day)
        opens = max(begins - 24 * self.lead_days, headquarters.begins or 0)
        if now < opens:
            return actions
        cells = self._at_work(headquarters, actions, seen, now, chance, opens, begins)
        if now < begins:
            return actions
        if self.arrival == FEED:
            accounts = tuple(account for cell in cells for account in cell.accounts if not seen.suspended[account])
            actions.meet.append(Meet(accounts, headquarters.candidate, self.likes, self.comments))
        else:
            actions.engage += self._sent(headquarters, cells, seen, now, chance)
        return actions

    def _at_work(
        self,
        headquarters: Headquarters,
        actions: Actions,
        seen: Public,
        now: int,
        chance: Chance,
        opens: int,
        begins: int,
    ) -> list[SleeperCell]:
        """Cells that are paid for: before the wake day for cover only, from then on for work too.

        Money moved away puts cells to sleep; more money sends each to more posts.
        """
        if now % 24 == 0 or now == opens:
            accounts = np.array(self.hands(headquarters), dtype=np.int64)
            lives = chance.lasting_of(19, accounts) < self.cover
            actions.wake += accounts[lives & ~seen.suspended[accounts]].tolist()
        pace, price = headquarters.pace("wake_sleepers"), self.cover * self.cover_price + self.price * (now >= begins)
        return [
            cell
            for cell in headquarters.cells
            if chance.lasting(18, cell.number) < pace
            and (now % 24 or self._keep(headquarters, actions, seen, cell.accounts, price, now))
        ]

    def _sent(
        self, headquarters: Headquarters, cells: list[SleeperCell], seen: Public, now: int, chance: Chance
    ) -> list[Engage]:
        """Choose targets for each cell by keyed coins about (cell, post); what is spread over hours is done in its own."""
        later: list[tuple[int, Engage]] = headquarters.notes.setdefault("wake_sleepers:later", [])
        targets = self._targets(headquarters, seen, now)
        if len(targets) and cells:
            rate = self.posts_per_hour * max(1.0, headquarters.pace("wake_sleepers"))
            numbers = np.array([cell.number for cell in cells], dtype=np.int64)
            cell, target = due_now(seen, numbers, targets, self.fresh_hours, rate, now, chance, (14, 15))
            later += [(now + act.second // 3600, act._replace(second=act.second % 3600)) for act in act_together(
                seen, [cells[place] for place in cell], targets[target], self.likes, self.comments, self.synchrony, self.spread,
                headquarters.candidate, chance, self.mixing, headquarters.cells,
            )]  # fmt: skip
        headquarters.notes["wake_sleepers:later"] = [(hour, act) for hour, act in later if hour > now]
        return [act for hour, act in later if hour == now and not seen.suspended[act.account]]

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
        self,
        headquarters: Headquarters,
        actions: Actions,
        seen: Public,
        accounts: tuple[int, ...],
        price: float,
        now: int,
    ) -> bool:
        """Pay a day's upkeep of the accounts still open."""
        still_open = [account for account in accounts if not seen.suspended[account]]
        cents = round(100 * price * max(1.0, headquarters.pace("wake_sleepers")) * len(still_open))
        return not still_open or headquarters.pay(actions, "wake_sleepers", still_open[0], cents, now)
