"""What every recommender is, and what those that rank shortlists share."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.kernels.feeds import fill_feeds, learn_taste
from sim.kernels.shortlists import fill_shortlists
from sim.numerics import units
from sim.randomness import Chance
from sim.world.actions import Feeds, Visits
from sim.world.platform import LIMITED, REMOVED, Platform
from sim.world.world import Beliefs


class Recommender(ABC):
    """A plug-in with one verb: rank posts for those who opened the app."""

    def opening_beliefs(self, seen: Platform) -> Beliefs:
        """The beliefs with which a world begins."""
        return Beliefs()

    @abstractmethod
    def rank(self, seen: Platform, beliefs: Beliefs, visits: Visits, now: int, chance: Chance) -> Feeds:
        """What each visitor is shown, in order."""

    def learn(self, seen: Platform, beliefs: Beliefs, feeds: Feeds, flags: npt.NDArray[np.uint8], now: int) -> None:
        """Update beliefs by the reactions of this hour; bits of `flags` as in `sim.kernels.reactions`."""
        return


@dataclass
class Lane:
    """Posts that compete for one kind of place: live rows, ascending, and the views an hour that each wants."""

    rows: npt.NDArray[np.int64]
    pace: npt.NDArray[np.float64]
    listings: int  # posts of this lane on one block's shortlist, on average
    most: float  # largest factor from wanted views to listings


ROOM = 1.5  # a block's list holds at most this multiple of its mean length
GAIN = 40  # a perfectly known taste has about length one (1024 units)
MEMORY_BITS = 10  # a taste remembers about 1,024 impressions


def opening_memory(seen: Platform) -> Beliefs:
    """Beliefs shared by those that rank shortlists: tastes, and how far each post has walked through the blocks."""
    axes, communities = seen.posts.topic.shape[1], len(seen.community_blocks)
    beliefs = Beliefs()
    beliefs.accounts["taste"] = np.zeros((len(seen.accounts.status), axes), dtype=np.int32)
    beliefs.posts["walked"] = np.zeros((0, communities), dtype=np.int32)
    beliefs.fills["walked"] = 0
    beliefs.rest["watch_mean"] = np.array([0.5])
    return beliefs


def servable(seen: Platform) -> npt.NDArray[np.bool_]:
    """Posts that may be recommended."""
    return np.asarray((seen.posts.status & (REMOVED | LIMITED)) == 0)


def shortlist(
    seen: Platform, beliefs: Beliefs, lane: Lane, share: npt.NDArray[np.float64], now: int
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """One lane's shortlist of every block: (blocks, room) live rows, and their lengths."""
    blocks = int(seen.community_blocks.sum())
    lists = np.zeros((blocks, max(1, int(lane.listings * ROOM))), dtype=np.int32)
    lengths = np.zeros(blocks, dtype=np.int32)
    if len(lane.rows):
        fill_shortlists(
            lane.rows, lane.pace, share, beliefs.posts["walked"], seen.posts.key, now, lane.most, float(lane.listings),
            seen.community_first_block, seen.community_blocks, lists, lengths,
        )  # fmt: skip
    return lists, lengths


def block_means(taste: npt.NDArray[np.int32], users: int, block_users: int) -> npt.NDArray[np.int32]:
    """Mean believed taste of each block, rounded down."""
    sums = taste[:users].reshape(-1, block_users, taste.shape[1]).sum(axis=1, dtype=np.int64)
    return np.asarray(sums // block_users, dtype=np.int32)


def serve(
    seen: Platform, beliefs: Beliefs, visits: Visits, now: int, chance: Chance,
    trial: tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]],
    promoted: tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]],
    standing: npt.NDArray[np.int32], fit: float, trial_share: float, followed_share: float,
) -> Feeds:  # fmt: skip
    """Fill feeds from two shortlists, followed authors and the inbox."""
    posts, accounts, graph = seen.posts, seen.accounts, seen.graph
    offset = np.concatenate([[0], np.cumsum(visits.videos)[:-1]]).astype(np.int64)
    room = int(visits.videos.sum())
    row, lane = np.zeros(room, dtype=np.int32), np.zeros(room, dtype=np.uint8)
    length = np.zeros(len(visits.visitors), dtype=np.int32)
    taste = beliefs.accounts["taste"]
    edges = np.arange(len(trial[1]) + 1) * seen.block_users
    fill_feeds(
        visits.visitors, visits.videos, offset, visits.luck, chance.user_keys, now,
        *trial, *promoted, standing, units(fit), round(trial_share * 65536), round(followed_share * 65536),
        taste, block_means(taste, seen.users, seen.block_users), seen.block_users,
        np.searchsorted(visits.visitors, edges), posts.key, posts.author, posts.hour, posts.topic, posts.status,
        seen.first, accounts.newest_post, accounts.last_session, accounts.inbox, accounts.inbox_waiting,
        graph.following_start, graph.following, graph.newest_added, graph.added_author, graph.added_before,
        row, lane, length,
    )  # fmt: skip
    return Feeds(visits.visitors, offset, length, row, lane, visits.second)


def learn(seen: Platform, beliefs: Beliefs, feeds: Feeds, flags: npt.NDArray[np.uint8]) -> None:
    """Learn tastes from what was watched through more than usual, and what usual is."""
    mean = beliefs.rest["watch_mean"]
    learn_taste(
        feeds.visitors, feeds.offset, feeds.length, feeds.row, flags, seen.posts.topic, beliefs.accounts["taste"],
        int(mean[0] * 256), GAIN, MEMORY_BITS,
    )  # fmt: skip
    shown = int(feeds.length.sum())
    if shown:
        mean[0] += 0.02 * (int((flags & 1).sum()) / shown - mean[0])
