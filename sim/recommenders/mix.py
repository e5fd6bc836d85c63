"""Two recommenders side by side: some users have one, the others have the other.

So an opt-out of profiling (Art. 38 of the Digital Services Act) can be studied at any share: those who keep the profiled
feed, and those who choose the other. Who chooses what lasts, and whoever opts out at a low share does so at a higher one.
Each recommender learns from its own users alone, and believes nothing that the other knows.
"""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.numbers.luck import Chance
from sim.recommenders.base import Recommender
from sim.scenario.schema import ScenarioError, plugged, quantity
from sim.world.actions import Mixed, Shown, Visits
from sim.world.platform import PARTS, Log, Platform
from sim.world.world import GROUPS, Beliefs


@dataclass(frozen=True)
class Mix(Recommender):
    """`share` of all accounts belong to the profiled feed; accounts that never open the app engage as members of theirs."""

    share: float = quantity("share of users who have the profiled feed; the others have the other", "share", 0, 1)
    profiled: Recommender = plugged("the recommender of those who did not opt out", "recommenders")
    other: Recommender = plugged("the recommender of those who did", "recommenders")

    @property
    def is_divided(self) -> bool:
        """Whether both recommenders have users, so that these can be divided anew while the world runs."""
        return 0.0 < self.share < 1.0

    def check(self, where: str) -> None:
        """No mix in a mix: users are told apart in two groups."""
        for name in GROUPS:
            if isinstance(getattr(self, name), Mix):
                raise ScenarioError(f"{where}.{name}: a mix given, allowed any other recommender")

    def opening_beliefs(self, seen: Platform) -> Beliefs:
        """The beliefs of both, under their names. Who belongs to whom is drawn in the first hour."""
        beliefs = Beliefs()
        for _, name, recommender in self._in_use(self.share):
            beliefs.keep(name, recommender.opening_beliefs(seen))
        first = next(number for number, *_ in self._in_use(self.share))
        beliefs.accounts["part"] = np.full(len(seen.accounts.status), first, dtype=np.uint8)
        beliefs.rest["members"] = np.zeros(len(GROUPS), dtype=np.int64)  # users of each; none until they are drawn
        return beliefs

    def rank(self, seen: Platform, beliefs: Beliefs, visits: Visits, now: int, chance: Chance) -> Mixed:
        """What each recommender offers to its own visitors."""
        if not beliefs.rest["members"].any() or seen.settings.profiled is not None:
            self._draw_members(seen, beliefs, chance)
        places, offers = [], []
        for number, name, recommender in self._in_use(self._share_now(seen)):
            own, part = beliefs.part(name), np.flatnonzero(beliefs.accounts["part"][visits.visitors] == number)
            offers.append(recommender.rank(_seen_by(seen, beliefs, number), own, visits.of(part), now, chance))
            beliefs.keep(name, own)
            places.append(part)
        return Mixed(tuple(places), tuple(offers))

    def learn(self, seen: Platform, beliefs: Beliefs, shown: Shown, now: int) -> None:
        """Each learns from what its own users were shown and did."""
        for (number, name, recommender), part in zip(self._in_use(self._share_now(seen)), shown.parts, strict=True):
            own = beliefs.part(name)
            recommender.learn(_seen_by(seen, beliefs, number), own, part, now)
            beliefs.keep(name, own)

    def _share_now(self, seen: Platform) -> float:
        """The share with the profiled feed: its own, or what the app has been set to since."""
        return self.share if seen.settings.profiled is None else seen.settings.profiled / PARTS

    def _in_use(self, share: float) -> Iterator[tuple[int, str, Recommender]]:
        """Number, name and recommender of each group that has users. share: of those with the profiled feed."""
        for number, (name, part) in enumerate(zip(GROUPS, (share, 1.0 - share), strict=True)):
            if part > 0.0:
                yield number, name, getattr(self, name).serving(part)

    def _draw_members(self, seen: Platform, beliefs: Beliefs, chance: Chance) -> None:
        """Luck of each account, the same in every arm and at every share."""
        part = beliefs.accounts["part"]
        part[:] = chance.lasting_of(np.arange(len(part))) >= self._share_now(seen)
        first = round(seen.users * float((part == 0).mean()))  # of the monthly users, as many as of all accounts
        beliefs.rest["members"][:] = first, seen.users - first


def _seen_by(seen: Platform, beliefs: Beliefs, number: int) -> Platform:
    """The record as one of the recommenders reads it: how many users it has, and what they did."""
    members: npt.NDArray[np.bool_] = beliefs.accounts["part"] == number
    log = [_of(entries, members) for entries in seen.log]
    return dataclasses.replace(seen, users=int(beliefs.rest["members"][number]), log=log)


def _of(log: Log, members: npt.NDArray[np.bool_]) -> Log:
    """Entries of some accounts."""
    chosen = members[log.account]
    return log.of(chosen)
