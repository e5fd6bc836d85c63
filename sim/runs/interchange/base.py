"""What every file of one world is: it watches the world, and appears when that is finished."""

from typing import Protocol

import pandas as pd

from sim.model import CampaignModel
from sim.scenario.config import Scenario

GRAPHML, PARQUET, CSV = ".graphml", ".parquet", ".csv"


class Recorder(Protocol):
    """Watches a world from its first hour to its last. Its file appears when the world is finished, whole or not at all."""

    def begin(self, model: CampaignModel) -> None:
        """A world that has not begun."""

    def note(self, model: CampaignModel) -> None:
        """An hour of it has passed."""

    def finish(self, model: CampaignModel) -> None:
        """It has come to its end: write the file."""

    def drop(self) -> None:
        """It was not finished: leave nothing behind."""


def opening_second(scenario: Scenario) -> int:
    """When hour 0 of a world began, in seconds since 1970."""
    return int(pd.Timestamp(scenario.clock.day_of(0)).timestamp())
