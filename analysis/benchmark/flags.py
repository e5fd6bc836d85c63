"""Flags as people hand them in: which accounts of which world, with a score and an hour where their detector has these.

A file of strangers: what is wrong with it is one `ScenarioError` that says what was given, in which row, and what is allowed.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.detection.tables import read_table
from sim.scenario.schema import ScenarioError, nearest, shown

BYTES_MOST = 500_000_000  # of one file
WORLD, ACCOUNT, SCORE, HOUR = COLUMNS = ("world", "account_id", "score", "hour")
WHOLE = r"-?\d{1,18}"


def read_flags(path: Path, accounts: Mapping[str, set[int]]) -> tuple[pd.DataFrame, int]:
    """Flags in columns world, account_id, score and hour (NaN where none was given), each account once; and how many rows repeated one.

    path: a file with a column `world`, or a folder with a file WORLD.csv for each world. accounts: those of each world.
    Of an account that is flagged more than once the highest score and the earliest hour count. Raises ScenarioError.
    """
    if path.is_dir():
        parts = [_read(file, _world_of(file, accounts), accounts) for file in sorted(path.glob("*.csv*"))]
        if not parts:
            raise ScenarioError(f"{path}: given, a folder without a file WORLD.csv; allowed one for each world")
        rows = pd.concat(parts, ignore_index=True)
    else:
        rows = _read(path, None, accounts)
    once = rows.groupby([WORLD, ACCOUNT], as_index=False, sort=True).agg({SCORE: "max", HOUR: "min"})
    return once, len(rows) - len(once)


def _world_of(file: Path, accounts: Mapping[str, set[int]]) -> str:
    """The world after which a file is named."""
    world = file.name.partition(".")[0]
    if world not in accounts:
        raise ScenarioError(f"{file}: a file for {shown(world)} given; {nearest(world, list(accounts))}")
    return world


def _read(path: Path, world: str | None, accounts: Mapping[str, set[int]]) -> pd.DataFrame:
    """The rows of one file. world: of all of them, where the file is of one world."""
    if path.is_file() and path.stat().st_size > BYTES_MOST:
        raise ScenarioError(f"{path}: more than {BYTES_MOST:,} bytes given, allowed so many at most")
    wanted = [ACCOUNT] if world else [WORLD, ACCOUNT]
    table = read_table(path, wanted, optional=(SCORE, HOUR))
    if table.ragged:
        raise ScenarioError(
            f"{path}: {table.ragged} rows with a wrong number of fields given, allowed as many as the header has"
        )
    given = {name: _texts(table.columns[name]) for name in table.columns.column_names}
    empty = pd.Series([""] * len(given[ACCOUNT]), dtype=object)
    named = given[WORLD] if world is None else empty.map(lambda _: world)
    _check(named.isin(list(accounts)), named, WORLD, nearest(named.iloc[0] if len(named) else "", list(accounts)), path)
    number = given[ACCOUNT].where(given[ACCOUNT].str.fullmatch(WHOLE).astype(bool), "-1").astype(np.int64)
    rows = pd.DataFrame({WORLD: named, ACCOUNT: number, SCORE: _numbers(given.get(SCORE, empty), SCORE, path),
                         HOUR: _numbers(given.get(HOUR, empty), HOUR, path)})  # fmt: skip
    for name, part in rows.groupby(WORLD):
        known = part[ACCOUNT].isin(accounts[str(name)])
        _check(known, given[ACCOUNT], ACCOUNT, f"allowed are the accounts of {name}", path)
    hour = rows[HOUR]
    _check(
        hour.isna() | ((hour >= 0) & (hour == np.floor(hour))),
        given.get(HOUR, empty),
        HOUR,
        "allowed whole hours from the log's first, 0",
        path,
    )
    return rows


def _texts(column: Any) -> pd.Series:
    """A column as text, whatever the file had it as; nothing where nothing was."""
    import pyarrow

    return column.cast(pyarrow.string()).to_pandas().fillna("").astype(object).str.strip()


def _numbers(texts: pd.Series, name: str, path: Path) -> npt.NDArray[np.float64]:
    """Numbers of a column, NaN where it is empty."""
    found = pd.to_numeric(texts.where(texts != "", "nan"), errors="coerce").astype(np.float64)
    _check((texts == "") | np.isfinite(found), texts, name, "allowed a finite number, or nothing", path)
    return np.asarray(found)


def _check(right: pd.Series, texts: pd.Series, name: str, allowed: str, path: Path) -> None:
    """All rows are right. right: by row, of all rows or of some."""
    if not right.all():
        row = int(right.index[np.flatnonzero(~right.to_numpy(dtype=bool))[0]])
        raise ScenarioError(f"{path}: {name}: {shown(texts[row])} given in row {row + 1}; {allowed}")
