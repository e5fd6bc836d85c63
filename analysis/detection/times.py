"""Times as people spell them, as whole seconds since 1970 in UTC; what a spelling cannot carry, or leaves open, is refused."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.scenario.schema import ScenarioError, nearest

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
MOST = 99_999_999_999  # seconds since 1970; anything later was given in a smaller unit
UNITS = {"seconds": 1, "milliseconds": 1_000, "microseconds": 1_000_000, "nanoseconds": 1_000_000_000}
DATES = {"iso": "", "day-first": "%d/%m/%Y", "month-first": "%m/%d/%Y"}
SPELLINGS = ("auto", *UNITS, *DATES)
NUMBER = r"-?\d+(\.\d*)?"
ISO = r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}([.,]\d+)?)?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?"
SLASHED = r"\d{1,2}[/.]\d{1,2}[/.]\d{4}( \d{1,2}:\d{2}(:\d{2})?)?"


def seconds_of(column: Any, missing: Bools, spelling: str, path: Path) -> npt.NDArray[np.int64]:
    """Seconds of a pyarrow column; 0 where a row is not asked for. spelling: one of SPELLINGS. Raises ScenarioError."""
    import pyarrow

    if spelling not in SPELLINGS:
        raise ScenarioError(f"--times: {spelling} given; {nearest(spelling, SPELLINGS)}")
    kind = column.type
    if pyarrow.types.is_timestamp(kind) or pyarrow.types.is_date(kind):
        numbers = column.cast(pyarrow.timestamp("s"), safe=False).cast(pyarrow.int64()).fill_null(0)
        return np.asarray(numbers.to_numpy(), dtype=np.int64)
    if pyarrow.types.is_floating(kind) and kind.bit_width < 64:
        raise ScenarioError(
            f"{path}: timestamp_share: a column of {kind} given, which carries no seconds of our days; allowed float64 or integers"
        )
    texts = column.cast(pyarrow.string()).to_pandas().fillna("").str.strip().where(~missing, "")
    used = spelling if spelling != "auto" else _told(texts[~missing], path)
    found = _dates(texts, used, path) if used in DATES else _numbers(texts, used, path)
    _check(np.where(missing, 0.0, found), texts, used, path)
    return np.where(missing, 0.0, np.floor(found)).astype(np.int64)


def _told(texts: pd.Series, path: Path) -> str:
    """Which spelling all times have; numbers are told by their size. Seconds where nothing tells, so that a message names them."""
    numeric = texts.str.fullmatch(NUMBER).to_numpy(dtype=bool)
    if len(texts) == 0 or numeric.any():
        largest = pd.to_numeric(texts[numeric]).abs().max() if numeric.any() else 0.0
        return next((unit for unit, parts in UNITS.items() if largest <= MOST * parts), "nanoseconds")
    if texts.str.fullmatch(ISO).all():
        return "iso"
    if texts.str.fullmatch(SLASHED).all():
        raise ScenarioError(
            f"{path}: timestamp_share: {texts.iloc[0]!r} given, which leaves open what the day is; allowed with "
            "--times day-first or month-first"
        )
    return "iso" if texts.str.fullmatch(ISO).mean() > 0.5 else "seconds"


def _numbers(texts: pd.Series, unit: str, path: Path) -> Floats:
    """Seconds of numbers in a unit; fractions of a second are cut off."""
    rounded = texts.str.contains("e", case=False)
    if rounded.any():
        row = int(np.flatnonzero(rounded)[0])
        raise ScenarioError(
            f"{path}: timestamp_share: {texts.iloc[row][:60]!r} given in row {row + 1}, which cannot carry seconds; allowed all digits"
        )
    whole = pd.to_numeric(texts.str.partition(".")[0], errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    right = texts.str.fullmatch(NUMBER).to_numpy(dtype=bool)
    return np.where(right, np.floor(whole / UNITS[unit]), np.nan)


def _dates(texts: pd.Series, form: str, path: Path) -> Floats:
    """Seconds of dates; without a zone they are in UTC."""
    right = texts.str.fullmatch(ISO if form == "iso" else SLASHED).to_numpy(dtype=bool)
    spelled = texts.where(right, "")
    if form == "iso":
        parsed = pd.to_datetime(
            spelled.str.replace(",", ".").str.replace(" UTC", "Z"), errors="coerce", utc=True, format="ISO8601"
        )
    else:
        day, _, clock = spelled.str.replace(".", "/").str.partition(" ").T.to_numpy()
        full = pd.Series(clock, index=texts.index).where(lambda c: c != "", "00:00")
        full = full.where(full.str.count(":") == 2, full + ":00")
        parsed = pd.to_datetime(
            pd.Series(day, index=texts.index) + " " + full, errors="coerce", utc=True, format=f"{DATES[form]} %H:%M:%S"
        )
    moment = parsed.to_numpy(dtype="datetime64[s]")
    return np.where(np.isnat(moment), np.nan, moment.astype(np.int64))


def _check(found: Floats, texts: pd.Series, spelling: str, path: Path) -> None:
    """Every time lies between 1970 and where a unit was mistaken."""
    wrong = ~((found >= 0) & (found <= MOST))
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise ScenarioError(
            f"{path}: timestamp_share: {texts.iloc[row][:60]!r} given in row {row + 1} of times read as {spelling}, "
            f"allowed whole seconds since 1970, 0 to {MOST}, or one spelling of dates for all; another is given with --times"
        )
