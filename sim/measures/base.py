"""What every measure beyond the standard ones is: it is asked for in the `measures` slot, and read once at the end."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from sim.world.actions import Shown
from sim.world.world import World


class Measure(ABC):
    """A plug-in that reads the world. It holds parameters only; what it remembers lies in the observer's notes.

    units: the unit of each number that it reads, by name.
    """

    units: ClassVar[Mapping[str, str]] = {}

    def note(self, world: World, shown: Shown, notes: dict[str, Any]) -> None:
        """What it keeps of a measured hour, after everything in it happened."""
        return

    @abstractmethod
    def read(self, world: World, notes: dict[str, Any], candidate: int) -> Mapping[str, float]:
        """Its numbers for one candidate at the end, by names that no other measure uses."""
