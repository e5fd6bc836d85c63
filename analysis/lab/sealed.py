"""Sealed worlds: three worlds of one seed, in one of which a campaign works; who looks at what is public says which one it is.

In `reel.json`: "sealed": {"rounds": [{"worlds": [world, ...], "answer": base64 of JSON {"campaign": id, "kinds": {id: kind}, "seed"}}],
"clues": base64 of JSON {clue: {kind: {"values": one a round, "mean", "low", "high": 95% interval of the mean by Student's t}}}, "days":
date of each}. A kind is one of KINDS, and a world is {"id": "1" to "3", "daily": {"share": of views of posts that name candidates,
"views", "followers": of A's own account, "posts"}, "posts": the most viewed posts about A, see `sim.runs.looks.public`, "acts": see
`clues_of`}. All is public: anybody could have counted it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import t as student

from analysis.lab.desk import company
from analysis.lab.game import sealed
from sim.numbers.luck import Decision, chain_array, key_of
from sim.runs.face import Acts, PublicWorld, load_scenario, public_world, run_all
from sim.scenario.config import Scenario

OTHERS = ("quiet", "organic_surge")  # the last: a candidate whom people really come to like
CAMPAIGNS = ("coordinated", "careful")  # by turns one that acts in step and one that hides
KINDS = OTHERS + CAMPAIGNS
ROUNDS = 6
# Quarrels that draw comments, at the upper ends of their ranges: else the number of comments alone would tell campaigns.
SETTINGS = ("scenario=classroom", "background.storms=0.02", "background.storm_comments=0.2")
APART = 1000  # added to the reel's seed, so that no sealed world is the twin of one that the class has seen
ORDER = 31  # number of the draw about the order of a round's worlds
SHARES = ("share", "busiest")  # clues that are shares of one
BUSIEST = 5  # accounts of whom the share of comments is told


@dataclass(frozen=True)
class Task:
    """One world."""

    kind: str
    seed: int


def scenario_of(task: Task) -> Scenario:
    """The scenario of a sealed world."""
    return replace(load_scenario([*SETTINGS, f"campaign={task.kind}", "moderation=none"]), seed=task.seed)


def sealed_of(seed: int, rounds: int = ROUNDS, workers: int = 1) -> dict[str, Any]:
    """All rounds for a reel; some 4 s of one core for each of their worlds."""
    tasks = [Task(kind, seed + APART + number) for number in range(rounds) for kind in KINDS]
    found = dict(run_all("process", counted, tasks, workers))
    clock = scenario_of(tasks[0]).clock
    rounds_of = [
        round_of(
            seed + APART + place, {kind: found[Task(kind, seed + APART + place)] for kind in kinds_of(seed, place)}
        )
        for place in range(rounds)
    ]
    days = [(clock.first_day + timedelta(days=day)).isoformat() for day in range(clock.days)]
    return {"rounds": rounds_of, "clues": sealed(clues_by_kind(tasks, found)), "days": days}


def clues_by_kind(tasks: Sequence[Task], found: Mapping[Task, dict[str, Any]]) -> dict[str, dict[str, dict[str, Any]]]:
    """What each clue is in all worlds of each kind, with the mean and its interval over seeds."""
    clues: dict[str, dict[str, dict[str, Any]]] = {}
    for clue in found[tasks[0]]["acts"]:
        values = {kind: np.array([found[task]["acts"][clue] for task in tasks if task.kind == kind]) for kind in KINDS}
        most = 1.0 if clue in SHARES else np.inf
        clues[clue] = {kind: {"values": own.tolist(), **interval_of(own, most)} for kind, own in values.items()}
    return clues


def interval_of(values: npt.NDArray[np.float64], most: float) -> dict[str, float]:
    """The mean and its 95% interval by Student's t, between 0 and the most that can be; none around a single value."""
    mean, size = float(values.mean()), len(values)
    apart = float(values.std(ddof=1) * student.ppf(0.975, size - 1) / np.sqrt(size)) if size > 1 else 0.0
    return {"mean": mean, "low": max(0.0, mean - apart), "high": min(most, mean + apart)}


def counted(task: Task) -> tuple[Task, dict[str, Any]]:
    """A world as the page shows it, without its id."""
    scenario = scenario_of(task)
    world, focal = public_world(scenario), scenario.focal
    whole = world.views.sum(axis=1)
    share = np.divide(world.views[:, focal], whole, out=np.zeros(len(whole)), where=whole > 0)
    daily = {
        "share": [round(float(one), 4) for one in share], "views": world.views[:, focal].tolist(),
        "followers": world.followers.tolist(), "posts": world.posts.tolist(),
    }  # fmt: skip
    return task, {"daily": daily, "posts": world.top, "acts": clues_of(world, focal)}


def clues_of(world: PublicWorld, focal: int) -> dict[str, float]:
    """What can be counted of who comments on posts that name the candidate.

    share: of views of posts that name candidates, over the whole time; comments; accounts that commented; busiest: share of comments
    by the five busiest; together: pairs that commented within a minute of each other on three posts or more; per_thousand: comments
    for a thousand views.
    """
    post, account, second = world.comments.T
    by_account = Counter(account.tolist())
    acts = Acts(second // 3600, second % 3600, account, post, np.ones(len(post), dtype=np.bool_))
    often = sum(posts >= 3 for own in company(acts).values() for posts in own.values()) // 2
    views = int(world.views[:, focal].sum())
    return {
        "share": round(views / max(1, int(world.views.sum())), 4), "comments": len(post), "accounts": len(by_account),
        "busiest": round(sum(count for _, count in by_account.most_common(BUSIEST)) / max(1, len(post)), 3),
        "together": often, "per_thousand": round(1000 * len(post) / max(1, views), 2),
    }  # fmt: skip


def kinds_of(seed: int, place: int) -> tuple[str, ...]:
    """The kinds of a round's worlds: of two rounds one has each campaign, luck says which first."""
    first = int(chain_array(key_of(seed, Decision.SHUFFLE, ORDER), np.array([place // 2]))[0]) & 1
    return (*OTHERS, CAMPAIGNS[(first + place) % 2])


def round_of(seed: int, worlds: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """Three worlds in an order of luck."""
    order = np.argsort(chain_array(key_of(seed, Decision.SHUFFLE, ORDER), np.arange(len(worlds))), kind="stable")
    kinds = {str(number): list(worlds)[place] for number, place in enumerate(order.tolist(), 1)}
    campaign = next(name for name, kind in kinds.items() if kind in CAMPAIGNS)
    answer = sealed({"campaign": campaign, "kinds": kinds, "seed": seed})
    return {"worlds": [{"id": name, **worlds[kind]} for name, kind in kinds.items()], "answer": answer}
