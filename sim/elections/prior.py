"""What nobody knows of an election, drawn anew for each replication of it.

Every draw is keyed by (seed, what it decides, about whom, number of the draw), and never by the arm: a world with the campaign and its
twin without it have the same voters, pollsters and luck, so that their difference is the campaign's alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from sim.elections.base import Floats
from sim.elections.voting import total
from sim.numbers.arithmetic import exp, normal_quantile
from sim.numbers.luck import Decision, Words, chain_array, key_of, uniform


class Draw(IntEnum):
    """What a draw of the election decides."""

    BASE = 0
    PERSUASION = 1
    SLOPE = 2
    TURNOUT = 3
    TURNOUT_EFFECT = 4
    DIFFERENTIAL = 5
    COVERAGE = 6
    HOUSE = 7
    ANSWER = 8
    TRANSFER = 9


@dataclass(frozen=True)
class Luck:
    """The luck of all draws of one world's election."""

    seed: int
    draws: int

    def keys(self, what: Draw, *about: int) -> Words:
        """(draws) keys of one decision."""
        return chain_array(key_of(self.seed, Decision.ELECTION, what, *about), np.arange(self.draws, dtype=np.uint32))

    def normal(self, what: Draw, *about: int) -> Floats:
        """(draws) standard normal."""
        return normal_quantile(uniform(self.keys(what, *about)))

    def normals(self, what: Draw, things: Iterable[int], *about: int) -> Floats:
        """(draws, things) standard normal, one for each thing by its number."""
        return np.stack([self.normal(what, *about, number) for number in things], axis=1)


def base_shares(luck: Luck, shares: Floats, spreads: Floats) -> Floats:
    """(draws, candidates) shares of votes that candidates would have without what the layer is about.

    shares: (candidates) the middle of the prior, which adds up to 1; spreads: (candidates) standard deviation of log shares before they
    are brought to add up to 1 again (a logistic-normal prior: Aitchison, The Statistical Analysis of Compositional Data, 1986).
    """
    drawn = shares * exp(spreads * luck.normals(Draw.BASE, range(len(shares))))
    return np.asarray(drawn / total(drawn)[:, None])


def slopes(luck: Luck, who: Sequence[int], mean: float, spread: float) -> Floats:
    """(draws, who) slopes on the perceived lead: normal, and 0 where that is below it, so that no bandwagon at all is among them."""
    return np.maximum(0.0, mean + spread * luck.normals(Draw.SLOPE, who))
