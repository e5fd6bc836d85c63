"""What each viewer has and finds, in records worked by hand."""

import dataclasses

import numpy as np

from sim.measures.on_record import OnRecord, communities_reached
from sim.model import CampaignModel
from sim.record.keeping import DAY, Asked
from sim.runs.face import load_scenario
from sim.scenario.record import Record
from sim.world.truth import ORDINARY, SLEEPER
from sim.world.world import World
from tests.worlds import accounts_of, small_scenario

PRESET: Record = load_scenario(["record=standard"]).record
NOTHING_DELETED = dataclasses.replace(
    PRESET, accounts_deleted=0.0, posts_deleted=0.0, covered_up=0.0, sampled=1.0, lost=0.0, days_after=0
)
BEGINS = DAY  # hour at which the campaign does, after a day of warm-up


def world_with(sleepers: int) -> tuple[World, np.ndarray, np.ndarray]:
    """A finished world, so many of its sleepers, and as many ordinary accounts."""
    model = CampaignModel(small_scenario(days=2))
    model.run_until(model.clock.end)
    return model.world, accounts_of(model, SLEEPER)[:sleepers], accounts_of(model, ORDINARY)[:sleepers]


def record_of(rules: Record, world: World, comments: list[tuple[int, int, int]], posts: int = 40) -> OnRecord:
    """A record with comments (hour, account, post), all in the same second, of which those by sleepers are the campaign's acts."""
    kept = OnRecord(rules, first=0, keys=[np.arange(posts, dtype=np.uint32)])
    rows = np.array([(hour, 3600 * hour, account, post) for hour, account, post in comments], dtype=np.int64).T
    kept.comments = [rows]
    kept.acts = [rows[:, np.isin(world.truth.role[rows[2]], (SLEEPER,))]]
    return kept


def read(
    kept: OnRecord, world: World, asked: tuple[Asked, ...] = ()
) -> tuple[dict[tuple[int, str, str], float], dict[str, float]]:
    rows, numbers = kept.read(world, 0, BEGINS, (), asked)
    return {(day, viewer, measure): value for day, viewer, measure, value in rows}, numbers


def test_accounts_that_comment_together_more_than_anybody_before_are_found_on_that_day() -> None:
    """Two ordinary accounts met once before the campaign: the bar is two posts in common, or one where their score is allowed."""
    world, guilty, innocent = world_with(4)
    before = [(3, int(who), 0) for who in innocent[:2]]
    together = [(30 + post, int(who), post) for post in range(1, 4) for who in guilty]
    told, numbers = read(record_of(NOTHING_DELETED, world, before + together), world)
    assert told[0, "platform", "found"] == 1.0
    assert told[0, "platform", "precision"] == 1.0
    assert numbers["record_first_day_platform"] == 0.0 == numbers["record_first_day_outsider"]
    assert np.isnan(numbers["record_first_day_regulator"])
    assert numbers["record_left_regulator"] == 0.0
    assert numbers["record_left_platform"] == 1.0 == numbers["record_left_outsider"]


def test_innocents_who_do_the_same_are_flagged_too_and_precision_says_so() -> None:
    world, guilty, innocent = world_with(3)
    together = [(30 + post, int(who), post) for post in range(1, 4) for who in (*guilty, *innocent)]
    told, _ = read(record_of(NOTHING_DELETED, world, together), world)
    assert told[0, "platform", "precision"] == 0.5
    assert told[0, "platform", "false_positives"] == 3 / world.platform.users * 100000


def test_a_removed_account_is_gone_for_the_outsider_at_once_and_stays_with_the_platform() -> None:
    world, guilty, _ = world_with(2)
    acts = [(30, int(who), 1) for who in guilty]
    kept = record_of(NOTHING_DELETED, world, acts)
    kept.removals.accounts[int(guilty[0])] = 40
    told, _ = read(kept, world)
    assert told[0, "outsider", "left"] == 0.5
    assert told[0, "platform", "left"] == 1.0
    long_after = dataclasses.replace(NOTHING_DELETED, days_after=95)
    kept = record_of(long_after, world, acts)
    kept.removals.accounts[int(guilty[0])] = 40
    told, _ = read(kept, world)
    assert told[1 + 95, "platform", "left"] == 0.5  # 90 days after the removal


def test_a_copy_that_was_kept_outlives_what_was_removed() -> None:
    world, guilty, _ = world_with(1)
    acts = [(26, int(guilty[0]), 1)]
    watched = dataclasses.replace(NOTHING_DELETED, outsider_begins=world.clock.first_day)
    for hour, left in ((26 + DAY, 0.0), (26 + DAY + 1, 1.0)):  # it must stand for a day to be copied
        kept = record_of(watched, world, acts)
        kept.removals.accounts[int(guilty[0])] = hour
        told, _ = read(kept, world)
        assert told[1, "outsider", "left"] == left


def test_a_regulator_has_what_was_there_when_it_was_answered() -> None:
    world, guilty, _ = world_with(2)
    acts = [(30, int(who), post) for post in range(1, 3) for who in guilty] + [(60, int(guilty[0]), 3)]
    told, numbers = read(record_of(NOTHING_DELETED, world, acts), world, (Asked(answered=48, first=0, last=48),))
    assert told[0, "regulator", "left"] == 1.0
    assert told[1, "regulator", "left"] == 4 / 5
    assert numbers["record_first_day_regulator"] == 0.0


def test_a_regulator_looks_at_all_weeks_that_an_answer_speaks_of() -> None:
    """What was done together a week before the end of the answer is found in it, and by nobody who looks at the last week alone."""
    model = CampaignModel(small_scenario(days=10))
    model.run_until(model.clock.end)
    world, guilty = model.world, accounts_of(model, SLEEPER)[:4]
    together = [(30 + post, int(who), post) for post in range(1, 4) for who in guilty]
    end = world.hour
    told, numbers = read(record_of(NOTHING_DELETED, world, together), world, (Asked(answered=end, first=0, last=end),))
    last = max(day for day, _, _ in told)
    assert told[last, "regulator", "found"] == 1.0
    assert told[last, "platform", "found"] == 0.0
    assert numbers["record_first_day_regulator"] == last


def test_communities_count_as_reached_by_their_share() -> None:
    model = CampaignModel(small_scenario(days=1))
    world = model.world
    world.minds.saw[:] = 0
    assert communities_reached(world, 0, 0.5) == 0.0
    first = world.platform.accounts.community == 0
    world.minds.saw[first] = 1
    assert communities_reached(world, 0, 0.5) == 1 / len(
        np.unique(world.platform.accounts.community[world.truth.genuine])
    )
