"""Arms of one seed share their history: it is simulated once, and worlds part where arms first differ."""

import resource
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sim.model import CampaignModel, opening_suspicion
from sim.moderation.base import Suspicion
from sim.regulator.docket import asked_of, holds_of
from sim.runs.kept_worlds import Group, InMemory, OnDisk, Parting, Store
from sim.runs.recording import digest_of, name_of
from sim.runs.recording.results import read_sealed, write_sealed
from sim.runs.versions import funded
from sim.runs.votes import block_of, numbers_of
from sim.runs.warm_ups import NONE_KEPT, WarmUps, felt_by
from sim.scenario.config import Scenario
from sim.world.actions import Request

# Costs that follow from what a digest covers anyway.
DURATIONS = ("genuine_account_days_shut", "genuine_post_days_hidden")
DAY = 24  # hours
MOST_COPIED = 2_000_000  # users; of a larger world two would not lie in memory beside each other


@dataclass(frozen=True)
class Family:
    """All arms of one seed, and where their finished runs are kept."""

    seed: int
    arms: Mapping[str, Scenario]
    files: Mapping[str, Path]
    versions: Mapping[str, Scenario] = field(
        default_factory=dict
    )  # of the campaign, run with the money of the finished arms
    warm_ups: WarmUps = NONE_KEPT  # of worlds that are small enough to be copied


def result_of(model: CampaignModel, arm: str, started: float) -> dict[str, Any]:
    """One finished world as plain values. What never happened does not change a digest, and no vote does: it changes no world."""
    rows = model.observer.rows()
    summary = model.observer.summary(model.world, model.rules.focal, model.suspicion.reviews)
    costs = model.observer.costs.summary(model.world, model.suspicion.appeals)
    happened = {name: value for name, value in costs.items() if value and name not in DURATIONS}
    campaign, moderation = model.rules.campaign.name, model.rules.moderation.name
    thresholds = ", ".join(f"{name} {bar}" for name, bar in sorted(model.suspicion.bars.items()))
    election = block_of(model)
    others = {slot: name for slot, name in model.rules.presets.items() if "." not in slot}
    record, told = on_record(model)
    return {
        "run": {"arm": arm, "campaign": campaign, "moderation": moderation, **others, "seed": model.world.seed, **summary, **costs, **told,
                **numbers_of(election), "thresholds": thresholds,
                "digest": digest_of(rows, summary | happened), "wall_s": time.perf_counter() - started},
        "series": [[day, measure, candidate, value] for day, measure, candidate, value in rows],
        "all_impressions": int(model.observer.totals["all_impressions"]),
        **({"record": record} if record else {}),
        **({"election": election} if election else {}),
    }  # fmt: skip


def on_record(model: CampaignModel) -> tuple[list[list[Any]], dict[str, float]]:
    """What each viewer had on record, day by day, and numbers for the table of runs; nothing where the scenario does not ask.

    It is no part of a digest: it tells what became of the record of a world, and changes nothing in it.
    """
    kept, rules, clock = model.observer.on_record, model.rules, model.clock
    if kept is None:
        return [], {}
    start = rules.campaign.start
    begins = clock.end if start is None else max(clock.hour_of(start), clock.start)
    regulator = rules.regulator
    holds = holds_of(regulator, clock, model.suspicion) if regulator else []
    asked = asked_of(regulator, clock, model.suspicion) if regulator else []
    rows, numbers = kept.read(model.world, rules.focal, begins, holds, asked)
    return [list(row) for row in rows], numbers


def may_do(scenario: Scenario, hour: int) -> tuple[Any, ...]:
    """What an arm's campaign may do by an hour; arms of which this is equal are one world so far. Empty before anything.

    Of tactics that are not open yet nothing counts, their doses and purses neither.
    """
    campaign, clock = scenario.campaign, scenario.clock
    if campaign.start is None:
        return ()
    begins = max(clock.hour_of(campaign.start), clock.start)
    opening = {name: tactic.opens_on() or campaign.start for name, tactic in campaign.tactics.items()}
    acting = {name: campaign.tactics[name] for name, day in opening.items() if hour >= max(begins, clock.hour_of(day))}
    if not acting:
        return ()
    doses, purses = (
        {name: value for name, value in values.items() if name in acting}
        for values in (campaign.doses, campaign.purses)
    )
    return scenario.focal, begins, purses or campaign.budget, list(acting.items()), doses


