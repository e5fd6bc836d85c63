"""Approval across divided communities: posts are ranked by what their polarity does not explain.

The idea of Community Notes (Wojcik and others 2022, arXiv 2210.15723): rating = mean + user's intercept + post's intercept +
user's factor times post's factor. The one factor takes up the divide along which people disagree, so that a high
intercept needs approval from both sides of it. There ratings are asked for; here they are what people do in their feeds.
"""

from dataclasses import dataclass

import numpy as np

from sim.numbers.luck import Chance
from sim.recommenders.base import learn_usual, list_by_worth, shortlists
from sim.recommenders.factorised import Factorised
from sim.world.actions import Shortlists, Shown, Visits
from sim.world.platform import Platform
from sim.world.world import Beliefs


@dataclass(frozen=True)
class Bridging(Factorised):
    """`Factorised` with one axis, which ranking leaves out."""

    def rank(self, seen: Platform, beliefs: Beliefs, visits: Visits, now: int, chance: Chance) -> Shortlists:
        """List and score fresh posts by their intercept, for all alike."""
        _, slots = self.admit_fresh(seen, beliefs, now)
        intercept = beliefs.posts["bias"][beliefs.rest["staged"][slots] - seen.first]
        list_by_worth(seen, beliefs, slots, self.sharpness * intercept.astype(np.float64), self.most_shown, now)
        return shortlists(beliefs, 0.0, 0.0, self.followed_share)

    def learn(self, seen: Platform, beliefs: Beliefs, shown: Shown, now: int) -> None:
        """Intercepts and factors follow the ratings."""
        learn_usual(beliefs, shown)
        self.learn_factors(seen, beliefs, shown)
