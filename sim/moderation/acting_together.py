"""Which accounts act on the same posts at the same time: a network of pairs that forgets posts when they retire.

Co-action detection as published (Pacheco et al., ICWSM 2021; Luceri et al., arXiv 2310.09884): an edge between two accounts
weighs as many posts as both acted on within a window. That a popular post tells little is corrected as common neighbours
are by Adamic and Adar (2003): it weighs 1 / log of those who acted on it.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from sim.moderation.pair_network import Ints, PairNetwork
from sim.numbers.arithmetic import log2_units_array
from sim.world.platform import Platform

Pair = tuple[int, int]
ONE = 1024  # weight of a post on which two accounts acted
LOG2_OF_3 = int(log2_units_array(np.array([3]))[0])


def pairs_of_hour(seen: Platform, verb: int, window: int, most_actors: int = 2**31) -> tuple[Ints, Ints, Ints, Ints]:
    """Every two acts on one post at most so many seconds apart, the later one in this hour: post, both accounts, seconds.

    The lower account comes first. A post on which more than `most_actors` acts fall in two hours tells nothing about any two.
    """
    account, post, second = _acts(seen, verb)
    order = np.lexsort((account, second, post))
    account, post, second = account[order], post[order], second[order]
    _, place, acts = np.unique(post, return_inverse=True, return_counts=True)
    kept = acts[place] <= most_actors
    account, post, second = account[kept], post[kept], second[kept]
    found = []
    for apart in range(1, int(acts[acts <= most_actors].max(initial=0))):
        near = (post[apart:] == post[:-apart]) & (second[apart:] - second[:-apart] <= window) & (second[apart:] >= 0)
        if not near.any():  # acts farther apart in order are farther apart in time
            break
        one, other = account[:-apart][near], account[apart:][near]
        gap = second[apart:][near] - second[:-apart][near]
        found.append((post[apart:][near], np.minimum(one, other), np.maximum(one, other), gap))
    columns = [np.concatenate(parts) for parts in zip(*found, strict=True)] if found else [np.zeros(0, np.int64)] * 4
    different = columns[1] != columns[2]
    return columns[0][different], columns[1][different], columns[2][different], columns[3][different]


def _acts(seen: Platform, verb: int) -> tuple[Ints, Ints, Ints]:
    """Acts of one kind in the last two hours: account, post, second counted from the beginning of this hour."""
    parts = []
    for age, log in enumerate(reversed(seen.log)):
        of_kind = log.verb == verb
        parts.append((log.account[of_kind], log.post[of_kind], log.second[of_kind] - 3600 * age))
    account, post, second = (np.concatenate(column).astype(np.int64) for column in zip(*parts, strict=True))
    return account, post, second


def weights_of(seen: Platform, post: Ints, verb_counts: npt.NDArray[np.int32], correct: bool) -> Ints:
    """Weight of each post in units of ONE: alike, or the less the more have acted on it (two: one)."""
    if not correct:
        return np.full(len(post), ONE, dtype=np.int64)
    actors = np.maximum(verb_counts[post - seen.first].astype(np.int64), 2)
    return np.asarray(ONE * LOG2_OF_3 // log2_units_array(actors + 1), dtype=np.int64)


def forget_before(network: PairNetwork, seen: Platform, hour: int) -> None:
    """Let go of posts that appeared before an hour."""
    network.forget(seen.first + int(np.searchsorted(seen.posts.hour, hour)))


def groups_of(edges: set[Pair]) -> list[list[int]]:
    """Connected components of the edges: account numbers of each, ascending."""
    if not edges:
        return []
    ends = np.array(sorted(edges), dtype=np.int64)
    accounts, place = np.unique(ends, return_inverse=True)
    place = place.reshape(ends.shape)
    links = coo_array((np.ones(len(ends)), (place[:, 0], place[:, 1])), (len(accounts),) * 2)
    part: npt.NDArray[Any] = connected_components(links, directed=False)[1]
    return [accounts[part == number].tolist() for number in range(int(part.max()) + 1)]
