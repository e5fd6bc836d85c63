"""The command line. Status 0 done, 1 failed, 2 the request was wrong, 130 interrupted."""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.exceptions import TyperException

from sim import __version__
from sim.schema import ScenarioError

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="How much of a candidate's visibility was manufactured, and what would have damped it: in a model world.",
)
WRONG, FAILED, INTERRUPTED = 2, 1, 130

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


@app.command()
def run(
    overrides: Overrides = None, scenarios: Scenarios = None, out: Out = None, threads: Threads = None,
    events: Events = False, as_json: Json = False, trust: Trust = None,
) -> None:  # fmt: skip
    """Simulate one world."""
    from sim import simulate
    from sim.face import scenario_of
    from sim.scenario_files import compose

    document = compose(overrides or [], scenarios, tuple(trust or ()))
    scenario = scenario_of(document, tuple(trust or ()))
    folder = _folder(out, f"{scenario.name}-run", overrides or [], scenarios)
    if threads:
        import numba

        numba.set_num_threads(min(threads, numba.get_num_threads()))  # all cores, unless the environment says fewer
    _say(
        f"{scenario.title}; {scenario.campaign.name}, {scenario.moderation.name}; the first run compiles for about a minute"
    )
    progress = _Progress("hours")
    log = folder / "events.parquet" if events else None
    result = simulate(scenario, lambda done, total: progress(done, total, ""), log)
    result.write(folder, document)
    summary = {"out": str(folder), **result.summary}
    if as_json:
        print(json.dumps(summary))
        return
    print(
        f"{summary['users']} users, {summary['impressions']} impressions in {summary['wall_s']:.1f} s; digest {summary['digest'][:12]}"
    )
    print(f"{folder}")


@app.command()
def compare(
    overrides: Overrides = None, scenarios: Scenarios = None, out: Out = None, threads: Threads = None,
    as_json: Json = False, trust: Trust = None,
) -> None:  # fmt: skip
    """Run paired arms over many seeds, and write the report."""
    from sim import compare as compare_arms
    from sim import load_scenario
    from sim.arms import check_twins

    scenario = load_scenario(overrides or [], scenarios, tuple(trust or ()))
    check_twins(scenario.arms)
    folder = _folder(out, scenario.name, overrides or [], scenarios)
    _say(
        f"{scenario.title}; {len(scenario.arms)} arms, {scenario.replications} seeds; the first run compiles for about a minute"
    )
    summary = compare_arms(overrides or [], folder, scenarios, tuple(trust or ()), threads, _Progress("seeds"))
    from analysis.memo import write_memo
    from analysis.paired import headline, write_estimates
    from analysis.report import write_report

    estimates = write_estimates(folder)
    write_memo(folder)
    page = write_report(folder)
    if as_json:
        print(json.dumps({**summary, "estimates": json.loads(estimates.to_json(orient="records"))}))
        return
    print("\n".join(headline(folder)))
    print(page)


