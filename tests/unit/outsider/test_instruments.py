"""Each instrument on records that are made for it: without bias, with intervals that hold, and silent where there is nothing."""

import dataclasses
import datetime
from collections.abc import Callable
from statistics import mean

import numpy as np
import pandas as pd
import pytest

from analysis.outsider.account_ages import account_ages, most_exceeding
from analysis.outsider.acting_together import acting_together
from analysis.outsider.differences import differences
from analysis.outsider.instruments import INSTRUMENTS
from analysis.outsider.interrupted_series import effect_of, interrupted_series
from analysis.outsider.proportion import log_ratio, out_of_proportion
from analysis.outsider.seen import MISSING, Answer, Seen, daily_views
from analysis.outsider.shares import newcombe, wilson
from analysis.outsider.sock_puppets import many_puppets, one_puppet
from tests.unit.outsider.made import FIRST, LAST, commented, engaged, opened, record, shown, viewed

DRAWS = 200


def answers(instrument: Callable[[Seen], Answer], make: Callable[[np.random.Generator], Seen]) -> list[Answer]:
    return [instrument(make(np.random.default_rng(draw))) for draw in range(DRAWS)]


@pytest.mark.parametrize(("instrument", "make", "truth"), [
    (interrupted_series, lambda rng: viewed(rng, 0.7, trend=0.05), 0.7),
    (differences, lambda rng: viewed(rng, 0.7), 0.7),
    (one_puppet, lambda rng: shown(rng, 0.4, videos=30), 0.15),
    (many_puppets, lambda rng: shown(rng, 0.4), 0.15),
    (out_of_proportion, lambda rng: engaged(rng, 0.5), 0.5),
], ids=["interrupted_series", "differences", "one_puppet", "many_puppets", "out_of_proportion"])  # fmt: skip
def test_an_instrument_is_without_bias_where_its_assumptions_hold(
    instrument: Callable[[Seen], Answer], make: Callable[[np.random.Generator], Seen], truth: float
) -> None:
    found = answers(instrument, make)
    off = np.array([answer.value - truth for answer in found])
    assert abs(off.mean()) < 3 * off.std() / np.sqrt(DRAWS)
    assert 0.9 <= mean(answer.low <= truth <= answer.high for answer in found) <= 0.98


def test_an_excess_in_a_stretch_is_without_bias_though_the_stretch_was_searched() -> None:
    """Three tenths are opened in thirty days that the stretch must hold; of the others 90 of 2,900 days hold some."""
    found = [answer for answer in answers(account_ages, lambda rng: opened(rng, 0.3)) if answer.begins]
    march = (datetime.date(2020, 3, 1), datetime.date(2020, 3, 31))
    held = [answer for answer in found if answer.begins <= march[0] and march[1] <= answer.ends]
    assert len(held) > 0.8 * DRAWS
    truth = 0.3 * (1 - 90 / 2900)
    off = np.array([answer.value - truth for answer in held])
    assert abs(off.mean()) < 3 * off.std() / np.sqrt(len(off))
    assert 0.9 <= mean(answer.low <= truth <= answer.high for answer in held) <= 0.98


@pytest.mark.parametrize(("instrument", "make"), [
    (interrupted_series, lambda rng: viewed(rng, 0.0)),
    (differences, lambda rng: viewed(rng, 0.0)),
    (many_puppets, lambda rng: shown(rng, 0.25)),
    (out_of_proportion, lambda rng: engaged(rng, 0.0)),
    (account_ages, lambda rng: opened(rng, 0.0)),
], ids=["interrupted_series", "differences", "many_puppets", "out_of_proportion", "account_ages"])  # fmt: skip
def test_alarms_where_there_is_nothing_are_as_many_as_intervals_allow(
    instrument: Callable[[Seen], Answer], make: Callable[[np.random.Generator], Seen]
) -> None:
    """2.5% of intervals lie above the truth; 14 or more of 200 would, with that chance, once in a thousand tests."""
    assert sum(answer.alarm for answer in answers(instrument, make)) < 14


def test_co_action_finds_a_planted_group_and_little_more() -> None:
    found = [acting_together(commented(np.random.default_rng(draw), 8)) for draw in range(20)]
    assert all(answer.alarm for answer in found)
    assert 8 <= mean(answer.value for answer in found) < 10


def test_co_action_does_not_alarm_by_chance_more_often_than_it_says() -> None:
    """Of 40 logs that chance made, the one that is looked at has the highest score once: 2.5%; 6 of 60 would be rare."""
    found = [acting_together(commented(np.random.default_rng(draw), 0)) for draw in range(60)]
    assert sum(answer.low > 0 for answer in found) < 6


def test_a_group_that_is_about_somebody_else_is_counted_and_is_no_alarm() -> None:
    answer = acting_together(commented(np.random.default_rng(1), 8, candidate=7))
    assert answer.low >= 8
    assert answer.alarm is False


