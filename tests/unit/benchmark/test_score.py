"""Scores of flags whose worth is known, on worlds of 25 accounts that count."""

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.benchmark.baselines import baselines, busiest, by_lot, compares, everybody, flags_of
from analysis.benchmark.benchmark import score_in_words, score_of
from analysis.benchmark.load import Folder, open_benchmark
from analysis.benchmark.score import judge
from analysis.benchmark.words import FOUND, aligned, columns, table_in_words
from sim.cli.command import app, status_of

BASE = 0.0027217


def flags(**worlds: list[tuple[float, ...]]) -> pd.DataFrame:
    """Rows of account, score and hour, a list a world."""
    rows = [(name, *row, *[np.nan] * (3 - len(row))) for name, each in worlds.items() for row in each]
    return pd.DataFrame(rows, columns=["world", "account_id", "score", "hour"]).astype(
        {"account_id": "int64", "score": float, "hour": float}
    )


def by_group(found: pd.DataFrame, folder: Folder, which: str = "test") -> pd.DataFrame:
    return judge(found, folder, which).table().set_index("group")


def test_counts_that_are_solved_by_hand(by_hand: Folder) -> None:
    """clumsy: 3 of 4 own accounts and the vendor's found with one innocent; quiet: two innocents; careful: nothing flagged."""
    table = by_group(flags(test_02=[(1,), (2,), (3,), (5,), (6,), (26,)], test_01=[(1,), (2,)]), by_hand)
    clumsy, quiet, careful, whole = (table.loc[name] for name in ("clumsy", "quiet", "careful", "all worlds"))
    assert (clumsy["found"], clumsy["operated_found"], clumsy["vendor_found"]) == (0.8, 0.75, 1.0)
    assert (clumsy["precision"], clumsy["innocents"]) == (
        0.8,
        5_000,
    )  # the candidate's own account is neither right nor wrong
    assert clumsy["precision_large"] == pytest.approx(BASE * 0.8 / (BASE * 0.8 + (1 - BASE) * 0.05))
    assert (quiet["innocents"], quiet["precision"]) == (8_000, 0.0)
    assert np.isnan(quiet["found"])
    assert np.isnan(quiet["precision_large"])
    assert careful["found"] == careful["innocents"] == 0
    assert np.isnan(careful["precision"])
    assert (whole["found"], whole["precision"]) == (0.4, pytest.approx(4 / 7))
    assert whole["innocents"] == pytest.approx(3 / 65 * 100_000)


def test_precision_at_the_stated_base_rates() -> None:
    """As stated of a detector that finds 80% at .1% false alarms: 69% right where 27,217 of ten million are guilty, 8.6% where 1,183."""
    from analysis.benchmark.plan import settings

    said = [rate * 0.8 / (rate * 0.8 + (1 - rate) * 0.001) for rate in settings().base_rates.values()]
    assert [round(share, 3) for share in said] == [0.686, 0.086]


def test_everybody_nobody_and_a_lot(by_hand: Folder) -> None:
    table = by_group(flags_of(everybody, by_hand, "test"), by_hand)
    whole = table.loc["all worlds"]
    assert (whole["found"], whole["innocents"]) == (1.0, 100_000)
    assert whole["precision"] == whole["base_rate"] == pytest.approx(10 / 75)
    assert whole["precision_large"] == pytest.approx(BASE)  # who flags all is right as often as accounts are directed
    assert whole["found_low"] == pytest.approx(2 / (2 + 1.96**2), abs=1e-3)  # Wilson, two worlds
    none = by_group(flags(), by_hand).loc["all worlds"]
    assert (none["found"], none["innocents"]) == (0.0, 0.0)
    assert np.isnan(none["precision"])
    assert none["innocents_high"] == pytest.approx(100_000 * 1.96**2 / (65 + 1.96**2), rel=1e-3)  # Wilson, 65 accounts
    assert len(flags_of(by_lot, by_hand, "test")) == 0  # a hundredth of 26


def test_no_false_alarm_is_no_proof(by_hand: Folder) -> None:
    """Where no innocent was hit the lower end of precision is what the most that may have been hit would give."""
    row = by_group(flags(test_02=[(1,), (2,), (3,), (4,), (5,)]), by_hand).loc["clumsy"]
    assert (row["found"], row["precision"], row["precision_large"]) == (1.0, 1.0, 1.0)
    assert row["precision_large_low"] < 0.02


def test_delays_count_from_the_wake_to_the_end_of_the_hour(by_hand: Folder) -> None:
    """Accounts wake in hour 10; a vendor's account says nothing about the delay, nor do innocents."""
    rows = [(1, 1, 12), (2, 1, 15), (3, 1, 40), (5, 1, 0), (6, 1, 1)]
    row = by_group(flags(test_02=rows), by_hand).loc["clumsy"]
    assert (row["first"], row["half"]) == (3.0, 6.0)  # half of three is two of them
    early = by_group(flags(test_02=[(1, 1, 4)], test_03=[(21, 1, 9), (22, 1, 30)]), by_hand)
    assert early.loc["clumsy", "first"] == -5.0
    assert tuple(early.loc["all worlds", ["first", "first_low", "first_high"]]) == (-2.5, -5.0, 0.0)
    without = by_group(flags(test_02=[(1, 1, 4), (2, 1)]), by_hand).loc["clumsy"]
    assert np.isnan(without["first"])  # an hour is missing