def run_family(family: Family) -> list[dict[str, Any]]:
    """Run what is not finished yet of one seed's arms, sharing what they share; each result is filed at once.

    Worlds that are too large to lie beside each other wait on disk, and a family that was interrupted goes on from there.
    """
    results = _finish(family, family.arms)
    versions = {arm: funded(rules, results) for arm, rules in family.versions.items()}
    return results + _finish(family, versions)


def _finish(family: Family, arms: Mapping[str, Scenario]) -> list[dict[str, Any]]:
    """Results of some of a family's arms: those that are filed, then the others as they come to their end."""
    filed = {arm: read_sealed(family.files[arm]) for arm in arms}
    wanted = {arm: replace(r, seed=family.seed) for arm, r in arms.items() if filed[arm] is None}
    for arm in wanted:
        family.files[arm].unlink(missing_ok=True)  # damaged; an arm is finished once its file is there
    results = [found for found in filed.values() if found is not None]
    for result in finished_runs(family, wanted, _store(family, arms)):
        results.append(result)
        write_sealed(family.files[result["run"]["arm"]], result)
    return results


def _store(family: Family, arms: Mapping[str, Scenario]) -> Store:
    """Where worlds of some of a family's arms wait; its name on disk is that of all files that they are to fill."""
    users = max((rules.scale * rules.population.country_users for rules in arms.values()), default=0.0)
    files = sorted(str(family.files[arm].resolve()) for arm in arms)
    return InMemory() if users <= MOST_COPIED else OnDisk(name_of([family.seed, files]))


def _warm_ups(family: Family, store: Store) -> WarmUps:
    """Worlds that wait on disk anyway have seven gigabytes each, and are in files of their own before long."""
    return family.warm_ups if store.days is None else NONE_KEPT


def finished_runs(family: Family, wanted: Mapping[str, Scenario], store: Store) -> Iterator[dict[str, Any]]:
    """Results of the arms that are wanted; an arm is finished once its file is there. One world is held at a time."""
    opening = [_opening(wanted, _warm_ups(family, store))] if wanted and not store.names() else []
    while opening or store.names():
        name = "" if opening else max(store.names())  # the latest hour first, so that few worlds wait
        yield from _go_on(opening.pop() if opening else store.take(name), name, family, wanted, store)


def _opening(wanted: Mapping[str, Scenario], warm_ups: WarmUps) -> Parting:
    """The world in which all arms begin, at its first measured hour where it was kept.

    Arms with the same moderation share a suspicion for as long as they share a world.
    """
    kept = warm_ups.find(wanted)
    if kept is not None:
        return kept
    model = CampaignModel(next(iter(wanted.values())))
    watching: list[tuple[tuple[Any, ...], Suspicion]] = []
    own = dict[str, Suspicion]()
    for arm, rules in wanted.items():
        felt = felt_by(rules)
        known = next((suspicion for other, suspicion in watching if other == felt), None)
        if known is None:
            known = opening_suspicion(model, rules)
            watching.append((felt, known))
        own[arm] = known
    return Parting(model, [Group(own)])


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
    if group.due is not None:
        model.moderation_acts(list(group.due))
    for arm in run_together(model, group.suspicions, wanted, store, _warm_ups(family, store)):
        result = result_of(model, arm, started)
        result["run"]["cpu_s"] = time.process_time() - computed
        yield result
        started, computed = time.perf_counter(), time.process_time()


def _left(group: Group, family: Family) -> Group:
    """A group without the arms that are finished."""
    left = {arm: suspicion for arm, suspicion in group.suspicions.items() if not family.files[arm].exists()}
    return Group(left, group.due)


