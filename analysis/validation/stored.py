"""Findings as files: those of a run under way, and those that the project keeps with their date."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from analysis.validation.target import Curves, Effort, Finding, Target
from analysis.validation.workshop import ROOT, code_digest
from sim.runs.recording import name_of, read_json, write_json
from sim.version import __version__

KEPT = ROOT / "analysis" / "reference_data" / "results"
RANK: dict[str, int] = {"quick": 0, "normal": 1, "full": 2}


@dataclass(frozen=True)
class Result:
    """What a study found, with which effort, when, with which code, and in how many seconds."""

    name: str
    effort: Effort
    day: str
    version: str
    code: str
    wall_s: float
    finding: Finding

    @property
    def missed(self) -> list[Target]:
        """Targets that do not agree."""
        return [target for target in self.finding.targets if not target.agrees]


def new_result(name: str, effort: Effort, wall_s: float, finding: Finding) -> Result:
    """A result of today, by this code."""
    return Result(name, effort, date.today().isoformat(), __version__, code_digest("analysis"), wall_s, finding)


def file_of(folder: Path, name: str, effort: Effort) -> Path:
    """Where a run keeps the result of a study; other code has another file."""
    return folder / "findings" / f"{name}-{effort}-{name_of([__version__, code_digest('analysis')])}.json"


def write_result(path: Path, result: Result) -> None:
    """Whole or not at all."""
    write_json(path, asdict(result))


def read_result(path: Path) -> Result:
    """What `write_result` wrote."""
    return result_from(read_json(path))


def result_from(document: dict[str, Any]) -> Result:
    """A result from what its file says."""
    return Result(**{**document, "finding": _finding(document["finding"])})


def _finding(document: dict[str, Any]) -> Finding:
    targets = [Target(**{**target, "modules": tuple(target["modules"])}) for target in document["targets"]]
    curves = [
        Curves(**{**drawn, "lines": [(label, x, y) for label, x, y in drawn["lines"]]}) for drawn in document["curves"]
    ]
    return Finding(document["title"], document["method"], targets, curves)  # fmt: skip


def keep(result: Result, folder: Path = KEPT) -> Path:
    """Put a result among those that the project keeps; it takes the place of an older one of the same effort."""
    path = folder / f"{result.name}-{result.effort}.json"
    write_result(path, result)
    return path


def kept(folder: Path = KEPT) -> list[Result]:
    """All results that the project keeps."""
    return [read_result(path) for path in sorted(folder.glob("*.json"))]


def best_kept(name: str, folder: Path = KEPT, is_older: Callable[[Result], bool] = lambda _: False) -> Result | None:
    """The kept result of a study with the most effort, of those that are not older if there are any."""
    own = [result for result in kept(folder) if result.name == name]
    return max(own, key=lambda result: (not is_older(result), RANK[result.effort]), default=None)
