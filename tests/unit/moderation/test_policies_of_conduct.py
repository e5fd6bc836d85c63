"""Policies that read who acted with whom, how fast, and since when, on small records with known answers."""

import numpy as np
import pytest

from sim.model import CampaignModel
from sim.moderation.acting_together import ONE, groups_of, pairs_of_hour, weights_of
from sim.moderation.base import Suspicion, parts
from sim.moderation.cap_subject import CapSubject
from sim.moderation.coaction_network import CoactionNetwork
from sim.moderation.discount_bought import DiscountBought
from sim.moderation.hold_new_accounts import HoldNewAccounts
from sim.moderation.share_friction import ShareFriction
from sim.moderation.slow_viral import SlowViral
from sim.numbers.luck import Chance, Decision
from sim.runs.face import load_scenario
from sim.scenario.schema import ScenarioError
from sim.world.changes import enforce
from sim.world.platform import COMMENT, HELD, LIKE, Log, Platform
from tests.worlds import small_scenario


@pytest.fixture
def model() -> CampaignModel:
    """A world after some hours, whose log and counters are empty."""
    model = CampaignModel(small_scenario("quiet"))
    model.run_until(7)
    platform = model.world.platform
    for name in ("views", "likes", "comments"):
        getattr(platform.posts, name)[:] = 0
    platform.log = [Log.empty(), Log.empty()]
    assert len(platform.posts) > 12
    return model


@pytest.fixture
def record(model: CampaignModel) -> Platform:
    return model.world.platform


def hour_with(platform: Platform, acts: list[tuple[int, int, int]], verb: int = COMMENT) -> None:
    """The next hour: acts as (account, row, second)."""
    account, row, second = np.array(acts, dtype=np.int64).reshape(-1, 3).T
    verbs, elsewhere = np.full(len(row), verb, np.int8), np.zeros(len(row), np.uint8)
    new = Log(account.astype(np.int32), row + platform.first, verbs, second.astype(np.int32), elsewhere)
    platform.log = [platform.log[-1], new]
    platform.hour += 1


def asked(policy, platform: Platform, suspicion: Suspicion) -> list[tuple]:
    done = policy.flag(platform.read_only(), suspicion, None, platform.hour, Chance(1, Decision.REVIEW, 0))
    return [(r.action, r.account if r.account >= 0 else r.post - platform.first if r.post >= 0 else None) for r in done]


def network(windows=(60,), repetitions=(2.0,), correct=False, least=2, most=500, action="suspend") -> CoactionNetwork:
    return CoactionNetwork("comment", windows, repetitions, correct, most, least, action, 0.5)


def test_pairs_are_within_the_window_on_one_post_and_across_the_turn_of_the_hour(record: Platform) -> None:
    hour_with(record, [(1, 0, 3590), (2, 0, 3599)])
    hour_with(record, [(3, 0, 20), (3, 1, 21), (1, 0, 3000), (1, 0, 3001)])
    post, one, other, gap = pairs_of_hour(record.read_only(), COMMENT, 60, 500)
    assert sorted(zip(post - record.first, one, other, gap, strict=True)) == [(0, 1, 3, 30), (0, 2, 3, 21)]
    assert len(pairs_of_hour(record.read_only(), COMMENT, 29, 500)[0]) == 1
    assert len(pairs_of_hour(record.read_only(), COMMENT, 60, 4)[0]) == 0  # five acts on the post: too popular
    assert len(pairs_of_hour(record.read_only(), LIKE, 60, 500)[0]) == 0


