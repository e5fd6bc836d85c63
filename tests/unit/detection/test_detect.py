"""Who acted together, against a log solved by hand, a brute-force twin, and what chance alone gives."""

import itertools
import json
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.detection.detect import Detection, Question, detect, object_weights
from analysis.detection.share_log import ShareLog, read_share_log
from sim.cli.command import app, status_of
from sim.kernels.coaction import ONE
from sim.scenario.schema import ScenarioError

HEADER = "object_id,account_id,content_id,timestamp_share"
BY_HAND = [  # object, account, second
    ("x", "ann", 1000), ("x", "bob", 1060),  # 60 s: inside the window
    ("x", "cid", 1121),                      # 61 s after bob: outside
    ("x", "ann", 1002),                      # ann again: never a pair with herself, and x counts once with bob
    ("y", "bob", 5000), ("y", "ann", 5000), ("y", "cid", 5030),
    ("z", "cid", 9000), ("z", "bob", 9010),  # the second object of bob and cid, after y
    ("u", "dan", 2000), ("v", "dan", 2000), ("u", "eve", 2001),  # one object in common only
]  # fmt: skip


def written(path: Path, rows: Sequence[tuple[Any, Any, int]]) -> Path:
    lines = [f"{object_},{account},{n},{second}" for n, (object_, account, second) in enumerate(rows)]
    path.write_text("\n".join([HEADER, *lines]) + "\n")
    return path


def log_of(rows: Sequence[tuple[int, int, int]]) -> ShareLog:
    """A log of numbers; every number below the highest has a name."""
    object_, account, second = np.array(sorted((o, s, a) for o, a, s in rows), dtype=np.int64).T[[0, 2, 1]]
    names = [np.array([str(n) for n in range(column.max() + 1)], dtype=object) for column in (object_, account)]
    return ShareLog(object_, account, second, *names)


def asked(window: int = 60, repetitions: int = 2, correct: bool = False, draws: int = 20, seed: int = 1) -> Question:
    return Question(window, repetitions, correct, draws, seed)


def twin(rows: Sequence[tuple[int, int, int]], window: int) -> dict[tuple[int, int], tuple[set[int], int, int]]:
    """Every pair with an act in common: objects, second of the first and last act in common."""
    found: dict[tuple[int, int], tuple[set[int], int, int]] = {}
    for (o, a, s), (p, b, t) in itertools.combinations(rows, 2):
        if o == p and a != b and abs(s - t) <= window:
            objects, first, last = found.get((min(a, b), max(a, b)), (set(), s, s))
            found[min(a, b), max(a, b)] = (objects | {o}, min(first, s, t), max(last, s, t))
    return found


def answer(path: Path, folder: Path, **question: Any) -> dict[str, Any]:
    full = {"window": 60, "repetitions": 2, "correct_popularity": False, "draws": 3, "seed": 1, **question}
    return detect(path, lambda: folder, full)


def test_twelve_rows_solved_by_hand(tmp_path: Path) -> None:
    summary = answer(written(tmp_path / "log.csv", BY_HAND), tmp_path)
    assert [summary[key] for key in ("rows", "accounts", "pairs", "groups")] == [12, 3, 2, 1]
    assert (tmp_path / "pairs.csv").read_text().splitlines() == [
        "account_a,account_b,objects,first,last", "ann,bob,2,1000,5000", "bob,cid,2,5000,9010"]  # fmt: skip
    assert (tmp_path / "accounts.csv").read_text().splitlines() == [
        "account,pairs,objects,group", "ann,1,2,1", "bob,2,3,1", "cid,1,2,1"]  # fmt: skip
    assert (tmp_path / "groups.csv").read_text().splitlines() == ["group,accounts,pairs,first,last", "1,3,2,1000,9010"]
    assert json.loads((tmp_path / "summary.json").read_text()) == summary


