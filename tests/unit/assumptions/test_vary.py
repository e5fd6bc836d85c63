"""A comparison under several settings of an assumption: what a list may say, and what is left behind."""

from pathlib import Path

import pandas as pd
import pytest

from analysis.assumptions.vary import Question, Setting, question, vary
from analysis.estimates.varied import CONTRASTS, read
from sim.runs.face import compare
from sim.scenario.presets import slots
from sim.scenario.schema import ScenarioError

TINY = ("scenario=classroom", "scale=0.0001", "days=2", "calendar.warm_up_days=1", "engine=serial", "replications=2")
ENDS = {"one": 1.0, "other": 0.0}
TWO = Question("two", "Two", (), tuple(Setting(k, (f"recommender.off_feed_weight={v}",)) for k, v in ENDS.items()))


@pytest.mark.parametrize("name", slots()["vary"])
def test_shipped_questions_are_sound(name: str) -> None:
    asked = question(name)
    assert len(asked.settings) > 1
    assert all(setting.words for setting in asked.settings)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title: A\nsettings: [{name: a, words: [days=1]}]\n", "allowed two or more"),
        ("title: A\nsettings: [{name: a, words: [days=1]}, {name: a, words: [days=2]}]\n", "of different names"),
        ("title: A\nsetings: []\n", "setings: unknown key; did you mean settings"),
        ("settings: []\n", "without a title or a list of settings"),
        ("- 1\n", "given, allowed keys with values"),
        ("title: A\nsettings: [3, 4]\n", r"settings\[0\]: 3 given, allowed a mapping with name and words"),
        ("title: A\nsettings: [{name: a, words: days}, {name: b, words: [x]}]\n", "allowed a list of words such as days=14"),
        ("title: A\nwords: [3]\nsettings: [{name: a, words: []}, {name: b, words: []}]\n", "allowed a list of words"),
    ],
)  # fmt: skip
def test_a_list_that_is_wrong_is_refused_with_what_is_allowed(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "vary").mkdir()
    (tmp_path / "vary" / "own.yaml").write_text(text)
    with pytest.raises(ScenarioError, match=said):
        question("own", tmp_path)


def test_an_unknown_one_is_refused_with_the_nearest() -> None:
    with pytest.raises(ScenarioError, match="did you mean delay"):
        question("delays")


def test_a_wrong_word_is_refused_before_anything_is_run(tmp_path: Path) -> None:
    asked = Question("two", "Two", (), (TWO.settings[0], Setting("wrong", ("recommender.off_feed_weigth=1.0",))))
    with pytest.raises(ScenarioError, match="off_feed_weigth"):
        vary(asked, TINY, tmp_path)
    assert not list(tmp_path.iterdir())


def test_each_setting_is_its_own_comparison_and_the_table_is_kept(tmp_path: Path) -> None:
    done = []
    found = vary(TWO, TINY, tmp_path, on_progress=lambda *said: done.append(said))
    assert done == [(1, 2, "one"), (2, 2, "other")]
    assert found.settings == ["one", "other"]
    assert set(CONTRASTS) < set(found.rows["contrast"])
    again = read(tmp_path / "vary.json")
    pd.testing.assert_frame_equal(again.rows, found.rows)
    assert again.command == found.command == f"groundswell vary two {' '.join(TINY)}"
    assert not found.is_older
    alone = tmp_path / "alone"
    alone.mkdir()
    compare([*TINY, "recommender.off_feed_weight=0.0"], alone, threads=1)
    runs = [
        pd.read_parquet(folder / "runs.parquet").filter(regex="^(?!wall_s|cpu_s|peak)")
        for folder in (alone, tmp_path / "setting_2")
    ]
    pd.testing.assert_frame_equal(*runs)
