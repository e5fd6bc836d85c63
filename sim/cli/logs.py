"""A log of any origin: `detect` finds who acted together in it."""

import json
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.options import Json, Out, folder_for


def detect(
    file: Annotated[Path, typer.Argument(help="CSV, plain or gzipped, or Parquet, with object_id, account_id and timestamp_share.")],
    window: Annotated[int, typer.Option(help="Seconds; acts on one object at most so far apart are in common.")] = 60,
    repetitions: Annotated[int, typer.Option(help="Different objects on which a pair must have acted together.")] = 2,
    correct_popularity: Annotated[
        bool, typer.Option("--correct-popularity", help="Objects on which many acted count for less (TF-IDF).")
    ] = False,
    draws: Annotated[
        int, typer.Option(help="Shuffles that give the rate of chance: of whose act is whose, within each day.")
    ] = 20,
    seed: Annotated[int, typer.Option(help="Seed of the shuffles.")] = 1,
    times: Annotated[
        str, typer.Option(help="seconds, milliseconds, microseconds, nanoseconds, iso, day-first or month-first; auto tells.")
    ] = "auto",
    encoding: Annotated[str | None, typer.Option(help="Of a CSV file that is not UTF-8, such as latin-1.")] = None,
    out: Out = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Find accounts that acted together in a log of your own, and how many would by chance."""
    from analysis.detection.detect import detect as detect_in
    from analysis.detection.detect import in_words

    question = {"window": window, "repetitions": repetitions, "correct_popularity": correct_popularity,
                "draws": draws, "seed": seed}  # fmt: skip
    summary = detect_in(
        file,
        lambda: folder_for(out, f"{file.stem}-detect", [str(file), str(question)], None),
        question,
        times,
        encoding,
    )
    print(json.dumps(summary) if as_json else in_words(summary))
