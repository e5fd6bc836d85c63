"""One world: `run` simulates it, `audit` watches a finished one with fresh accounts."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.lab import write as write_replay
from sim.cli.options import (
    Cascades,
    Events,
    Graph,
    Json,
    Out,
    Overrides,
    Replay,
    Scenarios,
    Statements,
    Threads,
    Trust,
    folder_for,
)
from sim.cli.terminal import Progress, compiling, say

if TYPE_CHECKING:
    from sim.scenario.config import Scenario


def run(
    overrides: Overrides = None, scenarios: Scenarios = None, out: Out = None, threads: Threads = None,
    events: Events = False, graph: Graph = None, cascades: Cascades = None, statements: Statements = None,
    with_replay: Replay = False, as_json: Json = False, trust: Trust = None,
) -> None:  # fmt: skip
    """Simulate one world."""
    from sim.runs.build import scenario_of
    from sim.runs.cost import warnings
    from sim.runs.effects import idle
    from sim.runs.face import simulate
    from sim.runs.interchange import check_files, recorders
    from sim.scenario.files import compose

    document = compose(overrides or [], scenarios, tuple(trust or ()))
    scenario = scenario_of(document, tuple(trust or ()))
    check_files({"--graph": graph, "--cascades": cascades, "--statements": statements}, scenario)
    folder = folder_for(out, f"{scenario.name}-run", overrides or [], scenarios)
    if threads:
        import numba

        numba.set_num_threads(min(threads, numba.get_num_threads()))  # all cores, unless the environment says fewer
    say(f"{scenario.title}; {scenario.campaign.name}, {scenario.moderation.name}{compiling()}")
    for line in (*warnings(scenario), *idle(overrides or [], scenarios, tuple(trust or ()), compared=False)):
        say(line)
    progress = Progress("hours", one_by_one=True)
    log = folder / "events.parquet" if events else None
    result = simulate(
        scenario, lambda done, total: progress(done, total, ""), recorders(log, graph, cascades, statements)
    )
    result.write(folder, document)
    summary = {"out": str(folder), **result.summary}
    if with_replay:
        summary["replay"] = str(write_replay(folder, None, tuple(trust or ()))["out"])
    if as_json:
        print(json.dumps(summary))
        return
    print("\n".join(_in_words(result.run, scenario, summary["wall_s"])))
    if with_replay:
        print(summary["replay"])
    print(f"{folder}")


def _in_words(row: Mapping[str, Any], scenario: "Scenario", seconds: float) -> list[str]:
    """What one world came to, for whoever reads it on a terminal."""
    seen, label = row["candidate_impressions"] / row["genuine_users"], scenario.campaign.candidate
    lines = [
        f"{row['users']:,} users, {row['impressions']:,} impressions in {seconds:.1f} s; digest {row['digest'][:12]}",
        f"candidate {label}: {seen:.2f} impressions per genuine user, {row['reach'] / row['genuine_users']:.0%} of them reached",
    ]
    if scenario.holds_election:
        lines.append(
            f"votes (exploratory: no public estimate of what exposure does to votes exists): {row['election_share']:.1%} in the mean of "
            f"all draws ({row['election_share_unmoved']:.1%} where exposure moves nobody), in the run-off in "
            f"{row['election_run_off']:.1%} of them"
        )
    if scenario.moderation.policies:
        lines.append(
            f"{scenario.moderation.name} acted on {row['posts_actioned']:,} posts ({row['genuine_posts_actioned']:,} of them genuine) and "
            f"{row['accounts_actioned']:,} accounts ({row['genuine_accounts_actioned']:,} genuine)"
        )
    return lines


def audit(
    folder: Annotated[Path, typer.Argument(help="A folder that run has written.")],
    accounts: Annotated[int, typer.Option(help="Fresh accounts; they follow every candidate and nobody else.")] = 12,
    minutes: Annotated[float, typer.Option(help="Minutes that each watches a day.")] = 30.0,
    day: Annotated[int | None, typer.Option(help="Measured day on which they are opened; else as late as it goes.")] = None,
    days: Annotated[int, typer.Option(help="Days on which they watch.")] = 3,
    scenarios: Scenarios = None, out: Out = None, as_json: Json = False, trust: Trust = None,
) -> None:  # fmt: skip
    """Replay a finished world and report what fresh accounts are shown of each candidate."""
    from analysis.report.audit import in_words, write_audit
    from sim.runs.face import audit as audit_folder
    from sim.runs.recording.folders import check_writable
    from sim.scenario.files import check_folder
    from sim.scenario.plug_ins import find_plug_ins

    check_folder(scenarios)
    find_plug_ins(scenarios, tuple(trust or ()))
    question = {"accounts": accounts, "minutes": minutes, "day": day, "days": days}
    say(f"{folder} is replayed, then watched by fresh accounts{compiling()}")
    check_writable(out or folder / "audit")
    progress = Progress("hours", one_by_one=True)
    done = audit_folder(folder, question, tuple(trust or ()), lambda now, total: progress(now, total, ""))
    summary = write_audit(folder_for(out or folder / "audit", "", [], None), folder, *done)
    print(json.dumps(summary) if as_json else in_words(summary))
