"""Arms of one seed share their history: it is simulated once, and worlds part where arms first differ."""

import resource
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sim.model import CampaignModel, opening_suspicion
from sim.moderation.base import Suspicion
from sim.runs.kept_worlds import Group, InMemory, OnDisk, Parting, Store
from sim.runs.recording import digest_of, name_of
from sim.runs.recording.results import read_sealed, write_sealed
from sim.scenario.config import Scenario
from sim.world.actions import Request

# Costs that follow from what a digest covers anyway.
DURATIONS = ("genuine_account_days_shut", "genuine_post_days_hidden")
MOST_COPIED = 2_000_000  # users; of a larger world two would not lie in memory beside each other


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


def first_act(scenario: Scenario) -> int:
    """Hour at which an arm's campaign or its moderation begins (the end of the world where neither ever does)."""
    clock, begins = scenario.clock, [scenario.campaign.start, scenario.moderation.start]
    return min((max(clock.hour_of(day), clock.start) for day in begins if day is not None), default=clock.end)


def run_family(family: Family) -> list[dict[str, Any]]:
    """Run what is not finished yet of one seed's arms, sharing what they share; each result is filed at once.

    Worlds that are too large to lie beside each other wait on disk, and a family that was interrupted goes on from there.
    """
    filed = {arm: read_sealed(family.files[arm]) for arm in family.arms}
    wanted = {arm: replace(r, seed=family.seed) for arm, r in family.arms.items() if filed[arm] is None}
    for arm in wanted:
        family.files[arm].unlink(missing_ok=True)  # damaged; an arm is finished once its file is there
    results = [found for found in filed.values() if found is not None]
    for result in finished_runs(family, wanted, _store(family, wanted)):
        results.append(result)
        write_sealed(family.files[result["run"]["arm"]], result)
    return results


def _store(family: Family, wanted: Mapping[str, Scenario]) -> Store:
    """Where the family's worlds wait; its name on disk is that of all files that it is to fill."""
    users = max((rules.scale * rules.population.country_users for rules in wanted.values()), default=0.0)
    files = sorted(str(file.resolve()) for file in family.files.values())
    return InMemory() if users <= MOST_COPIED else OnDisk(name_of([family.seed, files]))


def finished_runs(family: Family, wanted: Mapping[str, Scenario], store: Store) -> Iterator[dict[str, Any]]:
    """Results of the arms that are wanted; an arm is finished once its file is there. One world is held at a time."""
    opening = [_opening(wanted)] if wanted and not store.names() else []
    while opening or store.names():
        name = "" if opening else max(store.names())  # the latest hour first, so that few worlds wait
        yield from _go_on(opening.pop() if opening else store.take(name), name, family, wanted, store)


def _opening(wanted: Mapping[str, Scenario]) -> Parting:
    """The world in which all arms begin. Arms with the same moderation share a suspicion until their campaigns part them."""
    model = CampaignModel(next(iter(wanted.values())))
    watching = {rules.moderation.name: opening_suspicion(model, rules) for rules in wanted.values()}
    groups = [
        Group({arm: watching[r.moderation.name] for arm, r in wanted.items() if r.campaign.name == campaign})
        for campaign in dict.fromkeys(rules.campaign.name for rules in wanted.values())
    ]
    return Parting(model, groups)


def _go_on(
    parting: Parting, name: str, family: Family, wanted: Mapping[str, Scenario], store: Store
) -> Iterator[dict[str, Any]]:
    """Finish one group of a parting, and those that part from it no more; a parting of which no arm is left is dropped."""
    started, computed, model = time.perf_counter(), time.process_time(), parting.model
    groups = [_left(group, family) for group in parting.groups]
    group = next((group for group in groups if group.suspicions), None)
    if group is None:
        store.drop(name)
        return
    if group.due is None:
        model.adopt(
            wanted[next(iter(group.suspicions))]
        )  # of the campaigns that are left, whose first act is waited for
        _to_first_act(model, groups, wanted, store, name)
    else:
        model.moderation_acts(list(group.due))
    for arm in run_together(model, group.suspicions, wanted, store):
        result = result_of(model, arm, started)
        result["run"]["cpu_s"] = time.process_time() - computed
        yield result
        started, computed = time.perf_counter(), time.process_time()


def _left(group: Group, family: Family) -> Group:
    """A group without the arms that are finished."""
    left = {arm: suspicion for arm, suspicion in group.suspicions.items() if not family.files[arm].exists()}
    return Group(left, group.due)


def _to_first_act(
    model: CampaignModel, groups: list[Group], wanted: Mapping[str, Scenario], store: Store, name: str
) -> None:
    """Go on until the first arm acts, while policies only read the record. All campaigns begin from what is put in there."""
    until = min(first_act(wanted[arm]) for group in groups for arm in group.suspicions)
    watching = {wanted[arm].moderation.name: (arm, s) for group in groups for arm, s in group.suspicions.items()}
    while model.world.hour < until:
        model.hour_passes()
        for arm, suspicion in watching.values():
            model.moderation_decides(wanted[arm], suspicion)  # before any starts
        model.moderation_acts([])
        if model.world.hour == until or _is_due(model, store):
            earlier, name = name, _named(model, groups)
            store.put(name, Parting(model, groups))
            store.drop(earlier)


def run_together(
    world: CampaignModel, suspicions: Mapping[str, Suspicion], arms: Mapping[str, Scenario], store: Store
) -> Iterator[str]:
    """Finish arms that differ in moderation only: they are one world for as long as their desks decide the same.

    Each arm's policies read the shared record and keep their own suspicions. In an hour in which desks decide differently, the
    largest group of arms that agree goes on in this world, and the others wait in the store. Yields the arms that have come to
    the end, each with its moderation in force.
    """
    own, kept = dict(suspicions), ""
    while world.world.hour < world.clock.end:
        world.hour_passes()
        agreeing: dict[tuple[Request, ...], list[str]] = {}
        for arm, suspicion in own.items():
            agreeing.setdefault(tuple(world.moderation_decides(arms[arm], suspicion)), []).append(arm)
        stays = max(agreeing, key=lambda decided: len(agreeing[decided]))
        waiting = [Group({arm: own.pop(arm) for arm in those}, due) for due, those in agreeing.items() if due != stays]
        if waiting:
            store.put(_named(world, waiting), Parting(world, waiting))
        if _is_due(world, store):
            goes_on = [Group(own, stays)]
            store.put(_named(world, goes_on), Parting(world, goes_on))
            store.drop(kept)
            kept = _named(world, goes_on)
        world.moderation_acts(list(stays))
    for arm, suspicion in own.items():
        world.take_up_moderation(arms[arm], suspicion)
        yield arm
    store.drop(kept)


def _is_due(model: CampaignModel, store: Store) -> bool:
    """Whether a world that goes on is to be put in again."""
    return store.days is not None and model.world.hour % (24 * store.days) == 0


def _named(model: CampaignModel, groups: Sequence[Group]) -> str:
    """A name for a parting: its hour first, so that names are in the order of hours."""
    return f"{model.world.hour:06d}-{name_of(sorted(arm for group in groups for arm in group.suspicions))}"


def peak_memory() -> float:
    """Largest memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0
