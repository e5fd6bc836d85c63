"""An election reads a world and changes nothing in it; what it reads, what it leaves, and what is refused."""

import dataclasses
import json
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.estimates.election import chances
from analysis.estimates.paired import Worlds
from sim.cli.command import app, status_of
from sim.measures.awareness import FULL, Awareness
from sim.model import CampaignModel
from sim.runs.build import scenario_of
from sim.runs.face import load_scenario, simulate
from sim.runs.families import result_of
from sim.runs.question import question_of
from sim.runs.votes import votes_of
from sim.scenario.files import compose
from sim.scenario.schema import ScenarioError
from tests.documents.test_data import kind_of, rows, section
from tests.worlds import CROWDED, SMALL, STAGED, small_scenario, with_supporters

HELD = ("election=two_rounds", "election.draws=40")
NOT_MOVING = ("persuasion", "viability_slope", "viability_spread", "turnout_effect", "turnout_differential")


def finished(campaign: str, more: tuple[str, ...] = (), **changes: Any) -> dict[str, Any]:
    """A small world in which the candidate is seen."""
    scenario = dataclasses.replace(
        with_supporters(small_scenario(campaign=campaign, more=(*CROWDED, *more))), **changes
    )
    model = CampaignModel(scenario)
    model.run_until(model.clock.end)
    return result_of(model, f"{campaign}/none", 0.0)


@pytest.mark.parametrize("campaign", ["coordinated", "quiet"])
def test_an_election_changes_no_impression(campaign: str) -> None:
    """The same digest, series and numbers as without it, with the campaign and without."""
    without, with_it = finished(campaign), finished(campaign, HELD)
    assert with_it["run"]["digest"] == without["run"]["digest"]
    assert with_it["series"] == without["series"]
    kept = {
        name: value for name, value in with_it["run"].items() if not name.startswith("election") and name != "wall_s"
    }
    assert kept == {name: value for name, value in without["run"].items() if name not in ("election", "wall_s")}
    assert without["run"]["candidate_impressions"] > 0
    assert "election" not in without


def test_votes_are_equal_with_and_without_the_campaign_where_exposure_moves_nobody() -> None:
    """Bit for bit, every candidate and draw: by the settings, and in the outputs that are left beside the others in every run."""
    off = tuple(f"election.{name}=0" for name in NOT_MOVING)
    for more, moved in ((off, (True, False)), ((), (False,))):
        campaign, quiet = (votes_of(finished(name, (*HELD, *more))) for name in ("coordinated", "quiet"))
        same = campaign["moved"].isin(moved)
        pd.testing.assert_frame_equal(
            campaign[same].drop(columns="arm"), quiet[same].drop(columns="arm"), check_exact=True
        )
        assert set(campaign["candidate"]) == set(range(11))
    moving = campaign["moved"]
    assert (
        campaign[moving]["share"] != quiet[moving]["share"]
    ).mean() > 0.9  # the campaign is seen, and moves somebody
    assert np.array_equal(campaign["base"], quiet["base"])


def test_awareness_by_day_against_a_slow_count() -> None:
    """Sight by sight and night by night, in fractions: integers are never further off than what they cut away."""
    scenario = with_supporters(small_scenario(more=(*CROWDED, *HELD)))
    model, step, half_life = CampaignModel(scenario), 0.0625, 21.0
    slow, days = np.zeros(len(model.world.truth.role)), []
    note = model.observer.awareness.note

    def both(world: Any, shown: Any) -> None:
        note(world, shown)
        posts, feeds = world.platform.posts, shown.feeds
        if world.hour % 24 == 0:
            slow[:] *= 2 ** (-1 / half_life)
        for visitor, offset, length in zip(feeds.visitors, feeds.offset, feeds.length, strict=True):
            for place in range(offset, offset + length):
                row = feeds.row[place]
                named, opened = posts.candidate[row], shown.flags[place] & 64
                if named == 0 or (named < 0 and opened and posts.spoken_of[row] == 0):
                    slow[visitor] += (1 - slow[visitor]) * step
        if world.hour % 24 == 23:
            days.append(slow.copy())

    model.observer.awareness.note = both  # type: ignore[method-assign]
    model.run_until(model.clock.end)
    found = model.observer.awareness
    assert (days[-1] > 0).sum() > 50
    np.testing.assert_allclose(found.levels[0] / FULL, days[-1], atol=1e-3)
    genuine, users = model.world.truth.genuine, result_of(model, "", 0.0)["run"]["genuine_users"]
    enough = 1 - (1 - step) ** 3
    for place, nights in ((0, 0), (1, 0)):
        expected = np.minimum(days[place] / enough, 1)[genuine].sum() / users
        assert found.by_day[place][0] == pytest.approx(expected, abs=0.01)
        assert found.known(model.world, nights)[0] == pytest.approx(found.by_day[-1][0])
    later = np.minimum(days[-1] * 0.5 / enough, 1)[genuine].sum() / users
    assert found.known(model.world, 21)[0] == pytest.approx(later, abs=0.01)


