"""Read a benchmark: one world as tables, and who is behind its accounts where the reader may know.

Whatever a folder lacks, or has otherwise than it was written, is one `ScenarioError`.
"""

import gzip
import io
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.benchmark.manifest import MANIFEST, OUTSIDE, PUBLIC, SALT, SEALED, name_of_all
from analysis.benchmark.plan import TEST, TRAINING
from analysis.benchmark.tables import COLUMNS, COORDINATED, LABELS, PACKED, hash_of
from sim.runs.recording.results import read_whole
from sim.scenario.schema import ScenarioError, nearest, shown

WORLD = "world"
KNOWN = (
    *OUTSIDE,
    "level",
    "size",
    "background",
    "wake",
    "genuine",
    *COORDINATED,
)  # columns of a table of worlds that tells all
TEXTS = ("object_id", "candidate", "hashtag", "kind", "created")  # columns; all others are whole numbers


@dataclass(frozen=True)
class LabelledLog:
    """One world. Columns and units: docs/BENCHMARK.md. labels: None where they are sealed and nobody gave them."""

    name: str
    events: pd.DataFrame
    accounts: pd.DataFrame
    posts: pd.DataFrame
    labels: pd.DataFrame | None


@dataclass(frozen=True)
class Folder:
    """A benchmark as it lies on disk. public: what is handed on; sealed: the labels of test worlds, None where they are not there."""

    public: Path
    sealed: Path | None
    manifest: Mapping[str, Any]

    def worlds(self, which: str) -> pd.DataFrame:
        """A row for each world of a set, of test worlds with what anybody may know."""
        return _listed(self._public_bytes(f"{which}.csv"), f"{which}.csv", KNOWN if which == TRAINING else OUTSIDE)

    def labelled(self, which: str) -> pd.DataFrame:
        """A row for each world of a set with all that is known. Raises ScenarioError where that is sealed."""
        return (
            self.worlds(which)
            if which == TRAINING
            else _listed(self._sealed_bytes(f"{which}.csv"), f"{which}.csv", KNOWN)
        )

    @property
    def accounts(self) -> "Accounts":
        """The names of the accounts of each world."""
        return Accounts(self, [*self.worlds(TRAINING)[WORLD], *self.worlds(TEST)[WORLD]])

    def table(self, world: str, name: str) -> pd.DataFrame:
        """One of a world's files: events, accounts, posts or labels. Raises ScenarioError."""
        file = f"{world}.{name}{PACKED}"
        is_sealed = name == LABELS and not world.startswith(TRAINING)
        content = self._sealed_bytes(file) if is_sealed else self._public_bytes(file)
        types = {column: str if column in TEXTS else "int64" for column in COLUMNS[name]}
        return _read(content, file, COLUMNS[name], dtype=types)

    def world(self, name: str) -> LabelledLog:
        """One world whole; its labels where they may be known. Raises ScenarioError."""
        if name not in self.accounts:
            raise ScenarioError(f"world {shown(name)} given; {nearest(name, list(self.accounts))}")
        has_labels = name.startswith(TRAINING) or self.sealed is not None
        events, accounts, posts = (self.table(name, part) for part in ("events", "accounts", "posts"))
        return LabelledLog(name, events, accounts, posts, self.table(name, LABELS) if has_labels else None)

    def check_sealed(self) -> None:
        """Whether the sealed folder is the one that belongs to the public one. Raises ScenarioError."""
        assert self.sealed is not None
        names = [f"{TEST}.csv", SALT, *sorted(path.name for path in self.sealed.glob(f"{TEST}_*.{LABELS}{PACKED}"))]
        contents = {f"{SEALED}/{name}": hash_of(self._sealed_bytes(name)) for name in names}
        if name_of_all(contents) != self.manifest["sealed"]:
            raise ScenarioError(
                f"{self.sealed}: given, which does not belong to {self.public}, or was changed; allowed is what was written beside it"
            )

    def _sealed_bytes(self, name: str) -> bytes:
        if self.sealed is None:
            raise ScenarioError(
                f"{self.public}: given without the labels of its test worlds, which are sealed; allowed with --sealed, or training worlds"
            )
        return _unpacked(self.sealed / name)

    def _public_bytes(self, name: str) -> bytes:
        """What a public file says, checked against the manifest."""
        content = _unpacked(self.public / name)
        if hash_of(content) != self.manifest["files"].get(name, {}).get("content"):
            raise ScenarioError(
                f"{self.public / name}: is not what its manifest says; allowed is a benchmark as it was written"
            )
        return content


class Accounts(Mapping[str, set[int]]):
    """The names of the accounts of each world, read when they are asked for."""

    def __init__(self, folder: Folder, names: Sequence[str]) -> None:
        self.folder, self.names = folder, dict.fromkeys(names)

    def __getitem__(self, world: str) -> set[int]:
        return set(self.folder.table(world, "accounts")["account_id"])

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)

    def __contains__(self, world: object) -> bool:
        return world in self.names


def _listed(content: bytes, name: str, columns: Sequence[str]) -> pd.DataFrame:
    """A table of worlds; one without a campaign has no time at which it wakes."""
    return _read(content, name, columns, na_values={"wake": [""]})


def _read(content: bytes, name: str, columns: Sequence[str], **how: Any) -> pd.DataFrame:
    """A table that has these columns, and perhaps others."""
    try:
        table = pd.read_csv(io.BytesIO(content), keep_default_na=False, **how)
    except ValueError as error:
        raise ScenarioError(f"{name}: cannot be read: {' '.join(str(error).split())[:120]}") from None
    for column in columns:
        if column not in table:
            raise ScenarioError(f"{name}: column {column} is missing; allowed is a benchmark as it was written")
    return table


def _unpacked(path: Path) -> bytes:
    """What a file says."""
    try:
        content = path.read_bytes()
        return gzip.decompress(content) if path.name.endswith(".gz") else content
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise ScenarioError(f"{path}: cannot be read: {str(error)[:120]}") from None


def open_benchmark(folder: Path, sealed: Path | None = None) -> Folder:
    """The benchmark in a folder that `groundswell benchmark` wrote, or in the public part of one.

    sealed: the folder with the labels of test worlds; else the one beside the public part, where it is there. Raises ScenarioError.
    """
    public = folder / PUBLIC if (folder / PUBLIC / MANIFEST).is_file() else folder
    if not (public / MANIFEST).is_file():
        raise ScenarioError(f"{folder}: given, allowed a folder that benchmark has written, with {MANIFEST} in it")
    manifest = read_whole(public / MANIFEST)
    files = manifest.get("files") if isinstance(manifest, Mapping) else None
    if (
        not isinstance(files, Mapping)
        or not all(isinstance(said, Mapping) for said in files.values())
        or "sealed" not in manifest
    ):
        raise ScenarioError(f"{public / MANIFEST}: given, which is no manifest of a benchmark")
    beside = public.parent / SEALED
    if sealed is not None and not (sealed / f"{TEST}.csv").is_file():
        raise ScenarioError(f"--sealed: {sealed} given, allowed the folder {SEALED} that benchmark has written")
    found = Folder(public, sealed or (beside if (beside / f"{TEST}.csv").is_file() else None), manifest)
    if found.sealed:
        found.check_sealed()
    return found


def load(folder: Path, world: str, sealed: Path | None = None) -> LabelledLog:
    """One world of a benchmark, such as `load(Path("benchmark"), "training_01")`."""
    return open_benchmark(folder, sealed).world(world)
