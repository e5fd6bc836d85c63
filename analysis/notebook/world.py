"""One world as a person at a notebook reads it."""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.notebook.display import shown
from analysis.notebook.frames import Names, runs_frame, series_frame
from analysis.report import figures
from analysis.report.figures import Drawing, svg_of
from sim.measures.units import asked_units
from sim.runs.face import WorldResult, document_of
from sim.scenario.config import Scenario


class World:
    """A finished world. `series` and `measures` are tidy; `run` and `summary` are the plain values that the command writes."""

    def __init__(self, scenario: Scenario, result: WorldResult) -> None:
        self.scenario, self.result = scenario, result

    @property
    def run(self) -> dict[str, Any]:
        """The world's row in the table of runs."""
        return self.result.run

    @property
    def summary(self) -> dict[str, Any]:
        """What `groundswell run --json` prints."""
        return self.result.summary

    @property
    def digest(self) -> str:
        """A hash of the results: equal runs have equal ones on any machine."""
        return str(self.run["digest"])

    @cached_property
    def _names(self) -> Names:
        return Names((str(self.run["arm"]),), tuple(c.label for c in self.scenario.population.candidates))

    @cached_property
    def series(self) -> pd.DataFrame:
        """arm, campaign, moderation, seed, date, measure, candidate, value; units in `.attrs`."""
        return series_frame(self.result.series, self._names)

    @cached_property
    def measures(self) -> pd.Series:
        """Totals of the measured days by name; units in `.attrs`."""
        frame = runs_frame(
            pd.DataFrame([self.run]), self._names, self.scenario.clock.first_day, asked_units(self.scenario)
        )
        units: Mapping[str, str] = frame.attrs["units"]
        row = frame.iloc[0][[name for name in frame.columns if name in units]]
        row.attrs, row.name = frame.attrs, self.scenario.name
        return row

    def plot(self) -> Drawing:
        """Each candidate's daily share of political impressions."""
        share = self.series[self.series["measure"] == "share"]
        return figures.candidates(share, self.scenario.campaign.candidate)

    def write(self, folder: str | Path) -> Path:
        """Leave what `groundswell run` leaves; the folder."""
        self.result.write(Path(folder), document_of(self.scenario))
        return Path(folder)

    def __repr__(self) -> str:
        s, run = self.scenario, self.run
        return (
            f"World({s.name}, {run['campaign']}, {run['moderation']}, seed {run['seed']}: {run['users']:,} users, "
            f"{s.clock.days} days, {run['impressions']:,} impressions; digest {self.digest[:12]})"
        )

    def _repr_html_(self) -> str:
        units = self.measures.attrs["units"]
        rows = [(name.replace("_", " "), f"{self.measures[name]:,.0f}", units[name]) for name in SHOWN]
        return shown(self.scenario.title, [repr(self)], svg_of(self.plot()), rows)


SHOWN = ("genuine_users", "impressions", "candidate_impressions", "reach", "spent", "genuine_accounts_actioned")
