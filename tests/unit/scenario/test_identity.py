"""A preset's file name is its identity: what is copied, or built on another, is simulated and reported as itself."""

import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sim.runs.build import scenario_of
from sim.runs.face import compare, load_scenario, simulate
from sim.runs.question import question_of
from sim.scenario.files import compose
from sim.scenario.presets import LISTS, ROOT, shipped, slots
from sim.scenario.schema import ScenarioError

COPIED = [(path.parent.name, path.stem) for path in shipped() if path.parent.name != LISTS]
TINY = ["days=1", "calendar.warm_up_days=1", "replications=1", "engine=serial"]
FULL_SIZE = {
    "country": ["scale=0.0001"],
    "platform_check": ["scale=0.0001"],
}  # scenarios that are made for large worlds
WITH = {  # what a preset needs beside it
    "inbox": ["scenario=share_cascades"], "menu": ["scenario=music_market"], "menu_ranked": ["scenario=music_market"],
    "feed_quality": ["scenario=share_cascades"], "music_market": ["scenario=music_market"], "resharing": ["scenario=share_cascades"],
    "infiltration": ["scenario=simsom"], "unlawful": ["scenario=delayed_takedown"], "takedown": ["scenario=delayed_takedown"],
    "withdrawal": ["scenario=delayed_takedown"],
}  # fmt: skip
WIDE = {"policy_frontier", "policy_strengths", "which_tactic_matters", "dose_response"}  # dozens of worlds


def copied(folder: Path, slot: str, name: str, new: str = "mine") -> Path:
    """A user's folder with one preset: a shipped one under another name."""
    (folder / slot).mkdir(exist_ok=True)
    shutil.copy(ROOT / slot / f"{name}.yaml", folder / slot / f"{new}.yaml")
    return folder


def words_for(slot: str, name: str) -> list[str]:
    """A small request that chooses the copy of a preset."""
    base = [] if slot == "scenario" else WITH.get(name, ["scenario=classroom"])
    few = ["population.country_users=20000", "scale=0.01"] if base not in ([], ["scenario=classroom"]) else []
    return [*base, f"{slot}=mine", *TINY, *few, *(FULL_SIZE.get(name, []) if slot == "scenario" else [])]


@pytest.mark.parametrize(("slot", "name"), [c for c in COPIED if c[0] != "arms"], ids=lambda value: str(value))
def test_a_copy_of_any_preset_runs_and_its_rows_bear_its_name(slot: str, name: str, tmp_path: Path) -> None:
    overrides, folder = words_for(slot, name), copied(tmp_path, slot, name)
    if slot == "scenario" and name in ("simsom", "share_cascades", "music_market", "delayed_takedown"):
        overrides += ["population.country_users=20000", "scale=0.01"]
    row = simulate(load_scenario(overrides, folder)).run
    assert row[slot] == "mine"
    assert row["arm"] == f"{row['campaign']}/{row['moderation']}"


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[pytest.mark.slow] if name in WIDE else []) for slot, name in COPIED if slot == "arms"],
)
def test_a_copy_of_any_arms_runs_all_of_them(name: str, tmp_path: Path) -> None:
    folder = copied(tmp_path, "arms", name)
    summary = compare(words_for("arms", name), tmp_path / "out", folder)
    rows = pd.read_parquet(tmp_path / "out" / "runs.parquet")
    asked = question_of([f"arms={name}"])
    assert list(rows["arm"]) == summary["arms"] == [*asked.arms, *asked.versions]


def test_a_campaign_built_on_another_has_its_own_numbers(tmp_path: Path) -> None:
    (tmp_path / "campaign").mkdir()
    (tmp_path / "campaign" / "mine.yaml").write_text("defaults:\n  - coordinated\nbudget: 0.0  # EUR; none\n")
    (tmp_path / "campaign" / "surges.yaml").write_text(
        "defaults:\n  - quiet\n" + (ROOT / "campaign" / "organic_surge.yaml").read_text().split("\n", 1)[1]
    )
    (tmp_path / "arms").mkdir()
    (tmp_path / "arms" / "mine.yaml").write_text("- {campaign: [quiet, coordinated, mine, surges], moderation: none}\n")
    compare(["scenario=classroom", "arms=mine", *TINY[1:], "days=3"], tmp_path / "out", tmp_path)
    rows = pd.read_parquet(tmp_path / "out" / "runs.parquet").set_index("arm")
    assert rows.at["mine/none", "spent"] == 0 < rows.at["coordinated/none", "spent"]
    assert rows["candidate_impressions"].nunique() == 4  # one that builds on quiet acts as it says
    assert list(rows["campaign"]) == ["quiet", "coordinated", "mine", "surges"]


def test_a_copied_policy_stands_in_the_table_of_all_policies(tmp_path: Path) -> None:
    folder = copied(tmp_path, "moderation", "limit_awakened", "same_thing")
    arms = load_scenario(["arms=policy_frontier"], folder).arms
    assert "coordinated/same_thing" in [arm.name for arm in arms]
    assert scenario_of(compose(["moderation=same_thing"], folder)).moderation.name == "same_thing"


def named_by(document: dict[str, Any], slot: str) -> str:
    return str(document["name"] if slot == "scenario" else document[slot]["name"])


@pytest.mark.parametrize("slot", ["campaign", "moderation", "scenario"])
def test_an_inner_name_is_that_of_the_file_or_refused(slot: str, tmp_path: Path) -> None:
    name = {"campaign": "coordinated", "moderation": "limit_copies", "scenario": "classroom"}[slot]
    file = copied(tmp_path, slot, name) / slot / "mine.yaml"
    text = file.read_text()
    file.write_text(f"{text}name: mine\n")
    assert named_by(compose([f"{slot}=mine"], tmp_path), slot) == "mine"
    file.write_text(f"{text}name: coordinated\n")
    with pytest.raises(ScenarioError, match=r"mine\.yaml: name: coordinated given, allowed mine"):
        compose([f"{slot}=mine"], tmp_path)


@pytest.mark.parametrize("word", ["name=other", "campaign.name=other", "moderation.name=other"])
def test_no_override_gives_a_preset_another_name(word: str) -> None:
    with pytest.raises(ScenarioError, match="unknown key"):
        compose(["scenario=classroom", word])
    document = compose(["scenario=classroom", f"+{word}"])
    assert document["name"] == "classroom"
    assert document["campaign"]["name"] == "coordinated"


def test_two_arms_that_nothing_would_tell_apart_are_refused(tmp_path: Path) -> None:
    copied(tmp_path, "moderation", "limit_copies", "limit_copies@stronger")
    with pytest.raises(ScenarioError, match=r"allowed in a preset's name are at most 64 letters"):
        load_scenario([], tmp_path)


def test_files_that_would_be_passed_over_are_named(tmp_path: Path) -> None:
    file = copied(tmp_path, "campaign", "coordinated") / "campaign" / "mine.yaml"
    file.rename(file.with_suffix(".yml"))
    with pytest.raises(ScenarioError, match=r"mine\.yml: given, allowed are files that end with \.yaml"):
        load_scenario([], tmp_path)


def test_only_folders_named_as_slots_are_looked_at(tmp_path: Path) -> None:
    (tmp_path / "outputs").mkdir()
    (tmp_path / "outputs" / "config.yaml").write_text("broken: [\n")
    (tmp_path / "docker-compose.yaml").write_text("a: ${b}\n")
    assert slots(tmp_path) == slots()
    load_scenario([], tmp_path)
