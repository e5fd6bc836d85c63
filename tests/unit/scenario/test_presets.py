"""Preset files: what they build on, and the comments beside their numbers."""

from pathlib import Path

import pytest

from sim.scenario.arms import levels
from sim.scenario.assumptions import assumptions, policy_assumptions
from sim.scenario.files import compose
from sim.scenario.presets import comments, inherited, lineage, slots
from sim.scenario.schema import ScenarioError


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A folder with a policy and an audience that build on others."""
    for place, text in {
        "moderation/patient.yaml": "defaults:\n  - suspend_coordinated\ndesk:\n  delay: 90  # hours; patience; own\n",
        "audience/warm.yaml": "defaults:\n  - calibrated\nlike: -3.0  # logit; warmth; own\n",
    }.items():
        (tmp_path / place).parent.mkdir()
        (tmp_path / place).write_text(text)
    return tmp_path


def test_lineage_goes_through_presets_that_ship(own: Path) -> None:
    assert lineage("audience", "warm", own) == ["standard", "calibrated", "warm"]
    assert lineage("recommender", "mix", None) == ["mix"]  # what stands inside it is no ancestor
    assert "warm" in slots(own)["audience"]
    assert "warm" not in slots()["audience"]


def test_each_number_has_the_comment_of_the_preset_that_it_comes_from(own: Path) -> None:
    rows = {row["key"]: row for row in assumptions(compose(["audience=warm"], own), own)}
    assert rows["audience.like"] == {
        "key": "audience.like",
        "value": -3.0,
        "unit": "logit",
        "meaning": "warmth",
        "source": "own",
    }
    assert rows["audience.watch"]["value"] == -1.589
    assert rows["audience.watch"]["source"].startswith("calibrated")
    assert rows["audience.follow"]["value"] == -7.0
    assert rows["audience.follow"]["meaning"] == "to follow the author"


def test_a_policy_that_builds_on_another_has_its_comments_too(own: Path) -> None:
    notes = comments(own, {"moderation": "patient"})
    shipped = comments(None, {"moderation": "suspend_coordinated"})
    inherited = {key for key in shipped if key.startswith("moderation.")} - {"moderation.desk.delay"}
    assert inherited
    assert all(notes[key] == shipped[key] for key in inherited)
    moderation = compose(["moderation=patient"], own)["moderation"]
    rows = policy_assumptions(compose([], own), {"patient": moderation}, False, own)
    changed = next(row for row in rows if row["key"] == "moderation=patient: desk.delay")
    assert (changed["value"], changed["source"]) == (90, "own")


def test_a_policy_that_builds_on_another_has_its_strengths_too(own: Path) -> None:
    assert levels(inherited("moderation", "patient", own)) == ["weaker", "standard", "stronger"]


@pytest.mark.parametrize(
    ("base", "said"),
    [
        ("standard", "audience=standard: builds on itself"),
        ("standrad", "audience: standrad given; did you mean standard"),
    ],
)
def test_a_preset_can_build_only_on_another_that_is_there(tmp_path: Path, base: str, said: str) -> None:
    (tmp_path / "audience").mkdir()
    (tmp_path / "audience" / "standard.yaml").write_text(f"defaults:\n  - {base}\nlike: -3.0\n")
    with pytest.raises(ScenarioError, match=said):
        compose([], tmp_path)
