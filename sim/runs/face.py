"""Load a scenario, simulate one world, compare paired arms over many seeds: what the commands and the notebooks stand on."""

import platform
import shlex
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from sim.measures.labels import DIRECTED as DIRECTED
from sim.measures.units import asked_units
from sim.model import CampaignModel
from sim.runs.audit import Audit, AuditPlan
from sim.runs.audit import DailyAudits as DailyAudits
from sim.runs.audit import audit as audit_world
from sim.runs.build import scenario_of as scenario_of
from sim.runs.crates import documents_of as documents_of
from sim.runs.crates import question_in as question_in
from sim.runs.engines import cores as cores
from sim.runs.engines import kept_workers
from sim.runs.engines import run_all as run_all
from sim.runs.enough import Watch as Watch
from sim.runs.enough import Wish as Wish
from sim.runs.enough import wish_of as wish_of
from sim.runs.families import Family, peak_memory, result_of, run_family
from sim.runs.fidelity import fidelity
from sim.runs.film import Film as Film
from sim.runs.film import FilmedWorld as FilmedWorld
from sim.runs.film import Openings as Openings
from sim.runs.film import Scouted as Scouted
from sim.runs.film import Wanted as Wanted
from sim.runs.film import feed_of as feed_of
from sim.runs.film import film_world as film_world
from sim.runs.film import last_hour as last_hour
from sim.runs.film import packed as packed
from sim.runs.film import read_film as read_film
from sim.runs.film import scout as scout
from sim.runs.film import unpacked as unpacked
from sim.runs.interchange import Recorder
from sim.runs.interchange import recorders as recorders
from sim.runs.labelled import LabelledWorld as LabelledWorld
from sim.runs.labelled import labelled_world as labelled_world
from sim.runs.looks.look import Look as Look
from sim.runs.looks.look import Standing as Standing
from sim.runs.looks.public import PublicWorld as PublicWorld
from sim.runs.looks.public import public_world as public_world
from sim.runs.looks.record import Acts as Acts
from sim.runs.members import Spread as Spread
from sim.runs.members import Task, run_tasks
from sim.runs.members import spread_of as spread_of
from sim.runs.question import Question, composed_files, question_of
from sim.runs.recording import (
    code_of,
    digest_of,
    name_of,
    write_json,
    write_table,
    write_whole,
)
from sim.runs.recording.results import read_whole
from sim.runs.seen_by import RecordedWorld as RecordedWorld
from sim.runs.seen_by import recorded_world as recorded_world
from sim.runs.tables import record_of, series_of
from sim.runs.timeline import timeline, told
from sim.runs.together import Together as Together
from sim.runs.together import together as together
from sim.runs.votes import about_election, write_votes
from sim.runs.warm_ups import NONE_KEPT, WarmUps
from sim.scenario.arms import STANDARD
from sim.scenario.assumptions import assumptions, policy_assumptions
from sim.scenario.config import Arm, Asked, Scenario
from sim.scenario.files import compose, recorded
from sim.scenario.overrides import key_of
from sim.scenario.presets import sentences
from sim.scenario.schema import ScenarioError, build
from sim.version import __version__

HOURS_BETWEEN_REPORTS = 24  # simulated hours
ABOUT_RUNS = (
    "arms",
    "variants",
    "replications",
    "engine",
    "seed",
)  # keys of a scenario that say what is run, and nothing of a world


def load_scenario(overrides: Sequence[str] = (), folder: Path | None = None, trust: Sequence[str] = ()) -> Scenario:
    """Compose and check a scenario; whatever is wrong is a ScenarioError that says what is allowed."""
    asked = Asked(tuple(overrides), folder, tuple(trust))
    return replace(scenario_of(compose(overrides, folder, trust), trust), asked=asked)


def asked_of(scenario: Scenario) -> Asked:
    """What a loaded scenario was composed from; one that was changed since is refused, since its other arms could not be composed."""
    asked = scenario.asked
    if asked is None or load_scenario(asked.overrides, asked.folder, asked.trust) != scenario:
        raise ScenarioError(
            "scenario: was changed after load_scenario; say the change to load_scenario, such as seed=3"
        )
    return asked


def document_of(scenario: Scenario) -> dict[str, Any]:
    """The composed document of a loaded scenario."""
    asked = asked_of(scenario)
    return compose(asked.overrides, asked.folder, asked.trust)


