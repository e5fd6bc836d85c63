"""Which message of a feed each visitor reshares."""

import numpy as np
from numba import njit, prange

from sim.kernels.reactions import CARRIED, SHARED, WATCHED


@njit(cache=True, parallel=True)
def reshare(
    visitors, offset, feed_length, row, shares, age, posts_anew, keys, weight_of_age, felt, candidate, directed, flags
):
    """Mark every message of each feed as seen, and in feeds of those who do not post anew one as shared, by weight.

    The weight is felt x shares x weight_of_age; the sum runs in the order of the feed. shares: (impressions) int32, how
    often those followed shared it; age: (impressions) int32, hours; posts_anew: (visitors) bool; keys: (visitors) uint32;
    weight_of_age: float64, by hours, the last for all beyond; directed: (visitors) bool, accounts of others, whose
    sights of candidates count for nothing; flags: (impressions) uint8, bits as in `sim.kernels.reactions`.
    """
    oldest = len(weight_of_age) - 1
    for v in prange(len(visitors)):
        begin, end = offset[v], offset[v] + feed_length[v]
        total = 0.0
        for i in range(begin, end):
            flags[i] = WATCHED | (CARRIED if candidate[row[i]] >= 0 and not directed[v] else 0)
            total += felt[row[i]] * np.float64(shares[i]) * weight_of_age[min(age[i], oldest)]
        if posts_anew[v] or begin == end:
            continue
        place, passed, chosen = (np.float64(keys[v]) + 0.5) / 4294967296.0 * total, 0.0, end - 1
        for i in range(begin, end):
            passed += felt[row[i]] * np.float64(shares[i]) * weight_of_age[min(age[i], oldest)]
            if place < passed:
                chosen = i
                break
        flags[chosen] |= SHARED
