"""Standing shortlists in plain Python: one community after the other."""

import numpy as np

from sim.kernels.columns import Lists
from sim.randomness import chain, draw
from tests.reference.kernel_twins.random_worlds import locked, some, words
from tests.reference.kernel_twins.sharing import blocks_walked


def renew(
    rows, first, pace, share, walked, standing, wanted, stamp, keys, hour, most, most_shown, first_block, blocks, lists
):  # fmt: skip
    """Take down, see how much room there is, put up."""
    for community, size in enumerate(blocks.tolist()):
        home = range(first_block[community], first_block[community] + size)
        for block in home:
            take_down(block, community, first, standing, wanted, stamp, most_shown, lists)
        asked = [float(views) * float(share[row, community]) for row, views in zip(rows, pace, strict=True)]
        free = sum(lists.numbers.shape[1] - int(lists.lengths[block]) for block in home)
        factor = min(most, lists.numbers.shape[1] * size / added(asked)) if added(asked) > 0.0 else most
        lacks = [factor * views - int(standing[row, community]) for row, views in zip(rows, asked, strict=True)]
        lacking = added([max(0.0, lack) for lack in lacks])
        ease = min(1.0, free / lacking) if lacking > 0.0 else 1.0
        for row, lack in zip(rows.tolist(), lacks, strict=True):
            luck = draw(chain(int(keys[row]), hour), community) / 4294967296.0
            if lack > 0.0:
                cycle = blocks_walked(int(keys[row]), community, size, first_block, blocks)
                put_up(row, community, cycle, int(ease * lack + luck), first, walked, standing, lists)


def added(numbers):
    """A sum, one number after the other: the built-in sum rounds otherwise."""
    total = 0.0
    for number in numbers:
        total += number
    return total


def take_down(block, community, first, standing, wanted, stamp, most_shown, lists):
    """Posts that are not wanted, or that many of the block have seen, leave; the others keep their order."""
    kept = []
    for place in range(lists.lengths[block]):
        row, shown = int(lists.numbers[block, place]) - first, int(lists.shown[block, place])
        if row >= 0 and wanted[row] == stamp and shown <= most_shown:
            kept.append((row + first, shown, lists.seen[block, :, place].copy()))
        elif row >= 0:
            standing[row, community] -= 1
    for place, (number, shown, seen) in enumerate(kept):
        lists.numbers[block, place], lists.shown[block, place], lists.seen[block, :, place] = number, shown, seen
    lists.lengths[block] = len(kept)


def put_up(row, community, cycle, count, first, walked, standing, lists):
    """The post's next blocks in the cycle list it; where a list is full it waits."""
    for block in cycle[walked[row, community] :][:count]:
        place = lists.lengths[block]
        if place == lists.numbers.shape[1]:
            break
        lists.numbers[block, place], lists.shown[block, place], lists.seen[block, :, place] = row + first, 0, 0
        lists.lengths[block] += 1
        walked[row, community] += 1
        standing[row, community] += 1


# --- inputs -------------------------------------------------------------------------------------------------------

SHAPES = (  # communities, blocks each at the most, users of a block, room of a list, posts
    (1, 1, 4, 1, 3), (1, 5, 33, 4, 20), (3, 4, 20, 0, 5), (7, 3, 20, 3, 0), (8, 3, 20, 3, 25), (9, 2, 40, 5, 30),
    (17, 3, 8, 2, 40),
)  # fmt: skip


def inputs_of_renew(chance):
    """Some hours of each world, in which people see what is listed, and the oldest posts retire."""
    for communities, most_blocks, block_users, room, posts in SHAPES:
        blocks = locked(chance.integers(1, most_blocks + 1, communities, dtype=np.int32))
        first_block, total = locked((np.cumsum(blocks) - blocks).astype(np.int32)), int(blocks.sum())
        lists = Lists(
            np.zeros((total, room), np.int32), np.zeros((total, (block_users + 31) // 32, room), np.uint32),
            np.zeros((total, room), np.int32), np.zeros(total, np.int32),
        )  # fmt: skip
        walked, standing = (np.zeros((posts, communities), np.int16) for _ in range(2))
        wanted, keys, share = np.zeros(posts, np.int32), words(chance, posts), chance.random((posts, communities))
        share = np.where(share < 0.2, 0.0, share).astype(np.float32)
        for hour, most in enumerate((0.4, 3.0, 1e9, 0.7, 1e9, 2.0)):
            old = 2 if hour == 3 and posts else 0
            walked, standing, wanted, keys, share = (column[old:] for column in (walked, standing, wanted, keys, share))
            rows, first = some(chance, len(keys), 0.0 if hour == 5 else 0.8), 30 + (2 if hour >= 3 and posts else 0)
            wanted[rows] = hour + 1
            pace = np.where(chance.random(len(rows)) < 0.1, 0.0, 5.0 * chance.random(len(rows)))
            yield (
                rows, first, pace, share, walked, standing, wanted, hour + 1, locked(keys), hour, most,
                block_users // 2, first_block, blocks, lists,
            )  # fmt: skip
            people_see(chance, lists, block_users)


def people_see(chance, lists, block_users):
    """Some of each block are shown what is listed."""
    for block, length in enumerate(lists.lengths):
        for place in range(length):
            for user in some(chance, block_users, 0.25):
                lists.seen[block, user >> 5, place] |= np.uint32(1 << (user & 31))
            lists.shown[block, place] = sum(int(word).bit_count() for word in lists.seen[block, :, place])
