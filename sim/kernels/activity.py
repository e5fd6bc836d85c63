"""Who does something in an hour."""

import numpy as np
from numba import njit, prange

from sim.kernels.borrowing import borrowing
from sim.numbers.luck import chain_compiled

CHUNK = 4096  # users that are drawn together


@borrowing
def _draw_chunk(rate, first, size, factor, key, own):
    """Keys of some users from `first` on; returns how many are active, and moves their places to the front of `own`."""
    count, highest = 0, 0.0
    for place in range(size):
        highest = max(highest, rate[np.uint64(first + place)])
    if highest * factor == 0.0:
        return 0
    for place in range(size):
        own[place] = chain_compiled(np.uint32(key), np.uint32(first + place))
    for place in range(size):
        # A product with 2^32 is exact, so that this is (own + 0.5) / 2^32 < rate * factor.
        if own[place] + 0.5 < rate[np.uint64(first + place)] * factor * 4294967296.0:
            own[np.uint64(count)] = place
            count += 1
    return count


@njit(cache=True, parallel=True)
def active(rate, factor, key, who, keys):
    """Those whose keyed draw is below rate times factor: their numbers and keys, ascending, and how many they are.

    rate: (users) acts a day; factor: share of the day's acts in this hour; key: uint32 that all draws share; who, keys:
    room for as many as there are users.
    """
    chunks = (len(rate) + CHUNK - 1) // CHUNK
    counts = np.zeros(chunks + 1, dtype=np.int64)
    for chunk in prange(chunks):
        own, first = np.empty(CHUNK, dtype=np.uint32), chunk * CHUNK
        count = _draw_chunk(rate, first, min(CHUNK, len(rate) - first), factor, key, own)
        for place in range(count):
            who[first + place] = first + own[place]
        counts[chunk + 1] = count
    total = 0
    for chunk in range(chunks):
        for place in range(counts[chunk + 1]):
            who[total + place] = who[chunk * CHUNK + place]
        total += counts[chunk + 1]
    for place in prange(total):
        keys[place] = chain_compiled(np.uint32(key), np.uint32(who[place]))
    return total
