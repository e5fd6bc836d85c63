"""What feeds and reactions need of each listed post, on one card a post, written once an hour.

A post stands on the lists of many blocks. What is worked out for it is worked out once, and a block that gathers its listings
finds all of a post in one place, in as little memory as stays in cache.
"""

import numpy as np
from numba import njit, prange

from sim.kernels.columns import HIDDEN, LABELLED
from sim.kernels.reactions import proof_of

# Words of a card. ROW is the live row, -1 where the post may not be shown now. STANDING is its score, the same for all users;
# WATCH to PROOF are terms of reactions, as in `reaction`. The topics follow, a byte an axis.
ROW, KEY, AUTHOR, STANDING, WATCH, LIKE, SHARE, PROOF, CANDIDATE, SPOKEN_OF, TOPICS = range(11)
LINE = 16  # words that come from memory together: cards begin at multiples


@njit(inline="always")
def number_of_words(axes):
    """Words of a card, in whole lines."""
    return (TOPICS + (axes + 3) // 4 + LINE - 1) // LINE * LINE


@njit(parallel=True)
def mark_listed(lists, first, listed):
    """Write 1 to listed, one a live post, for posts that stand on any block's list of a lane."""
    for block in prange(len(lists.lengths)):
        for k in range(lists.lengths[block]):
            if lists.numbers[block, k] >= first:
                listed[lists.numbers[block, k] - first] = 1


@njit
def numbered(listed, slot):
    """Give listed posts their cards, from 1 on, in the order of rows: written to slot. Returns the rows, 0 for card 0."""
    rows = np.zeros(1 + np.count_nonzero(listed), dtype=np.int32)
    count = 1
    for row in range(len(listed)):
        if listed[row]:
            rows[count], slot[row] = row, count
            count += 1
    return rows


@njit(parallel=True)
def write_cards(trial, promoted, standing, posts, appeal, weights):
    """Cards of all listed posts, and the card of each listed live post (undefined for others). Card 0 is of posts that are gone."""
    listed, slot = np.zeros(len(posts.key), dtype=np.uint8), np.empty(len(posts.key), dtype=np.int32)
    mark_listed(trial, posts.first, listed)
    mark_listed(promoted, posts.first, listed)
    rows, axes = numbered(listed, slot), posts.topic.shape[1]
    cards = np.zeros((len(rows), number_of_words(axes)), dtype=np.int32)
    topics = cards.view(np.int8)
    cards[0, ROW], cards[0, AUTHOR], cards[0, CANDIDATE], cards[0, SPOKEN_OF] = -1, -1, -1, -1
    for number in prange(len(rows) - 1):
        card, row = cards[number + 1], rows[number + 1]
        felt, candidate = posts.felt[row], posts.candidate[row]
        fondness = appeal[candidate] if candidate >= 0 else 0
        if posts.disclosed[row] or posts.status[row] & LABELLED:
            fondness += weights.marked
        card[ROW] = -1 if posts.status[row] & HIDDEN else row
        card[KEY], card[AUTHOR], card[STANDING] = np.int32(posts.key[row]), posts.author[row], standing[row]
        card[WATCH] = weights.watch + (felt * weights.quality_on_watch >> 10) + fondness
        card[LIKE] = (felt * weights.quality_on_like >> 10) + fondness
        card[SHARE] = weights.share + (felt * weights.quality_on_share >> 10) + fondness
        card[PROOF] = proof_of(posts.likes[row], weights)
        card[CANDIDATE], card[SPOKEN_OF] = candidate, posts.spoken_of[row]
        for axis in range(axes):
            topics[number + 1, 4 * TOPICS + axis] = posts.topic[row, axis]
    return cards, slot