@dataclass(frozen=True)
class WorldResult:
    """One finished world."""

    summary: dict[str, Any]
    run: dict[str, Any]
    series: pd.DataFrame
    record: pd.DataFrame  # what each viewer had; without rows where the scenario asks for no record
    about: dict[str, Any]  # title, candidates, dates and units
    election: Mapping[str, Any] | None = None  # its draws, where one was held

    def write(self, folder: Path, document: Mapping[str, Any]) -> None:
        """Leave the tables of one world in a folder, and the document that it was made from."""
        write_whole(folder / "config.yaml", yaml_of(document))
        write_table(folder / "runs.parquet", pd.DataFrame([self.run]))
        write_table(folder / "series.parquet", self.series)
        write_votes(folder, [{"run": self.run, "election": self.election}])
        if len(self.record):
            write_table(folder / "record.parquet", self.record)
        write_json(folder / "manifest.json", {"versions": versions(), **self.summary, **self.about})


def yaml_of(document: Mapping[str, Any]) -> bytes:
    """A composed scenario as a file."""
    return str(yaml.safe_dump(dict(document), sort_keys=False, allow_unicode=True)).encode()


class Digest:
    """The digest of a world that others run and show after each hour; `found` once it has come to its end."""

    found = ""

    def note(self, model: CampaignModel) -> None:
        """After an hour."""
        if model.world.hour == model.clock.end:
            self.found = str(result_of(model, "", 0.0)["run"]["digest"])


def simulate(
    scenario: Scenario, on_progress: Callable[[int, int], None] | None = None, records: Sequence[Recorder] = ()
) -> WorldResult:
    """Run one world from its first hour to its last; `records` watch it and write files of their own."""
    opened = time.perf_counter()
    model = CampaignModel(scenario)
    started = time.perf_counter()
    end = scenario.clock.end
    try:
        for record in records:
            record.begin(model)
        for hour in range(1, end + 1):
            model.run_until(hour)
            for record in records:
                record.note(model)
            if on_progress and hour % HOURS_BETWEEN_REPORTS == 0:
                on_progress(hour, end)
        for record in records:
            record.finish(model)
    except BaseException:
        for record in records:
            record.drop()
        raise
    arm = f"{scenario.campaign.name}/{scenario.moderation.name}"
    result = result_of(model, arm, started)
    run = result["run"]
    measures = {key: value for key, value in run.items() if isinstance(value, int | float) and key != "wall_s"}
    summary = {
        "scenario": scenario.name, "seed": scenario.seed, "users": run["users"], "ticks": end,
        "impressions": result["all_impressions"], "wall_s": run["wall_s"], "setup_s": started - opened,
        "peak_rss_mb": peak_memory(), "measures": measures, "digest": run["digest"],
    }  # fmt: skip
    about = {
        "title": scenario.title, "candidate": scenario.focal, "candidates": [c.label for c in scenario.population.candidates],
        "start_date": scenario.clock.first_day.isoformat(), "days": scenario.clock.days, "units": asked_units(scenario),
        **about_election(scenario),
    }  # fmt: skip
    record = record_of([result], scenario)
    return WorldResult(summary, run, series_of([result], scenario), record, about, result.get("election"))


def audit(
    folder: Path, question: Mapping[str, Any], trust: Sequence[str] = (),
    on_progress: Callable[[int, int], None] | None = None,
) -> tuple[Audit, AuditPlan, Scenario]:  # fmt: skip
    """Replay the world that `run` has left in a folder, check its digest, and watch a copy of it with fresh accounts.

    question: as `AuditPlan`, but that `day` may be None: as late as the days allow. Raises ScenarioError where folder or
    question are wrong, DigestDiffersError where the replay has another digest.
    """
    if not all((folder / name).is_file() for name in ("config.yaml", "manifest.json")):
        raise ScenarioError(
            f"{folder}: holds no config.yaml and manifest.json; allowed is a folder that run has written"
        )
    manifest = read_whole(folder / "manifest.json")
    if not isinstance(manifest, Mapping) or "ticks" not in manifest or "digest" not in manifest:
        raise ScenarioError(f"{folder}: holds no single world; allowed is a folder that run has written, not compare")
    scenario = scenario_of(recorded(folder / "config.yaml", trust), trust)
    day = question["day"] if question["day"] is not None else max(1, scenario.clock.days - question["days"] + 1)
    plan = build(AuditPlan, {**question, "day": day}, "")
    return audit_world(scenario, str(manifest["digest"]), plan, on_progress), plan, scenario


