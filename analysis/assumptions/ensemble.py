"""Settings and forms of the platform that its real statistics do not rule out: a set, where `calibration` finds a point.

Each form (which recommender, with social proof or without) is matched by itself and judged alike; nothing is fitted to a candidate's
visibility or to what any policy does. Members were run on seeds that no emulator has seen, and are judged by what they showed there.
Nothing is changed by itself: the result is a file, and presets of its centre to be used by name.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

from analysis.assumptions.calibration import SECONDS, SLOTS, Progress, write_presets
from analysis.assumptions.calibration import Range as Asked
from analysis.assumptions.history_matching import (
    CUT,
    Design,
    Match,
    Member,
    Setting,
    Statistics,
    Target,
    Wave,
    centre,
    match,
    members,
    parameter,
    seeds_needed,
)
from analysis.estimates.factors import Factor
from analysis.validation.platform import LARGE_ENOUGH
from analysis.validation.platform_worlds import NAMES, REFERENCE, WANTED, observe
from analysis.validation.small_worlds import composed
from analysis.validation.workshop import code_digest, each, workshop
from sim.runs.engines import kept_workers
from sim.runs.recording import write_json, write_table
from sim.scenario.assumptions import assumptions
from sim.scenario.config import Scenario
from sim.scenario.files import compose
from sim.scenario.ranges import range_of
from sim.scenario.schema import ScenarioError
from sim.version import __version__

LISTED = Path(__file__).resolve().parent / "ensemble.yaml"
KEPT = REFERENCE / "ensemble.parquet"
BASE = "scenario=platform_check"
MOST = 2.0  # settings run for each member that is wanted; those that do not hold are counted
STATISTIC = "statistic:"  # of the file's columns


@dataclass(frozen=True)
class Form:
    """A form of the platform: the words that make it, and the parameters that it has."""

    name: str
    words: tuple[str, ...]
    parameters: tuple[Factor, ...]

    @property
    def fixed(self) -> dict[str, float]:
        """Numbers that the form sets."""
        return {key: float(value) for key, _, value in (word.partition("=") for word in self.words) if "." in key}

    @property
    def slots(self) -> dict[str, str]:
        """The presets on which its own build."""
        chosen = dict(word.split("=") for word in self.words if "." not in word.partition("=")[0])
        return {**SLOTS, **chosen}


def forms(asked: Sequence[str], varied: Sequence[Asked] = (), overrides: Sequence[str] = ()) -> tuple[Form, ...]:
    """Forms by name, or all that are listed.

    varied: takes the place of the listed parameters. overrides: of all forms; what they set is not varied. Raises ScenarioError.
    """
    listed = yaml.safe_load(LISTED.read_text(encoding="utf-8"))
    for name in asked:
        if name not in listed["forms"]:
            raise ScenarioError(f"--form: {name} given, allowed {', '.join(listed['forms'])}")
    set_by_all = {word.partition("=")[0] for word in overrides}
    if "recommender" in set_by_all:
        raise ScenarioError(
            f"recommender=... given, allowed with --set are the forms of --form: {', '.join(listed['forms'])}"
        )
    return tuple(
        _form(name, raw, listed["parameters"], varied, set_by_all)
        for name, raw in listed["forms"].items()
        if name in asked or not asked
    )


def _form(
    name: str, raw: Mapping[str, Any], shared: Mapping[str, Any], varied: Sequence[Asked], set_by_all: set[str]
) -> Form:
    """A form with those of the shared parameters that it has, and its own."""
    words, other = tuple(raw["words"]), any(word.startswith("recommender=") for word in raw["words"])
    is_set = {word.partition("=")[0] for word in words} | set_by_all
    given: dict[str, Any] = {r.key: (r.low, r.high) for r in varied} or {**shared, **raw.get("parameters", {})}
    own = set(raw.get("parameters", {}))
    kept = {
        key: ends
        for key, ends in given.items()
        if key not in is_set and (key in own or not (other and key.startswith("recommender.")))
    }
    if not kept:
        raise ScenarioError(
            f"form {name}: nothing is varied in it, allowed with --vary is a parameter that each form of --form has"
        )
    sources = {row["key"]: row["source"] for row in assumptions(compose((BASE, *words)), None)}
    return Form(name, words, tuple(_parameter(key, ends, sources) for key, ends in kept.items()))


def _parameter(key: str, ends: Any, sources: Mapping[str, str]) -> Factor:
    """A parameter with its listed ends, or those of the assumption on the preset's line."""
    if ends != "assumed":
        return parameter(key, float(ends[0]), float(ends[1]))
    found = range_of(sources.get(key, ""))
    if found is None or not isinstance(found.low, float) or not isinstance(found.high, float):
        raise ScenarioError(f"{key}: no range given on its line, allowed `assumption, LOW to HIGH`")
    return parameter(key, found.low, found.high)


