"""The command `groundswell`. Status 0 done, 1 failed, 2 the request was wrong, 130 interrupted."""

import os
import re
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.exceptions import TyperException

from sim.cli import (
    benchmarks,
    checks,
    comparisons,
    crates,
    evidence,
    lab,
    logs,
    outsiders,
    plug_ins,
    presets,
    sweeps,
    worlds,
)
from sim.cli.terminal import say
from sim.scenario.plug_ins import FILES
from sim.scenario.schema import ScenarioError
from sim.version import __version__

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="How much of a candidate's visibility was manufactured, and what would have damped it: in a model world.",
)
WRONG, FAILED, INTERRUPTED = 2, 1, 130
COMMANDS: dict[str, Callable[..., Any]] = {
    "run": worlds.run,
    "compare": comparisons.compare,
    "vary": comparisons.vary,
    "sweep": sweeps.sweep,
    "compact": sweeps.compact,
    "query": sweeps.query,
    "report": comparisons.report,
    "sensitivity": comparisons.sensitivity,
    "audit": worlds.audit,
    "evidence": evidence.evidence,
    "detect": logs.detect,
    "outsider": outsiders.outsider,
    "lab": lab.lab,
    "replay": lab.replay,
    "pack": crates.pack,
    "repeat": crates.repeat,
    "benchmark": benchmarks.benchmark,
    "score": benchmarks.score,
    "validate": checks.validate,
    "calibrate": checks.calibrate,
    "list": presets.list_presets,
    "show": presets.show,
    "new": plug_ins.new,
}
for name, command in COMMANDS.items():
    app.command(name)(command)


def _say_version(is_asked: bool) -> None:
    """Print the version, and nothing else is done."""
    if is_asked:
        print(f"groundswell {__version__}")
        raise typer.Exit()


@app.callback()
def _before_any_command(
    version: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """What stands before the name of a command; the help of the whole is that of `app`."""


def main() -> None:
    """The entry of the command, which turns what went wrong into a status."""
    _on_signals(_end)
    os.environ["MATPLOTLIBRC"] = str(Path(__file__).parent / "templates" / "matplotlibrc.txt")  # nobody else's is read
    status = status_of(lambda: app(prog_name="groundswell", standalone_mode=False))
    if status == INTERRUPTED:
        _on_signals(signal.SIG_IGN)  # what is left to do is quick
    raise SystemExit(status)


def _end(*_: object) -> None:
    """The first signal ends as an interrupt does, in order; a second one ends at once (workers end with their driver)."""
    _on_signals(lambda *_: os._exit(INTERRUPTED))
    raise KeyboardInterrupt


def _on_signals(handler: Callable[..., Any] | signal.Handlers) -> None:
    """Meet what ends a program, unless whoever started it had it ignored, as `nohup` does; only a main thread may."""
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, handler)


def _interrupted() -> int:
    """Say that nothing finished is lost; the status."""
    say("groundswell: interrupted; the same command goes on from the finished runs")
    return INTERRUPTED


def status_of(command: Callable[[], Any]) -> int:
    """Run a command and say what went wrong in one message."""
    try:
        return _status_of(command)
    finally:
        if "sim.runs.recording.folders" in sys.modules:  # else nothing was written
            sys.modules["sim.runs.recording.folders"].release()


def _status_of(command: Callable[[], Any]) -> int:
    """As `status_of`, with folders still held."""
    try:
        code = command()
        if code == INTERRUPTED:  # typer catches the interrupt itself
            return _interrupted()
        return code if isinstance(code, int) else 0
    except ScenarioError as error:
        if error.__cause__ is not None and "--debug" in sys.argv:
            raise
        say(f"groundswell: {error}")
        return WRONG
    except TyperException as error:
        said = error.format_message() if hasattr(error, "format_message") else str(error)
        if said:  # without a command the help was printed, and says all
            say(f"groundswell: {said}; see groundswell --help")
        return WRONG
    except (KeyboardInterrupt, typer.Abort):
        return _interrupted()
    except Exception as error:
        from sim.runs.engines import was_interrupted

        if was_interrupted(error):
            return _interrupted()
        if "--debug" in sys.argv:
            raise
        say(
            f"groundswell {__version__}: failed: {type(error).__name__}: {error}{_place_of(error)}; what was finished is kept"
        )
        return FAILED


def _place_of(error: BaseException) -> str:
    """The last line of a user's own plug-in through which an error came, in this process or in a worker."""
    text = "".join(traceback.format_exception(error))
    places = re.findall(rf'File "([^"]*[/\\\\]{FILES}[/\\\\][^"]+)", line (\d+)', text)
    return f" ({places[-1][0]}, line {places[-1][1]})" if places else ""
