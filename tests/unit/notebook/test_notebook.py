"""Results as a person at a notebook reads them: names, dates and units; figures; a bar; errors in words."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from analysis.notebook.progress import Bar, progress_for
from analysis.notebook.words import words_of
from analysis.report.gallery import GALLERY
from sim import Comparison, ScenarioError, World, compare, load_scenario, read_comparison, simulate
from sim.measures.units import unit_by_day, unit_of

SMALL = {"days": 2, "calendar": {"warm_up_days": 1}}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    return compare("classroom", tmp_path_factory.mktemp("compared"), replications=3, engine="serial", **SMALL)


@pytest.fixture(scope="module")
def world() -> World:
    return simulate("classroom", seed=4, measures="explanations", moderation="limit_copies", **SMALL)


@pytest.mark.parametrize(("settings", "words"), [
    ({"seed": 3, "days": None}, ["seed=3", "days=null"]),
    ({"campaign": {"budget": 5e5, "tactics": {"adapt": {"days": 3}}}}, ["campaign.budget=500000.0", "campaign.tactics.adapt.days=3"]),
    ({"campaign.budget": np.float64(2)}, ["campaign.budget=2.0"]),
    ({"calendar": {"last_day": date(2024, 11, 20)}}, ["calendar.last_day=2024-11-20"]),
    ({"a": [1, True, "x"], "title": "a 'b': c"}, ["a=[1,true,x]", "title='a \\'b\\': c'"]),
])  # fmt: skip
def test_settings_are_words_of_the_command_line(settings: dict[str, object], words: list[str]) -> None:
    assert words_of((), settings) == words


def test_a_scenario_is_named_or_given_as_overrides() -> None:
    assert load_scenario("classroom", seed=3) == load_scenario(["scenario=classroom", "seed=3"])
    for title in ("It's: a \\ title", "ends \\", "\\'", "{a: 1}", "null", "1"):
        assert load_scenario("classroom", title=title).title == title
    with pytest.raises(ScenarioError, match="did you mean classroom"):
        load_scenario("clasroom")
    with pytest.raises(ScenarioError, match="allowed are numbers, text"):
        load_scenario("classroom", seed=object())


def test_a_changed_scenario_is_not_compared_as_another() -> None:
    from dataclasses import replace

    scenario = load_scenario("classroom", **SMALL)
    with pytest.raises(ScenarioError, match="was changed after load_scenario"):
        compare(replace(scenario, seed=7))
    with pytest.raises(ScenarioError, match="say it to load_scenario"):
        compare(scenario, seed=7)


def test_the_series_has_names_dates_and_units(world: World, found: Comparison) -> None:
    for frame in (world.series, found.series):
        assert list(frame) == ["arm", "campaign", "moderation", "seed", "date", "measure", "candidate", "value"]
        assert pd.api.types.is_datetime64_any_dtype(frame["date"])
        assert set(frame["candidate"].dropna()) <= set("ABCDEFGHIJKLMNOP")
        assert set(frame.attrs["units"]) == set(frame["measure"])
    assert set(found.series["moderation"]) == {"none", "suspend_coordinated"}


def test_every_number_of_a_run_has_a_unit(world: World, found: Comparison) -> None:
    for frame, own in ((found.runs, {}), (pd.DataFrame([world.run]), world.measures.attrs["units"])):
        numbers = [name for name in frame.select_dtypes("number") if name not in ("seed", "first_action_hour")]
        assert [name for name in numbers if unit_of(str(name), own) is None] == []
    assert "visible_posts" in world.measures
    assert "first_action_hour" not in found.runs
    assert pd.api.types.is_datetime64_any_dtype(found.runs["first_action"])
    assert unit_by_day("spent:give_gifts") == "EUR at the scale of this world"
    assert unit_by_day("nonsense") is None


def test_estimates_say_of_what_and_in_which_unit(found: Comparison) -> None:
    kinds = {"part", "days_gained", "control"}  # of which there are several, and each level under each policy
    several = found.estimates["contrast"].isin(kinds)
    whole = found.estimates[~several]
    table = whole.set_index(["contrast", "measure"])
    assert table.at[("manufactured", "impressions"), "unit"] == "impressions per genuine user"
    assert table.at[("dampening", "impressions"), "of"] == "suspend_coordinated"
    assert (found.estimates["unit"] != "").all()
    assert set(found.estimates.loc[several, "of"]) >= {"paid", "none", "suspend_coordinated"}
    assert table.at[("manufactured", "impressions"), "seeds"] == 3
    controls = found.estimates[found.estimates["contrast"] == "control"]
    assert len(controls)
    assert (controls["of"] == controls["candidate"]).all()


def test_results_are_what_the_command_leaves_and_can_be_read_again(
    found: Comparison, world: World, tmp_path: Path
) -> None:
    assert {"runs.parquet", "estimates.csv", "report.html", "frontier.md"} <= {
        path.name for path in found.folder.iterdir()
    }
    again = read_comparison(found.folder)
    assert again.digest == found.digest
    pd.testing.assert_frame_equal(again.estimates, found.estimates)
    assert (world.write(tmp_path / "world") / "config.yaml").is_file()
    with pytest.raises(ScenarioError, match="allowed is a folder that compare has written"):
        read_comparison(tmp_path)


def test_figures_are_shown_and_unknown_ones_named(found: Comparison, world: World, tmp_path: Path) -> None:
    for figure in ("daily_share", "by_seed", "money"):
        assert "<svg" in found.plot(figure)._repr_html_()
    found.plot().savefig(tmp_path / "daily.png")
    assert "candidate A" in world.plot()._repr_html_()
    with pytest.raises(ScenarioError, match="did you mean by_seed"):
        found.plot("by_sed")
    with pytest.raises(ScenarioError, match="has nothing to draw in it; it has daily_share"):
        found.plot("frontier_acted_on")
    assert set(GALLERY) >= {"daily_share", "frontier"}


def test_a_notebook_shows_what_was_found_and_that_it_is_a_model(found: Comparison, world: World) -> None:
    for result in (found, world):
        page = result._repr_html_()
        assert "no evidence about any real account" in page
        assert "<svg" in page
        assert "src=" not in page
    assert "manufactured visibility" in repr(found)
    assert "seed 4" in repr(world)


def test_a_bar_says_how_far_it_is_and_stays_away_outside_notebooks() -> None:
    said: list[str] = []
    bar = Bar("seeds", lambda html, handle: said.append(html) or "handle")
    for done in range(5):
        bar(done, 4, "<seed>")
    assert 'value="0" max="4"' in said[0]
    assert "4 seeds in" in said[-1]
    assert "<seed>" not in "".join(said)
    assert progress_for("seeds", 4) is None


def test_the_face_names_what_it_gives() -> None:
    assert all(hasattr(sim, name) for name in sim.__all__)
    assert dir(sim) == sim.__all__
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = sim.nothing


def test_a_script_needs_no_guard_around_what_runs_in_processes(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "print('begun')\nfrom sim import compare\n"
        "print(compare('classroom', 'out', days=1, replications=2, threads=2, calendar={'warm_up_days': 1}).digest)\n"
    )
    done = subprocess.run([sys.executable, "script.py"], cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("begun") == 1
