"""Run studies one after the other, keep what is finished, and write the page."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numba

from analysis.validation.page import counted, number, write_page
from analysis.validation.stored import Result, best_kept, file_of, new_result, result_from
from analysis.validation.studies import Entry
from analysis.validation.target import Effort
from analysis.validation.workshop import workshop
from sim.runs.engines import kept_workers, was_interrupted
from sim.runs.recording import write_json
from sim.runs.recording.results import read_sealed, write_sealed

Say = Callable[[float, str, float], None]  # share done, what is under way, seconds left


@dataclass(frozen=True)
class Outcome:
    """What a validation found: the JSON document, and the results that are in it."""

    document: dict[str, Any]
    results: list[Result]

    def lines(self) -> list[str]:
        """What a terminal shows: what is missed, then the count."""
        missed = [
            f"missed: {t.name} ({r.name}): {number(t.got)}, expected {t.expected}; {t.reason}"
            for r in self.results
            for t in r.missed
        ]
        return [*missed, counted(self.results)]


def validate(studies: dict[str, Entry], effort: Effort, out: Path, workers: int, say: Say) -> Outcome:
    """Findings of the studies, left in `out` as validation.json and validation.html.

    A study that fails does not keep the others from being run; it is named, and what it should have shown is absent.
    """
    started = time.perf_counter()
    numba.set_num_threads(min(workers, numba.get_num_threads()))
    pace = _Pace(studies, effort, say)
    results, failed = [], {}
    with kept_workers(workers):
        for name, entry in studies.items():
            try:
                results.append(_result(name, entry, effort, out, workers, pace))
            except Exception as error:
                if was_interrupted(error):
                    raise KeyboardInterrupt from error
                failed[name] = f"{type(error).__name__}: {error}"
            pace.finish(name)
    document = summary(results, effort, failed) | {"out": str(out), "wall_s": time.perf_counter() - started}
    write_json(out / "validation.json", document)
    earlier = [
        kept for result in results if (kept := best_kept(result.name)) and kept.effort == "full" != result.effort
    ]
    write_page(out / "validation.html", results, earlier, failed, effort)
    return Outcome(document, results)


def _result(name: str, entry: Entry, effort: Effort, out: Path, workers: int, pace: "_Pace") -> Result:
    """A study's result, read where this code has already found it."""
    path = file_of(out, name, effort)
    filed = read_sealed(path)
    if filed is not None:
        return result_from(filed)
    began = time.perf_counter()
    with workshop(out / "worlds", workers, lambda share: pace(name, share)):
        pace(name, 0.0)
        result = new_result(name, effort, 0.0, entry.study(effort))
    result = Result(**{**result.__dict__, "wall_s": time.perf_counter() - began})
    write_sealed(path, asdict(result))
    return result


def summary(results: list[Result], effort: Effort, failed: dict[str, str]) -> dict[str, Any]:
    """All targets in one list, and how many agree."""
    targets = [{"study": result.name, **target.as_dict()} for result in results for target in result.finding.targets]
    agreeing = sum(bool(target["agrees"]) for target in targets)
    return {"effort": effort, "studies": [result.name for result in results], "failed": failed, "agree": agreeing,
            "missed": len(targets) - agreeing, "targets": targets}  # fmt: skip


class _Pace:
    """Turns the progress of one study into that of all; the stated seconds of each are the weights."""

    def __init__(self, studies: dict[str, Entry], effort: Effort, say: Say) -> None:
        self.weights = {name: entry.seconds(effort) for name, entry in studies.items()}
        self.done: dict[str, float] = dict.fromkeys(studies, 0.0)
        self.say, self.started = say, time.perf_counter()

    def __call__(self, name: str, share: float) -> None:
        """A study has come so far."""
        self.done[name] = share
        total = sum(self.weights.values())
        so_far = sum(self.weights[name] * share for name, share in self.done.items())
        elapsed = time.perf_counter() - self.started
        slower = max(elapsed / so_far, 1.0) if so_far > 0.02 * total else 1.0
        self.say(so_far / total, name, slower * (total - so_far))

    def finish(self, name: str) -> None:
        """A study is over."""
        self(name, 1.0)
