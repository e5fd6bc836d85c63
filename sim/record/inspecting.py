"""Looking at a record for accounts that comment together, at a stated price to the innocent.

A pair of accounts gains one count for each different post on which both commented within some seconds (Pacheco et al., ICWSM
2021); an account's score is that of its best pair. The bar is the lowest score to which no more accounts came, in the record
before the campaign, than the price allows: whoever inspects takes those for innocent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.kernels.coaction import ONE, acts_of, count_pairs, has_company, list_pairs
from sim.record.keeping import DAY, Hours
from sim.scenario.record import Inspection

WEEK = 7 * DAY  # hours
LANES = 1  # into which accounts are dealt; a record is small beside the world that made it

Scores = dict[int, int]  # by account


class Pairs(NamedTuple):
    """Pairs of accounts that commented together, and on how many different posts."""

    one: npt.NDArray[np.int64]
    other: npt.NDArray[np.int64]
    posts: npt.NDArray[np.int64]


@dataclass(frozen=True)
class Compared:
    """Comments that have another one on their post within the window: no others can count, whatever part of them is looked at.

    Sorted by post, second and account. place: (comments) where each stood in the record; hour, second, post, account: its columns.
    """

    place: npt.NDArray[np.int64]
    hour: Hours
    second: Hours
    post: npt.NDArray[np.int64]
    account: npt.NDArray[np.int64]
    window: int

    @classmethod
    def of(cls, comments: npt.NDArray[np.int64], window: int) -> "Compared":
        """comments: (4, comments) hour, second, account, post."""
        hour, second, account, post = comments
        order = np.lexsort((account, second, post))
        order = order[has_company(post[order], second[order], window)]
        return cls(order, hour[order], second[order], post[order], account[order], window)

    def pairs(self, looked: npt.NDArray[np.bool_]) -> Pairs:
        """All pairs that commented on at least one post together, in a part of the comments."""
        post, second, account = self.post[looked], self.second[looked], self.account[looked]
        if len(post) == 0:
            return Pairs(*np.zeros((3, 0), dtype=np.int64))
        object_ = np.cumsum(np.concatenate([[0], post[1:] != post[:-1]]))
        accounts, who = np.unique(account, return_inverse=True)
        acts = acts_of(who, object_, second, len(accounts), int(object_[-1]) + 1)
        weight = np.full(int(object_[-1]) + 1, ONE)
        higher, _ = count_pairs(acts, self.window, 1, weight, LANES)
        start = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(higher)])
        found, _ = list_pairs(acts, self.window, 1, weight, LANES, start)
        return Pairs(accounts[found[0]], accounts[found[1]], np.asarray(found[2], dtype=np.int64))

    def scores(self, looked: npt.NDArray[np.bool_]) -> Scores:
        """The most posts on which each account commented together with one other, in a part of the comments; accounts without such
        a pair are not in it."""
        return best_of(self.pairs(looked))


def best_of(found: Pairs) -> Scores:
    """The score of each account: that of its best pair."""
    accounts, who = np.unique(np.concatenate((found.one, found.other)), return_inverse=True)
    best = np.zeros(len(accounts), dtype=np.int64)
    np.maximum.at(best, who, np.concatenate((found.posts, found.posts)))
    return dict(zip(accounts.tolist(), best.tolist(), strict=True))


def bar(tops: Mapping[int, int], users: int, weeks: float, inspection: Inspection) -> int:
    """The lowest score that is flagged. tops: the highest score of each account in the weeks before; users: of the platform."""
    allowed = int(inspection.false_positives * users / 100000.0 * weeks)
    highest = sorted(tops.values(), reverse=True)
    return highest[allowed] + 1 if len(highest) > allowed else 1


def vouched(users: int, weeks: float, inspection: Inspection) -> float:
    """Accounts of 100,000 users and week that may be flagged in weeks like those of `bar`: what these can vouch for.

    Of accounts that are exchangeable (allowed + 1) / (accounts + 1) lie above the bar on average, so that few users or weeks vouch for
    less than was asked: one account of all of them where none was allowed.
    """
    allowed = int(inspection.false_positives * users / 100000.0 * weeks)
    return (allowed + 1) / (users * weeks) * 100000.0
