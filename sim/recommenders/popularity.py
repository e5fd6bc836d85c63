"""Popularity ranking: what many engaged with is shown to all alike."""

from dataclasses import dataclass

from sim.recommenders.ranked import Ranked


@dataclass(frozen=True)
class Popularity(Ranked):
    """`Ranked` with a weight on engagement."""
