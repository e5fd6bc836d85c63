"""A benchmark is the same bits wherever it is made, goes on from what is finished, and tells roles by its labels only."""

import gzip
import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.benchmark import write
from analysis.benchmark.benchmark import write_benchmark
from analysis.benchmark.load import load, open_benchmark
from analysis.benchmark.manifest import MANIFEST
from analysis.benchmark.plan import NO_SIZE, OPEN, Order, Planned, check_salt, planned, settings
from analysis.benchmark.tables import COLUMNS, INNOCENT, dealt, hash_of
from analysis.benchmark.write import write_worlds
from sim.cli.command import app, status_of
from sim.runs.recording.folders import held
from sim.scenario.schema import ScenarioError
from sim.world.population import numbers
from tests.unit.benchmark.conftest import SMALL

# Of the worlds of SMALL, by what their files say. A change of the model changes it, and with it every benchmark: say so in the change.
DIGEST = "c61d3ee2ff5e816974a971ee144a9c491f95dd56d0190e723dd072182de10bec"


def command(*words: object) -> int:
    return status_of(lambda: app([str(word) for word in words], prog_name="groundswell", standalone_mode=False))


def said(folder: Path) -> dict[str, str]:
    """What every public and sealed file says, by name."""
    files = [path for part in ("public", "sealed") for path in (folder / part).iterdir()]
    return {
        path.name: hash_of(gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes())
        for path in files
    }


def test_a_small_level_has_the_hash_that_it_had(small: Path) -> None:
    assert json.loads((small / "public" / MANIFEST).read_text())["digest"] == DIGEST


@pytest.mark.slow
def test_written_again_elsewhere_it_is_the_same(small: Path, tmp_path: Path) -> None:
    write_benchmark(Order(SMALL, OPEN), tmp_path, None, lambda line: None)
    assert said(tmp_path) == said(small)
    assert all(
        (small / "public" / path.name).read_bytes() == path.read_bytes() for path in (tmp_path / "public").iterdir()
    )


def test_the_manifest_lists_all_that_is_handed_on(small: Path) -> None:
    manifest, names = (
        json.loads((small / "public" / MANIFEST).read_text()),
        {path.name for path in (small / "public").iterdir()},
    )
    assert set(manifest["files"]) == names - {MANIFEST}
    for name, listed in manifest["files"].items():
        content = (small / "public" / name).read_bytes()
        assert (len(content), hash_of(content)) == (listed["bytes"], listed["sha256"])
    assert {"DATASHEET.md", "LICENCE.md"} < names
    assert not [name for name in names if name.startswith("test_") and "labels" in name]


