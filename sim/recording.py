"""The files of a run: written whole or not at all, and readable by what comes later."""

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

SERIES_COLUMNS = ("arm", "seed", "day", "date", "measure", "candidate", "value")


def write_whole(path: Path, content: bytes) -> None:
    """Write a file beside its place and move it there in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def write_json(path: Path, document: Any) -> None:
    """One JSON document."""
    write_whole(path, (json.dumps(document, indent=2, default=str) + "\n").encode())


def read_json(path: Path) -> Any:
    """What `write_json` wrote."""
    return json.loads(path.read_text())


def write_table(path: Path, table: pd.DataFrame) -> None:
    """One table as Parquet."""
    write_whole(path, table.to_parquet(None, index=False) or b"")


def read_table(folder: Path, name: str) -> pd.DataFrame:
    """The table `runs`, `series` or `estimates` of a folder."""
    return pd.read_parquet(folder / f"{name}.parquet")


def digest_of(rows: Sequence[Sequence[Any]], summary: Mapping[str, Any]) -> str:
    """A hash of results only: equal runs have equal digests on any machine."""
    text = json.dumps([[list(row) for row in rows], dict(sorted(summary.items()))], default=float)
    return hashlib.sha256(text.encode()).hexdigest()


def name_of(request: Any) -> str:
    """The name of a result: a hash of what was asked."""
    return hashlib.sha256(json.dumps(request, sort_keys=True, default=str).encode()).hexdigest()[:16]
