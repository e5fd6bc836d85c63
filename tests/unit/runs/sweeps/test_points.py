"""Points of a sweep: grids, designs and tables; what is laid over a scenario is what words would say."""

import functools
from pathlib import Path

import numpy as np
import pytest

from sim.runs.question import question_of, with_values
from sim.runs.sweeps.points import Plan, plan_of
from sim.runs.sweeps.words import sweep_of
from sim.scenario.schema import ScenarioError

BASE = ["scenario=classroom", "moderation=suspend_coordinated"]


@functools.cache
def plan(*words: str) -> Plan:
    return plan_of(sweep_of([*BASE, *words]))


def test_a_grid_crosses_a_design() -> None:
    found = plan("campaign.budget=0,1e5", "population.posts_per_user_day=uniform(0.1,0.9)", "design=lhs:8")
    assert len(found.points) == 16
    assert found.keys == ["campaign.budget", "population.posts_per_user_day"]
    drawn = sorted({float(point.values["population.posts_per_user_day"]) for point in found.points})
    assert np.floor((np.array(drawn) - 0.1) / 0.1).tolist() == list(range(8))  # a Latin hypercube has one in each part
    assert [point.number for point in found.points] == list(range(1, 17))


def test_whole_numbers_are_drawn_where_the_scenario_has_one() -> None:
    found = plan("calendar.warm_up_days=uniform(1,9)", "design=sobol:8")
    assert all(isinstance(point.values["calendar.warm_up_days"], int) for point in found.points)


def test_another_seed_draws_other_points_and_the_same_seed_the_same() -> None:
    words = ["campaign.budget=loguniform(1e4,1e6)", "design=lhs:4"]
    first, again, other = plan(*words), plan_of(sweep_of([*BASE, *words])), plan(*words, "design.seed=2")
    assert first.points == again.points
    assert first.points != other.points
    assert all(1e4 <= point.values["campaign.budget"] <= 1e6 for point in first.points)


def test_the_same_seeds_stand_at_every_point() -> None:
    found = plan("campaign.budget=0,1e5", "seed=5", "replications=3")
    families = [(point.number, seed) for point, seed in found.families(3)]
    assert families == [(1, 5), (1, 6), (1, 7), (2, 5), (2, 6), (2, 7)]


def test_a_point_is_what_its_words_would_say() -> None:
    """Numbers are laid over what is composed; policies' and campaigns' own, and presets, are composed."""
    found = plan(
        "campaign.budget=1e5,2e5", "recommender=popularity,staged_audience", "moderation.policies.suspend_coordinated.window=30,60",
        "days=3,4",
    )  # fmt: skip
    assert len(found.points) == 16
    for point in (found.points[0], found.points[6], found.points[-1]):
        asked = with_values(found.bases[point.words], point.laid)
        said = question_of([*BASE, *(f"{key}={value}" for key, value in point.values.items())])
        assert {arm: repr(rules) for arm, rules in asked.alone(1).items()} == {
            arm: repr(rules) for arm, rules in said.alone(1).items()
        }


def test_lists_of_presets_are_arms_of_every_point() -> None:
    found = plan_of(
        sweep_of(
            ["scenario=classroom", "campaign=careful,clumsy", "moderation=none,limit_copies", "campaign.budget=1,2"]
        )
    )
    arms = list(next(iter(found.bases.values())).arms)
    assert arms == [
        "quiet/none", "careful/none", "clumsy/none", "quiet/limit_copies", "careful/limit_copies", "clumsy/limit_copies",
    ]  # fmt: skip
    assert len(found.points) == 2


def test_a_table_has_a_row_a_point(tmp_path: Path) -> None:
    table = tmp_path / "points.csv"
    table.write_text("campaign.budget,recommender\n1e5,popularity\n2e5,staged_audience\n\n")
    found = plan(f"design={table}")
    assert [dict(point.values) for point in found.points] == [
        {"campaign.budget": 1e5, "recommender": "popularity"},
        {"campaign.budget": 2e5, "recommender": "staged_audience"},
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "a line of keys"),
        ("campaign.budget\n", "a line of keys"),
        ("campaign.budget,campaign.budget\n1,2\n", "a line of keys, each once"),
        ("campaign.budget\n1,2\n", "point 1 has 2 values, allowed 1"),
        ("campaign.budget\n1\n1;2\n", "point 2"),
        ("campaign.budget\n-1\n", "point 1: campaign.budget"),
        ("campaign.budget\n1\nx\n", "point 2: campaign.budget"),
        ("campaign.buget\n1\n", "campaign.buget"),
        ("seed\n1\n", "seed: several values"),
        ("campaign\ncareful\n", "allowed is a list"),
        ("recommender\n1\n2\n", "recommender: 1 given"),
    ],
)
def test_what_is_wrong_with_a_table_is_said(tmp_path: Path, text: str, said: str) -> None:
    table = tmp_path / "points.csv"
    table.write_text(text)
    with pytest.raises(ScenarioError, match=said) as error:
        plan(f"design={table}")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["campaign.budget=1,-5"], "point 2: campaign.budget: -5"),
        (["campaign.buget=1,2"], "campaign.buget"),
        (["campaign.budget=uniform(-5,1)", "design=lhs:8"], "point . ?: campaign.budget|point .: campaign.budget"),
        (["campaign.budget=range(0,1,1000)", "population.posts_per_user_day=range(0.1,0.2,1000)"], "100,000 at most"),
        (["design=not_there.csv"], "cannot be read"),
    ],
)
def test_what_is_wrong_with_points_is_said_before_any_world_runs(words: list[str], said: str) -> None:
    with pytest.raises(ScenarioError, match=said) as error:
        plan(*words)
    assert "\n" not in str(error.value)
