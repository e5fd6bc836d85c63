"""GSF1: columns of numbers in one file that Python and a browser read alike.

A file is a gzip of: the four bytes GSF1, the length of a JSON header (uint32), the header, then the columns, each begun at a multiple of
eight bytes; all little-endian. The header names each column's type, shape and offset from the first column; what columns
mean says `sim.runs.film`.
"""

import gzip
import io
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.scenario.schema import ScenarioError

MAGIC = b"GSF1"
TYPES = ("uint8", "int8", "uint16", "int16", "uint32", "int32", "float32")  # those for which JavaScript has an array
STEP = 8  # bytes; columns begin at multiples, so that a browser can read them in place
BYTES_MOST = 500_000_000  # of a file, unpacked
Column = npt.NDArray[Any]


@dataclass(frozen=True)
class Film:
    """What a file holds. about: whatever says what the columns mean."""

    about: Mapping[str, Any]
    columns: Mapping[str, Column]

    def __getitem__(self, name: str) -> Column:
        return self.columns[name]


def packed(film: Film) -> bytes:
    """A film as the bytes of a file; the same film has the same bytes. Raises TypeError where a column's type is none of TYPES."""
    header, parts, offset = dict[str, Any](), list[bytes](), 0
    for name, column in film.columns.items():
        if column.dtype.name not in TYPES:
            raise TypeError(f"column {name}: {column.dtype.name} given, allowed {', '.join(TYPES)}")
        content = np.ascontiguousarray(column).astype(column.dtype.newbyteorder("<"), copy=False).tobytes()
        header[name] = {"dtype": column.dtype.name, "shape": list(column.shape), "offset": offset}
        parts.append(content + bytes(-len(content) % STEP))
        offset += len(parts[-1])
    said = json.dumps({"columns": header, "about": film.about}, separators=(",", ":"), default=str).encode()
    opening = MAGIC + len(said).to_bytes(4, "little") + said
    return gzip.compress(opening + bytes(-len(opening) % STEP) + b"".join(parts), compresslevel=9, mtime=0)


def unpacked(content: bytes, name: str = "film") -> Film:
    """A film from the bytes of a file. name: by which a message calls it. Raises ScenarioError where they are damaged."""
    try:
        return _read(_inflated(content))
    except (OSError, EOFError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        said = " ".join(str(error).split())[:120] or type(error).__name__
        raise ScenarioError(f"{name}: is not a film as this version writes it ({said})") from None


def read_film(path: Path) -> Film:
    """A film that was written to a file. Raises ScenarioError."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ScenarioError(f"{path}: cannot be read ({error.strerror})") from None
    return unpacked(content, str(path))


def _inflated(content: bytes) -> bytes:
    """The file without its compression, of which no more is unpacked than a film may have."""
    with gzip.open(io.BytesIO(content)) as inside:
        whole = inside.read(BYTES_MOST + 1)
    if len(whole) > BYTES_MOST:
        raise ValueError(f"more than {BYTES_MOST:,} bytes")
    return whole


def _read(whole: bytes) -> Film:
    """Columns of an unpacked file: each lies inside it, and is of a type and shape that it can have."""
    if whole[:4] != MAGIC:
        raise ValueError("does not begin with GSF1")
    length = int.from_bytes(whole[4:8], "little")
    header = json.loads(whole[8 : 8 + length])
    begin = 8 + length + -(8 + length) % STEP
    columns = {}
    for name, told in header["columns"].items():
        shape = tuple(int(size) for size in told["shape"])
        if told["dtype"] not in TYPES or any(size < 0 for size in shape):
            raise ValueError(f"column {name} has no type or shape that is allowed")
        place, count = begin + int(told["offset"]), math.prod(shape)
        kind = np.dtype(told["dtype"]).newbyteorder("<")
        if int(told["offset"]) < 0 or place + count * kind.itemsize > len(whole):
            raise ValueError(f"column {name} lies outside the file")
        columns[name] = np.frombuffer(whole, kind, count, place).reshape(shape).astype(told["dtype"])
    return Film(dict(header["about"]), columns)


def narrow(values: Column, *types: str) -> Column:
    """Whole numbers as the first type that holds all of them. Raises OverflowError where none does."""
    for name in types:
        limits = np.iinfo(name)
        if values.size == 0 or (values.min() >= limits.min and values.max() <= limits.max):
            return values.astype(name)
    raise OverflowError(f"values of {values.min()} to {values.max()} given, allowed what {' or '.join(types)} holds")
