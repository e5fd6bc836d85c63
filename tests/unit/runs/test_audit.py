"""The audit: the graph with fresh accounts, what they inherit (nothing), what they change for others (little), and its files."""

import copy
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from analysis.report.audit import in_words, share_of, write_audit
from sim.model import CampaignModel
from sim.runs.audit import Auditors, AuditPlan, DigestDiffersError
from sim.runs.audit import audit as audit_world
from sim.runs.build import scenario_of
from sim.runs.face import audit, simulate
from sim.runs.families import result_of
from sim.scenario.files import compose
from sim.scenario.schema import ScenarioError
from sim.world.actions import Visits
from sim.world.graph import rewired
from sim.world.newcomers import quietest
from sim.world.platform import NOBODY
from sim.world.truth import ORDINARY
from tests.worlds import SMALL, STAGED, small_scenario

REQUEST = ["scenario=classroom", "campaign=coordinated", *SMALL, *STAGED, "scale=0.0000223", "days=4"]
QUESTION = {"accounts": 4, "minutes": 30.0, "day": None, "days": 2}


def edges(graph) -> set[tuple[int, int]]:
    """Who follows whom, the added follows included."""
    found = {
        (user, int(author))
        for user in range(len(graph.following_start) - 1)
        for author in graph.following[graph.following_start[user] : graph.following_start[user + 1]]
    }
    for user, link in enumerate(graph.newest_added.tolist()):
        while link != NOBODY:
            found.add((user, int(graph.added_author[link])))
            link = int(graph.added_before[link])
    return found


def test_rewired_graph_is_the_old_one_but_for_the_fresh_accounts() -> None:
    model = CampaignModel(small_scenario())
    model.run_until(40)
    graph, followers = model.world.platform.graph, model.world.platform.accounts.followers.copy()
    assert graph.added > 0
    users = np.sort(np.unique([*np.flatnonzero(graph.newest_added >= 0)[:2].tolist(), 0, 57, 199])).astype(np.int32)
    followed = np.sort(np.asarray(model.headquarters.officials, dtype=np.int32))
    new, fresh = rewired(graph, followers, users, followed), set(users.tolist())
    kept = {(u, a) for u, a in edges(graph) if u not in fresh and a not in fresh}
    assert edges(new) - {(u, a) for u, a in edges(new) if a in fresh} == kept | {
        (u, int(a)) for u in fresh for a in followed
    }
    for user in range(len(new.following_start) - 1):
        row = new.following[new.following_start[user] : new.following_start[user + 1]]
        assert (np.diff(row) > 0).all()
        back = new.followers[new.followers_start[user] : new.followers_start[user + 1]]
        assert all(user in new.following[new.following_start[f] : new.following_start[f + 1]] for f in back)
    count = np.bincount([a for _, a in edges(new)], minlength=len(followers))
    assert (followers == count)[[a for a in range(len(followers)) if a not in fresh]].all()