def test_nobody_is_aware_where_a_sight_leaves_no_trace() -> None:
    model = CampaignModel(small_scenario(more=HELD))
    model.observer.awareness = Awareness((0,), 0.0, 21.0, 3)
    model.run_until(model.clock.end)
    assert model.observer.awareness.by_day == [(0.0,), (0.0,)]


def test_columns_of_a_run_are_means_over_its_draws() -> None:
    result = finished("coordinated", HELD)
    run, votes = result["run"], votes_of(result)
    own = votes[(votes["candidate"] == 0) & votes["moved"]]
    assert run["election"] == "two_rounds"
    assert run["election_share"] == pytest.approx(own["share"].mean())
    assert run["election_run_off"] == pytest.approx(own["in_run_off"].mean())
    assert run["election_elected"] == pytest.approx(own["elected"].mean())
    assert 0 < run["election_known"] <= 1
    by_draw = votes.groupby(["moved", "draw"])
    np.testing.assert_allclose(by_draw["share"].sum(), 1.0)
    np.testing.assert_allclose(by_draw["run_off_share"].sum(), 1.0)
    assert (by_draw["in_run_off"].sum() == 2).all()
    assert (by_draw["elected"].sum() == 1).all()


WRONG = [
    (["election.first_round=2024-11-23"], "election.first_round: 2024-11-23 given, allowed 2024-11-24 to 2025-01-22"),
    (["election.first_round=2031-05-01"], "election.first_round: 2031-05-01 given, allowed 2024-11-24"),
    (["election.run_off=2024-11-20"], "election.run_off: 2024-11-20 given, allowed 2024-11-25 to"),
    (["election.polls=[{house: P, days_before: 0, sample: 1000}]"], "election.polls[0].days_before: 0 given, allowed 1 to 400 (days)"),
    (["election.polls=[{house: P, days_before: 3, sample: 100}, {house: P, days_before: 3, sample: 900}]"], "house P given twice"),
    (["election.polls=[{house: '', days_before: 3, sample: 100}]"], "election.polls[0].house"),
    (["election.base_shares.A=0.5"], "election.base_shares: 1.47 together given, allowed 1"),
    (["election.base_shares.A=1.5"], "election.base_shares.A: 1.5 given, allowed 0 to 1"),
    (["+election.base_shares.Z=0"], "election.base_shares.Z: unknown candidate"),
    (["~election.base_shares.A", "election.base_shares.B=0.29"], "election.base_shares: A is missing"),
    (["election.little_known=[Z]"], "election.little_known: Z given"),
    (["election.little_known=[]"], "election.little_known: allowed is null, or a list"),
    (["election.little_known=[A, A]"], "each once"),
    (["election.rerun_first_round=2025-05-04"], "given without election.annulled"),
    (["election.annulled=2024-12-06", "election.rerun_first_round=2024-12-01"], "2024-12-01 given, allowed 2024-12-09"),
    (["election.annulled=2024-12-06", "election.rerun_run_off=2025-01-01"], "given without election.rerun_first_round"),
    (["election.annulled=2024-11-24"], "election.annulled: 2024-11-24 given, allowed 2024-11-25"),
    (["election.draws=0"], "election.draws: 0 given, allowed 1 to 2000 (draws)"),
    (["election.persuasion=2"], "election.persuasion: 2.0 given, allowed 0 to 1"),
    (["+election.persuation=0"], "did you mean persuasion"),
    (["election._target_=os.system"], "refused"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "said"), WRONG)
