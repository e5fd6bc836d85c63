"""Paired arms over many seeds: `compare` runs them, `report` writes their report again."""

import json
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.options import Json, Out, Overrides, Scenarios, Threads, Trust, folder_for
from sim.cli.terminal import Progress, compiling, counted, say
from sim.scenario.schema import ScenarioError


def compare(
    overrides: Overrides = None, scenarios: Scenarios = None, out: Out = None, threads: Threads = None,
    as_json: Json = False, trust: Trust = None,
) -> None:  # fmt: skip
    """Run paired arms over many seeds, and write the report."""
    from sim.runs.face import compare as compare_arms
    from sim.runs.question import question_of

    asked = question_of(overrides or [], scenarios, tuple(trust or ()))
    scenario, days = asked.scenario, asked.scenario.clock.days
    folder = folder_for(out, scenario.name, overrides or [], scenarios)
    say(
        f"{scenario.title}; {len(asked.arms)} arms, {counted(scenario.replications, 'seed')}, {counted(days, 'day')}{compiling()}"
    )
    say(f"arms: {', '.join(asked.arms)}")
    summary = compare_arms(overrides or [], folder, scenarios, tuple(trust or ()), threads, Progress("seeds"))
    from analysis.estimates.table import write_estimates
    from analysis.estimates.words import headline
    from analysis.report.memo import write_memo
    from analysis.report.sections import write_report

    estimates = write_estimates(folder)
    write_memo(folder)
    page = write_report(folder)
    if as_json:
        print(json.dumps({**summary, "estimates": json.loads(estimates.to_json(orient="records"))}))
        return
    print("\n".join(headline(folder)))
    print(page)


def report(folder: Annotated[Path, typer.Argument(help="A folder that compare has written.")]) -> None:
    """Write the report of a finished comparison again."""
    if not (folder / "runs.parquet").is_file():
        raise ScenarioError(f"{folder}: holds no runs.parquet; allowed is a folder that compare has written")
    from analysis.estimates.table import write_estimates
    from analysis.estimates.words import headline
    from analysis.report.memo import write_memo
    from analysis.report.sections import write_report

    write_estimates(folder)
    write_memo(folder)
    page = write_report(folder)
    print("\n".join(headline(folder)))
    print(page)
