"""Who does something in an hour, in plain Python."""

import numpy as np

from sim.numbers.luck import chain


def active(rate, factor, key, who, keys):
    """One user after the other draws."""
    count = 0
    for user, daily in enumerate(rate.tolist()):
        luck = chain(key, user)
        if (luck + 0.5) / 4294967296.0 < daily * factor:
            who[count], keys[count] = user, luck
            count += 1
    return count


def inputs_of_active(chance):
    """Sizes around the borders of chunks; nobody, some and everybody; rates that just do and just do not suffice."""
    for users in (0, 1, 7, 4095, 4096, 4097, 2 * 4096, 9001):
        for rate, factor in ((chance.random(users), 0.3), (np.zeros(users), 1.0), (np.full(users, 30.0), 0.2)):
            if users < 9 or factor == 0.3:
                yield (
                    rate,
                    factor,
                    int(chance.integers(0, 1 << 32)),
                    np.empty(users, np.int32),
                    np.empty(users, np.uint32),
                )
    bounds = np.array([(chain(3, user) + 0.5) / 4294967296.0 for user in range(40)])
    for rate in (bounds, np.nextafter(bounds, 1.0), np.full(40, 5e-324)):
        yield rate, 1.0, 3, np.empty(40, np.int32), np.empty(40, np.uint32)
