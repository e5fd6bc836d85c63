"""A recommender of a user's own: it shows nothing."""

from dataclasses import dataclass

import numpy as np

from sim.recommenders.base import Recommender
from sim.world.actions import Feeds


@dataclass(frozen=True)
class Nothing(Recommender):
    def rank(self, seen, beliefs, visits, now, chance):
        empty = np.zeros(len(visits.visitors), dtype=np.int32)
        return Feeds(
            visits.visitors, empty.astype(np.int64), empty, empty[:0], empty[:0].astype(np.uint8), visits.second
        )
