"""Comparisons at many points of a design: `sweep` runs them, here or on a cluster."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from sim.cli.options import Json, Overrides, Scenarios, Threads, Trust
from sim.cli.terminal import Progress, compiling, counted, say, tell_notes

FAILED = 1  # status
A_DAY = 86_400.0  # seconds


def sweep(
    overrides: Overrides = None, scenarios: Scenarios = None,
    out: Annotated[
        str | None, typer.Option("--out", help="Folder, or a place such as s3://bucket/name; else one in outputs/.")
    ] = None,
    threads: Threads = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what it comes to.")] = False,
    as_json: Json = False, trust: Trust = None,
) -> int:  # fmt: skip
    """Run a comparison at every point of a grid or a design, here or on a cluster; it goes on where it was interrupted."""
    from sim.runs.sweeps.ask import ask

    asked = ask(overrides or [], out, scenarios, tuple(trust or ()))
    expected = asked.forecast
    for line in _announced(asked.plan, expected, threads):
        say(line)
    if dry_run:
        print(json.dumps(vars(expected)) if as_json else _in_words(expected))
        return 0
    progress = Progress("families")
    tell_notes()
    found = asked.run(
        threads, lambda done, total, note, left: progress.say(f"{done}/{total} families {note}", done >= total, left)
    )
    print(json.dumps(found) if as_json else _outcome(found))
    return FAILED if found["failed"] else 0


def _announced(plan: Any, expected: Any, threads: int | None) -> Iterator[str]:
    """What is going to be run, and what of it is much."""
    from sim.runs.engines import cores

    base = next(iter(plan.bases.values()))
    yield f"{base.scenario.title}; {_in_words(expected)}{compiling()}"
    yield f"arms: {', '.join([*base.arms, *base.versions])}"
    if not plan.keys:
        yield "nothing varies: one point; an axis is such as campaign.budget=0,1e5,4e5"
    days = expected.core_seconds / (threads or cores()) / A_DAY
    if days > 1:
        yield f"this takes about {days:.1f} days on this machine's cores; what is finished is kept, and the same command goes on"


def _in_words(expected: Any) -> str:
    """A forecast."""
    return (
        f"{counted(expected.points, 'point')}, {expected.families:,} families, {expected.runs:,} runs: about "
        f"{_duration(expected.core_seconds)} of one core, {expected.memory / 1e9:.2g} GB of memory a family, "
        f"{expected.disk / 1e6:,.3g} MB on disk"
    )


def _duration(seconds: float) -> str:
    """In the unit in which one reads it."""
    return f"{seconds / 3600:,.3g} hours" if seconds >= 3600 else f"{max(1, round(seconds / 60))} min"


def _outcome(found: dict[str, Any]) -> str:
    """The last lines of a sweep."""
    lines = [
        f"{found['asked']:,} families: {found['computed']:,} computed, {found['reused']:,} were there, {found['failed']:,} failed; "
        f"digest {found['digest'][:12]}"
    ]
    if found["failed"]:
        lines.append(f"{found['out']}/sweep.json says why; the same command tries them again")
    if "://" not in found["out"]:
        lines.append(f"groundswell compact {found['out']} makes tables of it")
    return "\n".join([*lines, found["out"]])


def compact(
    folder: Annotated[Path, typer.Argument(help="A folder that sweep has written.")], as_json: Json = False
) -> int:  # fmt: skip
    """Make tables of the files of a sweep: runs, series and estimates, with the columns of the design beside them."""
    from analysis.sweeps.compact import compact as compact_it
    from analysis.sweeps.compact import read_index
    from sim.runs.recording.folders import held

    read_index(folder)  # a folder that holds no sweep is not made or held
    with held(folder):
        found = compact_it(folder)
    rows = ", ".join(f"{name} {count:,}" for name, count in found.rows.items())
    print(json.dumps({"out": str(folder), **found.rows, "missing": found.missing}) if as_json else f"rows: {rows}")
    for points in found.same:
        say(
            f"points {', '.join(map(str, points))} are the same, world by world: what differs between them made no difference"
        )
    if found.missing:
        say(f"{found.missing:,} families are not there: the command of {folder}/sweep.json computes them")
    return FAILED if found.missing else 0


def query(
    folder: Annotated[Path, typer.Argument(help="A folder that compare or compact has written.")],
    sql: Annotated[str, typer.Argument(help="A question in SQL to the tables runs, series, estimates and design.")],
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Ask something of the tables of a folder in SQL."""
    from analysis.sweeps.query import query as ask

    found = ask(folder, sql)
    if as_json:
        print(found.to_json(orient="records"))
    elif as_csv:
        print(found.to_csv(index=False, lineterminator="\n"), end="")
    else:
        print(found.to_string(index=False) if len(found) else "no rows")