def compare(
    overrides: Sequence[str],
    out: Path,
    folder: Path | None = None,
    trust: Sequence[str] = (),
    threads: int | None = None,
    on_progress: Callable[[int, int, str], None] | None = None,
    watch: Watch | None = None,
    spread: Spread | None = None,
    keep_warm_ups: bool = False,
) -> dict[str, Any]:
    """Run every arm for every seed, going on from finished runs, and leave the tables in `out`.

    watch: looks at more and more seeds, up to all of them, and says when they are enough. spread: sets of assumptions that are run
    beside it by the same command. keep_warm_ups: begin each seed where another comparison of this user has left it at its first
    measured hour, if there is one, and leave it there; results are the same.
    """
    started = time.perf_counter()
    asked = question_of(overrides, folder, trust)
    document, scenario, arms = asked.document, asked.scenario, asked.arms
    code = code_of(trust)
    kept = WarmUps(name_of([code, versions()])) if keep_warm_ups else NONE_KEPT
    results = run_question(asked, out, code, threads or cores(), on_progress, watch, kept)
    count = len(results) // (len(arms) + len(asked.versions))
    if watch:  # what is left says how many were enough
        document = {**document, "replications": count}
        overrides = [*(word for word in overrides if key_of(word) != "replications"), f"replications={count}"]
    swept = any(arm.strength != STANDARD for arm in scenario.arms)
    assumed = assumptions(document, folder) + policy_assumptions(document, asked.moderations, swept, folder)
    options = [
        *(["--scenarios", str(folder)] if folder else []),
        *(word for module in trust for word in ("--trust", module)),
    ]
    command = shlex.join(["groundswell", "compare", *overrides, *(spread.words if spread else ()), *options])
    said = {"assumptions": assumed, "policies": sentences(asked.moderations, folder)}
    leave_comparison(results, scenario, document, asked, out, command, said, watch)
    return {
        "out": str(out), "arms": [*arms, *asked.versions], "replications": count, "wall_s": time.perf_counter() - started,
        "impressions": sum(result["all_impressions"] for result in results),
    }  # fmt: skip


def run_question(
    asked: Question, out: Path, code: str, workers: int, on_progress: Callable[[int, int, str], None] | None, watch: Watch | None,
    warm_ups: WarmUps = NONE_KEPT,
) -> list[dict[str, Any]]:  # fmt: skip
    """Results by seed and arm: of all seeds, or look by look until they are enough."""
    scenario, results = asked.scenario, list[dict[str, Any]]()
    arms = [*asked.arms, *asked.versions]
    with kept_workers(workers) if watch else nullcontext():  # looks share workers
        for total in watch.looks if watch else [scenario.replications]:
            begun = len(results) // len(arms)
            seeds = range(scenario.seed + begun, scenario.seed + total)
            families = [_family(seed, asked, out, code, warm_ups) for seed in seeds]
            for done, found in enumerate(run_all(scenario.engine, run_family, families, workers), start=begun + 1):
                results += found
                if on_progress:
                    on_progress(done, total, f"seed {found[0]['run']['seed']}")
            results.sort(key=lambda result: (result["run"]["seed"], arms.index(result["run"]["arm"])))
            if watch and watch.is_enough(pd.DataFrame([result["run"] for result in results]), arms):
                break
    return results


def _family(seed: int, asked: Question, out: Path, code: str, warm_ups: WarmUps = NONE_KEPT) -> Family:
    """One seed's arms; a finished world is named by what it depends on, so that more arms or seeds use it again.

    code: see `code_of`; after a change of the model or of a trusted module nothing finished is used.
    """
    said = {key: value for key, value in asked.document.items() if key not in ABOUT_RUNS}
    names = {arm: name_of([code, seed, arm, repr(rules), said]) for arm, rules in asked.alone(seed).items()}
    files = {arm: out / "runs" / f"{name}.json" for arm, name in names.items()}
    return Family(seed, asked.arms, files, asked.versions, warm_ups)


