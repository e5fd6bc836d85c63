"""Collaborative filtering: posts are ranked by what people with a similar past did with them.

Vectors of users and posts are learned online from engagement (see `sim.recommenders.factorised`); a user's score of a
post is its bias and the product of their vectors. Whoever engages moves them, bought accounts too.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.numbers.arithmetic import LOGIT, units
from sim.numbers.luck import Chance
from sim.recommenders.base import list_by_worth, lists_of
from sim.recommenders.factorised import Factorised
from sim.scenario.schema import quantity
from sim.world.actions import Shortlists, Shown, Visits
from sim.world.platform import Platform
from sim.world.world import Beliefs

SHIFT = 3  # a product of two vectors at 1024 has eight times the units of a taste with a topic


@dataclass(frozen=True)
class Collaborative(Factorised):
    """`Factorised` with vectors of several axes, by which each user's posts are chosen."""

    dimensions: int = quantity("length of the vectors of users and posts", "axes", 1, 64)

    @property
    def axes(self) -> int:
        """Length of the vectors."""
        return self.dimensions

    def opening_beliefs(self, seen: Platform) -> Beliefs:
        """In the place of tastes, users' vectors, and in that of topics, posts' vectors: in whole units, for ranking."""
        beliefs = super().opening_beliefs(seen)
        del beliefs.accounts["taste"], beliefs.rest["taste_sums"]
        beliefs.accounts["place"] = in_units(beliefs.accounts["vector"]).astype(np.int32)
        beliefs.rest["middle"] = np.zeros((int(seen.community_blocks.sum()), self.dimensions), dtype=np.int64)
        beliefs.posts["described"] = np.zeros((0, self.dimensions), dtype=np.int16)
        beliefs.fills["described"] = 0
        return beliefs

    def rank(self, seen: Platform, beliefs: Beliefs, visits: Visits, now: int, chance: Chance) -> Shortlists:
        """List fresh posts by their bias, for all alike; each user's feed is chosen from them by vectors too."""
        new, slots = self.admit_fresh(seen, beliefs, now)
        beliefs.posts["described"][new] = in_units(beliefs.posts["vector"][new])
        bias = beliefs.posts["bias"][beliefs.rest["staged"][slots] - seen.first]
        list_by_worth(seen, beliefs, slots, self.sharpness * bias.astype(np.float64), self.most_shown, now)
        return Shortlists(
            lists_of(beliefs, "trial"), lists_of(beliefs, "promoted"), beliefs.posts["score"], units(self.sharpness) >> SHIFT,
            0, round(self.followed_share * 65536), beliefs.accounts["place"], beliefs.rest["middle"], 0, 0, 0,
            beliefs.posts["described"],
        )  # fmt: skip

    def learn(self, seen: Platform, beliefs: Beliefs, shown: Shown, now: int) -> None:
        """Vectors follow the ratings; those that moved are put in units again."""
        ratings = self.learn_factors(seen, beliefs, shown)
        who, rows = np.unique(ratings.account), np.unique(ratings.row)
        beliefs.accounts["place"][who] = in_units(beliefs.accounts["vector"][who])
        beliefs.posts["described"][rows] = in_units(beliefs.posts["vector"][rows])


def in_units(vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Whole units of 1/1024."""
    return np.rint(vectors * np.float32(LOGIT))
