"""Bars that are set by the record before a policy's start."""

import numpy as np
import pytest

from sim.model import CampaignModel, opening_suspicion
from sim.moderation.base import Suspicion
from sim.moderation.price import Priced, PricedByCrowd, Scores, bar_at_price, bar_for_crowds, note_tops
from sim.scenario.arms import at_strength, levels
from sim.scenario.presets import inherited
from tests.worlds import CROWDED, FIXED, POLICIES, small_scenario

PRICED = [
    name
    for name in POLICIES
    if any(isinstance(p, Priced) for p in small_scenario(moderation=name).moderation.policies.values())
]


def suspicion(price: float, users: int = 100_000, watched: int = 168) -> Suspicion:
    return Suspicion(notes={"users": users}, price=price, watched=watched)


@pytest.mark.parametrize(("price", "bar"), [(0, 16), (1, 16), (2, 15), (10, 7), (14, 3), (15, 2), (16, 1), (99, 1)])
def test_the_bar_lies_just_above_the_score_whose_place_is_the_price(price: float, bar: int) -> None:
    tops = list(range(1, 16))
    assert bar_at_price(suspicion(price), tops) == bar
    assert sum(top >= bar for top in tops) <= max(price - 1, 0)  # and one more is to be expected
    assert sum(top >= bar - 1 for top in tops) >= max(price, 1) or bar == 1  # no lower bar would do


@pytest.mark.parametrize("price", [0, 0.4, 1.9])
def test_a_price_below_two_accounts_lets_nobody_pass_who_is_on_record(price: float) -> None:
    assert bar_at_price(suspicion(price), [9, 7, 7, 7, 2]) == 10


@pytest.mark.parametrize("price", [1, 3, 10])
def test_as_many_as_the_price_pass_in_a_week_like_the_one_on_record(price: int) -> None:
    """Weeks of a thousand accounts, drawn alike: over 4,000 pairs of weeks the mean is the price, and one more at the bar below."""
    luck = np.random.default_rng(5)
    hit, hit_below = [], []
    for _ in range(4_000):
        before, after = luck.integers(0, 1_000_000, size=(2, 1_000))
        bar = bar_at_price(suspicion(price), before.tolist())
        hit.append((after >= bar).sum())
        hit_below.append((after >= np.sort(before)[-price - 1] + 1).sum())
    error = np.std(hit) / len(hit) ** 0.5
    assert abs(np.mean(hit) - price) < 3 * error
    assert abs(np.mean(hit_below) - price - 1) < 3 * np.std(hit_below) / len(hit) ** 0.5


def test_accounts_with_one_score_are_hit_together_or_not_at_all() -> None:
    assert bar_at_price(suspicion(3), [9, 7, 7, 7, 2]) == 8


def test_half_a_week_and_half_the_users_allow_a_quarter() -> None:
    assert bar_at_price(suspicion(8, users=50_000, watched=84), [1, 2, 3, 4, 5, 6, 7, 8]) == 8


def test_of_an_account_its_highest_score_counts() -> None:
    tops: dict[int, int] = {}
    for score in ([3, 1], [2, 5]):
        note_tops(tops, Scores(np.array([4, 7]), np.array(score)))
    assert tops == {4: 3, 7: 5}


def busiest_windows(crowds: list[int], hours: int, weeks: int = 4_000) -> np.ndarray:
    """Of each week, the most accounts in each crowd in any of its windows: (weeks, crowds)."""
    windows = np.random.default_rng(3).poisson(crowds, size=(weeks, 168 // hours, len(crowds)))
    return windows.max(axis=1)


@pytest.mark.parametrize("crowds", [[40, 12, 12, 3], [600], [5] * 200])
def test_crowds_that_are_larger_by_luck_cost_no_more_than_the_price(crowds: list[int]) -> None:
    """Weeks are drawn in which everything is used as much as before: the highest number of before is too low a bar."""
    bar, busiest = bar_for_crowds(suspicion(20), crowds, hours=24), busiest_windows(crowds, 24)
    cost = np.where(busiest >= bar, busiest, 0).sum(axis=1).mean()
    assert cost <= 20 * 1.1  # and luck of the draw
    lower = np.where(busiest >= bar - 2, busiest, 0).sum(axis=1).mean()
    assert lower > cost
    at_most = np.where(busiest > max(crowds), busiest, 0).sum(axis=1).mean()
    assert at_most > 20


def test_the_fewer_may_be_hit_the_more_room_is_left_for_luck() -> None:
    bars = [bar_for_crowds(suspicion(price), [400, 380, 90], hours=24) for price in (0.0, 1.0, 10.0, 100.0, 10_000.0)]
    assert bars == sorted(bars, reverse=True)
    assert len(set(bars)) == 5
    assert 400 + 3 * 20 < bars[1] < 400 + 5 * 20  # of a crowd of 400 the standard deviation is 20
    assert bars[-1] == 2  # whoever copies at all
    assert bar_for_crowds(suspicion(10), [], hours=24) == 2


@pytest.mark.parametrize("name", PRICED)
def test_in_the_record_before_its_start_a_policy_would_have_hit_no_more_than_the_price(name: str) -> None:
    model = CampaignModel(small_scenario("quiet", name, more=CROWDED, users=600))
    rules = model.rules.moderation
    while model.world.hour < model.clock.start:
        model.step()
    watched = {policy: dict(tops) for policy, tops in model.suspicion.tops.items()}
    assert model.suspicion.watched == model.clock.start
    allowed = int(rules.false_positives * model.world.platform.users / 1e5 * model.suspicion.watched / 168)
    model.step()
    for policy in rules.policies.values():
        if isinstance(policy, Priced):
            bar = policy.bar(model.suspicion)
            assert sum(top >= bar for top in watched[policy.name].values()) <= allowed
            if isinstance(policy, PricedByCrowd):
                continue  # it leaves room for luck: see below
            assert sum(top >= bar - 1 for top in watched[policy.name].values()) > allowed or bar == 1


@pytest.mark.parametrize("name", PRICED)
def test_without_a_price_bars_are_those_stated_and_nothing_is_watched(name: str) -> None:
    model = CampaignModel(small_scenario("quiet", name, more=(FIXED,)))
    model.run_until(model.clock.start + 1)
    assert model.suspicion.tops == model.suspicion.bars == {}
    for policy in model.rules.moderation.policies.values():
        if isinstance(policy, Priced):
            assert policy.bar(opening_suspicion(model, model.rules)) == policy.stated_bar > 0


@pytest.mark.parametrize("name", PRICED)
def test_a_stronger_set_may_cost_the_innocent_more(name: str) -> None:
    """At a price the stated thresholds play no part, so that a set that changed these alone would be the same policy."""
    raw = inherited("moderation", name, None)
    prices = [at_strength({**raw, "name": name, "strength": level})["false_positives"] for level in levels(raw)]
    assert len(prices) == 3
    assert prices == sorted(set(prices))
