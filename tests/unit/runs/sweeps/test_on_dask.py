"""Families on a Dask cluster: who is given none, what is waited for, and what ends a sweep. Dask itself is played by a few lines."""

import importlib.util
import re
import subprocess
import sys
from concurrent.futures import CancelledError
from dataclasses import replace
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from sim.runs.sweeps import on_dask
from sim.runs.sweeps.store import Folder
from sim.runs.sweeps.work import Receipt, Task
from sim.scenario.schema import ScenarioError
from tests.architecture.plan import ROOT

distributed = pytest.importorskip("distributed", reason="needs groundswell[cluster]")
SCRIPT = ROOT / "docs" / "cluster" / "slurm.py"


def task(number: int = 1, memory: float = 1e9) -> Task:
    return Task(f"name{number}", 1, number, None, {}, Folder(Path("/nowhere")), "code", (), memory)  # type: ignore[arg-type]


class Future:
    """What a worker answers, if it ever does."""

    def __init__(self, answer: Any, placing: dict[str, Any]) -> None:
        self.answer, self.placing, self.is_over = answer, placing, False

    def result(self) -> Any:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def release(self) -> None:
        self.is_over = True

    def cancel(self, force: bool) -> None:
        self.is_over = True


class Client:
    """A scheduler with workers, by address, each with what it answers to a task; None: it computes for good."""

    def __init__(self, workers: dict[str, Any], reasons: dict[str, Any] | None = None, memory: float = 4e9) -> None:
        self.workers, self.reasons, self.memory = workers, reasons or {}, memory
        self.scheduler = SimpleNamespace(address="tcp://1.1.1.1:8786")
        self.handed: list[Future] = []

    def scheduler_info(self, n_workers: int) -> dict[str, Any]:
        return {"workers": {name: {"resources": {"memory": self.memory}} for name in self.workers}}

    def run(self, function: Any, *_: Any, on_error: str) -> dict[str, Any]:
        return {name: self.reasons.get(name, "") for name in self.workers}

    def submit(self, function: Any, given: Task, pure: bool, **placing: Any) -> Future:
        allowed = placing.get("workers", list(self.workers))
        fit = [name for name in allowed if name in self.workers and self.memory >= placing["resources"]["memory"]]
        answer = self.workers[fit[0]](given, fit[0]) if fit else None
        self.handed.append(Future(answer, placing))
        return self.handed[-1]


def computes(given: Task, worker: str) -> tuple[Receipt, str]:
    return Receipt(given.name, given.point, given.seed, {"arm": worker}), worker


def refuses(given: Task, worker: str) -> tuple[Receipt, str]:
    return replace(computes(given, worker)[0], refused="has other code (b) than the driver (a)"), worker


@pytest.fixture(autouse=True)
def _waits_as_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def wait(futures: list[Future], timeout: float, return_when: str) -> Any:
        done = {future for future in futures if future.answer is not None}
        if not done:
            raise TimeoutError
        if any(isinstance(future.answer, CancelledError) for future in done):
            raise CancelledError
        return SimpleNamespace(done=done)

    monkeypatch.setattr(distributed, "wait", wait)


def test_a_worker_that_refuses_at_the_start_is_given_nothing_and_that_is_said(caplog: pytest.LogCaptureFixture) -> None:
    client = Client({"one": computes, "two": computes}, {"two": ModuleNotFoundError("No module named 'sim'")})
    receipts = list(on_dask.run_on(client, [task(n) for n in range(20)]))
    assert sorted(receipt.seed for receipt in receipts) == list(range(20))
    assert {receipt.digests["arm"] for receipt in receipts} == {"one"}
    assert [record.message for record in caplog.records] == [
        "worker two is given nothing: it cannot run families (ModuleNotFoundError: No module named 'sim')"
    ]
    assert all(future.is_over for future in client.handed)


def test_a_worker_that_ends_while_it_is_asked_has_not_refused() -> None:
    client = Client({"one": computes}, {"one": distributed.comm.CommClosedError("Stream is closed")})
    assert len(list(on_dask.run_on(client, [task()]))) == 1


def test_a_worker_that_comes_later_and_refuses_hands_its_family_back() -> None:
    client = Client({"late": refuses, "one": computes})
    receipts = list(on_dask.run_on(client, [task(n) for n in range(9)]))
    assert sorted(receipt.seed for receipt in receipts) == list(range(9))
    assert {receipt.digests["arm"] for receipt in receipts} == {"one"}


def test_where_every_worker_refuses_the_sweep_ends() -> None:
    with pytest.raises(ScenarioError, match=r"worker one has other code .*; there is no other worker"):
        list(on_dask.run_on(Client({"one": refuses}), [task()]))


