"""What `groundswell outsider` does: read a folder of `compare`, look at its worlds, and write tables and a page."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.outsider.page import lines, page_of
from analysis.outsider.scoring import QUIET, answers_of, scores_of
from analysis.outsider.seen import Known
from analysis.outsider.worlds import Progress, Task, code, look_at_all, settings
from sim.runs.face import cores, documents_of, question_in
from sim.runs.question import Question
from sim.runs.recording import name_of, read_table, rows_of, write_csv, write_json, write_table, write_whole
from sim.runs.recording.results import check_comparison, read_whole
from sim.scenario.schema import ScenarioError

LEAST_WORLDS, MOST_WORLDS = 2, 10_000  # seeds
WORLDS = "worlds"  # folder of what is filed


@dataclass(frozen=True)
class Order:
    """A folder's question, on how many of its seeds it is looked at, and the digests that its worlds had."""

    folder: Path
    question: Question
    known: Known
    seeds: tuple[int, ...]
    digests: dict[tuple[str, int], str]

    def tasks(self, out: Path) -> list[Task]:
        """Its worlds, arms of one seed together."""
        found, made_by = [], code()
        for seed in self.seeds:
            for arm, scenario in self.question.alone(seed).items():
                path = out / WORLDS / f"{name_of([arm, seed])}.json"
                found.append(Task(arm, scenario, self.known, path, self.digests.get((arm, seed)), made_by))
        return found


def order_of(folder: Path, worlds: int | None, trust: tuple[str, ...] = ()) -> Order:
    """What a folder that `compare` has left asks for. worlds: seeds of each arm; more than it has go on from its last one.

    Raises ScenarioError where the folder is damaged, has no record or no quiet arm, or there are too few worlds.
    """
    check_comparison(folder)
    documents_of(folder)
    question = question_in(folder, trust)
    if any(scenario.record is None for scenario in question.arms.values()):
        raise ScenarioError(f"{folder}: record: none given, allowed is a comparison with one, such as arms=outsider")
    quiet = {scenario.moderation.name for scenario in question.arms.values() if scenario.campaign.name == QUIET}
    lonely = [arm for arm, scenario in question.arms.items() if scenario.moderation.name not in quiet]
    if lonely or question.versions:
        what = f"{lonely[0]} without a quiet twin" if lonely else "versions of a campaign"
        raise ScenarioError(f"{folder}: {what} given, allowed are arms with one, such as arms=outsider")
    manifest, runs = read_whole(folder / "manifest.json"), read_table(folder, "runs")
    known, had = known_of(question), [int(seed) for seed in manifest["seeds"]]
    count = len(had) if worlds is None else worlds
    if not LEAST_WORLDS <= count <= MOST_WORLDS:
        raise ScenarioError(f"--worlds: {count} seeds given, allowed {LEAST_WORLDS} to {MOST_WORLDS:,}")
    seeds = (*had, *range(had[-1] + 1, had[-1] + 1 + max(0, count - len(had))))[:count]
    columns = zip(runs["arm"], runs["seed"], runs["digest"], strict=True)
    return Order(folder, question, known, seeds, {(str(arm), int(seed)): str(digest) for arm, seed, digest in columns})


def known_of(question: Question) -> Known:
    """What everybody knows of an election: candidates, who is in question, and two days.

    since: the first on which the accounts of a campaign wake, which is what was reported of the case; the beginning, where none do.
    """
    scenario, campaigns = question.scenario, [arm.campaign for arm in question.arms.values()]
    begins = [campaign.start for campaign in campaigns if campaign.start is not None]
    if not begins:
        raise ScenarioError("arms: no campaign given, allowed are arms with one beside the quiet one")
    wakes = [getattr(tactic, "wake_day", None) for campaign in campaigns for tactic in campaign.tactics.values()]
    reported = [day for day in wakes if isinstance(day, date)]
    return Known(len(scenario.population.candidates), scenario.focal, min(reported, default=min(begins)), min(begins))


def write_outsider(order: Order, out: Path, threads: int | None, on_progress: Progress | None) -> dict[str, Any]:
    """Look at all worlds of an order and leave outsider.parquet (answers), outsider.csv (scores), a page and the summary."""
    tasks = order.tasks(out)
    engine = order.question.scenario.engine
    records = look_at_all(tasks, engine, threads or cores(), on_progress)
    answers = answers_of(records, order.known)
    scores = scores_of(answers)
    scenario = order.question.scenario
    about = {
        "out": str(out), "scenario": scenario.name, "title": scenario.title, "focal": scenario.population.candidates[scenario.focal].label,
        "users": round(scenario.population.country_users * scenario.scale), "days": scenario.clock.days, "seeds": len(order.seeds),
        "worlds": len(tasks), "since": order.known.since.isoformat(), "began": order.known.began.isoformat(),
        "runs": settings().runs, "minutes": settings().minutes, "command": command_of(order),
    }  # fmt: skip
    for name in ("day", "begins", "ends"):
        answers[name] = pd.to_datetime(answers[name]).dt.date
    write_table(out / "outsider.parquet", answers)
    write_csv(out / "outsider.csv", scores)
    write_json(out / "outsider.json", {**about, "scores": rows_of(scores)})
    write_whole(out / "outsider.html", page_of(about, scores).encode())
    return {**about, "scores": rows_of(scores)}


def command_of(order: Order) -> str:
    """The commands that make it again, but for places."""
    said = str(read_whole(order.folder / "manifest.json")["command"])
    return f"{said}\ngroundswell outsider DIR --worlds {len(order.seeds)}"


def in_words(summary: dict[str, Any]) -> str:
    """What was found, for a terminal."""
    return "\n".join([*lines(summary, pd.DataFrame(summary["scores"])), f"{summary['out']}/outsider.html"])
