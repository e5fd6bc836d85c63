"""Search a platform's parameters for the statistics of real platforms.

A seeded Latin hypercube over named ranges; further rounds do the same in a box that shrinks around the best point so far.
All points meet the same luck (one seed), which favours whatever that seed likes; so the best and the defaults are judged
again on seeds that had no part in the search. Nothing is changed by itself: the result is a file, and presets to be used by name.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import yaml
from scipy.stats import qmc

from analysis.validation.platform import LARGE_ENOUGH
from analysis.validation.platform_worlds import NAMES, WANTED, observe
from analysis.validation.small_worlds import composed
from analysis.validation.workshop import code_digest, each, workshop
from sim.runs.engines import kept_workers
from sim.runs.recording import write_json, write_whole
from sim.scenario.config import Scenario
from sim.scenario.presets import ROOT as PRESETS
from sim.scenario.schema import ScenarioError
from sim.version import __version__

Floats = npt.NDArray[np.float64]
Progress = Callable[[int, int, str], None]
DEFAULTS = Path(__file__).resolve().parent / "calibration.yaml"
DESIGN_SEED = 1  # of the hypercube
SEED = 1  # of the worlds that are searched
CHECKED = (2, 3)  # seeds on which the best and the defaults are judged
SHRINK = 0.5  # width of a round's box relative to the one before
SECONDS = (5.0, 0.0009)  # of one core for one world: its hours, and each user; 83 s at 100,000 users in all
SLOTS = {"population": "romania", "audience": "standard", "recommender": "staged_audience"}


@dataclass(frozen=True)
class Range:
    """A parameter by its dotted key, and the values between which it is searched."""

    key: str
    low: float
    high: float


def ranges(asked: Sequence[str]) -> tuple[Range, ...]:
    """Ranges such as `audience.watch=-2.8:-1.4`, or the project's own list where none is asked for."""
    if not asked:
        listed: Mapping[str, Sequence[float]] = yaml.safe_load(DEFAULTS.read_text(encoding="utf-8"))
        return tuple(Range(key, float(low), float(high)) for key, (low, high) in listed.items())
    return tuple(_range(text) for text in asked)


def _range(text: str) -> Range:
    found = re.fullmatch(r"([a-z_]+)\.([a-z_]+)=([-+\d.e]+):([-+\d.e]+)", text)
    try:
        low, high = (float(found[3]), float(found[4])) if found else (1.0, 0.0)
    except ValueError:
        low, high = 1.0, 0.0
    if not found or not low < high or found[1] not in SLOTS:
        raise ScenarioError(
            f"--vary: {text} given, allowed KEY=LOW:HIGH with LOW below HIGH, KEY a number of {', '.join(SLOTS)}"
        )
    return Range(f"{found[1]}.{found[2]}", low, high)


@dataclass(frozen=True)
class Plan:
    """What is searched, and how many worlds it may cost."""

    ranges: tuple[Range, ...]
    overrides: tuple[str, ...]
    rounds: int
    points: int

    @cached_property
    def scenario(self) -> Scenario:
        """The defaults; both ends of every range are checked with it before any world is run."""
        base = ("scenario=platform_check", *self.overrides)
        for end in ("low", "high"):
            composed((*base, *(f"{r.key}={getattr(r, end)}" for r in self.ranges)))
        return composed(base)

    @property
    def users(self) -> int:
        """Users of each world."""
        return round(self.scenario.population.country_users * self.scenario.scale)

    @property
    def worlds(self) -> int:
        """Worlds of the search and of the check after it."""
        return self.rounds * self.points + 2 * len(CHECKED)

    def in_words(self, workers: int) -> str:
        """What it will cost."""
        minutes = self.worlds * (SECONDS[0] + SECONDS[1] * self.users) / workers / 60
        large = self.users >= LARGE_ENOUGH * self.scenario.recommender.views_per_post
        small = "" if large else "; a trial, since only 100,000 users show what is sought"
        asked = f"{self.worlds} worlds of {self.users:,} users over {len(self.ranges)} parameters"
        return f"{asked}, about {max(minutes, 1):.0f} minutes{small}"

    def default(self) -> dict[str, float]:
        """The parameters as the presets have them."""
        return {
            r.key: float(getattr(getattr(self.scenario, r.key.split(".")[0]), r.key.split(".")[1])) for r in self.ranges
        }


def calibrate(plan: Plan, out: Path, workers: int, on_progress: Progress) -> dict[str, Any]:
    """Run the rounds, judge the best on other seeds, and leave calibration.json and presets in `out`."""
    with kept_workers(workers):
        return _calibrate(plan, out, workers, on_progress)


def _calibrate(plan: Plan, out: Path, workers: int, on_progress: Progress) -> dict[str, Any]:
    default = plan.default()
    on_progress(0, plan.worlds, "")
    worlds: list[dict[str, Any]] = []
    for number in range(plan.rounds):
        design = points_of(plan, number, best(worlds) if worlds else default)
        if number == 0:
            design[0] = default
        begun = len(worlds)
        worlds += _evaluate(plan, design, SEED, out, workers, number, partial(_count, on_progress, begun, plan.worlds))
    settings = [default, best(worlds)]
    checked = [_evaluate(plan, settings, seed, out, workers, plan.rounds, lambda _: None) for seed in CHECKED]
    on_progress(plan.worlds, plan.worlds, "")
    document: dict[str, Any] = {
        "version": __version__, "code": code_digest("analysis"), "date": date.today().isoformat(), "users": plan.users,
        "overrides": list(plan.overrides), "ranges": {r.key: [r.low, r.high] for r in plan.ranges}, "rounds": plan.rounds,
        "points": plan.points, "design_seed": DESIGN_SEED, "seed": SEED, "checked_on": list(CHECKED),
        "default": _judged(default, [pair[0] for pair in checked]), "best": _judged(best(worlds), [pair[1] for pair in checked]),
        "worlds": worlds,
    }  # fmt: skip
    write_json(out / "calibration.json", document)
    write_presets(out / "presets", document["best"]["parameters"])
    return {"out": str(out), **document}  # fmt: skip


