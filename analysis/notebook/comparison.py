"""Paired worlds of a comparison as a person at a notebook reads them."""

from datetime import date
from functools import cached_property
from pathlib import Path

import pandas as pd

from analysis.estimates.words import headline
from analysis.notebook.display import shown
from analysis.notebook.frames import Names, estimates_frame, names_of, runs_frame, series_frame
from analysis.report.figures import Drawing, svg_of
from analysis.report.findings import Findings
from analysis.report.gallery import GALLERY, drawn_of
from sim.scenario.schema import ScenarioError, nearest


class Comparison:
    """A finished comparison, read from its folder. Frames are tidy; the files as the command writes them lie in `folder`."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        if not (self.folder / "estimates.parquet").is_file():
            raise ScenarioError(
                f"{self.folder}: holds no estimates.parquet; allowed is a folder that compare has written"
            )
        self._found = Findings(self.folder)

    @property
    def arms(self) -> list[str]:
        """Campaign and moderation of each arm, such as coordinated/none."""
        return [arm["name"] for arm in self._found.manifest["arms"]]

    @property
    def digest(self) -> str:
        """A hash of all results: equal comparisons have equal ones on any machine."""
        return str(self._found.manifest["digest"])

    @property
    def report(self) -> Path:
        """The report, one HTML file."""
        return self.folder / "report.html"

    @cached_property
    def _names(self) -> Names:
        return names_of(self._found.manifest)

    @cached_property
    def estimates(self) -> pd.DataFrame:
        """contrast, of, measure, candidate, estimate, low, high, seeds, standard errors, unit."""
        return estimates_frame(self._found.estimates, self._names)

    @cached_property
    def runs(self) -> pd.DataFrame:
        """One row a world: arm, presets, seed, measures; units in `.attrs`."""
        first_day = date.fromisoformat(self._found.manifest["start_date"])
        return runs_frame(self._found.runs, self._names, first_day, self._found.manifest["units"])

    @cached_property
    def series(self) -> pd.DataFrame:
        """arm, campaign, moderation, seed, date, measure, candidate, value; units in `.attrs`."""
        return series_frame(self._found.series, self._names)

    @cached_property
    def headline(self) -> list[str]:
        """The lines that the command prints, each with its interval."""
        return headline(self.folder)

    def plot(self, figure: str = "daily_share") -> Drawing:
        """A figure of the report as a matplotlib figure: daily_share, reach, by_seed, money, frontier,
        frontier_acted_on, detection, craft."""
        if figure not in GALLERY:
            raise ScenarioError(f"{figure} given; {nearest(figure, list(GALLERY))}")
        drawing = GALLERY[figure](self._found)
        if drawing is None:
            raise ScenarioError(
                f"{figure}: this comparison has nothing to draw in it; it has {', '.join(drawn_of(self._found))}"
            )
        return drawing

    def __repr__(self) -> str:
        seeds = len(self._found.manifest["seeds"])
        return (
            f"Comparison({self._found.manifest['scenario']}: {len(self.arms)} arms, {seeds} seeds; {self.headline[1]})"
        )

    def _repr_html_(self) -> str:
        found = self._found.manifest
        lines = [*self.headline, f"{len(self.arms)} arms, {len(found['seeds'])} seeds; the report is {self.report}"]
        return shown(found["title"], lines, svg_of(self.plot()))
