"""The simulator itself: `validate` holds it against what is known, `calibrate` searches for a platform that fits."""

import json
from typing import Annotated

import typer

from sim.cli.options import Json, Out, Overrides, Threads, folder_for
from sim.cli.terminal import Progress, say
from sim.scenario.schema import ScenarioError


def validate(
    quick: Annotated[bool, typer.Option("--quick", help="Under three minutes on two cores: nulls, known answers, small versions.")] = False,
    full: Annotated[bool, typer.Option("--full", help="Hours: scale and coverage; goes on from finished worlds.")] = False,
    only: Annotated[list[str] | None, typer.Option("--only", help="One study, such as nulls; may be given again.")] = None,
    document: Annotated[bool, typer.Option("--document", help="Keep the results with their date, renew docs/VALIDATION.md.")] = False,
    out: Out = None, threads: Threads = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Hold the simulator against what is published, what must be null, and what is known. A missed target is a result: status 0."""
    from analysis.validation.document import write_document
    from analysis.validation.run import validate as validate_all
    from analysis.validation.studies import chosen
    from analysis.validation.target import Effort
    from sim.runs.engines import cores

    if quick and full:
        raise ScenarioError("--quick and --full given, allowed one of them, or neither")
    effort: Effort = "quick" if quick else "full" if full else "normal"
    studies = chosen(only or [])
    folder = folder_for(out, f"validate-{effort}", [], None)
    progress = Progress("")
    found = validate_all(
        studies, effort, folder, threads or cores(),
        lambda share, note, left: progress.say(f"{share:.0%} {note}", share >= 1.0, left),
    )  # fmt: skip
    if document:
        say(f"{write_document(found.results)}")
    if as_json:
        print(json.dumps(found.document))
    else:
        print("\n".join([*found.lines(), str(folder / "validation.html")]))
    if found.document["failed"]:
        raise RuntimeError("; ".join(f"study {name}: {why}" for name, why in found.document["failed"].items()))


def calibrate(
    overrides: Overrides = None,
    vary: Annotated[list[str] | None, typer.Option("--vary", help="KEY=LOW:HIGH; may be given again; else the default list.")] = None,
    rounds: Annotated[int, typer.Option(min=1, help="Designs, each in a smaller box around the best so far.")] = 3,
    points: Annotated[int, typer.Option(min=2, help="Worlds of each round.")] = 8,
    out: Out = None, threads: Threads = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Search parameters of platform_check for the statistics of real platforms; writes presets, changes no default."""
    from analysis.assumptions.calibration import Plan, in_words, ranges
    from analysis.assumptions.calibration import calibrate as search
    from sim.runs.engines import cores

    plan = Plan(ranges(vary or []), tuple(overrides or ()), rounds, points)
    folder = folder_for(out, "calibrate", [f"{vary} {rounds} {points}", *(overrides or [])], None)
    say(plan.in_words(threads or cores()))
    found = search(plan, folder, threads or cores(), Progress("worlds"))
    print(json.dumps(found) if as_json else in_words(found))
