"""Sets of assumptions: drawn from their ranges, composed as words would be, and run side by side."""

import datetime
from pathlib import Path

import numpy as np
import pytest

from analysis.assumptions.design import POSTS, VIEWS, Unknown, drawn, unknown_of, unknowns_of, values_of
from analysis.assumptions.members import read_design, run_design
from analysis.estimates.factors import Factor, factors_of, unit_design
from sim.cli.command import app, status_of
from sim.runs import members as running
from sim.runs.face import Spread, spread_of
from sim.runs.families import Family
from sim.runs.question import question_of, with_values
from sim.scenario.presets import value_at
from sim.scenario.schema import ScenarioError
from tests.worlds import SMALL, STAGED

CASE = ["scenario=romania_2024"]
TINY = [
    "scenario=classroom",
    "moderation=limit_awakened",
    *SMALL,
    *STAGED,
    "scale=0.0000223",
    "days=1",
    "engine=serial",
]


def unknown(key: str, value: object, comment: str) -> Unknown:
    row = {"key": key, "source": comment, "value": value, "unit": "", "meaning": ""}
    return unknown_of(factors_of([row])[0], row)


def test_every_part_of_every_range_has_one_member_and_all_members_are_allowed() -> None:
    asked = question_of(CASE)
    unknowns = unknowns_of(asked, None)
    assert len(unknowns) > 100
    assert any(u.factor.key.startswith("moderation.policies.suspend_coordinated.") for u in unknowns)
    values, places = drawn(unknowns, 32, asked.document)
    assert values.shape == places.shape == (32, len(unknowns))
    assert ((places >= -1e-9) & (places <= 1 + 1e-9)).all().all()
    for u in (one for one in unknowns if not isinstance(one.value, list)):
        held = [u.factor.options or u.factor.low <= _end(u, value) <= u.factor.high for value in values[u.factor.key]]
        assert all(held), u.factor.key
        if not u.factor.options and isinstance(u.value, float):
            assert len(set((places[u.factor.key] * 31.999).astype(int))) > 28, u.factor.key  # rounding moves a few
    for _, row in values.iterrows():
        with_values(asked, values_of(row.to_dict(), asked.document))  # else a ScenarioError


def _end(u: Unknown, value: object) -> object:
    if isinstance(u.factor.low, datetime.date):
        return datetime.date.fromisoformat(str(value))
    return value


def test_what_is_drawn_keeps_its_kind_and_its_order() -> None:
    document = {"a": {"first_day": "2024-11-18", "last_day": "2024-11-20", "hours": [3, 4, 45]}}
    kinds = [
        unknown("a.count", 12, "assumption, 3 to 48"),
        unknown("a.rate", 0.5, "assumption, 0.1 to 0.9"),
        unknown("a.on", False, "assumption, one of true, false"),
        unknown("a.way", "link", "assumption, one of link, feed"),
        unknown("a.hours", [3, 4, 45], "assumption, each 1 to 96"),
        unknown("a.last_day", "2024-11-20", "assumption, 2024-11-15 to 2024-11-23"),
    ]
    values, places = drawn(kinds, 40, document)
    assert {type(value) for value in values["a.count"]} == {int}
    assert {type(value) for value in values["a.rate"]} == {float}
    assert set(values["a.on"]) == {True, False}
    assert values["a.way"].value_counts().to_dict() == {"link": 20, "feed": 20}
    assert all(str(day) >= "2024-11-18" for day in values["a.last_day"])  # not before the first
    assert all(min(hours) >= 1 and max(hours) <= 96 and hours == sorted(hours) for hours in values["a.hours"])
    assert min(places["a.count"]) < 0.1
    logarithmic = np.log(np.array(list(values["a.count"])))
    assert np.median(logarithmic) == pytest.approx(np.log(12), abs=0.15)
    assert np.allclose(
        unit_design([kinds[0].factor, kinds[3].factor], values[["a.count", "a.way"]]), places[["a.count", "a.way"]]
    )


