"""Chronological following: the newest posts of followed authors since the last session, and nothing learned.

The choice without profiling of Art. 38 of the Digital Services Act.
"""

from dataclasses import dataclass

import numpy as np

from sim.kernels.following import newest_of_followed
from sim.randomness import Chance
from sim.recommenders.base import Recommender
from sim.world.actions import Feeds, Visits
from sim.world.platform import REMOVED, Platform
from sim.world.world import Beliefs


@dataclass(frozen=True)
class Chronological(Recommender):
    """No parameter: newest first, until the session or the news ends."""

    def rank(self, seen: Platform, beliefs: Beliefs, visits: Visits, now: int, chance: Chance) -> Feeds:
        """Shared posts that wait in the inbox, then followed authors' posts, newest first."""
        posts, accounts, graph = seen.posts, seen.accounts, seen.graph
        room = int(visits.videos.sum())
        offset = np.concatenate([[0], np.cumsum(visits.videos)[:-1]]).astype(np.int64)
        row, lane = np.zeros(room, dtype=np.int32), np.zeros(room, dtype=np.uint8)
        length = np.zeros(len(visits.visitors), dtype=np.int32)
        order = np.lexsort((np.arange(len(posts)), posts.author)).astype(np.int64)
        bounds = np.searchsorted(posts.author[order], np.arange(len(accounts.status) + 1))
        newest_of_followed(
            visits.visitors, visits.videos, offset, order, bounds, posts.hour, posts.second, posts.key,
            (posts.status & REMOVED) > 0, seen.first, accounts.last_session, accounts.inbox, accounts.inbox_waiting,
            graph.following_start, graph.following, graph.newest_added, graph.added_author, graph.added_before,
            row, lane, length,
        )  # fmt: skip
        return Feeds(visits.visitors, offset, length, row, lane, visits.second)
