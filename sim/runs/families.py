"""Arms of one seed share their history: it is simulated once, and the world is forked where arms first differ."""

import copy
import resource
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sim.model import CampaignModel, opening_suspicion
from sim.moderation.base import Suspicion
from sim.runs.recording import digest_of, read_json, write_json
from sim.scenario.config import Scenario
from sim.world.actions import Request

DURATIONS = (
    "genuine_account_days_shut",
    "genuine_post_days_hidden",
)  # costs that follow from what a digest covers anyway
MOST_COPIED = (
    2_000_000  # users; a larger world is not copied, since two of them would not lie in memory beside each other
)
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Family:
    """All arms of one seed, and where their finished runs are kept."""

    seed: int
    arms: Mapping[str, Scenario]
    files: Mapping[str, Path]


def result_of(model: CampaignModel, arm: str, started: float) -> dict[str, Any]:
    """One finished world as plain values. What never happened does not change a digest."""
    rows = model.observer.rows()
    summary = model.observer.summary(model.world, model.rules.focal, model.suspicion.reviews)
    costs = model.observer.costs.summary(model.world, model.suspicion.appeals)
    happened = {name: value for name, value in costs.items() if value and name not in DURATIONS}
    campaign, moderation = model.rules.campaign.name, model.rules.moderation.name
    thresholds = ", ".join(f"{name} {bar}" for name, bar in sorted(model.suspicion.bars.items()))
    others = {slot: name for slot, name in model.rules.presets.items() if "." not in slot}
    return {
        "run": {"arm": arm, "campaign": campaign, "moderation": moderation, **others, "seed": model.world.seed, **summary, **costs,
                "thresholds": thresholds,
                "digest": digest_of(rows, summary | happened), "wall_s": time.perf_counter() - started},
        "series": [[day, measure, candidate, value] for day, measure, candidate, value in rows],
        "all_impressions": int(model.observer.totals["all_impressions"]),
    }  # fmt: skip


def fork(model: CampaignModel, scenario: Scenario, copied: bool = True) -> CampaignModel:
    """A copy of a world that goes on under another arm's campaign and moderation; or the world itself, if no other arm needs it."""
    other = copy.deepcopy(model) if copied else model
    other.adopt(replace(scenario, seed=model.world.seed))
    return other


def first_act(scenario: Scenario) -> int:
    """Hour at which an arm's campaign or its moderation begins (the end of the world where neither ever does)."""
    clock, begins = scenario.clock, [scenario.campaign.start, scenario.moderation.start]
    return min((max(clock.hour_of(day), clock.start) for day in begins if day is not None), default=clock.end)


def run_family(family: Family) -> list[dict[str, Any]]:
    """Run what is not finished yet of one seed's arms, sharing what they share; each result is filed at once.

    Arms of a world that is too large to be copied share nothing, and are run one after the other.
    """
    wanted = {arm: rules for arm, rules in family.arms.items() if not family.files[arm].exists()}
    results = [read_json(family.files[arm]) for arm in family.arms if arm not in wanted]
    if not wanted:
        return results
    users = max(rules.scale * rules.population.country_users for rules in wanted.values())
    if users > MOST_COPIED and len(wanted) > 1:
        alone = [Family(family.seed, {arm: rules}, family.files) for arm, rules in wanted.items()]
        return results + [result for one in alone for result in run_family(one)]
    started, computed = time.perf_counter(), time.process_time()
    trunk = CampaignModel(replace(next(iter(wanted.values())), seed=family.seed))
    until = min(first_act(rules) for rules in wanted.values())
    watching = {rules.moderation.name: opening_suspicion(trunk, rules) for rules in wanted.values()}
    while trunk.world.hour < until:
        trunk.hour_passes()
        for rules in {rules.moderation.name: rules for rules in wanted.values()}.values():
            trunk.moderation_decides(rules, watching[rules.moderation.name])  # before any starts: they read the record
        trunk.moderation_acts([])
    campaigns = sorted({rules.campaign.name for rules in wanted.values()})
    for campaign in campaigns:
        group = {arm: replace(r, seed=family.seed) for arm, r in wanted.items() if r.campaign.name == campaign}
        suspicions = {arm: copy.deepcopy(watching[rules.moderation.name]) for arm, rules in group.items()}
        for arm, model in run_together(
            fork(trunk, next(iter(group.values())), campaign != campaigns[-1]), group, suspicions
        ):
            results.append(result_of(model, arm, started))
            results[-1]["run"]["cpu_s"] = time.process_time() - computed
            write_json(family.files[arm], results[-1])
            started, computed = time.perf_counter(), time.process_time()
    return results


def run_together(
    world: CampaignModel, arms: Mapping[str, Scenario], suspicions: Mapping[str, Suspicion] | None = None
) -> Iterator[tuple[str, CampaignModel]]:
    """Finish arms that differ in moderation only: they are one world for as long as their desks decide the same.

    Each arm's policies read the shared record and keep their own suspicions. In an hour in which desks decide differently, the
    largest group of arms that agree goes on in this world, and each other group in a copy, which may divide again.
    """
    own = dict(suspicions or {arm: opening_suspicion(world, rules) for arm, rules in arms.items()})
    while world.world.hour < world.clock.end:
        world.hour_passes()
        agreeing: dict[tuple[Request, ...], list[str]] = {}
        for arm, suspicion in own.items():
            agreeing.setdefault(tuple(world.moderation_decides(arms[arm], suspicion)), []).append(arm)
        stays = max(agreeing, key=lambda decided: len(agreeing[decided]))
        for decided in [other for other in agreeing if other != stays]:
            branch = copy.deepcopy(world)
            branch.moderation_acts(list(decided))
            yield from run_together(branch, arms, {arm: own.pop(arm) for arm in agreeing[decided]})
        world.moderation_acts(list(stays))
    for arm, suspicion in own.items():
        world.take_up_moderation(arms[arm], suspicion)
        yield arm, world


def peak_memory() -> float:
    """Largest memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0
