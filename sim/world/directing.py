"""What accounts do that are told to, to what their own feeds show them."""

import numpy as np
import numpy.typing as npt

from sim.kernels.reactions import COMMENTED, LIKED, acts_in
from sim.numbers.luck import Decision, chain_array, key_of, threshold
from sim.world.actions import Meet, Shown
from sim.world.world import World


def as_directed(world: World, orders: list[Meet], shown: Shown) -> Shown:
    """What was shown, with the likes and comments of accounts under orders added to what they do anyway."""
    if not orders or len(shown.feeds.visitors) == 0:
        return shown
    flags = shown.flags.copy()
    for order in orders:
        _obey(world, order, shown, flags)
    acts = np.zeros(len(shown.feeds.visitors), dtype=np.int32)
    acts_in(shown.feeds.offset, shown.feeds.length, flags, acts)
    parts = tuple(as_directed(world, orders, part) for part in shown.parts)
    return shown._replace(flags=flags, acts=acts, parts=parts)


def _obey(world: World, order: Meet, shown: Shown, flags: npt.NDArray[np.uint8]) -> None:
    """A coin about each account and post, the same whenever they meet."""
    feeds, posts = shown.feeds, world.platform.posts
    for v in np.flatnonzero(np.isin(feeds.visitors, order.accounts)).tolist():
        at = np.arange(feeds.offset[v], feeds.offset[v] + feeds.length[v])
        at = at[posts.candidate[feeds.row[at]] == order.candidate]
        for which, share, bit in ((1, order.likes, LIKED), (2, order.comments, COMMENTED)):
            key = chain_array(key_of(world.seed, Decision.MEET, which), posts.key[feeds.row[at]])
            does = chain_array(key, feeds.visitors[v : v + 1]).astype(np.int64) < threshold(share)
            flags[at[does]] |= np.uint8(bit)
