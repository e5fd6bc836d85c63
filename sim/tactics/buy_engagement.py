"""Buy likes and comments from a vendor for fresh posts that name the candidate."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from sim.actors.base import Public
from sim.numbers.luck import Chance
from sim.scenario.schema import quantity
from sim.tactics.base import Headquarters, Tactic
from sim.world.actions import Actions, Engage
from sim.world.platform import COMMENT, LIKE


@dataclass(frozen=True)
class BuyEngagement(Tactic):
    """In the hour after a post with the candidate appears, accounts of the vendor watch it through and like or comment."""

    first_day: date = quantity("first day of orders", "date")
    likes: float = quantity("likes bought for one real post", "likes", 0, 1e6)
    comments: float = quantity("comments bought for one real post", "comments", 0, 1e6)
    price: float = quantity("price of one like or comment", "EUR", 0, 100)

    def opens_on(self) -> date | None:
        """The first day: before it there is nothing to do."""
        return self.first_day

    def plan(self, headquarters: Headquarters, seen: Public, now: int, chance: Chance) -> Actions:
        """Order for each post of the last hour; each account of the vendor decides by its own keyed coin."""
        actions = Actions()
        if now < headquarters.hour_of(self.first_day) or not headquarters.vendors:
            return actions
        rows = seen.since(now - 1)
        targets = rows[
            (seen.candidate[rows] == headquarters.candidate) & (seen.hour[rows] == now - 1) & ~seen.gone[rows]
        ]
        targets = targets[np.argsort(seen.key[targets], kind="stable")]
        pace = headquarters.pace("buy_engagement")
        orders = [self._orders(headquarters, seen, targets, verb, pace * wanted, chance)
                  for verb, wanted in ((LIKE, self.likes), (COMMENT, self.comments))]  # fmt: skip
        for likes, comments in zip(*orders, strict=True):
            order = likes + comments
            if order and headquarters.pay(actions, "buy_engagement", -1, round(100 * self.price * len(order)), now):
                actions.engage += order
        return actions

    def hands(self, headquarters: Headquarters) -> Sequence[int]:
        """The vendor's accounts."""
        return headquarters.vendors

    def _orders(
        self, headquarters: Headquarters, seen: Public, targets: npt.NDArray[np.int64], verb: int, wanted: float,
        chance: Chance,
    ) -> list[list[Engage]]:  # fmt: skip
        """Engagements of one kind with each target, by those of the vendor's accounts that are still open."""
        each = min(1.0, wanted / headquarters.posts_per_real_post / len(headquarters.vendors))
        vendors, key = np.asarray(headquarters.vendors, dtype=np.int64), seen.key[targets][:, None]
        does = chance.happen(each, 16, verb, vendors, key) & ~seen.suspended[vendors]
        second = chance.words(17, verb, vendors, key) % np.uint32(3600)
        return [
            [
                Engage(account, int(row) + seen.first, when, verb, headquarters.candidate)
                for account, when in zip(vendors[acts].tolist(), seconds[acts].tolist(), strict=True)
            ]
            for row, acts, seconds in zip(targets, does, second, strict=True)
        ]
