"""What nobody knows, as factors of a design: a number, a date or a choice, and what it could as well be."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.scenario.ranges import range_of

Floats = npt.NDArray[np.float64]
End = float | datetime.date | None


@dataclass(frozen=True)
class Factor:
    """One uncertain value by its dotted key. options: of a choice, in place of ends."""

    key: str
    low: End
    high: End
    logarithmic: bool
    options: tuple[str, ...] = ()

    @property
    def ends(self) -> tuple[float, float]:
        """Both ends as numbers on the scale on which it is drawn; options are numbered."""
        if self.options:
            return 0.0, float(len(self.options) - 1)
        low, high = (_number(end) for end in (self.low, self.high))
        return (float(np.log(low)), float(np.log(high))) if self.logarithmic else (low, high)

    def scaled(self, values: Sequence[Any]) -> Floats:
        """Values as places between the ends, 0 to 1."""
        if self.options:
            said = (str(value).lower() if isinstance(value, bool) else str(value) for value in values)
            places = np.array([self.options.index(option) for option in said], dtype=np.float64)
        else:
            numbers = np.array([_number(value) for value in values])
            places = np.log(numbers) if self.logarithmic else numbers
        low, high = self.ends
        return np.asarray((places - low) / (high - low))


def _number(value: Any) -> float:
    """A number, or the day of a date."""
    if isinstance(value, str):
        value = datetime.date.fromisoformat(value)
    return float(value.toordinal() if isinstance(value, datetime.date) else value)


def unit_design(factors: Sequence[Factor], members: pd.DataFrame) -> Floats:
    """(members, factors): the drawn values as places between the ends of their ranges."""
    return np.column_stack([factor.scaled(list(members[factor.key])) for factor in factors])


def factors_of(rows: Sequence[Mapping[str, Any]]) -> list[Factor]:
    """Factors of rows with a key and a source: assumptions that state a range."""
    found = []
    for row in rows:
        span = range_of(str(row["source"]))
        if span is not None:
            found.append(Factor(str(row["key"]), span.low, span.high, span.is_logarithmic, span.options))
    return found
