"""What a worker says while it works, and how it hears that nobody waits any more."""

from collections.abc import Mapping
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

from analysis.lab.server.workers import TOLD

if TYPE_CHECKING:
    from sim.model import CampaignModel

WARM_UP_EVERY = 6  # hours of the warm-up between two that are told


class StoppedError(Exception):
    """Nobody waits for this task any more."""


class Line:
    """The pipe to the server: what is told, and whether the task is still wanted."""

    def __init__(self, pipe: Connection) -> None:
        self.pipe = pipe

    def tell(self, event: Mapping[str, Any]) -> None:
        """Say something of the task in hand."""
        self.pipe.send((TOLD, dict(event)))

    def check(self) -> None:
        """Raises StoppedError where the task is not wanted any more; while a task is in hand the server sends nothing else."""
        if self.pipe.poll():
            self.pipe.recv()
            raise StoppedError


class Telling:
    """Tells the hours of a world as they pass: those of the live arm with its numbers, those of others as how far they are."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.live = ""

    def __call__(self, arm: str, model: "CampaignModel") -> None:
        """After an hour. Raises StoppedError where nobody waits for it."""
        from sim.runs.face import last_hour

        self.line.check()
        clock = model.clock
        hour, hours = model.world.hour - clock.start - 1, clock.end - clock.start
        if arm == self.live and hour >= 0:
            self.line.tell({"arm": arm, "hour": hour, "hours": hours, **last_hour(model)})
        elif hour % WARM_UP_EVERY == 0:
            self.line.tell({"arm": arm, "prepares": True, "passed": model.world.hour, "of": clock.end})