def test_window_is_inclusive_and_repetitions_are_objects(tmp_path: Path) -> None:
    path = written(tmp_path / "log.csv", BY_HAND)
    assert answer(path, tmp_path, window=59)["pairs"] == 2  # ann's second act on x is 58 s from bob's
    assert answer(path, tmp_path, window=57)["pairs"] == 1
    assert answer(path, tmp_path, window=61, repetitions=3)["pairs"] == 1  # bob and cid, now on x too
    assert answer(path, tmp_path, repetitions=3)["pairs"] == 0
    assert answer(path, tmp_path, repetitions=1)["pairs"] == 4  # ann and cid on y, dan and eve on u
    assert answer(path, tmp_path, window=0, repetitions=1)["pairs"] == 1


def test_nobody_acts_together_alone_nor_twice_on_one_object() -> None:
    alone = [(n, 0, 10 * k) for n in range(5) for k in range(5)]
    assert len(Detection(log_of(alone), asked()).pairs) == 0
    often = [(0, k % 2, 10 * k) for k in range(40)]
    assert len(Detection(log_of(often), asked()).pairs) == 0


ROWS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 7), st.integers(0, 400)), min_size=1, max_size=90)


@settings(max_examples=150, deadline=None)
@given(ROWS, st.integers(0, 120), st.integers(1, 4), st.integers(1, 5))
def test_equals_the_twin_on_any_log(
    rows: list[tuple[int, int, int]], window: int, repetitions: int, lanes: int
) -> None:
    expected = {pair: x for pair, x in twin(rows, window).items() if len(x[0]) >= repetitions}
    detection = Detection(log_of(rows), asked(window, repetitions))
    detection.lanes = lanes
    listed = [tuple(row) for row in detection.pairs.to_numpy().tolist()]
    assert listed == [(*pair, len(x[0]), x[1], x[2]) for pair, x in sorted(expected.items())]
    together: dict[int, set[int]] = defaultdict(set)
    for pair, (objects, _, _) in expected.items():
        for account in pair:
            together[account] |= objects
    table = detection.accounts().set_index("account")
    assert table["objects"].to_dict() == {account: len(objects) for account, objects in together.items()}
    assert all(table["group"][a] == table["group"][b] for a, b in expected)
    higher, in_pair = detection.count(detection.acts(detection.shares.account)[0])
    assert (higher.sum(), in_pair) == (len(expected), len(together))


@pytest.mark.parametrize("seed", range(3))
def test_order_of_rows_and_form_of_the_file_are_irrelevant(tmp_path: Path, seed: int) -> None:
    luck = np.random.default_rng(seed)
    rows = [(int(o), int(a), int(s)) for o, a, s in zip(*luck.integers(0, [[30], [40], [4000]], (3, 600)), strict=True)]
    one = answer(written(tmp_path / "log.csv", rows), tmp_path / "one", window=120)
    luck.shuffle(rows)
    object_, account, second = zip(*rows, strict=True)
    columns = {"object_id": object_, "account_id": account, "content_id": range(600), "timestamp_share": second}
    pd.DataFrame(columns).to_parquet(tmp_path / "log.parquet")
    two = answer(tmp_path / "log.parquet", tmp_path / "two", window=120)
    assert one["pairs"] > 0
    nameless = {"out": "", "file": "", "form": ""}
    assert {**one, **nameless} == {**two, **nameless}
    for name in ("pairs", "accounts", "groups"):
        assert (tmp_path / "one" / f"{name}.csv").read_bytes() == (tmp_path / "two" / f"{name}.csv").read_bytes()


def ordinary(accounts: int = 300, objects: int = 400, acts: int = 9000) -> list[tuple[int, int, int]]:
    """Accounts that act on objects by their popularity, soon after these appear, independently of each other, once on each at most."""
    luck = np.random.default_rng(5)
    popularity = 1 / np.arange(1, objects + 1)
    object_ = luck.choice(objects, acts, p=popularity / popularity.sum())
    born = luck.integers(0, 10 * 86_400, objects)
    second = (born[object_] + luck.exponential(7200, acts)).astype(int)
    account = luck.integers(0, accounts, acts)
    once = np.unique(object_ * accounts + account, return_index=True)[1]
    return list(zip(object_[once].tolist(), account[once].tolist(), second[once].tolist(), strict=True))


def test_chance_explains_a_log_without_coordination() -> None:
    detection = Detection(log_of(ordinary(acts=12_000)), asked())
    chance = detection.chance()
    assert len(detection.pairs) > 50
    assert chance["pairs_mean"] == pytest.approx(len(detection.pairs), rel=0.2)
    assert chance["share_at_least_as_many"] > 0.05


