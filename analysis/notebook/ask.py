"""The functions that a researcher calls: `load_scenario`, `simulate`, `compare`, `sweep`, `read_comparison`."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from analysis.estimates.enough import watch
from analysis.estimates.table import write_estimates
from analysis.notebook.comparison import Comparison
from analysis.notebook.load import Results, load
from analysis.notebook.progress import progress_for
from analysis.notebook.words import words_of
from analysis.notebook.world import World
from analysis.report.memo import write_memo
from analysis.report.sections import write_report
from analysis.sweeps.compact import compact
from sim.runs import face
from sim.runs.question import question_of
from sim.runs.recording.folders import folder_for, held
from sim.runs.recording.results import check_comparison
from sim.runs.sweeps.ask import as_word, ask
from sim.scenario.config import Asked, Scenario
from sim.scenario.schema import ScenarioError

Words = str | Sequence[str]


def load_scenario(
    scenario: Words = (), *, scenarios: str | Path | None = None, trust: Words = (), **settings: Any
) -> Scenario:
    """Compose and check a scenario.

    scenario: the name of a preset, or overrides as the command line takes them. settings: keys with values, nested by mappings,
    such as seed=3, campaign="quiet", population={"follows": 40}. scenarios: a folder of presets of your own; trust: modules
    of yours that they may name, one or several. Raises ScenarioError, whose text says what was given and what is allowed.
    """
    said = _asked(scenario, scenarios, trust, settings)
    return face.load_scenario(said.overrides, said.folder, said.trust)


def simulate(
    scenario: Scenario | Words = (), *, scenarios: str | Path | None = None, trust: Words = (), events: str | Path | None = None,
    progress: Callable[[int, int], None] | None = None, **settings: Any,
) -> World:  # fmt: skip
    """Run one world.

    scenario, scenarios, trust, settings: as for `load_scenario`; scenario may also be what it returned. events: where to write
    the world's engagement. progress: called with hours done and hours in all; else a notebook shows a bar.
    """
    asked = scenario if isinstance(scenario, Scenario) and not (settings or scenarios or trust) else None
    if asked is None:
        said = _asked(scenario, scenarios, trust, settings)
        asked = face.load_scenario(said.overrides, said.folder, said.trust)
    bar = progress_for("hours", asked.clock.end)
    on_progress = progress or ((lambda done, total: bar(done, total, "")) if bar else None)
    return World(asked, face.simulate(asked, on_progress, face.recorders(Path(events) if events else None)))


def compare(
    scenario: Scenario | Words = (), out: str | Path | None = None, *, scenarios: str | Path | None = None, trust: Words = (),
    threads: int | None = None, progress: Callable[[int, int, str], None] | None = None, **settings: Any,
) -> Comparison:  # fmt: skip
    """Run paired arms over many seeds, and write tables, estimates and report as the command does.

    scenario, scenarios, trust, settings: as for `load_scenario`; scenario may also be what it returned. What is compared are the
    scenario's arms, or those of arms="..."; campaign="..." or moderation="..." asks about that one instead. out: the folder; else one
    in outputs/ named after what was asked. Finished worlds in it are used again, so that the same call goes on after an
    interruption. replications="auto", precision=0.1 adds seeds until an estimate
    is that narrow (docs/COMMANDS.md). threads: cores; else all. progress: called with seeds done, seeds in all
    and a note; else a notebook shows a bar.
    """
    said = _asked(scenario, scenarios, trust, settings)
    words, wish = face.wish_of(said.overrides)
    asked = question_of(words, said.folder, said.trust)
    watched = watch(wish, list(asked.arms)) if wish else None
    folder = folder_for(Path(out) if out else None, asked.scenario.name, said.overrides, said.folder)
    bar = progress or progress_for("seeds", asked.scenario.replications)
    with held(folder):
        face.compare(words, folder, said.folder, said.trust, threads, bar, watched)
        write_estimates(folder)
        write_memo(folder)
        write_report(folder)
    return Comparison(folder)


def sweep(
    scenario: Words = (), out: str | Path | None = None, *, vary: Mapping[str, str | Sequence[Any]], scenarios: str | Path | None = None,
    trust: Words = (), threads: int | None = None, progress: Callable[[int, int, str], None] | None = None, **settings: Any,
) -> Results:  # fmt: skip
    """Run a comparison at every point of a grid or a design, and read what came of it; the same call goes on after an interruption.

    vary: for each key its values, or how it is spaced or drawn: {"campaign.budget": [0, 4e5], "audience.like": "uniform(-3,-2)"},
    the second beside design="lhs:64". scenario, scenarios, trust, settings: as for `load_scenario`; out: a folder, else one in
    outputs/. threads, progress: as for `compare`, of families. Families that failed are named in the manifest of what is returned.
    """
    said = _asked(scenario, scenarios, trust, settings)
    drawn = [f"{key}={of if isinstance(of, str) else ','.join(map(as_word, of))}" for key, of in vary.items()]
    asked = ask([*said.overrides, *drawn], str(out) if out else None, said.folder, said.trust)
    bar = progress or progress_for("families", asked.forecast.families)
    asked.run(threads, (lambda done, total, note, _: bar(done, total, note)) if bar else None)
    with held(Path(str(asked.store))):
        compact(Path(str(asked.store)))
    return load(Path(str(asked.store)))


def read_comparison(folder: str | Path) -> Comparison:
    """What `compare` or the command has left in a folder, which may come from anywhere. Raises ScenarioError where it is damaged."""
    check_comparison(Path(folder))
    return Comparison(folder)


def _asked(
    scenario: Scenario | Words, scenarios: str | Path | None, trust: Words, settings: Mapping[str, Any]
) -> Asked:
    """What was asked, in the words of the command line; one trusted module may be given as a string."""
    if isinstance(scenario, Scenario):
        if settings or scenarios or trust:
            given = ", ".join(settings) or "scenarios, trust"
            raise ScenarioError(f"{given}: given beside a loaded scenario; say it to load_scenario")
        return face.asked_of(scenario)
    modules = (trust,) if isinstance(trust, str) else tuple(trust)
    return Asked(tuple(words_of(scenario, settings)), Path(scenarios) if scenarios else None, modules)
