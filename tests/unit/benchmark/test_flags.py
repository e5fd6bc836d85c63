"""Flags as people hand them in: what can be told is told, what cannot is refused in one line."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest

from analysis.benchmark import flags as reading
from analysis.benchmark.flags import read_flags
from sim.scenario.schema import ScenarioError

ACCOUNTS: Mapping[str, set[int]] = {"test_01": {1, 2, 3}, "test_02": {1, 2, 3, 4}}


def read(path: Path, text: str) -> tuple[list[list[object]], int]:
    path.write_text(text)
    rows, repeated = read_flags(path, ACCOUNTS)
    return rows.astype(object).where(rows.notna(), None).to_numpy().tolist(), repeated


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_a_file_of_all_worlds(separator: str, tmp_path: Path) -> None:
    text = "account_id,world,hour,score\n2,test_01,5,0.25\n4,test_02,,1e3\n".replace(",", separator)
    assert read(tmp_path / "flags.csv", text) == ([["test_01", 2, 0.25, 5.0], ["test_02", 4, 1000.0, None]], 0)


def test_score_and_hour_may_be_missing_and_so_may_flags(tmp_path: Path) -> None:
    assert read(tmp_path / "flags.csv", "world,account_id\ntest_01,1\n") == ([["test_01", 1, None, None]], 0)
    assert read(tmp_path / "flags.csv", "world,account_id\n") == ([], 0)


def test_an_account_counts_once_by_its_highest_score_and_earliest_hour(tmp_path: Path) -> None:
    text = "world,account_id,score,hour\ntest_01,1,.5,9\ntest_01,1,.7,12\ntest_02,1,.1,3\n"
    assert read(tmp_path / "flags.csv", text) == ([["test_01", 1, 0.7, 9.0], ["test_02", 1, 0.1, 3.0]], 1)


def test_a_folder_with_a_file_a_world(tmp_path: Path) -> None:
    (tmp_path / "test_01.csv").write_text("account_id\n3\n")
    pd.DataFrame({"account_id": [1, 4], "hour": [0, 7]}).to_csv(tmp_path / "test_02.csv.gz", index=False)
    rows, repeated = read_flags(tmp_path, ACCOUNTS)
    assert rows[["world", "account_id"]].to_numpy().tolist() == [["test_01", 3], ["test_02", 1], ["test_02", 4]]
    assert repeated == 0
    (tmp_path / "test_03.csv").write_text("account_id\n3\n")
    with pytest.raises(ScenarioError, match=r"a file for 'test_03' given; did you mean test_0"):
        read_flags(tmp_path, ACCOUNTS)


def test_parquet_as_well(tmp_path: Path) -> None:
    pd.DataFrame({"world": ["test_02"], "account_id": [4], "score": [0.5]}).to_parquet(tmp_path / "flags.parquet")
    assert read_flags(tmp_path / "flags.parquet", ACCOUNTS)[0].iloc[0, :3].tolist() == ["test_02", 4, 0.5]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("world,account\ntest_01,1\n", "is account meant"),
        ("world,account_id\ntest_9,1\n", r"'test_9' given in row 1; did you mean test_0"),
        (
            "world,account_id\ntest_01,1\ntest_01,4\n",
            r"account_id: '4' given in row 2; allowed are the accounts of test_01",
        ),
        ("world,account_id\ntest_01,1.0\n", r"'1.0' given in row 1"),
        ("world,account_id\ntest_01,1e0\n", r"'1e0' given in row 1"),
        ("world,account_id\ntest_01,\n", r"account_id: '' given in row 1"),
        ("world,account_id\ntest_01," + "9" * 40 + "\n", "given in row 1"),
        ("world,account_id,score\ntest_01,1,much\n", r"score: 'much' given in row 1; allowed a finite number"),
        ("world,account_id,score\ntest_01,1,inf\n", "score: 'inf' given in row 1"),
        ("world,account_id,score\ntest_01,1,nan\n", "score: 'nan' given in row 1"),
        ("world,account_id,hour\ntest_01,1,-1\n", r"hour: '-1' given in row 1; allowed whole hours"),
        ("world,account_id,hour\ntest_01,1,1.5\n", "hour: '1.5' given in row 1"),
        ("world,account_id\ntest_01,1\ntest_01,1,7\n", "1 rows with a wrong number of fields"),
        ("world,account_id,score,score\ntest_01,1,1,2\n", "score is there more than once"),
        ("", "cannot be read|is missing"),
        ("PK\x03\x04", "ZIP"),
    ],
)
def test_what_is_wrong_is_named(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=message) as error:
        read(tmp_path / "flags.csv", text)
    assert "\n" not in str(error.value)


def test_no_file_an_empty_folder_and_one_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ScenarioError, match="that exists"):
        read_flags(tmp_path / "nothing.csv", ACCOUNTS)
    with pytest.raises(ScenarioError, match="a folder without a file"):
        read_flags(tmp_path, ACCOUNTS)
    monkeypatch.setattr(reading, "BYTES_MOST", 10)
    with pytest.raises(ScenarioError, match="more than 10 bytes"):
        read(tmp_path / "flags.csv", "world,account_id\ntest_01,1\n")