def test_a_set_of_values_is_what_words_would_say() -> None:
    values = {
        "audience.follow": -6.0,
        "campaign.tactics.give_gifts.rewarded": 0.5,
        "moderation.desk.delay": 3,
        POSTS: 0.5,
    }
    asked = question_of(["scenario=classroom"])
    changed = with_values(asked, values_of(values, asked.document))
    words = [f"{key}={value}" for key, value in values_of(values, asked.document).items()]
    assert changed.arms == question_of(["scenario=classroom", *words]).arms
    assert value_at(changed.document, VIEWS) == pytest.approx(2 * value_at(asked.document, VIEWS))
    assert asked.arms == question_of(["scenario=classroom"]).arms  # which is left as it was
    with pytest.raises(ScenarioError, match="rewarded"):
        with_values(asked, {"campaign.tactics.give_gifts.rewarded": 7.0})


def test_words_of_a_design_are_told_from_those_of_a_world() -> None:
    assert spread_of(["days=3"]) == (["days=3"], None)
    assert spread_of(["days=3", "assumptions=ranges", "members=16"]) == (["days=3"], Spread(16, 2))
    for words, said in (
        (["members=16"], "without assumptions=ranges"),
        (["assumptions=range"], "did you mean ranges"),
        (["assumptions=ranges", "members=many"], "allowed a whole number"),
        (["assumptions=ranges", "members=3"], "allowed 8 to"),
    ):
        with pytest.raises(ScenarioError, match=said):
            spread_of(words)


def test_members_run_with_seeds_of_their_own_and_go_on_from_what_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = run_design(TINY, Spread(8, 2), tmp_path)
    assert not found.failed
    assert found.runs.groupby("member").size().tolist() == [8] * 8  # four arms, two seeds
    assert found.runs["seed"].nunique() == 16
    assert found.runs.groupby("member")["digest"].nunique().min() >= 2
    assert list(found.places.columns) == [factor.key for factor in found.factors] == list(found.values.columns)

    def none(family: Family) -> list:
        assert all(path.exists() for path in family.files.values())
        return running_family(family)

    running_family = running.run_family
    monkeypatch.setattr(running, "run_family", none)
    again = run_design(TINY, Spread(8, 2), tmp_path)
    assert again.runs.equals(found.runs)
    assert read_design(tmp_path).unknowns == again.unknowns
    with pytest.raises(ScenarioError, match="holds no sets"):
        read_design(tmp_path / "elsewhere")


def said(*words: str) -> int:
    """The exit status of a command."""
    return status_of(lambda: app(list(words), prog_name="groundswell", standalone_mode=False))


def test_a_comparison_with_sets_of_assumptions_says_both_bands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    words = [*TINY, "replications=2", "assumptions=ranges", "members=8", "member_replications=1"]
    assert said("compare", *words, "--out", str(out)) == 0
    printed = capsys.readouterr()
    assert "then 8 sets of assumptions" in printed.err
    assert "Luck (other worlds, the same assumptions):" in printed.out
    assert "(8 sets drawn from their stated ranges" in printed.out
    assert "assumptions=ranges members=8 member_replications=1" in (out / "manifest.json").read_text()
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "What luck leaves open, and what assumptions leave open" in page
    assert said("sensitivity", str(out)) == 0
    assert "nothing can be said about single numbers with these members" in capsys.readouterr().out
    assert "Which assumptions matter" in (out / "report.html").read_text(encoding="utf-8")
    (out / "members" / "places.parquet").unlink()
    assert said("sensitivity", str(out)) == 2
    assert "does not go together" in capsys.readouterr().err
    assert said("sensitivity", str(tmp_path)) == 2
    assert "holds no manifest.json" in capsys.readouterr().err


def test_a_member_that_cannot_be_run_is_named_and_the_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    running_family = running.run_family

    def breaks(family: Family) -> list:
        if family.seed == 5:  # of the third member
            raise ArithmeticError("no\nworld")
        return running_family(family)

    monkeypatch.setattr(running, "run_family", breaks)
    found = run_design(TINY, Spread(8, 2), tmp_path)
    assert found.failed == {3: "ArithmeticError: no world"}
    assert set(found.runs["member"]) == {1, 2, 4, 5, 6, 7, 8}
    assert Factor("a", 0.0, 1.0, logarithmic=False).scaled([0.25])[0] == 0.25
