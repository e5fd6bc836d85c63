"""The lab: `lab` serves the page on this machine, `replay` writes it as one file."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.options import Json, Out, Trust
from sim.cli.terminal import Progress, compiling, say

if TYPE_CHECKING:
    from sim.model import CampaignModel

REPLAY = "replay.html"  # in the folder of a run or a comparison
ANSWERS = ".answers.txt"  # what takes the place of .html


def lab(
    port: Annotated[int | None, typer.Option("--port", min=1, max=65535, help="Port; else the first free one from 8765 on.")] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Do not open a browser.")] = False,
    share: Annotated[bool, typer.Option("--share", help="Let a class on this network in, with a code.")] = False,
    out: Out = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Serve the page on this machine, with controls that run other worlds, until Ctrl-C."""
    from sim.scenario.schema import ScenarioError

    try:
        from analysis.lab.server.serve import Opening, serve
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] not in ("starlette", "uvicorn"):
            raise
        raise ScenarioError(
            f"lab: {error.name} is not installed; allowed is an installation with it: pip install 'groundswell[lab]'"
        ) from None
    tell = (lambda told: print(json.dumps(told), flush=True)) if as_json else None
    try:
        serve(Opening(port, share, not no_browser, out), say, tell)
    except KeyboardInterrupt:
        say("The lab has ended.")


def replay(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that run or compare has written, or a reel.")],
    out: Annotated[Path | None, typer.Option("--out", help="File to write; else replay.html in the folder.")] = None,
    as_json: Json = False, trust: Trust = None,
) -> None:  # fmt: skip
    """Write one file that shows a finished run or comparison hour by hour, in any browser, without Python or a network."""
    summary = write(folder, out, tuple(trust or ()))
    print(json.dumps(summary) if as_json else summary["out"])


class _Hours:
    """Says how far each world is; it is shown each hour of one."""

    def __init__(self) -> None:
        self.arm, self.progress = "", Progress("hours", one_by_one=True)

    def __call__(self, arm: str, model: "CampaignModel") -> None:
        """After an hour of an arm's world."""
        if arm != self.arm or model.world.hour == 1:
            self.arm, self.progress = arm, Progress("hours", one_by_one=True)
        self.progress(model.world.hour, model.clock.end, arm)


def write(folder: Path, out: Path | None, trust: tuple[str, ...]) -> dict[str, object]:
    """Film the worlds of a folder again, and write the page with them, and beside it what only the teacher should read.

    Raises ScenarioError.
    """
    import tempfile

    from analysis.lab.answer_key import answer_key
    from analysis.lab.asked import asked_in
    from analysis.lab.reel import REEL, reel_of
    from analysis.lab.replay import ReplayTooLargeError, write_replay
    from sim.runs.recording import read_json, write_whole
    from sim.runs.recording.folders import check_writable
    from sim.scenario.plug_ins import find_plug_ins
    from sim.scenario.schema import ScenarioError

    find_plug_ins(None, trust)
    target = out or folder / REPLAY
    check_writable(target.parent)
    with tempfile.TemporaryDirectory(prefix="groundswell-reel-") as place:
        reel = folder
        if not (folder / REEL).is_file():
            asked = asked_in(folder, trust)
            say(f"{folder}: its first seed is run again and filmed{compiling()}")
            reel = reel_of(asked, Path(place) / "reel", trust=trust, on_hour=_Hours())
        try:
            answers = answer_key(read_json(reel / REEL))
            size = write_replay(reel, target)
        except ReplayTooLargeError as error:
            raise ScenarioError(str(error)) from None
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ScenarioError(
                f"{reel / REEL}: is not as this version writes it ({type(error).__name__}); allowed is a reel that is whole"
            ) from None
        except OSError as error:
            raise ScenarioError(
                f"--out: {target} given, allowed a file that can be written ({error.strerror})"
            ) from None
        key = target.with_suffix(ANSWERS)
        write_whole(key, answers.encode())
    return {"out": str(target), "bytes": size, "answers": str(key)}
