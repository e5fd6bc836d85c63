"""Paired arms over many seeds: `compare` runs them, `report` writes their report again."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from sim.cli.lab import write as write_replay
from sim.cli.options import Json, NoCache, Out, Overrides, Replay, Scenarios, Threads, Trust, folder_for
from sim.cli.terminal import Progress, compiling, counted, say
from sim.scenario.schema import ScenarioError


def compare(
    overrides: Overrides = None, scenarios: Scenarios = None, out: Out = None, threads: Threads = None,
    with_replay: Replay = False, as_json: Json = False, trust: Trust = None, no_cache: NoCache = False,
) -> None:  # fmt: skip
    """Run paired arms over many seeds, and write the report."""
    from analysis.assumptions.members import run_design
    from analysis.estimates.enough import watch
    from sim.runs.effects import idle
    from sim.runs.engines import cores
    from sim.runs.enough import wish_of
    from sim.runs.face import compare as compare_arms
    from sim.runs.members import spread_of
    from sim.runs.question import question_of

    said, spread = spread_of(overrides or [])
    words, wish = wish_of(said)
    asked = question_of(words, scenarios, tuple(trust or ()))
    watched = watch(wish, list(asked.arms)) if wish else None
    folder = folder_for(out, asked.scenario.name, overrides or [], scenarios)
    for line in _announced(asked, watched is not None, spread, threads or cores()):
        say(line)
    for line in idle(words, scenarios, tuple(trust or ()), compared=True):
        say(line)
    trusted, progress = tuple(trust or ()), Progress("seeds")
    summary = compare_arms(
        words, folder, scenarios, trusted, threads, progress, watched, spread, keep_warm_ups=not no_cache
    )
    if spread:
        run_design(words, spread, folder, scenarios, tuple(trust or ()), threads, Progress("seeds of sets"))
    estimates, lines = _write(folder)
    if with_replay:
        summary["replay"] = str(write_replay(folder, None, tuple(trust or ()))["out"])
        lines.append(summary["replay"])
    if as_json:
        print(json.dumps({**summary, "estimates": json.loads(estimates.to_json(orient="records"))}))
        return
    print("\n".join(lines))


def _announced(asked: Any, watched: bool, spread: Any, workers: int) -> Iterator[str]:
    """What is going to be run, and what of it may be more than this machine has. asked: a `Question`; spread: a `Spread`, if any."""
    from sim.runs.cost import warnings

    scenario, seeds = asked.scenario, asked.scenario.replications
    said = f"{'up to ' if watched else ''}{counted(seeds, 'seed')}, {counted(scenario.clock.days, 'day')}"
    yield f"{scenario.title}; {len(asked.arms)} arms, {said}{compiling()}"
    yield f"arms: {', '.join(asked.arms)}"
    if asked.versions:
        yield f"and {counted(len(asked.versions), 'version')} of the campaign"
    if spread:
        each = counted(spread.member_replications, "seed")
        yield f"then {spread.members} sets of assumptions, drawn from their ranges, each with {each}"
        seeds += spread.members * spread.member_replications
    desks = sum(rules.moderation.start is not None for rules in asked.arms.values())
    yield from warnings(scenario, len(asked.arms) + len(asked.versions), seeds, workers, desks)


def _write(folder: Path) -> tuple[Any, list[str]]:
    """Leave estimates, memo and report in a folder; the table of estimates, and the lines that are printed."""
    from analysis.estimates.election_words import lines_of
    from analysis.estimates.kept_bands import both_lines
    from analysis.estimates.table import write_estimates
    from analysis.estimates.varied import what_it_hangs_on
    from analysis.estimates.words import headline
    from analysis.report.memo import write_memo
    from analysis.report.sections import write_report

    estimates = write_estimates(folder)
    write_memo(folder)
    page = write_report(folder)
    return estimates, [*headline(folder), *lines_of(folder), *both_lines(folder), *what_it_hangs_on(folder), str(page)]


def vary(
    question: Annotated[str, typer.Argument(help="Which assumption: a name from `groundswell list vary`.")],
    overrides: Overrides = None, scenarios: Scenarios = None, out: Out = None, threads: Threads = None,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the answers in analysis/reference_data, for the reports.")] = False,
    as_json: Json = False, trust: Trust = None,
) -> None:  # fmt: skip
    """Run a comparison under several settings of an assumption that nobody knows."""
    from analysis.assumptions.vary import question as question_named
    from analysis.assumptions.vary import vary as vary_it
    from analysis.estimates.varied import keep as keep_it
    from analysis.estimates.varied import lines
    from sim.runs.question import question_of

    asked, words = question_named(question, scenarios), overrides or []
    first = question_of([*asked.words, *words], scenarios, tuple(trust or ()))
    folder = folder_for(out, f"vary_{asked.name}", words, scenarios)
    say(
        f"{asked.title}: {counted(len(asked.settings), 'setting')}, each with {len(first.arms)} arms and "
        f"{counted(first.scenario.replications, 'seed')}{compiling()}"
    )
    found = vary_it(asked, words, folder, scenarios, tuple(trust or ()), threads, Progress("settings"))
    if keep:
        say(f"kept in {keep_it(found)}")
    if as_json:
        print(json.dumps({"out": str(folder), "rows": json.loads(found.rows.to_json(orient="records"))}))
        return
    print("\n".join(lines(found)))
    print(folder)


def report(
    folder: Annotated[Path, typer.Argument(help="A folder that compare has written.")],
    keep: Annotated[
        bool,
        typer.Option(
            "--keep",
            help="Keep its answers in analysis/reference_data, for other reports.",
        ),
    ] = False,
) -> None:
    """Write the report of a finished comparison again."""
    from sim.runs.recording.folders import hold
    from sim.runs.recording.results import check_comparison

    check_comparison(folder)
    hold(folder)
    with _going_together(folder):
        lines = _write(folder)[1]
    if keep:
        say(f"kept in {_keep_bands(folder) or _keep_by_campaign(folder)}")
    print("\n".join(lines))


@contextmanager
def _going_together(folder: Path) -> Iterator[None]:
    """A folder from anywhere, whose parts do not go together, is refused as a request that is wrong."""
    try:
        yield
    except ScenarioError:
        raise
    except (KeyError, IndexError, AttributeError, TypeError, ValueError, ArithmeticError, FileNotFoundError) as error:
        raise ScenarioError(
            f"{folder}: what it holds does not go together ({type(error).__name__}: {str(error)[:80]}); the command in its "
            "manifest.json makes it again"
        ) from error


def _keep_bands(folder: Path) -> Path | None:
    """Keep what assumptions do to the answers, where sets of them were run."""
    from analysis.estimates.kept_bands import DESIGN, bands_for, keep
    from sim.runs.recording import read_json

    found = bands_for(folder, read_json(folder / "manifest.json")) if (folder / DESIGN).is_dir() else None
    return keep(found) if found else None


def _keep_by_campaign(folder: Path) -> Path:
    """Keep what each policy takes from each campaign of a comparison of several."""
    from analysis.estimates.varied import by_campaign, varied
    from analysis.estimates.varied import keep as keep_it
    from analysis.report.findings import Findings

    found = Findings(folder)
    if len(found.craft) == 0:
        raise ScenarioError(
            f"{folder}: compares one campaign; allowed is a comparison of several, such as arms=detection, or one with assumptions=ranges"
        )
    title, command = "How much care the campaign takes", str(found.manifest["command"])
    return keep_it(varied("evasion", title, found.manifest, command, by_campaign(found.craft)))


def sensitivity(
    folder: Annotated[Path, typer.Argument(help="A folder that compare with assumptions=ranges has written.")],
) -> None:
    """Which assumption matters, and what would change the conclusion: from sets of assumptions that were run."""
    from analysis.assumptions.members import read_design, sets_of
    from analysis.estimates.what_matters import lines, what_matters
    from sim.runs.recording.folders import hold
    from sim.runs.recording.results import check_comparison

    check_comparison(folder)
    hold(folder)
    with _going_together(folder):
        sets = sets_of(read_design(folder))
        found = what_matters(folder, sets)
        said = [*lines(found, sets), _write(folder)[1][-1]]
    print("\n".join(said))
