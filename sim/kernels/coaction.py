"""Pairs of accounts that acted together: on several objects, each time within a window of seconds.

Nothing of quadratic size is kept. The partners of one account are counted in a table with one row an account, over all
objects on which that account acted, and the table is used again for the next account. Popular objects cost time, no
memory.
"""

from typing import NamedTuple

import numpy as np
from numba import njit, prange

from sim.kernels.borrowing import borrowing

ONE = 1024  # weight of an object that counts once
MARK, OBJECTS, WEIGHT = range(3)  # columns of `Tally.together`
NEVER = 1 << 62  # later than any second


class Acts(NamedTuple):
    """Acts sorted by object, then second; everything numbered from 0.

    account: (acts) int32, small since it is read most; object, second: (acts) int64. object_start: (objects + 1) int64
    first act of each object. by_account: (acts) int64 the acts sorted by account, then object, then second;
    account_start: (accounts + 1) int64 first place in it of each account.
    """

    account: np.ndarray
    object: np.ndarray
    second: np.ndarray
    object_start: np.ndarray
    by_account: np.ndarray
    account_start: np.ndarray


class Tally(NamedTuple):
    """What one account did together with each other one, all int32: small, since it is what takes the time.

    together: (accounts, 3) a row a partner: mark of the object on which it was met last, objects in common, and their
    weights added, which is stale without any. partners: (accounts) those met on any object; met: on the present one.
    """

    together: np.ndarray
    partners: np.ndarray
    met: np.ndarray


@njit(cache=True)
def acts_of(account, object_, second, accounts, objects):
    """`Acts` from columns that are sorted by object and second already; two counting sorts, linear in time."""
    object_start = np.zeros(objects + 1, dtype=np.int64)
    account_start = np.zeros(accounts + 1, dtype=np.int64)
    for act in range(len(account)):
        object_start[object_[act] + 1] += 1
        account_start[account[act] + 1] += 1
    object_start, account_start = np.cumsum(object_start), np.cumsum(account_start)
    free = account_start.copy()
    by_account = np.empty(len(account), dtype=np.int64)
    for act in range(len(account)):
        by_account[free[account[act]]] = act
        free[account[act]] += 1
    return Acts(account.astype(np.int32), object_, second, object_start, by_account, account_start)


@njit(cache=True)
def has_company(object_, second, window):
    """Whether the act before or after on the same object, by anybody, lies within the window; (acts) as in `Acts`."""
    company = np.zeros(len(second), dtype=np.bool_)
    for act in range(1, len(second)):
        if object_[act] == object_[act - 1] and second[act] - second[act - 1] <= window:
            company[act - 1] = company[act] = True
    return company


@njit(cache=True)
def count_different(account, object_, accounts, objects):
    """Different objects of each account, and different accounts of each object; columns sorted by object."""
    of_account, of_object = np.zeros(accounts, dtype=np.int64), np.zeros(objects, dtype=np.int64)
    latest = np.full(accounts, -1, dtype=np.int64)
    for act in range(len(account)):
        if latest[account[act]] != object_[act]:
            latest[account[act]] = object_[act]
            of_account[account[act]] += 1
            of_object[object_[act]] += 1
    return of_account, of_object


@njit
def _empty_tally(accounts):
    together = np.zeros((accounts, 3), dtype=np.int32)
    together[:, MARK] = -1
    return Tally(together, np.empty(accounts, dtype=np.int32), np.empty(accounts, dtype=np.int32))


@borrowing
def _meet(acts, own, window, least, mark, tally):
    """Find who acted on an object within the window of an act of this account's; returns how many different ones.

    own: acts of the account on the object, by second. Accounts below the number `least` are passed over. mark: a number
    that no other call with this tally uses. Each act on the object is looked at once at most.
    """
    self, together, found = acts.account[own[0]], tally.together, 0
    begin, end = acts.object_start[acts.object[own[0]]], acts.object_start[acts.object[own[0]] + 1]
    for act in own:
        begin += np.searchsorted(acts.second[begin:end], acts.second[act] - window)
        after = begin + np.searchsorted(acts.second[begin:end], acts.second[act] + window, side="right")
        for near in range(begin, after):
            other = acts.account[near]
            if other >= least and together[other, MARK] != mark and other != self:
                together[other, MARK] = mark
                tally.met[found] = other
                found += 1
        begin = after
    return found


@borrowing
def _end_of_object(acts, place, end):
    """The place after the last of the acts that an account did on the object at this place."""
    after = place + 1
    while after < end and acts.object[acts.by_account[after]] == acts.object[acts.by_account[place]]:
        after += 1
    return after


@borrowing
def _tally_account(acts, account, window, weight, least, tally):
    """Count objects in common with every account from the number `least` on; returns how many partners there are."""
    partners, place, end = 0, acts.account_start[account], acts.account_start[account + 1]
    while place < end:
        after = _end_of_object(acts, place, end)
        worth = weight[acts.object[acts.by_account[place]]]
        for k in range(_meet(acts, acts.by_account[place:after], window, least, place, tally)):
            row = tally.together[tally.met[k]]
            if row[OBJECTS] == 0:
                row[WEIGHT] = 0
                tally.partners[partners] = tally.met[k]
                partners += 1
            row[OBJECTS] += 1
            row[WEIGHT] += worth
        place = after
    return partners