@dataclass(frozen=True)
class EnsemblePlan:
    """What is matched, by how many worlds. discrepancy: standard deviation of what no setting mends, in tolerances."""

    forms: tuple[Form, ...]
    overrides: tuple[str, ...]
    design: Design
    size: int
    seeds: int
    discrepancy: float = 0.0

    @cached_property
    def scenario(self) -> Scenario:
        """The defaults; both ends of every range of every form are checked with them before any world is run."""
        for form in self.forms:
            for end in ("low", "high"):
                composed((BASE, *self.words(form, {p.key: getattr(p, end) for p in form.parameters})))
        return composed((BASE, *self.overrides))

    def words(self, form: Form, setting: Setting) -> tuple[str, ...]:
        """The overrides of one world."""
        return (*form.words, *self.overrides, *(f"{key}={value}" for key, value in setting.items()))

    @property
    def users(self) -> int:
        """Users of each world."""
        return round(self.scenario.population.country_users * self.scenario.scale)

    @property
    def is_large(self) -> bool:
        """Whether worlds of this size show how views are spread over posts."""
        return bool(self.users >= LARGE_ENOUGH * self.scenario.recommender.views_per_post)

    @property
    def targets(self) -> dict[str, Target]:
        """The statistics that worlds of this size can show."""
        return {
            name: Target(wanted.value, wanted.tolerance, self.discrepancy * wanted.tolerance)
            for name, wanted in WANTED.items()
            if wanted.any_size or self.is_large
        }

    @property
    def worlds(self) -> int:
        """Worlds at the most: no form ends early, and half of the settings that are run do not hold."""
        return len(self.forms) * self.design.runs + round(MOST * self.size * self.seeds)

    def in_words(self, workers: int) -> str:
        """What it will cost."""
        hours = self.worlds * (SECONDS[0] + SECONDS[1] * self.users) / workers / 3600
        time = f"{hours:.0f} hours" if hours >= 3 else f"{max(hours * 60, 1):.0f} minutes"
        small = "" if self.is_large else "; a trial, since only 100,000 users show the others"
        most = max(len(form.parameters) for form in self.forms)
        forms = f"{len(self.forms)} form{'s' if len(self.forms) > 1 else ''}"
        return (
            f"at most {self.worlds} worlds of {self.users:,} users, about {time}: {forms} of up to {most} parameters, "
            f"each in up to {self.design.waves} waves of {self.design.points} settings ({self.design.repeated} of them twice), then "
            f"{self.size} members on {self.seeds} seeds each; judged by {len(self.targets)} of {len(WANTED)} statistics{small}"
        )


@dataclass
class Platform:
    """The simulator of one form, as history matching asks for it; finished worlds are read, the others run."""

    plan: EnsemblePlan
    form: Form
    out: Path
    workers: int
    say: Callable[[int], None]  # worlds done so far
    done: int = 0

    def __call__(self, asked: Sequence[tuple[Setting, int]]) -> list[Statistics]:
        """Statistics of one world for each setting and seed."""
        tasks = [(self.plan.words(self.form, setting), seed) for setting, seed in asked]
        before = self.done
        with workshop(self.out / "worlds", self.workers, lambda share: self.say(before + round(share * len(tasks)))):
            found = [world["statistics"] for world in each(observe, tasks)]
        self.done = before + len(tasks)
        return found


@dataclass(frozen=True)
class Judged:
    """A form, what was left of it, its members, and the settings that were run and did not hold."""

    form: Form
    found: Match
    waves: tuple[Wave, ...]
    members: tuple[Member, ...] = ()
    ruled_out: tuple[Member, ...] = ()


