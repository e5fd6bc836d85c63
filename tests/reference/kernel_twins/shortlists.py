"""Standing shortlists in plain Python: one community after the other."""

import numpy as np

from sim.kernels.columns import Lists
from sim.numbers.luck import chain, draw
from tests.reference.kernel_twins.random_worlds import leave, locked, some, table_of, words
from tests.reference.kernel_twins.sharing import blocks_walked


def renew(
    slots, first, staged, pace, share, walked, slot, standing, wanted, stamp, keys, hour, most, most_shown, first_block,
    blocks, lists,
):  # fmt: skip
    """Take down, see how much room there is, put up."""
    rows = [int(staged[place]) - first for place in slots]
    for community, size in enumerate(blocks.tolist()):
        home = range(first_block[community], first_block[community] + size)
        for block in home:
            take_down(block, community, first, slot, standing, wanted, stamp, most_shown, lists)
        stands = [int(standing[community, place]) for place in slots]
        asked = [float(views) * float(share[community, place]) for place, views in zip(slots, pace, strict=True)]
        free = sum(lists.numbers.shape[1] - int(lists.lengths[block]) for block in home)
        factor = min(most, lists.numbers.shape[1] * size / added(asked)) if added(asked) > 0.0 else most
        lacks = [factor * views - stand for views, stand in zip(asked, stands, strict=True)]
        lacking = added([max(0.0, lack) for lack in lacks])
        ease = min(1.0, free / lacking) if lacking > 0.0 else 1.0
        for place, row, lack in zip(slots.tolist(), rows, lacks, strict=True):
            luck = draw(chain(int(keys[row]), hour), community) / 4294967296.0
            if lack > 0.0:
                cycle = blocks_walked(int(keys[row]), community, size, first_block, blocks)
                listed = put_up(row, community, cycle, int(ease * lack + luck), first, walked, lists)
                standing[community, place] += listed


def close_ranks(staged, first, share, standing, slot):
    """Those that are there move to the front, and are told where they stand."""
    filled = [place for place, number in enumerate(staged) if number >= 0]
    for table in (share, standing):
        table[:, : len(filled)] = [[line[place] for place in filled] for line in table]
    for place, number in enumerate([int(staged[place]) for place in filled]):
        staged[place], slot[number - first] = number, place
    return len(filled)


def added(numbers):
    """A sum, one number after the other: the built-in sum rounds otherwise."""
    total = 0.0
    for number in numbers:
        total += number
    return total


def take_down(block, community, first, slot, standing, wanted, stamp, most_shown, lists):
    """Posts that are not wanted, or that many of the block have seen, leave; the others keep their order."""
    kept = []
    for place in range(lists.lengths[block]):
        row, shown = int(lists.numbers[block, place]) - first, int(lists.shown[block, place])
        if row >= 0 and wanted[row] == stamp and shown <= most_shown:
            kept.append((row + first, shown, lists.seen[block, :, place].copy()))
        elif row >= 0 and slot[row] >= 0:  # of those that left the table, nobody counts where they stand
            standing[community, slot[row]] -= 1
    for place, (number, shown, seen) in enumerate(kept):
        lists.numbers[block, place], lists.shown[block, place], lists.seen[block, :, place] = number, shown, seen
    lists.lengths[block] = len(kept)


def put_up(row, community, cycle, count, first, walked, lists):
    """The post's next blocks in the cycle list it, until one has no room; returns how many did."""
    listed = 0
    for block in cycle[walked[row, community] :][:count]:
        place = lists.lengths[block]
        if place == lists.numbers.shape[1]:
            break
        lists.numbers[block, place], lists.shown[block, place], lists.seen[block, :, place] = row + first, 0, 0
        lists.lengths[block] += 1
        walked[row, community] += 1
        listed += 1
    return listed


# --- inputs -------------------------------------------------------------------------------------------------------

SHAPES = (  # communities, blocks each at the most, users of a block, room of a list, posts
    (1, 1, 4, 1, 3), (1, 5, 33, 4, 20), (3, 4, 20, 0, 5), (7, 3, 20, 3, 0), (8, 3, 20, 3, 25), (9, 2, 40, 5, 30),
    (17, 3, 8, 2, 40),
)  # fmt: skip


def empty_lists(blocks, block_users, room):
    """Lists of some blocks on which nothing stands."""
    return Lists(
        np.zeros((blocks, room), np.int32), np.zeros((blocks, (block_users + 31) // 32, room), np.uint32),
        np.zeros((blocks, room), np.int32), np.zeros(blocks, np.int32),
    )  # fmt: skip


def inputs_of_renew(chance):
    """Some hours of each world: people see what is listed, posts leave the table, the oldest retire, ranks close."""
    for communities, most_blocks, block_users, room, posts in SHAPES:
        blocks, first = locked(chance.integers(1, most_blocks + 1, communities, dtype=np.int32)), 30
        first_block, lists = (np.cumsum(blocks) - blocks).astype(np.int32), empty_lists(blocks.sum(), block_users, room)
        staged, slot, share, standing = table_of(chance, posts, first, communities)
        standing[:, : len(staged)] = 0
        walked, wanted, keys = np.zeros((posts, communities), np.int16), np.zeros(posts, np.int32), words(chance, posts)
        for hour, most in enumerate((0.4, 3.0, 1e9, 0.7, 1e9, 2.0)):
            if hour == 3 and posts:
                leave(staged, slot, first, np.flatnonzero(staged < first + 2))
                first, walked, slot, wanted, keys = first + 2, walked[2:], slot[2:], wanted[2:], keys[2:]
            if hour == 4:
                staged = staged[: close_ranks(staged, first, share, standing, slot)]
            slots = np.flatnonzero((staged >= 0) & (chance.random(len(staged)) < (0.0 if hour == 5 else 0.8)))
            wanted[staged[slots] - first] = hour + 1
            pace = np.where(chance.random(len(slots)) < 0.1, 0.0, 5.0 * chance.random(len(slots)))
            yield (
                slots, first, staged, pace, share, walked, slot, standing, wanted, hour + 1, locked(keys), hour, most,
                block_users // 2, locked(first_block), blocks, lists,
            )  # fmt: skip
            people_see(chance, lists, block_users)
            leave(staged, slot, first, np.flatnonzero(chance.random(len(staged)) < 0.15))


def inputs_of_close_ranks(chance):
    """No place is empty, some, all, all but the last; no place at all; no room, and more room than places."""
    for communities in (1, 7, 8, 9, 17):
        for posts, empty, room in ((0, 0.0, 0), (1, 1.0, 0), (12, 0.0, 3), (12, 1.0, 3), (40, 0.4, 0), (40, 0.9, 9)):
            staged, slot, share, standing = table_of(chance, posts, 70, communities, empty, room)
            yield staged, 70, share, standing, slot
        staged, slot, share, standing = table_of(chance, 9, 0, communities, 0.0, 2)
        leave(staged, slot, 0, np.arange(len(staged) - 1))
        yield staged, 0, share, standing, slot


def people_see(chance, lists, block_users):
    """Some of each block are shown what is listed."""
    for block, length in enumerate(lists.lengths):
        for place in range(length):
            for user in some(chance, block_users, 0.25):
                lists.seen[block, user >> 5, place] |= np.uint32(1 << (user & 31))
            lists.shown[block, place] = sum(int(word).bit_count() for word in lists.seen[block, :, place])
