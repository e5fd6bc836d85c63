"""Logs as people have them: what is no act is counted, what can be told is told, and what cannot is refused."""

import gzip
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.detection.detect import detect
from analysis.detection.share_log import ShareLog, read_share_log
from sim.cli.command import app, status_of
from sim.scenario.schema import ScenarioError

HEADER = "object_id,account_id,content_id,timestamp_share"
FIRST = 1_732_060_800  # 2024-11-20, midnight in UTC
ROWS = [("x", "ann", 0), ("x", "bob", 1), ("y", "ann", 60), ("y", "bob", 3661)]


def as_rows(log: ShareLog) -> list[tuple[str, str, int]]:
    return [
        (str(log.object_names[o]), str(log.account_names[a]), int(s) - FIRST)
        for o, a, s in zip(log.object_, log.account, log.second, strict=True)
    ]


def text(
    spell: Callable[[int], str] = str, separator: str = ",", names: str = "object_id,account_id,timestamp_share"
) -> str:
    lines = [names, *(",".join([o, a, spell(FIRST + s)]) for o, a, s in ROWS)]
    return "\n".join(line.replace(",", separator) for line in lines) + "\n"


def moment(second: int, form: str) -> str:
    return pd.Timestamp(second, unit="s").strftime(form)


SPELLED: dict[str, tuple[Callable[[int], str], str]] = {
    "seconds": (str, "auto"),
    "with fractions": (lambda s: f"{s}.75", "auto"),
    "milliseconds": (lambda s: f"{s}123", "auto"),
    "microseconds": (lambda s: f"{s}123456", "auto"),
    "nanoseconds": (lambda s: f"{s}123456789", "auto"),
    "ISO": (lambda s: moment(s, "%Y-%m-%dT%H:%M:%S"), "auto"),
    "ISO with a blank": (lambda s: moment(s, "%Y-%m-%d %H:%M:%S"), "auto"),
    "ISO with Z": (lambda s: moment(s, "%Y-%m-%dT%H:%M:%SZ"), "auto"),
    "ISO with fractions": (lambda s: moment(s, "%Y-%m-%dT%H:%M:%S.789Z"), "auto"),
    "ISO with UTC": (lambda s: moment(s, "%Y-%m-%d %H:%M:%S UTC"), "auto"),
    "ISO in Bucharest": (lambda s: moment(s + 7200, "%Y-%m-%dT%H:%M:%S+02:00"), "auto"),
    "day first": (lambda s: moment(s, "%d/%m/%Y %H:%M:%S"), "day-first"),
    "day first with points": (lambda s: moment(s, "%d.%m.%Y %H:%M:%S"), "day-first"),
    "month first": (lambda s: moment(s, "%m/%d/%Y %H:%M:%S"), "month-first"),
}


@pytest.mark.parametrize("name", SPELLED)
def test_times_are_read_as_they_are_spelled(name: str, tmp_path: Path) -> None:
    spell, times = SPELLED[name]
    (tmp_path / "log.csv").write_text(text(spell))
    assert as_rows(read_share_log(tmp_path / "log.csv", times)) == ROWS


@pytest.mark.parametrize(
    "kind",
    [
        "datetime64[ns]",
        "datetime64[ms]",
        "datetime64[s]",
        "datetime64[ns, Europe/Bucharest]",
        "int64",
        "float64",
        "str",
    ],
)
def test_times_of_a_parquet_file_have_their_type(kind: str, tmp_path: Path) -> None:
    seconds = pd.Series([FIRST + s for _, _, s in ROWS])
    if "Bucharest" in kind:
        column = pd.to_datetime(seconds, unit="s", utc=True).dt.tz_convert("Europe/Bucharest")
    else:
        column = pd.to_datetime(seconds, unit="s").astype(kind) if "datetime" in kind else seconds.astype(kind)
    table = pd.DataFrame(
        {"object_id": [o for o, _, _ in ROWS], "account_id": [a for _, a, _ in ROWS], "timestamp_share": column}
    )
    table.to_parquet(tmp_path / "log.parquet")
    assert as_rows(read_share_log(tmp_path / "log.parquet")) == ROWS


