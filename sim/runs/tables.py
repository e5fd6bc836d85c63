"""The long tables of finished worlds: a row a day and measure."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import pandas as pd

from sim.runs.recording import SERIES_COLUMNS
from sim.scenario.config import Scenario

RECORD_COLUMNS = ("arm", "seed", "day", "date", "viewer", "measure", "value")


def series_of(results: Sequence[Mapping[str, Any]], scenario: Scenario) -> pd.DataFrame:
    """The long table of all worlds."""
    days = [scenario.clock.day_of(scenario.clock.start + 24 * day).isoformat() for day in range(scenario.clock.days)]
    rows = [
        (result["run"]["arm"], result["run"]["seed"], day, days[day], measure, candidate, value)
        for result in results
        for day, measure, candidate, value in result["series"]
    ]
    return pd.DataFrame(rows, columns=list(SERIES_COLUMNS))


def record_of(results: Sequence[Mapping[str, Any]], scenario: Scenario) -> pd.DataFrame:
    """What each viewer had on record: left, found, precision, false_positives. Days go on after the last measured one."""
    first = scenario.clock.first_day
    rows = [
        (
            result["run"]["arm"],
            result["run"]["seed"],
            day,
            (first + timedelta(days=day)).isoformat(),
            viewer,
            measure,
            value,
        )
        for result in results
        for day, viewer, measure, value in result.get("record", ())
    ]
    return pd.DataFrame(rows, columns=list(RECORD_COLUMNS))
