"""Pack a finished folder into one file."""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sim.runs.crates import (
    BYTES_MOST,
    CONFIG,
    FILES_MOST,
    MANIFEST,
    METADATA,
    check_name,
    documents_of,
    is_comparison,
    plug_ins_of,
)
from sim.runs.crates.metadata import CITATION, Packed, metadata
from sim.runs.crates.unpacking import UNPACKED
from sim.runs.recording import appearing
from sim.runs.recording.results import check_comparison, check_world, read_whole
from sim.scenario.documents import read_document
from sim.scenario.schema import ScenarioError

CITED = Path(__file__).with_name(
    CITATION
)  # the same text as at the top of the repository, where an installed package has none
LEFT_OUT = ("runs", UNPACKED)  # folders of finished worlds, which are computed again, and of what a crate held
CHUNK = 1 << 20  # bytes
FIRST = (1980, 1, 1, 0, 0, 0)  # time of every file in the crate, so that the same folder gives the same bits


@dataclass(frozen=True)
class Crate:
    """What was packed. plug_ins: modules that it needs and does not hold."""

    path: Path
    files: int
    bytes: int
    digest: str
    plug_ins: tuple[str, ...]


def pack(folder: Path, out: Path | None = None, day: date | None = None) -> Crate:
    """A folder of `run` or `compare` as an RO-Crate in a zip file. day: of packing; else today.

    Raises ScenarioError where the folder is damaged, or the file cannot be written.
    """
    for name in (MANIFEST, CONFIG):
        if not (folder / name).is_file():
            raise ScenarioError(f"{folder}: holds no {name}; allowed is a folder that run or compare has written")
    path = _place(folder, out)
    kind = "compare" if is_comparison(folder) else "run"
    (check_comparison if kind == "compare" else check_world)(folder)
    manifest, made_from = read_whole(folder / MANIFEST), documents_of(folder)
    plug_ins = sorted({module for name in made_from for module in plug_ins_of(read_document(folder / name)[0])})
    contents = {name: folder / name for name in _files(folder)} | {CITATION: CITED}
    packed = [Packed(name, file.stat().st_size, _sha256(file)) for name, file in sorted(contents.items())]
    if sum(file.size for file in packed) > BYTES_MOST or len(packed) > FILES_MOST:
        raise ScenarioError(f"{folder}: allowed are {FILES_MOST:,} files with {BYTES_MOST:,} bytes at most")
    document = metadata(manifest, kind, packed, made_from, plug_ins, path.name, (day or date.today()).isoformat())
    try:
        with appearing(path) as part, zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(_entry(METADATA), json.dumps(document, indent=2) + "\n")
            for file in packed:
                with (
                    contents[file.name].open("rb") as source,
                    archive.open(_entry(file.name), "w", force_zip64=True) as target,
                ):
                    while chunk := source.read(CHUNK):
                        target.write(chunk)
    except OSError as error:
        raise ScenarioError(f"--out: {path} given, allowed a file that can be written ({error.strerror})") from None
    return Crate(path, len(packed) + 1, path.stat().st_size, str(manifest["digest"]), tuple(plug_ins))


def _place(folder: Path, out: Path | None) -> Path:
    """Where the crate goes: beside the folder, with its name, where nothing is said."""
    place = folder.resolve()
    path = out or place.with_name(f"{place.name}.zip")
    if path.suffix != ".zip" or path.is_dir() or path.resolve().is_relative_to(place):
        raise ScenarioError(f"--out: {path} given, allowed a file that ends with .zip, outside of {folder}")
    return path


def _files(folder: Path) -> Iterator[str]:
    """Files of a folder that are packed: all but hidden ones, and folders that are left out."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if (
            any(part.startswith(".") for part in name.split("/"))
            or name.split("/")[0] in LEFT_OUT
            or name in (METADATA, CITATION)
        ):
            continue
        if path.is_symlink():
            raise ScenarioError(f"{path}: is a link, allowed in a crate are files")
        if path.is_file():
            check_name(name)
            yield name


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _entry(name: str) -> zipfile.ZipInfo:
    """A plain file that everybody may read."""
    entry = zipfile.ZipInfo(name, FIRST)
    entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o100644 << 16
    return entry
