"""Small random worlds for kernels: arrays of the dtypes that the engine hands over."""

import numpy as np

from sim.kernels.columns import FollowColumns, PostColumns, UserColumns
from sim.kernels.reactions import Weights
from tests.reference.slow_graph import graph_of

INBOX = 5


def locked(array: np.ndarray) -> np.ndarray:
    """A write-protected array, as the platform's record is handed to recommenders."""
    array.flags.writeable = False
    return array


def words(chance: np.random.Generator, size: int) -> np.ndarray:
    """Keys."""
    return chance.integers(0, 1 << 32, size, dtype=np.uint32)


def some(chance: np.random.Generator, size: int, share: float) -> np.ndarray:
    """Some of the numbers below `size`, ascending."""
    return np.flatnonzero(chance.random(size) < share)


def visits_of(chance: np.random.Generator, users: int, longest: int, share: float = 0.7) -> tuple:
    """Visitors, videos and offset of each session."""
    visitors = some(chance, users, share).astype(np.int32)
    videos = chance.integers(1, longest + 1, len(visitors), dtype=np.int32)
    return visitors, videos, np.concatenate([[0], np.cumsum(videos)[:-1]]).astype(np.int64)[: len(visitors)]


def feeds_of(chance: np.random.Generator, users: int, posts: int, longest: int = 6) -> tuple:
    """Visitors, offset, length and rows of feeds, some of them shorter than the session."""
    visitors, videos, offset = visits_of(chance, users, longest)
    length = chance.integers(0, videos + 1, dtype=np.int32) if posts else np.zeros_like(videos)
    return visitors, offset, length, chance.integers(0, max(posts, 1), int(videos.sum()), dtype=np.int32)


def named_by(chance: np.random.Generator, size: int, candidates: int = 4) -> np.ndarray:
    """A candidate each, or nobody."""
    return np.where(chance.random(size) < 0.4, chance.integers(0, candidates, size), -1).astype(np.int8)


def posts_of(chance: np.random.Generator, size: int, axes: int, accounts: int, first: int, now: int) -> PostColumns:
    """Live posts, oldest first; some removed, limited, labelled, paused or held."""
    return PostColumns(
        first, words(chance, size), chance.integers(0, accounts, size, dtype=np.int32),
        np.sort(chance.integers(max(0, now - 9), now + 1, size, dtype=np.int32)),
        chance.integers(-128, 128, (size, axes), dtype=np.int8),
        chance.choice(np.array([0, 0, 0, 0, 1, 2, 4, 8, 16], dtype=np.uint8), size),
        chance.choice(np.array([0, 1, 3, 300, 70000], dtype=np.int32), size), named_by(chance, size),
        (chance.random(size) < 0.2).astype(np.uint8), named_by(chance, size),
        chance.integers(-2000, 2001, size, dtype=np.int32),
    )  # fmt: skip


def users_of(chance: np.random.Generator, accounts: int, posts: PostColumns, now: int) -> UserColumns:
    """Accounts; inboxes hold posts that were shown and posts that wait, from the first place on."""
    newest = np.full(accounts, -1, dtype=np.int32)
    newest[posts.author] = np.arange(len(posts.key)) + posts.first
    inbox, waiting = np.full((accounts, INBOX), -1, dtype=np.int32), np.zeros((accounts, INBOX), dtype=np.uint8)
    for user in range(accounts):
        count = min(int(chance.integers(0, INBOX + 1)), len(posts.key))
        inbox[user, :count] = posts.first + chance.permutation(len(posts.key))[:count]
        waiting[user, :count] = chance.integers(0, 2, count)
    return UserColumns(
        words(chance, accounts), chance.integers(-128, 128, (accounts, posts.topic.shape[1]), dtype=np.int8),
        chance.integers(-900, 901, accounts, dtype=np.int32), newest,
        chance.integers(-1, max(now, 1), accounts, dtype=np.int32), inbox, waiting,
    )  # fmt: skip


def graph(chance: np.random.Generator, accounts: int, users: int, each: int = 3) -> tuple:
    """The graph of the beginning, columns with follows that were added since and room for more, and how many were."""
    follower = np.repeat(np.arange(users), each)
    target = chance.integers(0, accounts, len(follower))
    drawn = graph_of(follower, target, accounts)
    newest = np.full(accounts, -1, dtype=np.int32)
    author, before = (np.zeros(2 * users + 64, dtype=np.int32) for _ in range(2))
    known, added = set(zip(follower.tolist(), target.tolist(), strict=True)), 0
    for user, whom in zip(chance.integers(0, users, 2 * users), chance.integers(0, accounts, 2 * users), strict=True):
        if user != whom and (int(user), int(whom)) not in known:
            known.add((int(user), int(whom)))
            author[added], before[added], newest[user], added = whom, newest[user], added, added + 1
    return drawn, FollowColumns(drawn.following_start, drawn.following, newest, author, before), added


def weights_of(chance: np.random.Generator) -> Weights:
    """Weights of reactions in integer units, such that every reaction happens."""
    logits = [int(x) for x in chance.integers(-1500, 1501, len(Weights._fields) - 1)]
    return Weights(*logits, open_comments=int(chance.integers(1 << 30, 1 << 32)))


def table_of(
    chance: np.random.Generator, posts: int, first: int, communities: int, empty: float = 0.3, room: int = 5
) -> tuple:
    """A table of staged posts: staged, slot, share, standing. Some posts left since it last closed its ranks, some before.

    Behind the places it has room for some more, in which anything may stand.
    """
    numbers = np.arange(first, first + posts)[chance.random(posts) < 0.8]
    staged, slot = numbers.copy(), np.full(posts, -1, dtype=np.int32)
    slot[numbers - first] = np.arange(len(numbers))
    leave(staged, slot, first, some(chance, len(staged), empty))
    share = chance.random((communities, len(staged) + room), dtype=np.float32)
    share[chance.random(share.shape) < 0.2] = 0.0
    return staged, slot, share, chance.integers(0, 4, share.shape, dtype=np.int16)


def leave(staged: np.ndarray, slot: np.ndarray, first: int, places: np.ndarray) -> None:
    """Posts leave some places of a table, which are then empty."""
    there = places[staged[places] >= 0]
    slot[staged[there] - first] = -1
    staged[there] = -1
