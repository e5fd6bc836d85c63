"""Processes die: folders have one writer, what is left is swept, and what is asked beyond the machine is said first."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from sim.cli.command import app, status_of
from sim.runs.cost import bytes_of, seconds_of, warnings
from sim.runs.face import load_scenario
from sim.runs.recording import PART
from sim.runs.recording.folders import LOCK, held, hold, release
from sim.scenario.schema import ScenarioError


def test_a_folder_has_one_writer_and_is_swept_by_the_next(tmp_path: Path) -> None:
    (tmp_path / "runs").mkdir()
    for place in (tmp_path / f".a.json.x1{PART}", tmp_path / "runs" / f".b.json.x2{PART}"):
        place.touch()
    script = (
        f"import pathlib, time; from sim.runs.recording.folders import hold; hold(pathlib.Path({str(tmp_path)!r})); "
        "print(1, flush=True); time.sleep(60)"
    )
    other = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None
    assert other.stdout.readline() == "1\n"
    with pytest.raises(ScenarioError, match=f"into which process {other.pid} writes"):
        hold(tmp_path)
    other.kill()
    other.wait()
    other.stdout.close()
    assert (tmp_path / LOCK).exists()  # a killed process leaves it, and it holds nobody up
    (tmp_path / f".c.json.x3{PART}").touch()
    hold(tmp_path)
    hold(tmp_path)  # one's own
    assert not list(tmp_path.rglob(f".*{PART}"))
    release()
    assert not (tmp_path / LOCK).exists()


def test_what_a_block_holds_is_free_after_it_and_what_was_held_before_is_not(tmp_path: Path) -> None:
    hold(tmp_path / "before")
    with held(tmp_path / "before"), held(tmp_path / "inside"):
        assert (tmp_path / "inside" / LOCK).exists()
    assert not (tmp_path / "inside" / LOCK).exists()
    assert (tmp_path / "before" / LOCK).exists()
    release()


@pytest.mark.parametrize("words", [["run", "scenario=classroom"], ["compare", "scenario=classroom"], ["detect", "log.csv"],
                                   ["validate", "--quick"],
                                   ["calibrate", "scale=0.0001"], ["audit", "."], ["vary", "delay"]])  # fmt: skip
def test_a_folder_that_cannot_be_written_is_refused_before_the_work(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "log.csv").write_text("object_id,account_id,timestamp_share\na,b,1\n")
    for name in ("config.yaml", "manifest.json"):
        (tmp_path / name).write_text("{}")
    (tmp_path / "file").touch()
    begun = time.monotonic()
    assert status_of(lambda: app([*words, "--out", "file/out"], prog_name="groundswell", standalone_mode=False)) == 2
    assert time.monotonic() - begun < 20.0
    assert "--out: file/out given, allowed a folder that can be written" in capsys.readouterr().err


def test_what_is_asked_beyond_the_machine_is_said_first(capsys: pytest.CaptureFixture[str]) -> None:
    small, country = load_scenario(["scenario=classroom"]), load_scenario(["scenario=country"])
    assert not list(warnings(small, 4, 8, 2))
    assert 9e9 < bytes_of(country) < 14e9  # 12.2 GB were measured
    assert 3 * 3600 < seconds_of(country, 5, 1, 1) < 16 * 3600  # some 3.5 hours with two threads
    said = list(warnings(country, 5, 40, 1_000))
    assert any("GB are free" in line for line in said)
    assert any("days here" in line for line in list(warnings(country, 5, 40, 2)))
