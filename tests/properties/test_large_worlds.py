"""Worlds that are too large to lie beside each other wait on disk, and lose little where a process dies."""

import copy
import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sim.model import CampaignModel
from sim.runs import families, kept_worlds
from sim.runs.families import Family, run_family
from sim.runs.kept_worlds import OnDisk, Parting
from tests.worlds import small_scenario

ARMS = {f"{c}/{m}": small_scenario(c, m) for c in ("quiet", "coordinated") for m in ("none", "label_paid")}


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every world is large, and put in again after each day."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(families, "MOST_COPIED", 0)
    monkeypatch.setattr(OnDisk, "days", 1)
    return tmp_path / "cache"


def family_in(folder: Path) -> Family:
    return Family(3, ARMS, {arm: folder / f"{number}.json" for number, arm in enumerate(ARMS)})


def digests(family: Family) -> dict[str, str]:
    return {result["run"]["arm"]: result["run"]["digest"] for result in run_family(family)}


def counted(kinds: list[type]) -> Callable[[Any], Any]:
    """A deep copy that notes what was copied."""

    def counting(whole: Any) -> Any:
        kinds.append(type(whole))
        return copy.deepcopy(whole)

    return counting


def mortal(
    passes: Callable[[CampaignModel], None], dies_after: int, done: list[int]
) -> Callable[[CampaignModel], None]:
    """An hour that passes, but for one, in which the process dies."""

    def hour_passes(model: CampaignModel) -> None:
        done.append(model.world.hour)
        if len(done) == dies_after:
            raise MemoryError
        passes(model)

    return hour_passes


def in_memory(folder: Path) -> tuple[dict[str, str], int]:
    """What the arms say where worlds are copied, and how many hours pass for it."""
    done: list[int] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(families, "MOST_COPIED", 2_000_000)
        patch.setattr(CampaignModel, "hour_passes", mortal(CampaignModel.hour_passes, 0, done))
        return digests(family_in(folder)), len(done)


def test_worlds_too_large_to_be_copied_have_the_same_digests(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected, _ = in_memory(cache.parent / "memory")
    copies: list[type] = []
    monkeypatch.setattr(kept_worlds, "copy", SimpleNamespace(deepcopy=counted(copies)))
    assert digests(family_in(cache.parent / "disk")) == expected
    assert expected["coordinated/none"] != expected["coordinated/label_paid"]  # so that arms part
    assert Parting not in copies
    assert not list(cache.rglob("*.world"))


@pytest.mark.parametrize("share", [0.05, 0.3, 0.55, 0.8])
def test_a_family_that_dies_goes_on_from_what_waits_on_disk(
    cache: Path, monkeypatch: pytest.MonkeyPatch, share: float
) -> None:
    expected, hours = in_memory(cache.parent / "memory")
    family, done = family_in(cache.parent / "disk"), list[int]()
    monkeypatch.setattr(CampaignModel, "hour_passes", mortal(CampaignModel.hour_passes, int(share * hours), done))
    with pytest.raises(MemoryError):
        run_family(family)
    assert digests(family) == expected
    assert len(done) <= hours + 24 + 1
    assert not list(cache.rglob("*.world"))


def test_files_of_worlds_are_for_their_user_alone(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = OnDisk("name")
    assert store.folder.stat().st_mode & 0o077 == 0
    monkeypatch.setattr(kept_worlds.os, "getuid", lambda: store.folder.stat().st_uid + 1)
    with pytest.raises(PermissionError, match="another user"):
        OnDisk("name")


def test_worlds_that_nobody_goes_on_with_are_forgotten(cache: Path) -> None:
    old, young = OnDisk("old"), OnDisk("young")
    for store in (old, young):
        (store.folder / "000001-x.world").touch()
    for path in (old.folder, *old.folder.iterdir()):
        os.utime(path, (0, 0))
    OnDisk("another")
    assert (old.folder.exists(), young.folder.exists()) == (False, True)


@pytest.mark.parametrize("is_large", [False, True])
def test_arms_say_the_same_in_any_order_and_in_any_company(
    is_large: bool, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A quiet world that is left over when its campaign's twin is done waits for no campaign."""
    monkeypatch.setattr(families, "MOST_COPIED", 0 if is_large else 2_000_000)
    wanted = digests(family_in(tmp_path / "first"))
    assert wanted["quiet/none"] != wanted["coordinated/none"]
    names = list(ARMS)
    orders = [
        names[::-1],
        [*names[2:], *names[:2]],
        [names[2], names[0], names[3], names[1]],
        [names[2], names[0]],
        [names[0]],
        [names[3]],
    ]
    for number, order in enumerate(orders):
        files = {arm: tmp_path / f"{number}" / f"{place}.json" for place, arm in enumerate(order)}
        assert digests(Family(3, {arm: ARMS[arm] for arm in order}, files)) == {arm: wanted[arm] for arm in order}
