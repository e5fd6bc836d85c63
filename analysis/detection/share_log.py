"""Logs of who did what to which object when: three columns that coordination detectors share, CSV or Parquet.

A log comes from strangers. A row without an object, an account or a time is left out and counted; whatever else is wrong becomes
one `ScenarioError` that says what was given and what is allowed, with the row, counted from 1 without the header.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.detection.tables import read_table
from analysis.detection.times import seconds_of
from sim.scenario.schema import ScenarioError

Integers = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
COLUMNS = ("object_id", "account_id", "timestamp_share")
MISSING = frozenset(
    {"", "na", "n/a", "nan", "none", "null", "<na>"}
)  # what programs write for nothing, in any case of letters
ROUNDED = re.compile(r"[-+]?\d+(\.\d+)?[eE][-+]?\d+|[-+]?\d+\.0+")  # a number that went through a floating-point column


@dataclass(frozen=True)
class ShareLog:
    """Acts sorted by object, second and account: the same log in whatever order its rows came.

    object_, account: (acts) numbers; object_names, account_names: what the file calls them; second: (acts) since 1970.
    left_out: rows that are no acts, by the reason; form: of the file.
    """

    object_: Integers
    account: Integers
    second: Integers
    object_names: npt.NDArray[np.object_]
    account_names: npt.NDArray[np.object_]
    left_out: Mapping[str, int] = field(default_factory=dict)
    form: str = ""

    def acts(self, window: int) -> Integers:
        """Which act each row belongs to, (rows): repeats of an account on an object within a window of an act's first are the same act."""
        order = np.lexsort((self.second, self.account, self.object_))
        object_, account, second = self.object_[order], self.account[order], self.second[order]
        begins = np.ones(len(order), dtype=np.bool_)
        begins[1:] = (object_[1:] != object_[:-1]) | (account[1:] != account[:-1])
        group = np.cumsum(begins) - 1
        span = int(second.max() - second.min()) + window + 1 if len(second) else 1
        key = group.astype(np.int64) * span + (second - second.min() if len(second) else second)
        first, at = np.zeros(len(order), dtype=np.bool_), np.flatnonzero(begins)
        while len(at):  # from the first of each to the first that is farther than a window from it
            first[at] = True
            after = np.searchsorted(key, key[at] + window, side="right")
            inside = after < len(order)
            at = np.unique(after[inside][group[after[inside]] == group[at[inside]]])
        act = np.empty(len(order), dtype=np.int64)
        act[order] = np.cumsum(first) - 1
        return act


def read_share_log(path: Path, times: str = "auto", encoding: str | None = None) -> ShareLog:
    """The log of a file. times: how its times are spelled, one of `times.SPELLINGS`; encoding: of a CSV file, where it is not UTF-8."""
    table = read_table(path, COLUMNS, encoding)
    columns = {name: table.columns[name].combine_chunks() for name in COLUMNS}
    missing = {name: _is_missing(columns[name]) for name in COLUMNS}
    kept = ~np.logical_or.reduce([missing[name] for name in COLUMNS])
    left_out = {"a wrong number of fields": table.ragged}
    before = np.zeros(len(kept), dtype=np.bool_)
    for name, what in zip(COLUMNS, ("no object", "no account", "no time"), strict=True):
        left_out[what] = int((missing[name] & ~before).sum())  # a row is counted once
        before |= missing[name]
    if not kept.any():
        raise ScenarioError(
            f"{path}: no rows given that are acts{_in_words(left_out)}, allowed one or more with columns {', '.join(COLUMNS)}"
        )
    second = seconds_of(columns["timestamp_share"], ~kept, times, path)[kept]
    object_, object_names = _numbered(columns["object_id"], kept, "object_id", path)
    account, account_names = _numbered(columns["account_id"], kept, "account_id", path)
    order = np.lexsort((account, second, object_))
    left_out = {reason: rows for reason, rows in left_out.items() if rows}
    return ShareLog(object_[order], account[order], second[order], object_names, account_names, left_out, table.form)


def _in_words(left_out: Mapping[str, int]) -> str:
    """Why rows were left out, where some were."""
    said = ", ".join(f"{rows} with {reason}" for reason, rows in left_out.items() if rows)
    return f" ({said})" if said else ""


def _is_missing(column: Any) -> Bools:
    """Where a column has nothing, or what programs write for nothing."""
    import pyarrow

    if not (pyarrow.types.is_string(column.type) or pyarrow.types.is_large_string(column.type)):
        is_float = pyarrow.types.is_floating(column.type)
        return np.asarray(column.is_null(nan_is_null=is_float).to_numpy(zero_copy_only=False), dtype=np.bool_)
    encoded = column.fill_null("").dictionary_encode()
    nothing = np.array([text.strip().lower() in MISSING for text in encoded.dictionary.to_pylist()], dtype=np.bool_)
    return nothing[encoded.indices.to_numpy(zero_copy_only=False)] if len(nothing) else np.zeros(0, dtype=np.bool_)


def _numbered(column: Any, kept: Bools, name: str, path: Path) -> tuple[Integers, npt.NDArray[np.object_]]:
    """Rows of a column of names as numbers from 0, and the names: whole numbers in order, text by length, then alphabet."""
    import pyarrow

    encoded = column.cast(pyarrow.string()).filter(pyarrow.array(kept)).dictionary_encode()
    names = encoded.dictionary.to_pylist()
    rounded = next((text for text in names if ROUNDED.fullmatch(text)), None)
    if rounded is not None or pyarrow.types.is_floating(column.type):
        given = f"{rounded!r} given" if rounded is not None else f"a column of {column.type} given"
        raise ScenarioError(
            f"{path}: {name}: {given}, which has been a floating-point number, so that long numbers have lost digits and different "
            "ones are the same; allowed are names or whole numbers, written as text by the program that has them"
        )
    order = sorted(range(len(names)), key=lambda n: (len(names[n]), names[n]))
    place = np.empty(len(names), dtype=np.int64)
    place[order] = np.arange(len(names))
    return place[encoded.indices.to_numpy(zero_copy_only=False)], np.array(names, dtype=object)[order]
