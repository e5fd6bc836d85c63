"""Standing shortlists of blocks of users: what is taken down, and what is put up. No block is given a post twice.

Communities do not share blocks, so that groups of them are renewed side by side; the sums over posts of each community
run in the order of rows, so that they are the same however the work is shared out.
"""

import numpy as np
from numba import njit, prange

from sim.randomness import chain_compiled, draw_compiled

GROUP = 8  # communities that are renewed together: neighbours in memory


@njit
def _take_down(community, lists, first, wanted, stamp, most_shown, first_block, blocks, standing):
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
            elif row >= 0:
                standing[row, community] -= 1
        lengths[block] = kept


@njit
def _factors(rows, pace, share, standing, begin, width, room, lists_lengths, first_block, blocks, most, factor, ease):
    """How many listings a view an hour is worth in each community, and the share of lacking ones for which there is room."""
    wanted, lacking = np.zeros(GROUP), np.zeros(GROUP)
    for i in range(len(rows)):
        for c in range(width):
            wanted[c] += pace[i] * share[rows[i], np.uint64(begin + c)]
    for c in range(width):
        factor[c] = min(most, room * blocks[begin + c] / wanted[c]) if wanted[c] > 0.0 else most
    for i in range(len(rows)):
        for c in range(width):
            at = np.uint64(begin + c)
            lacking[c] += max(0.0, factor[c] * (pace[i] * share[rows[i], at]) - standing[rows[i], at])
    for c in range(width):
        free = room * blocks[begin + c]
        for block in range(first_block[begin + c], first_block[begin + c] + blocks[begin + c]):
            free -= lists_lengths[block]
        ease[c] = min(1.0, free / lacking[c]) if lacking[c] > 0.0 else 1.0


@njit
def _put_up(row, c, count, first, lists, walked, standing, key, first_block, blocks):
    """List a post in the next blocks of a community: a cycle from a keyed start; it waits where there is no room."""
    numbers, seen, shown, lengths = lists
    start = int(draw_compiled(chain_compiled(key, np.uint32(0xFFFFFFFF)), np.uint32(c)) % np.uint32(blocks[c]))
    for _ in range(min(count, blocks[c] - walked[row, c])):
        block = first_block[c] + (start + walked[row, c]) % blocks[c]
        place = lengths[block]
        if place == numbers.shape[1]:
            break
        numbers[block, place] = row + first
        shown[block, place] = 0
        for word in range(seen.shape[1]):
            seen[block, word, place] = 0
        lengths[block] = place + 1
        walked[row, c] += 1
        standing[row, c] += 1


@njit(cache=True, parallel=True)
def renew(
    rows, first, pace, share, walked, standing, wanted, stamp, keys, hour, most, most_shown, first_block, blocks, lists
):  # fmt: skip
    """Take down what no longer belongs on one lane's lists, and put up what is wanted and finds room.

    rows: live rows of the lane's posts, ascending; row 0 is post number `first`. pace: views an hour that each wants.
    share, walked, standing: (live posts, communities) how its audience spreads, blocks already visited and listings that
    stand, both counted on. wanted: (live posts) `stamp` on the lane's posts. most: largest factor from pace to standing
    listings. lists: `Lists`: numbers, shown: (blocks, room) post numbers and how many of the block saw each; seen:
    (blocks, words, room) who did, a bit a user; lengths: (blocks) listings.
    """
    communities, room = len(blocks), lists.numbers.shape[1]
    for group in prange((communities + GROUP - 1) // GROUP):
        begin = group * GROUP
        width = min(GROUP, communities - begin)
        factor, ease, expected = np.zeros(GROUP), np.zeros(GROUP), np.zeros(GROUP)
        for c in range(width):
            _take_down(begin + c, lists, first, wanted, stamp, most_shown, first_block, blocks, standing)
        _factors(
            rows, pace, share, standing, begin, width, room, lists.lengths, first_block, blocks, most, factor, ease
        )  # fmt: skip
        for i in range(len(rows)):
            row, least = rows[i], 0.0
            for c in range(width):
                at = np.uint64(begin + c)
                expected[c] = ease[c] * (factor[c] * (pace[i] * share[row, at]) - standing[row, at])
                least = max(least, expected[c])
            if least <= 0.0:
                continue
            now = chain_compiled(keys[row], np.uint32(hour))
            for c in range(width):
                if expected[c] > 0.0:
                    luck = draw_compiled(now, np.uint32(begin + c)) / 4294967296.0
                    count = int(np.floor(expected[c] + luck))
                    if count > 0:
                        _put_up(row, begin + c, count, first, lists, walked, standing, keys[row], first_block, blocks)
