"""Published polls: whom a panel misses, whom a house favours, and who happens to be asked.

A poll's error has three parts (Groves and Lyberg, Public Opinion Quarterly 74(5), 2010): coverage, one for all polls and for all
candidates whom panels miss; the house's, in all of its polls alike; and sampling, of each poll its own.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.elections.base import Floats
from sim.elections.prior import Draw, Luck
from sim.elections.voting import adding_up, shifted, total
from sim.numbers.luck import chain_array, uniform
from sim.scenario.documents import FILE
from sim.scenario.schema import ScenarioError, quantity, shown, text

POLLS_MOST = 100
TOGETHER = 1000  # answers of a draw that are drawn at once


@dataclass(frozen=True)
class Poll:
    """One poll of the calendar."""

    house: str = text("who asks: letters")
    days_before: int = quantity("days before the first round on which it is published", "days", 1, 400)
    sample: int = quantity("people who answer", "people", 50, 20000)

    def check(self, where: str) -> None:
        """A name that is one."""
        if not FILE.fullmatch(self.house):
            raise ScenarioError(f"{where}.house: {shown(self.house)} given, allowed are letters, digits, _ and -")

    @property
    def number(self) -> int:
        """Of the house, by its name alone, so that a house added to a calendar changes no other's luck."""
        return zlib.crc32(self.house.encode())


def check_calendar(polls: Sequence[Poll], where: str) -> None:
    """Not more polls than can be drawn, and no house publishes twice on a day."""
    if len(polls) > POLLS_MOST:
        raise ScenarioError(f"{where}: {len(polls)} given, allowed {POLLS_MOST} at most")
    days = [(poll.house, poll.days_before) for poll in polls]
    for house, day in days:
        if days.count((house, day)) > 1:
            raise ScenarioError(
                f"{where}: house {house} given twice {day} days before the vote, allowed is one poll of a house a day"
            )


def covered(shares: Floats, missed: Sequence[int], error: Floats) -> Floats:
    """Shares among those whom panels reach. error: (draws) by which each candidate whom they miss stands too high, of all votes."""
    return shifted(shares, missed, np.repeat(error[:, None], len(missed), axis=1))


def favoured(shares: Floats, normals: Floats, spread: float) -> Floats:
    """Shares as a house finds them before anybody is asked.

    normals: (draws, candidates) standard normal; spread: standard deviation of the error of a candidate with half of the votes. Errors
    have the covariance of a multinomial, so that they add up to 0: sd is 2 spread sqrt(p(1 - p)) for a share p.
    """
    root = np.sqrt(shares)
    common = total(root * normals)[:, None]
    return adding_up(np.maximum(0.0, shares + 2.0 * spread * (root * normals - shares * common)), shares)


def answers(shares: Floats, luck: Luck, poll: Poll) -> Floats:
    """(draws, candidates) shares of the answers of a sample: multinomial, each person's answer a draw of its own."""
    keys = luck.keys(Draw.ANSWER, poll.number, poll.days_before)
    below = np.zeros(shares.shape, dtype=np.int64)  # answers for a candidate or one who stands before on the list
    edges = np.cumsum(shares, axis=1)
    edges[:, -1] = 1.0
    for begin in range(0, poll.sample, TOGETHER):
        people = np.arange(begin, min(begin + TOGETHER, poll.sample), dtype=np.uint32)
        answer = uniform(chain_array(keys[:, None], people[None, :]))
        for place in range(shares.shape[1]):
            below[:, place] += (answer < edges[:, [place]]).sum(axis=1)
    return np.diff(below, axis=1, prepend=0) / poll.sample


def published(shares: Floats, missed: Sequence[int], luck: Luck, poll: Poll, coverage: float, house: float) -> Floats:
    """(draws, candidates) what a poll says of the shares of its day. coverage, house: standard deviations of these errors."""
    reached = covered(shares, missed, coverage * luck.normal(Draw.COVERAGE))
    found = favoured(reached, luck.normals(Draw.HOUSE, range(shares.shape[1]), poll.number), house)
    return answers(found, luck, poll)
