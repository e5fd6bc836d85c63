"""Bars as a trust-and-safety team sets them: by the record before a policy's start, at a stated price to the innocent.

Whoever came up to a bar before the start is taken for innocent: so many of 100,000 users in a week may be hit, and the lowest
bar that hits no more is chosen. Policies are then compared at one price. Where no price is stated, the bar is the preset's own.
"""

from abc import abstractmethod
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.moderation.base import Evidence, Policy, Suspicion
from sim.numbers.luck import Chance
from sim.world.platform import Platform

WEEK = 168  # hours
ONE = 1000  # a ratio of one, as a score


class Scores(NamedTuple):
    """Accounts that are suspect by what happened in an hour, and how much; an account may be there more than once."""

    account: npt.NDArray[np.integer]
    score: npt.NDArray[np.integer]


def scores_of_pairs(pairs: Mapping[tuple[int, int], int]) -> Scores:
    """Each account of a pair has the pair's score."""
    ends = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
    score = np.array([pairs[a, b] for a, b in ends.tolist()], dtype=np.int64)
    return Scores(ends.T.ravel(), np.concatenate([score, score]))


class Priced(Policy):
    """A policy that hits accounts, or posts by accounts, whose score comes up to a bar."""

    @property
    def name(self) -> str:
        """Under which it keeps notes: that of its file."""
        return type(self).__module__.rpartition(".")[2]

    @property
    @abstractmethod
    def stated_bar(self) -> int:
        """The bar of the preset's own threshold, in units of the score."""

    @abstractmethod
    def scores(self, seen: Platform, suspicion: Suspicion, now: int) -> Scores:
        """Read an hour; it asks for nothing."""

    def watch(self, seen: Platform, suspicion: Suspicion, evidence: Evidence, now: int, chance: Chance) -> None:
        """Remember the highest score of each account."""
        note_tops(suspicion.tops.setdefault(self.name, {}), self.scores(seen, suspicion, now))

    def bar(self, suspicion: Suspicion) -> int:
        """The lowest score that is hit."""
        if suspicion.price is None:
            return self.stated_bar
        if self.name not in suspicion.bars:
            suspicion.bars[self.name] = bar_at_price(suspicion, list(suspicion.tops.pop(self.name, {}).values()))
        return suspicion.bars[self.name]


def note_tops(tops: dict[int, int], scores: Scores) -> None:
    """Raise the highest scores of accounts."""
    for account, score in zip(scores.account.tolist(), scores.score.tolist(), strict=True):
        tops[account] = max(score, tops.get(account, 0))


def bar_at_price(suspicion: Suspicion, tops: list[int]) -> int:
    """The lowest bar to which at most as many accounts came up as the price allows for the time that was watched."""
    allowed = int((suspicion.price or 0.0) * suspicion.notes["users"] / 100000.0 * suspicion.watched / WEEK)
    highest = sorted(tops, reverse=True)
    return highest[allowed] + 1 if len(highest) > allowed else 1