def run_together(
    world: CampaignModel, suspicions: Mapping[str, Suspicion], arms: Mapping[str, Scenario], store: Store, warm_ups: WarmUps
) -> Iterator[str]:  # fmt: skip
    """Finish arms that begin alike: they are one world for as long as their campaigns may do the same and their desks decide it.

    Arms with the same moderation share what it suspects, others read the same record with suspicions of their own. Where arms
    part, the largest group of those that agree goes on in this world, and the others wait in the store. Yields the arms that have
    come to the end, each with its campaign and its moderation in force.
    """
    own, kept, begins = dict(suspicions), "", world.world.hour
    while world.world.hour < world.clock.end:
        if begins < world.world.hour == world.clock.start and len(own) == len(suspicions):
            warm_ups.keep(world, own, arms)
        if world.world.hour == begins or world.world.hour % DAY == 0:  # campaigns open by days
            _let_go_by_campaign(world, own, arms, store)
        world.hour_passes()
        due = _let_go_by_desk(world, own, arms, store)
        if _is_due(world, store):
            goes_on = [Group(own, due)]
            store.put(_named(world, goes_on), Parting(world, goes_on))
            store.drop(kept)
            kept = _named(world, goes_on)
        world.moderation_acts(list(due))
    for arm, suspicion in own.items():
        world.take_up_moderation(arms[arm], suspicion)
        yield arm
    store.drop(kept)


def _let_go_by_campaign(
    world: CampaignModel, own: dict[str, Suspicion], arms: Mapping[str, Scenario], store: Store
) -> None:
    """At the start of an hour, let arms wait whose campaigns may do something else from now on than most of them."""
    alike: list[tuple[tuple[Any, ...], list[str]]] = []
    for arm in own:
        may = may_do(arms[arm], world.world.hour)
        those = next((those for other, those in alike if other == may), None)
        if those is None:
            alike.append((may, [arm]))
        else:
            those.append(arm)
    stays = max((those for _, those in alike), key=len)
    _let_wait(world, own, [(those, None) for _, those in alike if those is not stays], store)
    world.take_up_campaign(arms[stays[0]])


def _let_go_by_desk(
    world: CampaignModel, own: dict[str, Suspicion], arms: Mapping[str, Scenario], store: Store
) -> tuple[Request, ...]:
    """In an hour that has passed, let arms wait whose desks decide something else than most; returns what those that stay decide."""
    decided: dict[int, tuple[Request, ...]] = {}
    agreeing: dict[tuple[Request, ...], list[str]] = {}
    for arm, suspicion in own.items():
        if id(suspicion) not in decided:
            decided[id(suspicion)] = tuple(world.moderation_decides(arms[arm], suspicion))
        agreeing.setdefault(decided[id(suspicion)], []).append(arm)
    stays = max(agreeing, key=lambda due: len(agreeing[due]))
    _let_wait(world, own, [(those, due) for due, those in agreeing.items() if due != stays], store)
    return stays


def _let_wait(
    world: CampaignModel, own: dict[str, Suspicion], parted: Sequence[tuple[list[str], tuple[Request, ...] | None]], store: Store
) -> None:  # fmt: skip
    """Put arms that part from the others, and what is due to them, into the store with the world as it is."""
    waiting = [Group({arm: own.pop(arm) for arm in those}, due) for those, due in parted]
    if waiting:
        store.put(_named(world, waiting), Parting(world, waiting))


def _is_due(model: CampaignModel, store: Store) -> bool:
    """Whether a world that goes on is to be put in again."""
    return store.days is not None and model.world.hour % (24 * store.days) == 0


def _named(model: CampaignModel, groups: Sequence[Group]) -> str:
    """A name for a parting: its hour first, so that names are in the order of hours."""
    return f"{model.world.hour:06d}-{name_of(sorted(arm for group in groups for arm in group.suspicions))}"


def peak_memory() -> float:
    """Largest memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0
