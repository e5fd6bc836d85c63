"""The campaign that adapts: its one rule, worked out by hand; its money; and that it is the fixed one where nothing is lost."""

import copy
import pickle

import numpy as np
import pytest

from sim.actors.base import public
from sim.model import CampaignModel
from sim.runs.families import result_of
from sim.world.platform import SUSPENDED
from sim.world.truth import SLEEPER
from tests.worlds import small_scenario

RICH = ("campaign.budget=1e8",)


def model_with(costs: dict[str, tuple[int, int]]) -> CampaignModel:
    """An adaptive campaign that knows what its tactics cost, as (cents, days)."""
    model = CampaignModel(small_scenario("adaptive", more=RICH))
    model.headquarters.notes["costs"] = dict(costs)
    return model


def paces(costs: dict[str, tuple[int, int]], works: dict[str, float]) -> dict[str, float]:
    office = model_with(costs).headquarters
    return office.tactics["adapt"].paces(office, works)


def test_what_is_taken_from_one_goes_to_all_in_proportion_to_what_works() -> None:
    costs = {"wake_sleepers": (800, 2), "hire_influencers": (300, 1), "give_gifts": (300, 1)}  # 400, 300 and 300 a day
    assert paces(costs, {"wake_sleepers": 0.0, "hire_influencers": 1.0, "give_gifts": 1.0}) == pytest.approx(
        {"wake_sleepers": 0.0, "hire_influencers": 10 / 6, "give_gifts": 10 / 6}
    )
    half = paces(costs, {"wake_sleepers": 0.5, "hire_influencers": 1.0, "give_gifts": 1.0})
    assert sum(pace * cost for pace, cost in zip(half.values(), (400, 300, 300), strict=True)) == pytest.approx(
        1000
    )  # the day's money stays what it was
    assert half["wake_sleepers"] == pytest.approx(0.5 * 1000 / 800)


def test_nothing_moves_where_everything_works_or_everything_is_hit_alike() -> None:
    costs = {"wake_sleepers": (400, 1), "hire_influencers": (300, 1)}
    assert paces(costs, {"wake_sleepers": 1.0, "hire_influencers": 1.0}) == {}
    alike = paces(costs, {"wake_sleepers": 0.25, "hire_influencers": 0.25})
    assert alike == pytest.approx({"wake_sleepers": 1.0, "hire_influencers": 1.0})
    assert paces(costs, {"wake_sleepers": 0.0, "hire_influencers": 0.0}) == {
        "wake_sleepers": 0.0,
        "hire_influencers": 0.0,
    }
    most = paces(
        {"wake_sleepers": (9900, 1), "hire_influencers": (100, 1)}, {"wake_sleepers": 0.0, "hire_influencers": 1.0}
    )
    assert most["hire_influencers"] == 3.0


def test_it_sees_accounts_that_are_gone_posts_that_are_gone_and_reach_that_fell() -> None:
    model = CampaignModel(small_scenario("adaptive", more=RICH, seed=11))  # in which enough influencers accept early
    model.run_until(60)
    office, platform = model.headquarters, model.world.platform
    rule = office.tactics["adapt"]
    sleepers = office.tactics["wake_sleepers"].hands(office)
    assert rule.works(office, "wake_sleepers", public(platform), 60) == 1.0
    platform.accounts.status[sleepers[: len(sleepers) // 2]] |= SUSPENDED
    assert rule.works(office, "wake_sleepers", public(platform), 60) == 1 - (len(sleepers) // 2) / len(sleepers)
    hired = np.isin(platform.posts.author, office.tactics["hire_influencers"].hands(office))
    rows = np.flatnonzero(hired & (platform.posts.candidate == model.rules.focal) & (platform.posts.hour < 36))
    assert len(rows) >= 2
    views = platform.posts.views
    views[rows] = 100
    views[rows[0]] = 25  # removed when it had a quarter of what the others got
    platform.posts.status[rows[0]] |= 1
    assert rule.works(office, "hire_influencers", public(platform), 60) == pytest.approx(1 - 0.75 / len(rows))
    views[rows[0]] = 1000  # removed when it had got more than the others
    assert rule.works(office, "hire_influencers", public(platform), 60) == 1.0
    platform.posts.status[rows] |= 1
    assert rule.works(office, "hire_influencers", public(platform), 60) == 0.0  # no other post tells what is usual
    assert rule._reach(office, "x", 100.0) == 1.0
    assert rule._reach(office, "x", 60.0) == 1.0  # not below half of what was usual, and now part of it
    assert rule._reach(office, "x", 20.0) == pytest.approx(20 / 80)
    assert rule._reach(office, "x", 20.0) == pytest.approx(20 / 80)  # a bad day does not become the usual


def test_without_moderation_it_is_the_fixed_campaign() -> None:
    """Exactly, but for days on which luck alone halves the reach of enough posts; here there are none."""
    digests = []
    for campaign in ("coordinated", "adaptive"):
        model = CampaignModel(small_scenario(campaign, days=4, more=RICH))
        model.run_until(model.clock.end)
        digests.append(result_of(model, "", 0.0)["run"]["digest"])
        assert model.headquarters.books
        assert model.headquarters.paces == {}
    assert digests[0] == digests[1]


def test_when_sleepers_are_suspended_their_money_goes_to_the_rest_and_the_books_balance() -> None:
    spent = {}
    lenient = ("moderation.desk.reviewed=1", "moderation.desk.capacity=1e6", "moderation.evidence.violation_found=0.6")
    for campaign in (
        "coordinated",
        "adaptive",
    ):  # reviewers let some be, whose upkeep the fixed campaign goes on to pay
        more = (*RICH, *lenient)
        model = CampaignModel(small_scenario(campaign, "suspend_coordinated", days=6, users=400, more=more))
        model.run_until(model.clock.end)
        office, truth = model.headquarters, model.world.truth
        assert (model.world.platform.accounts.status[truth.role == SLEEPER] & SUSPENDED).any()
        assert office.budget == office.left + sum(cents for *_, cents in office.books)
        assert sorted(truth.payments) == sorted(office.books)
        spent[campaign] = {
            tactic: sum(cents for _, name, _, cents in office.books if name == tactic) for tactic in office.tactics
        }
    assert spent["adaptive"]["wake_sleepers"] < spent["coordinated"]["wake_sleepers"]
    for tactic in ("hire_influencers", "buy_engagement", "give_gifts"):
        assert spent["adaptive"][tactic] > spent["coordinated"][tactic]


def test_its_plan_is_state_of_headquarters_and_survives_copies() -> None:
    model = CampaignModel(small_scenario("adaptive", "suspend_coordinated", days=5, users=400, more=RICH))
    model.run_until(24 * 5)
    assert model.headquarters.paces
    copies = [copy.deepcopy(model), pickle.loads(pickle.dumps(model))]
    for other in copies:
        assert other.headquarters.paces == model.headquarters.paces
        assert other.headquarters.paces is not model.headquarters.paces
        other.run_until(model.clock.end)
    model.run_until(model.clock.end)
    assert {result_of(m, "", 0.0)["run"]["digest"] for m in (model, *copies)} == {
        result_of(model, "", 0.0)["run"]["digest"]
    }
