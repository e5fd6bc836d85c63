"""Options that commands share, and the folder that a command writes into."""

from pathlib import Path
from typing import Annotated

import typer

from sim.scenario.schema import ScenarioError

Overrides = Annotated[
    list[str] | None,
    typer.Argument(metavar="[KEY=VALUE]...", help="Such as scenario=classroom seed=3 campaign=quiet."),
]
Scenarios = Annotated[Path | None, typer.Option("--scenarios", help="Your own folder of presets, searched as well.")]
Out = Annotated[Path | None, typer.Option("--out", help="Folder for what is written; else one in outputs/.")]
Threads = Annotated[int | None, typer.Option("--threads", min=1, help="Cores to use; else all.")]
Events = Annotated[
    bool, typer.Option("--events", help="Also write every engagement, as coordination detectors read it.")
]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output, and nothing else there.")]
Trust = Annotated[list[str] | None, typer.Option("--trust", help="A module whose classes a scenario may name.")]


def folder_for(out: Path | None, name: str, overrides: list[str], scenarios: Path | None) -> Path:
    """The output folder, made before any work; the same request finds its folder again."""
    from sim.runs.recording import name_of

    folder = out or Path("outputs") / f"{name}-{name_of([sorted(overrides), str(scenarios)])[:8]}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise ScenarioError(f"--out: {folder} given, allowed a folder that can be written ({error.strerror})") from None
    return folder
