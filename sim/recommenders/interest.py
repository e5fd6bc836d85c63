"""Interest ranking: what fits the believed taste of the user, whoever else liked it."""

from dataclasses import dataclass

from sim.recommenders.ranked import Ranked


@dataclass(frozen=True)
class Interest(Ranked):
    """`Ranked` with a weight on fit."""
