"""Folders of results can come from anywhere and can be damaged: what is wrong is named, and computed again or refused."""

import json
import random
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sim.cli.command import app, status_of
from sim.runs.recording import digest_of
from sim.runs.recording.results import read_sealed, write_sealed

WORDS = ["compare", "scenario=classroom", "days=1", "calendar.warm_up_days=1", "replications=2", "engine=serial"]
EVIL = "<script>alert(1)</script>"


def told(words: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Status of a command, and what it said on standard error."""
    capsys.readouterr()
    status = status_of(lambda: app(words, prog_name="groundswell", standalone_mode=False))
    return status, capsys.readouterr().err


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished comparison of two seeds."""
    folder = tmp_path_factory.mktemp("whole") / "out"
    assert status_of(lambda: app([*WORDS, "--out", str(folder)], prog_name="groundswell", standalone_mode=False)) == 0
    return folder


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    """A copy of it to be damaged."""
    return Path(shutil.copytree(whole, tmp_path / "out"))


def manifest(change: Callable[[dict[str, Any]], Any]) -> Callable[[Path], None]:
    """A change of the manifest."""

    def damage(folder: Path) -> None:
        document = json.loads((folder / "manifest.json").read_text())
        change(document)
        (folder / "manifest.json").write_text(json.dumps(document))

    return damage


def table(name: str, change: Callable[[pd.DataFrame], pd.DataFrame]) -> Callable[[Path], None]:
    """A change of a table."""

    def damage(folder: Path) -> None:
        change(pd.read_parquet(folder / f"{name}.parquet")).to_parquet(folder / f"{name}.parquet")

    return damage


def raw(name: str, content: bytes | None) -> Callable[[Path], None]:
    """A file that is gone, or says something else."""
    return lambda folder: (folder / name).unlink() if content is None else (folder / name).write_bytes(content) and None


def cut(name: str, size: int) -> Callable[[Path], None]:
    """A file of which only the beginning is there."""
    return lambda folder: (folder / name).write_bytes((folder / name).read_bytes()[:size]) and None


DAMAGES: dict[str, tuple[Callable[[Path], None], str]] = {
    "no manifest": (raw("manifest.json", None), "holds no manifest.json"),
    "no runs": (raw("runs.parquet", None), "holds no runs.parquet"),
    "no series": (raw("series.parquet", None), "holds no series.parquet"),
    "an empty manifest": (raw("manifest.json", b""), "manifest.json: cannot be read"),
    "a cut manifest": (cut("manifest.json", 200), "manifest.json: cannot be read"),
    "a manifest that is no text": (raw("manifest.json", b"\xff\xfe\x00"), "manifest.json: cannot be read"),
    "a manifest of many levels": (raw("manifest.json", b"[" * 100_000), "manifest.json: cannot be read"),
    "a list for a manifest": (raw("manifest.json", b"[]"), "manifest.json: scenario: [] given"),
    "an empty table": (raw("runs.parquet", b""), "runs.parquet: cannot be read"),
    "a cut table": (cut("runs.parquet", 999), "runs.parquet: cannot be read"),
    "text for a table": (raw("series.parquet", b"PAR1 hello PAR1"), "series.parquet: cannot be read"),
    "a script for days": (manifest(lambda m: m.update(days=EVIL)), "days: '<script>"),
    "a script for seeds": (manifest(lambda m: m.update(seeds=[EVIL])), "seeds[0]: '<script>"),
    "a script for users": (manifest(lambda m: m.update(users=EVIL)), "users: '<script>"),
    "a script for a label": (manifest(lambda m: m.update(candidates=[EVIL, "B"])), "given, allowed are letters"),
    "a script for money": (manifest(lambda m: m.update(currency=EVIL)), "given, allowed are letters"),
    "a script for an arm": (manifest(lambda m: m["arms"][0].update(name=EVIL)), "arms[0].name"),
    "a script for a digest": (manifest(lambda m: m.update(digest=EVIL)), "given, allowed are letters"),
    "colours for a title": (manifest(lambda m: m.update(title="\x1b[31mred")), "title:"),
    "a title of two lines": (manifest(lambda m: m.update(title="a\nb")), "title:"),
    "no arms": (manifest(lambda m: m.update(arms=[])), "none given"),
    "no seeds": (manifest(lambda m: m.update(seeds=[])), "none given"),
    "a missing key": (manifest(lambda m: m.pop("days")), "days: missing"),
    "an unknown key": (manifest(lambda m: m.update(colour="red")), "colour: unknown key"),
    "another digest": (manifest(lambda m: m.update(digest="0" * 64)), "its digests are not those"),
    "other seeds": (manifest(lambda m: m.update(seeds=[1, 3])), "one of each arm and seed"),
    "a candidate who is not there": (manifest(lambda m: m.update(candidate=99)), "none given"),
    "assumptions that are no rows": (manifest(lambda m: m.update(assumptions=[3])), "assumptions[0]"),
    "fidelity without numbers": (manifest(lambda m: m["fidelity"][0].update(real="x")), "fidelity[0]"),
    "versions that are no text": (manifest(lambda m: m.update(versions={"a": 3})), "versions.a"),
    "a date that is none": (manifest(lambda m: m.update(start_date="soon")), "start_date"),
    "a first day that is none": (manifest(lambda m: m.update(starts={"coordinated": EVIL})), "starts.coordinated"),
    "first days that are no mapping": (manifest(lambda m: m.update(starts=["2024-11-01"])), "starts"),
    "a missing run": (table("runs", lambda t: t.iloc[1:]), "one of each arm and seed"),
    "a run twice": (table("runs", lambda t: pd.concat([t, t.iloc[:1]])), "one of each arm and seed"),
    "a missing column": (table("runs", lambda t: t.drop(columns="candidate_impressions")), "column candidate_impressions is missing"),
    "numbers that are text": (table("runs", lambda t: t.assign(spent="x")), "column spent: allowed is a number"),
    "numbers that are none": (table("runs", lambda t: t.assign(spent=float("nan"))), "column spent: allowed is a number"),
    "other arms": (table("runs", lambda t: t.assign(arm=EVIL)), "one of each arm and seed"),
    "other campaigns": (table("runs", lambda t: t.assign(campaign="x")), "allowed is campaign/moderation"),
    "days of other arms": (table("series", lambda t: t.assign(arm=EVIL)), "arms or measures that are not"),
    "a script for a measure": (table("series", lambda t: t.assign(measure=EVIL)), "arms or measures that are not"),
    "days without values": (table("series", lambda t: t.assign(value=None)), "column value: allowed is a number"),
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_comparison_is_refused_by_the_name_of_what_is_wrong(
    name: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    damage, said = DAMAGES[name]
    damage(folder)
    before = (folder / "report.html").read_bytes()
    status, message = told(["report", str(folder)], capsys)
    assert status == 2
    assert said in message
    assert message.startswith("groundswell: ")
    assert message.count("\n") == 1
    assert "\x1b" not in message
    assert (folder / "report.html").read_bytes() == before


def test_a_whole_comparison_has_its_report_again(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (folder / "report.html").read_bytes()
    (folder / "report.html").unlink()
    assert told(["report", str(folder)], capsys)[0] == 0
    assert (folder / "report.html").read_bytes() == before


def test_texts_of_a_manifest_are_texts_wherever_they_go(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    title = "`x` <img src=x onerror=alert(1)> [a](javascript:b) | =cmd"
    manifest(lambda m: m.update(title=title, command=f"groundswell `rm` {EVIL}"))(folder)
    manifest(lambda m: m["assumptions"][0].update(unit=EVIL, source=EVIL, key=EVIL, value=EVIL))(folder)
    manifest(lambda m: m["fidelity"][0].update(unit=EVIL, quantity=EVIL))(folder)
    manifest(lambda m: m.update(versions={EVIL: EVIL}))(folder)
    assert told(["report", str(folder)], capsys)[0] == 0
    for name in ("report.html", "frontier.md"):
        written = re.sub(r"(?<!\\)`[^`]*`", "", (folder / name).read_text())  # what stands in code is shown as it is
        assert "<script" not in written
        assert "<img" not in written.replace("\\<img", "")
    assert not re.search(r"(?<!\\)\]\(", (folder / "frontier.md").read_text())


def test_a_world_is_no_comparison(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["run", *WORDS[1:4], "--out", str(tmp_path / "one")]
    assert told(words, capsys)[0] == 0
    status, message = told(["report", str(tmp_path / "one")], capsys)
    assert (status, "one world that run has written" in message) == (2, True)
    assert told(["report", str(tmp_path / "nowhere")], capsys)[0] == 2


RUNS: dict[str, Callable[[bytes], bytes]] = {
    "cut": lambda content: content[: len(content) // 2],
    "empty": lambda _: b"",
    "a list": lambda _: b"[]",
    "no seal": lambda content: json.dumps({k: v for k, v in json.loads(content).items() if k != "seal"}).encode(),
    "another number": lambda content: content.replace(b'"users": 2000', b'"users": 2001', 1),
    "no text": lambda _: b"\xff\xfe",
}


@pytest.mark.parametrize("name", RUNS)
def test_a_damaged_run_is_named_and_computed_again(
    name: str, folder: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    before = json.loads((folder / "manifest.json").read_text())["digest"]
    file = sorted((folder / "runs").glob("*.json"))[0]
    content = file.read_bytes()
    file.write_bytes(RUNS[name](content))
    assert file.read_bytes() != content
    assert told([*WORDS, "--out", str(folder)], capsys)[0] == 0
    assert str(file) in caplog.text
    assert json.loads((folder / "manifest.json").read_text())["digest"] == before
    assert json.loads(file.read_text())["run"]["digest"] == json.loads(content)["run"]["digest"]


def test_a_seal_is_of_all_that_a_file_says(tmp_path: Path) -> None:
    document = {"run": {"spent": 1.5, "name": "x"}, "series": [[0, "a", float("nan")]]}
    write_sealed(tmp_path / "a.json", document)
    assert digest_of([[str(read_sealed(tmp_path / "a.json"))]], {}) == digest_of([[str(document)]], {})
    (tmp_path / "a.json").write_text((tmp_path / "a.json").read_text().replace("1.5", "1.6"))
    assert read_sealed(tmp_path / "a.json") is None
    assert read_sealed(tmp_path / "b.json") is None


def damaged_anyhow(folder: Path, luck: random.Random) -> Iterator[str]:
    """One to three files of a folder that are cut, altered, exchanged or gone."""
    files = sorted(path for path in folder.iterdir() if path.suffix in (".json", ".parquet", ".yaml"))
    for file in luck.sample(files, luck.choice([1, 1, 2, 3])):
        content = bytearray(file.read_bytes())
        kind = luck.choice(["cut", "flip", "flip", "gone", "exchange", "grow", "word"])
        if kind == "gone":
            file.unlink()
        elif kind == "cut":
            file.write_bytes(content[: luck.randrange(len(content))])
        elif kind == "grow":
            file.write_bytes(content + bytes(luck.randrange(256) for _ in range(9)))
        elif kind == "exchange":
            other = luck.choice(files)
            file.write_bytes(other.read_bytes() if other.exists() else b"")
        elif kind == "word" and file.suffix == ".json":
            words = [b"1", b'"coordinated/none"', b"true", b'"days"', b"0.0", b"[", b"{"]
            at = luck.choice(words)
            file.write_bytes(
                bytes(content).replace(at, luck.choice([b"null", b"-1", b'"x"', b"[]", b"1e999", b"{}"]), 1)
            )
        else:
            for _ in range(luck.choice([1, 3, 30])):
                content[luck.randrange(len(content))] = luck.randrange(256)
            file.write_bytes(content)
        yield f"{file.name} {kind}"


@pytest.mark.parametrize("cases", [20, pytest.param(600, marks=pytest.mark.slow)])
def test_any_damage_ends_with_status_0_or_2_and_one_message(
    cases: int, whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for case in range(cases):
        folder = Path(shutil.copytree(whole, tmp_path / str(case), ignore=shutil.ignore_patterns("runs", "figures")))
        done = list(damaged_anyhow(folder, random.Random(case)))
        status, message = told(["report", str(folder)], capsys)
        assert status in (0, 2), (case, done, message)
        assert status == 0 or message.count("\n") == 1, (case, done, message)
        assert not list(folder.rglob(".*")), done  # nothing half-written
        shutil.rmtree(folder)
