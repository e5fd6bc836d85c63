"""Films of arms, kept by what they hang on: a twin that no setting has changed is not run again. Runs in a worker process."""

import os
import shutil
from collections.abc import Mapping
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from analysis.lab.asked import Asked
from analysis.lab.reel import CAST, REEL, Plan, film_arm, id_of, plan_in, planned, write_reel
from analysis.lab.server.settings import words_of
from analysis.lab.server.store import OWN
from analysis.lab.server.tasks import FilmArms, MakeReel
from analysis.lab.server.telling import Telling
from analysis.lab.whole import folder_appearing
from sim.runs.face import Openings, packed
from sim.runs.question import question_of
from sim.runs.recording import code_of, name_of, read_json, write_json, write_whole
from sim.scenario.config import Scenario

ENTRY = "entry.json"  # what reel.json says of an arm
PLANS = 4  # that a worker remembers
KEPT = 8  # words of which a worker remembers the arms
_plans: dict[str, Plan] = {}
_openings = Openings()


def make_reel(task: MakeReel, telling: Telling) -> None:
    """Leave a reel of the arms that are asked about. Raises ScenarioError."""
    arms = arms_of(task.words)
    plan = plan_of(task, telling)
    telling.live = list(arms)[-1]  # the one with campaign and moderation
    films = _films(arms, plan, task.films, telling)
    with folder_appearing(task.out) as folder:
        entries = []
        for arm, kept in films.items():
            entry = read_json(kept / ENTRY)
            _link(kept / entry["file"], folder / entry["file"])
            entries.append({**entry, "arm": arm})
        write_reel(folder, plan, Asked(arms, task.command, {}), entries)
        feeds = {id_of(arm): str(kept) for arm, kept in films.items()}
        write_json(folder / OWN, {"words": list(task.words), "films": feeds})


def film_arms(task: FilmArms, telling: Telling) -> dict[str, Path]:
    """Where the films of the arms are kept, by their ids."""
    films = _films(arms_of(task.words), plan_of(task, telling), task.films, telling)
    return {id_of(arm): folder for arm, folder in films.items()}


@lru_cache(KEPT)
def arms_of(words: tuple[str, ...]) -> Mapping[str, Scenario]:
    """Scenarios of the arms, each as one world; composing them takes most of a second, so that those of the last words are kept."""
    asked = question_of(words)
    return asked.alone(asked.scenario.seed)


def kept_as(rules: Scenario, plan: str) -> str:
    """The name under which the film of a world is kept: a hash of all that it hangs on. Money that no campaign has is nothing."""
    if rules.campaign.start is None:
        rules = replace(rules, campaign=replace(rules.campaign, budget=0.0))
    return name_of([_code(), plan, repr(rules)])


@cache
def _code() -> str:
    """A hash of the model: read once, since a process computes with what it has imported."""
    return code_of()


def plan_of(task: FilmArms, telling: Telling) -> Plan:
    """Whose feeds are kept: chosen in the world of the usual campaign, whatever is asked about; kept for all that differ in campaign
    and moderation alone, since neither acts before a film begins."""
    name = _plan_name(task.words)
    folder = task.films / f"plan-{name}"
    if name not in _plans:
        if not (folder / REEL).is_file():
            plan = planned(arms_of(_usual(task.words)), on_hour=telling)
            with folder_appearing(folder) as part:
                _keep(plan, part)
        while len(_plans) >= PLANS:
            _plans.pop(next(iter(_plans)))
        _plans[name] = plan_in(folder)
    return _plans[name]


def _keep(plan: Plan, folder: Path) -> None:
    """Leave a plan as `plan_in` reads it."""
    told: dict[str, Any] = {"people": list(plan.people), "graph": dict(plan.graph), "tactics": list(plan.tactics)}
    told["people_by_the_end"] = plan.by_the_end
    write_json(folder / REEL, told)
    write_whole(folder / CAST, packed(plan.cast))


def _usual(words: tuple[str, ...]) -> tuple[str, ...]:
    """The same words about the usual campaign without moderation."""
    usual = words_of({})
    kept = [
        word for word in words if word.lstrip("~").partition("=")[0].partition(".")[0] not in ("campaign", "moderation")
    ]
    return (*kept, *(word for word in usual if word.startswith(("campaign=", "moderation="))))


@cache
def _plan_name(words: tuple[str, ...]) -> str:
    """The same for words under which the world without a campaign is the same."""
    arms = arms_of(_usual(words))
    return kept_as(next(rules for rules in arms.values() if rules.campaign.start is None), "plan")


def _films(arms: Mapping[str, Scenario], plan: Plan, place: Path, telling: Telling) -> dict[str, Path]:
    """The folder of each arm's film. Where there is an arm whose hours are told, it is run first."""
    found = dict[str, Path]()
    for arm in sorted(arms, key=lambda arm: arm != telling.live):
        folder = place / kept_as(arms[arm], name_of(plan.accounts))
        if not (folder / ENTRY).is_file():
            with folder_appearing(folder) as part:
                write_json(
                    part / ENTRY,
                    film_arm(plan, arm, arms[arm], part, everybody=True, on_hour=telling, openings=_openings),
                )
        found[arm] = folder
    return {arm: found[arm] for arm in arms}


def _link(film: Path, place: Path) -> None:
    """The same file under another name; a copy where the disk cannot."""
    try:
        os.link(film, place)
    except OSError:
        shutil.copyfile(film, place)
