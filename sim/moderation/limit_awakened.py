"""Limit accounts that wake from long dormancy into a burst: not recommended, and their engagement not counted."""

from dataclasses import dataclass

import numpy as np

from sim.moderation.base import Evidence, Policy, Suspicion
from sim.numbers.luck import Chance
from sim.scenario.schema import quantity
from sim.world.actions import Request
from sim.world.platform import LIMITED, SUSPENDED, Platform


@dataclass(frozen=True)
class LimitAwakened(Policy):
    """An account's dormancy ends with its first act after `dormant_days`; acts of the next `burst_hours` are counted."""

    dormant_days: float = quantity("days without any act that make an account dormant", "days", 1, 10000)
    burst_hours: int = quantity("hours after waking in which acts are counted", "hours", 1, 1000)
    burst_acts: int = quantity("acts within that time that make a burst", "acts", 1, 10000)

    def flag(self, seen: Platform, suspicion: Suspicion, evidence: Evidence, now: int, chance: Chance) -> list[Request]:
        """Compare this hour's actors with when they acted last, which moderation notes for itself."""
        last: np.ndarray = suspicion.notes.setdefault("last", np.array(seen.accounts.last_active))
        woke: dict[int, int] = suspicion.notes.setdefault("woke", {})
        acts: dict[int, int] = suspicion.notes.setdefault("acts", {})
        accounts, counts = np.unique(seen.log[-1].account, return_counts=True)
        requests = []
        dormant = now - last[accounts] >= 24.0 * self.dormant_days
        for account in accounts[dormant]:
            woke[int(account)], acts[int(account)] = now, 0
        for account, count in zip(accounts.tolist(), counts.tolist(), strict=True):
            if account in woke and now - woke[account] < self.burst_hours:
                acts[account] += count
                if acts[account] >= self.burst_acts and not seen.accounts.status[account] & (LIMITED | SUSPENDED):
                    requests.append(Request("limit_awakened", "limit", account=account))
        last[accounts] = now
        return requests
