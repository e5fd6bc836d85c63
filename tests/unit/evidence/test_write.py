"""The command: files appear whole, worlds that are filed are used again, and what is wrong is said in one message."""

import json
from pathlib import Path

import pandas as pd
import pytest

from analysis.evidence import rules as rules_of
from analysis.evidence.write import VIEWERS, Options, request_of
from sim.cli.command import app, status_of
from sim.runs.crates.repeating import repeatable
from tests.worlds import SMALL, STAGED

FILES = (
    "evidence.html",
    "evidence.json",
    "evidence_accounts.csv",
    "teaching/what_was_true.html",
    "teaching/what_was_true.json",
)
WORLD = (
    "scenario=classroom", *SMALL, *STAGED, "scale=0.000033", "days=2", "engine=serial",
)  # fmt: skip


def command(*words: object) -> int:
    return status_of(lambda: app([str(word) for word in words], prog_name="groundswell", standalone_mode=False))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("run")
    assert command("run", *WORLD, "record=standard", "regulator=early", "--out", place) == 0
    return place


def test_all_files_are_left_and_a_second_time_nothing_is_run_again(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("analysis.evidence.write.rules", lambda: _few)
    _few = _fewer(rules_of.rules())
    asked = ("evidence", folder, "--worlds", 2, "--viewer", "platform", "--out", tmp_path, "--json")
    assert command(*asked) == 0
    first = json.loads(capsys.readouterr().out)
    assert all((tmp_path / name).is_file() for name in FILES)
    assert first["viewer"] == "platform"
    assert [answer["short"] for answer in first["questions"]][2] == "Cannot be said"
    written = {path: path.stat().st_mtime_ns for path in (tmp_path / "worlds").iterdir()}
    assert len(written) == 1 + 2 * 3
    assert command(*asked) == 0
    assert json.loads(capsys.readouterr().out) == first
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "worlds").iterdir()} == written
    accounts = pd.read_csv(tmp_path / "evidence_accounts.csv")
    assert len(accounts) == len(set(accounts["account"]))
    told = json.loads((tmp_path / "teaching/what_was_true.json").read_text())
    assert told["campaign"] == "coordinated"
    evidence = (tmp_path / "evidence.html").read_text() + (tmp_path / "evidence.json").read_text()
    assert "what was true" not in evidence.lower().replace("what was true of this world lies apart", "")


def _fewer(rules: rules_of.Rules) -> rules_of.Rules:
    """Rules with two rivals and no mixture, so that a test has few worlds."""
    return rules_of.Rules(**{**vars(rules), "rivals": ("quiet", "organic_surge")})


def test_a_regulator_that_asks_is_the_viewer_where_none_is_named(folder: Path) -> None:
    asked = repeatable(folder)
    assert request_of(folder, asked.scenario, None, Options()).viewer == "regulator"
    assert [request_of(folder, asked.scenario, None, Options(viewer=viewer)).viewer for viewer in VIEWERS] == list(
        VIEWERS
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--viewer", "regulater"), "--viewer: 'regulater' given; did you mean regulator?"),
        (("--day", "soon"), "--day: 'soon' given, allowed a date such as 2024-11-22"),
        (("--day", "2019-01-01"), "--day: 2019-01-01 given, allowed 2024-11-22 to"),
        (("--seed", "9"), "--seed: 9 given, allowed 1 to 1"),
        (("--arm", "quiet/none"), "--arm: 'quiet/none' given, allowed with a folder of compare"),
        (("--alleged", "coordinatd"), "did you mean coordinated"),
        (("--alleged", "organic_surge"), "--alleged: 'organic_surge' given, allowed is a campaign that acts"),
    ],
)
def test_a_wrong_request_is_one_message(
    folder: Path, words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("evidence", folder, *words) == 2
    told = capsys.readouterr().err.strip().splitlines()
    assert len(told) == 1
    assert said in told[0]
    assert not (folder / "evidence").exists()


def test_damaged_folders_and_folders_without_a_record_are_refused(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("evidence", tmp_path) == 2
    assert "holds no config.yaml; allowed is a folder that run or compare has written" in capsys.readouterr().err
    bare = tmp_path / "bare"
    assert command("run", *WORLD, "--out", bare) == 0
    capsys.readouterr()
    assert command("evidence", bare) == 2
    assert "record: none in this folder's scenario" in capsys.readouterr().err
    cut = tmp_path / "cut"
    cut.mkdir()
    for path in folder.iterdir():
        if path.is_file():
            (cut / path.name).write_bytes(path.read_bytes())
    (cut / "manifest.json").write_text((folder / "manifest.json").read_text()[:40])
    assert command("evidence", cut) == 2
    assert "manifest.json: cannot be read" in capsys.readouterr().err
