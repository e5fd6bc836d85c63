"""Posts by young accounts that name a candidate are not recommended until a person has seen them."""

import math
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
        """Hold accounts as they are opened, or young at the start, until they are old enough; what they post goes to the desk."""
        notes, registered = suspicion.notes, seen.accounts.registered
        young: dict[int, int] = notes.setdefault("young", {})
        since = notes.get("known", now - 24 * math.ceil(self.age_days))
        notes["known"] = now
        opened = np.flatnonzero((registered > since) & (registered <= now))
        of_age = {int(account): int(registered[account] + 24 * self.age_days) for account in opened}
        fresh = {account: hour for account, hour in of_age.items() if hour > now}
        young |= fresh
        requests = [Request("hold_new_accounts", "hold", account=account) for account in fresh]
        grown = [account for account, hour in young.items() if hour <= now]
        requests += [Request("hold_new_accounts", "release", account=account) for account in grown]
        notes["young"] = {account: hour for account, hour in young.items() if hour > now}
        rows = np.arange(int(np.searchsorted(seen.posts.hour, now)), len(seen.posts))
        rows = rows[(seen.posts.status[rows] & HELD) != 0]
        return requests + requests_about("hold_new_accounts", "hold", rows, seen, suspicion, self.most_hours)
