"""`groundswell lab` and `groundswell replay`, in processes of their own and in this one."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from analysis.lab import replay as replay_module
from analysis.lab.server import serve
from analysis.lab.server.serve import addresses, bound
from analysis.lab.stored import STORED
from sim.cli.command import WRONG, app, status_of
from sim.scenario.schema import ScenarioError

ROOT = Path(__file__).resolve().parents[3]


def status(*words: str) -> int:
    return status_of(lambda: app(list(words), prog_name="groundswell", standalone_mode=False))


def test_a_port_that_is_taken_is_one_sentence_and_status_2(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert status("lab", "--no-browser", "--port", str(port)) == WRONG
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1
    assert said[0].startswith(f"groundswell: --port: {port} given, which cannot be had")


def test_where_no_port_is_asked_for_the_next_free_one_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setattr(serve, "FIRST_PORT", port)
        with bound(None, False) as found:
            assert port < found.getsockname()[1] < port + serve.PORTS
            assert found.getsockname()[0] == "127.0.0.1"
        monkeypatch.setattr(serve, "PORTS", 1)
        with pytest.raises(ScenarioError, match="none of"):
            bound(None, False)


def test_only_a_shared_lab_listens_to_the_network() -> None:
    with bound(0, True) as shared:
        assert shared.getsockname()[0] == "0.0.0.0"
        for address in addresses(shared.getsockname()[1]):
            assert address.startswith("http://")
            assert "127.0.0.1" not in address


@pytest.mark.alone
def test_the_lab_answers_soon_and_ends_with_its_workers_on_an_interrupt(tmp_path: Path) -> None:
    began = time.monotonic()
    with (tmp_path / "said.txt").open("w") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "sim", "lab", "--no-browser", "--json", "--share", "--out", str(tmp_path / "lab")],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=said, text=True, start_new_session=True,
        )  # fmt: skip
    try:
        assert process.stdout is not None
        with process.stdout:
            told = json.loads(process.stdout.readline())
        with urllib.request.urlopen(told["address"].partition("#")[0]) as page:
            assert b"<title>Groundswell</title>" in page.read()
        assert time.monotonic() - began < 30  # five seconds where nothing else computes
        assert len(told["code"]) == 6
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    lines = (tmp_path / "said.txt").read_text().splitlines()
    assert lines[0] == f"The lab is open at {told['address']}"
    assert told["code"] in lines[1]
    assert lines[-1] == "The lab has ended."
    assert "Traceback" not in "".join(lines)


def test_a_replay_of_a_reel_is_one_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "class.html"
    assert status("replay", str(STORED), "--out", str(out), "--json") == 0
    key = tmp_path / "class.answers.txt"
    assert json.loads(capsys.readouterr().out) == {"out": str(out), "bytes": out.stat().st_size, "answers": str(key)}
    assert "For the teacher." in key.read_text()
    assert out.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_a_replay_of_what_is_none_is_one_message(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert status("replay", str(tmp_path)) == WRONG
    (tmp_path / "file").touch()
    for place in (tmp_path / "file" / "x.html", Path("/proc/nothing/x.html"), tmp_path):
        assert status("replay", str(STORED), "--out", str(place)) == WRONG
    (tmp_path / "damaged").mkdir()
    for text in ("{", "[]", '{"game": 3}'):
        (tmp_path / "damaged" / "reel.json").write_text(text)
        assert status("replay", str(tmp_path / "damaged")) == WRONG
    shutil.rmtree(tmp_path / "damaged")
    monkeypatch.setattr(replay_module, "MOST", 1000)
    assert status("replay", str(STORED), "--out", str(tmp_path / "x.html")) == WRONG
    said = [line for line in capsys.readouterr().err.splitlines() if line.startswith("groundswell")]
    assert len(said) == 8
    assert all("allowed" in line for line in said)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
