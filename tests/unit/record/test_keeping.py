"""When things leave sight and the record, worked by hand; orders keep what is there, and bring nothing back."""

import dataclasses

import numpy as np
import pytest

from sim.record.inspecting import Compared, bar
from sim.record.keeping import (
    DAY,
    NEVER,
    Acts,
    Ends,
    Hold,
    covered_up,
    deleted_by_owners,
    in_sample,
    off_the_record,
    out_of_sight,
)
from sim.scenario.record import Inspection, Record
from tests.worlds import load_scenario

RULES: Record = load_scenario(["scenario=classroom", "record=standard"]).record  # removed kept 90 days, restorable 30


def acts(*rows: tuple[int, int, int]) -> Acts:
    return Acts(*np.array(rows, dtype=np.int64).T)


def ends(removed: list[int], deleted: list[int]) -> Ends:
    return Ends(np.array(removed, dtype=np.int64), np.array(deleted, dtype=np.int64))


THREE = acts((10, 0, 0), (10, 1, 0), (10, 2, 0))  # hour, account, post
ACCOUNTS = ends([50, NEVER, NEVER], [NEVER, 60, NEVER])  # removed by the platform, deleted by its owner, there
POSTS = ends([NEVER], [NEVER])


def test_what_is_removed_leaves_sight_at_once_and_the_record_later() -> None:
    assert out_of_sight(THREE, ACCOUNTS, POSTS).tolist() == [50, 60, NEVER]
    assert off_the_record(THREE, ACCOUNTS, POSTS, RULES, []).tolist() == [50 + 90 * DAY, 60 + 30 * DAY, NEVER]


def test_a_post_takes_what_was_done_to_it_along() -> None:
    posts = ends([20], [NEVER])
    assert out_of_sight(THREE, ACCOUNTS, posts).tolist() == [20, 20, 20]
    assert off_the_record(THREE, ACCOUNTS, posts, RULES, []).tolist() == [20 + 90 * DAY, 60 + 30 * DAY, 20 + 90 * DAY]


@pytest.mark.parametrize("late", [0, 1])
def test_an_order_keeps_what_is_there_and_brings_nothing_back(late: int) -> None:
    """The second account's acts are gone at hour 780: an order in the hour before keeps them, one in that hour does not."""
    gone = 60 + 30 * DAY
    hold = Hold(since=gone - 1 + late, first=0, last=100, until=10000)
    kept = off_the_record(THREE, ACCOUNTS, POSTS, RULES, [hold])
    assert kept.tolist() == [10000, gone if late else 10000, NEVER]


def test_an_order_covers_its_window_alone() -> None:
    hold = Hold(since=100, first=11, last=100, until=10000)
    assert off_the_record(THREE, ACCOUNTS, POSTS, RULES, [hold])[0] == 50 + 90 * DAY
    assert off_the_record(THREE, ACCOUNTS, POSTS, RULES, [hold._replace(first=10)])[0] == 10000


def test_preservation_covers_only_what_is_stored_when_it_arrives() -> None:
    both = acts((10, 0, 0), (40, 0, 0))
    hold = Hold(since=30, first=0, last=100, until=10000, only_stored=True)
    assert off_the_record(both, ACCOUNTS, POSTS, RULES, [hold]).tolist() == [10000, 50 + 90 * DAY]


def test_a_second_order_keeps_what_the_first_has_kept() -> None:
    first = Hold(since=100, first=0, last=100, until=5000)
    second = Hold(since=4000, first=0, last=100, until=9000)
    assert off_the_record(THREE, ACCOUNTS, POSTS, RULES, [second, first])[0] == 9000
    assert off_the_record(THREE, ACCOUNTS, POSTS, RULES, [second])[0] == 50 + 90 * DAY  # 2210: gone before it arrived


def test_owners_delete_at_the_stated_rate_and_sooner_at_a_higher_one() -> None:
    number, since = np.arange(20000), np.zeros(20000, dtype=np.int64)
    hours = deleted_by_owners(3, 0, number, since, 0.01)
    for days in (10, 70, 200):
        assert abs((hours >= DAY * days).mean() - 0.99**days) < 0.012  # four standard errors
    assert (deleted_by_owners(3, 0, number, since, 0.02) <= hours).all()
    assert (deleted_by_owners(3, 0, number, since, 0.0) == NEVER).all()


def test_a_campaign_covers_up_a_share_within_its_days() -> None:
    rules = dataclasses.replace(RULES, covered_up=0.4, covered_up_days=5.0)
    hours = covered_up(3, np.arange(5000), 1000, rules)
    gone = hours < NEVER
    assert abs(gone.mean() - 0.4) < 0.03
    assert (hours[gone] >= 1000).all()
    assert (hours[gone] < 1000 + 5 * DAY).all()


def test_the_public_sample_is_as_large_as_promised_less_what_is_lost() -> None:
    keys = np.arange(20000, dtype=np.uint32)
    whole = in_sample(3, keys, dataclasses.replace(RULES, sampled=0.6, lost=0.0))
    less = in_sample(3, keys, dataclasses.replace(RULES, sampled=0.6, lost=0.5))
    assert abs(whole.mean() - 0.6) < 0.014
    assert abs(less.mean() - 0.3) < 0.014
    assert not (less & ~whole).any()


def test_scores_are_the_posts_in_common_with_the_best_partner() -> None:
    post = np.array([1, 1, 1, 2, 2, 3, 3])
    second = np.array([0, 30, 500, 0, 60, 0, 61])
    account = np.array([7, 8, 9, 7, 8, 7, 8])
    compared = Compared.of(np.stack([second // 3600, second, account, post]), 60)
    assert compared.place.tolist() == [0, 1, 3, 4]  # the third and the last two have nobody beside them
    assert compared.scores(np.ones(4, dtype=np.bool_)) == {7: 2, 8: 2}
    assert compared.scores(compared.post == 1) == {7: 1, 8: 1}
    assert compared.scores(np.zeros(4, dtype=np.bool_)) == {}


def test_the_bar_is_the_lowest_that_the_price_allows() -> None:
    inspection = Inspection(60, 7, false_positives=10.0, found=0.2)
    tops = dict(enumerate([5, 4, 3, 2, 1]))
    assert bar(tops, 20000, 1.0, inspection) == 4  # two of 20,000 in a week may be hit: 5 and 4
    assert bar(tops, 20000, 0.4, inspection) == 6  # none in less
    assert bar({}, 20000, 1.0, inspection) == 1
