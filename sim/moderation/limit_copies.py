"""Keep copies of the same material out of recommendations. Edits that hide the template defeat it, as they do in fact."""

from dataclasses import dataclass

import numpy as np

from sim.moderation.base import Evidence, Policy, Suspicion, requests_about
from sim.numbers.luck import Chance
from sim.scenario.schema import quantity
from sim.world.actions import Request
from sim.world.platform import Platform


@dataclass(frozen=True)
class LimitCopies(Policy):
    """A sound or template that many different accounts use within some hours marks all posts that use it then."""

    window_hours: int = quantity("time within which copies are counted", "hours", 1, 240)
    accounts: int = quantity("different accounts that must use a template within it", "accounts", 2, 10**6)

    def flag(self, seen: Platform, suspicion: Suspicion, evidence: Evidence, now: int, chance: Chance) -> list[Request]:
        """Count accounts by template; a template of one's own (0) is no copy."""
        posts = seen.posts
        rows = np.arange(int(np.searchsorted(posts.hour, now - self.window_hours, side="right")), len(posts))
        rows = rows[posts.sound[rows] != 0]
        pairs = np.unique(np.column_stack([posts.sound[rows], posts.author[rows]]), axis=0)
        templates, users = np.unique(pairs[:, 0], return_counts=True)
        copied = np.isin(posts.sound[rows], templates[users >= self.accounts])
        return requests_about("limit_copies", "limit", rows[copied], seen, suspicion)