def ensemble(plan: EnsemblePlan, out: Path, workers: int, on_progress: Progress) -> dict[str, Any]:
    """Match every form, run members of those that are left, and leave ensemble.parquet, ensemble.json and presets in `out`."""
    with kept_workers(workers):
        judged = _judged(plan, out, workers, on_progress)
    document = document_of(plan, judged)
    write_json(out / "ensemble.json", document)
    write_table(out / "ensemble.parquet", table(plan, judged, document))
    chosen = middle(judged)
    if chosen:
        write_presets(out / "presets", {**chosen[0].fixed, **chosen[1].parameters}, chosen[0].slots)
    return {"out": str(out), **document}


def _judged(plan: EnsemblePlan, out: Path, workers: int, on_progress: Progress) -> list[Judged]:
    """Matches of all forms, then members, which those that are left share alike."""
    begun, matched = 0, []
    for form in plan.forms:
        platform = Platform(plan, form, out, workers, _counted(on_progress, begun, plan.worlds, form.name))
        found = match(form.parameters, plan.targets, platform, plan.design)
        matched.append(Judged(form, found, found.judge.waves))
        begun += platform.done
    left = [one.form.name for one in matched if len(one.found.points)]
    judged = []
    for one in matched:
        if one.form.name in left:
            place = left.index(one.form.name)
            share = plan.size // len(left) + (place < plan.size % len(left))
            platform = Platform(plan, one.form, out, workers, _counted(on_progress, begun, plan.worlds, one.form.name))
            kept, not_held = members(one.found, platform, share, plan.seeds, MOST)
            judged.append(Judged(one.form, one.found, one.waves, tuple(kept), tuple(not_held)))
            begun += platform.done
        else:
            judged.append(one)
    on_progress(plan.worlds, plan.worlds, "")
    return judged


def _counted(on_progress: Progress, before: int, total: int, name: str) -> Callable[[int], None]:
    """Tell how many worlds are done in all."""
    return lambda done: on_progress(before + done, total, name)


def middle(judged: Sequence[Judged]) -> tuple[Form, Member] | None:
    """The centre of the form with most members, the earlier listed of two with as many; None where nothing holds.

    No centre lies between two forms.
    """
    fullest = max(judged, key=lambda one: len(one.members))
    return (fullest.form, centre(fullest.members, fullest.form.parameters)) if fullest.members else None


def table(plan: EnsemblePlan, judged: Sequence[Judged], document: Mapping[str, Any]) -> pd.DataFrame:
    """One row a member; what they were judged by, code and date stand in its `attrs`, which a Parquet file keeps.

    Columns: form, member (its number in the form), is_centre, every parameter of any form by its key (not a number where a form
    lacks it), `statistic:NAME` for every statistic (mean over seeds), implausibility, worst (the statistic that is furthest off),
    seeds (comma-separated), users.
    """
    keys = list(dict.fromkeys(p.key for one in judged for p in one.form.parameters))
    columns = ["form", "member", "is_centre", *keys, *(f"{STATISTIC}{name}" for name in plan.targets)]
    chosen = middle(judged)
    rows = [
        {
            "form": one.form.name, "member": number, "is_centre": chosen is not None and member is chosen[1],
            **{key: member.parameters.get(key, one.form.fixed.get(key, np.nan)) for key in keys},
            **{f"{STATISTIC}{name}": value for name, value in member.statistics.items()},
            "implausibility": member.implausibility, "worst": member.worst,
            "seeds": ",".join(map(str, member.seeds)), "users": plan.users,
        }
        for one in judged for number, member in enumerate(one.members)
    ]  # fmt: skip
    found = pd.DataFrame(rows, columns=[*columns, "implausibility", "worst", "seeds", "users"])
    found.attrs = {key: value for key, value in document.items() if key != "centre"}
    return found


