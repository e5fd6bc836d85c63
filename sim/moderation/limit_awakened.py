"""Limit accounts that wake from long dormancy into a burst: not recommended, and their engagement not counted."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.moderation.base import Evidence, Suspicion
from sim.moderation.price import Priced, Scores
from sim.numbers.luck import Chance
from sim.scenario.schema import quantity
from sim.world.actions import Request
from sim.world.platform import LIMITED, SUSPENDED, Platform


@dataclass(frozen=True)
class LimitAwakened(Priced):
    """An account's dormancy ends with its first act after `dormant_days`; acts of the next `burst_hours` are counted."""

    reason: ClassVar[str] = "inauthentic"

    dormant_days: float = quantity("days without any act that make an account dormant", "days", 1, 10000)
    burst_hours: int = quantity("hours after waking in which acts are counted", "hours", 1, 1000)
    burst_acts: int = quantity("acts within that time that make a burst", "acts", 1, 10000)

    @property
    def stated_bar(self) -> int:
        """Acts of a burst."""
        return self.burst_acts

    def scores(self, seen: Platform, suspicion: Suspicion, now: int) -> Scores:
        """Compare this hour's actors with when they acted last, which moderation notes for itself; count acts after waking."""
        last: np.ndarray = suspicion.notes.setdefault("last", np.array(seen.accounts.last_active))
        woke: dict[int, int] = suspicion.notes.setdefault("woke", {})
        acts: dict[int, int] = suspicion.notes.setdefault("acts", {})
        accounts, counts = np.unique(seen.log[-1].account, return_counts=True)
        for account in accounts[now - last[accounts] >= 24.0 * self.dormant_days].tolist():
            woke[account], acts[account] = now, 0
        last[accounts] = now
        bursting = []
        for account, count in zip(accounts.tolist(), counts.tolist(), strict=True):
            if account in woke and now - woke[account] < self.burst_hours:
                acts[account] += count
                bursting.append(account)
        return Scores(
            np.array(bursting, dtype=np.int64), np.array([acts[account] for account in bursting], dtype=np.int64)
        )

    def flag(self, seen: Platform, suspicion: Suspicion, evidence: Evidence, now: int, chance: Chance) -> list[Request]:
        """Flag accounts whose burst came up to the bar."""
        account, score = self.scores(seen, suspicion, now)
        flagged = account[score >= self.bar(suspicion)]
        at_large = flagged[(seen.accounts.status[flagged] & (LIMITED | SUSPENDED)) == 0]
        return [Request("limit_awakened", "limit", account=a) for a in at_large.tolist()]
