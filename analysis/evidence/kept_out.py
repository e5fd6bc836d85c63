"""Counts of worlds that were kept out: how often accounts and posts of each explanation show each trace, as each viewer has them.

What is true is read here, of these worlds alone: whoever weighs evidence has to know what each explanation brings forth. Finished worlds
are filed, and used again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.evidence.explanations import ALLEGED, QUIET, TWIN, Case
from analysis.evidence.likelihood import Counts
from analysis.evidence.rules import rules
from analysis.evidence.traces import Traces, patterns_of, traces_of
from sim.kernels import fingerprint
from sim.runs.face import RecordedWorld, recorded_world, run_all
from sim.runs.recording import name_of
from sim.runs.recording.results import read_sealed, write_sealed
from sim.scenario.config import Scenario

HELD = ("operated", "vendor")  # kinds of accounts that somebody who has many of them uses
CALLED, RECRUITED = "volunteer", "recruited_people"  # kind of people of a channel; explanation in which they are paid
VIEWERS = ("platform", "regulator", "outsider")
HIRED = "hire_influencers"  # tactic of payments for posts
FINISHED = "worlds"  # folder of what is filed
HERE = Path(__file__).resolve().parent
SHAPED_BY = ("evidence.yaml", "kept_out.py", "traces.py", "rules.py")  # files of this folder on which counts hang
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Task:
    """One world to be counted. begins: from when on a campaign is alleged."""

    explanation: str
    place: int
    scenario: Scenario
    day: date
    begins: date | None
    candidate: int
    path: Path


@dataclass(frozen=True)
class KeptOut:
    """Counts of all worlds for one viewer: by explanation a list of worlds; see `counted` for what is in each."""

    worlds: Mapping[str, Sequence[Mapping[str, Any]]]
    viewers: Mapping[str, Sequence[Mapping[str, Any]]]  # of the allegation's worlds, by viewer

    @property
    def rivals(self) -> list[str]:
        """Names of the explanations that are set against the allegation."""
        return [name for name in self.worlds if name not in (ALLEGED, TWIN)]

    def accounts(self, explanation: str, who: str, shows: Callable[[str], bool]) -> Counts:
        """How many accounts of those that acted on posts about the candidate show a pattern. who: held or people.

        Of people without a campaign, those who acted on posts about any candidate: then nothing tells this one from the others. Of people
        where some are recruited, these: whoever says 'a recruited person' does not mean any passer-by.
        """
        rows, who = [], self._people(explanation) if who == "people" else who
        for world in self.worlds[explanation]:
            patterns: Mapping[str, int] = world[who]
            rows.append((sum(n for pattern, n in patterns.items() if shows(pattern)), sum(patterns.values())))
        return Counts.from_rows(rows)

    def _people(self, explanation: str) -> str:
        """Which people of an explanation are meant."""
        recruited = RECRUITED in explanation.split("+") and any(world["called"] for world in self.worlds[explanation])
        return "anybody" if explanation == QUIET else "called" if recruited else "people"

    def found(self, shows: Callable[[str], bool]) -> Counts:
        """How many of all accounts that the alleged campaign holds, and uses, show a pattern on this record."""
        rows = [
            (sum(n for p, n in w["held"].items() if shows(p)), max(w["held_acted"], 0)) for w in self.worlds[ALLEGED]
        ]
        return Counts.from_rows(rows)

    def false(self, shows: Callable[[str], bool]) -> Counts:
        """How many of all users show a pattern and are held by nobody: in quiet worlds or in those of the allegation, where more do."""
        found = []
        for name in (QUIET, ALLEGED):
            rows = [(sum(n for p, n in w["people"].items() if shows(p)), w["users"]) for w in self.worlds[name]]
            found.append(Counts.from_rows(rows))
        return max(found, key=lambda counts: counts.share)

    def posts(self, explanation: str, trait: str, of: str) -> Counts:
        """How many posts show a trait. of: about (the candidate; without a campaign any candidate), or paid (for)."""
        drawer = "any_posts" if explanation == QUIET and of == "about" else "posts"
        return Counts.from_rows([(world[drawer][trait], world[drawer][of]) for world in self.worlds[explanation]])

    def as_many(self, explanation: str, least: int) -> Counts:
        """In how many worlds at least so many accounts show a trace."""
        rows = [(float(traced(world) >= least), 1.0) for world in self.worlds[explanation]]
        return Counts.from_rows(rows)


def traced(world: Mapping[str, Any]) -> int:
    """Accounts of a counted world that show a trace, whoever has them."""
    return sum(n for who in ("held", "people") for pattern, n in world[who].items() if "1" in pattern)


def counted(world: RecordedWorld, found: Traces) -> dict[str, Any]:
    """Counts of one world with what is true: patterns of accounts that are held and of people, posts, and the size of the record."""
    kind = world.whole.kind
    held = np.isin(kind[found.accounts.index], HELD)
    patterns, anybody = found.patterns, patterns_of(found.anybody)
    paid = paid_posts(world, found)
    return {
        "held": _tally(patterns, held), "people": _tally(patterns, ~held), "users": world.users,
        "called": _tally(patterns, kind[found.accounts.index] == CALLED),
        "anybody": _tally(anybody, ~np.isin(kind[found.anybody.index], HELD)), "any_posts": _posts(found.any_posts),
        "held_acted": int(np.isin(kind, HELD).sum()),
        "posts": _posts(found.posts) | {
            "paid": int(paid.sum()), "unmarked": int((paid & ~found.posts["disclosed"].to_numpy(dtype=bool)).sum()),
        },
        "record": {"acts": found.acts, "accounts": found.met, "posts": len(found.posts), "silences": found.silences_known},
    }  # fmt: skip


def _posts(posts: Any) -> dict[str, int]:
    return {"about": len(posts), "copied": int(posts["copied"].sum()), "strange": int(posts["strange"].sum())}


def paid_posts(world: RecordedWorld, found: Traces) -> npt.NDArray[np.bool_]:
    """Which posts about the candidate are by accounts that the ledger says were paid for posts, from their first payment on."""
    hired = world.ledger[world.ledger["tactic"] == HIRED].groupby("account")["second"].min()
    since = found.posts["author"].map(hired)
    return np.asarray((found.posts["second"] >= since).fillna(False), dtype=np.bool_)


def _tally(patterns: Any, chosen: npt.NDArray[np.bool_]) -> dict[str, int]:
    return {str(pattern): int(count) for pattern, count in patterns[chosen].value_counts().sort_index().items()}


def count_world(task: Task) -> tuple[str, int, dict[str, Any]]:
    """Run a world and file its counts for each viewer; a filed one is read."""
    filed = read_sealed(task.path)
    if filed is None:
        world = recorded_world(task.scenario, rules().everywhere, rules().on_election)
        filed = {
            viewer: counted(world, traces_of(world, viewer, task.day, task.begins, task.candidate))
            for viewer in VIEWERS
        }
        write_sealed(task.path, filed)
    return task.explanation, task.place, filed


def keep_out(
    case: Case, viewer: str, day: date, out: Path, code: str, workers: int, on_progress: Progress | None = None
) -> KeptOut:  # fmt: skip
    """Counts of the twin and of all kept-out worlds, going on from those that are filed."""
    tasks = tasks_of(case, day, out, code)
    found = dict[str, dict[int, dict[str, Any]]]()
    for done, (name, place, filed) in enumerate(run_all(case.scenario.engine, count_world, tasks, workers), start=1):
        found.setdefault(name, {})[place] = filed
        if on_progress:
            on_progress(done, len(tasks), name)
    in_order = {
        name: [found[name][place] for place in sorted(found[name])]
        for name in dict.fromkeys(t.explanation for t in tasks)
    }
    of_viewer = {name: [world[viewer] for world in worlds] for name, worlds in in_order.items()}
    return KeptOut(of_viewer, {name: [world[name] for world in in_order[ALLEGED]] for name in VIEWERS})


def tasks_of(case: Case, day: date, out: Path, code: str) -> list[Task]:
    """All worlds that are counted, the twin first."""
    code += fingerprint(HERE / name for name in SHAPED_BY)
    worlds = {TWIN: [case.twin], **case.kept_out()}
    tasks = []
    for name, scenarios in worlds.items():
        for place, scenario in enumerate(scenarios):
            alone = replace(scenario, engine="serial", arms=(), variants=None, replications=1, measures={})
            key = name_of([code, repr(alone), day, case.alleged.start, case.candidate])
            tasks.append(
                Task(name, place, alone, day, case.alleged.start, case.candidate, out / FINISHED / f"{key}.json")
            )
    return tasks
