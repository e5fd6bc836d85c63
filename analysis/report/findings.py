"""What the sections of a report read: tables, estimates and verdicts of one comparison."""

from html import escape
from pathlib import Path
from typing import Any

from analysis.estimates.craft import craft
from analysis.estimates.days_gained import table_of_days
from analysis.estimates.dose_response import dose_response
from analysis.estimates.earlier_action import earlier_action
from analysis.estimates.election import held
from analysis.estimates.frontier import frontier
from analysis.estimates.kept_bands import bands_for
from analysis.estimates.paired import Worlds
from analysis.estimates.table import nothing_to_dampen
from analysis.report.figures import KINDS
from sim.runs.recording import read_json, read_table


class Findings:
    """What the sections of a report read."""

    def __init__(self, folder: Path) -> None:
        self.manifest: dict[str, Any] = read_json(folder / "manifest.json")
        self.series = read_table(folder, "series")
        self.runs = read_table(folder, "runs")
        self.estimates = read_table(folder, "estimates")
        self.worlds = Worlds(self.runs, self.manifest)
        self.label = escape(str(self.manifest["candidates"][self.manifest["candidate"]]))
        self.policies = [name for name in self.worlds.moderations if name != "none"]
        self.arms = {"campaign": f"{self.worlds.campaign}/none", "quiet": "quiet/none"}
        self.nothing = nothing_to_dampen(self.estimates)
        self.frontier = frontier(self.worlds, self.nothing)
        self.craft = craft(self.worlds, self.series)
        self.doses = dose_response(self.worlds)
        self.bands = bands_for(folder, self.manifest)
        self.days = table_of_days(self.worlds, self.series)
        has_votes = bool(self.manifest.get("election")) and held(self.worlds)
        self.votes = read_table(folder, "election") if has_votes else None
        self.polls = read_table(folder, "election_polls") if has_votes else None
        self.earlier = earlier_action(self.worlds, self.series)

    @property
    def events(self) -> list[dict[str, str]]:
        """What happens when, as the manifest tells; none in results of older versions."""
        return [event for event in self.manifest.get("timeline", []) if event["kind"] in KINDS]

    def mean(self, arm: str, column: str) -> float:
        """Mean of a column over the seeds of an arm."""
        return float(self.worlds.column(arm, column).mean())
