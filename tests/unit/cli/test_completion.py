"""What the tab key offers, as the parser asks for it in-process and as a real Bash does."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sim.cli.command import app
from sim.scenario.presets import slots

ENTRY = "from sim.cli import main; main()"


def offered(line: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Words that are offered for a line as Bash takes it apart: at spaces, and around each "="."""
    words = line.replace("=", " = ").split(" ")
    words = [word for number, word in enumerate(words) if word or number == len(words) - 1]
    if line.endswith("="):
        words.pop()  # the word that is completed is "=" itself
    monkeypatch.setenv("COMP_WORDS", " ".join(words))
    monkeypatch.setenv("COMP_CWORD", str(len(words) - 1))
    monkeypatch.setenv("_GROUNDSWELL_COMPLETE", "complete_bash")
    with pytest.raises(SystemExit):
        app([], prog_name="groundswell", standalone_mode=False)
    return capsys.readouterr().out.split()


@pytest.mark.parametrize(("line", "expected"), [
    ("groundswell run scenario=", slots()["scenario"]),
    ("groundswell run scenario=cl", ["classroom"]),
    ("groundswell compare scenario=classroom arms=pol", ["policy_frontier", "policy_strengths"]),
    ("groundswell run sc", ["scenario=", "scale="]),
    ("groundswell run see", ["seed=", "seed=1", "seed=2", "seed=3"]),
    ("groundswell run recommender=mix recommender.other=pop", ["popularity"]),
    ("groundswell run recommender.o", ["recommender.other=", *(f"recommender.other={n}" for n in slots()["recommender"])]),
    ("groundswell run nonsense=", []),
    ("groundswell show budget campaign=qu", ["quiet"]),
    ("groundswell show budget see", ["seed=", "seed=1", "seed=2", "seed=3"]),
    ("groundswell list mod", ["moderation"]),
    ("groundswell list ", list(slots())),
    ("groundswell new t", ["tactic"]),
])  # fmt: skip
def test_offers(
    line: str, expected: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert offered(line, monkeypatch, capsys) == expected


def test_all_slots_and_some_keys_are_offered_first(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = offered("groundswell run ", monkeypatch, capsys)
    assert {f"{slot}=" for slot in slots()} | {"seed=", "days=", "scale=", "replications="} <= set(found)


def test_ones_own_presets_are_offered_and_a_wrong_folder_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "moderation").mkdir()
    (tmp_path / "moderation" / "mine.yaml").write_text("defaults:\n  - none\n")
    assert offered(f"groundswell run --scenarios {tmp_path} moderation=m", monkeypatch, capsys) == ["mine"]
    (tmp_path / "moderation" / "mine.yaml").rename(tmp_path / "moderation" / "mine.yml")
    assert offered(f"groundswell run --scenarios {tmp_path} moderation=no", monkeypatch, capsys) == ["none"]


def asked_by_shell(shell: str, line: str) -> str:
    """What another shell than Bash is told, which leaves words whole."""
    words = {
        "_GROUNDSWELL_COMPLETE": f"complete_{shell}",
        "_TYPER_COMPLETE_ARGS": line,
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
    }
    return subprocess.run(
        [sys.executable, "-c", ENTRY], env={**os.environ, **words}, capture_output=True, text=True, check=False
    ).stdout


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_shells_that_leave_words_whole_are_given_whole_words(shell: str) -> None:
    assert "scenario=classroom" in asked_by_shell(shell, "groundswell run scenario=cl")


@pytest.mark.skipif(shutil.which("bash") is None, reason="no Bash here")
def test_bash_itself_completes_what_stands_after_the_equals_sign(tmp_path: Path) -> None:
    command = tmp_path / "groundswell"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "{ENTRY}" "$@"\n')
    command.chmod(0o755)
    script = (
        'eval "$(_GROUNDSWELL_COMPLETE=source_bash groundswell)"\n'
        "COMP_WORDS=(groundswell run scenario = cl)\nCOMP_CWORD=4\n"
        '_groundswell_completion groundswell\necho "${COMPREPLY[*]}"\n'
    )
    root = str(Path(__file__).parents[3])
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "--norc", "-c", script], env={**os.environ, "PATH": path, "PYTHONPATH": root},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout.strip() == "classroom"
