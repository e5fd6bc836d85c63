"""The country one to one, and whether the default miniature answers as it does.

Nine million users take hours and 12 GB, so that its runs are kept with their date and digest. `--full` makes them anew, one world at
a time; a run that is interrupted goes on where it was. All other efforts judge the miniature by what is kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.estimates.paired import Estimate, estimate
from analysis.estimates.varied import code_of_answers
from analysis.validation.scale import difference
from analysis.validation.small_worlds import arms_of_a_seed, visibility
from analysis.validation.target import Curves, Effort, Finding, Target
from analysis.validation.workshop import ROOT, each, finished_folder
from sim.runs.families import peak_memory
from sim.runs.recording import read_json, write_json

Floats = npt.NDArray[np.float64]
KEPT = ROOT / "analysis" / "reference_data" / "country.json"
POLICIES = ("suspend_coordinated", "limit_awakened", "label_paid")
ARMS = (("quiet", "none"), ("coordinated", "none"), *(("coordinated", policy) for policy in POLICIES))
DAYS = "days=14"
COUNTRY, SEEDS = ("scenario=country", DAYS), (1, 2)
SOURCE = "the same model at full size: a result must not hang on the size of the miniature"
MODULES = ("scaling of the population", "campaign and its tactics", "staged_audience", "audience", *POLICIES)
# Fixed before the country was run: of M as a ratio, of dampenings in shares.
WITHIN_RATIO, WITHIN_SHARE = 0.15, 0.07
FIGURES = ("candidate_impressions", "genuine_users", "users", "digest", "wall_s", "peak_rss_mb")


@dataclass(frozen=True)
class Size:
    """A miniature: its name on the page, what it overrides, and how many seeds."""

    name: str
    overrides: tuple[str, ...]
    seeds: int


DEFAULT = Size("1:300, the default", ("scenario=romania_2024",), 8)
SIZES: dict[Effort, tuple[Size, ...]] = {
    "quick": (Size("1:900", ("scenario=romania_2024", "scale=0.00111111"), 2),),
    "normal": (DEFAULT,),
    "full": (
        DEFAULT,
        Size("1:90", ("scenario=romania_2024", "scale=0.01111111", "population.block_users=12"), 4),
        Size("1:9 with real posts", ("scenario=country", "scale=0.11111111"), 2),
    ),
}


def study(effort: Effort) -> Finding:
    """Manufactured visibility and dampenings of miniatures beside those of the country one to one."""
    if effort == "full":
        _run_the_country()
    kept = kept_runs()
    runs = [run for run in kept if run["code"] == this_model()]
    if not columns_of(runs):
        return Finding("The country one to one", f"{_not_yet(kept)}: `groundswell validate --only country --full`.", [])
    judge = answers(columns_of(runs))
    found = {size.name: answers(_miniature(size)) for size in SIZES[effort]}
    targets = [beside(name, measure, of[measure], judge[measure]) for name, of in found.items() for measure in judge]
    return Finding(
        "The country one to one", _method(runs, judge), targets, [_curve(found, judge)] if len(judge) > 1 else []
    )


def _not_yet(kept: Sequence[Mapping[str, Any]]) -> str:
    """That nothing is there to judge by; runs of an older model are a record of that model."""
    if not kept:
        return "It has not been run yet"
    return f"It has not been run with this model yet; what is kept (last on {max(run['day'] for run in kept)}) is of an older one"


def this_model() -> str:
    """The hash of what the country's answers depend on."""
    return code_of_answers(frozenset({"coordinated"}))


def _run_the_country() -> None:
    """Run what this model has not run yet, one world after the other, and keep it."""
    code = this_model()
    for seed in SEEDS:
        runs = arms_of_a_seed(_arms_of(COUNTRY), seed, finished_folder() / f"country-{seed}-{code}")
        made = {"day": date.today().isoformat(), "code": code, "peak_rss_mb": peak_memory()}
        keep([{**run, **made} for run in runs.values()])


def _arms_of(overrides: Sequence[str]) -> list[tuple[str, ...]]:
    return [(*overrides, f"campaign={campaign}", f"moderation={moderation}") for campaign, moderation in ARMS]


def keep(runs: Sequence[Mapping[str, Any]], kept: Path = KEPT) -> None:
    """Put runs among those that are kept, each in the place of an older one of its seed and arm."""
    found = {(run["seed"], run["arm"]): run for run in kept_runs(kept)}
    names = ("seed", "arm", "day", "code", *FIGURES)
    found.update({(run["seed"], run["arm"]): {name: run[name] for name in names} for run in runs})
    write_json(kept, [found[key] for key in sorted(found)])


def kept_runs(kept: Path = KEPT) -> list[dict[str, Any]]:
    """Runs of the country, by seed and arm."""
    return list(read_json(kept)) if kept.exists() else []


