"""The files of a sweep: an index, its design, and a sealed file a family (the arms of one seed of one point)."""

import gzip
import io
import json
from collections.abc import Mapping
from typing import Any

from sim.runs.recording.results import sealed, unsealed

INDEX, DESIGN = "sweep.json", "design.parquet"
RUNS, SERIES, ESTIMATES = "runs", "series", "estimates"  # tables that `compact` makes of it
OF_OTHERS = "manifest.json"  # lies in folders of `run` and `compare`, and in none of a sweep
FAMILIES, ENDING = "families", ".json.gz"
BYTES_MOST = 2_000_000_000  # of a family's file, unpacked


def path_of(name: str) -> str:
    """Where the file of a family lies."""
    return f"{FAMILIES}/{name}{ENDING}"


def packed(document: Mapping[str, Any]) -> bytes:
    """A sealed document as a file: equal documents are equal files."""
    return gzip.compress(json.dumps(sealed(document)).encode(), compresslevel=5, mtime=0)


def unpacked(content: bytes | None) -> dict[str, Any] | None:
    """What `packed` made; None where there is nothing, or it is damaged."""
    if content is None:
        return None
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as stream:
            text = stream.read(BYTES_MOST + 1)
        return unsealed(json.loads(text)) if len(text) <= BYTES_MOST else None
    except (OSError, EOFError, ValueError, RecursionError):
        return None
