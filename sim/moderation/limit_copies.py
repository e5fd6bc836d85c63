"""Keep copies of the same material out of recommendations. Edits that hide the template defeat it, as they do in fact."""

from dataclasses import dataclass

import numpy as np

from sim.moderation.base import Evidence, Suspicion, requests_about
from sim.moderation.price import PricedByCrowd, Scores
from sim.numbers.luck import Chance
from sim.scenario.schema import quantity
from sim.world.actions import Request
from sim.world.platform import Longs, Platform


@dataclass(frozen=True)
class LimitCopies(PricedByCrowd):
    """A sound or template that many different accounts use within some hours marks all posts that use it then."""

    window_hours: int = quantity("time within which copies are counted", "hours", 1, 240)
    accounts: int = quantity("different accounts that must use a template within it", "accounts", 2, 10**6)

    @property
    def stated_bar(self) -> int:
        """Accounts that use one template."""
        return self.accounts

    @property
    def window(self) -> int:
        """Hours."""
        return self.window_hours

    def scores(self, seen: Platform, suspicion: Suspicion, now: int) -> Scores:
        """How many accounts use each template."""
        rows, users = self._copies(seen, now)
        return Scores(seen.posts.sound[rows], users)

    def flag(self, seen: Platform, suspicion: Suspicion, evidence: Evidence, now: int, chance: Chance) -> list[Request]:
        """Posts with a template that came up to the bar."""
        rows, users = self._copies(seen, now)
        return requests_about("limit_copies", "limit", rows[users >= self.bar(suspicion)], seen, suspicion)

    def _copies(self, seen: Platform, now: int) -> tuple[Longs, Longs]:
        """Live rows of recent posts with a template, and how many accounts used it; one of one's own (0) is no copy."""
        posts = seen.posts
        rows = np.arange(int(np.searchsorted(posts.hour, now - self.window_hours, side="right")), len(posts))
        rows = rows[posts.sound[rows] != 0]
        pairs = np.unique(np.column_stack([posts.sound[rows], posts.author[rows]]), axis=0)
        templates, users = np.unique(pairs[:, 0], return_counts=True)
        return rows, users[np.searchsorted(templates, posts.sound[rows])]
