"""Posts by young accounts that name a candidate are not recommended until a person has seen them."""

from dataclasses import dataclass

import numpy as np

from sim.moderation.base import Evidence, Policy, Suspicion, requests_about
from sim.numbers.luck import Chance
from sim.scenario.schema import quantity
from sim.world.actions import Request
from sim.world.platform import HELD, Platform


@dataclass(frozen=True)
class HoldNewAccounts(Policy):
    """Age is what registration says; accounts bought or kept for years pass."""

    age_days: float = quantity("age below which an account is new", "days", 0, 10000)
    most_hours: int = quantity("longest wait, after which a post is released unseen; 0 for no end", "hours", 0, 240)

    def flag(self, seen: Platform, suspicion: Suspicion, evidence: Evidence, now: int, chance: Chance) -> list[Request]:
        """Hold new accounts once, release each when it is old enough, and send what they posted to the desk."""
        notes = suspicion.notes
        young: dict[int, int] | None = notes.get("young")
        requests = []
        if young is None:
            of_age = seen.accounts.registered + int(24 * self.age_days)
            young = {int(account): int(of_age[account]) for account in np.flatnonzero(of_age > now)}
            requests += [Request("hold_new_accounts", "hold", account=account) for account in young]
        grown = [account for account, hour in young.items() if hour <= now]
        requests += [Request("hold_new_accounts", "release", account=account) for account in grown]
        notes["young"] = {account: hour for account, hour in young.items() if hour > now}
        rows = np.arange(int(np.searchsorted(seen.posts.hour, now)), len(seen.posts))
        rows = rows[(seen.posts.status[rows] & HELD) != 0]
        return requests + requests_about("hold_new_accounts", "hold", rows, seen, suspicion, self.most_hours)