def test_a_change_that_all_candidates_share_is_no_difference() -> None:
    seen = viewed(np.random.default_rng(1), 0.0, spread=0.2)
    views = seen.counters.merge(seen.posts, on="post")
    more = np.where(views["second"] >= pd.Timestamp(seen.since).timestamp(), 5, 1)
    raised = dataclasses.replace(seen, counters=seen.counters.assign(views=seen.counters["views"] * more))
    assert differences(raised).value == pytest.approx(differences(seen).value, abs=1e-3)
    assert interrupted_series(raised).value == pytest.approx(interrupted_series(seen).value + np.log(5), abs=1e-3)


def test_a_line_before_the_date_is_carried_on() -> None:
    """By hand: 2, 4, 6, 8 and then 13, 15, 17, 19 lie 3 above the line; errors cancel in each half."""
    time, after = np.arange(8.0), np.arange(8) >= 4
    design = np.stack([np.ones(8), time, after.astype(float), after * (time - 4)], axis=1)
    wobble = np.array([1, -1, -1, 1, 1, -1, -1, 1]) * 0.1
    found = effect_of(design, 2 + 2 * time + 3 * after + wobble, np.array([0, 0, 1, 1.5]))
    assert found is not None
    assert found[0] == pytest.approx(3)
    assert found[1] > 0
    assert effect_of(design, 2 + 2 * time, np.array([0, 0, 1, 1.5])) is None


def test_views_by_day_from_copies_of_many_days_are_what_was_gained() -> None:
    posts = pd.DataFrame(
        {"post": [1, 2], "author": [0, 0], "second": [1_729_764_000, 1_729_850_400], "candidate": [0, 0]}
    )  # 24 and 25 October
    counters = pd.DataFrame({
        "date": pd.to_datetime(["2024-10-24", "2024-10-25", "2024-10-26", "2024-10-25", "2024-10-26"]), "post": [1, 1, 1, 2, 2],
        "views": [5, 9, 9, 10, 30], "likes": 0, "comments": 0, "shares": 0,
    })  # fmt: skip
    table = daily_views(record(posts=posts, counters=counters))
    assert table[0].tolist() == [14.0, 20.0]  # on the 25th and the 26th
    last = counters.groupby("post", as_index=False).last()
    at_the_end = daily_views(record(posts=posts, counters=last, day=datetime.date(2024, 10, 26)))
    assert at_the_end[0].tolist() == [9.0, 30.0]  # of what was posted on the 24th and the 25th


def test_published_intervals() -> None:
    """23 of 27 posts: 68 to 94%, as of the audit of 6 December 2024; differences by Newcombe 1998, table II, 56/70 and 48/80."""
    assert wilson(23, 27) == pytest.approx((0.675, 0.941), abs=5e-4)
    assert newcombe(56, 70, 48, 80) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)


def test_a_ratio_of_rates_by_hand() -> None:
    """Two sizes, rates 2 and 3 times those of others; weighted by views as Mantel and Haenszel do."""
    views = np.array([100.0, 100.0, 1000.0, 1000.0])
    own = np.array([True, False, True, False])
    found = log_ratio(np.array([20.0, 10.0, 60.0, 20.0]), views, own)
    assert found[0] == pytest.approx(np.log((20 / 2 + 60 / 2) / (10 / 2 + 20 / 2)))
    assert log_ratio(np.array([0.0, 10.0]), views[:2], own[:2]) is None


def test_the_stretch_with_most_excess_is_found() -> None:
    assert most_exceeding(np.array([1.0, 500.0, 510.0, 520.0]), np.array([1.0, 300.0, 700.0, 900.0])) == 500


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_a_record_without_anything_has_no_answer(name: str) -> None:
    assert INSTRUMENTS[name](record()) == MISSING


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_damaged_records_have_an_answer_or_none(name: str) -> None:
    """Comments without posts, posts without views, one candidate alone, days before anything."""
    rng = np.random.default_rng(1)
    whole = dataclasses.replace(viewed(rng, 0.5), comments=commented(rng, 5).comments, puppets=shown(rng, 0.4).puppets)
    damaged = [
        dataclasses.replace(whole, posts=whole.posts.iloc[:0]),
        dataclasses.replace(whole, counters=whole.counters.assign(views=0)),
        dataclasses.replace(whole, posts=whole.posts.assign(candidate=0), puppets=whole.puppets.assign(candidate=0)),
        dataclasses.replace(whole, day=FIRST),
        dataclasses.replace(whole, since=LAST + datetime.timedelta(days=9), began=FIRST - datetime.timedelta(days=9)),
        dataclasses.replace(whole, comments=whole.comments.iloc[:1], counters=whole.counters.iloc[:1]),
        dataclasses.replace(whole, created=pd.Series(pd.NaT, index=range(1000))),
    ]
    for seen in damaged:
        answer = INSTRUMENTS[name](seen)
        assert answer == MISSING or np.isfinite([answer.value, answer.low, answer.high]).all()