@app.command()
def detect(
    file: Annotated[Path, typer.Argument(help="CSV or Parquet: object_id, account_id, content_id, timestamp_share.")],
    window: Annotated[int, typer.Option(help="Seconds; acts on one object at most so far apart are in common.")] = 60,
    repetitions: Annotated[int, typer.Option(help="Different objects on which a pair must have acted together.")] = 2,
    correct_popularity: Annotated[
        bool, typer.Option("--correct-popularity", help="Objects on which many acted count for less (TF-IDF).")
    ] = False,
    draws: Annotated[
        int, typer.Option(help="Shuffles that give the rate of chance: of whose act is whose, within each day.")
    ] = 20,
    seed: Annotated[int, typer.Option(help="Seed of the shuffles.")] = 1,
    out: Out = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Find accounts that acted together in a log of your own, and how many would by chance."""
    from analysis.detect import detect as detect_in
    from analysis.detect import in_words

    question = {"window": window, "repetitions": repetitions, "correct_popularity": correct_popularity,
                "draws": draws, "seed": seed}  # fmt: skip
    summary = detect_in(file, lambda: _folder(out, f"{file.stem}-detect", [str(file), str(question)], None), question)
    print(json.dumps(summary) if as_json else in_words(summary))


@app.command()
def audit(
    folder: Annotated[Path, typer.Argument(help="A folder that run has written.")],
    accounts: Annotated[int, typer.Option(help="Fresh accounts; they follow every candidate and nobody else.")] = 12,
    minutes: Annotated[float, typer.Option(help="Minutes that each watches a day.")] = 30.0,
    day: Annotated[int | None, typer.Option(help="Measured day on which they are opened; else as late as it goes.")] = None,
    days: Annotated[int, typer.Option(help="Days on which they watch.")] = 3,
    out: Out = None, as_json: Json = False, trust: Trust = None,
) -> None:  # fmt: skip
    """Replay a finished world and report what fresh accounts are shown of each candidate."""
    from analysis.audit import in_words, write_audit
    from sim import audit as audit_folder

    question = {"accounts": accounts, "minutes": minutes, "day": day, "days": days}
    _say(f"{folder} is replayed, then watched by fresh accounts; the first run compiles for about a minute")
    progress = _Progress("hours")
    done = audit_folder(folder, question, tuple(trust or ()), lambda now, total: progress(now, total, ""))
    summary = write_audit(_folder(out or folder / "audit", "", [], None), folder, *done)
    print(json.dumps(summary) if as_json else in_words(summary))


@app.command()
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
    from sim.engines import cores

    if quick and full:
        raise ScenarioError("--quick and --full given, allowed one of them, or neither")
    effort: Effort = "quick" if quick else "full" if full else "normal"
    studies = chosen(only or [])
    folder = _folder(out, f"validate-{effort}", [], None)
    progress = _Progress("")
    found = validate_all(
        studies, effort, folder, threads or cores(),
        lambda share, note, left: progress.say(f"{share:.0%} {note}", share >= 1.0, left),
    )  # fmt: skip
    if document:
        _say(f"{write_document(found.results)}")
    if as_json:
        print(json.dumps(found.document))
    else:
        print("\n".join([*found.lines(), str(folder / "validation.html")]))
    if found.document["failed"]:
        raise RuntimeError("; ".join(f"study {name}: {why}" for name, why in found.document["failed"].items()))


@app.command()
def calibrate(
    overrides: Overrides = None,
    vary: Annotated[list[str] | None, typer.Option("--vary", help="KEY=LOW:HIGH; may be given again; else the default list.")] = None,
    rounds: Annotated[int, typer.Option(min=1, help="Designs, each in a smaller box around the best so far.")] = 3,
    points: Annotated[int, typer.Option(min=2, help="Worlds of each round.")] = 8,
    out: Out = None, threads: Threads = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Search parameters of platform_check for the statistics of real platforms; writes presets, changes no default."""
    from analysis.calibration import Plan, in_words, ranges
    from analysis.calibration import calibrate as search
    from sim.engines import cores

    plan = Plan(ranges(vary or []), tuple(overrides or ()), rounds, points)
    folder = _folder(out, "calibrate", [f"{vary} {rounds} {points}", *(overrides or [])], None)
    _say(plan.in_words(threads or cores()))
    found = search(plan, folder, threads or cores(), _Progress("worlds"))
    print(json.dumps(found) if as_json else in_words(found))


@app.command()
def report(folder: Annotated[Path, typer.Argument(help="A folder that compare has written.")]) -> None:
    """Write the report of a finished comparison again."""
    if not (folder / "runs.parquet").is_file():
        raise ScenarioError(f"{folder}: holds no runs.parquet; allowed is a folder that compare has written")
    from analysis.memo import write_memo
    from analysis.paired import headline, write_estimates
    from analysis.report import write_report

    write_estimates(folder)
    write_memo(folder)
    page = write_report(folder)
    print("\n".join(headline(folder)))
    print(page)


@app.command("list")
def list_presets(
    kind: Annotated[str | None, typer.Argument(help="One slot, such as campaign.")] = None,
    scenarios: Scenarios = None, as_json: Json = False,
) -> None:  # fmt: skip
    """List slots and their presets."""
    from sim.presets import slots
    from sim.schema import nearest

    found = slots(scenarios)
    if kind is not None and kind not in found:
        raise ScenarioError(f"{kind!r} given; {nearest(kind, list(found))}")
    chosen = {kind: found[kind]} if kind else found
    if as_json:
        print(json.dumps(chosen))
        return
    for slot, names in chosen.items():
        print(f"{slot}: {', '.join(names)}")


def _folder(out: Path | None, name: str, overrides: list[str], scenarios: Path | None) -> Path:
    """The output folder, made before any work; the same request finds its folder again."""
    from sim.recording import name_of

    folder = out or Path("outputs") / f"{name}-{name_of([sorted(overrides), str(scenarios)])[:8]}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise ScenarioError(f"--out: {folder} given, allowed a folder that can be written ({error.strerror})") from None
    return folder


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


class _Progress:
    """Lines on standard error with an estimate of the time left; one line rewritten where it is a terminal."""

    def __init__(self, unit: str) -> None:
        self.unit = unit
        self.started = time.monotonic()
        self.said = 0.0

    def __call__(self, done: int, total: int, note: str) -> None:
        left = (time.monotonic() - self.started) / max(done, 1) * (total - done)
        self.say(f"{done}/{total} {self.unit} {note}", done >= total, left)

    def say(self, what: str, over: bool, left: float) -> None:
        """One line, at most one a second; `left`: seconds still to go."""
        elapsed = time.monotonic() - self.started
        if not over and elapsed - self.said < 1.0:
            return
        self.said = elapsed
        line = f"{what} {elapsed:.0f} s, about {left:.0f} s left"
        if sys.stderr.isatty():
            print(f"\r{line}   ", end="\n" if over else "", file=sys.stderr, flush=True)
        else:
            _say(line)


def main() -> None:
    """The entry of the command, which turns what went wrong into a status."""
    raise SystemExit(status_of(lambda: app(prog_name="groundswell", standalone_mode=False)))


def _interrupted() -> int:
    """Say that nothing finished is lost; the status."""
    _say("groundswell: interrupted; the same command goes on from the finished runs")
    return INTERRUPTED


def status_of(command: Callable[[], Any]) -> int:
    """Run a command and say what went wrong in one message."""
    try:
        code = command()
        if code == INTERRUPTED:  # typer catches the interrupt itself
            return _interrupted()
        return code if isinstance(code, int) else 0
    except ScenarioError as error:
        _say(f"groundswell: {error}")
        return WRONG
    except TyperException as error:
        said = error.format_message() if hasattr(error, "format_message") else str(error)
        _say(f"groundswell: {said}; see groundswell --help")
        return WRONG
    except (KeyboardInterrupt, typer.Abort):
        return _interrupted()
    except Exception as error:
        from sim.engines import was_interrupted

        if was_interrupted(error):
            return _interrupted()
        if "--debug" in sys.argv:
            raise
        _say(f"groundswell {__version__}: failed: {type(error).__name__}: {error}; what was finished is kept")
        return FAILED
