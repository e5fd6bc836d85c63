"""The search over parameters: its design, its distance, and the presets that it writes."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from analysis.assumptions import calibration
from analysis.assumptions.calibration import Plan, Range, best, calibrate, distance, points_of, ranges, write_presets
from analysis.validation.platform_worlds import WANTED
from sim.runs.face import load_scenario
from sim.scenario.schema import ScenarioError

TWO = (Range("audience.watch", -2.8, -1.4), Range("recommender.ageing_hours", 40.0, 250.0))
PLAN = Plan(TWO, (), 3, 8)


def test_the_shipped_ranges_hold_the_defaults_and_are_accepted() -> None:
    plan = Plan(ranges([]), (), 1, 2)
    default = plan.default()
    assert {r.key for r in plan.ranges} == set(default)
    assert all(r.low <= default[r.key] <= r.high for r in plan.ranges)


def test_ranges_are_read_and_checked() -> None:
    assert ranges(["audience.watch=-2.8:-1.4"]) == (Range("audience.watch", -2.8, -1.4),)
    for wrong in (
        "audience.watch",
        "audience.watch=1:0",
        "audience.watch=a:b",
        "campaign.budget=0:1",
        "audience.watch=1-:2",
    ):
        with pytest.raises(ScenarioError, match="LOW:HIGH"):
            ranges([wrong])
    with pytest.raises(ScenarioError, match="allowed 1 to 10000"):
        Plan(ranges(["recommender.ageing_hours=-5:100"]), (), 1, 2).default()


def test_a_design_is_seeded_and_its_box_shrinks_inside_the_ranges() -> None:
    centre = {"audience.watch": -1.41, "recommender.ageing_hours": 100.0}
    first, second, third = (points_of(PLAN, number, centre) for number in range(3))
    assert first == points_of(PLAN, 0, {"audience.watch": 0.0, "recommender.ageing_hours": 0.0})
    for number, design in enumerate((first, second, third)):
        values = np.array([[point[r.key] for r in TWO] for point in design])
        assert (values >= [r.low for r in TWO]).all()
        assert (values <= [r.high for r in TWO]).all()
        assert np.ptp(values[:, 0]) <= 1.4 * 0.5**number + 1e-3
    assert np.ptp([p["audience.watch"] for p in first]) > 1.4 * 0.7


def test_distance_is_in_tolerances() -> None:
    wanted = {name: w.value for name, w in WANTED.items()}
    assert distance(wanted) == 0
    likes = WANTED["likes"]
    assert distance({**wanted, "likes": likes.value + 2 * likes.tolerance}) == pytest.approx(2 / np.sqrt(len(WANTED)))


def pretend(task):
    """A platform whose share of views to the end follows one parameter and whose hits another."""
    overrides, seed = task
    values = {
        key: float(value)
        for key, value in (o.split("=") for o in overrides if o.startswith(("audience", "recommender")))
    }
    statistics = {name: w.value for name, w in WANTED.items()}
    statistics["watched"] += 0.1 * (values["audience.watch"] + 2.2) + 0.001 * seed
    statistics["views_there"] += 0.002 * (values["recommender.ageing_hours"] - 90.0)
    return {"statistics": statistics}


def test_a_search_comes_nearer_is_kept_and_leaves_presets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def each(work, tasks):
        asked.extend(tasks)
        return [pretend(task) for task in tasks]

    monkeypatch.setattr(calibration, "each", each)
    found = calibrate(PLAN, tmp_path, 1, lambda *_: None)
    assert len(asked) == PLAN.worlds == 28
    assert found["best"]["distance"] < 0.3 * found["default"]["distance"]
    assert best(found["worlds"]) == found["best"]["parameters"]
    assert found["worlds"][0]["parameters"] == {"audience.watch": -1.9, "recommender.ageing_hours": 150.0}
    kept = json.loads((tmp_path / "calibration.json").read_text())
    assert {"version", "code", "date", "seed", "design_seed", "ranges", "worlds", "best", "default"} <= set(kept)
    words = calibration.in_words(found)
    assert "audience=calibrated recommender=calibrated" in words
    names = ["scenario=classroom", "audience=calibrated", "recommender=calibrated"]
    scenario = load_scenario(names, tmp_path / "presets")
    assert scenario.audience.watch == found["best"]["parameters"]["audience.watch"]
    assert scenario.recommender.ageing_hours == found["best"]["parameters"]["recommender.ageing_hours"]


def test_presets_change_what_was_found_and_keep_its_source(tmp_path: Path) -> None:
    write_presets(tmp_path, {"audience.watch": -2.25})
    made = (tmp_path / "audience" / "calibrated.yaml").read_text().splitlines()
    assert made[1:3] == ["defaults:", "  - standard"]
    assert len(made) == 4
    assert made[3].startswith("watch: -2.25  # logit; ")
    assert made[3].endswith("here calibrated to platform statistics")
    assert [path.name for path in tmp_path.iterdir()] == ["audience"]
    shipped, own = load_scenario([]).audience, load_scenario(["audience=calibrated"], tmp_path).audience
    assert own == replace(shipped, watch=-2.25)


def test_presets_that_ship_are_what_the_stored_search_found() -> None:
    stored = json.loads((calibration.PRESETS.parent / "analysis" / "reference_data" / "calibration.json").read_text())
    scenario = load_scenario([f"{slot}=calibrated" for slot in calibration.SLOTS])
    for key, value in stored["best"]["parameters"].items():
        slot, name = key.split(".")
        assert getattr(getattr(scenario, slot), name) == value
    assert stored["best"]["distance"] < stored["default"]["distance"]