def document_of(plan: EnsemblePlan, judged: Sequence[Judged]) -> dict[str, Any]:
    """What was judged by what, wave by wave; plain values."""
    chosen = middle(judged)
    return {
        "version": __version__, "code": code_digest("analysis"), "date": date.today().isoformat(), "users": plan.users,
        "overrides": list(plan.overrides), "design": asdict(plan.design), "seeds": plan.seeds, "cut": CUT,
        "targets": {name: {**asdict(target), "source": WANTED[name].source} for name, target in plan.targets.items()},
        "forms": {one.form.name: _form_in(one, plan) for one in judged},
        "centre": {"form": chosen[0].name, **asdict(chosen[1]), "seeds": list(chosen[1].seeds)} if chosen else None,
    }  # fmt: skip


def _form_in(one: Judged, plan: EnsemblePlan) -> dict[str, Any]:
    """One form: its ranges, what each wave left and how sure its emulators were, and why it ended."""
    found, targets = one.found, plan.targets
    return {
        "words": list(one.form.words), "ranges": {p.key: [p.low, p.high] for p in one.form.parameters},
        "reason": found.reason, "runs": found.runs, "left": found.left, "lowest": found.lowest,
        "excluded": {"alone": list(found.excluded.alone), "pairs": [list(pair) for pair in found.excluded.pairs]},
        "members": len(one.members), "did_not_hold": len(one.ruled_out),
        "seeds_needed": seeds_needed(targets, one.waves[-1].luck),
        "waves": [
            {"left": wave.left, "settings": wave.settings, "luck": dict(wave.luck), "emulators": {
                name: {"explained": e.explained, "explicable": e.explicable, "residual": e.residual, "added": e.added}
                for name, e in wave.emulators.items()}}
            for wave in one.waves
        ],
    }  # fmt: skip


def keep(out: Path) -> Path:
    """Take a finished set over into the reference data."""
    write_table(KEPT, pd.read_parquet(out / "ensemble.parquet"))
    return KEPT


def in_words(found: Mapping[str, Any]) -> str:
    """What a terminal shows."""
    lines = [line for name, form in found["forms"].items() for line in _form_in_words(name, form)]
    middle_of = found["centre"]
    if middle_of is None:
        lines.append("nothing fits: no form has a setting that these statistics leave")
    else:
        lines += [f"centre of the set, of form {middle_of['form']}: implausibility {middle_of['implausibility']:.2f}, furthest off "
                  f"{NAMES[middle_of['worst']]}",
                  *(f"  {key}: {value:g}" for key, value in middle_of["parameters"].items()),
                  f"to use it: --scenarios {found['out']}/presets with the presets in it"]  # fmt: skip
    return "\n".join([*lines, f"{found['out']}/ensemble.parquet"])


def _form_in_words(name: str, form: Mapping[str, Any]) -> Iterator[str]:
    """What became of one form."""
    emulators = form["waves"][-1]["emulators"]
    least = min(emulators, key=lambda key: emulators[key]["explained"])
    yield f"{name}: {len(form['waves'])} waves, {form['runs']} worlds; {form['reason']}; {form['left']:.2g} of the ranges left"
    yield (
        f"  of settings kept out emulators explain {np.median([e['explained'] for e in emulators.values()]):.2f} (median), least of "
        f"{NAMES[least]}: {emulators[least]['explained']:.2f} of {emulators[least]['explicable']:.2f} that luck leaves to explain"
    )
    if form["reason"] == "nothing is left":
        yield from _excluded_in_words(form)
        return
    most = max(form["seeds_needed"], key=lambda key: form["seeds_needed"][key])
    yield (
        f"  {form['members']} members, {form['did_not_hold']} settings did not hold when they were run; a member needs "
        f"{form['seeds_needed'][most]} seeds for luck within the tolerance of {NAMES[most]}, the luckiest statistic"
    )


def _excluded_in_words(form: Mapping[str, Any]) -> Iterator[str]:
    """Why nothing is left of a form."""
    yield f"  ruled out: the least implausible setting has {form['lowest']:.2f}, above {CUT:g}"
    excluded = form["excluded"]
    yield from (f"  no setting meets: {NAMES[key]}" for key in excluded["alone"])
    yield from (f"  no setting meets both: {NAMES[one]}, and {NAMES[other]}" for one, other in excluded["pairs"])
    if not excluded["alone"] and not excluded["pairs"]:
        yield "  each two of the statistics can be met together, three or more cannot"