@pytest.mark.parametrize("recommender", ["staged_audience", "chronological", "popularity", "interest"])
def test_fresh_accounts_inherit_nothing_and_leave_the_original_alone(recommender: str) -> None:
    model = CampaignModel(small_scenario(recommender=recommender, more=("population.never_post=0.8",)))
    model.run_until(40)
    other = copy.deepcopy(model)
    accounts = other.open_accounts(6)
    world, minds = other.world, other.world.minds
    assert (model.world.truth.role[accounts] == ORDINARY).all()
    assert (model.world.minds.posting[accounts] == 0).all()
    assert len(set((accounts // world.platform.block_users).tolist())) == 6  # one a block
    assert (minds.awareness[accounts] == 0).all()
    assert (minds.interest[accounts] == minds.interest[accounts[0]]).all()
    assert len(np.unique(minds.key)) == len(minds.key)
    assert (world.platform.accounts.inbox[accounts] == NOBODY).all()
    for account in accounts:
        assert sum(world.platform.graph.follows(int(account), a) for a in range(len(minds.key))) == len(other.officials)
    if "taste" in world.beliefs.accounts:
        assert (world.beliefs.accounts["taste"][accounts] == 0).all()
        size = world.platform.block_users
        sums = world.beliefs.accounts["taste"].reshape(-1, size, minds.interest.shape[1]).sum(axis=1)
        assert np.array_equal(world.beliefs.rest["taste_sums"], sums)
    before = result_of(model, "", 0.0)["run"]["digest"]
    other.guests = Auditors(3, accounts, 30.0)
    other.run_until(other.clock.end)
    assert result_of(model, "", 0.0)["run"]["digest"] == before
    model.run_until(model.clock.end)
    alone = CampaignModel(small_scenario(recommender=recommender, more=("population.never_post=0.8",)))
    alone.run_until(alone.clock.end)
    assert result_of(model, "", 0.0)["run"]["digest"] == result_of(alone, "", 0.0)["run"]["digest"]


def test_the_quietest_make_place() -> None:
    model = CampaignModel(small_scenario(more=("population.never_post=0.8",)))
    world = model.world
    places = quietest(world, 5)
    watched = world.minds.sessions * (world.minds.videos + 1)
    free = (world.minds.posting == 0) & (world.truth.role == ORDINARY) & (world.minds.returns <= 0)
    for place in places:
        block = np.arange(len(free)) // 20 == place // 20
        assert watched[place] == watched[block & free].min()
    assert len(quietest(world, 15)) == 15  # two in some blocks


def test_auditors_come_on_time_and_in_order() -> None:
    visits = Visits(*(np.array(x, dtype=kind) for x, kind in (
        ([3, 8, 20], np.int32), ([5, 6, 7], np.int32), ([1, 2, 3], np.uint32), ([0, 0, 0], np.int32))))  # fmt: skip
    guests = Auditors(1, np.array([4, 9, 30], dtype=np.int32), 30.0)  # 120 videos: 72 and 48
    assert guests.join(visits, 17) is visits
    first, second = guests.join(visits, 18), guests.join(visits, 24 + 19)
    assert first.visitors.tolist() == [3, 4, 8, 9, 20, 30]
    assert first.videos.tolist() == [5, 72, 6, 72, 7, 72]
    assert second.videos.tolist() == [5, 48, 6, 48, 7, 48]
    assert first.luck.dtype == np.uint32
    assert first.luck[1] != first.luck[3]
    assert guests.join(visits, 20) is visits


def test_others_hardly_notice() -> None:
    scenario = small_scenario(users=400, days=4)
    model = CampaignModel(scenario)
    model.run_until(48)
    other = copy.deepcopy(model)
    other.guests = Auditors(3, other.open_accounts(4), 30.0)
    for m in (model, other):
        m.run_until(m.clock.end)
    one, two = (m.observer.total("impressions_all") for m in (model, other))
    days = 3  # 120 videos a day for each of four, where the feeds hold as many
    assert abs(two - one) < 4 * days * 120 + 0.01 * one


@pytest.fixture(scope="module")
def recorded(tmp_path_factory) -> Path:
    """A folder as `groundswell run` leaves it."""
    folder, document = tmp_path_factory.mktemp("run"), compose(REQUEST)
    simulate(scenario_of(document)).write(folder, document)
    return folder


def test_audit_replays_the_world_and_reports_shares_with_intervals(recorded: Path, tmp_path: Path) -> None:
    found, plan, scenario = audit(recorded, QUESTION)
    assert plan.day == 3
    assert found.digest == json.loads((recorded / "manifest.json").read_text())["digest"]
    again, *_ = audit(recorded, QUESTION)
    assert again.videos.equals(found.videos)
    assert set(found.videos["day"]) == {3, 4}
    assert found.videos.groupby(["account", "day"]).size().max() <= 120
    assert sum(found.everyone) == pytest.approx(1.0)
    summary = write_audit(tmp_path, recorded, found, plan, scenario)
    political = found.videos[found.videos["candidate"] >= 0]
    assert summary["political"] == len(political) > 20
    assert sum(row["share"] for row in summary["shares"]) == pytest.approx(1.0)
    assert all(0 <= row["low"] <= row["share"] <= row["high"] <= 1 for row in summary["shares"])
    assert json.loads((tmp_path / "audit.json").read_text()) == summary
    assert len(pd.read_parquet(tmp_path / "videos.parquet")) == len(found.videos)
    page = (tmp_path / "audit.html").read_text()
    assert "no evidence about any real account" in page
    assert "fresh accounts" in page
    for outside in ("src=", "<link", "<script", "url(http", "@import"):
        assert outside not in page
    assert "as recorded" in in_words(summary)


def test_share_is_clustered_by_account() -> None:
    """Two accounts: 3 of 4 and 1 of 4. Ratio 4/8; leave-one-out values .25 and .75: jackknife error .25."""
    videos = pd.DataFrame({
        "account": [0] * 4 + [1] * 4 + [0, 1], "candidate": [0, 0, 0, 1, 0, 1, 1, 1, -1, -1],
    })  # fmt: skip
    found = share_of(videos, 0, 2)
    assert found.value == 0.5
    assert found.paired_sd == pytest.approx(0.25)
    assert (found.low, found.high) == (0.0, 1.0)  # t of one degree of freedom, within the bounds of a share
    assert share_of(videos[videos["candidate"] < 0], 0, 2) is None


def test_another_digest_is_told_and_nothing_is_reported(recorded: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    wrong.mkdir()
    for name in ("config.yaml", "manifest.json"):
        (wrong / name).write_text((recorded / name).read_text())
    document = yaml.safe_load((wrong / "config.yaml").read_text())
    (wrong / "config.yaml").write_text(yaml.safe_dump({**document, "seed": 77}))
    with pytest.raises(DigestDiffersError, match="digest"):
        audit(wrong, QUESTION)
    said = subprocess.run(
        [sys.executable, "-m", "sim", "audit", str(wrong), "--days", "1"], capture_output=True, text=True
    )
    assert said.returncode == 1
    assert "has digest" in said.stderr
    assert "Traceback" not in said.stderr
    assert not (wrong / "audit").exists()


def bad_folders(folder: Path, recorded: Path) -> list[tuple[Path, str]]:
    """Folders that are no run's, and what is said of each."""
    comparison, broken, evil = folder / "comparison", folder / "broken", folder / "evil"
    config = (recorded / "config.yaml").read_text()
    for path in (comparison, broken, evil):
        path.mkdir()
        (path / "config.yaml").write_text(config)
        (path / "manifest.json").write_text((recorded / "manifest.json").read_text())
    (comparison / "manifest.json").write_text('{"arms": [], "digest": "x"}')
    (broken / "config.yaml").write_text("a: [1")
    (evil / "config.yaml").write_text(config.replace("sim.tactics.hire_influencers.HireInfluencers", "os.system"))
    return [
        (folder / "nothing", "holds no config.yaml"), (comparison, "not compare"), (broken, "broken YAML"),
        (evil, "os.system"),
    ]  # fmt: skip


def test_a_wrong_folder_or_question_is_said_in_one_message(recorded: Path, tmp_path: Path) -> None:
    for path, said in bad_folders(tmp_path, recorded):
        with pytest.raises(ScenarioError, match=said):
            audit(path, QUESTION)
    for wrong in ({"accounts": 1}, {"minutes": 0.0}, {"day": 4}, {"days": 9}, {"accounts": 5000}):
        with pytest.raises(ScenarioError):
            audit(recorded, {**QUESTION, **wrong})
    told = subprocess.run(
        [sys.executable, "-m", "sim", "audit", str(tmp_path / "nothing")], capture_output=True, text=True
    )
    assert told.returncode == 2
    assert len(told.stderr.strip().splitlines()) <= 2


def test_plan_is_checked_before_anything_is_simulated() -> None:
    with pytest.raises(ScenarioError, match="--day 2 --days 2"):
        audit_world(small_scenario(), "x", AuditPlan(2, 10.0, 2, 2))
