"""`groundswell outsider`: what it leaves, that it goes on, and what it refuses."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from analysis.outsider import worlds
from analysis.outsider.command import order_of, write_outsider
from sim.cli.command import app, status_of
from sim.runs.recording import read_json, write_json
from sim.scenario.schema import ScenarioError

WORDS = [
    "scenario=classroom", "campaign=coordinated", "moderation=none", "days=3", "calendar.warm_up_days=1", "scale=0.00003", "engine=serial",
    "replications=2",
]  # fmt: skip


def groundswell(*words: str) -> int:
    return status_of(lambda: app(list(words), prog_name="groundswell", standalone_mode=False))


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A comparison with a record, and what `outsider` left of it."""
    place = tmp_path_factory.mktemp("outsider") / "compared"
    assert groundswell("compare", *WORDS, "record=standard", "--out", str(place)) == 0
    assert groundswell("outsider", str(place)) == 0
    return place


def test_tables_page_and_summary_are_left(compared: Path) -> None:
    left = compared / "outsider"
    answers, scores = pd.read_parquet(left / "outsider.parquet"), pd.read_csv(left / "outsider.csv")
    assert set(answers["campaign"]) == {"quiet", "coordinated"}
    assert len(answers) == 4 * 6 * (
        9 + 7
    )  # worlds, looks (every second day of three, four after), instruments of two records
    assert len(scores) == 2 * 6 * (9 + 7)
    assert (left / "outsider.html").read_text().startswith("<!doctype html>")
    assert json.loads((left / "outsider.json").read_text())["worlds"] == 4


def test_it_goes_on_from_what_is_filed(compared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    whole = worlds.look
    monkeypatch.setattr(worlds, "look", lambda task: (seen.append(f"{task.arm} {task.seed}"), whole(task))[1])
    before = (compared / "outsider" / "outsider.parquet").read_bytes()
    assert groundswell("outsider", str(compared)) == 0
    assert seen == []
    files = sorted((compared / "outsider" / "worlds").glob("*.json"))
    files[0].write_text("{}")
    assert groundswell("outsider", str(compared)) == 0
    assert len(seen) == 1
    assert (compared / "outsider" / "outsider.parquet").read_bytes() == before


def test_more_worlds_go_on_from_the_last_seed(compared: Path) -> None:
    first = read_json(compared / "manifest.json")["seeds"]
    assert order_of(compared, 4).seeds == (*first, first[-1] + 1, first[-1] + 2)
    assert len(order_of(compared, None).tasks(compared)) == 4
    order = order_of(compared, 4)
    assert order.tasks(compared)[0].digest
    assert order.tasks(compared)[-1].digest is None


def test_a_world_that_comes_out_otherwise_is_refused(compared: Path, tmp_path: Path) -> None:
    order = order_of(compared, None)
    other = dict.fromkeys(order.digests, "0" * 64)
    order.digests.update(other)
    with pytest.raises(ScenarioError, match="another version has made it"):
        write_outsider(order, tmp_path, 1, None)


def test_what_is_wrong_is_said_in_one_line_with_status_2(
    compared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def refused(folder: Path, *words: str) -> str:
        capsys.readouterr()
        assert groundswell("outsider", str(folder), *words) == 2
        said = capsys.readouterr().err
        assert said.count("\n") == 1
        return said

    assert "1 seeds given, allowed 2 to" in refused(compared, "--worlds", "1")
    assert "holds no manifest.json" in refused(tmp_path)
    damaged = shutil.copytree(compared, tmp_path / "damaged", ignore=shutil.ignore_patterns("outsider", ".lock"))
    (damaged / "runs.parquet").write_bytes(b"PAR1")
    assert "runs.parquet: cannot be read" in refused(damaged)
    without = shutil.copytree(compared, tmp_path / "without", ignore=shutil.ignore_patterns("outsider", ".lock"))
    for path in (without / "composed").glob("campaign-*.yaml"):
        path.unlink()
    assert "holds no composed/campaign-" in refused(without)
    older = shutil.copytree(compared, tmp_path / "older", ignore=shutil.ignore_patterns("outsider", ".lock"))
    for path in (older / "config.yaml", *(older / "composed").glob("campaign-*.yaml")):
        text = path.read_text()
        begin = text.index("\nrecord:")
        end = next(place for place in range(begin + 2, len(text)) if text[place] == "\n" and text[place + 1].isalpha())
        path.write_text(text[:begin] + text[end:] + "record: null\n")
    assert "record: none given" in refused(older)
    lonely = shutil.copytree(compared, tmp_path / "lonely", ignore=shutil.ignore_patterns("outsider", ".lock"))
    manifest = read_json(lonely / "manifest.json")
    write_json(lonely / "manifest.json", {**manifest, "seeds": manifest["seeds"] + [99]})
    assert "runs.parquet" in refused(lonely)