def run_members(
    members: Mapping[int, Question], each: int, out: Path, trust: Sequence[str] = (), threads: int | None = None,
    on_progress: Callable[[int, int, str], None] | None = None,
) -> tuple[pd.DataFrame, dict[int, str]]:  # fmt: skip
    """Run several comparisons of the same arms side by side, each with `each` seeds that no other has.

    Returns the table of runs with a column `member`, and of members that could not be run why. Finished worlds are used again.
    """
    code, tasks = code_of(trust), list[Task]()
    for place, (member, asked) in enumerate(members.items()):
        first = asked.scenario.seed + place * each
        tasks += [Task(member, _family(seed, asked, out, code)) for seed in range(first, first + each)]
    engine = next(iter(members.values())).scenario.engine
    found = run_tasks(engine, tasks, threads or cores(), on_progress)
    failed, arms = {done.member: done.failed for done in found if done.failed}, list(next(iter(members.values())).arms)
    rows = [
        {"member": done.member, **result["run"]}
        for done in found
        if done.member not in failed
        for result in sorted(done.results, key=lambda result: arms.index(result["run"]["arm"]))
    ]
    return pd.DataFrame(rows), failed


def leave_comparison(
    results: Sequence[Mapping[str, Any]], scenario: Scenario, document: Mapping[str, Any], asked: Question,
    out: Path, command: str, said: Mapping[str, Any], watch: Watch | None,
) -> None:  # fmt: skip
    """The tables and the manifest of a comparison. said: what only its presets' comments say, its assumptions and a sentence a policy."""
    runs = pd.DataFrame([result["run"] for result in results])
    write_table(out / "runs.parquet", runs)
    write_table(out / "series.parquet", series_of(results, scenario))
    write_votes(out, results)
    if scenario.record is not None:
        write_table(out / "record.parquet", record_of(results, scenario))
    write_json(out / "manifest.json", {
        "versions": versions(), **about(asked), "seeds": sorted({int(seed) for seed in runs["seed"]}), "users": int(runs["users"].iloc[0]),
        "digest": digest_of([[r["run"]["arm"], r["run"]["digest"]] for r in results], {}),
        "command": command,
        **said,
        "fidelity": fidelity(scenario, runs),
        "enough": watch.record if watch else {},
    })  # fmt: skip
    write_whole(out / "config.yaml", yaml_of(document))
    for name, content in composed_files(asked).items():
        write_whole(out / name, yaml_of(content))


def about(asked: Question) -> dict[str, Any]:
    """What a comparison is about, whatever came of it: what estimates need to know beside the runs."""
    scenario, candidates = asked.scenario, asked.scenario.population.candidates
    return {
        "scenario": scenario.name, "title": scenario.title, "candidate": scenario.focal,
        "candidates": [candidate.label for candidate in candidates],
        "exchangeable": [n for n, c in enumerate(candidates) if c.exchangeable] if candidates[scenario.focal].exchangeable else [],
        "arms": [_told(arm, rules) | _earlier(asked, arm) for arm, rules in asked.arms.items()],
        "variants": [_told(arm, rules) for arm, rules in asked.versions.items()],
        "scale": scenario.scale,
        "starts": {r.campaign.name: r.campaign.start.isoformat() for r in asked.arms.values() if r.campaign.start},
        "start_date": scenario.clock.first_day.isoformat(), "days": scenario.clock.days, "currency": "EUR",
        "window": [0, scenario.clock.days],
        "timeline": told(timeline(list(asked.arms.values()))),
        "units": asked_units(scenario),
        **about_election(scenario),
    }  # fmt: skip


def _told(arm: str, rules: Scenario) -> dict[str, Any]:
    """An arm as the manifest names it; of a version of a campaign also which tactics act, and at which multiple of their plans."""
    told: dict[str, Any] = {"name": arm, "campaign": rules.campaign.name, "moderation": rules.moderation.name}
    if "[" in rules.campaign.name:
        told["doses"] = {tactic: rules.campaign.doses.get(tactic, 1.0) for tactic in rules.campaign.tactics}
    return told


def _earlier(asked: Question, name: str) -> dict[str, Any]:
    """Under which regulator an arm is, where it names one, and which of its steps is so many days earlier."""
    arms = {arm.name: arm for arm in (build(Arm, entry, "arms") for entry in asked.document["arms"])}
    arm = arms[name]
    told = {"regulator": arm.regulator, "step": arm.step, "earlier": arm.earlier or 0}
    return told if arm.regulator else {}


def versions() -> dict[str, str]:
    """Versions of what computed a result."""
    import mesa
    import numba
    import numpy

    return {"groundswell": __version__, "python": platform.python_version(), "mesa": mesa.__version__,
            "numpy": numpy.__version__, "numba": numba.__version__}  # fmt: skip
