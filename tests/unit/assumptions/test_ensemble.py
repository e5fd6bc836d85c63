"""The set of settings and forms that the platform's statistics leave: its forms, its members, its file."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.assumptions import ensemble as module
from analysis.assumptions.calibration import Range
from analysis.assumptions.ensemble import EnsemblePlan, Form, ensemble, forms, in_words
from analysis.assumptions.history_matching import CUT, Design, parameter
from analysis.validation.platform_worlds import WANTED
from sim.cli.command import status_of
from sim.runs.face import load_scenario
from sim.scenario.schema import ScenarioError

TWO = (Range("audience.watch", -2.8, -1.4), Range("recommender.ageing_hours", 40.0, 250.0))


def pretend(task):
    """A platform whose views to the end follow one parameter and whose hits another; popularity shows far too many likes."""
    overrides, seed = task
    values = dict(word.split("=") for word in overrides)
    luck = np.random.default_rng(seed).normal(size=2)
    statistics = {name: w.value for name, w in WANTED.items()}
    statistics["watched"] += 0.3 * (float(values["audience.watch"]) + 2.2) + 0.005 * luck[0]
    statistics["views_there"] += 0.002 * (float(values.get("recommender.ageing_hours", 90.0)) - 90.0) + 0.005 * luck[1]
    if values.get("recommender") == "popularity":
        statistics["likes"] = 0.1
    return {"statistics": statistics}


def plan(*names: str, size: int = 7) -> EnsemblePlan:
    return EnsemblePlan(forms(names, TWO), (), Design(2, 16), size, 2)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    found: list[object] = []

    def each(work, tasks):
        found.extend(tasks)
        return [pretend(task) for task in tasks]

    monkeypatch.setattr(module, "each", each)
    return found


def test_the_listed_forms_are_accepted_and_their_ranges_hold_the_defaults() -> None:
    whole = EnsemblePlan(forms([]), (), Design(), 64, 2)
    assert whole.users == 100_001  # and both ends of every range of every form are allowed
    assert set(whole.targets) == set(WANTED)
    shipped = whole.forms[0]
    assert shipped.name == "shipped"
    assert len(shipped.parameters) == 20
    for one in shipped.parameters:
        slot, name = one.key.split(".")
        assert one.low <= getattr(getattr(whole.scenario, slot), name) <= one.high


def test_forms_have_the_parameters_that_mean_something_in_them() -> None:
    by_name = {form.name: form for form in forms([])}
    keys = {name: {p.key for p in form.parameters} for name, form in by_name.items()}
    assert keys["shipped"] - keys["no_social_proof"] == {"audience.social_proof"}
    assert not any(key.startswith("recommender.") for key in keys["followed_only"])
    assert "recommender.popularity" in keys["popularity"]
    assert by_name["no_social_proof"].fixed == {"audience.social_proof": 0.0}
    assert by_name["popularity"].slots["recommender"] == "popularity"
    assert next(p for p in by_name["shipped"].parameters if p.key == "audience.social_proof") == parameter(
        "audience.social_proof", 0, 0.3
    )
    assert "audience.like" not in {p.key for p in forms(["shipped"], (), ["audience.like=-3"])[0].parameters}


def test_what_cannot_be_asked_for_is_refused() -> None:
    with pytest.raises(ScenarioError, match="--form: nonsense given, allowed shipped"):
        forms(["nonsense"])
    with pytest.raises(ScenarioError, match="allowed with --set are the forms"):
        forms([], (), ["recommender=mix"])
    with pytest.raises(ScenarioError, match="form popularity: nothing is varied"):
        forms(["popularity"], TWO[1:])
    with pytest.raises(ScenarioError, match="allowed 1 to 10000"):
        _ = EnsemblePlan(forms(["shipped"], (Range("recommender.ageing_hours", -5, 10),)), (), Design(1, 8), 1, 1).users


def test_small_worlds_are_judged_by_what_they_can_show() -> None:
    small = EnsemblePlan(forms(["shipped"]), ("scale=0.00111112",), Design(), 64, 2)
    assert set(small.targets) == {name for name, wanted in WANTED.items() if wanted.any_size}
    said = small.in_words(2)
    assert "a trial" in said
    assert f"judged by {len(small.targets)} of {len(WANTED)}" in said
    assert small.worlds == 3 * 240 + 256
    assert "hours" in EnsemblePlan(forms([]), (), Design(), 64, 2).in_words(2)


def test_a_set_is_kept_with_what_judged_it_and_a_form_that_does_not_fit_is_ruled_out(
    tmp_path: Path, asked: list[object]
) -> None:
    told: list[tuple[int, int]] = []
    found = ensemble(
        plan("shipped", "no_social_proof", "popularity"), tmp_path, 1, lambda done, total, _: told.append((done, total))
    )
    assert told[-1][0] == told[-1][1]
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert found["forms"]["popularity"]["reason"] == "nothing is left"
    assert found["forms"]["popularity"]["excluded"]["alone"] == ["likes"]
    table = pd.read_parquet(tmp_path / "ensemble.parquet")
    assert table["form"].value_counts().to_dict() == {"shipped": 4, "no_social_proof": 3}
    assert (table["implausibility"] <= CUT).all()
    assert (abs(table["statistic:watched"] - WANTED["watched"].value) <= 0.12).all()
    assert table["is_centre"].sum() == 1
    assert len(set(",".join(table["seeds"][table["form"] == "shipped"]).split(","))) == 8
    assert {"version", "code", "date", "targets", "forms", "design", "cut"} <= set(table.attrs)
    assert table.attrs["targets"]["likes"]["tolerance"] == WANTED["likes"].tolerance
    assert json.loads((tmp_path / "ensemble.json").read_text())["centre"] == found["centre"]
    words = in_words(found)
    assert "no setting meets: likes a view" in words
    assert "centre of the set, of form shipped" in words


def test_presets_of_the_centre_are_accepted_and_no_default_changes(tmp_path: Path, asked: list[object]) -> None:
    before = load_scenario([])
    found = ensemble(plan("no_social_proof"), tmp_path, 1, lambda *_: None)
    own = load_scenario(["audience=calibrated", "recommender=calibrated"], tmp_path / "presets")
    assert own.audience.watch == found["centre"]["parameters"]["audience.watch"]
    assert own.audience.social_proof == 0
    assert load_scenario([]) == before


def test_nothing_fits_is_a_result(tmp_path: Path, asked: list[object]) -> None:
    found = ensemble(plan("popularity"), tmp_path, 1, lambda *_: None)
    assert found["centre"] is None
    assert "nothing fits" in in_words(found)
    table = pd.read_parquet(tmp_path / "ensemble.parquet")
    assert len(table) == 0
    assert {"form", "audience.watch", "statistic:likes", "implausibility"} <= set(table.columns)
    assert not (tmp_path / "presets").exists()


def test_a_form_knows_on_which_presets_its_own_build() -> None:
    form = Form("mine", ("recommender=popularity", "audience.social_proof=0"), ())
    assert form.slots == {"population": "romania", "audience": "standard", "recommender": "popularity"}


def test_options_that_mean_nothing_here_are_refused_and_a_dry_run_runs_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from sim.cli.checks import calibrate

    assert status_of(lambda: calibrate(waves=2, out=tmp_path)) == 2
    assert status_of(lambda: calibrate(as_set=True, rounds=2, out=tmp_path)) == 2
    assert status_of(lambda: calibrate(as_set=True, points=3, out=tmp_path)) == 2
    assert status_of(lambda: calibrate(as_set=True, dry_run=True, out=tmp_path / "not_made")) == 0
    assert status_of(lambda: calibrate(dry_run=True, out=tmp_path / "not_made")) == 0
    said = capsys.readouterr().err
    assert "--waves given, allowed with --set" in said
    assert "at most" in said
    assert not (tmp_path / "not_made").exists()


@pytest.mark.slow
def test_the_command_goes_on_after_an_interruption_and_ends_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tiny study in worlds of 450 users, interrupted in its first wave; worlds that are finished are not run again."""
    from sim.cli.checks import calibrate

    def asked_of(folder: Path) -> int:
        words = ["scale=0.00005", "population.block_users=5"]
        ranges = ["population.posting_spread=1.2:2.4", "audience.watch=-2.8:-1.4"]
        return status_of(
            lambda: calibrate(
                words,
                ranges,
                None,
                6,
                True,
                members=2,
                waves=2,
                seeds=1,
                misses=2,
                form=["shipped"],
                out=folder,
                threads=1,
            )
        )

    assert asked_of(tmp_path / "whole") == 0
    runs: list[object] = []
    work = module.observe

    def stopped(task):
        if len(runs) == 9:
            raise KeyboardInterrupt
        runs.append(task)
        return work(task)

    stopped.__module__, stopped.__qualname__ = work.__module__, work.__qualname__  # filed under the same name
    monkeypatch.setattr(module, "observe", stopped)
    assert asked_of(tmp_path / "parted") == 130
    assert not (tmp_path / "parted" / "ensemble.parquet").exists()
    before = len(list((tmp_path / "parted" / "worlds").iterdir()))
    assert before == 9
    monkeypatch.setattr(module, "observe", work)
    assert asked_of(tmp_path / "parted") == 0
    whole, parted = (pd.read_parquet(tmp_path / name / "ensemble.parquet") for name in ("whole", "parted"))
    pd.testing.assert_frame_equal(whole, parted)
    assert {p.name for p in (tmp_path / "whole" / "worlds").iterdir()} == {
        p.name for p in (tmp_path / "parted" / "worlds").iterdir()
    }
