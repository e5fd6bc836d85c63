"""What is kept of the country, and how a miniature is held against it."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analysis.validation import country
from analysis.validation.country import answers, beside, columns_of, keep, kept_runs

VIEWS = {
    "quiet/none": 1.0,
    "coordinated/none": 5.0,
    "coordinated/suspend_coordinated": 2.0,
    "coordinated/label_paid": 4.8,
}


def runs_of(seed: int, day: str = "2026-11-27", **more: float) -> list[dict[str, Any]]:
    """A seed's runs, of ten users."""
    return [
        {"seed": seed, "arm": arm, "day": day, "code": "c", "candidate_impressions": 10.0 * views, "genuine_users": 10.0,
         "users": 10, "digest": "d", "wall_s": 1800.0, "peak_rss_mb": 12000.0, "left_out": 1}
        for arm, views in {**VIEWS, **more}.items()
    ]  # fmt: skip


def test_runs_are_kept_by_seed_and_arm_and_newer_ones_take_their_place(tmp_path: Path) -> None:
    file = tmp_path / "country.json"
    keep(runs_of(2) + runs_of(1, day="2026-01-01"), file)
    keep(runs_of(1)[:1], file)
    found = kept_runs(file)
    assert [(run["seed"], run["arm"]) for run in found] == sorted((s, arm) for s in (1, 2) for arm in VIEWS)
    assert {run["day"] for run in found if run["seed"] == 1 and run["arm"] == "quiet/none"} == {"2026-11-27"}
    assert "left_out" not in found[0]


def test_answers_are_of_seeds_with_both_twins_and_of_policies_that_all_seeds_have() -> None:
    unfinished = [run for run in runs_of(3) if run["arm"] != "quiet/none"]
    lacking = [run for run in runs_of(2) if run["arm"] != "coordinated/label_paid"]
    found = answers(columns_of([*runs_of(1), *lacking, *unfinished]))
    assert {name: each.value for name, each in found.items()} == {
        "manufactured visibility": 4.0,
        "dampening by suspend_coordinated": 0.75,
    }
    assert {each.n for each in found.values()} == {2}


@pytest.mark.parametrize(
    ("m", "agrees"), [(4.5, True), (3.3, False), (4.7, False)]  # 12% more, 18% less and 18% more than the country's 4
)  # fmt: skip
def test_a_miniature_that_is_sure_must_be_near_the_country(m: float, agrees: bool) -> None:
    judge = answers(columns_of(runs_of(1)))["manufactured visibility"]
    sure = answers({"quiet/none:v": np.zeros(8), "coordinated/none:v": m + 0.01 * np.arange(-4.0, 4.0)})
    target = beside("1:300", "manufactured visibility", sure["manufactured visibility"], judge)
    assert target.agrees == agrees
    assert bool(target.reason) != agrees


def test_one_that_is_not_sure_agrees_where_its_interval_holds_the_country() -> None:
    judge = answers(columns_of(runs_of(1)))["manufactured visibility"]
    unsure = answers({"quiet/none:v": np.zeros(2), "coordinated/none:v": np.array([2.0, 5.0])})
    assert beside("1:300", "manufactured visibility", unsure["manufactured visibility"], judge).agrees


def test_nothing_is_judged_before_the_country_was_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(country, "KEPT", tmp_path / "none.json")
    monkeypatch.setattr(country, "kept_runs", lambda: kept_runs(tmp_path / "none.json"))
    assert country.study("quick").targets == []


def test_runs_of_an_older_model_judge_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(country, "kept_runs", lambda: runs_of(1))
    found = country.study("quick")
    assert found.targets == []
    assert "last on 2026-11-27" in found.method


def test_the_study_says_what_the_country_says_and_judges_each_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(country, "this_model", lambda: "c")
    monkeypatch.setattr(country, "kept_runs", lambda: runs_of(1) + runs_of(2))
    rows = [{arm: views + 0.1 * seed for arm, views in VIEWS.items()} for seed in range(2)]
    monkeypatch.setattr(country, "each", lambda work, tasks: rows[: len(tasks)])
    found = country.study("quick")
    assert "2 seeds, 8 worlds" in found.method
    assert "manufactured visibility 4.00 (4.00 to 4.00)" in found.method
    assert [target.agrees for target in found.targets] == [True] * 3


def test_a_seed_without_its_quiet_twin_judges_nothing() -> None:
    assert columns_of([run for run in runs_of(1) if run["arm"] != "quiet/none"]) == {}
    assert columns_of([]) == {}
