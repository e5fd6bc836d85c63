"""A whole comparison on small worlds: files, estimates, report, and going on from finished runs."""

import importlib
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
import yaml

from analysis.estimates.table import write_estimates
from analysis.estimates.words import headline
from analysis.report.sections import write_report
from sim.runs.face import compare, recorders, simulate
from sim.runs.recording import code_of
from tests.worlds import SMALL, STAGED, small_scenario

REQUEST = ["scenario=classroom", *SMALL, *STAGED, "scale=0.0000223", "days=5", "replications=2", "engine=serial"]


def test_comparison_leaves_its_files_and_goes_on_from_finished_runs(tmp_path: Path) -> None:
    first = compare(REQUEST, tmp_path)
    assert first["replications"] == 2
    assert len(list((tmp_path / "runs").glob("*.json"))) == 8
    runs = pd.read_parquet(tmp_path / "runs.parquet")
    assert sorted(runs["arm"].unique()) == sorted(first["arms"])
    assert yaml.safe_load((tmp_path / "config.yaml").read_text())["name"] == "classroom"
    next((tmp_path / "runs").glob("*.json")).unlink()
    compare(REQUEST, tmp_path)
    assert pd.read_parquet(tmp_path / "runs.parquet")["digest"].tolist() == runs["digest"].tolist()
    table = write_estimates(tmp_path)
    assert table["contrast"].iloc[0] == "manufactured"
    assert any("manufactured visibility" in line for line in headline(tmp_path))
    page = write_report(tmp_path).read_text()
    assert "In this model, given its assumptions" in page
    assert "no evidence about any real account, campaign or vote" in page
    assert "What a world shows of a campaign hangs on its size" in page
    assert "What it must not have touched" in page
    assert "Declared before any result" in page
    for outside in ("src=", "<link", "<script", "url(http", "@import"):
        assert outside not in page


def test_more_seeds_and_arms_use_finished_worlds_again(tmp_path: Path) -> None:
    few = [o for o in REQUEST if not o.startswith("replications")]
    compare([*few, "replications=1"], tmp_path)
    kept = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "runs").glob("*.json")}
    compare([*few, "replications=2", "arms=main_job"], tmp_path)
    assert len(list((tmp_path / "runs").glob("*.json"))) == 16
    assert all((tmp_path / "runs" / name).stat().st_mtime_ns == when for name, when in kept.items())


def test_finished_worlds_are_of_the_same_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    package, module = tmp_path / "own_package", tmp_path / "own_policy.py"
    package.mkdir()
    for file in (package / "__init__.py", package / "part.py", module):
        file.write_text("FIRST = 1\n")
    for name in ("own_package", "own_policy"):
        importlib.import_module(name)
    before = {trusted: code_of(trusted) for trusted in ((), ("own_policy",), ("own_package",))}
    assert code_of(("never_imported",)) == before[()]
    assert len(set(before.values())) == 3
    (package / "part.py").write_text("FIRST = 2\n")
    assert [code_of(trusted) == code for trusted, code in before.items()] == [True, True, False]
    module.write_text("FIRST = 3\n")
    assert [code_of(trusted) == code for trusted, code in before.items()] == [True, False, False]


def test_one_world_reports_what_it_did(tmp_path: Path) -> None:
    said = []
    result = simulate(small_scenario(), lambda done, total: said.append((done, total)))
    assert said[-1] == (72, 72)
    assert result.summary["impressions"] > 0
    assert result.summary["digest"] == simulate(small_scenario()).summary["digest"]
    result.write(tmp_path, {"name": "small"})
    assert yaml.safe_load((tmp_path / "config.yaml").read_text()) == {"name": "small"}
    measures = set(pd.read_parquet(tmp_path / "series.parquet")["measure"])
    assert {"impressions", "share", "reach", "watch_seconds"} <= measures


@pytest.mark.parametrize("engine", ["process"])
def test_processes_give_the_digests_of_one_process(engine: str, tmp_path: Path) -> None:
    compare(REQUEST, tmp_path / "one")
    compare([*REQUEST[:-1], f"engine={engine}"], tmp_path / "two", threads=2)
    one, two = (pd.read_parquet(tmp_path / name / "runs.parquet") for name in ("one", "two"))
    assert one["digest"].tolist() == two["digest"].tolist()


def test_events_are_the_four_columns_that_detectors_share(tmp_path: Path) -> None:
    result = simulate(small_scenario(), records=recorders(events=tmp_path / "events.parquet"))
    table = pd.read_parquet(tmp_path / "events.parquet")
    assert list(table.columns) == ["object_id", "account_id", "content_id", "timestamp_share"]
    likes = table["object_id"].str.startswith("like:").sum()
    assert likes >= result.run["likes"] > 0
    assert table["content_id"].is_unique
    first, last = pd.to_datetime(table["timestamp_share"].agg(["min", "max"]), unit="s").dt.date.astype(str)
    assert (first, last) == ("2024-11-21", "2024-11-23")
    assert [path.name for path in tmp_path.iterdir()] == ["events.parquet"]


def _heed_interrupts() -> None:
    """A shell lets what runs in its background ignore interrupts, and its children inherit that."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def test_interrupted_comparison_says_so_and_goes_on(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "sim",
        "compare",
        *REQUEST[:-3],
        "days=2",
        "replications=2",
        "engine=serial",
        "--out",
        str(tmp_path),
    ]
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, preexec_fn=_heed_interrupts
    )
    while not list((tmp_path / "runs").glob("*.json")):
        time.sleep(0.05)
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "interrupted; the same command goes on" in said
    assert "Traceback" not in said
    kept = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "runs").glob("*.json")}
    assert 0 < len(kept) < 8
    assert not (tmp_path / "report.html").exists()
    again = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "manufactured visibility" in again.stdout
    assert all((tmp_path / "runs" / name).stat().st_mtime_ns == when for name, when in kept.items())
    assert (tmp_path / "report.html").exists()
    assert "| suspend coordinated |" in (tmp_path / "frontier.md").read_text()
