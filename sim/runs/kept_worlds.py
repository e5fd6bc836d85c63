"""Where worlds wait whose arms have parted: in memory, or on disk where they are too large to lie beside each other.

Files of worlds lie in the user's own cache folder and never beside results: a file of Python objects is code to whoever reads it,
and folders of results are data from strangers.
"""

import copy
import gc
import os
import pickle
import shutil
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from sim.model import CampaignModel
from sim.moderation.base import Suspicion
from sim.world.actions import Request

FORGOTTEN = 7 * 24 * 3600.0  # seconds


@dataclass
class Group:
    """Arms that are one world for as long as they do the same. suspicions: by arm; arms with the same moderation share one.

    due: what their desks have decided in the hour in which they parted from others, and is not carried out yet; None where they
    parted at its beginning.
    """

    suspicions: dict[str, Suspicion]
    due: tuple[Request, ...] | None = None


@dataclass
class Parting:
    """A world at an hour from which several groups of arms go on, each by itself."""

    model: CampaignModel
    groups: list[Group] = field(default_factory=list)


class Store(Protocol):
    """Partings by name. What was put in is safe from what is done to the world afterwards."""

    days: int | None  # after how many a world that goes on is put in again, so that little of it is lost; None: never

    def names(self) -> list[str]:
        """Of all that wait."""

    def put(self, name: str, parting: Parting) -> None:
        """Let a parting wait under a name."""

    def take(self, name: str) -> Parting:
        """One of one's own: it stays in the store until it is dropped."""

    def drop(self, name: str) -> None:
        """Forget a parting; nothing where there is none."""


class InMemory:
    """Copies beside the world."""

    days: int | None = None

    def __init__(self) -> None:
        self._held: dict[str, Parting] = {}

    def names(self) -> list[str]:
        """In the order in which they came."""
        return list(self._held)

    def put(self, name: str, parting: Parting) -> None:
        """A copy, since the world goes on."""
        self._held[name] = copy.deepcopy(parting)

    def take(self, name: str) -> Parting:
        """A copy, since more groups may begin with it."""
        return copy.deepcopy(self._held[name])

    def drop(self, name: str) -> None:
        """Give its memory up."""
        self._held.pop(name, None)


class OnDisk:
    """Files that only this user can read, each written whole or not at all; they stay when the process dies.

    Raises OSError where the folder belongs to somebody else, or the disk is full.
    """

    days: int | None = 4  # of which a country takes some six minutes, and its file twenty seconds

    def __init__(self, name: str) -> None:
        self.folder = own_folder("worlds", name)
        _forget_old(self.folder.parent)

    def names(self) -> list[str]:
        """Of files that are whole."""
        return [path.stem for path in self.folder.glob("*.world")]

    def put(self, name: str, parting: Parting) -> None:
        """Let it wait as a file."""
        write_pickled(self.folder, name, parting)

    def take(self, name: str) -> Parting:
        """Read one. A world that is done with goes first."""
        gc.collect()
        with (self.folder / f"{name}.world").open("rb") as stream:
            parting: Parting = pickle.load(stream)
        return parting

    def drop(self, name: str) -> None:
        """Forget one parting, and the folder with the last."""
        (self.folder / f"{name}.world").unlink(missing_ok=True)
        if not self.names():
            shutil.rmtree(self.folder, ignore_errors=True)


def write_pickled(folder: Path, name: str, held: object) -> None:
    """Write a file of Python objects beside its place, and move it there in one step; it is not gathered in memory before."""
    handle, part = tempfile.mkstemp(dir=folder)
    try:
        with os.fdopen(handle, "wb") as stream:
            pickle.dump(held, stream, protocol=pickle.HIGHEST_PROTOCOL)
            stream.flush()
            os.fsync(stream.fileno())  # else a file could have its name before its content, where the power fails
        Path(part).replace(folder / f"{name}.world")
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise


def own_folder(*names: str) -> Path:
    """A folder in the user's cache that nobody else can read or has made. Raises PermissionError where somebody else has."""
    folder = cache_folder().joinpath(*names)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for each in (folder, *folder.parents[: len(names)]):
        if hasattr(os, "getuid") and each.stat().st_uid != os.getuid():
            raise PermissionError(f"{each}: belongs to another user")
    return folder


def _forget_old(worlds: Path) -> None:
    """Remove worlds that nobody has gone on with for a week: of a country each has some seven gigabytes."""
    for folder in worlds.iterdir():
        with suppress(OSError):  # another process may be done with it meanwhile
            if time.time() - max(path.stat().st_mtime for path in (folder, *folder.iterdir())) > FORGOTTEN:
                shutil.rmtree(folder)


def cache_folder() -> Path:
    """The user's own folder for what can be made again (XDG base directories)."""
    given = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(given) if Path(given).is_absolute() else Path.home() / ".cache") / "groundswell"
