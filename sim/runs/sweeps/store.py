"""Where the results of a sweep lie: a folder that all workers share, or an object store.

A result appears whole or not at all: in a folder it is moved to its place, an object store takes it in one step. One process drives a
sweep: a folder is locked by the system; an object store cannot lock, so a driver leaves its name there while it works.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from sim.runs.recording import write_whole
from sim.runs.recording.folders import held
from sim.scenario.schema import ScenarioError


class Store(Protocol):
    """Files by name."""

    def names(self, folder: str) -> set[str]:
        """Of the files that are whole in a folder."""

    def read(self, name: str) -> bytes | None:
        """What a file holds; None where there is none."""

    def has(self, name: str) -> bool:
        """Whether there is such a file."""

    def write(self, name: str, content: bytes) -> None:
        """Write a file whole or not at all."""

    def drop(self, name: str) -> None:
        """Take a file away; nothing where there is none."""

    @contextmanager
    def working_folder(self, name: str) -> Iterator[Path]:
        """A folder of this machine for what one family has finished so far."""

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the store for this process alone. Raises ScenarioError where another one drives a sweep in it."""


@dataclass(frozen=True)
class Folder:
    """A folder, on this machine or shared."""

    path: Path

    def __str__(self) -> str:
        return str(self.path)

    def names(self, folder: str) -> set[str]:
        """See `Store`."""
        place = self.path / folder
        return {path.name for path in place.iterdir() if not path.name.startswith(".")} if place.is_dir() else set()

    def read(self, name: str) -> bytes | None:
        """See `Store`."""
        path = self.path / name
        return path.read_bytes() if path.is_file() else None

    def has(self, name: str) -> bool:
        """See `Store`."""
        return (self.path / name).is_file()

    def write(self, name: str, content: bytes) -> None:
        """See `Store`."""
        write_whole(self.path / name, content)

    def drop(self, name: str) -> None:
        """See `Store`."""
        (self.path / name).unlink(missing_ok=True)

    @contextmanager
    def working_folder(self, name: str) -> Iterator[Path]:
        """See `Store`. It stays where work is interrupted, so that arms that are finished are not run again."""
        place = self.path / "under_way" / name
        yield place
        for path in sorted(place.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        for folder in (place, place.parent):
            with suppress(OSError):  # another family's is in it
                folder.rmdir()

    @contextmanager
    def held(self) -> Iterator[None]:
        """See `Store`."""
        with held(self.path):
            yield


@dataclass(frozen=True)
class ObjectStore:
    """A place that fsspec knows, such as s3://bucket/name."""

    url: str

    def __str__(self) -> str:
        return self.url

    def _files(self) -> tuple[Any, str]:
        import fsspec

        return fsspec.core.url_to_fs(self.url)  # type: ignore[no-any-return]

    def names(self, folder: str) -> set[str]:
        """See `Store`."""
        files, root = self._files()
        try:
            return {str(path).rsplit("/", 1)[-1] for path in files.ls(f"{root}/{folder}", detail=False, refresh=True)}
        except FileNotFoundError:
            return set()

    def read(self, name: str) -> bytes | None:
        """See `Store`."""
        files, root = self._files()
        try:
            return bytes(files.cat_file(f"{root}/{name}"))
        except FileNotFoundError:
            return None

    def has(self, name: str) -> bool:
        """See `Store`."""
        files, root = self._files()
        return bool(files.exists(f"{root}/{name}"))

    def write(self, name: str, content: bytes) -> None:
        """See `Store`."""
        files, root = self._files()
        files.makedirs(f"{root}/{name}".rsplit("/", 1)[0], exist_ok=True)
        files.pipe_file(f"{root}/{name}", content)

    def drop(self, name: str) -> None:
        """See `Store`."""
        files, root = self._files()
        if self.has(name):
            files.rm_file(f"{root}/{name}")

    @contextmanager
    def working_folder(self, name: str) -> Iterator[Path]:
        """See `Store`."""
        with tempfile.TemporaryDirectory(prefix="groundswell-") as folder:
            yield Path(folder) / name

    @contextmanager
    def held(self) -> Iterator[None]:
        """See `Store`."""
        from sim.runs.sweeps.lease import lease

        with lease(self):
            yield


def store_at(out: str) -> Store:
    """The store that `--out` names. Raises ScenarioError where it cannot be used."""
    if "://" not in out:
        return Folder(Path(out).resolve())
    try:
        store = ObjectStore(out.rstrip("/"))
        store.names("")
    except ImportError as error:
        raise ScenarioError(
            f"--out: {out} given; {error}: install groundswell[cluster], and what that place needs"
        ) from None
    except (ValueError, OSError) as error:
        raise ScenarioError(f"--out: {out} given, allowed a place that can be read ({str(error)[:120]})") from None
    return store


def is_of_one_process(store: Store) -> bool:
    """Whether only the process that made a store can see it: what is kept in memory."""
    return isinstance(store, ObjectStore) and store.url.startswith("memory://")
