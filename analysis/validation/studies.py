"""The table of studies: what `groundswell validate` runs, in the order of its page."""

from dataclasses import dataclass
from importlib import import_module

from analysis.validation.target import Effort, Finding
from sim.scenario.schema import ScenarioError, nearest


@dataclass(frozen=True)
class Entry:
    """A study's module in analysis/validation, and about how many seconds each effort takes on two quiet cores."""

    module: str
    quick: float
    normal: float
    full: float

    def seconds(self, effort: Effort) -> float:
        """The stated time of an effort."""
        return float(getattr(self, effort))

    def study(self, effort: Effort) -> Finding:
        """Run it."""
        finding: Finding = import_module(f"analysis.validation.{self.module}").study(effort)
        return finding


STUDIES: dict[str, Entry] = {
    "known": Entry("known", 15, 60, 200),
    "nulls": Entry("nulls", 45, 300, 700),
    "simsom": Entry("simsom", 30, 280, 900),
    "takedown": Entry("takedown", 15, 150, 400),
    "harm": Entry("harm", 30, 125, 300),
    "music": Entry("music", 25, 220, 650),
    "platform": Entry("platform", 20, 240, 1800),
    "scale": Entry("scale", 15, 330, 2700),
    "country": Entry("country", 50, 320, 30000),
    "background": Entry("background", 40, 300, 1200),
}


def chosen(only: list[str]) -> dict[str, Entry]:
    """The studies that were asked for, or all."""
    for name in only:
        if name not in STUDIES:
            raise ScenarioError(f"--only: {name} given; {nearest(name, list(STUDIES))}")
    return {name: entry for name, entry in STUDIES.items() if not only or name in only}
