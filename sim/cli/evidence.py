"""What an investigating body could publish of a finished world: `evidence`."""

import json
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.options import Json, Out, Scenarios, Threads, Trust, folder_for
from sim.cli.terminal import Progress, compiling, counted, say


def evidence(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder of run or compare, made with a record (record=standard).")],
    viewer: Annotated[
        str | None, typer.Option("--viewer", help="Whose record: regulator, outsider, platform; else the regulator's where one asks.")
    ] = None,
    day: Annotated[
        str | None, typer.Option("--day", help="Day on which it is looked at; else of the last answer to a regulator, else the last.")
    ] = None,
    ledger: Annotated[bool, typer.Option("--ledger/--no-ledger", help="Whether payments were seized.")] = False,
    seed: Annotated[int | None, typer.Option("--seed", help="Which world of a comparison; else the first.")] = None,
    arm: Annotated[str | None, typer.Option("--arm", help="Which arm of a comparison; else the first with a campaign.")] = None,
    alleged: Annotated[
        str | None, typer.Option("--alleged", help="Preset of the campaign that is alleged, whatever was at work; else coordinated.")
    ] = None,
    worlds: Annotated[
        int | None, typer.Option("--worlds", min=2, max=1000, help="Worlds kept out of each explanation; else 8. More tell more.")
    ] = None,
    scenarios: Scenarios = None, out: Out = None, threads: Threads = None, as_json: Json = False, trust: Trust = None,
) -> None:  # fmt: skip
    """Write what an investigating body could publish of a world: statements, their likelihood ratios, and what cannot be said."""
    from analysis.evidence.write import Options, in_words, request_of, write_evidence
    from sim.runs.crates import CONFIG, MANIFEST
    from sim.runs.crates.repeating import repeatable
    from sim.runs.recording.folders import check_writable
    from sim.scenario.files import check_folder
    from sim.scenario.plug_ins import find_plug_ins
    from sim.scenario.schema import ScenarioError

    modules = tuple(trust or ())
    check_folder(scenarios)
    find_plug_ins(scenarios, modules)
    for name in (CONFIG, MANIFEST):
        if not (folder / name).is_file():
            raise ScenarioError(f"{folder}: holds no {name}; allowed is a folder that run or compare has written")
    asked = repeatable(folder, modules)
    options = Options(viewer, day, ledger, seed, arm, alleged, worlds)
    request = request_of(folder, asked.scenario, asked.question, options, modules)
    check_writable(out or folder / "evidence")
    kinds = len(request.case.rivals) + 1
    say(f"{request.case.scenario.title}: one world again, its twin, and {counted(kinds, 'explanation')}{compiling()}")
    target = folder_for(out or folder / "evidence", "", [], None)
    summary = write_evidence(request, target, modules, threads, Progress("worlds"), say)
    print(json.dumps(summary) if as_json else in_words(summary))
