"""Traces of accounts by hand: who was created together, who is one group, what the weeks before can vouch for."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from analysis.evidence.rules import rules
from analysis.evidence.traces import _burst, _company, _groups, patterns_of
from sim.record.inspecting import Pairs, bar, best_of, vouched
from tests.unit.evidence.conftest import RECORD, Small


def test_company_is_the_most_accounts_created_within_two_days() -> None:
    """A slow twin: for each window of days that holds an account, count who was created in it."""
    days = np.random.default_rng(3).integers(0, 40, 60)
    created = pd.Series(np.datetime64("2024-01-01") + days)
    length = rules().born_days
    slow = [
        max(int(((days >= first) & (days < first + length)).sum()) for first in range(day - length + 1, day + 1))
        for day in days
    ]
    assert _company(created, rules()).tolist() == slow
    assert len(_company(created[:0], rules())) == 0


def test_groups_are_connected_pairs_the_largest_first() -> None:
    pairs = Pairs(np.array([1, 5, 7]), np.array([2, 6, 5]), np.array([4, 4, 4]))
    found = _groups(SimpleNamespace(pairs=pairs))  # type: ignore[arg-type]
    assert found.to_dict() == {1: 2, 2: 2, 5: 1, 6: 1, 7: 1}


def test_a_burst_counts_acts_of_two_days_from_the_first_on() -> None:
    hours = [0, 1, 47, 48, 100]
    events = pd.DataFrame({"account": 4, "second": [3600 * hour for hour in hours]})
    accounts = pd.DataFrame({"first": [0]}, index=[4])
    seen = SimpleNamespace(events=events)
    assert _burst(seen, accounts, rules()).tolist() == [3]  # type: ignore[arg-type]


def test_patterns_name_traces_in_their_order() -> None:
    table = pd.DataFrame({"together": [True, False], "awakened": [False, False], "born": [True, False]})
    assert patterns_of(table).tolist() == ["101", "000"]


def test_few_users_and_weeks_vouch_for_less_than_was_asked() -> None:
    """10 of 100,000 a week: of 2,000 users in a week none may be above, which vouches for 1; of 30,000 in two weeks 6, for 7 of 60,000."""
    assert RECORD is not None
    inspection = RECORD.inspection
    assert vouched(2_000, 1.0, inspection) == pytest.approx(50.0)
    assert vouched(30_000, 2.0, inspection) == pytest.approx(7 / 60_000 * 1e5)
    tops = best_of(Pairs(np.array([1, 3]), np.array([2, 4]), np.array([5, 2])))
    assert tops == {1: 5, 2: 5, 3: 2, 4: 2}
    assert bar(tops, 2_000, 1.0, inspection) == 6
    assert bar(tops, 20_000, 1.0, inspection) == 3


def test_everything_that_a_pattern_says_is_on_the_record(small: Small) -> None:
    """Who acted together has as many posts in common as the bar; who woke has been silent for so long."""
    seen = small.traces("platform")
    accounts, asked = seen.accounts, rules()
    assert accounts["together"].any()
    assert (accounts.loc[accounts["together"], "posts_together"] >= seen.looked.bar).all()
    assert (accounts.loc[accounts["awakened"], "silence"] >= asked.dormant_days).all()
    assert (accounts["silence"] >= 0).all()
    assert accounts["silence"].notna().all()
    assert small.traces("outsider").accounts["silence"].isna().all()
