"""A reel: a folder with films of twin worlds, and reel.json, which says what they are.

Beside what its names say, reel.json has: `code`, the stamp of the model and the presets; `people_by_the_end`: how many accounts people have
used by the end of the film, of which `reach` counts those that saw a candidate; `calendar`: marks in hours of the film; `people`: those
whose feeds are kept, in the order of the films' rows; `graph`: accounts with the places where they are drawn, and pairs (who, whom) of
places in that list; `arms`, with the row of the table of runs as `totals`; `runs` and `estimates`: of the comparison of which these worlds
are the first seed, else the worlds themselves; `game`, `sealed`, `quiz`: what lessons ask. cast.film holds all accounts as films begin.
"""

import json
import math
import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.estimates.varied import code_of_answers
from analysis.lab.asked import Asked, asked_in
from analysis.lab.calendar import calendar_of
from analysis.lab.graph import graph_of, nodes_of
from analysis.lab.people import USUAL, chosen_people, fewer, told
from analysis.lab.tasks import stored_tasks
from analysis.lab.whole import folder_appearing
from sim.runs.face import Film, Openings, Scouted, Wanted, feed_of, film_world, packed, read_film, scout
from sim.runs.recording import name_of, read_json, write_whole
from sim.scenario.config import Scenario
from sim.scenario.schema import ScenarioError

VERSION = 1
REEL, CAST, FEEDS = "reel.json", "cast.film", "feeds"  # files of a reel, and the folder of everybody's feeds
PEOPLE = 40  # whose feeds a reel keeps, unless said otherwise
BYTES_MOST = 2_850_000  # of all films of a reel; a third more in a replay, which may have 8 million beside the page
NAME_MOST = 60  # letters of an arm's name as a file
OF_RUNS = (
    "candidate_impressions", "political_impressions", "reach", "genuine_users", "spent", "accounts_actioned",
    "genuine_accounts_actioned",
)  # fmt: skip
OnHour = Callable[[str, Any], None]  # is shown which arm runs, and the model after each of its hours; may raise to stop


@dataclass(frozen=True)
class Plan:
    """What is the same in all films of a reel: whose feeds are kept, what is drawn, and the accounts as the films begin.

    by_the_end: how many accounts people have used by the end, of which `reach` counts those that saw a candidate; more than the monthly
    users, since some come back or are new.
    """

    people: Sequence[Mapping[str, Any]]
    graph: Mapping[str, Any]
    tactics: Sequence[str]
    cast: Film
    by_the_end: int

    @property
    def accounts(self) -> list[int]:
        """Whose feeds are kept."""
        return [int(person["account"]) for person in self.people]


def look_around(arms: Mapping[str, Scenario], on_hour: OnHour | None = None) -> Scouted:
    """Run the world with most of the campaign: that of the first arm that has one, and no moderation if there is such."""
    arm = fullest(arms)
    return scout(arms[arm], (lambda model: on_hour(arm, model)) if on_hour else None)


def fullest(arms: Mapping[str, Scenario]) -> str:
    """The arm with most of the campaign."""
    acting = [arm for arm, rules in arms.items() if rules.campaign.start is not None] or list(arms)
    return next((arm for arm in acting if arms[arm].moderation.start is None), acting[0])


def planned(arms: Mapping[str, Scenario], people: int = PEOPLE, on_hour: OnHour | None = None) -> Plan:
    """A plan with so many people, chosen in a world that is run for it; see `look_around`."""
    return plan_for(look_around(arms, on_hour), arms, people)


def plan_for(scouted: Scouted, arms: Mapping[str, Scenario], people: int, usual: tuple[float, float] = USUAL) -> Plan:
    """A plan with so many people. usual: see `chosen_people`."""
    chosen = chosen_people(scouted, people, usual)
    tactics = list(dict.fromkeys(name for each in arms.values() for name in each.campaign.tactics))
    graph = graph_of(scouted, nodes_of(scouted, chosen))
    return Plan(told(scouted, chosen), graph, tactics, scouted.cast, int(scouted.ever.sum()))


