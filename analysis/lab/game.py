"""'Be the moderator': desks with accounts of a model world, what is true of them, and what it would have taken to suspend them.

A desk is a world of its own and not one of the reel's: more groups of fans (within the stated ranges) beside a network whose cells are
sent to few posts, so that no single look tells who is who. Desks differ in the campaign's craft.

In `reel.json`: "game": {"desks": [desk, ...]}. A desk is {"id", "seed", "hour": at which the class looks (counted from the world's first
measured hour), "date": of that hour, "hours_left": from then to the vote, "budget": accounts that may be flagged, "users", "days": of
acts that are shown, "trending": see `sim.runs.looks.record` (candidates by letter), "accounts": see `Desk.row`, "detectors": {rule:
account numbers, most suspected first}, "answer": base64 of JSON with what `truth_of` says}.
"""

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from analysis.lab.damping import Damped, damping_of, taken_away
from analysis.lab.desk import DAYS, RULES, Desk, is_campaign
from sim.runs.face import Look, Standing, load_scenario, run_all
from sim.scenario.config import Scenario

ACTS = "campaign.tactics.wake_sleepers"
CRAFTS = {  # a desk each: in step, in changing company, with few acts; all within the stated ranges
    "coordinated": (f"{ACTS}.likes=0.4", f"{ACTS}.comments=0.6"),
    "mixed_cells": (f"{ACTS}.likes=0.4", f"{ACTS}.comments=0.4"),
    "careful": (),
}
SEEDS = 5  # a desk each has the first ones, so that who has seen one knows nobody on the next; the quiz has the others; all tell of damping
BUDGET = 20  # accounts that a class may flag
HOUR = 408  # a week after the sleepers wake on 11 November, counted from 1 November; six days before the vote
BASE = (
    "scenario=classroom", "days=23",  # from 1 November, so that accounts can be in use for ten days before they act
    "scale=0.00033333",  # 3,000 users: some 11 accounts of the network act
    "population.cell_size=4",  # two cells, so that company can change
    "background.circles=0.05", "background.circle_politics=0.2", "background.circle_calls=3",  # many fans, who
    "background.circle_comes=0.65",  # come often; all within the stated ranges
    "population.vendors=2e4",  # more hands for fewer acts each; within the stated range
)  # fmt: skip
FEWER = (  # within the stated ranges, and no floods, so that no account stands out as the busiest
    "campaign.tactics.wake_sleepers.posts_per_hour=0.3", "campaign.tactics.flood_comments.comments=0",
    "campaign.tactics.buy_engagement.likes=10",
)  # fmt: skip
POLICIES = ("suspend_coordinated", "coaction_network", "limit_awakened")


@dataclass(frozen=True)
class Task:
    """One seed. read_along: policies that read along."""

    seed: int
    read_along: tuple[str, ...] = ()


@dataclass(frozen=True)
class Looked:
    """A world that was looked at, and what suspending takes away in it."""

    campaign: str
    seed: int
    look: Look
    damped: Damped


def overrides_of(campaign: str, moderation: str = "none") -> list[str]:
    """The settings of a desk's world, as the command line takes them."""
    return [
        *BASE,
        f"campaign={campaign}",
        f"moderation={moderation}",
        *(() if campaign == "quiet" else FEWER + CRAFTS[campaign]),
    ]


def scenario_of(campaign: str, seed: int, moderation: str = "none") -> Scenario:
    """The scenario of a desk's world."""
    return replace(load_scenario(overrides_of(campaign, moderation)), seed=seed)


def worlds_of(seed: int, seeds: int = SEEDS, workers: int = 1) -> list[Looked]:
    """Worlds of all crafts over some seeds, the first one first; some 50 s of one core a seed. Policies read along where desks are."""
    tasks = [Task(seed + more, POLICIES if more < len(CRAFTS) else ()) for more in range(seeds)]
    found = [world for worlds in run_all("process", looked_at, tasks, workers) for world in worlds]
    return sorted(found, key=lambda one: (one.seed, list(CRAFTS).index(one.campaign)))


def looked_at(task: Task) -> list[Looked]:
    """Look at one world of each craft at the game's hour, and let it go on as it is and with some of the campaign's accounts suspended."""
    twin, found = Standing(scenario_of("quiet", task.seed), HOUR), []
    twin.run({})
    without = twin.go_on()
    for craft in CRAFTS:
        world = Standing(scenario_of(craft, task.seed), HOUR)
        look = world.look({name: scenario_of(craft, task.seed, name) for name in task.read_along}, DAYS)
        found.append(
            Looked(craft, task.seed, look, damping_of(world, without, Desk(look, task.seed).network, task.seed))
        )
    return found