def test_chance_does_not_explain_planted_pairs() -> None:
    planted = [(400 + n, 300 + k, 40_000 * n + k) for n in range(20) for k in range(8)]
    detection = Detection(log_of(ordinary() + planted), asked(repetitions=4))
    assert {(a, b) for a in range(300, 308) for b in range(a + 1, 308)} <= set(
        zip(detection.pairs["account_a"], detection.pairs["account_b"], strict=True)
    )
    assert detection.chance()["pairs_mean"] < 3
    assert detection.chance() == detection.chance()
    assert detection.chance()["share_at_least_as_many"] == pytest.approx(1 / 21)


def test_a_shuffle_keeps_each_days_acts_of_an_account() -> None:
    detection = Detection(log_of(ordinary()), asked())
    first = np.unique(detection.shares.acts(60), return_index=True)[1]
    shuffled, account = detection.shuffled(3)[first], detection.shares.account[first]
    day = detection.shares.second[first] // 86_400
    assert (shuffled != account).any()
    assert sorted(zip(day, shuffled, strict=True)) == sorted(zip(day, account, strict=True))


def test_repeats_within_the_window_are_one_act_and_change_neither_pairs_nor_chance() -> None:
    rows = ordinary(acts=6000)
    again = [(o, a, s) for o, a, s in rows if (o + a) % 3 == 0 for _ in range(9)]
    once, often = Detection(log_of(rows), asked()), Detection(log_of(rows + again), asked())
    assert len(often.shares.second) > 3 * len(rows)
    assert once.pairs.equals(often.pairs)
    assert once.chance() == often.chance()
    assert once.chance()["pairs_mean"] > 5


def test_an_act_ends_a_window_after_its_first_row() -> None:
    shares = log_of([(0, 0, 0), (0, 0, 50), (0, 0, 100), (0, 0, 161), (0, 1, 50), (1, 0, 50)])
    assert len(np.unique(shares.acts(60))) == 5  # 0 with 50; 100; 161; the other account's; that on the other object
    by_row = dict(zip(zip(shares.object_, shares.account, shares.second, strict=True), shares.acts(60), strict=True))
    assert by_row[0, 0, 0] == by_row[0, 0, 50] != by_row[0, 0, 100] != by_row[0, 0, 161]


def test_popular_objects_weigh_less_where_asked() -> None:
    rows = [(0, a, a) for a in range(20)] + [(1, a, a) for a in range(20)] + [(o, a, 9) for o in (2, 3) for a in (0, 1)]
    shares = log_of(rows)
    typical = np.log(20 / 2) * 4 / 44  # the two popular objects tell nothing, and have 40 of the 44 acts
    assert object_weights(shares).tolist() == [0, 0, *[round(ONE * np.log(10) / typical)] * 2]
    assert len(Detection(shares, asked()).pairs) == 190
    assert Detection(shares, asked(correct=True)).pairs[["account_a", "account_b"]].to_numpy().tolist() == [[0, 1]]


