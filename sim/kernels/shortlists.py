"""Place posts on the shortlists of blocks of users. No block is ever given the same post in two hours."""

import numpy as np
from numba import njit

from sim.randomness import chain_compiled, draw_compiled


@njit(cache=True)
def fill_shortlists(rows, pace, share, walked, keys, hour, lowest, slots, first_block, blocks, lists, lengths):
    """Give each post of one lane its listings of this hour.

    rows: live rows of the posts, ascending. pace: views an hour that each wants. share: (rows, communities) how its
    audience spreads. walked: (live posts, communities) blocks of the community already visited, counted on. lowest:
    largest factor from pace to listings. slots: listings that a block should get. Writes lists (blocks, room) and
    lengths (blocks). A post walks through the blocks of a community in a cycle from a keyed start: it meets nobody twice.
    """
    communities = len(blocks)
    factor = np.zeros(communities)
    for c in range(communities):
        wanted = 0.0
        for i in range(len(rows)):
            wanted += pace[i] * share[rows[i], c]
        factor[c] = lowest
        if wanted > 0.0:
            factor[c] = min(lowest, slots * blocks[c] / wanted)
    room = lists.shape[1]
    for i in range(len(rows)):
        row = rows[i]
        now = chain_compiled(keys[row], np.uint32(hour))
        always = chain_compiled(keys[row], np.uint32(0xFFFFFFFF))
        for c in range(communities):
            left = blocks[c] - walked[row, c]
            if left <= 0:
                continue
            luck = draw_compiled(now, np.uint32(c)) / 4294967296.0
            count = min(int(np.floor(factor[c] * pace[i] * share[row, c] + luck)), left)
            if count <= 0:
                continue
            start = int(draw_compiled(always, np.uint32(c)) % np.uint32(blocks[c]))
            for step in range(count):
                block = first_block[c] + (start + walked[row, c] + step) % blocks[c]
                if lengths[block] < room:
                    lists[block, lengths[block]] = row
                    lengths[block] += 1
            walked[row, c] += count
