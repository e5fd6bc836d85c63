"""Rows of the follow graph: whom each user follows, and by whom each account is followed."""

from typing import NamedTuple

import numpy as np
from numba import njit, prange

from sim.numbers.luck import chain_compiled, draw_compiled


class Homes(NamedTuple):
    """Communities (one row each) among the feed users, who stand in the order of their communities."""

    first: np.ndarray  # int64, number of the first user
    size: np.ndarray  # int64, users
    below: np.ndarray  # float64, weight of all users before the first
    weight: np.ndarray  # float64, weight of the community's users together


class Weights(NamedTuple):
    """Weights of accounts laid end to end on a line; an account is found by a place on the line."""

    total: np.ndarray  # (accounts) float64, where on the line an account ends
    guide: np.ndarray  # (cells + 1) int32, for each of many equal parts of the line the first account that ends there


@njit(inline="always")
def _uniform(word):
    """`uniform` of `sim.numbers.luck` for one word."""
    return (np.float64(word) + 0.5) / 4294967296.0


@njit(inline="always")
def _cell(place, end, cells):
    """The part of the line in which a place lies. It never falls as places rise, however the product is rounded."""
    return min(int(place * (cells / end)), cells - 1)


@njit(cache=True)
def make_guide(total, guide):
    """Fill in the guide of `Weights`. A part in which no account ends gets the next that ends after it."""
    cells, known = len(guide) - 1, 0
    for account in range(len(total)):
        cell = _cell(total[account], total[-1], cells)
        while known <= cell:
            guide[known] = account
            known += 1
    guide[known:] = len(total)


@njit(inline="always")
def _account_at(place, total, guide):
    """The first account that ends at a place on the line or after it; the last account where none does."""
    cell = _cell(place, total[-1], len(guide) - 1)
    low, high = np.int64(guide[cell]), np.int64(guide[cell + 1])
    while low < high:
        middle = (low + high) >> 1
        if total[middle] < place:
            low = middle + 1
        else:
            high = middle
    return min(low, len(total) - 1)


@njit(inline="always")
def _insert(row, length, author):
    """Put an author into an ascending row unless it is there; returns how long the row then is."""
    at = length
    while at > 0 and row[at - 1] > author:
        at -= 1
    if at > 0 and row[at - 1] == author:
        return length
    for place in range(length, at, -1):
        row[place] = row[place - 1]
    row[at] = author
    return length + 1


@njit(cache=True, parallel=True)
def draw_rows(key, shifts, anywhere, follows, share_at_home, community, homes, weights, rows, degree):
    """Draw whom each user follows, ascending and each once, nobody themselves.

    key: uint32 that all draws share; shifts: (friends, communities) int64, user i and (shift - i) within a community are
    each other's friends; anywhere: (friends) bool, where all users count as one community, with the shift of the first;
    follows: (users) int32, authors drawn by weight, each at home with probability `share_at_home`; community: (accounts) int32;
    rows: (users, friends + most follows) int32, filled from the left; degree: (users) int64, how far each is filled.
    """
    users = len(rows)
    for user in prange(users):
        row, home, length = rows[user], community[user], 0
        for number in range(len(shifts)):
            first, size, shift = homes.first[home], homes.size[home], shifts[number, home]
            if anywhere[number]:
                first, size, shift = 0, users, shifts[number, 0]
            friend = first + (shift - (user - first)) % size
            if friend != user:
                length = _insert(row, length, friend)
        own = chain_compiled(np.uint32(key), np.uint32(user))
        for number in range(follows[user]):
            luck = _uniform(draw_compiled(own, np.uint32(2 * number + 1)))
            place = luck * weights.total[-1]
            if _uniform(draw_compiled(own, np.uint32(2 * number))) < share_at_home:
                place = homes.below[home] + luck * homes.weight[home]
            author = _account_at(place, weights.total, weights.guide)
            if author != user:
                length = _insert(row, length, author)
        degree[user] = length


@njit(cache=True)
def close_up(rows, start):
    """Move what rows are filled with together, so that they follow one another in memory from the first on.

    rows: (users, room) int32; start: (accounts + 1) int64, where start[user + 1] is how far the row of a user is filled;
    becomes where each row starts.
    """
    users, room = rows.shape
    flat = rows.reshape(users * room)
    for user in range(users):
        length = start[user + 1]
        for place in range(length):
            flat[start[user] + place] = flat[user * room + place]
        start[user + 1] += start[user]
    start[users + 1 :] = start[users]


@njit(cache=True)
def count_followers(following, start):
    """Where each account's row of followers starts. start: (accounts + 1) int64, zero at first."""
    for author in following:
        start[author + 1] += 1
    for account in range(len(start) - 1):
        start[account + 1] += start[account]


@njit(cache=True)
def fill_followers(following_start, following, free, followers):
    """Fill rows of followers, ascending. free: (accounts) int64, where each row starts; becomes where it ends."""
    for user in range(len(following_start) - 1):
        for place in range(following_start[user], following_start[user + 1]):
            author = following[place]
            followers[free[author]] = user
            free[author] += 1
