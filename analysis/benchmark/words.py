"""Scores in words: a table for the terminal, and the same for a page."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.benchmark.plan import settings
from analysis.estimates.words import without_signed_zeros

NONE = "-"
FOUND = frozenset(
    {"found", "operated_found", "vendor_found", "found_at_price", "first", "half"}
)  # what a detector gives


def columns() -> dict[str, str]:
    """Headings of a table of scores, by the name of the number."""
    rates = settings().base_rates
    return {
        "found": "found",
        "operated_found": "found of the campaign's own",
        "vendor_found": "found of vendors'",
        "innocents": "innocents of 100,000",
        "precision": "right, at the rate here",
        **{f"precision_{name}": f"right, at {_percent(rate)}" for name, rate in rates.items()},
        "found_at_price": f"found at {settings().price:g} innocents of 100,000",
        "first": "hours to the first",
        "half": "to half",
    }


def _percent(rate: float) -> str:
    return f"{100 * rate:.2g}%".replace("0.", ".")


def table_in_words(table: pd.DataFrame, of: Collection[str] | None = None) -> list[list[str]]:
    """A heading and a row a group, of all numbers that any group has, or of some. Intervals stand in brackets."""
    shown = [name for name in columns() if table[name].notna().any() and (of is None or name in of)]
    heading = ["", "worlds", *(columns()[name] for name in shown)]
    rows = table.to_dict(orient="records")
    return [heading, *([row["group"], str(row["worlds"]), *(_cell(row, name) for name in shown)] for row in rows)]


def _cell(row: Mapping[str, Any], name: str) -> str:
    """A number with its interval."""
    value, low, high = (row[f"{name}{end}"] for end in ("", "_low", "_high"))
    if value is None or np.isnan(value):
        return NONE
    form = _hours if name in ("first", "half") else _count if name == "innocents" else _share
    ends = "" if low is None or np.isnan(low) else f" ({form(low)} to {form(high)})"
    return without_signed_zeros(f"{form(value)}{'%' if form is _share else ''}{ends}")


def _share(value: float) -> str:
    """Percent, with a digit more where it is small, and none below a two hundredth of one."""
    return f"{100 * value:.0f}" if value >= 0.0095 or value < 5e-5 else f"{100 * value:.1g}"


def _count(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 or value == 0 else f"{value:.1f}"


def _hours(value: float) -> str:
    return f"{value:.0f}"


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """A table of text whose columns stand below each other; long headings are broken."""
    widths = [max(len(row[place]) for row in rows[1:]) for place in range(len(rows[0]))]
    heading = _broken(rows[0], widths)
    widths = [max(width, *(len(row[place]) for row in heading)) for place, width in enumerate(widths)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (*heading, *rows[1:])
    ]
    return "\n".join(lines)


def _broken(heading: Sequence[str], widths: Sequence[int]) -> list[list[str]]:
    """Headings on as many lines as they take, the last line at the bottom."""
    parts = list[list[str]]()
    for text, width in zip(heading, widths, strict=True):
        lines = [""]
        for word in text.split():
            joined = f"{lines[-1]} {word}".strip()
            lines = [*lines[:-1], joined] if len(joined) <= max(width, 12) else [*lines, word]
        parts.append([line for line in lines if line] or [""])
    most = max(len(lines) for lines in parts)
    return [list(row) for row in zip(*([""] * (most - len(lines)) + lines for lines in parts), strict=True)]


def as_markdown(rows: Sequence[Sequence[str]]) -> str:
    """A table for a page."""
    lines = [" | ".join(row) for row in (rows[0], ["---"] * len(rows[0]), *rows[1:])]
    return "\n".join(f"| {line} |" for line in lines)
