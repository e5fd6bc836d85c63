"""A circuit breaker: a post that spreads too fast is not recommended for some hours, so that people can look at it.

Bak-Coleman et al. (doi 10.1038/s41562-022-01388-6) study such brakes on viral spread among other interventions.
"""

from dataclasses import dataclass

import numpy as np

from sim.moderation.base import Evidence, Policy, Suspicion, requests_about
from sim.numbers.luck import Chance
from sim.scenario.schema import choice, quantity
from sim.world.actions import Request
from sim.world.platform import NOBODY, Platform


@dataclass(frozen=True)
class SlowViral(Policy):
    """Views gained in the last hour are compared with a threshold; each post trips the breaker once at the most."""

    reach: float = quantity("views in an hour, as a share of all users, above which a post is slowed", "share", 0, 100)
    hours: int = quantity("time for which it is not recommended", "hours", 1, 240)
    fresh_hours: int = quantity("age up to which a post is watched", "hours", 1, 240)
    scope: str = choice("posts that are watched: those that name a candidate, or all", ("political", "all"))

    def flag(self, seen: Platform, suspicion: Suspicion, evidence: Evidence, now: int, chance: Chance) -> list[Request]:
        """Remember the views of fresh posts, and flag those that gained too many since the hour before."""
        posts, notes = seen.posts, suspicion.notes
        begin = int(np.searchsorted(posts.hour, now - self.fresh_hours, side="right"))
        before: dict[str, np.ndarray] = notes.setdefault("slow_viral", {"first": np.array(0), "views": np.zeros(0)})
        views = posts.views[begin:].copy()
        gained = views.astype(np.int64)
        known = np.arange(begin, len(posts)) + seen.first - int(before["first"])  # places in what was remembered
        there = (known >= 0) & (known < len(before["views"]))
        gained[there] -= before["views"][known[there]].astype(np.int64)
        notes["slow_viral"] = {"first": np.array(begin + seen.first), "views": views}
        fast = gained > self.reach * seen.users
        if not len(before["views"]):  # the first hour, in which it is not known what came when
            fast &= posts.hour[begin:] == now
        if self.scope == "political":
            fast &= posts.candidate[begin:] != NOBODY
        return requests_about("slow_viral", "slow", np.flatnonzero(fast) + begin, seen, suspicion, self.hours)
