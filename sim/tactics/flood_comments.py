"""Flood generic posts of the campaign with comments that name the candidate, by a standing order."""

from dataclasses import dataclass
from datetime import date

from sim.actors.base import Public
from sim.numbers.luck import Chance
from sim.scenario.schema import quantity
from sim.tactics.base import Headquarters, Tactic
from sim.world.actions import Actions, Order


@dataclass(frozen=True)
class FloodComments(Tactic):
    """Accounts kept awake comment within seconds of each post that has the hashtag and names nobody."""

    first_day: date = quantity("first day of the standing order", "date")
    comments: float = quantity("comments wanted under one real post", "comments", 0, 1e6)
    first: int = quantity("time from a post to its first comment", "seconds", 0, 3000)
    spread: int = quantity("time from the first comment to the last", "seconds", 0, 3000)
    hashtag: int = quantity("number of the campaign's hashtag", "number", 0, 10**6)

    def opens_on(self) -> date | None:
        """The first day: before it there is nothing to do."""
        return self.first_day

    def plan(self, headquarters: Headquarters, seen: Public, now: int, chance: Chance) -> Actions:
        """Leave the order with every account that is still open; it is carried out at each post's own second."""
        accounts = tuple(
            account for cell in headquarters.cells for account in cell.accounts if not seen.suspended[account]
        )
        if now < headquarters.hour_of(self.first_day) or not accounts:
            return Actions()
        share = min(1.0, self.comments / headquarters.posts_per_real_post / len(accounts))
        return Actions(orders=[Order(accounts, self.hashtag, share, self.first, self.spread, headquarters.candidate)])
