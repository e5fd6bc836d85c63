"""Standing shortlists of blocks of users: what is taken down, and what is put up. No block is given a post twice.

Communities do not share blocks, so that groups of them are renewed side by side; the sums over posts of each community
run in the order of rows, so that they are the same however the work is shared out.
"""

import numpy as np
from numba import njit, prange

from sim.kernels.borrowing import borrowing
from sim.numbers.luck import chain_compiled, draw_compiled

GROUP = 8  # communities that are renewed together


@borrowing
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
                standing[community, slot[row]] -= 1
        lengths[block] = kept


@borrowing
def _sums(values, sums):
    """Sum of what is above zero in each line of (GROUP, n) numbers, in order; lines side by side, so that none waits."""
    s0 = s1 = s2 = s3 = s4 = s5 = s6 = s7 = 0.0
    for i in range(values.shape[1]):
        s0 += max(0.0, values[0, i])
        s1 += max(0.0, values[1, i])
        s2 += max(0.0, values[2, i])
        s3 += max(0.0, values[3, i])
        s4 += max(0.0, values[4, i])
        s5 += max(0.0, values[5, i])
        s6 += max(0.0, values[6, i])
        s7 += max(0.0, values[7, i])
    sums[0], sums[1], sums[2], sums[3], sums[4], sums[5], sums[6], sums[7] = s0, s1, s2, s3, s4, s5, s6, s7


@borrowing
def _wanted(slots, pace, share, line):
    """Views an hour that posts want in one community."""
    for i in range(len(slots)):
        line[i] = pace[i] * share[slots[i]]


@borrowing
def _lacking(slots, factor, standing, line):
    """From wanted views to listings that are wanted, less those that stand."""
    for i in range(len(slots)):
        line[i] = factor * line[i] - standing[slots[i]]


@borrowing
def _with_luck(now, community, ease, line):
    """Listings that posts gain in one community, before they are rounded down: as far as there is room, and luck."""
    for i in range(len(now)):
        line[i] = ease * line[i] + draw_compiled(now[i], np.uint32(community)) / 4294967296.0


@borrowing
def _free(community, lengths, room, first_block, blocks):
    """Free places on a community's lists."""
    free = room * blocks[community]
    for block in range(first_block[community], first_block[community] + blocks[community]):
        free -= lengths[block]
    return free


@njit(inline="always")
def walk_start(post_key, community, blocks):
    """The block of a community, counted from its first, at which a post's walk begins: a keyed draw about the two."""
    always = chain_compiled(post_key, np.uint32(0xFFFFFFFF))
    return int(draw_compiled(always, np.uint32(community)) % np.uint32(blocks[community]))


@borrowing
def _due(line, row, walked, community, blocks, due):
    """Which posts gain a listing in a community and have blocks left there, written to due; returns how many.

    One pass a question and no branch in it, since nobody could guess which way it goes.
    """
    gaining, left = 0, 0
    for i in range(len(line)):
        due[np.uint64(gaining)] = i
        gaining += line[i] >= 1.0
    for j in range(gaining):
        i = due[j]
        due[np.uint64(left)] = i
        left += walked[row[i], community] < blocks
    return left


@borrowing
def _put_up(row, c, count, first, lists, walked, key, first_block, blocks):
    """List a post in the next blocks of a community: a cycle from a keyed start; it waits where there is no room.

    Returns in how many.
    """
    numbers, seen, shown, lengths = lists
    start = walk_start(key, c, blocks)
    least = min(count, blocks[c] - walked[row, c])
    for done in range(least):
        block = start + walked[row, c]
        block += first_block[c] - (blocks[c] if block >= blocks[c] else 0)
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
    standing: (communities, room of the table) how its audience spreads, listings that stand.
    walked: (live posts, communities) blocks already visited; both are counted on. wanted: (live posts) `stamp` on the
    lane's posts. most: largest factor from pace to standing listings. lists: `Lists`: numbers, shown: (blocks, room) post
    numbers and how many of the block saw each; seen: (blocks, words, room) who did, a bit a user; lengths: (blocks).
    """
    communities, room = len(blocks), lists.numbers.shape[1]
    row, now = np.empty(len(slots), dtype=np.int32), np.empty(len(slots), dtype=np.uint32)
    for i in prange(len(slots)):
        row[i] = staged[slots[i]] - first
        now[i] = chain_compiled(keys[row[i]], np.uint32(hour))
    groups = (communities + GROUP - 1) // GROUP
    for group in prange(groups):  # communities differ in size: each group has some of all sizes
        width = (communities - group + groups - 1) // groups
        sums, lines, due = np.zeros(GROUP), np.zeros((GROUP, len(slots))), np.empty(len(slots), dtype=np.int32)
        for c in range(width):
            at = group + c * groups
            _take_down(at, lists, first, wanted, stamp, most_shown, first_block, blocks, slot, standing)
            _wanted(slots, pace, share[at], lines[c])
        _sums(lines, sums)
        for c in range(width):
            at = group + c * groups
            factor = min(most, room * blocks[at] / sums[c]) if sums[c] > 0.0 else most
            _lacking(slots, factor, standing[at], lines[c])
        _sums(lines, sums)
        for c in range(width):
            at = group + c * groups
            free = _free(at, lists.lengths, room, first_block, blocks)
            ease = min(1.0, free / sums[c]) if sums[c] > 0.0 else 1.0
            _with_luck(now, at, ease, lines[c])
            for j in range(_due(lines[c], row, walked, at, blocks[at], due)):
                i = due[j]
                done = _put_up(row[i], at, int(lines[c, i]), first, lists, walked, keys[row[i]], first_block, blocks)
                standing[at, slots[i]] += done


@njit(cache=True, parallel=True)
def close_ranks(staged, first, share, standing, slot):
    """Move the staged posts of a table to its front, in their order, over the places of those that left (-1).

    Returns how many they are.
    """
    for community in prange(len(share)):
        kept = 0
        for place in range(len(staged)):
            if staged[place] >= 0:
                share[community, kept] = share[community, place]
                standing[community, kept] = standing[community, place]
                kept += 1
    kept = 0
    for place in range(len(staged)):
        if staged[place] >= 0:
            staged[kept] = staged[place]
            slot[staged[kept] - first] = kept
            kept += 1
    return kept
