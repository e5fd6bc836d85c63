"""What feeds and reactions need of a block's listings, gathered once an hour and put back after it."""

from typing import NamedTuple

import numpy as np
from numba import njit

from sim.kernels.cards import AUTHOR, CANDIDATE, KEY, LIKE, PROOF, ROW, SHARE, SPOKEN_OF, STANDING, TOPICS, WATCH
from sim.kernels.feeds import TOGETHER


class Shelf(NamedTuple):
    """The listings of one block, trial ones first: an array a quantity, a number a listing."""

    row: np.ndarray  # live row, -1 where the post is gone or kept out of recommendations
    key: np.ndarray
    author: np.ndarray
    standing: np.ndarray  # score of the post, the same for all users
    topic: np.ndarray  # (groups, TOGETHER, listings)
    described: np.ndarray  # what posts are ranked by, laid out as topics, which it mostly is
    watch: np.ndarray  # terms of reactions, as in `reaction`
    like: np.ndarray
    share: np.ndarray
    proof: np.ndarray
    candidate: np.ndarray
    spoken_of: np.ndarray


@njit
def places(block, trial, promoted, first, slot):
    """Cards of a block's listings, trial ones first; 0 where the post is gone."""
    split, size = trial.lengths[block], trial.lengths[block] + promoted.lengths[block]
    at = np.empty(size, dtype=np.uint32)
    for k in range(split):
        row = trial.numbers[block, k] - first
        at[k] = slot[row] if row >= 0 else 0
    for k in range(size - split):
        row = promoted.numbers[block, k] - first
        at[k + split] = slot[row] if row >= 0 else 0
    return at


@njit
def in_groups(values, at, begin, axes):
    """Numbers by axis of some rows, from column `begin` on, as (groups, TOGETHER, rows); the last group is filled up with zeros."""
    grouped = np.zeros(((axes + TOGETHER - 1) // TOGETHER, TOGETHER, len(at)), dtype=np.int32)
    for axis in range(axes):
        line = grouped[axis // TOGETHER, axis % TOGETHER]
        for k in range(len(at)):
            line[k] = values[at[k], begin + axis]
    return grouped


@njit
def stock(block, trial, promoted, cards, slot, described, posts):
    """Gather a block's listings from their cards, one column after the other, so that waits for memory overlap."""
    at, split = places(block, trial, promoted, posts.first, slot), trial.lengths[block]
    size = len(at)
    words = np.empty((TOPICS, size), dtype=np.int32)
    for word in range(TOPICS):
        for k in range(size):
            words[word, k] = cards[at[k], word]
    for k in range(split):
        words[STANDING, k] = 0
    row, topic = words[ROW], in_groups(cards.view(np.int8), at, 4 * TOPICS, posts.topic.shape[1])
    ranked_by = topic
    if len(described):
        live = np.empty(size, dtype=np.uint32)
        for k in range(size):
            live[k] = max(row[k], 0)
        ranked_by = in_groups(described, live, 0, described.shape[1])
    return Shelf(
        row, words[KEY].view(np.uint32), words[AUTHOR], words[STANDING], topic, ranked_by, words[WATCH], words[LIKE],
        words[SHARE], words[PROOF], words[CANDIDATE], words[SPOKEN_OF],
    )  # fmt: skip


@njit
def subjects(row, caps):
    """What each listing is about, for caps on subjects; nothing where there is none."""
    subject = np.full(len(row), -1, dtype=np.int32)
    for k in range(len(row) if caps.of_subject else 0):
        if row[k] >= 0:
            subject[k] = caps.subject[row[k]]
    return subject


@njit
def put_back(block, trial, promoted, row, views, watched, tally_row, tally_views, tally_watched):
    """Count what happened to a block's listings on the lists, and write it into the tally, which ends with zeros."""
    split, size = trial.lengths[block], len(row)
    for k in range(split):
        trial.shown[block, k] += views[k]
    for k in range(size - split):
        promoted.shown[block, k] += views[k + split]
    for k in range(size):
        tally_row[block, k], tally_views[block, k], tally_watched[block, k] = row[k], views[k], watched[k]
    for k in range(size, tally_views.shape[1]):
        tally_views[block, k] = 0
