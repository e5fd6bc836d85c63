"""The functions that a researcher calls: `load_scenario`, `simulate`, `compare`, `read_comparison`."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from analysis.estimates.table import write_estimates
from analysis.notebook.comparison import Comparison
from analysis.notebook.progress import progress_for
from analysis.notebook.words import words_of
from analysis.notebook.world import World
from analysis.report.memo import write_memo
from analysis.report.sections import write_report
from sim.runs import face
from sim.runs.recording import folder_for
from sim.scenario.config import Scenario
from sim.scenario.schema import ScenarioError

Asked = Scenario | str | Sequence[str]


def load_scenario(
    scenario: str | Sequence[str] = (),
    *,
    scenarios: str | Path | None = None,
    trust: Sequence[str] = (),
    **settings: Any,
) -> Scenario:
    """Compose and check a scenario.

    scenario: the name of a preset, or overrides as the command line takes them. settings: keys with values, nested by mappings,
    such as seed=3, campaign="quiet", population={"follows": 40}. scenarios: a folder of presets of your own; trust: modules whose
    classes they may name. Raises ScenarioError, whose text says what was given and what is allowed.
    """
    return face.load_scenario(words_of(scenario, settings), Path(scenarios) if scenarios else None, tuple(trust))


def simulate(
    scenario: Asked = (), *, scenarios: str | Path | None = None, trust: Sequence[str] = (), events: str | Path | None = None,
    progress: Callable[[int, int], None] | None = None, **settings: Any,
) -> World:  # fmt: skip
    """Run one world. scenario, settings: as for `load_scenario`, or what it returned. events: where to write its engagement."""
    asked = _scenario(scenario, scenarios, trust, settings)
    bar = progress_for("hours", asked.clock.end)
    on_progress = progress or ((lambda done, total: bar(done, total, "")) if bar else None)
    return World(asked, face.simulate(asked, on_progress, Path(events) if events else None))


def compare(
    scenario: Asked = (), out: str | Path | None = None, *, scenarios: str | Path | None = None, trust: Sequence[str] = (),
    threads: int | None = None, progress: Callable[[int, int, str], None] | None = None, **settings: Any,
) -> Comparison:  # fmt: skip
    """Run paired arms over many seeds, and write tables, estimates and report as the command does.

    scenario, settings: as for `load_scenario`, or what it returned. out: the folder; else one in outputs/ named after what was
    asked. Finished worlds in it are used again, so that the same call goes on after an interruption. threads: cores; else all.
    """
    asked = _scenario(scenario, scenarios, trust, settings)
    said = face.asked_of(asked)
    folder = folder_for(Path(out) if out else None, asked.name, said.overrides, said.folder)
    bar = progress or progress_for("seeds", asked.replications)
    face.compare(said.overrides, folder, said.folder, said.trust, threads, bar)
    write_estimates(folder)
    write_memo(folder)
    write_report(folder)
    return Comparison(folder)


def read_comparison(folder: str | Path) -> Comparison:
    """What `compare` or the command has left in a folder."""
    return Comparison(folder)


def _scenario(given: Asked, scenarios: str | Path | None, trust: Sequence[str], settings: dict[str, Any]) -> Scenario:
    if not isinstance(given, Scenario):
        return load_scenario(given, scenarios=scenarios, trust=trust, **settings)
    if settings or scenarios or trust:
        raise ScenarioError(
            f"{', '.join(settings) or 'scenarios, trust'}: given beside a loaded scenario; say it to load_scenario"
        )
    return given
