"""Two simpler ways to fill the same shortlists: by popularity, and by interest alone."""

from dataclasses import dataclass

import numpy as np

from sim.kernels.counting import count_points
from sim.numbers.arithmetic import log2_units_array
from sim.numbers.luck import Chance
from sim.recommenders.base import (
    Counting,
    Lane,
    Listed,
    admit_fresh,
    learn_usual,
    renew_lists,
    shortlists,
    waiting,
)
from sim.scenario.schema import quantity
from sim.world.actions import Shortlists, Shown, Visits
from sim.world.platform import VERBS, Platform
from sim.world.world import Beliefs

LIKES_AND_MORE = 4  # verbs below this number are engagement: like, comment, share, follow


@dataclass(frozen=True)
class Ranked(Counting, Listed):
    """Fresh posts are listed everywhere alike; `fit` and `popularity` weigh the score."""

    fit: float = quantity("weight of personal fit in the score", "logit/cosine", 0, 20)
    popularity: float = quantity("weight of each e-fold of engagement in the score", "logit/e-fold", 0, 10)

    def opening_beliefs(self, seen: Platform) -> Beliefs:
        """Tastes, walks, and engagement counted so far."""
        beliefs = super().opening_beliefs(seen)
        beliefs.posts["engaged"], beliefs.fills["engaged"] = np.zeros(0, dtype=np.int32), 0
        return beliefs

    def rank(self, seen: Platform, beliefs: Beliefs, visits: Visits, now: int, chance: Chance) -> Shortlists:
        """List what is fresh, in proportion to engagement where popularity counts, and score it."""
        _, slots = admit_fresh(seen, beliefs, now - self.fresh_hours)
        rows = beliefs.rest["staged"][slots] - seen.first
        engaged = beliefs.posts["engaged"][rows]
        pace = np.where(self.popularity > 0, 1.0 + engaged, 1.0).astype(np.float64)
        pace[waiting(seen, rows)] = 0.0
        renew_lists(seen, beliefs, "promoted", Lane(slots, pace, 1e9), self.most_shown, now)
        weight = round(self.popularity * 710)  # ln 2 in units of a logit
        beliefs.posts["score"][rows] = log2_units_array(engaged + 1) * weight >> 10
        return shortlists(beliefs, self.fit, 0.0, self.followed_share)

    def learn(self, seen: Platform, beliefs: Beliefs, shown: Shown, now: int) -> None:
        """What is usual, and engagement of accounts that are not limited."""
        learn_usual(beliefs, shown)
        log = seen.log[-1]
        counts = self.counted(seen, log) & (log.verb < LIKES_AND_MORE)
        worth = np.ones(len(VERBS), dtype=np.int32)
        count_points(log.post - seen.first, log.verb, counts, worth, beliefs.posts["engaged"])
