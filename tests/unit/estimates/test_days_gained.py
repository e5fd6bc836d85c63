"""How much earlier: curves whose answers are known, what the measured days cut off, and what is said of it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.estimates.days_gained import (
    CURVES,
    LEVELS,
    Passings,
    curve_of,
    days_gained,
    lead_of,
    measure_of,
    passing,
    passings,
    table_of_days,
)  # fmt: skip
from analysis.estimates.paired import Floats, Worlds
from analysis.estimates.table import estimates, write_estimates
from analysis.estimates.words import days_earlier, headline
from analysis.notebook.frames import Names, estimates_frame
from analysis.report.sections import write_report
from sim.runs.face import compare
from sim.scenario.schema import ScenarioError
from tests.unit.estimates.test_paired import worlds as runs_of_two_policies
from tests.worlds import SMALL, STAGED

USERS = 1000
POLITICAL = 500.0  # impressions a day
Curve = Callable[[int, int], float]  # reach as a share at the end of a day, of a seed
INFINITE = float("inf")


def comparison(campaign: Curve, quiet: Curve, days: int = 20, seeds: int = 4) -> tuple[Worlds, pd.DataFrame]:
    """A campaign and its quiet twins whose reach and share of all political impressions so far follow the same curve."""
    rows: list[dict[str, Any]] = []
    runs = []
    for arm, curve in (("pushed/none", campaign), ("quiet/none", quiet)):
        for seed in range(seeds):
            runs.append({"arm": arm, "seed": seed, "genuine_users": USERS + seed})
            so_far = 0.0
            for day in range(days):
                impressions = curve(seed, day) * POLITICAL * (day + 1) - so_far
                so_far += impressions
                for measure, candidate, value in (
                    ("reach", 2, curve(seed, day) * (USERS + seed)), ("impressions", 2, impressions), ("impressions", 0, 1e9),
                    ("reach", 0, USERS), ("political_impressions", -1, POLITICAL),
                ):  # fmt: skip
                    rows.append(
                        {
                            "arm": arm,
                            "seed": seed,
                            "day": day,
                            "measure": measure,
                            "candidate": candidate,
                            "value": value,
                        }
                    )
    manifest = {"arms": [{"campaign": c, "moderation": "none"} for c in ("quiet", "pushed")], "candidate": 2,
                "candidates": ["A", "B", "C"]}  # fmt: skip
    return Worlds(pd.DataFrame(runs).sample(frac=1, random_state=1), manifest), pd.DataFrame(rows).sample(
        frac=1, random_state=1
    )


def rising(late: float, speed: float = 0.6) -> Curve:
    """Reach that grows as a logistic curve, so many days late; seeds lie a quarter of a day apart."""
    return lambda seed, day: float(1 / (1 + np.exp(-speed * (day - late - seed / 4))))


def line_of(campaign: Curve, quiet: Curve) -> list[str]:
    worlds, series = comparison(campaign, quiet)
    found = days_gained(worlds, series)
    table = pd.DataFrame([(c, m, "C", e.value, e.low, e.high, e.n) for c, m, e in found],
                         columns=["contrast", "measure", "candidate", "estimate", "low", "high", "n"])  # fmt: skip
    return days_earlier(worlds, series, table)


@pytest.mark.parametrize(
    ("curve", "level", "time"),
    [
        ([0.0, 0.1, 0.2], 0.15, 2.5),  # half of the third day
        ([0.0, 0.1, 0.2], 0.1, 2.0),  # at the end of the second
        ([0.1, 0.1, 0.2], 0.1, 1.0),  # on the first day or before
        ([0.0, 0.1, 0.2], 0.21, INFINITE),
        ([0.0, 0.0, 0.2], 0.2, 3.0),  # with the last end of a day
        ([0.3, 0.05, 0.05, 0.25], 0.1, 3.25),  # a share of few impressions does not count
        ([0.0, 0.3, 0.3, 0.05], 0.1, INFINITE),  # nor what is not there in the end
    ],
)
def test_times_of_passing_by_hand(curve: list[float], level: float, time: float) -> None:
    assert passing(np.array([curve]), level) == pytest.approx([time])


def test_a_campaign_that_shifts_the_curves_by_three_days_gains_three() -> None:
    worlds, series = comparison(rising(6), rising(9))
    found = passings(worlds, series, "none")
    assert set(found) == {(curve, level) for curve in CURVES for level in LEVELS}
    for (_, level), pairs in found.items():
        if level >= 0.05:  # 1% had been passed on the first day
            assert pairs.gains() == pytest.approx([3.0] * 4)
            assert pairs.counts() == {"both": 4, "only_campaign": 0, "only_quiet": 0, "neither": 0, "already": 0}
            assert pairs.bound() == ""
    by = {measure: e for _, measure, e in days_gained(worlds, series)}
    assert by["reach:10%"].value == pytest.approx(3.0)
    assert by["share:50%"].value == pytest.approx(3.0)


def test_identical_worlds_gain_exactly_nothing() -> None:
    worlds, series = comparison(rising(6), rising(6))
    for _, _, e in days_gained(worlds, series):
        assert (e.value, e.low, e.high) == (0.0, 0.0, 0.0)


def test_the_interval_is_students_over_pairs() -> None:
    campaign, quiet = np.array([2.0, 3.5, 4.0, 9.0]), np.array([6.0, 8.0, 5.0, np.inf])
    worlds, series = comparison(lambda s, d: 0.1 * (d + 1 > campaign[s]) + 0.2, lambda s, d: 0.3 * (d + 1 > quiet[s]))
    e = next(e for _, measure, e in days_gained(worlds, series) if measure == "reach:25%")
    gains = passings(worlds, series, "none")["reach", 0.25].gains()
    half = stats.t.ppf(0.975, 3) * gains.std(ddof=1) / 2
    assert (e.value, e.low, e.high) == pytest.approx((gains.mean(), gains.mean() - half, gains.mean() + half))


def test_what_the_measured_days_cut_off_is_counted_and_only_bounds_what_it_can() -> None:
    pairs = Passings(np.array([3.0, 4.0, INFINITE]), np.array([5.0, INFINITE, INFINITE]), 10)
    assert pairs.gains().tolist() == [2.0, 6.0, 0.0]
    assert pairs.counts() == {"both": 1, "only_campaign": 1, "only_quiet": 0, "neither": 1, "already": 0}
    assert pairs.bound() == ""  # of the third nothing is known
    bounds = {
        (4.0, INFINITE): "at least", (1.0, 5.0): "at least", (1.0, INFINITE): "at least", (INFINITE, 4.0): "at most",
        (5.0, 1.0): "at most", (4.0, 5.0): "", (1.0, 1.0): "", (INFINITE, INFINITE): "",
    }  # fmt: skip
    for (campaign, quiet), bound in bounds.items():
        assert Passings(np.array([campaign, 4.0]), np.array([quiet, 5.0]), 10).bound() == bound
    assert Passings(np.array([4.0, INFINITE]), np.array([INFINITE, 4.0]), 10).bound() == ""
    assert Passings(np.array([1.0]), np.array([1.0]), 10).counts()["already"] == 1


def curves(days: int) -> Any:
    return st.lists(st.floats(0, 1), min_size=days, max_size=days)


@settings(deadline=None)
@given(st.integers(1, 12).flatmap(lambda days: st.tuples(curves(days), curves(days))), st.sampled_from(LEVELS))
def test_gains_lie_within_the_measured_days_and_turn_with_the_pair(
    pair: tuple[list[float], list[float]], level: float
) -> None:
    campaign, quiet = (passing(np.array([curve]), level) for curve in pair)
    days = len(pair[0])
    found, turned = Passings(campaign, quiet, days), Passings(quiet, campaign, days)
    assert abs(found.gains()[0]) <= days - 1
    assert turned.gains() == -found.gains()
    assert sum(found.counts().values()) == 1
    opposite = {"at least": "at most", "at most": "at least", "": ""}
    assert turned.bound() == opposite[found.bound()]


@settings(deadline=None)
@given(curves(8), curves(8), st.sampled_from(LEVELS))
def test_more_days_show_more_where_the_quiet_world_never_passes(
    campaign: list[float], quiet: list[float], level: float
) -> None:
    """What the words `at least` promise: where they stand, no later day can take anything from the gain."""
    short = Passings(passing(np.array([sorted(campaign)]), level), passing(np.array([sorted(quiet)]), level), 8)
    later: Floats = np.array([sorted(quiet) + [1.0] * 4])
    longer = Passings(passing(np.array([sorted(campaign) + [1.0] * 4]), level), passing(later, level), 12)
    if short.bound() == "at least":
        assert longer.gains()[0] >= short.gains()[0]


def test_one_lucky_first_day_is_no_passing_and_other_candidates_do_not_count() -> None:
    worlds, series = comparison(rising(6), lambda seed, day: 0.3 if day == 0 else 0.02)
    pairs = passings(worlds, series, "none")["share", 0.1]
    assert np.isinf(pairs.quiet).all()
    assert curve_of(worlds, series, "pushed/none", "reach").max() < 1
    share = curve_of(worlds, series, "quiet/none", "share")
    assert share == pytest.approx(curve_of(worlds, series, "quiet/none", "reach"))


def test_the_table_of_estimates_has_days_only_where_the_series_is_given() -> None:
    runs, manifest = runs_of_two_policies(0.5)
    assert not estimates(runs, manifest)["contrast"].str.startswith("days_gained").any()
    rows = [
        {"arm": arm, "seed": seed, "day": day, "measure": measure, "candidate": candidate, "value": value * (day + 1)}
        for arm in runs["arm"].unique() for seed in (1, 2, 3) for day in range(5)
        for measure, candidate, value in (
            ("reach", 0, 0.5 + 0.5 * arm.startswith("pushed")), ("impressions", 0, 1.0), ("political_impressions", -1, 10.0))
    ]  # fmt: skip
    table = estimates(runs, manifest, pd.DataFrame(rows))
    by = table.set_index(["contrast", "measure"])["estimate"]
    assert (
        by["days_gained:some", "reach:10%"] == by["days_gained:none", "reach:10%"] == pytest.approx(1.0)
    )  # of 10 users
    assert by["days_gained:none", "reach:25%"] == pytest.approx(2.5)
    assert by["days_gained:none", "share:5%"] == 0.0
    assert by["days_gained:none", "share:25%"] == 0.0
    units = estimates_frame(table, Names((), tuple(manifest["candidates"])))
    assert set(units.loc[units["contrast"] == "days_gained", "unit"]) == {"days within the measured ones"}


def test_a_line_says_what_is_known_and_what_is_cut() -> None:
    assert line_of(rising(6), rising(9)) == [
        "days gained: C reaches 10% of genuine users 3.0 days earlier (3.0 to 3.0); 20 days can show 19 at the most"
    ]
    assert line_of(rising(9), rising(6))[0].startswith(
        "days gained: C reaches 10% of genuine users 3.0 days later (3.0 to 3.0);"
    )
    never: Curve = lambda seed, day: 0.01  # noqa: E731
    assert ", at least: 4 of 4 quiet worlds never do; 20 days can show 19 at the most" in line_of(rising(6), never)[0]
    assert ", at least: with the campaign 4 of 4 worlds never do;" in line_of(never, rising(6))[0]
    assert line_of(never, never) == [
        "days gained: C reaches 10% of genuine users in none of 4 pairs of worlds within the 20 days, with the campaign or without"
    ]
    some: Curve = lambda seed, day: rising(6)(seed, day) if seed else 0.01  # noqa: E731
    assert "(-" in line_of(some, never)[0]
    assert ": 3 of 4 quiet worlds never do, in 1 of 4 pairs neither does, counted as 0;" in line_of(some, never)[0]
    assert "both had by the first day's end" in line_of(lambda seed, day: 0.7, lambda seed, day: 0.6)[0]


@pytest.mark.parametrize(("begins", "level"), [(0.0, 0.10), (0.2, 0.25), (0.4, 0.50), (0.7, 0.50)])
def test_what_is_said_first_hangs_on_the_quiet_worlds_alone(begins: float, level: float) -> None:
    def leads(push: float) -> tuple[str, float]:
        pushed: Curve = lambda _, day: min(1.0, begins + push + 0.01 * day)  # noqa: E731
        return lead_of(passings(*comparison(pushed, lambda _, day: begins + 0.01 * day), "none"))

    assert {leads(push) for push in (0.0, 0.3, 0.9)} == {("reach", level)}


def test_the_table_counts_every_pair_once() -> None:
    worlds, series = comparison(rising(6), rising(15))
    table = table_of_days(worlds, series)
    assert (table[["both", "only_campaign", "only_quiet", "neither", "already"]].sum(axis=1) == 4).all()
    assert list(table["level"]) == [*LEVELS, *LEVELS]
    assert [measure_of(row.curve, row.level) for row in table.itertuples()][:3] == ["reach:1%", "reach:5%", "reach:10%"]


def test_a_series_with_a_hole_or_a_day_twice_is_refused() -> None:
    worlds, series = comparison(rising(6), rising(9))
    hole = (series["measure"] == "reach") & (series["candidate"] == 2) & (series["seed"] == 1) & (series["day"] == 19)
    with pytest.raises(ScenarioError, match="reach of pushed/none is not there once for every seed and day"):
        days_gained(worlds, series[~hole])
    with pytest.raises(ScenarioError, match="not there once"):
        days_gained(worlds, pd.concat([series, series[hole]]))
    with pytest.raises(ScenarioError, match="not there once"):
        days_gained(worlds, series[series["seed"] != 1])


def test_without_a_campaign_or_a_series_nothing_is_said() -> None:
    worlds, series = comparison(rising(6), rising(9))
    assert days_gained(worlds, series[series["measure"] != "reach"]) == []
    assert len(table_of_days(worlds, series[series["measure"] != "reach"])) == 0
    quiet = Worlds(worlds.runs, {**worlds.manifest, "arms": [{"campaign": "quiet", "moderation": "none"}]})
    assert days_gained(quiet, series) == []


def test_a_comparison_says_how_much_earlier_and_which_place(tmp_path: Path) -> None:
    request = ["scenario=classroom", *SMALL, *STAGED, "scale=0.0000223", "days=4", "replications=2", "engine=serial",
               "measures=trending"]  # fmt: skip
    compare(request, tmp_path)
    by = write_estimates(tmp_path).set_index(["contrast", "measure"])
    runs = pd.read_parquet(tmp_path / "runs.parquet").set_index(["arm", "seed"])
    for policy in ("none", "suspend_coordinated"):
        best = {name: runs.loc[f"{name}/{policy}", "trending_best"].mean() for name in ("quiet", "coordinated")}
        row = by.loc[(f"places_gained:{policy}", "trending")]
        assert row["estimate"] == pytest.approx(best["quiet"] - best["coordinated"])
        assert row["low"] <= row["estimate"] <= row["high"]
        assert abs(by.loc[(f"days_gained:{policy}", "trending"), "estimate"]) <= 4
    assert sum(line.startswith("days gained:") for line in headline(tmp_path)) == 1
    page = write_report(tmp_path).read_text(encoding="utf-8")
    assert "How much earlier" in page
    assert "The best place on a daily list of what trends" in page
    rows = pd.read_csv(tmp_path / "days_gained.csv")
    assert len(rows) == 2 * len(LEVELS) * len(CURVES)
    assert (tmp_path / "figures" / "reach.svg").is_file()
