"""One hour of a world as those who film it see it: what was shown, place by place, and the record behind it."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from sim.kernels.columns import LABELLED
from sim.kernels.reactions import CARRIED
from sim.recommenders.base import community_means
from sim.world.actions import Actions, Shown
from sim.world.platform import NOBODY, Ints, Longs
from sim.world.world import GROUPS, World

# Why a post was in a feed: the lane by which it came (`sim.kernels.feeds`), and of promoted posts those that the recommender
# believes to be to the person's taste.
WHY = ("shared by a friend", "followed", "on trial", "promoted", "promoted and alike")
PROMOTED, PROMOTED_AND_ALIKE = 3, 4
# Cosine of the believed taste, as it differs from the community's mean, with the post's topic from which the two count as alike:
# of ten axes, one pair in five that has nothing to do with each other reaches it. Assumption, 20 to 50; for words on a page alone.
ALIKE = 30  # hundredths
MOST_TOLD = 63  # candidates whose numbers a mark can hold


@dataclass(frozen=True)
class FilmedHour:
    """hour: counted from the first measured one."""

    hour: int
    world: World
    shown: Shown
    actions: Actions

    @cached_property
    def places(self) -> tuple[Longs, Ints]:
        """Places in the feeds' columns that somebody was shown, feed by feed in the order of visitors, and whom."""
        feeds = self.shown.feeds
        length = feeds.length.astype(np.int64)
        before = np.cumsum(length) - length
        places = np.arange(int(length.sum())) + np.repeat(feeds.offset - before, length)
        return places, np.repeat(feeds.visitors, length)

    def of(self, accounts: npt.NDArray[np.bool_]) -> tuple[Longs, Ints]:
        """Those of some accounts. accounts: whether each is one of them."""
        places, who = self.places
        chosen = accounts[who]
        return places[chosen], who[chosen]

    def numbers(self, places: Longs) -> Longs:
        """Numbers of the posts at some places."""
        return self.shown.feeds.row[places].astype(np.int64) + self.world.platform.first

    def why(self, places: Longs, who: Ints) -> npt.NDArray[np.uint8]:
        """Why each of some posts was in a feed, see WHY."""
        why = self.shown.feeds.lane[places].copy()
        promoted = np.flatnonzero(why == PROMOTED)
        alike = self._alike(places[promoted], who[promoted])
        why[promoted[alike]] = PROMOTED_AND_ALIKE
        return why

    def _alike(self, places: Longs, who: Ints) -> npt.NDArray[np.bool_]:
        """Whether posts are what the recommender takes people's taste for; false where it believes nothing of topics."""
        beliefs, found = self.world.beliefs, np.zeros(len(places), dtype=np.bool_)
        part = beliefs.accounts.get("part")
        parts = [(beliefs, np.ones(len(who), dtype=np.bool_))]
        if part is not None:
            parts = [(beliefs.part(name), part[who] == number) for number, name in enumerate(GROUPS)]
        for own, members in parts:
            if "taste" in own.accounts and "taste_sums" in own.rest:
                mean = community_means(own, self.world.platform)[self.world.platform.accounts.community[who[members]]]
                taste = own.accounts["taste"][who[members]] - mean
                topic = self.world.platform.posts.topic[self.shown.feeds.row[places[members]]]
                found[members] = are_alike(taste, topic)
        return found

    def mark(self, places: Longs) -> npt.NDArray[np.uint8]:
        """Bits: 1 a label was shown, 2 most comments named a candidate; from the third on that candidate's number plus 1, 0 for none."""
        posts, row = self.world.platform.posts, self.shown.feeds.row[places]
        labelled, whom = (posts.status[row] & LABELLED) != 0, posts.spoken_of[row].astype(np.int64)
        told = np.where(whom < MOST_TOLD, whom + 1, 0)
        return np.asarray(labelled + 2 * (whom != NOBODY) + 4 * told, dtype=np.uint8)

    def carries(self, places: Longs, candidate: int) -> npt.NDArray[np.bool_]:
        """Whether what was seen at some places carried a candidate: in the post, or in its comments where they were opened."""
        posts, row = self.world.platform.posts, self.shown.feeds.row[places]
        carried = np.where(posts.candidate[row] >= 0, posts.candidate[row], posts.spoken_of[row])
        return np.asarray(((self.shown.flags[places] & CARRIED) != 0) & (carried == candidate))


def are_alike(one: npt.NDArray[np.integer], other: npt.NDArray[np.integer]) -> npt.NDArray[np.bool_]:
    """Whether the cosine of each pair of rows is at least ALIKE: in whole numbers, the same on every machine."""
    a, b = one.astype(np.int64), other.astype(np.int64)
    product, lengths = np.einsum("ij,ij->i", a, b), np.einsum("ij,ij->i", a, a) * np.einsum("ij,ij->i", b, b)
    return np.asarray((product > 0) & (10**4 * product * product >= ALIKE * ALIKE * lengths))
