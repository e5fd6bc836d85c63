"""What a benchmark's folder holds: files with their hashes, tables of worlds, and what binds whoever keeps the sealed part.

OUT/public is what one hands on, OUT/sealed what only whoever scores may have. A hash of what a file says, unpacked, is the same on any
machine; one of the packed file is that of this copy, since programs that pack differ.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.benchmark.plan import TEST, TRAINING, settings
from analysis.benchmark.tables import Written, hash_of
from sim.runs.face import versions
from sim.runs.recording import write_json, write_whole

PUBLIC, SEALED = "public", "sealed"
MANIFEST, SALT = "manifest.json", "salt.txt"
LICENCE = "CC-BY-4.0"
LICENCE_TEXT = """# Licence

These data are licensed under the Creative Commons Attribution 4.0 International licence (CC-BY-4.0):
https://creativecommons.org/licenses/by/4.0/legalcode

You may share and adapt them for any purpose, also commercially, if you give credit, link to the licence and say what you changed.
Credit: Groundswell contributors, a benchmark for detectors of coordinated accounts; state its version and digest (manifest.json).
The program that made them has a licence of its own (MIT).
"""
OUTSIDE = ("world", "first", "last", "accounts", "events", "posts")  # columns of a table of worlds that tell nothing
Files = Mapping[str, Mapping[str, Any]]  # by name below the folder: bytes, sha256 of the file, content: of what it says


def put(out: Path, name: str, file: Written) -> dict[str, dict[str, Any]]:
    """Write a file below a folder; how it is listed."""
    write_whole(out / name, file.packed)
    return {name: {"bytes": len(file.packed), "sha256": hash_of(file.packed), "content": file.content}}


def put_text(out: Path, name: str, text: str) -> dict[str, dict[str, Any]]:
    """Write a text; how it is listed."""
    return put(out, name, Written(text.encode(), hash_of(text.encode())))


def are_there(out: Path, files: Files) -> bool:
    """Whether files below a folder are as they are listed."""
    paths = {out / name: said["sha256"] for name, said in files.items()}
    return all(path.is_file() and hash_of(path.read_bytes()) == known for path, known in paths.items())


def write_lists(rows: pd.DataFrame, salt: str, out: Path) -> dict[str, dict[str, Any]]:
    """The tables of worlds: of training worlds with all that is known, of test worlds what anybody may know; how they are listed."""
    told = rows.drop(columns=["files", "set"]).astype({"wake": "Int64"})
    training, test = told[rows["set"] == TRAINING], told[rows["set"] == TEST]
    listed = {
        f"{PUBLIC}/{TRAINING}.csv": training,
        f"{PUBLIC}/{TEST}.csv": test[list(OUTSIDE)],
        f"{SEALED}/{TEST}.csv": test,
    }
    files: dict[str, dict[str, Any]] = {}
    for name, table in listed.items():
        files |= put_text(out, name, table.to_csv(index=False, lineterminator="\n"))
    return files | put_text(out, f"{SEALED}/{SALT}", salt + "\n")


def digest(files: Files, drawer: str) -> str:
    """One hash over what all files of a drawer say, by their names."""
    return name_of_all({name: said["content"] for name, said in files.items() if name.startswith(f"{drawer}/")})


def name_of_all(contents: Mapping[str, str]) -> str:
    """A hash of names and hashes."""
    return hash_of("".join(f"{name} {content}\n" for name, content in sorted(contents.items())).encode())


def manifest_of(files: Files, data: Files) -> dict[str, Any]:
    """What is there, with the hash of each public file, and one hash that binds whoever holds the sealed ones.

    files: all of them; data: those on which the digest hangs, which is of worlds and not of words about them.
    """
    public = {name.removeprefix(f"{PUBLIC}/"): said for name, said in files.items() if name.startswith(f"{PUBLIC}/")}
    return {
        "benchmark": settings().version, "made_by": f"groundswell {versions()['groundswell']}", "licence": LICENCE,
        "digest": digest(data, PUBLIC), "sealed": digest(data, SEALED), "bytes": sum(said["bytes"] for said in public.values()),
        "files": dict(sorted(public.items())),
    }  # fmt: skip


def write_manifest(files: Files, data: Files, out: Path) -> dict[str, Any]:
    """Leave the manifest, by which the whole counts as finished."""
    manifest = manifest_of(files, data)
    write_json(out / PUBLIC / MANIFEST, manifest)
    return manifest
