"""Estimators against numbers worked by hand."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.estimates.paired import Worlds, estimate, holm, interval_on, leave_one_out
from analysis.estimates.table import estimates
from analysis.estimates.words import seeds_for_a_quarter


def test_mean_difference_has_the_students_interval_of_its_pairs() -> None:
    columns = {"a:x": np.array([3.0, 5.0, 10.0]), "b:x": np.array([1.0, 2.0, 3.0])}
    found = estimate(columns, lambda x: float(x["a:x"].mean() - x["b:x"].mean()))
    assert found.value == pytest.approx(4.0)
    error = np.std([2.0, 3.0, 7.0], ddof=1) / np.sqrt(3)  # the jackknife of a mean is its usual standard error
    assert found.paired_sd == pytest.approx(error)
    assert found.high == pytest.approx(4.0 + stats.t.ppf(0.975, 2) * error)
    apart = np.sqrt((np.var([3.0, 5.0, 10.0], ddof=1) + np.var([1.0, 2.0, 3.0], ddof=1)) / 3)
    assert found.unpaired_sd == pytest.approx(apart)


def test_one_seed_has_no_interval() -> None:
    found = estimate({"a:x": np.array([2.0])}, lambda x: float(x["a:x"].mean()))
    assert (found.value, found.low, found.high) == (2.0, None, None)


def worlds(policy_effect: float) -> tuple[pd.DataFrame, dict]:
    rows = []
    for seed, extra in ((1, 100.0), (2, 200.0), (3, 300.0)):
        for moderation, kept in (("none", 1.0), ("some", policy_effect)):
            for campaign in ("quiet", "pushed"):
                seen = 50.0 * seed + (extra * kept if campaign == "pushed" else 0.0)
                rows.append({"arm": f"{campaign}/{moderation}", "seed": seed, "genuine_users": 10,
                             "candidate_impressions": seen, "candidate_authored": extra * 0.5,
                "candidate_paid": extra * 0.3, "candidate_asked": extra * 0.2,
                "spent": 8.0,
                             "other_candidates_organic": 1000.0, "watch_seconds": 5.0, "genuine_accounts_actioned": 0,
                             "genuine_posts_actioned": 0, "reviews": 0})  # fmt: skip
    arms = [{"campaign": c, "moderation": m} for m in ("none", "some") for c in ("quiet", "pushed")]
    manifest = {"arms": arms, "exchangeable": [], "candidates": ["A"], "candidate": 0}
    return pd.DataFrame(rows), manifest


def test_contrasts_of_a_world_worked_by_hand() -> None:
    table = estimates(*worlds(0.25)).set_index(["contrast", "measure"])["estimate"]
    assert table["manufactured", "impressions"] == pytest.approx(20.0)
    assert table["manufactured_share", "impressions"] == pytest.approx(200 / 300)
    assert table["lift", "impressions"] == pytest.approx(3.0)
    assert table["dampening:some", "impressions"] == pytest.approx(0.75)
    assert table["cost", "impressions"] == pytest.approx(1000 * 8 / 200)
    assert table["multiplier", "impressions"] == pytest.approx(1.0)
    assert table["collateral:some", "impressions"] == pytest.approx(0.0)


@pytest.mark.parametrize(("effect", "reviews", "idle"), [(1.0, 0, ["some"]), (1.0, 2, []), (0.9, 0, [])])
def test_idle_is_who_acts_on_nobody_and_changes_nothing_that_is_seen(
    effect: float, reviews: int, idle: list[str]
) -> None:
    """A rule for all, such as a cap, acts on no account and yet moves what is seen."""
    runs, manifest = worlds(effect)
    runs.loc[runs["arm"] == "pushed/some", "reviews"] = reviews
    assert Worlds(runs.assign(accounts_actioned=0, posts_actioned=0), manifest).idle() == idle


def test_identical_arms_dampen_nothing_and_without_doubt() -> None:
    table = estimates(*worlds(1.0)).set_index(["contrast", "measure"])
    row = table.loc[("dampening:some", "impressions")]
    assert row["estimate"] == row["low"] == row["high"] == 0.0


def test_seeds_for_a_quarter_follow_the_root_law() -> None:
    assert seeds_for_a_quarter(1.0, 0.5, 1.5, 8) == 32
    assert seeds_for_a_quarter(1.0, 0.75, 1.25, 8) == 8


def test_holm_raises_each_p_value_by_the_tests_that_are_left() -> None:
    assert holm(np.array([0.01, 0.04, 0.03, 0.005])).tolist() == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm(np.array([0.5, 0.9])).tolist() == [1.0, 1.0]
    assert holm(np.array([])).tolist() == []


def test_what_was_done_to_people_is_counted_per_100000_of_them() -> None:
    runs, manifest = worlds(0.5)
    runs.loc[runs["arm"] == "pushed/some", "genuine_accounts_actioned"] = 1
    runs.loc[runs["arm"] == "pushed/some", "genuine_posts_actioned"] = 2
    table = estimates(runs, manifest).set_index(["contrast", "measure"])["estimate"]
    assert table["collateral:some", "genuine_accounts_per_100000"] == pytest.approx(1e4)
    assert table["collateral:some", "genuine_actioned_per_100000"] == pytest.approx(3e4)
    assert table["collateral:some", "genuine_actioned_per_100000_quiet"] == 0.0


def test_a_share_has_the_interval_of_its_logit_taken_back() -> None:
    columns = {"a:x": np.array([0.90, 0.95, 0.99])}
    found = estimate(columns, lambda x: float(x["a:x"].mean()), "logit")
    left = np.array([0.97, 0.945, 0.925])
    error = np.sqrt(2 / 3 * np.sum((np.log(left / (1 - left)) - np.log(left / (1 - left)).mean()) ** 2))
    middle = np.log(found.value / (1 - found.value))
    assert found.high == pytest.approx(1 / (1 + np.exp(-(middle + stats.t.ppf(0.975, 2) * error))))
    assert estimate(columns, lambda x: float(x["a:x"].mean())).high > 1.0 > found.high


@pytest.mark.parametrize(
    ("shares", "low", "high"),
    [([1.0, 1.0, 1.0], 1.0, 1.0), ([0.0, 0.0, 0.0], 0.0, 0.0), ([0.0, 0.0, 0.6], 0.0, None), ([1.0, 1.0, 0.4], None, 1.0)],
)  # fmt: skip
def test_what_has_no_logit_is_cut_to_what_a_share_can_be(
    shares: list[float], low: float | None, high: float | None
) -> None:
    found = estimate({"a:x": np.array(shares)}, lambda x: float(x["a:x"].mean()), "logit")
    assert found.low == low or low is None
    assert found.high == high or high is None
    assert 0 <= found.low <= found.value <= found.high <= 1


def test_a_share_that_is_none_keeps_the_plain_interval() -> None:
    """Where the campaign lowers visibility, less than nothing of it was manufactured."""
    columns = {"a:x": np.array([-0.3, -0.1, 0.1])}
    plain, logit = (estimate(columns, lambda x: float(x["a:x"].mean()), scale) for scale in ("plain", "logit"))
    assert (logit.low, logit.high) == (plain.low, plain.high)
    assert logit.low < 0


@pytest.mark.parametrize(
    ("n", "share", "plain", "logit"),
    [(4, 0.5, 0.94, 0.95), (4, 0.95, 0.79, 0.92), (8, 0.5, 0.94, 0.95), (8, 0.9, 0.89, 0.94), (8, 0.95, 0.82, 0.93)],
)
def test_the_logit_interval_of_a_share_holds_it_more_often(n: int, share: float, plain: float, logit: float) -> None:
    """Beta worlds (a + b = 6) of some 20 accounts each: what the documents say of both intervals, within what luck explains."""
    rng, held, outside = np.random.default_rng(1), [], 0
    for _ in range(1000):
        there = rng.integers(15, 26, n).astype(float)
        columns = {"a:hit": there * rng.beta(6 * share, 6 * (1 - share), n), "a:there": there}
        value, left_out = ratio(columns), leave_one_out(columns, ratio)
        ends = [interval_on(scale, value, left_out) for scale in ("plain", "logit")]
        held.append([low <= share <= high for low, high in ends])
        outside += ends[0][1] > 1
        assert 0 <= ends[1][0] <= ends[1][1] <= 1
    assert np.mean(held, axis=0) == pytest.approx([plain, logit], abs=0.025)
    assert share < 0.9 or outside > 200  # the plain one leaves what a share can be


def ratio(x: Mapping[str, np.ndarray]) -> float:
    return float(x["a:hit"].sum() / x["a:there"].sum())
