"""Every preset says in a sentence of its own what it is, and `list` prints it."""

import json
from pathlib import Path

import pytest

from sim.cli.command import app, status_of
from sim.scenario.presets import entries, sentences, shipped, slots
from sim.version import __version__


def listed(*words: str) -> int:
    return status_of(lambda: app(["list", *words], prog_name="groundswell", standalone_mode=False))


@pytest.mark.parametrize("slot", slots())
def test_each_shipped_preset_has_a_sentence_of_its_own(slot: str) -> None:
    said = [entry.sentence for entry in entries()[slot]]
    assert len(set(said)) == len(said)
    for sentence in said:
        assert 20 <= len(sentence) <= 140, sentence
        assert sentence[0].isupper() or sentence[0].isdigit()
        assert sentence.endswith(".")


def test_nothing_but_what_a_preset_is_stands_before_the_legend() -> None:
    for path in shipped():
        top = path.read_text().splitlines()[:2]
        assert top[0].startswith("# "), path
        assert "preset. unit" not in top[0], path


def test_a_slot_is_listed_with_a_line_for_each_preset(capsys: pytest.CaptureFixture[str]) -> None:
    assert listed("moderation") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == slots()["moderation"]
    assert len({line.index(line.split(maxsplit=1)[1]) for line in lines}) == 1  # sentences stand below each other
    assert (
        "No policy acts: the world that every policy is measured against." in lines[slots()["moderation"].index("none")]
    )


def test_without_a_kind_all_slots_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert listed() == 0
    said = capsys.readouterr().out
    assert [line[:-1] for line in said.splitlines() if line.endswith(":") and line[0] != " "] == list(slots())
    assert sum(line.startswith("  ") for line in said.splitlines()) == len(shipped())


def test_json_has_names_by_slot(capsys: pytest.CaptureFixture[str]) -> None:
    assert listed("--json") == 0
    assert json.loads(capsys.readouterr().out) == slots()
    assert listed("arms", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"arms": slots()["arms"]}


def test_ones_own_are_marked_and_take_the_place_of_shipped_ones(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "audience").mkdir()
    (tmp_path / "audience" / "standard.yaml").write_text("# Mine (DSA Art. 38), and v. 2.\n# Second. unit; meaning\n")
    (tmp_path / "audience" / "wordless.yaml").write_text("defaults:\n  - calibrated\n")
    assert listed("audience", "--scenarios", str(tmp_path)) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "standard      Mine (DSA Art. 38), and v. 2. (your own)" in lines
    assert "wordless      (your own)" in lines
    assert sum("(your own)" in line for line in lines) == 2


@pytest.mark.parametrize(("words", "said"), [
    (["campain"], "'campain' given; did you mean campaign?"),
    (["--scenarios", "nowhere"], "--scenarios: nowhere given, allowed a folder"),
])  # fmt: skip
def test_wrong_requests_end_with_status_2(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert listed(*words) == 2
    shown = capsys.readouterr()
    assert said in shown.err
    assert shown.out == ""


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of(lambda: app(["--version"], prog_name="groundswell", standalone_mode=False)) == 0
    assert capsys.readouterr().out == f"groundswell {__version__}\n"


def test_a_sentence_of_ones_own_preset_takes_the_place_of_the_shipped_ones(tmp_path: Path) -> None:
    (tmp_path / "moderation").mkdir()
    (tmp_path / "moderation" / "label_paid.yaml").write_text("# Mine. It does otherwise.\ndefaults: [none]\n")
    assert sentences(["label_paid", "none"], tmp_path)["label_paid"] == "Mine."
    shipped = sentences(["label_paid", "as_good_as_unknown"])
    assert list(shipped) == ["label_paid"]
    assert shipped["label_paid"].startswith("Label posts")
