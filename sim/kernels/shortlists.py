"""Standing shortlists of blocks of users: what is taken down, and what is put up. No block is given a post twice."""

import numpy as np
from numba import njit

from sim.randomness import chain_compiled, draw_compiled


@njit(cache=True)
def take_down(numbers, seen, shown, lengths, first, stands, most_shown, first_block, blocks, standing):
    """Take down listings of posts that no longer stand, or that more than most_shown of the block have seen.

    numbers, shown: (blocks, room) post numbers and how many of the block saw each. seen: (blocks, words, room) who did, a bit a user.
    lengths: (blocks) listings. stands: (live posts) whether a post's listings stand; row 0 is post number `first`.
    standing: (live posts, communities) listings, counted on. Lists stay oldest first.
    """
    for community in range(len(blocks)):
        for block in range(first_block[community], first_block[community] + blocks[community]):
            kept = 0
            for place in range(lengths[block]):
                row = numbers[block, place] - first
                if row >= 0 and stands[row] and shown[block, place] <= most_shown:
                    if kept < place:
                        numbers[block, kept] = numbers[block, place]
                        shown[block, kept] = shown[block, place]
                        seen[block, :, kept] = seen[block, :, place]
                    kept += 1
                elif row >= 0:
                    standing[row, community] -= 1
            lengths[block] = kept


@njit(cache=True)
def put_up(
    rows, first, pace, share, walked, standing, keys, hour, most, first_block, blocks, numbers, seen, shown, lengths
):
    """Put up listings of one lane where they are wanted and there is room.

    rows: live rows of the posts, ascending. pace: views an hour that each wants. share, walked, standing: (live posts,
    communities) how its audience spreads, blocks already visited and listings that stand, both counted on. most: largest
    factor from pace to standing listings. A post walks through the blocks of a community in a cycle from a keyed
    start, one after the other, and waits where there is no room: it meets nobody's list twice.
    """
    communities, room = len(blocks), numbers.shape[1]
    wanted, lacking, factor = np.zeros(communities), np.zeros(communities), np.zeros(communities)
    for i in range(len(rows)):
        for c in range(communities):
            wanted[c] += pace[i] * share[rows[i], c]
    for c in range(communities):
        factor[c] = min(most, room * blocks[c] / wanted[c]) if wanted[c] > 0.0 else most
    for i in range(len(rows)):
        for c in range(communities):
            lacking[c] += max(0.0, factor[c] * (pace[i] * share[rows[i], c]) - standing[rows[i], c])
    ease = np.ones(communities)
    for c in range(communities):
        free = room * blocks[c]
        for block in range(first_block[c], first_block[c] + blocks[c]):
            free -= lengths[block]
        if lacking[c] > 0.0:
            ease[c] = min(1.0, free / lacking[c])
    luck, count = np.zeros(communities), np.zeros(communities, dtype=np.int32)
    for i in range(len(rows)):
        row = rows[i]
        now = chain_compiled(keys[row], np.uint32(hour))
        for c in range(communities):
            luck[c] = draw_compiled(now, np.uint32(c))
        for c in range(communities):
            lack = factor[c] * (pace[i] * share[row, c]) - standing[row, c]
            count[c] = np.int32(np.floor(ease[c] * lack + luck[c] / 4294967296.0))
        for c in range(communities):
            for _ in range(min(count[c], blocks[c] - walked[row, c])):
                always = chain_compiled(keys[row], np.uint32(0xFFFFFFFF))
                start = int(draw_compiled(always, np.uint32(c)) % np.uint32(blocks[c]))
                block = first_block[c] + (start + walked[row, c]) % blocks[c]
                place = lengths[block]
                if place == room:
                    break
                numbers[block, place] = row + first
                shown[block, place] = 0
                seen[block, :, place] = 0
                lengths[block] = place + 1
                walked[row, c] += 1
                standing[row, c] += 1
