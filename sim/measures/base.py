"""What every measure is: a plug-in that notes something of each measured hour."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from sim.world.actions import Shown
from sim.world.world import World


class Measure(ABC):
    """A plug-in with one verb. It reads every drawer and changes none; it holds parameters only."""

    @abstractmethod
    def note(self, world: World, shown: Shown, notes: dict[str, Any]) -> Mapping[str, float]:
        """Note one hour, after what was shown in it is counted; returns values by name, as they stand by now.

        notes: the measure's own memory, empty at first.
        """
