"""Chronological following: the newest posts of followed authors since the last session, and nothing learned.

The choice without profiling of Art. 38 of the Digital Services Act.
"""

from dataclasses import dataclass

import numpy as np

from sim.kernels.following import newest_of_followed
from sim.numbers.luck import Chance
from sim.recommenders.base import Recommender
from sim.world.actions import Feeds, Visits
from sim.world.platform import NOBODY, Platform
from sim.world.world import Beliefs


@dataclass(frozen=True)
class Chronological(Recommender):
    """No parameter: newest first, until the session or the news ends."""

    def opening_beliefs(self, seen: Platform) -> Beliefs:
        """Posts of each author as a chain: the newest, and for each post the one before."""
        beliefs = Beliefs()
        beliefs.accounts["latest"] = np.full(len(seen.accounts.status), NOBODY, dtype=np.int32)
        beliefs.posts["before"], beliefs.fills["before"] = np.zeros(0, dtype=np.int32), NOBODY
        beliefs.rest["read"] = np.array([0])  # number of the first post that is in no chain
        return beliefs

    def rank(self, seen: Platform, beliefs: Beliefs, visits: Visits, now: int, chance: Chance) -> Feeds:
        """Shared posts that wait in the inbox, then followed authors' posts, newest first."""
        self._read_news(seen, beliefs)
        posts, accounts, graph = seen.posts, seen.accounts, seen.graph
        room = int(visits.videos.sum())
        offset = np.concatenate([[0], np.cumsum(visits.videos)[:-1]]).astype(np.int64)
        row, lane = np.zeros(room, dtype=np.int32), np.zeros(room, dtype=np.uint8)
        length = np.zeros(len(visits.visitors), dtype=np.int32)
        newest_of_followed(
            visits.visitors, visits.videos, offset, beliefs.accounts["latest"], beliefs.posts["before"], posts.hour,
            posts.second, posts.key, posts.status, seen.first, accounts.last_session, accounts.inbox,
            accounts.inbox_waiting, graph.following_start, graph.following, graph.newest_added, graph.added_author,
            graph.added_before, row, lane, length,
        )  # fmt: skip
        return Feeds(visits.visitors, offset, length, row, lane, visits.second)

    def _read_news(self, seen: Platform, beliefs: Beliefs) -> None:
        """Put the posts that have just appeared at the heads of their authors' chains."""
        latest, read = beliefs.accounts["latest"], beliefs.rest["read"]
        rows = np.arange(int(read[0]) - seen.first, len(seen.posts))
        author, number = seen.posts.author[rows], (rows + seen.first).astype(np.int32)
        order = np.argsort(author, kind="stable")
        again = author[order][1:] == author[order][:-1]  # whose author has made another one in the same hour
        before = latest[author]
        before[order[1:][again]] = number[order[:-1][again]]
        beliefs.posts["before"][rows] = before
        latest[author[order]] = number[order]
        read[0] = seen.first + len(seen.posts)
