"""Sweeps of tiny worlds: what is there is not run again, what is damaged is, and what fails ends nothing else."""

import errno
import functools
import json
import logging
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import sim.runs.sweeps.work as work
from sim.runs.recording.families import path_of, unpacked
from sim.runs.sweeps.forecast import forecast
from sim.runs.sweeps.index import design_of
from sim.runs.sweeps.points import Plan, plan_of
from sim.runs.sweeps.store import Folder, Store, store_at
from sim.runs.sweeps.sweep import sweep, tasks_of
from sim.runs.sweeps.words import Engine, sweep_of
from sim.runs.sweeps.work import Receipt, read_family, run_task
from sim.scenario.schema import ScenarioError
from tests.worlds import SMALL, STAGED

WORDS = ["scenario=classroom", *SMALL, *STAGED, "scale=0.0000223", "days=1", "replications=2", "engine=serial"]
GRID = [*WORDS, "moderation=none,suspend_coordinated", "campaign.budget=0,4e5"]


@functools.cache
def plan(*words: str) -> Plan:
    return plan_of(sweep_of(words))


def run(words: Sequence[str], store: Store) -> dict[str, Any]:
    return sweep(plan(*words), store, sweep_of(words).engine, "groundswell sweep")


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Folder, dict[str, Any]]:
    store = Folder(tmp_path_factory.mktemp("sweep"))
    return store, run(GRID, store)


def test_each_family_leaves_one_file_and_the_index_says_which(finished: tuple[Folder, dict[str, Any]]) -> None:
    store, found = finished
    assert (found["asked"], found["computed"], found["reused"], found["failed"]) == (4, 4, 0, 0)
    index = json.loads(store.read("sweep.json") or b"")
    assert [(row["point"], row["seed"], row["is_there"]) for row in index["families"]] == [
        (1, 1, True), (1, 2, True), (2, 1, True), (2, 2, True),
    ]  # fmt: skip
    assert {row["file"].rpartition("/")[2] for row in index["families"]} == store.names("families")
    assert index["digest"] == found["digest"]
    assert pd.read_parquet(store.path / "design.parquet")["campaign.budget"].tolist() == [0.0, 4e5]
    assert store.names("under_way") == set()


