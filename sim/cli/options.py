"""Options that commands share, and the folder that a command writes into."""

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.completion import overrides_and_presets


def said_once(words: list[str] | None) -> list[str] | None:
    """Choices of which none is said twice."""
    from sim.scenario.overrides import check_once  # late: it reads presets

    check_once([word for word in words or () if "=" in word or word.startswith("~")])
    return words


Overrides = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[KEY=VALUE]...",
        help="Such as scenario=classroom seed=3 campaign=quiet.",
        autocompletion=overrides_and_presets,
        callback=said_once,
    ),
]
Scenarios = Annotated[Path | None, typer.Option("--scenarios", help="Your own folder of presets, searched as well.")]
Out = Annotated[Path | None, typer.Option("--out", help="Folder for what is written; else one in outputs/.")]
Threads = Annotated[int | None, typer.Option("--threads", min=1, help="Cores to use; else all.")]
Events = Annotated[
    bool, typer.Option("--events", help="Also write every engagement, as coordination detectors read it.")
]
Graph = Annotated[
    Path | None, typer.Option("--graph", help="Also write who follows whom at the end: a file.graphml or .parquet.")
]
Cascades = Annotated[
    Path | None, typer.Option("--cascades", help="Also write who shared what from whom: a file.graphml or .parquet.")
]
Statements = Annotated[
    Path | None,
    typer.Option(
        "--statements", help="Also write moderation's statements of reasons, as for the DSA database: a file.csv."
    ),
]
Replay = Annotated[
    bool, typer.Option("--replay", help="Also write replay.html: one file that shows the first seed hour by hour.")
]
NoCache = Annotated[
    bool,
    typer.Option("--no-cache", help="Simulate the days before the first measured one again, and keep nothing of them."),
]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output, and nothing else there.")]
Trust = Annotated[list[str] | None, typer.Option("--trust", help="A module whose classes a scenario may name.")]


def folder_for(out: Path | None, name: str, overrides: list[str], scenarios: Path | None) -> Path:
    """The output folder, made before any work and held until the command ends; the same request finds its folder again."""
    from sim.runs.recording.folders import folder_for as named  # late: it imports what tables need
    from sim.runs.recording.folders import hold

    folder = named(out, name, overrides, scenarios)
    hold(folder)
    return folder
