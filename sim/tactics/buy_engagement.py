"""Buy likes and comments from a vendor for fresh posts that name the candidate."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from sim.actors.base import Public
from sim.actors.campaign import Headquarters
from sim.randomness import Chance
from sim.schema import quantity
from sim.tactics.base import Tactic, hour_of
from sim.world.actions import Actions, Engage
from sim.world.platform import COMMENT, LIKE


@dataclass(frozen=True)
class BuyEngagement(Tactic):
    """In the hour after a post with the candidate appears, accounts of the vendor watch it through and like or comment."""

    first_day: date = quantity("first day of orders", "date")
    likes: float = quantity("likes bought for one real post", "likes", 0, 1e6)
    comments: float = quantity("comments bought for one real post", "comments", 0, 1e6)
    price: float = quantity("price of one like or comment", "EUR", 0, 100)

    def plan(self, headquarters: Headquarters, seen: Public, now: int, chance: Chance) -> Actions:
        """Order for each post of the last hour; each account of the vendor decides by its own keyed coin."""
        actions = Actions()
        if now < hour_of(headquarters, self.first_day) or not headquarters.vendors:
            return actions
        rows = seen.since(now - 1)
        targets = rows[
            (seen.candidate[rows] == headquarters.candidate) & (seen.hour[rows] == now - 1) & ~seen.gone[rows]
        ]
        for row in targets[np.argsort(seen.key[targets], kind="stable")]:
            order = [
                event
                for verb, wanted in ((LIKE, self.likes), (COMMENT, self.comments))
                for event in self._order(headquarters, seen, int(row), verb, wanted, chance)
            ]
            if order and headquarters.pay(actions, "buy_engagement", -1, round(100 * self.price * len(order)), now):
                actions.engage += order
        return actions

    def _order(
        self, headquarters: Headquarters, seen: Public, row: int, verb: int, wanted: float, chance: Chance
    ) -> list[Engage]:
        """Engagements of one kind with one post, by those of the vendor's accounts that are still open."""
        each = min(1.0, wanted / headquarters.posts_per_real_post / len(headquarters.vendors))
        key, vendors = int(seen.key[row]), np.asarray(headquarters.vendors, dtype=np.int64)
        accounts = vendors[~seen.suspended[vendors] & chance.happen(each, 16, verb, vendors, key)]
        seconds = chance.words(17, verb, accounts, key) % np.uint32(3600)
        return [
            Engage(account, row + seen.first, second, verb, headquarters.candidate)
            for account, second in zip(accounts.tolist(), seconds.tolist(), strict=True)
        ]
