"""Unpack a crate that may come from anybody: nothing outside its folder, no links, bounded sizes, and as it was packed."""

import hashlib
import shutil
import stat
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from sim.runs.crates import BYTES_MOST, FILES_MOST, METADATA, check_name
from sim.runs.recording.results import read_whole
from sim.scenario.schema import ScenarioError

CHUNK = 1 << 20  # bytes
UNPACKED, PART = "recorded", ".unpacking"
PLAIN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 1  # bit of an entry's flags
# What zipfile says of a damaged archive; the last of a password and of a way of packing that it does not know.
UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, UnicodeDecodeError, RuntimeError)


def unpack(crate: Path, out: Path) -> Path:
    """Unpack a crate into the folder `recorded` of `out`, whole or not at all; that folder. Raises ScenarioError."""
    place, part = out / UNPACKED, out / PART
    if place.exists() and not (place / METADATA).is_file():
        raise ScenarioError(f"--out: {out} given, which has a folder {UNPACKED} of its own; allowed is another one")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        with zipfile.ZipFile(crate) as archive:
            for entry in _checked(crate, archive):
                _write(archive, entry, part / entry.filename)
        check_packed(part)
        shutil.rmtree(place, ignore_errors=True)
        part.rename(place)
    except UNREADABLE as error:
        raise ScenarioError(f"{crate}: cannot be read: {' '.join(str(error).split())[:120]}") from None
    except OSError as error:
        raise ScenarioError(f"{crate}: cannot be unpacked: {error.strerror or error}") from None
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return place


def _checked(crate: Path, archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The files of a crate, told by what it declares before anything is unpacked."""
    entries = archive.infolist()
    files = [entry for entry in entries if not entry.is_dir()]
    if len(entries) > FILES_MOST or sum(entry.file_size for entry in files) > BYTES_MOST:
        raise ScenarioError(
            f"{crate}: declares more than {FILES_MOST:,} files or {BYTES_MOST:,} bytes, allowed so many at most"
        )
    seen = set[str]()
    for entry in files:
        name, kind = entry.filename, entry.external_attr >> 16
        if "\0" in entry.orig_filename or "\\" in entry.orig_filename:
            raise ScenarioError(f"{crate}: {entry.orig_filename[:80]!r}: refused; allowed are names of files inside it")
        check_name(name)
        if stat.S_IFMT(kind) not in (0, stat.S_IFREG):  # many tools say nothing of the kind
            raise ScenarioError(f"{crate}: {name} is a link or a device, allowed are files")
        if entry.flag_bits & ENCRYPTED or entry.compress_type not in PLAIN:
            raise ScenarioError(f"{crate}: {name} is encrypted or compressed otherwise, allowed are plain zip files")
        if name.casefold() in seen:
            raise ScenarioError(f"{crate}: {name} stands in it twice, allowed once")
        seen.add(name.casefold())
    if METADATA not in {entry.filename for entry in files}:
        raise ScenarioError(f"{crate}: holds no {METADATA}; allowed is a crate that pack has written")
    return files


def _write(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path) -> None:
    """One file, of no more bytes than were declared."""
    path.parent.mkdir(parents=True, exist_ok=True)
    written = 0
    with archive.open(entry) as source, path.open("xb") as target:
        while chunk := source.read(CHUNK):
            written += len(chunk)
            if written > entry.file_size:
                raise ScenarioError(f"{entry.filename}: is larger than it declares; refused")
            target.write(chunk)


def check_packed(folder: Path) -> None:
    """Whether files are those that the crate's metadata describes, byte by byte. Raises ScenarioError."""
    document = read_whole(folder / METADATA)
    graph = document.get("@graph") if isinstance(document, Mapping) else None
    if not isinstance(graph, list):
        raise ScenarioError(f"{METADATA}: allowed is what pack has written")
    for entity in graph:
        if not isinstance(entity, Mapping) or entity.get("@type") != "File":
            continue
        name, digest = _described(entity)
        check_name(name)
        file = folder / name
        if not file.is_file():
            raise ScenarioError(f"{name}: is described in {METADATA} and not there")
        with file.open("rb") as stream:
            if hashlib.file_digest(stream, "sha256").hexdigest() != digest:
                raise ScenarioError(f"{name}: is not as it was packed")


def _described(entity: Mapping[str, Any]) -> tuple[str, str]:
    """Name and SHA-256 of a file."""
    name, digest = entity.get("@id"), entity.get("sha256")
    if not isinstance(name, str) or not isinstance(digest, str):
        raise ScenarioError(f"{METADATA}: a file without @id or sha256, allowed is what pack has written")
    return unquote(name), digest
