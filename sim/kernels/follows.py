"""Who follows whom, asked by one user at a time."""

import numpy as np
from numba import njit

from sim.kernels.borrowing import borrowing

WORDS = 8  # of 64 bits: few of those whom a user does not follow share a bit with one of some 30 followed


@njit(inline="always")
def bits_of(numbers, begin, end):
    """A word with a bit for each of some numbers: one whose bit is not set is none of them."""
    bits = np.uint64(0)
    for place in range(begin, end):
        bits |= np.uint64(1) << np.uint64(numbers[np.uint64(place)] & 63)
    return bits


@njit(inline="always")
def may_hold(bits, number):
    """Whether a number may be one of those whose bits are set."""
    return bits >> np.uint64(number & 63) & np.uint64(1)


@njit(inline="always")
def next_followed(pick, last, link, following, added_author, added_before):
    """One more of those whom a user follows: at `pick` of the graph before `last`, then along what was added; and the rest."""
    if pick < last:
        return following[np.uint64(pick)], pick + 1, link
    return added_author[link], pick, np.int64(added_before[link])


@njit(inline="always")
def set_bit(words, number):
    """Set the bit of a number among several words."""
    words[np.uint64(number >> 6 & (WORDS - 1))] |= np.uint64(1) << np.uint64(number & 63)


@njit(inline="always")
def may_be_among(words, number):
    """Whether a number may be one of those whose bits are set in several words."""
    return words[np.uint64(number >> 6 & (WORDS - 1))] >> np.uint64(number & 63) & np.uint64(1)


@borrowing
def set_followed(user, following_start, following, newest_added, added_author, added_before, words):
    """Set the bits of the authors whom a user follows, in words that are zero."""
    for place in range(following_start[user], following_start[user + 1]):
        set_bit(words, following[np.uint64(place)])
    link = newest_added[user]
    while link >= 0:
        set_bit(words, added_author[link])
        link = added_before[link]


@borrowing
def does_follow(user, author, following_start, following, newest_added, added_author, added_before):
    """Whether a user follows an author."""
    found = False
    for place in range(following_start[user], following_start[user + 1]):
        found |= following[np.uint64(place)] == author
    link = newest_added[user]
    while link >= 0 and not found:
        found = added_author[link] == author
        link = added_before[link]
    return found