def test_pairs_agree_with_all_pairs_compared_one_by_one(record: Platform) -> None:
    chance = np.random.default_rng(4)
    for _ in range(2):
        hour_with(record, chance.integers(0, [9, 5, 3600], (70, 3)).tolist())
    acts = [(a, p, s - 3600 * age) for age, log in enumerate(reversed(record.log))
            for a, p, s in zip(log.account.tolist(), log.post.tolist(), log.second.tolist(), strict=True)]  # fmt: skip
    expected = sorted(
        (one[1], min(one[0], other[0]), max(one[0], other[0]), abs(one[2] - other[2]))
        for i, one in enumerate(acts)
        for other in acts[:i]
        if one[1] == other[1] and one[0] != other[0] and abs(one[2] - other[2]) <= 500 and max(one[2], other[2]) >= 0
    )
    found = zip(*(column.tolist() for column in pairs_of_hour(record.read_only(), COMMENT, 500, 500)), strict=True)
    assert sorted(found) == expected
    assert len(expected) > 50


def test_network_flags_groups_once_when_their_links_are_strong_enough(record: Platform) -> None:
    policy, suspicion = network(least=3), Suspicion()
    hour_with(record, [(1, 0, 10), (2, 0, 20), (2, 1, 30), (3, 1, 40), (8, 2, 0), (9, 2, 1)])
    assert asked(policy, record, suspicion) == []
    hour_with(record, [(1, 3, 10), (2, 3, 20), (8, 4, 0), (9, 4, 1)])
    assert asked(policy, record, suspicion) == []  # two groups of two
    hour_with(record, [(2, 5, 10), (3, 5, 60)])
    assert asked(policy, record, suspicion) == [
        ("suspend", 1),
        ("suspend", 2),
        ("suspend", 3),
    ]  # 1-2 and 2-3 are linked
    hour_with(record, [(2, 6, 10), (3, 6, 60), (1, 6, 1)])
    assert asked(policy, record, suspicion) == []
    again = Suspicion()
    for _ in range(3):
        hour_with(record, [(1, 0, 10), (2, 0, 20)])
        assert asked(policy, record, again) == []  # the same post counts once


def test_network_looks_at_several_time_scales(record: Platform) -> None:
    suspicion, policy = Suspicion(), network((10, 1000), (2.0, 3.0))
    hour_with(record, [(1, 0, 0), (2, 0, 9), (3, 0, 900), (1, 1, 0), (2, 1, 9), (3, 1, 900)])
    assert asked(policy, record, suspicion) == [("suspend", 1), ("suspend", 2)]
    hour_with(record, [(1, 2, 0), (3, 2, 900)])
    assert asked(policy, record, suspicion) == [("suspend", 3)]
    with pytest.raises(ScenarioError, match="one for each of windows"):
        network((10, 1000), (2.0,)).check("here")


def test_popular_posts_weigh_less_and_retired_ones_nothing(record: Platform) -> None:
    record.posts.comments[:3] = [2, 8, 200]
    post = np.arange(3) + record.first
    weight = weights_of(record.read_only(), post, record.posts.comments, True)
    assert weight[0] == ONE
    assert (np.diff(weight) < 0).all()
    assert weight[1] == pytest.approx(ONE * np.log(3) / np.log(9), abs=2)
    assert weights_of(record.read_only(), post, record.posts.comments, False).tolist() == [ONE] * 3
    assert groups_of({(1, 2), (2, 7), (4, 5)}) == [[1, 2, 7], [4, 5]]
    assert groups_of(set()) == []


def test_fast_posts_are_slowed_once(record: Platform) -> None:
    policy, suspicion, posts = SlowViral(0.1, 12, 72, "political"), Suspicion(), record.posts
    posts.candidate[:4] = [1, 1, -1, 1]
    posts.hour[:] = record.hour - 1
    threshold = record.users // 10
    posts.views[:4] = [threshold + 1, 0, 0, threshold]
    assert asked(policy, record, suspicion) == []  # nobody knows when these views came
    posts.views[:4] += [threshold + 1, threshold, 10 * threshold, threshold + 1]
    assert asked(policy, record, suspicion) == [("slow", 0), ("slow", 3)]
    posts.views[:4] += 10 * threshold
    assert asked(policy, record, suspicion) == [("slow", 1)]
    assert asked(SlowViral(0.1, 12, 72, "all"), record, suspicion) == []  # no change since
    posts.views[2] += 10 * threshold
    done = SlowViral(0.1, 12, 72, "all").flag(record.read_only(), suspicion, None, record.hour, None)
    assert [(r.post, r.amount) for r in done] == [(2 + record.first, 12)]


