"""The simulator itself: `validate` holds it against what is known, `calibrate` searches for a platform that fits."""

import json
from collections.abc import Mapping
from pathlib import Path
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
    rounds: Annotated[int | None, typer.Option(min=1, help="Designs, each in a smaller box around the best so far; else 3.")] = None,
    points: Annotated[int | None, typer.Option(min=2, help="Of each round, else 8; with --set of each wave, else 200.")] = None,
    as_set: Annotated[bool, typer.Option("--set", help="All settings that are not ruled out, instead of the nearest one.")] = False,
    members: Annotated[int | None, typer.Option(min=1, help="With --set: settings that are run and kept; else 64.")] = None,
    waves: Annotated[int | None, typer.Option(min=1, help="With --set: designs, each in what the one before left; else 3.")] = None,
    seeds: Annotated[int | None, typer.Option(min=1, help="With --set: worlds of each member; else 2.")] = None,
    misses: Annotated[int | None, typer.Option(min=0, max=3, help="With --set: statistics that a setting may miss; else 0.")] = None,
    discrepancy: Annotated[float | None, typer.Option(min=0.0, max=3.0, help="With --set: what no setting mends, in tolerances.")] = None,
    form: Annotated[list[str] | None, typer.Option("--form", help="With --set: such as shipped; may be given again; else all.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what it will cost, and end.")] = False,
    keep: Annotated[bool, typer.Option("--keep", help="With --set: keep the set in analysis/reference_data.")] = False,
    out: Out = None, threads: Threads = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Search parameters of platform_check for the statistics of real platforms; writes presets, changes no default."""
    only_set = {"--members": members, "--waves": waves, "--seeds": seeds, "--misses": misses, "--discrepancy": discrepancy,
                "--form": form, "--keep": keep or None}  # fmt: skip
    check_goes_with("--set", as_set, {name: value for name, value in only_set.items() if value is not None})
    check_goes_with("a search for the nearest one, without --set", not as_set, {"--rounds": rounds} if rounds else {})
    if not as_set:
        _nearest(overrides or [], vary or [], rounds or 3, points or 8, dry_run, out, threads, as_json)
        return
    from analysis.assumptions.calibration import ranges
    from analysis.assumptions.ensemble import EnsemblePlan, ensemble, forms, in_words
    from analysis.assumptions.ensemble import keep as keep_it
    from analysis.assumptions.history_matching import FEWEST_REPEATED, Design
    from sim.runs.engines import cores

    if points is not None and points < FEWEST_REPEATED:
        raise ScenarioError(f"--points: {points} given, allowed with --set {FEWEST_REPEATED} or more")
    words = tuple(overrides or ())
    plan = EnsemblePlan(
        forms(form or [], ranges(vary) if vary else (), words), words, Design(waves or 3, points or 200, misses or 0),
        members or 64, seeds or 2, discrepancy or 0.0,
    )  # fmt: skip
    say(plan.in_words(threads or cores()))
    if dry_run:
        return
    folder = folder_for(
        out, "calibrate-set", [repr((form, vary, plan.design, plan.size, plan.seeds, plan.discrepancy)), *words], None
    )
    found = ensemble(plan, folder, threads or cores(), Progress("worlds"))
    if keep:
        say(f"kept in {keep_it(folder)}")
    print(json.dumps(found) if as_json else in_words(found))


def check_goes_with(what: str, is_asked: bool, options: Mapping[str, object]) -> None:
    """Whether options were given that mean nothing here. Raises ScenarioError."""
    if options and not is_asked:
        raise ScenarioError(f"{', '.join(options)} given, allowed with {what}")


def _nearest(
    overrides: list[str], vary: list[str], rounds: int, points: int, dry_run: bool, out: Path | None, threads: int | None, as_json: bool
) -> None:  # fmt: skip
    """Search for the setting whose statistics are nearest."""
    from analysis.assumptions.calibration import Plan, in_words, ranges
    from analysis.assumptions.calibration import calibrate as search
    from sim.runs.engines import cores

    plan = Plan(ranges(vary), tuple(overrides), rounds, points)
    say(plan.in_words(threads or cores()))
    if dry_run:
        return
    folder = folder_for(out, "calibrate", [f"{vary or None} {rounds} {points}", *overrides], None)
    found = search(plan, folder, threads or cores(), Progress("worlds"))
    print(json.dumps(found) if as_json else in_words(found))
