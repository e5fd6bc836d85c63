"""The law of relabelling: shuffling the truth, with the record and the answers of evidence held fixed, changes no decision."""

import copy
import inspect
import pkgutil
from importlib import import_module

import numpy as np
import pytest

import sim.moderation
import sim.recommenders
from sim.model import CampaignModel, opening_suspicion
from sim.moderation.base import Policy, moderate, watch
from sim.moderation.price import Priced
from sim.numbers.luck import Decision
from sim.recommenders.base import Recommender
from tests.worlds import CROWDED, FIXED, POLICIES, RECOMMENDERS, small_scenario


def plug_ins(package, base: type) -> set[str]:
    """Classes that a package defines."""
    found = set()
    for module in pkgutil.iter_modules(package.__path__):
        for _, made in inspect.getmembers(import_module(f"{package.__name__}.{module.name}"), inspect.isclass):
            if issubclass(made, base) and not inspect.isabstract(made):
                found.add(made.__name__)
    return found


def test_every_plug_in_is_under_the_relabelling_law() -> None:
    used = {type(small_scenario(recommender=name).recommender).__name__ for name in RECOMMENDERS}
    assert plug_ins(sim.recommenders, Recommender) - {"Ranked"} == used
    used = {type(p).__name__ for name in POLICIES for p in small_scenario(moderation=name).moderation.policies.values()}
    assert plug_ins(sim.moderation, Policy) == used


class Answers:
    """Evidence held fixed: the same answer to the same question, whatever the truth."""

    def paid(self, post: int) -> bool:
        return post % 3 == 0

    def violates(self, account: int, review: int = 0) -> bool:
        return (account + review) % 2 == 0

    def faulty(self, post: int, review: int = 0) -> bool:
        return (post + review) % 2 == 0

    def unlawful(self, post: int) -> bool:
        return post % 4 == 0


def shuffled(model: CampaignModel) -> CampaignModel:
    """The same world with other people working for other people."""
    other = copy.deepcopy(model)
    truth = other.world.truth
    truth.role[:] = truth.role[np.argsort(other.world.minds.key, kind="stable")]
    truth.campaign_post[:] = truth.campaign_post[::-1].copy()
    truth.unlawful[:] = ~truth.unlawful
    truth.payments.clear()
    assert (truth.role != model.world.truth.role).any()
    return other


def plain(value):
    """Arrays, and tuples and mappings of them, as lists."""
    if isinstance(value, dict):
        return {name: plain(part) for name, part in value.items()}
    if isinstance(value, tuple):
        return [plain(part) for part in value]
    return value.tolist() if isinstance(value, np.ndarray) else value


def impressions(shown) -> list:
    """Who was shown what in which lane, and the reaction; then what came from which listing."""
    feeds, tally = shown.feeds, [part[shown.tally.views > 0].tolist() for part in shown.tally]
    return [
        (int(user), int(feeds.row[i]), int(feeds.lane[i]), int(shown.flags[i]))
        for v, user in enumerate(feeds.visitors)
        for i in range(feeds.offset[v], feeds.offset[v] + feeds.length[v])
    ] + tally


@pytest.mark.parametrize("recommender", RECOMMENDERS)
def test_recommenders_do_not_see_the_truth(recommender: str) -> None:
    model = CampaignModel(small_scenario(recommender=recommender))
    model.run_until(60)
    for _ in range(3):
        other = shuffled(model)
        visits = [m.people_open_the_app() for m in (model, other)]
        offered = [m.recommender_ranks(v) for m, v in zip((model, other), visits, strict=True)]
        assert plain(offered[0]) == plain(offered[1])
        shown = [m.people_watch(v, o) for m, v, o in zip((model, other), visits, offered, strict=True)]
        assert impressions(shown[0]) == impressions(shown[1])
        for m, was_shown in zip((model, other), shown, strict=True):
            m.recommender_learns(was_shown)
        for drawer in ("posts", "accounts", "rest"):
            assert plain(getattr(model.world.beliefs, drawer)) == plain(getattr(other.world.beliefs, drawer))
        model.step()


