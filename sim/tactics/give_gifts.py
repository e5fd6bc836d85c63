"""Give money to users who promoted the candidate; some of them promote more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from sim.actors.base import Public
from sim.numbers.luck import Chance
from sim.scenario.schema import quantity
from sim.tactics.base import Headquarters, Tactic
from sim.world.actions import Actions, Publish
from sim.world.content import GIFT


@dataclass(frozen=True)
class GiveGifts(Tactic):
    """Each evening some authors of the day's posts with the candidate get a gift, which brings forth further posts."""

    first_day: date = quantity("first day of gifts", "date")
    most: float = quantity("money for gifts at the scale of the whole country", "EUR", 0, 1e9)
    gift: float = quantity("gift for one real post", "EUR", 0, 1e6)
    rewarded: float = quantity("share of posts with the candidate whose authors get a gift", "share", 0, 1)
    hour: int = quantity("local hour at which gifts are given", "hour", 0, 23)
    response: float = quantity("further posts that one gift brings forth", "posts", 0, 100)
    days: float = quantity("time over which they follow", "days", 0.1, 100)

    def opens_on(self) -> date | None:
        """The first day: before it there is nothing to do."""
        return self.first_day

    def plan(self, headquarters: Headquarters, seen: Public, now: int, chance: Chance) -> Actions:
        """Gifts once a day; the posts of those who were given some, every hour."""
        actions = Actions()
        if now < headquarters.hour_of(self.first_day):
            return actions
        if now % 24 == self.hour:
            self._give(headquarters, actions, seen, now, chance)
        self._respond(headquarters, actions, seen, now, chance)
        return actions

    def hands(self, headquarters: Headquarters) -> Sequence[int]:
        """Who was given something so far."""
        return sorted({account for _, account in headquarters.notes.get("given", ())})

    def _give(self, headquarters: Headquarters, actions: Actions, seen: Public, now: int, chance: Chance) -> None:
        """A keyed coin for every post of the last day that names the candidate and is not the campaign's own."""
        ours, given = headquarters.own_accounts(), headquarters.notes.setdefault("given", [])
        pace = headquarters.pace("give_gifts")
        cents = round(100 * self.gift / headquarters.posts_per_real_post)
        rows = seen.since(now - 24)
        rows = rows[(seen.candidate[rows] == headquarters.candidate) & ~seen.gone[rows]]
        for row in rows[np.argsort(seen.key[rows], kind="stable")]:
            author, key = int(seen.author[row]), int(seen.key[row])
            if author in ours or seen.suspended[author] or not chance.happens(pace * self.rewarded, 31, key):
                continue
            if (len(given) + 1) * cents > 100 * max(1.0, pace) * self.most * headquarters.scale:
                return
            if headquarters.pay(actions, "give_gifts", author, cents, now):
                given.append((now, author))

    def _respond(self, headquarters: Headquarters, actions: Actions, seen: Public, now: int, chance: Chance) -> None:
        """A gift makes its receiver post at a steady rate for some days."""
        gifts: dict[int, int] = {}
        for hour, account in headquarters.notes.get("given", ()):
            if now - hour < 24 * self.days:
                gifts[account] = gifts.get(account, 0) + 1
        rate = self.response / (24.0 * self.days)
        for account, count in gifts.items():
            if seen.suspended[account]:
                continue
            for place in range(int(rate * count + chance.uniform(32, account))):
                second = chance.word(33, account, place) % 3600
                actions.publish.append(Publish(account, second, headquarters.candidate, purpose=GIFT, place=place))
