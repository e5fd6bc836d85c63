"""Looking at a record for accounts that comment together, at a stated price to the innocent.

A pair of accounts gains one count for each different post on which both commented within some seconds (Pacheco et al., ICWSM
2021); an account's score is that of its best pair. The bar is the lowest score to which no more accounts came, in the record
before the campaign, than the price allows: whoever inspects takes those for innocent.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from sim.kernels.coaction import ONE, acts_of, count_pairs, list_pairs
from sim.record.keeping import DAY, Hours
from sim.record.rules import Inspection

WEEK = 7 * DAY  # hours
LANES = 1  # into which accounts are dealt; a record is small beside the world that made it

Scores = dict[int, int]  # by account


def scores(post: npt.NDArray[np.int64], second: Hours, account: npt.NDArray[np.int64], window: int) -> Scores:
    """The most posts on which each account commented together with one other; accounts without such a pair are not in it."""
    if len(post) == 0:
        return {}
    order = np.lexsort((account, second, post))
    objects, object_ = np.unique(post[order], return_inverse=True)
    accounts, who = np.unique(account[order], return_inverse=True)
    acts = acts_of(who, object_, second[order], len(accounts), len(objects))
    weight = np.full(len(objects), ONE)
    higher, _ = count_pairs(acts, window, 1, weight, LANES)
    start = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(higher)])
    pairs, _ = list_pairs(acts, window, 1, weight, LANES, start)
    best = np.zeros(len(accounts), dtype=np.int64)
    np.maximum.at(best, pairs[0], pairs[2])
    np.maximum.at(best, pairs[1], pairs[2])
    return {int(accounts[place]): int(best[place]) for place in np.flatnonzero(best)}


def bar(tops: Mapping[int, int], users: int, weeks: float, inspection: Inspection) -> int:
    """The lowest score that is flagged. tops: the highest score of each account in the weeks before; users: of the platform."""
    allowed = int(inspection.false_positives * users / 100000.0 * weeks)
    highest = sorted(tops.values(), reverse=True)
    return highest[allowed] + 1 if len(highest) > allowed else 1