def test_it_goes_on_from_what_is_finished(small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(small, tmp_path, dirs_exist_ok=True)
    (tmp_path / "public" / "training_02.events.csv.gz").write_bytes(b"cut")
    (tmp_path / "finished" / "test_01.json").unlink()
    written, whole = [], write._write_world
    monkeypatch.setattr(
        write, "_write_world", lambda world, out, key: written.append(world.name) or whole(world, out, key)
    )
    write_benchmark(Order(SMALL, OPEN), tmp_path, None, lambda line: None)
    assert written == ["training_02", "test_01"]
    assert said(tmp_path) == said(small)


def test_while_worlds_are_missing_there_is_no_manifest(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(small, tmp_path, dirs_exist_ok=True)
    (tmp_path / "finished" / "test_01.json").unlink()

    def fails(world: Planned, out: Path, key: str) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(write, "_write_world", fails)
    with pytest.raises(OSError, match="full"):
        write_worlds(Order(SMALL, OPEN), tmp_path)
    with pytest.raises(ScenarioError, match="allowed a folder that benchmark has written"):
        open_benchmark(tmp_path)


def test_a_folder_holds_one_benchmark_and_has_one_writer(
    small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ScenarioError, match="another version, design or salt"):
        write_worlds(Order(SMALL, "a salt of sixteen"), small)
    with held(tmp_path / "mine"):
        pass
    (tmp_path / "file").touch()
    assert command("benchmark", tmp_path / "file", "--quick") == 2
    assert "allowed a folder that can be written" in capsys.readouterr().err


def test_all_worlds_have_as_many_accounts() -> None:
    """Else their number would tell the size, or that there is no campaign."""
    for design in (settings().whole, settings().quick):
        one_of_each = {
            w.words[len(design.words) + 2 :]: w for w in planned(design, OPEN)
        }.values()  # by the words of its size
        counts = {numbers(s.population, s.scale, s.clock.end).accounts for s in (w.scenario for w in one_of_each)}
        assert (len(one_of_each), len(counts)) == (len(design.sizes), 1)


def test_the_salt_makes_test_worlds_and_leaves_training_worlds(small: Path) -> None:
    one, other = planned(settings().whole, OPEN), planned(settings().whole, "another salt, of twenty")
    by_set = [[w for w in worlds if w.set == "training"] for worlds in (one, other)]
    assert by_set[0] == by_set[1]
    tests = [[w for w in worlds if w.set == "test"] for worlds in (one, other)]
    assert not {w.seed for w in tests[0]} & {w.seed for w in tests[1]}
    assert [w.level for w in tests[0]] != [w.level for w in tests[1]]  # their order is by lot as well
    assert sorted(w.words for w in tests[0]) == sorted(w.words for w in tests[1])
    assert len({w.seed for w in one}) == len(one)
    public = (small / "public" / "test.csv").read_text()
    assert "clumsy" not in public
    assert "large" not in public
    assert {w.size for w in one if w.level == settings().quiet} == {NO_SIZE}


def test_names_are_dealt_by_lot() -> None:
    place = dealt("secret", "account", 1000)
    assert sorted(place) == list(range(1000))
    assert (dealt("secret", "account", 1000) == place).all()
    assert (dealt("other", "account", 1000) != place).mean() > 0.9
    assert abs(stats.spearmanr(place, np.arange(1000)).statistic) < 0.1


def test_nothing_but_labels_tells_a_role(small: Path) -> None:
    """Tables have the stated columns; names, and places in the tables, of directed accounts are spread like anybody's."""
    for world in ("training_01", "test_01", "test_02"):
        log = load(small, world)
        for name, columns in COLUMNS.items():
            assert tuple(getattr(log, name).columns) == columns
        assert set(log.events["object_id"].str.partition(":")[0]) <= {*settings().everywhere, *settings().on_election}
        assert log.accounts["account_id"].tolist() == list(range(1, len(log.accounts) + 1))
        kind = log.labels.set_index("account_id")["kind"]
        assert ((log.labels["coordinated"] == 1) == log.labels["kind"].isin(["operated", "vendor"])).all()
        directed = kind.index[kind.isin(["operated", "vendor", "unused"])]
        assert stats.kstest(directed, "uniform", args=(0.5, len(kind))).pvalue > 0.01
        order = log.events[["timestamp_share", "account_id", "object_id"]]
        assert order.equals(order.sort_values(list(order.columns), ignore_index=True))
        assert log.events["content_id"].tolist() == list(range(len(log.events)))


def test_labels_are_those_of_the_model(small: Path) -> None:
    worlds = open_benchmark(small).labelled("training").set_index("level")
    campaign, quiet = (load(small, worlds.loc[level, "world"]) for level in ("clumsy", "quiet"))
    assert campaign.labels is not None
    assert quiet.labels is not None
    kinds = campaign.labels["kind"].value_counts()
    assert (kinds["operated"], kinds["official"]) == (worlds.loc["clumsy", "operated"], 11)
    assert campaign.labels["kind"].isin(INNOCENT).sum() == worlds.loc["clumsy", "genuine"]
    assert quiet.labels["coordinated"].sum() == 0
    active = set(quiet.events["account_id"])
    assert not active & set(quiet.labels.loc[quiet.labels["kind"] == "unused", "account_id"])
    assert set(campaign.labels.loc[campaign.labels["coordinated"] == 1, "account_id"]) <= set(
        campaign.events["account_id"]
    )
    times = campaign.events["timestamp_share"]
    assert worlds.loc["clumsy", "first"] <= times.min() <= times.max() < worlds.loc["clumsy", "last"]
    assert pd.to_datetime(campaign.accounts["created"]).max() <= pd.Timestamp(int(times.max()), unit="s")


def test_what_was_changed_is_not_read(small: Path, tmp_path: Path) -> None:
    shutil.copytree(small, tmp_path, dirs_exist_ok=True)
    path = tmp_path / "public" / "training_01.labels.csv.gz"
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes()).replace(b"vendor", b"ordinary")))
    with pytest.raises(ScenarioError, match="is not what its manifest says"):
        load(tmp_path, "training_01")
    path.write_bytes(path.read_bytes()[:-20] + b"20 bytes of nonsense")
    with pytest.raises(ScenarioError, match="cannot be read"):
        load(tmp_path, "training_01")
    (tmp_path / "sealed" / "test.csv").write_text(
        (tmp_path / "sealed" / "test.csv").read_text().replace("clumsy", "careful")
    )
    with pytest.raises(ScenarioError, match="does not belong to"):
        open_benchmark(tmp_path)


