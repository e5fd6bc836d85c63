"""What every recommender is, and what those that rank shortlists share."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.kernels.feeds import fill_feeds, learn_taste
from sim.kernels.shortlists import put_up, take_down
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
    most: float  # largest factor from wanted views to standing listings


GAIN = 40  # a perfectly known taste has about length one (1024 units)
MEMORY_BITS = 10  # a taste remembers about 1,024 impressions


def opening_memory(seen: Platform, listings: Mapping[str, int]) -> Beliefs:
    """Beliefs shared by those that rank shortlists: tastes, how far each post has walked through the blocks, and the
    standing lists of each lane with so many listings a block (see `sim.kernels.shortlists`)."""
    axes, communities = seen.posts.topic.shape[1], len(seen.community_blocks)
    beliefs = Beliefs()
    beliefs.accounts["taste"] = np.zeros((len(seen.accounts.status), axes), dtype=np.int32)
    beliefs.posts["walked"], beliefs.fills["walked"] = np.zeros((0, communities), dtype=np.int16), 0
    beliefs.rest["watch_mean"] = np.array([0.5])
    blocks, words = int(seen.community_blocks.sum()), (seen.block_users + 63) // 64
    beliefs.posts["standing"], beliefs.fills["standing"] = np.zeros((0, communities), dtype=np.int16), 0
    for lane, room in listings.items():
        beliefs.rest[f"{lane}_numbers"] = np.zeros((blocks, room), dtype=np.int32)
        beliefs.rest[f"{lane}_seen"] = np.zeros((blocks, words, room), dtype=np.uint64)
        beliefs.rest[f"{lane}_shown"] = np.zeros((blocks, room), dtype=np.int32)
        beliefs.rest[f"{lane}_lengths"] = np.zeros(blocks, dtype=np.int32)
    return beliefs


def lists_of(
    beliefs: Beliefs, lane: str
) -> tuple[npt.NDArray[Any], npt.NDArray[Any], npt.NDArray[Any], npt.NDArray[Any]]:
    """Numbers, seen, shown and lengths of one lane's standing lists."""
    rest = beliefs.rest
    return rest[f"{lane}_numbers"], rest[f"{lane}_seen"], rest[f"{lane}_shown"], rest[f"{lane}_lengths"]


def servable(seen: Platform) -> npt.NDArray[np.bool_]:
    """Posts that may be recommended."""
    return np.asarray((seen.posts.status & (REMOVED | LIMITED)) == 0)


def renew_lists(
    seen: Platform,
    beliefs: Beliefs,
    name: str,
    lane: Lane,
    share: npt.NDArray[np.float32],
    most_shown: float,
    now: int,
) -> None:
    """Take down what no longer belongs on one lane's lists, and put up what is wanted and finds room."""
    numbers, who, shown, lengths = lists_of(beliefs, name)
    standing = beliefs.posts["standing"]
    stands = np.zeros(len(seen.posts), dtype=np.bool_)
    stands[lane.rows] = True
    most = int(most_shown * seen.block_users)
    edges = seen.community_first_block, seen.community_blocks
    take_down(numbers, who, shown, lengths, seen.first, stands, most, *edges, standing)
    put_up(
        lane.rows, seen.first, lane.pace, share, beliefs.posts["walked"], standing, seen.posts.key, now, lane.most,
        *edges, numbers, who, shown, lengths,
    )  # fmt: skip


def block_means(taste: npt.NDArray[np.int32], users: int, block_users: int) -> npt.NDArray[np.int32]:
    """Mean believed taste of each block, rounded down."""
    sums = taste[:users].reshape(-1, block_users, taste.shape[1]).sum(axis=1, dtype=np.int64)
    return np.asarray(sums // block_users, dtype=np.int32)


def serve(
    seen: Platform, beliefs: Beliefs, visits: Visits, now: int, chance: Chance, standing: npt.NDArray[np.int32],
    fit: float, trial_share: float, followed_share: float,
) -> Feeds:  # fmt: skip
    """Fill feeds from the standing lists, followed authors and the inbox."""
    posts, accounts, graph = seen.posts, seen.accounts, seen.graph
    offset = np.concatenate([[0], np.cumsum(visits.videos)[:-1]]).astype(np.int64)
    room = int(visits.videos.sum())
    row, lane = np.zeros(room, dtype=np.int32), np.zeros(room, dtype=np.uint8)
    length = np.zeros(len(visits.visitors), dtype=np.int32)
    taste = beliefs.accounts["taste"]
    edges = np.arange(int(seen.community_blocks.sum()) + 1) * seen.block_users
    fill_feeds(
        visits.visitors, visits.videos, offset, visits.luck, chance.user_keys,
        *lists_of(beliefs, "trial"), *lists_of(beliefs, "promoted"), standing,
        units(fit), round(trial_share * 65536), round(followed_share * 65536),
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
