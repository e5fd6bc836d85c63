"""Who does something in an hour."""

import numpy as np
from numba import njit

from sim.randomness import chain_compiled


@njit(cache=True)
def active(rate, factor, key, who, keys):
    """Those whose keyed draw is below rate times factor: their numbers and keys, ascending, and how many they are.

    rate: (users) acts a day; factor: share of the day's acts in this hour; key: uint32 that all draws share; who, keys:
    room for as many as there are users.
    """
    count = 0
    for user in range(len(rate)):
        if rate[user] == 0.0:
            continue
        own = chain_compiled(np.uint32(key), np.uint32(user))
        if (own + 0.5) / 4294967296.0 < rate[user] * factor:
            who[count] = user
            keys[count] = own
            count += 1
    return count
