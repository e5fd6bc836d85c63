"""Detectors of accounts on labelled logs: `benchmark` writes the logs, `score` says what anybody's flags on them are worth."""

import json
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.options import Json
from sim.cli.terminal import Progress, compiling, say

Levels = Annotated[
    list[str] | None, typer.Option("--level", help="A level of craft, such as careful; may be given again; else all.")
]


def benchmark(
    out: Annotated[Path, typer.Argument(help="Folder that is written; an unfinished benchmark in it is gone on with.")],
    salt: Annotated[
        str | None, typer.Option("--salt", help="A secret on which the test worlds hang; without one everybody can make their labels.")
    ] = None,
    level: Levels = None,
    quick: Annotated[bool, typer.Option("--quick", help="A tiny one, in less than a minute, for trying things out.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what it will cost, and end.")] = False,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Write labelled logs in graded difficulty for detectors of coordinated accounts: training worlds, sealed test worlds, datasheet."""
    from analysis.benchmark.benchmark import cost_in_words, in_words, write_benchmark
    from analysis.benchmark.plan import Order, check_salt, settings
    from sim.runs.recording.folders import check_writable, hold

    design = settings().quick if quick else settings().whole
    order = Order(design.only(level or []), check_salt(salt))
    check_writable(out)
    say(f"{cost_in_words(order)}{compiling()}")
    if dry_run:
        return
    hold(out)
    progress = Progress("worlds", one_by_one=True)
    summary = write_benchmark(order, out, progress, say)
    print(json.dumps(summary) if as_json else in_words(summary))


def score(
    flags: Annotated[
        Path, typer.Argument(help="CSV or Parquet with world, account_id and, if you have them, score and hour; or a folder of WORLD.csv.")
    ],
    folder: Annotated[Path, typer.Argument(metavar="BENCHMARK", help="A folder that benchmark has written, or its public part.")],
    level: Levels = None,
    which: Annotated[str | None, typer.Option("--set", help="training or test; else the one whose worlds are in the flags.")] = None,
    sealed: Annotated[Path | None, typer.Option("--sealed", help="The sealed folder, where it does not lie beside the public one.")] = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Say what a detector's flags are worth: found, precision at real base rates, innocents hit, delay, by level of craft."""
    from analysis.benchmark.benchmark import score_in_words, score_of

    found = score_of(flags, folder, which, level or [], sealed)
    print(json.dumps(found.document) if as_json else score_in_words(found))
