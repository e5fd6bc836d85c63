"""Files of one world for other tools: the follow graph, share cascades, statements of reasons."""

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import networkx
import numpy as np
import pandas as pd
import pytest

from sim.cli.command import app, status_of
from sim.model import CampaignModel
from sim.moderation.base import REASONS, Policy, Suspicion
from sim.runs.build import moderation_of
from sim.runs.face import recorders, simulate
from sim.runs.interchange.cascades import CascadeFile, Share, as_graphml, last_followed
from sim.runs.interchange.follows import follows
from sim.runs.interchange.statements import CATEGORIES, COLUMNS, FILLED, StatementFile, reasons, was_judged
from sim.scenario.config import Scenario
from sim.scenario.files import compose
from sim.scenario.schema import ScenarioError
from sim.world.actions import Request
from sim.world.graph import graph_of
from sim.world.platform import NOBODY
from tests.worlds import small_scenario


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A folder with a world's files, and the world's row of the table of runs."""
    folder = tmp_path_factory.mktemp("files")
    files = {"graph": "g.parquet", "cascades": "c.parquet", "statements": "s.csv"}
    records = [
        *recorders(**{kind: folder / name for kind, name in files.items()}),
        *recorders(graph=folder / "g.graphml", cascades=folder / "c.graphml"),
    ]
    return folder, simulate(labelled(), records=records).run


def labelled() -> Scenario:
    """A world of which some posts are labelled."""
    return small_scenario(moderation="label_paid", users=300, days=3)


def test_files_change_no_result(made: tuple[Path, dict[str, Any]]) -> None:
    assert simulate(labelled()).run["digest"] == made[1]["digest"]


def test_the_graph_is_that_of_the_world_at_its_end(made: tuple[Path, dict[str, Any]]) -> None:
    model = CampaignModel(labelled())
    before = follows(model.world.platform.graph)
    assert before["at_start"].all()
    model.run_until(model.clock.end)
    graph, table = model.world.platform.graph, pd.read_parquet(made[0] / "g.parquet")
    assert (~table["at_start"]).sum() == graph.added > 0
    pd.testing.assert_frame_equal(
        table[table["at_start"]].reset_index(drop=True)[["source", "target"]], before[["source", "target"]]
    )
    assert all(graph.follows(source, target) for source, target in zip(table["source"], table["target"], strict=True))
    followers = model.world.platform.accounts.followers
    assert np.bincount(table["target"], minlength=len(followers)).tolist() == followers.tolist()


def test_graphml_and_parquet_say_the_same(made: tuple[Path, dict[str, Any]]) -> None:
    table = pd.read_parquet(made[0] / "g.parquet")
    read = networkx.read_graphml(made[0] / "g.graphml")
    account = networkx.get_node_attributes(read, "account")
    said = {(account[a], account[b], data["at_start"]) for a, b, data in read.edges(data=True)}
    assert said == set(table.itertuples(index=False, name=None))
    cascades = pd.read_parquet(made[0] / "c.parquet")
    read = networkx.read_graphml(made[0] / "c.graphml")
    data = dict(read.nodes(data=True))
    said = {(data[a]["post"], data[a]["account"], data[b]["account"], data[b]["timestamp"]) for a, b in read.edges}
    linked = cascades.dropna(subset="source")
    assert said == set(linked[["post", "source", "target", "timestamp"]].itertuples(index=False, name=None))
    assert read.number_of_nodes() == cascades["post"].nunique() + len(cascades)


def test_cascades_are_trees_of_first_shares(made: tuple[Path, dict[str, Any]]) -> None:
    table = pd.read_parquet(made[0] / "c.parquet")
    assert len(table) > 10
    assert 0 < table["source"].notna().sum() < len(table)
    assert not table.duplicated(["post", "target"]).any()
    assert (table["target"] != table["author"]).all()
    assert (table["timestamp"] > table["posted"] - 3600).all()  # an act is dated within its hour, as the record does
    known = {
        (post, target): when for post, target, when in table[["post", "target", "timestamp"]].itertuples(index=False)
    }
    for row in table.dropna(subset="source").itertuples(index=False):
        assert row.source == row.author or known[row.post, row.source] <= row.timestamp


def test_a_share_comes_from_the_last_sharer_whom_the_sharer_follows() -> None:
    graph = graph_of([(4, 1), (4, 2), (4, 3), (5, 9), (6, 0), (7, 0), (7, 1), (7, 2), (7, 3)], 10)
    known = {0: 0, 2: 1, 1: 2}  # the author, then two who shared
    assert [last_followed(graph, user, known) for user in (4, 5, 6, 7)] == [1, NOBODY, 0, 1]
    many = {account: place for place, account in enumerate((9, 8, 0, 1, 2))}
    assert [last_followed(graph, user, many) for user in (4, 5, 6, 7)] == [2, 9, 0, 2]


def test_cascades_of_no_share_are_an_empty_graph(tmp_path: Path) -> None:
    empty = pd.DataFrame([], columns=list(Share._fields), dtype="int64")
    (tmp_path / "c.graphml").write_bytes(as_graphml(empty))
    assert networkx.read_graphml(tmp_path / "c.graphml").number_of_nodes() == 0
    CascadeFile(tmp_path / "c.parquet").finish(CampaignModel(small_scenario(users=40)))
    assert list(pd.read_parquet(tmp_path / "c.parquet")) == list(Share._fields)


def test_a_statement_for_each_sanction_in_the_columns_of_the_database(made: tuple[Path, dict[str, Any]]) -> None:
    table = pd.read_csv(made[0] / "s.csv", dtype=str)
    assert list(table) == list(COLUMNS)
    assert set(table.dropna(axis=1, how="all")) <= set(FILLED)
    posts = table["platform_uid"].str.extract(r"-post-(\d+)$")[0]
    assert posts.nunique() == made[1]["posts_actioned"] > 0
    assert not pd.concat([posts, table["decision_facts"]], axis=1).duplicated().any()
    assert table["uuid"].is_unique
    assert table["platform_uid"].str.fullmatch(r"[\w-]{1,500}").all()
    assert set(table["category_specification"]) == {'["KEYWORD_HIDDEN_ADVERTISEMENT"]'}
    decided = {'["DECISION_VISIBILITY_CONTENT_LABELLED"]', '["DECISION_VISIBILITY_CONTENT_DEMOTED"]'}
    assert set(table["decision_visibility"]) == decided
    assert (pd.to_datetime(table["created_at"]) >= pd.to_datetime(table["content_date"])).all()


class Told:
    """A model of which moderation decides what a test says."""

    def __init__(self, model: CampaignModel) -> None:
        self.model = model
        model.run_until(30)
        model.suspicion.judged.add(("limit_copies", "limit", -1, 3))

    def rows(self, *hours: list[Request]) -> list[dict[str, Any]]:
        """Statements after some hours."""
        file = StatementFile(Path("s.csv"))
        file.begin(self.model)
        for decided in hours:
            self.model.decided, self.model.world.hour = decided, self.model.world.hour + 24
            file.note(self.model)
        return file.rows


def test_what_ends_within_the_run_has_an_end_and_who_decided_is_said() -> None:
    told = Told(CampaignModel(small_scenario(users=100)))
    limit, suspend = Request("limit_copies", "limit", post=3), Request("suspend_coordinated", "suspend", account=5)
    app = Request("share_friction", "friction", amount=3)
    rows = told.rows([limit, suspend, app], [suspend._replace(action="restore")], [limit._replace(action="restore")])
    assert len(rows) == 2
    assert rows[0]["automated_decision"] == "AUTOMATED_DECISION_NOT_AUTOMATED"
    assert rows[1]["automated_decision"] == "AUTOMATED_DECISION_FULLY"
    days = [pd.Timestamp(row["application_date"]) for row in rows]
    assert pd.Timestamp(rows[0]["end_date_visibility_restriction"]) == days[0] + pd.Timedelta(days=2)
    assert pd.Timestamp(rows[1]["end_date_account_restriction"]) == days[1] + pd.Timedelta(days=1)
    assert json.loads(rows[1]["content_type"]) == ["CONTENT_TYPE_OTHER"]


def test_every_policy_has_a_reason_that_the_database_knows() -> None:
    assert set(CATEGORIES) == set(REASONS)
    for name in ("remove_reported", "package_strict", "take_down", "suspend_coordinated"):
        for policy in moderation_of(
            compose(["scenario=classroom", f"moderation={name}"])["moderation"], ()
        ).policies.values():
            assert isinstance(policy, Policy)
            assert policy.reason in REASONS
            said = reasons(name, policy)
            assert set(said) <= set(FILLED)
            assert (said["decision_ground"] == "DECISION_GROUND_ILLEGAL_CONTENT") == (policy.reason == "unlawful")
    assert reasons("strikes", None)["category"] == "STATEMENT_CATEGORY_OTHER_VIOLATION_TC"


def test_a_policy_of_ones_own_may_say_nothing_and_nothing_that_is_unknown() -> None:
    class Plain:
        """Has a verb only."""

    scenario = labelled()
    for policy, fails in ((Plain(), False), (SimpleNamespace(reason="spite"), True)):
        own = replace(scenario, moderation=replace(scenario.moderation, policies={"own": policy}))
        model, file = SimpleNamespace(rules=own), StatementFile(Path("s.csv"))
        if fails:
            with pytest.raises(ScenarioError, match="policy own: reason 'spite' given, allowed rules"):
                file.begin(model)
        else:
            file.begin(model)
    assert reasons("own", Plain())["incompatible_content_explanation"] == "Has a verb only."


def test_who_decided_is_left_open_where_a_desk_does_not_say() -> None:
    request = Request("limit_copies", "limit", post=3)
    assert was_judged(request, Suspicion()) is False
    assert was_judged(request, Suspicion(reviews=2)) is None
    suspicion = Suspicion()
    suspicion.review(request._replace(action="hold"))
    assert was_judged(request, suspicion) is True
    assert was_judged(request._replace(action="hold"), suspicion) is False


def test_a_desk_notes_what_a_person_has_reviewed() -> None:
    desk = {"delay": 0, "capacity": 1e9, "reviewed": 0.5}
    scenario = labelled()
    model = CampaignModel(
        replace(scenario, moderation=replace(scenario.moderation, desk=replace(scenario.moderation.desk, **desk)))
    )
    model.run_until(model.clock.end)
    assert len(model.suspicion.judged) == model.suspicion.reviews > 0


@pytest.mark.parametrize(("words", "said"), [
    (["--graph", "a.gexf"], "--graph: a.gexf given, allowed a file that ends with .graphml or .parquet"),
    (["--cascades", "a"], "--cascades: a given, allowed a file that ends with .graphml or .parquet"),
    (["--statements", "a.parquet"], "--statements: a.parquet given, allowed a file that ends with .csv"),
    (["--graph", "a.parquet", "--cascades", "./a.parquet"], "one file given for two"),
    (["--graph", "/dev/null/a.parquet"], "allowed a file in a folder that can be written"),
    (["--graph", "a.graphml", "scale=1"], "allowed up to 100,000; name a .parquet file"),
])  # fmt: skip
def test_files_that_cannot_be_written_are_refused_before_any_work(
    words: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    words = ["run", "scenario=classroom", *words]
    assert status_of(lambda: app(words, prog_name="groundswell", standalone_mode=False)) == 2
    message = capsys.readouterr().err
    assert said in message
    assert message.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_world_that_fails_leaves_no_file(tmp_path: Path) -> None:
    def fail(done: int, total: int) -> None:
        raise RuntimeError("the disk is full")

    files = {"events": "e.parquet", "graph": "g.graphml", "cascades": "c.parquet", "statements": "s.csv"}
    with pytest.raises(RuntimeError, match="the disk is full"):
        simulate(small_scenario(users=100), fail, recorders(**{kind: tmp_path / name for kind, name in files.items()}))
    assert list(tmp_path.iterdir()) == []


def test_roles_stand_in_no_file(made: tuple[Path, dict[str, Any]]) -> None:
    """What marks an account is its conduct alone."""
    for name in ("g.parquet", "c.parquet"):
        assert np.all([kind.kind in "iub" or str(kind) == "Int64" for kind in pd.read_parquet(made[0] / name).dtypes])
    assert not {"role", "genuine", "label"} & {*pd.read_parquet(made[0] / "g.parquet"), *COLUMNS}


def test_check_files_takes_none() -> None:
    from sim.runs.interchange import check_files

    check_files({"--graph": None, "--cascades": None}, small_scenario())
    with pytest.raises(ScenarioError, match="allowed a file in a folder"):
        check_files({"--graph": Path("/proc/version/a.parquet")}, small_scenario())