def test_columns_of_a_parquet_file_that_lose_digits_are_refused(tmp_path: Path) -> None:
    table = pd.DataFrame({"object_id": [1, 2], "account_id": [7, 8], "timestamp_share": [FIRST, FIRST + 1]})
    for name, kind, said in (
        ("account_id", "float64", "floating-point"),
        ("object_id", "float64", "floating-point"),
        ("timestamp_share", "float32", "carries no seconds"),
    ):
        table.astype({name: kind}).to_parquet(tmp_path / "log.parquet")
        with pytest.raises(ScenarioError, match=said):
            read_share_log(tmp_path / "log.parquet")


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_separators_and_marked_encodings_are_told(separator: str, encoding: str, tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_bytes(text(separator=separator).encode(encoding))
    assert as_rows(read_share_log(tmp_path / "log.csv")) == ROWS
    (tmp_path / "log.csv.gz").write_bytes(gzip.compress(text(separator=separator).encode(encoding)))
    packed = read_share_log(tmp_path / "log.csv.gz")
    assert as_rows(packed) == ROWS
    assert packed.form.startswith("gzipped CSV")


def test_other_encodings_are_named(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_bytes(text().replace("ann", "Ană".replace("ă", "é")).encode("latin-1"))
    with pytest.raises(ScenarioError, match="--encoding, such as latin-1"):
        read_share_log(tmp_path / "log.csv")
    assert "Ané" in as_rows(read_share_log(tmp_path / "log.csv", encoding="latin-1"))[0]
    with pytest.raises(ScenarioError, match="cannot be read"):
        read_share_log(tmp_path / "log.csv", encoding="klingon")


def test_what_nobody_did_or_what_was_done_to_nothing_makes_no_pair(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(HEADER + "\n" + "\n".join([
        '"1",NA,ann,p1', "NA,ann,p1,1000", "NA,bob,p2,1010", "NA,ann,p3,90000", "NA,bob,p4,90005",
        "x,ann,p5,1000", "x,,p6,1000", "x,nan,p7,1000",
        "x,None,p8,1000", "x,null,p9,1000", "x,bob,p9,NA", "x,bob,p9,1001", "x,bob,p9,1001,more", "short",
    ]) + "\n")  # fmt: skip
    asked = {"window": 60, "repetitions": 1, "correct_popularity": False, "draws": 3, "seed": 1}
    summary = detect(tmp_path / "log.csv", lambda: tmp_path, asked)
    assert (summary["rows"], summary["pairs"]) == (2, 1)
    assert summary["rows_left_out"] == {"a wrong number of fields": 2, "no object": 4, "no account": 5, "no time": 1}


def test_every_answer_says_what_was_read_and_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "log.csv").write_text(text() + "x,,5\n")
    words = ["detect", str(tmp_path / "log.csv"), "--out", str(tmp_path / "out"), "--draws", "1"]
    assert status_of(lambda: app(words, prog_name="groundswell", standalone_mode=False)) == 0
    assert "5 rows read (CSV, utf-8, separated by commas), 1 left out: 1 with no account" in capsys.readouterr().out


def test_a_name_that_a_spreadsheet_would_compute_is_text(tmp_path: Path) -> None:
    lines = [f"{o},{a},{FIRST}" for o in ("x", "y") for a in ("=cmd|' /C calc'!A0", "@bob", "-5")]
    (tmp_path / "log.csv").write_text("\n".join(["object_id,account_id,timestamp_share", *lines]) + "\n")
    asked = {"window": 60, "repetitions": 2, "correct_popularity": False, "draws": 1, "seed": 1}
    detect(tmp_path / "log.csv", lambda: tmp_path, asked)
    names = pd.read_csv(tmp_path / "accounts.csv", dtype=str)["account"]
    assert set(names) == {"'=cmd|' /C calc'!A0", "'@bob", "-5"}


PIECES = st.sampled_from([
    ",", ";", "\t", '"', "\n", "\r\n", "NA", "null", "x", "=1", "1e9", "1.0", "2024-11-20", "2024-11-20T10:00:00Z",
    "1732060800", "1732060800000", "-1", "\x00", "\ufeff", "é", "[", "{", "PK", "12345678901234567890123456789",
    "03/04/2024", " ", "object_id", "nan", "inf", "0x10", "9" * 400,
])  # fmt: skip


@settings(
    max_examples=300, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(st.tuples(PIECES, PIECES, PIECES, PIECES), max_size=8),
    st.integers(0, 2**32),
    st.sampled_from(["utf-8", "utf-16", "latin-1", "packed"]),
)
def test_any_log_is_read_or_refused_in_words(tmp_path: Path, rows: list[tuple[str, ...]], seed: int, form: str) -> None:
    luck = random.Random(seed)
    content = "\n".join([HEADER, *(luck.choice([",", ",", ",", ";", ""]).join(row) for row in rows)])
    if luck.random() < 0.3 and content:
        at = luck.randrange(len(content))
        content = content[:at] + luck.choice(['"', "\x00", "", "\n"]) + content[at + luck.randrange(5) :]
    data = (
        gzip.compress(content.encode())[: luck.choice([None, 20])]
        if form == "packed"
        else content.encode(form, "replace")
    )
    (tmp_path / "log.csv").write_bytes(data)
    try:
        log = read_share_log(tmp_path / "log.csv")
        said = ""
    except ScenarioError as error:
        log, said = None, str(error)
    assert log is not None or "allowed" in said
    assert "\n" not in said
    assert len(said) < 800
    assert log is None or ((np.diff(log.object_) >= 0).all() and len(log.second) > 0)