def test_what_is_there_is_not_run_again_and_gives_the_same_digest(
    finished: tuple[Folder, dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, first = finished
    monkeypatch.setattr(work, "run_family", lambda family: pytest.fail("ran again"))
    again = run(GRID, store)
    assert (again["computed"], again["reused"], again["digest"]) == (0, 4, first["digest"])


def test_a_point_says_what_a_comparison_of_its_words_says(
    finished: tuple[Folder, dict[str, Any]], tmp_path: Path
) -> None:
    from sim.runs.face import compare

    compare([*WORDS, "moderation=suspend_coordinated", "campaign.budget=4e5"], tmp_path)
    runs = pd.read_parquet(tmp_path / "runs.parquet")
    store, _ = finished
    index = json.loads(store.read("sweep.json") or b"")
    for row in index["families"]:
        if row["point"] == 2:
            results = (unpacked(store.read(row["file"])) or {})["results"]
            digests = {result["run"]["arm"]: result["run"]["digest"] for result in results}
            those = runs[runs["seed"] == row["seed"]]
            assert digests == dict(zip(those["arm"], those["digest"], strict=True))


def test_damaged_and_missing_files_are_computed_again_and_nothing_else(
    finished: tuple[Folder, dict[str, Any]], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shutil.copytree(finished[0].path, tmp_path / "copy")
    store = Folder(tmp_path / "copy")
    names = sorted(store.names("families"))
    path = store.path / "families" / names[0]
    path.write_bytes(path.read_bytes()[:-20])
    (store.path / "families" / names[1]).unlink()
    with caplog.at_level(logging.WARNING):
        found = run(GRID, store)
    assert (found["computed"], found["reused"], found["digest"]) == (2, 2, finished[1]["digest"])
    assert "damaged" in caplog.text
    assert read_family(store, names[0].removesuffix(".json.gz")) is not None


def test_more_seeds_and_points_use_what_is_there(finished: tuple[Folder, dict[str, Any]], tmp_path: Path) -> None:
    shutil.copytree(finished[0].path, tmp_path / "copy")
    more = [word.replace("=0,4e5", "=4e5,0,2e5") for word in GRID]
    found = run(more, Folder(tmp_path / "copy"))
    assert (found["computed"], found["reused"]) == (2, 4)


def test_results_lie_in_an_object_store_too(
    finished: tuple[Folder, dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("fsspec", reason="object stores need groundswell[cluster]")
    import sim.runs.sweeps.lease as lease

    monkeypatch.setattr(lease, "SETTLES", 0.0)
    store = store_at("memory://sweep")
    assert run(GRID, store)["digest"] == finished[1]["digest"]
    assert run(GRID, store)["reused"] == 4
    with pytest.raises(ScenarioError, match="other processes do not see"):
        run([word.replace("engine=serial", "engine=process") for word in [*GRID, "days=2"] if word != "days=1"], store)


def test_a_family_that_cannot_be_run_is_recorded_and_the_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    true = work.run_family

    def sometimes(family: Any) -> Any:
        if next(iter(family.arms.values())).campaign.budget == 4e5 and family.seed == 2:
            raise ValueError("what several values do together\nis not allowed")
        return true(family)

    monkeypatch.setattr(work, "run_family", sometimes)
    store = Folder(tmp_path)
    found = run(GRID, store)
    assert (found["computed"], found["failed"]) == (3, 1)
    index = json.loads(store.read("sweep.json") or b"")
    why = "ValueError: what several values do together is not allowed"
    assert index["failed"] == [{"point": 2, "seed": 2, "why": why}]
    assert [row["is_there"] for row in index["families"]] == [True, True, True, False]
    monkeypatch.setattr(work, "run_family", true)
    again = run(GRID, store)
    assert (again["computed"], again["reused"], again["failed"]) == (1, 3, 0)


def test_a_full_disk_is_waited_for_and_other_errors_are_not() -> None:
    errors, waited = [OSError(errno.ENOSPC, "full"), OSError(errno.EDQUOT, "full")], list[float]()

    def write() -> str:
        if errors:
            raise errors.pop()
        return "written"

    assert work.patiently(write, waited.append) == "written"
    assert waited == [1.0, 4.0]
    errors += [PermissionError(errno.EACCES, "denied")]
    with pytest.raises(PermissionError):
        work.patiently(write, waited.append)
    errors += [OSError(errno.ENOSPC, "full")] * 9
    with pytest.raises(OSError, match="full"):
        work.patiently(write, waited.append)
    assert waited[2:] == list(work.PATIENCE)


def test_a_full_disk_ends_a_sweep_and_nothing_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "PATIENCE", ())
    true, count = work.run_family, [0]

    def then_full(family: Any) -> Any:
        count[0] += 1
        if count[0] == 3:
            raise OSError(28, "No space left on device")
        return true(family)

    monkeypatch.setattr(work, "run_family", then_full)
    store = Folder(tmp_path)
    with pytest.raises(OSError, match="No space left"):
        run(GRID, store)
    assert len(store.names("families")) == 2
    again = run(GRID, store)
    assert (again["computed"], again["reused"]) == (2, 2)


def test_a_worker_with_other_code_refuses_before_it_computes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    task = tasks_of(plan(*GRID), Folder(tmp_path))[0]
    monkeypatch.setattr(work, "run_family", lambda family: pytest.fail("computed"))
    receipt = run_task(replace(task, code="other"))
    assert receipt.refused == task.code
    assert not receipt.digests


def test_another_driver_is_refused(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from sim.runs.recording.folders import hold\n"
        "hold(Path(sys.argv[1])); print(flush=True); input()"
    )
    held = [sys.executable, "-c", script, str(tmp_path)]
    with subprocess.Popen(held, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout
        assert other.stdout.readline() == "\n"
        with pytest.raises(ScenarioError, match=rf"into which process {other.pid} writes"):
            run(GRID, Folder(tmp_path))
        other.communicate("\n")


def test_names_hang_on_what_is_asked_and_on_the_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sim.runs.sweeps.sweep as module

    def names(words: Sequence[str]) -> set[str]:
        return {task.name for task in tasks_of(plan(*words), Folder(tmp_path))}

    first = names(GRID)
    assert len(first) == 4
    assert names([*GRID[:-1], "campaign.budget=4e5,0"]) == first
    assert names([word.replace("replications=2", "replications=1") for word in GRID]) < first
    assert not names([*GRID, "audience.like=-2.1"][len(SMALL) :]) & first
    monkeypatch.setattr(module, "code_of", lambda trust: "other")
    assert not names(GRID) & first


def test_a_forecast_counts_points_families_and_runs() -> None:
    expected = forecast(plan(*GRID))
    assert (expected.points, expected.families, expected.runs) == (2, 4, 16)
    assert expected.core_seconds > 0
    assert expected.memory > 1e8


def test_columns_of_a_design_are_numbers_or_texts() -> None:
    table = design_of(plan("scenario=classroom", "campaign.budget=0,4e5", "recommender=popularity,staged_audience"))
    assert table["campaign.budget"].dtype.kind == "f"
    assert table["recommender"].tolist() == ["popularity", "staged_audience"] * 2
    assert table["point"].tolist() == [1, 2, 3, 4]


@pytest.mark.parametrize("content", [b"", b"x", b"\x1f\x8b\x08", b"\x1f\x8b" + b"\0" * 100])
def test_files_that_are_no_results_are_told(content: bytes, tmp_path: Path) -> None:
    store = Folder(tmp_path)
    store.write(path_of("x"), content)
    assert read_family(store, "x") is None


def test_receipts_of_one_sweep_have_one_digest_in_any_order() -> None:
    one, two = Receipt("a", 1, 1, {"q/none": "1"}), Receipt("b", 2, 1, {"q/none": "2"})
    assert work.digest_of_sweep([one, two]) == work.digest_of_sweep([two, one])
    assert work.digest_of_sweep([one, two]) != work.digest_of_sweep([one])


def test_the_engine_that_a_scenario_says_is_used_where_none_is_asked_for() -> None:
    assert sweep_of(["scenario=classroom"]).engine == Engine()
