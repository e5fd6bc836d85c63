"""Arms of one seed share their history: it is simulated once, and the world is forked where arms first differ."""

import copy
import resource
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sim.config import Scenario
from sim.model import CampaignModel
from sim.recording import digest_of, read_json, write_json

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Family:
    """All arms of one seed, and where their finished runs are kept."""

    seed: int
    arms: Mapping[str, Scenario]
    files: Mapping[str, Path]


def result_of(model: CampaignModel, arm: str, started: float) -> dict[str, Any]:
    """One finished world as plain values."""
    rows = model.observer.rows()
    summary = model.observer.summary(model.world, model.rules.focal)
    campaign, moderation = model.rules.campaign.name, model.rules.moderation.name
    return {
        "run": {"arm": arm, "campaign": campaign, "moderation": moderation, "seed": model.world.seed, **summary,
                "digest": digest_of(rows, summary), "wall_s": time.perf_counter() - started},
        "series": [[day, measure, candidate, value] for day, measure, candidate, value in rows],
        "all_impressions": int(model.observer.totals["all_impressions"]),
    }  # fmt: skip


def fork(model: CampaignModel, scenario: Scenario) -> CampaignModel:
    """A copy of a world that goes on under another arm's campaign and moderation."""
    other = copy.deepcopy(model)
    other.adopt(replace(scenario, seed=model.world.seed))
    return other


def first_difference(scenario: Scenario) -> tuple[int, int]:
    """Hours at which an arm's campaign and its moderation begin (the end of the world where they never do)."""
    clock = scenario.clock
    campaign, moderation = scenario.campaign, scenario.moderation
    begins = clock.end if campaign.start is None else max(clock.hour_of(campaign.start), clock.start)
    polices = clock.end if moderation.start is None else max(clock.hour_of(moderation.start), 0)
    return begins, polices


def run_family(family: Family) -> list[dict[str, Any]]:
    """Run what is not finished yet of one seed's arms, sharing what they share; each result is filed at once."""
    wanted = {arm: rules for arm, rules in family.arms.items() if not family.files[arm].exists()}
    results = [read_json(family.files[arm]) for arm in family.arms if arm not in wanted]
    if not wanted:
        return results
    started = time.perf_counter()
    trunk = CampaignModel(replace(next(iter(wanted.values())), seed=family.seed))
    trunk.run_until(min(min(first_difference(rules)) for rules in wanted.values()))
    for campaign in sorted({rules.campaign.name for rules in wanted.values()}):
        group = {arm: rules for arm, rules in wanted.items() if rules.campaign.name == campaign}
        # Arms of one campaign that are not yet moderated are one world: the least moderated goes first.
        branch = fork(trunk, next(iter(group.values())))
        for arm, rules in sorted(group.items(), key=lambda item: first_difference(item[1])[1]):
            _, polices = first_difference(rules)
            branch.moderation_begins = None
            branch.run_until(min(polices, rules.clock.end))
            leaf = _moderated(branch, rules)
            leaf.run_until(rules.clock.end)
            results.append(result_of(leaf, arm, started))
            write_json(family.files[arm], results[-1])
            started = time.perf_counter()
    return results


def _moderated(branch: CampaignModel, rules: Scenario) -> CampaignModel:
    """A copy of an unmoderated world that goes on under a moderation; its campaign and its books are kept."""
    leaf = copy.deepcopy(branch)
    leaf.take_up_moderation(replace(rules, seed=branch.world.seed))
    return leaf


def peak_memory() -> float:
    """Largest memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0
