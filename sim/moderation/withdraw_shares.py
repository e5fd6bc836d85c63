"""Take unlawful posts out of circulation one posting and one share at a time, each as long after it as the desk takes."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.moderation.base import Evidence, Policy, Suspicion, fresh_unlawful
from sim.numbers.luck import Chance
from sim.world.actions import Request
from sim.world.platform import SHARE, Platform


@dataclass(frozen=True)
class WithdrawShares(Policy):
    """The rule of notices that name one posting each, as in Schneider and Rizoiu, PNAS 120(34) e2307360120 (2023).

    Reshares by others stay until they are dealt with themselves. It needs a recommender that shows people what those whom
    they follow share (`recommender=inbox`). The delay is that of the review desk.
    """

    reason: ClassVar[str] = "unlawful"

    def flag(self, seen: Platform, suspicion: Suspicion, evidence: Evidence, now: int, chance: Chance) -> list[Request]:
        """What was posted and shared in this hour, if it is found to be unlawful."""
        notes, log, posts = suspicion.notes, seen.log[-1], seen.posts
        found: set[int] = notes.setdefault("withdraw_shares:found", set())
        fresh = fresh_unlawful("withdraw_shares", seen, suspicion, evidence)
        found.update(fresh)
        if now % 24 == 0:
            notes["withdraw_shares:found"] = found = {number for number in found if number >= seen.first}
        events = [(int(posts.author[number - seen.first]), number) for number in fresh]
        shares = np.flatnonzero(log.verb == SHARE)
        events += [(int(log.account[k]), int(log.post[k])) for k in shares if int(log.post[k]) in found]
        return [
            Request("withdraw_shares", "withdraw", account, number, int(posts.key[number - seen.first]))
            for account, number in sorted(set(events))
            if number >= seen.first
        ]
