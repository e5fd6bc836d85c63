"""Which message of a feed each visitor reshares, in plain Python."""

import itertools

import numpy as np

from tests.reference.kernel_twins.random_worlds import feeds_of, named_by, words

WATCHED, SHARED, CARRIED = 1, 8, 128


def reshare(
    visitors, offset, feed_length, row, shares, age, posts_anew, keys, weight_of_age, felt, candidate, directed, flags
):
    """One visitor after the other: the message in which a place on the line of weights lies."""
    for v in range(len(visitors)):
        places = range(offset[v], offset[v] + feed_length[v])
        for i in places:
            flags[i] = WATCHED + (CARRIED if candidate[row[i]] >= 0 and not directed[v] else 0)
        weights = [
            int(felt[row[i]]) * float(shares[i]) * float(weight_of_age[min(int(age[i]), len(weight_of_age) - 1)])
            for i in places
        ]
        ends = list(itertools.accumulate(weights, initial=0.0))[1:]
        if not posts_anew[v] and ends:
            place = (int(keys[v]) + 0.5) / 4294967296.0 * ends[-1]
            chosen = next((i for i, end in zip(places, ends, strict=True) if place < end), places[-1])
            flags[chosen] += SHARED


# --- inputs -------------------------------------------------------------------------------------------------------


def inputs_of_reshare(chance):
    """Empty feeds, messages without any appeal, ages beyond the table."""
    for users, posts, dull in ((1, 1, False), (40, 12, False), (40, 12, True)):
        visitors, offset, length, row = feeds_of(chance, users + 3, posts)
        count = len(visitors)
        felt = chance.integers(0, 1 << 20, posts, dtype=np.int32) * (not dull)
        yield (
            visitors, offset, length, row, chance.integers(1, 5, len(row), dtype=np.int32),
            chance.integers(0, 9, len(row), dtype=np.int32), chance.random(count) < 0.4, words(chance, count),
            np.exp(-0.3 * np.arange(6)), felt.astype(np.int32), named_by(chance, posts), chance.random(count) < 0.2,
            np.zeros(len(row), dtype=np.uint8),
        )  # fmt: skip
