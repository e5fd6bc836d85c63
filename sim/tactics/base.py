"""What every tactic is."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import date

from sim.actors.base import Public
from sim.actors.campaign import Headquarters
from sim.randomness import Chance
from sim.world.actions import Actions


class Tactic(ABC):
    """A plug-in with one verb. It holds parameters only; what it remembers is in headquarters' notes."""

    @abstractmethod
    def plan(self, headquarters: Headquarters, seen: Public, now: int, chance: Chance) -> Actions:
        """What headquarters does in this hour by this tactic."""

    def hands(self, headquarters: Headquarters) -> Sequence[int]:
        """Accounts by which it acts, whose fate tells how it fares; none where it has no accounts of its own."""
        return ()


def hour_of(headquarters: Headquarters, day: date) -> int:
    """The hour at which a date begins in this world."""
    return int(headquarters.model.clock.hour_of(day))
