"""The room that serving a block takes, laid out before it begins: what serves only borrows it."""

from typing import NamedTuple

import numpy as np
from numba import njit

from sim.kernels.feeds import TAKEN, TOGETHER, WIDTH

LONGEST_FEED = 128  # places


class Workbench(NamedTuple):
    """Room for all that is worked out while the visitors of one block are served, one after the other."""

    listed: np.ndarray  # (5, listings) views, watched; for one visitor: weight of the reaction, sums over axes, ranks
    trial_lane: np.ndarray  # ranks of the trial listings, filled up with TAKEN to a multiple of WIDTH
    promoted_lane: np.ndarray  # and of the promoted ones
    chosen: np.ndarray  # (longest feed) places of the listings that are shown, and below what goes with them
    pair: np.ndarray
    terms: np.ndarray  # (4, longest feed)
    flags: np.ndarray
    own: np.ndarray  # (groups of axes, TOGETHER) taste relative to the block's, interest, what is learned
    interest: np.ndarray
    learned: np.ndarray
    middle: np.ndarray  # (axes) the block's mean taste
    none: np.ndarray  # (axes) zeros


@njit(inline="always")
def filled_up(size):
    """The next multiple of WIDTH."""
    return (size + WIDTH - 1) // WIDTH * WIDTH


@njit
def lay_out(block, trials, listings, axes, taste_sums, block_users):
    """An empty workbench, with the block's mean taste."""
    tastes = taste_sums.shape[1]
    middle = np.empty(tastes, dtype=np.int32)
    for axis in range(tastes):
        middle[axis] = taste_sums[block, axis] // block_users
    groups, own_groups = (axes + TOGETHER - 1) // TOGETHER, (tastes + TOGETHER - 1) // TOGETHER
    return Workbench(
        np.zeros((5, listings), dtype=np.int32), np.full(filled_up(trials), TAKEN), np.full(filled_up(listings - trials), TAKEN),
        np.empty(LONGEST_FEED, dtype=np.uint32), np.empty(LONGEST_FEED, dtype=np.uint32),
        np.empty((4, LONGEST_FEED), dtype=np.int32), np.empty(LONGEST_FEED, dtype=np.int64),
        np.zeros((own_groups, TOGETHER), dtype=np.int32), np.zeros((groups, TOGETHER), dtype=np.int32),
        np.zeros((groups, TOGETHER), dtype=np.int32), middle, np.zeros(axes, dtype=np.int32),
    )  # fmt: skip
