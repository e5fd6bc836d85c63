"""Uncertain numbers as factors: each with its range or its options, and where in them a value lies."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.scenario.ranges import end_of, range_of

Floats = npt.NDArray[np.float64]
BOOLEANS = ("true", "false")


@dataclass(frozen=True)
class Factor:
    """An uncertain number by its dotted key. Either low and high, both numbers or both dates and both included, or options.

    logarithmic: of numbers whose range spans a decade, drawn evenly by their logarithms. options: as they are written in a scenario;
    of a boolean true and false.
    """

    key: str
    low: float | date | None = None
    high: float | date | None = None
    logarithmic: bool = False
    options: tuple[str, ...] = ()

    def scaled(self, values: Sequence[Any] | pd.Series) -> Floats:
        """Where values lie, from 0 at the low end to 1 at the high one; options in their order, evenly. Raises ValueError outside."""
        if self.options:
            codes = [self._option(value) for value in values]
            return np.array(codes, dtype=np.float64) / max(len(self.options) - 1, 1)
        at = np.array([self.place(value) for value in values])
        if not ((at > -1e-9) & (at < 1 + 1e-9)).all():
            raise ValueError(f"{self.key}: values outside {self.low} to {self.high}")
        return np.asarray(np.clip(at, 0.0, 1.0), dtype=np.float64)

    def place(self, value: Any) -> float:
        """Where a number or a date lies, 0 at the low end and 1 at the high one; beyond them outside."""
        low, high = self._number(self.low), self._number(self.high)
        return (self._number(value) - low) / (high - low)

    def at(self, place: float) -> float:
        """The number, or the day, at a place in [0, 1]; not of options."""
        low, high = self._number(self.low), self._number(self.high)
        value = low + place * (high - low)
        return math.exp(value) if self.logarithmic else value

    def said(self, place: float) -> str:
        """The value at a place in [0, 1], in words: three digits of a number, a day, an option."""
        if self.options:
            return self.options[round(place * (len(self.options) - 1))]
        value = self.at(place)
        if isinstance(self.low, date):
            return date.fromordinal(round(value)).isoformat()
        return f"{float(f'{value:.3g}'):,.0f}" if abs(value) >= 1000 else f"{value:.3g}"

    @property
    def range(self) -> str:
        """Its ends, or its options, in words."""
        return " or ".join(self.options) if self.options else f"{self.said(0.0)} to {self.said(1.0)}"

    def _option(self, value: Any) -> int:
        text = str(value)
        if isinstance(value, bool | np.bool_) or set(self.options) == set(BOOLEANS):
            text = text.lower()
        if text not in self.options:
            raise ValueError(f"{self.key}: {value!r} given, allowed {', '.join(self.options)}")
        return self.options.index(text)

    def _number(self, value: Any) -> float:
        """On the scale on which it is drawn: days, logarithms, or as it is. A date may be one, a time of pandas or ISO text."""
        if isinstance(self.low, date):
            return float(pd.Timestamp(value).toordinal())
        return math.log(value) if self.logarithmic else float(value)


def unit_design(factors: Sequence[Factor], members: pd.DataFrame) -> Floats:
    """Members (n rows, a column a factor's key) as an (n, d) array of places in [0, 1]. Raises ValueError outside, KeyError without."""
    return np.column_stack([factor.scaled(members[factor.key]) for factor in factors])


def factors_of(rows: Sequence[Mapping[str, Any]]) -> list[Factor]:
    """Factors of rows with a key and a source: assumptions that state a range."""
    found = []
    for row in rows:
        span = range_of(str(row["source"]))
        if span is not None:
            found.append(Factor(str(row["key"]), span.low, span.high, span.is_logarithmic, span.options))
    return found


def told(factor: Factor) -> dict[str, Any]:
    """A factor as plain data."""
    ends = {name: None if end is None else str(end) for name, end in (("low", factor.low), ("high", factor.high))}
    return {"key": factor.key, **ends, "logarithmic": factor.logarithmic, "options": list(factor.options)}


def factor_of(row: Mapping[str, Any]) -> Factor:
    """What `told` told."""
    low, high = (None if row[name] is None else end_of(str(row[name])) for name in ("low", "high"))
    return Factor(str(row["key"]), low, high, bool(row["logarithmic"]), tuple(row["options"]))