def test_without_the_sealed_part_test_worlds_have_no_labels(small: Path, tmp_path: Path) -> None:
    shutil.copytree(small / "public", tmp_path / "handed_on")
    assert load(tmp_path / "handed_on", "test_01").labels is None
    assert load(tmp_path / "handed_on", "training_01").labels is not None
    assert load(tmp_path / "handed_on", "test_01", small / "sealed").labels is not None
    with pytest.raises(ScenarioError, match=r"world 'test_99' given; did you mean test_0"):
        load(tmp_path / "handed_on", "test_99")
    with pytest.raises(ScenarioError, match="--sealed"):
        load(tmp_path / "handed_on", "test_01", tmp_path)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--level", "carefull"], "did you mean careful?"),
        (["--salt", "short"], "5 characters given, allowed 16 to 1,000"),
    ],
)
def test_a_wrong_order_is_refused_in_one_line(
    words: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("benchmark", tmp_path / "out", "--quick", *words) == 2
    said = capsys.readouterr().err
    assert message in said
    assert said.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_a_dry_run_says_the_cost_and_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command("benchmark", tmp_path / "out", "--dry-run") == 0
    said = capsys.readouterr().err
    assert said.startswith("64 worlds, about 24 minutes of one core")
    assert " MB" in said
    assert not (tmp_path / "out").exists()
    assert check_salt(None) == OPEN


def test_the_datasheet_has_its_numbers(small: Path) -> None:
    page = (small / "public" / "DATASHEET.md").read_text()
    manifest = json.loads((small / "public" / MANIFEST).read_text())
    for heading in (
        "Motivation",
        "Composition",
        "Collection process",
        "Preprocessing",
        "Uses",
        "Distribution",
        "Maintenance",
    ):
        assert f"\n## {heading}" in page
    assert manifest["digest"] in page
    assert manifest["sealed"] in page
    assert "4 worlds (2 training, 2 test), of 1 days each" in page
    assert "{" not in page


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("manifest.json", "[]", "no manifest of a benchmark"),
        ("manifest.json", '{"files": {"training.csv": 3}, "sealed": ""}', "no manifest of a benchmark"),
        ("manifest.json", '{"files": {}, "sealed": ""}', "is not what its manifest says"),
        ("manifest.json", "{", "cannot be read"),
        ("training.csv", "world,level\ntraining_01,clumsy\n", "column first is missing"),
        ("training.csv", "", "cannot be read"),
        ("training_01.accounts.csv.gz", "account_id,created,followers\nx,2024-01-01,3\n", "cannot be read"),
    ],
)
def test_a_strangers_benchmark_is_refused_in_one_line(
    small: Path, tmp_path: Path, file: str, content: str, message: str
) -> None:
    """Also one whose manifest agrees with nonsense."""
    shutil.copytree(small / "public", tmp_path, dirs_exist_ok=True)
    said = content.encode()
    (tmp_path / file).write_bytes(gzip.compress(said) if file.endswith(".gz") else said)
    if file != MANIFEST:
        manifest = json.loads((tmp_path / MANIFEST).read_text())
        manifest["files"][file]["content"] = hash_of(said)
        (tmp_path / MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(ScenarioError, match=message) as error:
        load(tmp_path, "training_01")
    assert "\n" not in str(error.value)
