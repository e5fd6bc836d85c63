"""Bars as a trust-and-safety team sets them: by the record before a policy's start, at a stated price to the innocent.

Whoever came up to a bar before the start is taken for innocent: so many of 100,000 users in a week may be hit, and the lowest
bar is chosen from which no more are to be expected. Policies are then compared at one price. Where no price is stated, the bar
is the preset's own.
"""

from abc import abstractmethod
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import pdtrc

from sim.moderation.base import Evidence, Policy, Suspicion
from sim.moderation.pair_network import Gained, ends_of
from sim.numbers.luck import Chance
from sim.world.platform import Platform

WEEK = 168  # hours
ONE = 1000  # a ratio of one, as a score


class Scores(NamedTuple):
    """Accounts, or what crowds of accounts use, that are suspect by what happened in an hour, and how much; each may be there twice."""

    suspect: npt.NDArray[np.integer]
    score: npt.NDArray[np.integer]


def scores_of_pairs(gained: Gained) -> Scores:
    """Each account of a pair has the pair's score."""
    return Scores(np.concatenate(ends_of(gained.pair)), np.concatenate([gained.weight, gained.weight]))


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
        """Remember the highest score of each suspect."""
        note_tops(suspicion.tops.setdefault(self.name, {}), self.scores(seen, suspicion, now))

    def stand_ready(self, seen: Platform, suspicion: Suspicion, now: int) -> None:
        """The bar is chosen with the start; what is read from then on is known when the policy is let act."""
        self.bar(suspicion)
        self.scores(seen, suspicion, now)

    def bar(self, suspicion: Suspicion) -> int:
        """The lowest score that is hit."""
        if suspicion.price is None:
            return self.stated_bar
        if self.name not in suspicion.bars:
            suspicion.bars[self.name] = self.chosen(suspicion, list(suspicion.tops.pop(self.name, {}).values()))
        return suspicion.bars[self.name]

    def chosen(self, suspicion: Suspicion, tops: list[int]) -> int:
        """The bar for the highest scores that were watched."""
        return bar_at_price(suspicion, tops)


class PricedByCrowd(Priced):
    """A policy that hits all accounts at once that use one thing, when so many use it within some hours.

    What most people use is used by a few more in some week to come, and then all of them are hit: the highest number that was
    watched is no fair bar, whatever the price. So the bar leaves room for luck: see `bar_for_crowds`.
    """

    @property
    @abstractmethod
    def window(self) -> int:
        """Hours within which users are counted."""

    def chosen(self, suspicion: Suspicion, tops: list[int]) -> int:
        """The bar for the largest crowds that were watched, one for each thing that is used."""
        return bar_for_crowds(suspicion, tops, self.window)


def note_tops(tops: dict[int, int], scores: Scores) -> None:
    """Raise the highest scores of suspects."""
    for suspect, score in zip(scores.suspect.tolist(), scores.score.tolist(), strict=True):
        tops[suspect] = max(score, tops.get(suspect, 0))


def bar_for_crowds(suspicion: Suspicion, crowds: list[int], hours: int) -> int:
    """The lowest bar at which the price allows for the accounts that are to be expected in crowds that come up to it by luck.

    Each thing is taken to be used in all windows of the coming week as in its busiest so far, by a Poisson number of accounts:
    a crowd of mean m then costs E[X; X >= bar] = m P(X >= bar - 1) accounts a window.
    """
    if not crowds:
        return 2
    allowed = (suspicion.price or 0.0) * suspicion.notes["users"] / 100000.0
    sizes, things = np.unique(crowds, return_counts=True)
    low, high = 2, 2 * max(crowds) + 100  # with less than two nobody copies; at the upper end luck has no part any more
    while low < high:
        bar = (low + high) // 2
        expected = float((WEEK / hours * things * sizes * pdtrc(bar - 2, sizes)).sum())
        low, high = (low, bar) if expected <= allowed else (bar + 1, high)
    return low


def bar_at_price(suspicion: Suspicion, tops: list[int]) -> int:
    """The lowest bar above which at most as many accounts are to be expected as the price allows for the time that was watched.

    Of n accounts that behave tomorrow as they did, k are to be expected above the k-th highest score that was watched (order
    statistics: each of n + 1 exchangeable scores is as likely to lie in any of the gaps between the n others). So the bar lies just
    above that one: a bar that k accounts passed on record is passed by k + 1 in times to come. Where the price allows for less than
    one account, no record of this length can vouch for it, and the highest score is the bar's lower end.
    """
    allowed = int((suspicion.price or 0.0) * suspicion.notes["users"] / 100000.0 * suspicion.watched / WEEK)
    highest, place = sorted(tops, reverse=True), max(allowed, 1) - 1
    return highest[place] + 1 if len(highest) > place else 1