@njit
def _objects_together(acts, account, window, repetitions, tally):
    """On how many objects an account acted together with one of its pairs; after `_tally_account` from 0 on."""
    objects, place, end = 0, acts.account_start[account], acts.account_start[account + 1]
    while place < end:
        after = _end_of_object(acts, place, end)
        for k in range(_meet(acts, acts.by_account[place:after], window, 0, -2 - place, tally)):
            if _is_pair(tally.together[tally.met[k]], repetitions):
                objects += 1
                break
        place = after
    return objects


@njit(inline="always")
def _is_pair(row, repetitions):
    return row[OBJECTS] >= repetitions and row[WEIGHT] >= repetitions * ONE


@njit
def _count_lane(acts, window, repetitions, weight, lane, lanes, higher, in_pair):
    """`count_pairs` for every account whose number leaves the remainder `lane`."""
    accounts = len(acts.account_start) - 1
    tally = _empty_tally(accounts)
    for account in range(lane, accounts, lanes):
        for k in range(_tally_account(acts, account, window, weight, account + 1, tally)):
            row = tally.together[tally.partners[k]]
            if _is_pair(row, repetitions):
                higher[account] += 1
                in_pair[account] = in_pair[tally.partners[k]] = True
            row[OBJECTS] = 0


@njit(cache=True, parallel=True)
def count_pairs(acts, window, repetitions, weight, lanes):
    """Pairs of each account with accounts of a higher number: (accounts); and how many accounts are in a pair.

    window: seconds, inclusive. repetitions: least number of different objects; weight: (objects) int64 in units of
    `ONE`, which must reach as many. lanes: parts into which accounts are dealt; no result depends on it.
    """
    accounts = len(acts.account_start) - 1
    higher, in_pair = np.zeros(accounts, dtype=np.int64), np.zeros((lanes, accounts), dtype=np.bool_)
    for lane in prange(lanes):
        _count_lane(acts, window, repetitions, weight, np.int64(lane), lanes, higher, in_pair[lane])
    return higher, (in_pair.sum(axis=0) > 0).sum()


@borrowing
def _end_in_common(acts, a, b, window, direction):
    """Second of the first act in common of two accounts (direction 1), or of the last (direction -1).

    Both accounts' acts are walked through side by side; of two the earlier (later) is always left behind: the first
    act that has one of the other's near is then compared with the nearest of these.
    """
    steps_a = acts.account_start[a + 1] - acts.account_start[a]
    steps_b = acts.account_start[b + 1] - acts.account_start[b]
    i = acts.account_start[a] if direction > 0 else acts.account_start[a + 1] - 1
    j = acts.account_start[b] if direction > 0 else acts.account_start[b + 1] - 1
    found = NEVER
    while steps_a > 0 and steps_b > 0:
        act, other = acts.by_account[i], acts.by_account[j]
        second_a, second_b = direction * acts.second[act], direction * acts.second[other]
        ahead = direction * (acts.object[act] - acts.object[other])
        if ahead == 0 and abs(second_a - second_b) <= window:
            found = min(found, second_a, second_b)
        if ahead < 0 or (ahead == 0 and second_a <= second_b):
            i, steps_a = i + direction, steps_a - 1
        else:
            j, steps_b = j + direction, steps_b - 1
    return direction * found


@njit
def _list_lane(acts, window, repetitions, weight, lane, lanes, start, pairs, together):
    """`list_pairs` for every account whose number leaves the remainder `lane`."""
    accounts = len(acts.account_start) - 1
    tally = _empty_tally(accounts)
    for account in range(lane, accounts, lanes):
        partners, free = _tally_account(acts, account, window, weight, 0, tally), start[account]
        together[account] = _objects_together(acts, account, window, repetitions, tally)
        for k in range(partners):
            other = tally.partners[k]
            row = tally.together[other]
            if other > account and _is_pair(row, repetitions):
                pairs[0, free], pairs[1, free], pairs[2, free] = account, other, row[OBJECTS]
                pairs[3, free] = _end_in_common(acts, account, other, window, 1)
                pairs[4, free] = _end_in_common(acts, account, other, window, -1)
                free += 1
            row[OBJECTS] = 0


@njit(cache=True, parallel=True)
def list_pairs(acts, window, repetitions, weight, lanes, start):
    """The pairs themselves, and on how many objects each account acted together with a partner.

    start: (accounts + 1) pairs with lower accounts before, from `count_pairs`; the other arguments as there. Returns
    (5, pairs): lower and higher account, objects in common, seconds of the first and last act in common; and
    (accounts).
    """
    accounts = len(acts.account_start) - 1
    pairs, together = np.empty((5, start[accounts]), dtype=np.int64), np.zeros(accounts, dtype=np.int64)
    for lane in prange(lanes):
        _list_lane(acts, window, repetitions, weight, np.int64(lane), lanes, start, pairs, together)
    return pairs, together
