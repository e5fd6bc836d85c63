"""What feeds and reactions need of a block's listings, gathered once an hour and put back after it."""

from typing import NamedTuple

import numpy as np
from numba import njit

from sim.kernels.columns import HIDDEN, LABELLED
from sim.kernels.feeds import TOGETHER
from sim.kernels.reactions import proof_of


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
    seen: np.ndarray  # (words of 32 bits, listings) who of the block was shown it


@njit
def listed(block, trial, promoted, posts):
    """Live rows of a block's listings, trial ones first; -1 where a post is gone or kept out of recommendations."""
    split, size = trial.lengths[block], trial.lengths[block] + promoted.lengths[block]
    row = np.empty(size, dtype=np.int32)
    for k in range(split):
        row[k] = trial.numbers[block, k] - posts.first
    for k in range(size - split):
        row[np.uint32(split + k)] = promoted.numbers[block, k] - posts.first
    for k in range(size):
        if row[k] >= 0 and posts.status[np.uint32(row[k])] & HIDDEN:
            row[k] = -1
    return row


@njit
def column(values, at):
    """The values of some rows."""
    out = np.empty(len(at), dtype=np.int32)
    for k in range(len(at)):
        out[k] = values[at[k]]
    return out


@njit
def in_groups(values, at):
    """Numbers by axis of some rows, as (groups, TOGETHER, rows); the last group is filled up with zeros."""
    axes = values.shape[1]
    grouped = np.zeros(((axes + TOGETHER - 1) // TOGETHER, TOGETHER, len(at)), dtype=np.int32)
    for axis in range(axes):
        line = grouped[axis // TOGETHER, axis % TOGETHER]
        for k in range(len(at)):
            line[k] = values[at[k], axis]
    return grouped


@njit
def stock(block, trial, promoted, standing, described, posts, appeal, weights):
    """Gather a block's listings, one column after the other, so that waits for memory overlap."""
    row, split = listed(block, trial, promoted, posts), trial.lengths[block]
    size = len(row)
    at, key = np.empty(size, dtype=np.uint32), np.empty(size, dtype=np.uint32)
    for k in range(size):
        at[k] = max(row[k], 0)
    for k in range(size):
        key[k] = posts.key[at[k]]
    touched = 0
    for k in range(size):
        touched += posts.topic[at[k], 0]
    topic = in_groups(posts.topic, at)
    ranked_by = in_groups(described, at) if len(described) else topic
    seen = np.empty((trial.seen.shape[1], size), dtype=np.uint32)
    level = column(standing, at)
    for word in range(len(seen)):
        for k in range(split):
            seen[word, k] = trial.seen[block, word, k]
        for k in range(size - split):
            seen[word, k + split] = promoted.seen[block, word, k]
    for k in range(split):
        level[k] = 0
    felt, proof = column(posts.felt, at), column(posts.likes, at)
    candidate, marked, status = column(posts.candidate, at), column(posts.disclosed, at), column(posts.status, at)
    watch, like, share = np.empty(size, dtype=np.int32), np.empty(size, dtype=np.int32), np.empty(size, dtype=np.int32)
    for k in range(size):
        fondness = appeal[candidate[k]] if candidate[k] >= 0 else 0
        if marked[k] or status[k] & LABELLED:
            fondness += weights.marked
        watch[k] = weights.watch + (felt[k] * weights.quality_on_watch >> 10) + fondness
        like[k] = (felt[k] * weights.quality_on_like >> 10) + fondness
        share[k] = weights.share + (felt[k] * weights.quality_on_share >> 10) + fondness
        proof[k] = proof_of(proof[k], weights)
    return Shelf(
        row, key, column(posts.author, at), level, topic, ranked_by, watch, like, share, proof, candidate, column(posts.spoken_of, at),
        seen,
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
def put_back(block, trial, promoted, row, seen, views, watched, tally_row, tally_views, tally_watched):
    """Write what happened to a block's listings back to the lists, and into the tally."""
    split = trial.lengths[block]
    for k in range(len(row)):
        lists, place = (trial, k) if k < split else (promoted, k - split)
        lists.shown[block, place] += views[k]
        for word in range(len(seen)):
            lists.seen[block, word, place] = seen[word, k]
        tally_row[block, k], tally_views[block, k], tally_watched[block, k] = row[k], views[k], watched[k]