def columns_of(runs: Sequence[Mapping[str, Any]]) -> dict[str, Floats]:
    """Visibility by arm, one value a seed: of seeds whose worlds without policies are finished, and policies that all these have.

    Empty where there is no such seed.
    """
    found = {(run["arm"], run["seed"]): visibility(dict(run)) for run in runs}
    both = ("quiet/none", "coordinated/none")
    seeds = [seed for seed in sorted({run["seed"] for run in runs}) if all((arm, seed) in found for arm in both)]
    if not seeds:
        return {}
    arms = [f"{c}/{m}" for c, m in ARMS if all((f"{c}/{m}", seed) in found for seed in seeds)]
    return {f"{arm}:v": np.array([found[arm, seed] for seed in seeds]) for arm in arms}


def _miniature(size: Size) -> dict[str, Floats]:
    """The same arms in a miniature."""
    tasks = [((*size.overrides, DAYS), seed) for seed in range(1, size.seeds + 1)]
    rows = each(arms_of_size, tasks)
    return {f"{arm}:v": np.array([row[arm] for row in rows]) for arm in rows[0]}


def arms_of_size(task: tuple[tuple[str, ...], int]) -> dict[str, float]:
    """Visibility of the candidate in the arms of one seed."""
    overrides, seed = task
    return {arm: visibility(run) for arm, run in arms_of_a_seed(_arms_of(overrides), seed).items()}


def answers(columns: Mapping[str, Floats]) -> dict[str, Estimate]:
    """M, and the share of it that each policy takes.

    What a policy does to the candidate without a campaign is left out: its twin in the quiet world would double the hours, and
    moved no dampening of the main job by more than .002.
    """

    found = {"manufactured visibility": estimate(columns, partial(_added, moderation="none"))}
    for policy in POLICIES:
        if f"coordinated/{policy}:v" in columns:
            found[f"dampening by {policy}"] = estimate(columns, partial(_taken, policy=policy))
    return found


def _added(x: Mapping[str, Floats], moderation: str) -> float:
    return float(x[f"coordinated/{moderation}:v"].mean() - x["quiet/none:v"].mean())


def _taken(x: Mapping[str, Floats], policy: str) -> float:
    return 1.0 - _added(x, policy) / _added(x, "none")


def beside(name: str, measure: str, one: Estimate, judge: Estimate) -> Target:
    """Whether a miniature's answer is near enough to the country's, or the interval of their difference holds zero."""
    is_ratio = measure == "manufactured visibility"
    unit, within = (judge.value, WITHIN_RATIO) if is_ratio else (1.0, WITHIN_SHARE)
    low, high = (end / unit for end in _interval(one, judge))
    got = (one.value - judge.value) / unit
    expected = f"0, within {within:.2f}{' of it' if is_ratio else ''}, or an interval that holds zero (the country: {judge.value:.2f})"
    agrees = abs(got) <= within or low <= 0 <= high
    reason = (
        "" if agrees else f"{one.value:.2f} at {name} and {judge.value:.2f} in the country; why, has not been found"
    )
    return Target(f"{measure}, {name}", "null", SOURCE, expected, got, low, high, agrees, MODULES, reason)


def _interval(one: Estimate, judge: Estimate) -> tuple[float, float]:
    """Of the difference: Welch's, or the miniature's alone where the country has one seed, whose luck then is not counted."""
    if judge.n > 1:
        return difference(one, judge)[1:]
    low, high = (one.value if end is None else end for end in (one.low, one.high))
    return low - judge.value, high - judge.value


def _method(runs: Sequence[Mapping[str, Any]], judge: Mapping[str, Estimate]) -> str:
    seeds, first = sorted({run["seed"] for run in runs}), runs[0]
    said = "; ".join(
        f"{measure} {found.value:.2f}" + (f" ({found.low:.2f} to {found.high:.2f})" if found.low is not None else "")
        for measure, found in judge.items()
    )
    hours = sum(float(run["wall_s"]) for run in runs) / 3600.0
    return (
        f"{int(first['users']):,} users, as many posts as there really are, the last 14 days after 7 of warm-up, "
        f"{len(seeds)} seed{'s' * (len(seeds) > 1)}, {len(runs)} worlds, {max(run['day'] for run in runs)}: {said}. "
        f"Together {hours:.1f} hours on two cores, at most {max(run['peak_rss_mb'] for run in runs) / 1024.0:.1f} GB; digests stand in "
        "analysis/reference_data/country.json. Miniatures run the same days. A wide interval agrees easily, so look at its width too."
    )


def _curve(found: Mapping[str, Mapping[str, Estimate]], judge: Mapping[str, Estimate]) -> Curves:
    """Answers side by side: M first, then dampenings."""
    lines = [
        (label, [float(place) for place in range(len(of))], [float(e.value) for e in of.values()])
        for label, of in {"the country": judge, **found}.items()
    ]
    names = ", ".join(f"{place} {measure}" for place, measure in enumerate(judge))
    return Curves("Answers of the country and of miniatures", names, "impressions per user (0); share", lines)