def test_at_one_price_scores_above_the_bar_count(by_hand: Folder) -> None:
    """65 innocents at 10 of 100,000: none may be hit; those that score above the highest innocent are found."""
    scored = flags(test_02=[(1, 0.9), (2, 0.8), (6, 0.5), (3, 0.4), (4, 0.5)])
    row = by_group(scored, by_hand).loc["clumsy"]
    assert (row["found"], row["found_at_price"]) == (0.8, 0.4)
    scored.loc[0, "score"] = np.nan
    assert np.isnan(by_group(scored, by_hand).loc["clumsy", "found_at_price"])


def test_intervals_are_over_worlds(by_hand: Folder) -> None:
    """Of two campaign worlds one is found whole and one not at all: nobody knows what the next would be."""
    row = by_group(flags(test_02=[(n,) for n in range(1, 6)]), by_hand).loc["all worlds"]
    assert (row["found"], row["found_low"], row["found_high"]) == (0.5, 0.0, 1.0)


def test_a_level_alone(by_hand: Folder) -> None:
    table = judge(flags(test_02=[(1,)], test_01=[(1,)]), by_hand, "test", ["clumsy"]).table().set_index("group")
    assert table.loc["all worlds", "worlds"] == 1
    assert table.loc["all worlds", "innocents"] == 0


def test_the_busiest_learn_their_bar_from_training_labels(small: Path) -> None:
    folder = open_benchmark(small)
    found = baselines(folder)
    assert list(found) == ["everybody", "by_lot", "busiest", "detect_60s_2"]
    for detector in (busiest(3), compares):
        for world in folder.worlds("test")["world"]:
            rows = detector(folder, world)
            assert not rows["account_id"].duplicated().any()
            assert rows["hour"].between(0, 23).all()
            assert (rows["score"] >= 2).all()
    loud = busiest(0)(folder, "training_01")
    assert len(loud) == len(set(loud["account_id"])) > len(busiest(3)(folder, "training_01")) > 0


def scored(*words: object) -> int:
    return status_of(
        lambda: app(["score", *(str(word) for word in words)], prog_name="groundswell", standalone_mode=False)
    )


def test_the_command_scores_a_baseline_as_the_datasheet_does(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    handed_on = small / "public" / "baseline_detect_60s_2.test.csv.gz"
    assert scored(handed_on, small) == 0
    table = capsys.readouterr().out.splitlines()
    assert table[0].startswith("test worlds: 2; percent")
    assert scored(handed_on, small / "public", "--sealed", small / "sealed", "--json") == 0
    document = json.loads(capsys.readouterr().out)
    kept = json.loads((small / "finished" / "baselines.json").read_text())["scores"]["detect_60s_2"]
    assert document["groups"] == kept
    for of in (FOUND, columns().keys() - FOUND):
        assert set(aligned(table_in_words(pd.DataFrame(kept), of)).splitlines()) <= set(table)


def test_what_cannot_be_scored_is_refused(small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "flags.csv"
    tries = {
        "world,account_id\ntraining_01,1\ntest_01,1\n": "flags on both sets given, allowed with --set",
        "world,account_id\n": "flags on no world given, allowed with --set",
    }
    for text, message in tries.items():
        file.write_text(text)
        assert scored(file, small) == 2
        assert message in capsys.readouterr().err
    assert scored(file, small, "--set", "test") == 0  # no flag is an answer
    for words, message in {
        ("--set", "tset"): "did you mean test?",
        ("--set", "test", "--level", "clunsy"): "did you mean clumsy?",
    }.items():
        assert scored(file, small, *words) == 2
        assert message in capsys.readouterr().err
    shutil.copytree(small / "public", tmp_path / "alone")
    assert scored(file, tmp_path / "alone", "--set", "test") == 2
    assert "which are sealed" in capsys.readouterr().err
    assert scored(file, tmp_path / "alone", "--set", "training") == 0
    assert scored(file, tmp_path) == 2
    assert "allowed a folder that benchmark has written" in capsys.readouterr().err


def test_that_rows_were_repeated_or_left_out_is_said(by_hand: Folder, tmp_path: Path) -> None:
    (tmp_path / "flags.csv").write_text("world,account_id\ntest_02,1\ntest_02,1\n")
    found = score_of(tmp_path / "flags.csv", by_hand.public, None, [], None)
    assert (found.judged.repeated, found.document["set"]) == (1, "test")
    assert "1 rows flagged an account again" in score_in_words(found)
    elsewhere = score_of(tmp_path / "flags.csv", by_hand.public, None, ["careful"], None)
    assert (elsewhere.document["flags_elsewhere"], elsewhere.table["found"].iloc[-1]) == (1, 0.0)
    assert "1 flags on other worlds than these are left out" in score_in_words(elsewhere)
