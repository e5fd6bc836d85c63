"""Standing shortlists of blocks of users: what is taken down, and what is put up. No block is given a post twice.

Communities do not share blocks, so that groups of them are renewed side by side; the sums over posts of each community
run in the order of rows, so that they are the same however the work is shared out.
"""

import numpy as np
from numba import njit, prange

from sim.randomness import chain_compiled, draw_compiled

GROUP = 8  # communities that are renewed together: neighbours in memory


@njit
def _take_down(community, lists, first, wanted, stamp, most_shown, first_block, blocks, slot, standing):
    """Take down a community's listings of posts that are no longer wanted, or that more than most_shown have seen.

    Lists stay oldest first.
    """
    numbers, seen, shown, lengths = lists
    for block in range(first_block[community], first_block[community] + blocks[community]):
        kept = 0
        for place in range(lengths[block]):
            row = numbers[block, place] - first
            if row >= 0 and wanted[row] == stamp and shown[block, place] <= most_shown:
                if kept < place:
                    numbers[block, kept] = numbers[block, place]
                    shown[block, kept] = shown[block, place]
                    for word in range(seen.shape[1]):
                        seen[block, word, kept] = seen[block, word, place]
                kept += 1
            elif row >= 0 and slot[row] >= 0:
                standing[slot[row], community] -= 1
        lengths[block] = kept


@njit
def _column_sums(values, sums, least):
    """Sum of each column of (rows, GROUP) numbers in the order of rows, those below `least` taken as `least`."""
    s0 = s1 = s2 = s3 = s4 = s5 = s6 = s7 = 0.0
    for i in range(len(values)):
        s0 += max(least, values[i, 0])
        s1 += max(least, values[i, 1])
        s2 += max(least, values[i, 2])
        s3 += max(least, values[i, 3])
        s4 += max(least, values[i, 4])
        s5 += max(least, values[i, 5])
        s6 += max(least, values[i, 6])
        s7 += max(least, values[i, 7])
    sums[0], sums[1], sums[2], sums[3], sums[4], sums[5], sums[6], sums[7] = s0, s1, s2, s3, s4, s5, s6, s7


@njit
def _lacks(slots, pace, share, standing, begin, width, room, blocks, most, lacking):
    """Listings that each post lacks in each community of a group: wanted ones, less those that stand.

    Views an hour become listings by a factor: as large as room allows, where all that is wanted finds room at once.
    """
    sums, factor = np.zeros(GROUP), np.zeros(GROUP)
    for i in range(len(slots)):
        for c in range(GROUP):
            lacking[i, c] = pace[i] * share[slots[i], begin + np.uint64(c)]
    _column_sums(lacking, sums, 0.0)
    for c in range(width):
        factor[c] = min(most, room * blocks[begin + c] / sums[c]) if sums[c] > 0.0 else most
    for i in range(len(slots)):
        for c in range(GROUP):
            lacking[i, c] = factor[c] * lacking[i, c] - standing[slots[i], begin + np.uint64(c)]


@njit
def _eases(lacking, lengths, begin, width, room, first_block, blocks, ease):
    """Share of the lacking listings of each community of a group for which there is room."""
    sums = np.zeros(GROUP)
    _column_sums(lacking, sums, 0.0)
    for c in range(width):
        free = room * blocks[begin + c]
        for block in range(first_block[begin + c], first_block[begin + c] + blocks[begin + c]):
            free -= lengths[block]
        ease[c] = min(1.0, free / sums[c]) if sums[c] > 0.0 else 1.0


@njit(inline="always")
def _counts(now, begin, lacking, ease, count):
    """Listings that one post gains in each community of a group, rounded by its luck; returns whether in any."""
    some = np.int32(0)
    for c in range(GROUP):
        luck = draw_compiled(now, np.uint32(begin + np.uint64(c))) / 4294967296.0
        count[c] = np.int32(np.floor(ease[c] * lacking[c] + luck))
    for c in range(GROUP):
        some = max(some, count[c])
    return some > 0


@njit
def _put_up(row, c, count, first, lists, walked, key, first_block, blocks):
    """List a post in the next blocks of a community: a cycle from a keyed start; it waits where there is no room.

    Returns in how many.
    """
    numbers, seen, shown, lengths = lists
    start = int(draw_compiled(chain_compiled(key, np.uint32(0xFFFFFFFF)), np.uint32(c)) % np.uint32(blocks[c]))
    least = min(count, blocks[c] - walked[row, c])
    for done in range(least):
        block = first_block[c] + (start + walked[row, c]) % blocks[c]
        place = lengths[block]
        if place == numbers.shape[1]:
            return done
        numbers[block, place] = row + first
        shown[block, place] = 0
        for word in range(seen.shape[1]):
            seen[block, word, place] = 0
        lengths[block] = place + 1
        walked[row, c] += 1
    return least


@njit(cache=True, parallel=True)
def renew(
    slots, first, staged, pace, share, walked, slot, standing, wanted, stamp, keys, hour, most, most_shown, first_block,
    blocks, lists,
):  # fmt: skip
    """Take down what no longer belongs on one lane's lists, and put up what is wanted and finds room.

    slots: places of the lane's posts in the table of staged ones, ascending; staged: (table) their numbers, row 0 is post
    number `first`; slot: (live posts) their place in the table, or -1. pace: views an hour that each wants. share,
    standing: (table, communities, padded to whole groups with zeros) how its audience spreads, listings that stand.
    walked: (live posts, communities) blocks already visited; both are counted on. wanted: (live posts) `stamp` on the
    lane's posts. most: largest factor from pace to standing listings. lists: `Lists`: numbers, shown: (blocks, room) post
    numbers and how many of the block saw each; seen: (blocks, words, room) who did, a bit a user; lengths: (blocks).
    """
    communities, room = len(blocks), lists.numbers.shape[1]
    for group in prange((communities + GROUP - 1) // GROUP):
        begin = group * GROUP
        width = min(GROUP, communities - begin)
        ease, count = np.zeros(GROUP), np.zeros(GROUP, dtype=np.int32)
        lacking = np.empty((len(slots), GROUP))
        for c in range(width):
            _take_down(begin + c, lists, first, wanted, stamp, most_shown, first_block, blocks, slot, standing)
        _lacks(slots, pace, share, standing, np.uint64(begin), width, room, blocks, most, lacking)
        _eases(lacking, lists.lengths, begin, width, room, first_block, blocks, ease)
        for i in range(len(slots)):
            row = staged[slots[i]] - first
            now = chain_compiled(keys[row], np.uint32(hour))
            if _counts(now, np.uint64(begin), lacking[i], ease, count):
                for c in range(width):
                    if count[c] > 0:
                        done = _put_up(row, begin + c, count[c], first, lists, walked, keys[row], first_block, blocks)
                        standing[slots[i], begin + c] += done


@njit(cache=True)
def close_ranks(staged, first, share, standing, slot):
    """Move the staged posts of a table to its front, in their order, over the places of those that left (-1).

    Returns how many they are.
    """
    kept = 0
    for place in range(len(staged)):
        if staged[place] >= 0:
            if kept < place:
                staged[kept] = staged[place]
                for c in range(share.shape[1]):
                    share[kept, c] = share[place, c]
                    standing[kept, c] = standing[place, c]
            slot[staged[kept] - first] = kept
            kept += 1
    return kept
