"""Where results lie: whole files, one driver, patience with a full disk."""

import json
from pathlib import Path

import pytest

from sim.runs.sweeps.lease import LASTS, LEASE, lease
from sim.runs.sweeps.store import Folder, ObjectStore, Store, is_of_one_process, store_at
from sim.scenario.schema import ScenarioError

pytest.importorskip("fsspec", reason="object stores need groundswell[cluster]")


@pytest.fixture(params=["folder", "object store"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "folder":
        return Folder(tmp_path / "out")
    return store_at(f"memory://{tmp_path.name}")


def test_files_are_named_read_and_written(store: Store) -> None:
    assert store.names("families") == set()
    assert store.read("families/a") is None
    store.write("families/a", b"1")
    store.write("families/a", b"22")
    store.write("index", b"3")
    assert store.names("families") == {"a"}
    assert store.read("families/a") == b"22"


def interrupted(store: Store) -> None:
    with store.working_folder("family") as folder:
        folder.mkdir(parents=True)
        (folder / "0.json").write_text("{}")
        raise KeyboardInterrupt


def test_what_a_family_has_finished_is_kept_until_it_is_whole(tmp_path: Path) -> None:
    store = Folder(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        interrupted(store)
    with store.working_folder("family") as folder:
        assert (folder / "0.json").is_file()
    assert list(tmp_path.iterdir()) == []


def test_one_driver_at_a_time(tmp_path: Path) -> None:
    store = ObjectStore(f"memory://{tmp_path.name}-lease")
    clock = [1000.0]
    with lease(store, lambda: clock[0], lambda seconds: None):
        with (
            pytest.raises(ScenarioError, match="another sweep runs"),
            lease(store, lambda: clock[0], lambda seconds: None),
        ):
            pass
        clock[0] += LASTS + 1  # it gave no sign of life
        with lease(store, lambda: clock[0], lambda seconds: None):
            pass
    with lease(store, lambda: clock[0], lambda seconds: None):  # the last one has left
        pass


def test_of_two_drivers_that_begin_at_once_one_goes_on(tmp_path: Path) -> None:
    store = ObjectStore(f"memory://{tmp_path.name}-two")

    def another_writes(seconds: float) -> None:
        store.write(LEASE, json.dumps({"driver": "another", "until": 2000.0}).encode())

    with pytest.raises(ScenarioError, match="another sweep runs"), lease(store, lambda: 1000.0, another_writes):
        pass


def test_a_damaged_lease_holds_nothing(tmp_path: Path) -> None:
    store = ObjectStore(f"memory://{tmp_path.name}-damaged")
    store.write(LEASE, b"[1")
    with lease(store, lambda: 1000.0, lambda seconds: None):
        pass


def test_where_results_can_lie(tmp_path: Path) -> None:
    assert store_at(str(tmp_path)) == Folder(tmp_path)
    assert is_of_one_process(store_at("memory://x"))
    assert not is_of_one_process(Folder(tmp_path))
    with pytest.raises(ScenarioError, match=r"--out: nowhere://x given"):
        store_at("nowhere://x")