def test_what_does_not_go_together_is_refused_with_one_message(words: list[str], said: str) -> None:
    with pytest.raises(ScenarioError) as error:
        load_scenario(["scenario=classroom", "election=two_rounds", *words])
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_candidates_of_other_scenarios_and_what_is_no_election_are_refused() -> None:
    with pytest.raises(ScenarioError, match=r"election\.base_shares\.\w: unknown candidate"):
        load_scenario(["scenario=music_market", "election=two_rounds"])
    two = load_scenario(["scenario=classroom", "election=two_rounds_annulled"])
    with pytest.raises(ScenarioError, match="false given with 2 candidates, allowed with 3 or more"):
        dataclasses.replace(two.election, base_shares={"A": 0.5, "B": 0.5}).check_in("AB", "A", two.calendar.last_day)
    with pytest.raises(ScenarioError, match="101 given, allowed 100 at most"):
        dataclasses.replace(two.election, polls=two.election.polls[:1] * 101).check("election")
    document = compose(["scenario=classroom"])
    for given in (3, None, []):
        with pytest.raises(ScenarioError, match=r"election: .* given, allowed keys with values"):
            scenario_of({**document, "election": given})


def test_a_command_ends_with_status_2() -> None:
    words = ["run", "scenario=classroom", "election=two_rounds", "election.run_off=2024-11-20"]
    done = subprocess.run([sys.executable, "-m", "sim", *words], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "groundswell: election.run_off: 2024-11-20 given, allowed 2024-11-25 to 2025-01-23\n"


def test_campaigns_for_two_candidates_need_a_list_of_the_little_known(tmp_path: Path) -> None:
    (tmp_path / "campaign").mkdir()
    (tmp_path / "campaign" / "other.yaml").write_text("defaults:\n  - coordinated\n  - _self_\ncandidate: F\n")
    words = ["scenario=classroom", "campaign=other", "election=two_rounds"]
    with pytest.raises(ScenarioError, match=r"promote A and F; allowed is a list"):
        question_of(words, tmp_path)
    assert question_of([*words, "election.little_known=[A, F]"], tmp_path).arms


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A comparison of two seeds with an election."""
    folder = tmp_path_factory.mktemp("votes") / "out"
    words = [*SMALL, *STAGED, *HELD, "scenario=classroom", "scale=0.00003", "days=2", "replications=2", "engine=serial",
             "moderation=suspend_coordinated", "population.candidates.A.support=0.1", "population.candidates.B.support=0.2"]  # fmt: skip
    assert (
        status_of(
            lambda: app(["compare", *words, "--out", str(folder)], prog_name="groundswell", standalone_mode=False)
        )
        == 0
    )
    return folder


def test_a_comparison_leaves_draws_polls_and_a_section(compared: Path) -> None:
    votes, polls = (pd.read_parquet(compared / f"{name}.parquet") for name in ("election", "election_polls"))
    assert len(votes) == 4 * 2 * 40 * 2 * 11  # arms, seeds, draws, moved or not, candidates
    assert len(polls) == 4 * 2 * 40 * 2 * 6
    manifest = json.loads((compared / "manifest.json").read_text())
    assert manifest["election"]["first_round"] == "2024-11-24"
    assert manifest["election"]["run_off"] == "2024-12-08"
    page = (compared / "report.html").read_text()
    assert "If there were a vote" in page
    assert "No public estimate exists of what exposure on such a platform does to votes" in page
    assert "Reach is not votes" in page
    assert (compared / "figures" / "election.svg").is_file()


def test_a_world_that_shared_its_history_has_the_draws_of_one_that_ran_alone(compared: Path, tmp_path: Path) -> None:
    """Awareness goes with a world where arms part; `run` leaves the same tables."""
    words = shlex.split(json.loads((compared / "manifest.json").read_text())["command"])[2:]
    alone = load_scenario([word for word in words if not word.startswith(("moderation=", "replications="))])
    for policy in ("none", "suspend_coordinated"):
        result = simulate(
            dataclasses.replace(alone, seed=2, moderation=load_scenario([f"moderation={policy}"]).moderation)
        )
        result.write(tmp_path / policy, {})
        for name in ("election", "election_polls"):
            votes, own = (
                pd.read_parquet(compared / f"{name}.parquet"),
                pd.read_parquet(tmp_path / policy / f"{name}.parquet"),
            )
            shared = votes[(votes["arm"] == f"coordinated/{policy}") & (votes["seed"] == 2)].reset_index(drop=True)
            pd.testing.assert_frame_equal(shared, own, check_exact=True)


def test_every_column_is_described(compared: Path) -> None:
    """In docs/DATA.md, with its type."""
    described = {cells[0]: cells[1] for cells in rows(section("election.parquet and election_polls.parquet"))}
    votes = pd.read_parquet(compared / "election.parquet")
    kinds = {"text": "O", "whole number": "i", "true or false": "b", "number": "f"}
    assert {name: kind_of(votes[name]) for name in votes} == {name: kinds[kind] for name, kind in described.items()}
    said = section("election.parquet and election_polls.parquet")
    assert [name for name in pd.read_parquet(compared / "election_polls.parquet") if f"`{name}`" not in said] == []
    units = {cells[0]: cells[2] for cells in rows(section("runs.parquet")) if cells[0].startswith("election_")}
    assert units == dict(load_scenario(["election=two_rounds"]).election.units)
    assert set(units) <= set(pd.read_parquet(compared / "runs.parquet"))


def test_draws_are_paired_and_the_twins_of_those_that_move_nobody_are_equal(compared: Path) -> None:
    votes, runs = (pd.read_parquet(compared / f"{name}.parquet") for name in ("election", "runs"))
    worlds = Worlds(runs, json.loads((compared / "manifest.json").read_text()))
    for policy in ("none", "suspend_coordinated"):
        same = chances(worlds, votes, policy, moved=False)
        assert np.array_equal(same.share, same.share_quiet)
        assert same.only_with == same.only_without == 0
        own = chances(worlds, votes, policy)
        assert own.draws == 2 * 40
        assert own.reached.mean() == pytest.approx(worlds.column(f"coordinated/{policy}", "election_run_off").mean())
        assert np.array_equal(own.base, same.base)
    table = pd.read_parquet(compared / "estimates.parquet").set_index(["contrast", "measure"])["estimate"]
    assert table["election:none", "share_unmoved"] == 0.0
    assert table["election:none", "run_off_unmoved"] == 0.0
    share = worlds.column("coordinated/none", "election_share") - worlds.column("quiet/none", "election_share")
    assert table["election:none", "share"] == pytest.approx(share.mean())


def test_lines_say_that_nobody_knows(compared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of(lambda: app(["report", str(compared)], prog_name="groundswell", standalone_mode=False)) == 0
    said = capsys.readouterr().out
    assert "no public estimate of what exposure does to votes exists" in said
    assert "of 80 draws with the campaign" in said


def test_damaged_draws_are_refused(compared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = Path(shutil.copytree(compared, tmp_path / "out"))
    votes = pd.read_parquet(folder / "election.parquet")
    for change, said in (
        (votes.assign(share=votes["share"] + 1), "allowed are shares from 0 to 1"),
        (votes[votes["seed"] == votes["seed"].min()], "its draws are not those"),
        (votes.drop(columns="base"), "column base is missing"),
    ):
        change.to_parquet(folder / "election.parquet")
        assert status_of(lambda: app(["report", str(folder)], prog_name="groundswell", standalone_mode=False)) == 2
        assert said in capsys.readouterr().err