def _count(on_progress: Progress, before: int, total: int, done: int) -> None:
    on_progress(before + done, total, "")


def points_of(plan: Plan, number: int, centre: Mapping[str, float]) -> list[dict[str, float]]:
    """The design of one round: a Latin hypercube in a box around the centre, inside the ranges."""
    rng = np.random.default_rng([DESIGN_SEED, number])
    unit = qmc.LatinHypercube(len(plan.ranges), rng=rng).random(plan.points)
    low, high = np.array([r.low for r in plan.ranges]), np.array([r.high for r in plan.ranges])
    width = (high - low) * SHRINK**number
    begin = np.clip(np.array([centre[r.key] for r in plan.ranges]) - width / 2, low, high - width) if number else low
    values = begin + unit * width
    return [{r.key: float(f"{value:.4g}") for r, value in zip(plan.ranges, row, strict=True)} for row in values]


def best(worlds: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Parameters of the world that is nearest; the earlier one of two that are equal."""
    return dict(min(worlds, key=lambda world: world["distance"])["parameters"])


def distance(statistics: Mapping[str, float]) -> float:
    """Root mean square of (statistic - wanted) / tolerance, over all statistics of the platform."""
    return float(np.sqrt(np.mean([((statistics[name] - w.value) / w.tolerance) ** 2 for name, w in WANTED.items()])))


def _evaluate(
    plan: Plan, design: Sequence[Mapping[str, float]], seed: int, out: Path, workers: int, number: int, say: Callable[[int], None]
) -> list[dict[str, Any]]:  # fmt: skip
    tasks = [((*plan.overrides, *(f"{key}={value}" for key, value in point.items())), seed) for point in design]
    with workshop(out / "worlds", workers, lambda share: say(round(share * len(tasks)))):
        found = [world["statistics"] for world in each(observe, tasks)]
    return [{"round": number, "seed": seed, "parameters": dict(point), "statistics": s, "distance": distance(s)}
            for point, s in zip(design, found, strict=True)]  # fmt: skip


def _judged(parameters: Mapping[str, float], worlds: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Means over the seeds that had no part in the search, and what does not fit."""
    means = {name: float(np.mean([world["statistics"][name] for world in worlds])) for name in WANTED}
    misfits = [name for name, wanted in WANTED.items() if not wanted.low <= means[name] <= wanted.high]
    return {"parameters": dict(parameters), "statistics": means, "distance": distance(means), "misfits": misfits}


def write_presets(folder: Path, parameters: Mapping[str, float], slots: Mapping[str, str] = SLOTS) -> None:
    """Presets that build on the default ones, or on those of `slots`, with the new numbers; one file for each slot that changed."""
    for slot, preset in slots.items():
        own = {key.split(".")[1]: value for key, value in parameters.items() if key.split(".")[0] == slot}
        if not own:
            continue
        shipped = (PRESETS / slot / f"{preset}.yaml").read_text(encoding="utf-8").splitlines()
        changed = [_with_value(line, own) for line in shipped if line.partition(":")[0] in own]
        head = [f"# As `groundswell calibrate` found it; the rest is `{preset}`. unit; meaning; source or assumption",
                "defaults:", f"  - {preset}"]  # fmt: skip
        write_whole(folder / slot / "calibrated.yaml", ("\n".join([*head, *changed]) + "\n").encode())


def _with_value(line: str, values: Mapping[str, float]) -> str:
    """A line with its number replaced, and the source that stood there."""
    key, _, rest = line.partition(":")
    return f"{key}: {values[key]!r}  # {rest.partition('# ')[2]}; here calibrated to platform statistics"


def in_words(found: Mapping[str, Any]) -> str:
    """What a terminal shows."""
    lines = [f"judged on seeds {found['checked_on']}, which had no part in the search (distance in tolerances)",
             f"{'':60} wanted   default   best"]  # fmt: skip
    default, new = found["default"], found["best"]
    for name, wanted in WANTED.items():
        mark = "  does not fit" if name in new["misfits"] else ""
        lines.append(
            f"{NAMES[name]:60} {wanted.value:<8.4g} {default['statistics'][name]:<9.4g} {new['statistics'][name]:.4g}{mark}"
        )
    lines.append(f"{'distance':60} {'':8} {default['distance']:<9.3g} {new['distance']:.3g}")
    lines += [f"{key}: {value:g} (default {default['parameters'][key]:g})" for key, value in new["parameters"].items()]
    slots = " ".join(
        f"{slot}=calibrated" for slot in SLOTS if any(key.startswith(f"{slot}.") for key in new["parameters"])
    )
    lines.append(f"to use it: --scenarios {found['out']}/presets {slots}")
    return "\n".join(lines)