def plan_in(folder: Path) -> Plan:
    """The plan of a reel that is there, for films of other worlds of the same people."""
    reel = read_json(folder / REEL)
    return Plan(
        reel["people"], reel["graph"], reel["tactics"], read_film(folder / CAST), int(reel["people_by_the_end"])
    )


def id_of(arm: str) -> str:
    """The name of an arm as one of a file."""
    name = re.sub(r"[^\w-]", "-", arm, flags=re.ASCII)
    return name if len(name) <= NAME_MOST else f"{name[:NAME_MOST]}-{name_of(arm)}"


def film_arm(
    plan: Plan, arm: str, scenario: Scenario, folder: Path, everybody: bool = False,
    suspended: Mapping[int, Sequence[int]] | None = None, on_hour: OnHour | None = None, openings: Openings | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Film one world into a folder; returns what reel.json says of it.

    everybody: keep the feeds of all people beside it; suspended: see `Wanted`; openings: see `film_world`.
    """
    name = id_of(arm)
    feeds = folder / FEEDS / name if everybody else None
    if feeds is not None:
        shutil.rmtree(feeds, ignore_errors=True)  # of a try with more people
    wanted = Wanted(plan.accounts, plan.graph["account"], plan.tactics, feeds, suspended or {})
    filmed = film_world(scenario, wanted, (lambda model: on_hour(arm, model)) if on_hour else None, openings)
    write_whole(folder / f"{name}.film", packed(filmed.film))
    totals = numbers_of(filmed.run)
    return {
        "id": name, "arm": arm, "campaign": scenario.campaign.name, "moderation": scenario.moderation.name, "file": f"{name}.film",
        "digest": filmed.run["digest"], "budget": budget_of(scenario), "totals": totals,
    }  # fmt: skip


def numbers_of(run: Mapping[str, Any]) -> dict[str, float | None]:
    """The numbers of a row of the table of runs, None where there is none; without the seconds that it took."""
    found = {key: value for key, value in run.items() if isinstance(value, int | float) and key != "wall_s"}
    return {key: value if math.isfinite(value) else None for key, value in found.items()}


def budget_of(scenario: Scenario) -> float:
    """What the campaign may spend in this small copy of the country: EUR; 0 where it does nothing."""
    return scenario.campaign.budget * scenario.scale if scenario.campaign.start is not None else 0.0


def reel_of(
    source: Path | Asked, out: Path, people: int = PEOPLE, everybody: bool = False, most: float = BYTES_MOST,
    usual: tuple[float, float] = USUAL, also: Mapping[str, Any] | None = None, trust: Sequence[str] = (), on_hour: OnHour | None = None,
) -> Path:  # fmt: skip
    """Film one world of each arm, all of one seed, and leave the reel in a folder, which appears whole or not at all.

    source: a folder that `compare` or `run` has left, or what was asked otherwise; people: whose feeds are kept, fewer where the films
    would have more than `most` bytes; usual: see `chosen_people`; everybody: keep the feeds of all people beside them; also: see
    `write_reel`. Raises ScenarioError, also where a world does not come out as it did in the folder.
    """
    asked = asked_in(source, trust) if isinstance(source, Path) else source
    scouted, first = look_around(asked.arms, on_hour), fullest(asked.arms)
    openings = Openings()
    with folder_appearing(out) as folder:
        while True:  # a world again, with fewer people, where it is too large
            plan = plan_for(scouted, asked.arms, people, usual)
            found = {first: film_arm(plan, first, asked.arms[first], folder, everybody, None, on_hour, openings)}
            given = len(asked.arms) * (folder / found[first]["file"]).stat().st_size
            if given <= most or people == 1:
                break
            people = fewer(people, given, most)
        for arm in asked.arms:
            if arm != first:
                found[arm] = film_arm(plan, arm, asked.arms[arm], folder, everybody, None, on_hour, openings)
            _check_digest(found[arm], asked)
        write_reel(folder, plan, asked, [found[arm] for arm in asked.arms], also)
    return out


def _check_digest(entry: Mapping[str, Any], asked: Asked) -> None:
    """A world that was run before has come out the same."""
    before = asked.digests.get(entry["arm"], entry["digest"])
    if before != entry["digest"]:
        raise ScenarioError(
            f"{entry['arm']}: has digest {entry['digest'][:12]}, in the folder {before[:12]}: another version has made it; allowed is "
            "a folder of this one"
        )


def write_reel(
    folder: Path, plan: Plan, asked: Asked, entries: Sequence[Mapping[str, Any]], also: Mapping[str, Any] | None = None
) -> None:
    """Leave reel.json and the cast beside the films of a folder.

    entries: what `film_arm` returned of each arm; also: what takes the place of something in reel.json, such as its `game`.
    """
    own = [{"seed": asked.seed, "arm": entry["arm"], **entry["totals"]} for entry in entries]
    document = {
        "version": VERSION, "code": code_of(asked.arms), **_about(asked), "command": asked.command,
        "users": entries[0]["totals"]["users"], "genuine_users": entries[0]["totals"]["genuine_users"],
        "people_by_the_end": plan.by_the_end, "tactics": list(plan.tactics), "people": list(plan.people), "graph": dict(plan.graph),
        "arms": list(entries), "runs": [_short(row) for row in (asked.runs if asked.runs is not None else own)],
        "estimates": list(asked.estimates), **stored_tasks(),
    }  # fmt: skip
    write_whole(folder / CAST, packed(plan.cast))
    write_compact(folder / REEL, document | dict(also or {}))


def _about(asked: Asked) -> dict[str, Any]:
    """What the scenario says."""
    rules = next(iter(asked.arms.values()))
    labels = [candidate.label for candidate in rules.population.candidates]
    policies = list(dict.fromkeys(name for each in asked.arms.values() for name in each.moderation.policies))
    return {
        "title": rules.title, "scenario": rules.name, "scale": rules.scale, "seed": asked.seed,
        "candidate": labels[rules.focal], "candidates": labels, "axes": rules.population.axes, "calendar": calendar_of(asked.arms),
        "policies": policies,
    }  # fmt: skip


def write_compact(path: Path, document: Mapping[str, Any]) -> None:
    """A JSON document without spaces: what a page reads first."""
    write_whole(path, json.dumps(document, separators=(",", ":"), default=float, allow_nan=False).encode())


def _short(row: Mapping[str, Any]) -> dict[str, Any]:
    """What a reel keeps of one run."""
    return {"seed": int(row["seed"]), "arm": row["arm"]} | {name: row[name] for name in OF_RUNS if name in row}


def code_of(arms: Mapping[str, Scenario]) -> str:
    """The stamp of the model and the presets on which worlds hang; see `code_of_answers`."""
    return code_of_answers(frozenset(rules.campaign.name for rules in arms.values()))


def is_older(reel: Mapping[str, Any]) -> bool:
    """Whether a reel was made by another version of the model or of its presets: its worlds may come out otherwise now."""
    return bool(reel["code"] != code_of_answers(frozenset(arm["campaign"] for arm in reel["arms"])))


def head_of(folder: Path) -> dict[str, Any]:
    """reel.json of a folder, and whether it is `older` than the model, for a page to say so."""
    reel = read_json(folder / REEL)
    return {**reel, "older": is_older(reel)}


def feeds_of(folder: Path, arm: str, account: int) -> bytes:
    """The feed of any person in one arm of a reel that keeps everybody's, as the bytes of a film with `feed_` and `post_` columns.

    arm: its id. Raises ScenarioError where the reel has no such arm, feeds or account.
    """
    known = [entry["id"] for entry in read_json(folder / REEL)["arms"]]
    if arm not in known:
        raise ScenarioError(f"arm: {arm[:80]!r} given, allowed {', '.join(known)}")
    return packed(feed_of(folder / FEEDS / arm, account))