WRONG_FILES = {
    "empty": ("", "column object_id is missing"),
    "only_header": (HEADER + "\n", "no rows given"),
    "near_name": (HEADER.replace("account_id", "acount_id") + "\na,b,1,2\n", "account_id is missing; is acount_id meant?"),
    "not_numeric": (HEADER + "\na,b,1,2\na,b,1,soon\n", "'soon' given in row 2 of times read as seconds, allowed whole seconds"),
    "mixed_units": (HEADER + "\na,b,1,1611765948\na,b,1,1611765948000000\na,b,1,nonsense\n", "'nonsense' given in row 3"),
    "mixed_spellings": (HEADER + "\na,b,1,2024-11-20\na,b,1,17\n", "'2024-11-20' given in row 1"),
    "open_day": (HEADER + "\na,b,1,03/04/2024\n", "leaves open what the day is"),
    "rounded_time": (HEADER + "\na,b,1,1.6e9\n", "cannot carry seconds"),
    "before_1970": (HEADER + "\na,b,1,-5\n", "allowed whole seconds since 1970"),
    "no_such_day": (HEADER + "\na,b,1,2024-02-31\n", "'2024-02-31' given in row 1"),
    "nobody": (HEADER + "\na,,1,2\na,NA,1,2\n", "no rows given that are acts (2 with no account)"),
    "rounded_object": (HEADER + "\n7.9e+17,b,1,2\n", "object_id: '7.9e+17' given, which has been a floating-point number"),
    "rounded_account": (HEADER + "\na,12345.0,1,2\n", "account_id: '12345.0' given, which has been"),
    "all_ragged": (HEADER + "\na,b,1,2,3\n", "no rows given that are acts (1 with a wrong number of fields)"),
    "open_quote": (HEADER + '\n"a,b,1,2\nc",d,1,2\n', "a quote that is not closed"),
    "json": ('[{"object_id": 1}]', "given JSON"),
    "zip": ("PK\x03\x04 and more", "given a ZIP archive or an Excel workbook"),
    "database": ("SQLite format 3\x00", "given an SQLite database"),
    "no_separator": (HEADER.replace(",", " ") + "\na b 1 2\n", "column object_id is missing"),
    "twice": (HEADER + ",account_id\na,b,1,2,c\n", "account_id is there more than once"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG_FILES)
def test_wrong_logs_say_what_was_given_and_what_is_allowed(name: str, tmp_path: Path) -> None:
    content, said = WRONG_FILES[name]
    (tmp_path / "log.csv").write_text(content)
    with pytest.raises(ScenarioError) as error:
        read_share_log(tmp_path / "log.csv")
    assert said in str(error.value)
    assert "allowed" in str(error.value)


@pytest.mark.parametrize(("words", "said"), [
    (["nowhere.csv"], "allowed a CSV or Parquet file that exists"),
    (["log.csv", "--window", "-1"], "window: -1 given, allowed 0 to"),
    (["log.csv", "--repetitions", "0"], "repetitions: 0 given, allowed 1 to"),
    (["log.csv", "--window", "soon"], "Invalid value for '--window'"),
])  # fmt: skip
def test_wrong_requests_end_with_status_2_and_leave_nothing(
    words: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path / "log.csv", BY_HAND)
    assert status_of(lambda: app(["detect", *words], prog_name="groundswell", standalone_mode=False)) == 2
    shown = capsys.readouterr()
    assert shown.err.startswith("groundswell: ")
    assert said in shown.err
    assert shown.out == ""
    assert [path.name for path in tmp_path.iterdir()] == ["log.csv"]


def test_json_is_one_document_on_standard_output(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["detect", str(written(tmp_path / "log.csv", BY_HAND)), "--out", str(tmp_path / "out")]
    assert status_of(lambda: app([*words, "--json"], prog_name="groundswell", standalone_mode=False)) == 0
    summary = json.loads(capsys.readouterr().out)
    assert {"out", "file", "rows", "window", "repetitions", "accounts", "pairs", "groups", "chance"} <= set(summary)
    assert {"pairs_mean", "accounts_mean", "draws", "null"} <= set(summary["chance"])
    assert status_of(lambda: app(words, prog_name="groundswell", standalone_mode=False)) == 0
    assert "2 pairs of 3 accounts in 1 groups" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.alone
def test_a_million_rows_take_less_than_a_minute(tmp_path: Path) -> None:
    luck = np.random.default_rng(7)
    popularity, activity = 1 / np.arange(1, 50_001), 1 / np.arange(1, 200_001) ** 0.7
    object_ = luck.choice(50_000, 1_000_000, p=popularity / popularity.sum())
    account = luck.choice(200_000, 1_000_000, p=activity / activity.sum())
    second = luck.integers(0, 30 * 86_400, 50_000)[object_] + luck.exponential(20_000, 1_000_000).astype(int)
    columns = {"object_id": object_, "account_id": account, "content_id": range(1_000_000), "timestamp_share": second}
    pd.DataFrame(columns).to_csv(tmp_path / "log.csv", index=False)
    answer(written(tmp_path / "small.csv", BY_HAND), tmp_path)  # compiles
    started = time.monotonic()
    assert answer(tmp_path / "log.csv", tmp_path, draws=20)["rows"] == 1_000_000
    assert time.monotonic() - started < 60
