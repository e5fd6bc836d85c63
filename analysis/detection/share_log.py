"""Logs of who did what to which object when: the four columns that coordination detectors share, CSV or Parquet.

A log comes from strangers. Whatever is wrong with it becomes one `ScenarioError` that says what was given and what is
allowed, with the row, counted from 1 without the header.
"""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.scenario.schema import ScenarioError

Integers = npt.NDArray[np.int64]
COLUMNS = ("object_id", "account_id", "content_id", "timestamp_share")
MOST = 99_999_999_999  # seconds since 1970; anything later was given in milliseconds


@dataclass(frozen=True)
class ShareLog:
    """Acts sorted by object, second and account: the same log in whatever order its rows came.

    object_, account: (acts) numbers; object_names, account_names: what the file calls them; second: (acts) since 1970.
    """

    object_: Integers
    account: Integers
    second: Integers
    object_names: npt.NDArray[np.object_]
    account_names: npt.NDArray[np.object_]


def read_share_log(path: Path) -> ShareLog:
    """The log of a file, which is Parquet if it begins like one, and CSV with a header otherwise."""
    if not path.is_file():
        raise ScenarioError(
            f"{path} given, allowed a CSV or Parquet file that exists; it has columns {_listed(COLUMNS)}"
        )
    table = _table(path)
    if table.num_rows == 0:
        raise ScenarioError(f"{path}: no rows given, allowed one or more with columns {_listed(COLUMNS)}")
    object_, object_names = _numbered(table, "object_id", path)
    account, account_names = _numbered(table, "account_id", path)
    second = _seconds(table, path)
    order = np.lexsort((account, second, object_))
    return ShareLog(object_[order], account[order], second[order], object_names, account_names)


def _table(path: Path) -> Any:
    """The pyarrow table of the columns that are needed; those of a CSV file as text."""
    import pyarrow
    from pyarrow import csv, parquet

    try:
        with path.open("rb") as stream:
            is_parquet = stream.read(4) == b"PAR1"
        if is_parquet:
            _check_columns(parquet.read_schema(path).names, path)
            return parquet.read_table(path, columns=list(COLUMNS))
        parsing = csv.ParseOptions(newlines_in_values=True)
        with csv.open_csv(path, parse_options=parsing) as beginning:
            _check_columns(beginning.schema.names, path)
        text = csv.ConvertOptions(
            include_columns=list(COLUMNS),
            column_types=dict.fromkeys(COLUMNS, pyarrow.string()),
            strings_can_be_null=False,
        )
        return csv.read_csv(path, parse_options=parsing, convert_options=text)
    except (pyarrow.ArrowInvalid, OSError) as error:
        said = str(error).splitlines()[0][:160]
        allowed = f"allowed a CSV or Parquet file with columns {_listed(COLUMNS)}"
        raise ScenarioError(f"{path}: given what cannot be read ({said}); {allowed}") from None


def _check_columns(given: Sequence[str], path: Path) -> None:
    """All four columns must be there, once each."""
    for name in COLUMNS:
        if given.count(name) != 1:
            spare = [column for column in given if column not in COLUMNS]
            close = difflib.get_close_matches(name, spare, n=1, cutoff=0.5)
            hint = f"is {close[0]} meant? " if close else ""
            problem = "missing" if name not in given else "there more than once"
            raise ScenarioError(
                f"{path}: column {name} is {problem}; {hint}given: {_listed(given[:20])}; allowed: {_listed(COLUMNS)}"
            )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) or "none"


def _numbered(table: Any, name: str, path: Path) -> tuple[Integers, npt.NDArray[np.object_]]:
    """A column of names as numbers from 0, and the names: whole numbers in order, text by length, then alphabet."""
    import pyarrow

    encoded = table[name].cast(pyarrow.string()).combine_chunks().dictionary_encode()
    if encoded.null_count or "" in set(encoded.dictionary.to_pylist()):
        texts = table[name].cast(pyarrow.string()).to_pylist()
        row = next(n for n, text in enumerate(texts, 1) if not text)
        raise ScenarioError(f"{path}: {name}: nothing given in row {row}, allowed a name or a number")
    names = encoded.dictionary.to_pylist()
    order = sorted(range(len(names)), key=lambda n: (len(names[n]), names[n]))
    place = np.empty(len(names), dtype=np.int64)
    place[order] = np.arange(len(names))
    return place[encoded.indices.to_numpy(zero_copy_only=False)], np.array(names, dtype=object)[order]


def _seconds(table: Any, path: Path) -> Integers:
    """The times, which are whole seconds."""
    import pyarrow

    column = table["timestamp_share"]
    if not pyarrow.types.is_integer(column.type):
        column = column.cast(pyarrow.string())
    given = column.to_pandas()
    number = pd.to_numeric(given, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    wrong = ~((number >= 0) & (number <= MOST) & (number == np.floor(number)))
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise ScenarioError(
            f"{path}: timestamp_share: {str(given.iloc[row])[:60]!r} given in row {row + 1}, "
            f"allowed whole seconds since 1970, 0 to {MOST}"
        )
    seconds: Integers = number.astype(np.int64)
    return seconds
