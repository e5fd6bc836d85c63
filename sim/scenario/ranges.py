"""What an assumption could as well be: `assumption, 0.1 to 0.5` or `assumption, one of link, feed` in the comment beside it."""

import datetime
import re
from dataclasses import dataclass
from typing import Any

NUMBER = r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:e[+-]?\d+)?"
DATE = r"\d{4}-\d{2}-\d{2}"
SPAN = re.compile(rf"(?:each )?(?P<low>{DATE}|{NUMBER}) to (?P<high>{DATE}|{NUMBER})(?![\w.])")
CHOICE = re.compile(r"one of (?P<options>[^;]+)")
ASSUMED = re.compile(r"(?:^|; )assumption(?:, (?P<range>[^;]*)|(?=$|[ ;:]))")
DECADE = 10.0  # ratio; ends so far apart are compared, and drawn between, by their logarithms

End = float | datetime.date


@dataclass(frozen=True)
class Range:
    """Ends between which a number (each number of a list) is thought to lie, both included; or what a choice may be."""

    low: End | None = None
    high: End | None = None
    options: tuple[str, ...] = ()

    @property
    def is_logarithmic(self) -> bool:
        """Whether it spans a decade, so that its middle is the geometric one."""
        return (
            isinstance(self.low, float)
            and isinstance(self.high, float)
            and self.low > 0
            and self.high >= DECADE * self.low
        )

    def holds(self, value: Any) -> bool:
        """Whether a value, or each of a list of values, lies in it."""
        if isinstance(value, list | tuple):
            return all(self.holds(one) for one in value)
        if self.options:
            return (str(value).lower() if isinstance(value, bool) else str(value)) in self.options
        end = end_of(str(value))
        return type(end) is type(self.low) and self.low <= end <= self.high  # type: ignore[operator]

    def __str__(self) -> str:
        if self.options:
            return f"one of {', '.join(self.options)}"
        ends = (f"{end:g}" if isinstance(end, float) else str(end) for end in (self.low, self.high))
        return " to ".join(ends) + (" (log)" if self.is_logarithmic else "")


def is_assumed(source: str) -> bool:
    """Whether a source says that nobody knows."""
    return ASSUMED.search(source) is not None


def range_of(source: str) -> Range | None:
    """The range of an assumption, by what its source says; None where it says none."""
    assumed = ASSUMED.search(source)
    said = (assumed and assumed["range"]) or ""
    span, choice = SPAN.match(said), CHOICE.match(said)
    if span:
        return Range(end_of(span["low"]), end_of(span["high"]))
    return Range(options=tuple(option.strip() for option in choice["options"].split(","))) if choice else None


def end_of(text: str) -> End:
    """An end as it is written: a number or a date."""
    return datetime.date.fromisoformat(text) if re.fullmatch(DATE, text) else float(text.replace(",", ""))