def game_of(worlds: Sequence[Looked]) -> dict[str, Any]:
    """The game of a reel: a desk for each craft, each of another seed; all worlds with the craft tell of damping."""
    desks = []
    for number, craft in enumerate(CRAFTS):
        alike = [world for world in worlds if world.campaign == craft]
        own = alike[min(number, len(alike) - 1)]
        desks.append(desk_of(str(number + 1), own, [world.damped for world in alike]))
    return {"desks": desks}


def desk_of(name: str, own: Looked, damped: Sequence[Damped]) -> dict[str, Any]:
    """A desk as the page reads it."""
    look, desk = own.look, Desk(own.look, own.seed)
    accounts = desk.chosen()
    posts = [
        post | {"candidate": look.labels[post["candidate"]] if post["candidate"] >= 0 else ""} for post in look.trending
    ]
    return {
        "id": name, "seed": own.seed, "hour": look.hour, "date": look.date, "hours_left": look.hours - look.hour, "budget": BUDGET,
        "users": look.users, "days": DAYS, "trending": posts, "accounts": [desk.row(account) for account in accounts],
        "detectors": {rule: desk.ranked(accounts, rule) for rule in RULES}, "answer": sealed(truth_of(own, desk, accounts, damped)),
    }  # fmt: skip


def truth_of(own: Looked, desk: Desk, accounts: Sequence[int], damped: Sequence[Damped]) -> dict[str, Any]:
    """What the page tells when a class has decided.

    "campaign"; "stories": {account: story}; "network": the campaign's accounts that acted; "policies": {name: {"found", "innocent": whom
    the policy had suspended or limited on the whole platform by then, "listed": those on the desk}}; "damping": see `taken_away`; "daily":
    the candidate's impressions on each day from then to the vote: {"as_it_was", "all_suspended", "without_campaign"}; "command".
    """
    network, told = set(desk.network), desk.stories
    policies = {
        name: {
            "found": len(network & hit),
            "innocent": sum(not is_campaign(told[one]) for one in hit),
            "listed": sorted(hit & set(accounts)),
        }
        for name, hit in own.look.policies.items()
    }
    daily = own.damped.daily
    return {
        "campaign": own.campaign, "stories": {str(account): told[account] for account in accounts}, "network": len(network),
        "policies": policies, "damping": taken_away(damped),
        "daily": {"as_it_was": daily[0], "all_suspended": daily[-1], "without_campaign": own.damped.without},
        "command": " ".join(["groundswell run", *overrides_of(own.campaign), f"seed={own.seed}"]),
    }  # fmt: skip


def sealed(answer: Mapping[str, Any]) -> str:
    """An answer in a form that is not read by accident."""
    return base64.b64encode(json.dumps(answer, separators=(",", ":")).encode()).decode()


def opened(answer: str) -> Any:
    """What was sealed."""
    return json.loads(base64.b64decode(answer))


def rerun(
    desk: Mapping[str, Any], accounts: Sequence[int], on_hour: Callable[[Any], None] | None = None
) -> dict[str, Any]:
    """What a class's own flags come to: the desk's world once more, with those accounts suspended at the desk's hour; 12 s of one core.

    {"taken": share of what the campaign adds to the candidate's impressions from then to the vote that is taken away, none where it adds
    nothing; "daily": {"as_it_was", "as_flagged", "without_campaign"}}. on_hour: is shown the model after each hour, and may raise to
    stop. The twin without the campaign is run again only where the world has come out otherwise than when the desk was made, by another
    version. Raises ValueError where an account is not on the desk.
    """
    unknown = sorted(set(accounts) - {row["account"] for row in desk["accounts"]})
    if unknown:
        raise ValueError(f"accounts: {unknown[0]} given, allowed those on the desk")
    answer, seed, hour = opened(desk["answer"]), int(desk["seed"]), int(desk["hour"])
    world = Standing(scenario_of(answer["campaign"], seed), hour, on_hour)
    world.run({})
    was, flagged, without = world.go_on(), world.go_on(sorted(set(accounts))), answer["daily"]["without_campaign"]
    if was != answer["daily"]["as_it_was"]:
        twin = Standing(scenario_of("quiet", seed), hour, on_hour)
        twin.run({})
        without = twin.go_on()
    added = sum(was) - sum(without)
    daily = {"as_it_was": was, "as_flagged": flagged, "without_campaign": without}
    return {"taken": (sum(was) - sum(flagged)) / added if added > 0 else None, "daily": daily}
