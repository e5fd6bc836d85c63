"""What somebody outside the platform could have told: `outsider` looks again at the worlds of a comparison."""

import json
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.options import Json, Out, Threads, Trust
from sim.cli.terminal import Progress, compiling, counted, say


def outsider(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that compare has written, such as of arms=outsider.")],
    worlds: Annotated[
        int | None, typer.Option("--worlds", help="Seeds of each arm; else those of the folder. More go on from its last one.")
    ] = None,
    out: Out = None, threads: Threads = None, as_json: Json = False, trust: Trust = None,
) -> None:  # fmt: skip
    """Score what outsiders' instruments say of a comparison's worlds: bias, coverage, false alarms, and the first day of a right answer."""
    from analysis.outsider.command import in_words, order_of, write_outsider
    from sim.runs.recording.folders import check_writable, hold

    order = order_of(folder, worlds, tuple(trust or ()))
    place = out or folder / "outsider"
    check_writable(place)
    hold(place)
    arms = len(order.question.arms)
    say(f"{counted(arms, 'arm')}, {counted(len(order.seeds), 'seed')} are run again for their logs{compiling()}")
    summary = write_outsider(order, place, threads, Progress("worlds", one_by_one=True))
    print(json.dumps(summary) if as_json else in_words(summary))