def test_new_accounts_are_held_until_they_are_old_enough(model: CampaignModel, record: Platform) -> None:
    policy, suspicion = HoldNewAccounts(2.0, 48), Suspicion()
    registered = record.accounts.registered
    registered[:] = -10000
    registered[[4, 6]] = [record.hour - 47, record.hour - 10]
    requests = policy.flag(record.read_only(), suspicion, None, record.hour, None)
    assert [(r.action, r.account) for r in requests] == [("hold", 4), ("hold", 6)]
    enforce(model.world, requests)
    record.posts.hour[-2:] = record.hour
    record.posts.status[-1] |= HELD
    done = policy.flag(record.read_only(), suspicion, None, record.hour, None)
    assert [(r.action, r.post, r.amount) for r in done] == [("hold", record.first + len(record.posts) - 1, 48)]
    record.hour += 1
    assert asked(policy, record, suspicion) == [("release", 4)]


def test_bought_engagement_is_discounted_on_posts_and_by_accounts(record: Platform) -> None:
    policy, suspicion = DiscountBought(0.5, 5, 0.4, 3600, 3.0, 500), Suspicion()
    record.posts.views[:3], record.posts.likes[:3] = [10, 100, 8], [5, 5, 4]
    hour_with(record, [(1, 0, 0), (2, 0, 3000), (1, 1, 0), (2, 1, 3000), (3, 1, 5)], LIKE)
    assert asked(policy, record, suspicion) == [("discount", 0)]
    record.posts.likes[:6] = 2
    found = []
    for row in (3, 4, 5):  # posts 0 and 1, which more have liked, weigh less than one each
        hour_with(record, [(1, row, 0), (2, row, 3000)], LIKE)
        found.append(asked(policy, record, suspicion))
    assert found == [[], [("discount", 1), ("discount", 2)], []]
    requests = DiscountBought(0.5, 5, 0.4, 3600, 1.0, 500).flag(
        record.read_only(), Suspicion(), None, record.hour, None
    )
    assert {r.amount for r in requests} == {parts(0.5)}


def test_friction_and_caps_are_asked_for_once(record: Platform) -> None:
    record.posts.candidate[:] = -1
    record.posts.candidate[:2] = 1
    suspicion = Suspicion()
    assert asked(ShareFriction(0.3, "political"), record, suspicion) == [("friction", 0), ("friction", 1)]
    assert asked(ShareFriction(0.3, "political"), record, suspicion) == []
    assert asked(ShareFriction(0.3, "all"), record, suspicion) == [("friction", None)]
    assert asked(ShareFriction(0.3, "all"), record, suspicion) == []
    assert asked(CapSubject("author", 0.2), record, suspicion) == [("cap_author", None)]
    assert asked(CapSubject("author", 0.2), record, suspicion) == []
    assert asked(CapSubject("author", 1.0), record, Suspicion()) == []


def test_accounts_that_come_of_age_in_a_world_are_released() -> None:
    """The end of a hold is asked for by the policy itself; a world goes on through it."""
    words = ["scenario=classroom", "moderation=hold_new_accounts", "moderation.policies.hold_new_accounts.age_days=0.5", "days=3",
             "calendar.warm_up_days=1", "population.newcomers=0.05"]  # fmt: skip
    model = CampaignModel(load_scenario(words))
    model.run_until(96)
    held = (model.world.platform.accounts.status & HELD) != 0
    assert model.observer.totals["all_impressions"] > 0
    assert 0 < held.sum() < 0.05 * 2000  # of the last half day; those of three days are some 300
