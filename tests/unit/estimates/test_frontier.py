"""Dominance among policies, worked by hand; the memo; names that do not overlap."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.estimates.frontier import compare_pairs, dominates, frontier, outline, p_values
from analysis.estimates.paired import Worlds, estimate, leave_one_out
from analysis.estimates.table import write_estimates
from analysis.report.figures import svg_of
from analysis.report.frontier_figure import Mark, draw, spread_out
from analysis.report.memo import as_table, memo_rows, precision, write_memo
from sim.runs.recording import write_json, write_table

SEEDS = 8
POLICIES = {  # share of manufactured visibility that is left, share of others' impressions that is left, genuine posts hit
    "none": (1.0, 1.0, 0), "good": (0.3, 0.99, 1), "poor": (0.6, 0.95, 4), "dear": (0.1, 0.80, 9), "idle": (1.0, 1.0, 0),
}  # fmt: skip


def comparison(
    policies: dict[str, tuple[float, float, int]] = POLICIES, noise: float = 0.01
) -> tuple[pd.DataFrame, dict]:
    """Paired worlds in which policies differ by known amounts, with a little noise where a policy acts."""
    rows = []
    for number, (policy, (kept, others, posts)) in enumerate(policies.items()):
        for seed in range(1, SEEDS + 1):
            shared, own = np.random.default_rng(seed), np.random.default_rng(1000 * seed + number)
            extra, acts = shared.uniform(400, 600), policy not in ("none", "idle")
            for campaign in ("quiet", "pushed"):
                seen = 100.0 + (extra * kept * (1 + noise * acts * own.normal()) if campaign == "pushed" else 0.0)
                rows.append({"arm": f"{campaign}/{policy}", "seed": seed, "genuine_users": 100, "candidate_impressions": seen,
                             "candidate_authored": 10.0,
                "candidate_paid": 6.0, "candidate_asked": 4.0,
                "spent": 1.0, "watch_seconds": 50.0, "reviews": 0,
                             "other_candidates_organic": 1000.0 * (others + 0.1 * noise * acts * own.normal()),
                             "genuine_accounts_actioned": 0, "genuine_posts_actioned": posts, "wall_s": 2.0})  # fmt: skip
    arms = [{"campaign": c, "moderation": m} for m in policies for c in ("quiet", "pushed")]
    manifest = {"arms": arms, "exchangeable": [], "candidates": ["A"], "candidate": 0, "title": "A test", "days": 7,
                "users": 100, "seeds": list(range(1, SEEDS + 1)), "command": "groundswell compare"}  # fmt: skip
    return pd.DataFrame(rows), manifest


def test_policy_that_is_worse_on_all_axes_is_dominated_and_the_others_are_not() -> None:
    found = {place.policy: place for place in frontier(Worlds(*comparison()), nothing=False).places}
    assert found["poor"].dominated_by == ("good",)
    assert {name for name, place in found.items() if place.dominated_by} == {"poor"}
    assert found["good"].damps
    assert found["dear"].damps
    assert not found["idle"].damps
    assert found["idle"].behind == ()  # the same worlds as no policy: neither beats the other
    assert found["poor"].verdict == "dominated by good"


def test_differences_that_luck_explains_dominate_nobody() -> None:
    close = {"none": (1.0, 1.0, 0), "one": (0.50, 0.99, 2), "other": (0.49, 0.991, 2)}
    found = frontier(Worlds(*comparison(close, noise=0.5)), nothing=False)
    assert not any(place.dominated_by for place in found.policies)
    assert found.tests == 9
    nothing = frontier(Worlds(*comparison()), nothing=True)
    assert not any(place.behind or place.damps for place in nothing.places)


def test_harm_without_dampening_is_dominated_by_no_policy() -> None:
    found = frontier(Worlds(*comparison({"none": (1.0, 1.0, 0), "useless": (1.0, 0.9, 5)}, noise=0.0)), nothing=False)
    assert found.policies[0].dominated_by == ("none",)
    assert found.policies[0].verdict == "worse than no policy at all"


def test_p_value_is_below_5_percent_just_where_the_interval_excludes_zero() -> None:
    rng = np.random.default_rng(1)
    seen = set()
    for shift in np.linspace(0, 1.5, 40):
        columns = {"a:x": rng.normal(shift, 1, 9)}
        interval = estimate(columns, lambda x: float(x["a:x"].mean()))
        left_out = leave_one_out(columns, lambda x: float(x["a:x"].mean()))
        p = p_values(np.array([interval.value]), left_out[None, :])[0]
        assert (p < 0.05) == (interval.low > 0 or interval.high < 0)
        seen.add(bool(p < 0.05))
    assert seen == {True, False}


def test_equal_worlds_are_equal_and_one_seed_tells_nothing_apart() -> None:
    better, told, _ = compare_pairs(np.zeros((3, 3)), np.zeros((3, 3, 5)))
    assert not better.any()
    assert not told.any()
    _, told, _ = compare_pairs(np.arange(9.0).reshape(3, 3), np.zeros((3, 3, 1)))
    assert not told.any()


def test_no_worse_means_by_less_than_the_margin_and_known_to_be() -> None:
    """Two policies; the second damps more by a sure 40 points. What it costs beside decides."""
    left_out = np.zeros((2, 3, 8))
    wide = np.array([1.0, -1.0] * 4)
    for harm, doubt, wins in ((0.0, 0.0, True), (8.0, 0.0, True), (12.0, 0.0, False), (8.0, 2.0, False)):
        values = np.array([[0.2, 0.0, 5.0], [0.6, 0.0, 5.0 + harm]])
        left_out[1, 2] = values[1, 2] + doubt / 8 * wide * 8 / np.sqrt(7)
        better, told, no_worse = compare_pairs(values, left_out)
        told[:, :, 2] = False  # the harm is not told apart by itself
        assert dominates(better[1, 0], told[1, 0], no_worse[1, 0]) == wins, (harm, doubt)
        assert not no_worse[0, 1].all()  # 40 points less is worse


def test_two_policies_never_dominate_each_other() -> None:
    close = {"none": (1.0, 1.0, 0), "more": (0.50, 0.99, 5), "less": (0.52, 0.99, 2)}
    found = {place.policy: place for place in frontier(Worlds(*comparison(close, noise=0.0)), nothing=False).places}
    assert found["more"].dominated_by == ()  # it damps more, within the margin
    assert found["less"].dominated_by == ()


def test_outline_keeps_what_no_other_point_beats_on_both_counts() -> None:
    assert outline([(0.0, 0.0), (1.0, 5.0), (2.0, 4.0), (3.0, 9.0), (1.0, 3.0)]) == [0, 1, 3]


@pytest.mark.parametrize("wanted", [[0.5] * 20, list(np.linspace(0, 1, 20)), [0.0] * 10 + [1.0] * 10])
def test_names_stand_apart_and_inside(wanted: list[float]) -> None:
    heights = spread_out(wanted, 1 / 20)
    assert min(np.diff(heights)) >= 1 / 20 - 1e-9
    assert heights[0] >= 0
    assert heights[-1] <= 1


def test_figure_names_every_policy_once_and_leaves_dominated_ones_hollow() -> None:
    marks = [Mark("none", (0, 0, 0), (0, 0, 0), False)]
    marks += [
        Mark(f"p{k}{level}", (k, k - 1, k + 1), (k, k - 9, k + 9), k == 3)
        for k in range(1, 20)
        for level in ("", "@weaker")
    ]
    svg = svg_of(draw(marks, "harm", logarithmic=False))
    assert all(svg.count(f">p{k}<") == 1 for k in range(1, 20))
    assert svg.count(">no policy<") == 1
    assert "fill: #ffffff; stroke: #0072b2" in svg
    assert "fill: #ffffff; stroke: #0072b2" not in svg_of(draw(marks[:3], "harm", logarithmic=True))


def test_memo_is_one_table_with_what_its_precision_cost(tmp_path: Path) -> None:
    runs, manifest = comparison()
    write_table(tmp_path / "runs.parquet", runs)
    write_table(tmp_path / "series.parquet", pd.DataFrame({"arm": [], "measure": []}))  # no day was read
    write_json(tmp_path / "manifest.json", manifest)
    write_table(
        tmp_path / "series.parquet", pd.DataFrame(columns=["arm", "seed", "day", "measure", "candidate", "value"])
    )
    table = write_estimates(tmp_path)
    write_memo(tmp_path)
    lines = (tmp_path / "frontier.md").read_text().splitlines()
    rows = [line for line in lines if line.startswith("| ")]
    assert len({line.count("|") for line in rows}) == 1
    assert [line.split(" | ")[0][2:] for line in rows[2:]] == ["dear", "good", "poor", "idle"]
    assert any("With 8 seeds" in line and "32 seeds" in line for line in lines)
    saved = pd.read_csv(tmp_path / "frontier.csv").set_index("policy")
    assert saved.loc["poor", "dominated_by"] == "good"
    assert saved.loc["good", "dampening_together_low"] < saved.loc["good", "dampening_low"] < 0.7
    assert saved.loc["good", "dampening_p"] < 0.05 < saved.loc["idle", "dampening_p"]
    assert saved.loc["dear", "collateral_impressions"] == pytest.approx(0.2, abs=0.01)
    nothing = frontier(Worlds(runs, manifest), nothing=True)
    assert "nothing to dampen" in memo_rows(table, nothing)[1][0]
    assert "no policy is judged" in precision(table, runs, nothing)
    assert (as_table(table, nothing)["dominated_by"] == "").all()