@pytest.mark.parametrize("policy", [name for name in POLICIES if name.startswith("package_")])
def test_desks_do_not_see_the_truth(policy: str) -> None:
    """Policies and desk together, delays, strikes and appeals included, with the answers of evidence held fixed."""
    quick = ("moderation.desk.delay_median=1", "moderation.desk.appeal_delay=1", "moderation.desk.capacity=1e6",
             "moderation.desk.appealed=1", "moderation.desk.strikes=2")  # fmt: skip
    sensitive = ("moderation.policies.label_paid.least_views=1",) if has(policy, "label_paid") else ()
    sensitive += ("moderation.policies.remove_reported.least_reports=1",) if has(policy, "remove_reported") else ()
    model = CampaignModel(small_scenario(moderation=policy, more=(*quick, *sensitive, FIXED)))
    twin_suspicion, decided = copy.deepcopy(model.suspicion), 0
    model.run_until(24)
    while model.world.hour < model.clock.end:
        model.hour_passes()
        other, done, rules = shuffled(model), [], model.rules.moderation
        for m, suspicion in ((model, model.suspicion), (other, twin_suspicion)):
            seen, chance = m.world.platform.read_only(), m.chance(Decision.REVIEW)
            done.append(moderate(rules.policies, rules.desk, seen, suspicion, Answers(), m.world.hour, chance))
        assert done[0] == done[1]
        decided += len(done[0])
        model.moderation_acts(done[0])
    assert decided > 0
    assert model.suspicion.appeals == twin_suspicion.appeals


def has(preset: str, policy: str) -> bool:
    return policy in small_scenario(moderation=preset).moderation.policies


@pytest.mark.parametrize("policy", POLICIES)
def test_the_record_before_a_start_sets_the_same_bars_whoever_works_for_whom(policy: str) -> None:
    """And renumbering has a law of its own in `test_laws_of_the_record`."""
    model = CampaignModel(small_scenario(moderation=policy, more=CROWDED))
    suspicions = [opening_suspicion(model, model.rules) for _ in range(2)]
    for suspicion in suspicions:
        suspicion.price = 10.0  # a price for those presets too that have none, as take_down
    while model.world.hour < model.clock.end:  # into the days of the campaign: so much more is suspect
        model.hour_passes()
        for m, suspicion in zip((model, shuffled(model)), suspicions, strict=True):
            seen, chance = m.world.platform.read_only(), m.chance(Decision.REVIEW)
            watch(m.rules.moderation.policies, seen, suspicion, Answers(), m.world.hour, chance)
        model.moderation_acts([])
    assert suspicions[0].tops == suspicions[1].tops
    priced = {p.name for p in model.rules.moderation.policies.values() if isinstance(p, Priced)}
    assert {name for name, tops in suspicions[0].tops.items() if tops} >= priced - {"remove_reported"}


@pytest.mark.parametrize("policy", POLICIES)
def test_policies_do_not_see_the_truth(policy: str) -> None:
    busy = {
        "limit_copies": (
            "moderation.policies.limit_copies.accounts=2",
            "campaign.tactics.mobilise_volunteers.posts=2",
            "campaign.tactics.mobilise_volunteers.materials=1",
        ),
        "remove_reported": (
            "moderation.policies.remove_reported.least_reports=1",
            "moderation.policies.remove_reported.reports_per_view=0",
        ),
    }
    model = CampaignModel(small_scenario(moderation=policy, more=(*busy.get(policy, ()), FIXED)))
    model.run_until(24)
    asked = 0
    for _ in range(model.clock.end - 24):
        model.hour_passes()
        other = shuffled(model)
        flags = []
        for m in (model, other):
            policies = m.rules.moderation.policies.values()
            seen, chance = m.world.platform.read_only(), m.chance(Decision.REVIEW)
            flags.append([p.flag(seen, m.suspicion, Answers(), m.world.hour, chance) for p in policies])
        assert flags[0] == flags[1]
        asked += sum(map(len, flags[0]))
        model.moderation_acts([])
    assert asked > 0