def test_families_of_workers_that_are_gone_go_to_those_that_came(monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client({"old": lambda *_: None, "other": computes}, {"other": "has other code"})
    flow = on_dask._Flow(client, [task(1), task(2)])
    receipts = flow.receipts()
    look = flow._look_around

    def then_replaced() -> None:
        client.workers = {"new": computes, "other": computes}
        look()

    monkeypatch.setattr(flow, "_look_around", then_replaced)
    assert {receipt.digests["arm"] for receipt in receipts} == {"new"}
    assert {tuple(future.placing["workers"]) for future in client.handed} == {("old",), ("new",)}


@pytest.mark.parametrize(
    ("workers", "memory", "said"),
    [
        ({}, 4e9, "no worker is there"),
        ({"one": computes}, 1e8, r"a family takes 1,000,000,000 bytes .* more than 100,000,000"),
    ],
)
def test_what_is_waited_for_is_said_once(
    workers: dict[str, Any], memory: float, said: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    client = Client(workers, memory=memory)
    flow, looks = on_dask._Flow(client, [task()]), [0]
    look = flow._look_around

    def thrice() -> None:
        look()
        looks[0] += 1
        if looks[0] == 3:
            client.handed[0].answer = computes(task(), "late")

    monkeypatch.setattr(flow, "_look_around", thrice)
    assert len(list(flow.receipts())) == 1
    assert len(caplog.records) == 1
    assert re.match(f"waiting: {said}", caplog.records[0].message)


def test_only_the_family_at_which_workers_die_is_given_up_not_those_that_waited_beside_it() -> None:
    died = distributed.scheduler.KilledWorker("key", SimpleNamespace(address="one"), 3)
    tasks, tried = [task(n) for n in range(1, 9)], list[int]()

    def dies(given: Task, worker: str) -> Any:
        tried.append(given.seed)
        is_beside = given.seed == 4 and tried.count(4) == 1
        return died if given.seed == 3 or is_beside else computes(given, worker)

    receipts = {receipt.seed: receipt for receipt in on_dask.run_on(Client({"one": dies}), tasks)}
    assert sorted(receipts) == list(range(1, 9))
    assert [seed for seed, receipt in receipts.items() if receipt.failed] == [3]
    assert receipts[3].failed.startswith("its workers died 4 times, with nothing beside it")
    assert sorted(tried[-2:]) == [3, 4]


def test_what_is_a_machines_fault_ends_the_sweep_and_a_time_out_of_a_worker_is_no_waiting() -> None:
    with pytest.raises(TimeoutError, match="disk"):
        list(on_dask.run_on(Client({"one": lambda *_: TimeoutError("disk")}), [task()]))


def test_a_scheduler_that_is_gone_is_said_in_one_line() -> None:
    with pytest.raises(ConnectionError, match=r"the scheduler at tcp://1.1.1.1:8786 is gone"):
        list(on_dask.run_on(Client({"one": lambda *_: CancelledError()}), [task()]))


def test_a_worker_says_why_it_is_unfit(tmp_path: Path) -> None:
    mine = replace(task(), code=on_dask.own_code(()), store=Folder(tmp_path))
    assert "does not see --out" in on_dask.unfit(mine)
    (tmp_path / "sweep.json").write_text("{}")
    assert on_dask.unfit(mine) == ""
    assert "has other code" in on_dask.unfit(replace(mine, code="other"))


def test_a_worker_that_does_not_reach_an_object_store_says_why() -> None:
    class Closed(Folder):
        def has(self, name: str) -> bool:
            raise ImportError("Install s3fs to access S3")

    mine = replace(task(), code=on_dask.own_code(()), store=Closed(Path("/nowhere")))
    assert on_dask.unfit(mine) == "does not reach --out /nowhere (ImportError: Install s3fs to access S3)"


@pytest.fixture(scope="module")
def slurm() -> ModuleType:
    spec = importlib.util.spec_from_file_location("slurm", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_script_for_slurm_passes_on_what_is_not_its_own(slurm: ModuleType) -> None:
    options, sweep = slurm.options_of(["--jobs", "2", "--out", "/shared", "scenario=classroom", "--threads", "1"])
    assert options.jobs == 2
    assert sweep == ["--out", "/shared", "scenario=classroom", "--threads", "1"]
    for wrong in (["--jobs", "0"], ["--memory", "nan"], ["engine=process"]):
        with pytest.raises(SystemExit):
            slurm.options_of(wrong)


def test_a_job_of_slurm_is_a_worker_that_a_family_fits_in(slurm: ModuleType) -> None:
    options, _ = slurm.options_of(["--partition", "main", "--directive=--qos=low", "--prologue", "module load python"])
    job = slurm.job_of(options, 4e8)
    assert (job["cores"], job["processes"], job["memory"]) == (1, 1, "1800000000B")
    assert int(job["job_mem"][:-1]) * 2**20 > 1.8e9
    assert job["worker_extra_args"] == ["--resources", "memory=400000000"]
    assert (job["queue"], job["job_extra_directives"]) == ("main", ["--qos=low"])
    assert job["job_script_prologue"][-1] == "module load python"


def test_workers_of_slurm_have_the_memory_and_the_settings_of_those_here(slurm: ModuleType) -> None:
    import yaml

    assert (slurm.PROGRAM, slurm.ROOM) == (on_dask.BESIDE, on_dask.ROOM)
    said, here = yaml.safe_load(slurm.SETTINGS.read_text())["distributed"], on_dask.SETTINGS
    assert said["scheduler"]["allowed-failures"] == here["distributed.scheduler.allowed-failures"]
    assert {f"distributed.worker.memory.{key}": value for key, value in said["worker"]["memory"].items()}.items() <= (
        here.items()
    )


def test_the_help_of_the_script_for_slurm_needs_no_slurm() -> None:
    said = subprocess.run([sys.executable, str(SCRIPT), "--help"], capture_output=True, text=True)
    assert (said.returncode, said.stderr) == (0, "")
    assert "--directive" in said.stdout
