"""A table of points that somebody else made: a column a key, a row a point."""

import csv
from pathlib import Path
from typing import Any

from sim.scenario.overrides import check_overrides, value_of
from sim.scenario.schema import ScenarioError

BYTES_MOST = 50_000_000


def rows_of_table(path: Path, folder: Path | None = None) -> list[dict[str, Any]]:
    """Values by key, a row a point, each checked as a word of the command line is. Raises ScenarioError with the row that is wrong."""
    try:
        if path.stat().st_size > BYTES_MOST:
            raise ScenarioError(f"{path}: more than {BYTES_MOST:,} bytes given, allowed so many at most")
        lines = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    except (OSError, ValueError, csv.Error) as error:
        raise ScenarioError(f"{path}: cannot be read: {str(error)[:120]}") from None
    lines = [[cell.strip() for cell in line] for line in lines if line]
    if len(lines) < 2 or len(set(lines[0])) < len(lines[0]):
        raise ScenarioError(f"{path}: allowed is a line of keys, each once, and a line of values for each point")
    return [_row(path, number, lines[0], line, folder) for number, line in enumerate(lines[1:], start=1)]


def _row(path: Path, number: int, keys: list[str], cells: list[str], folder: Path | None) -> dict[str, Any]:
    if len(cells) != len(keys):
        raise ScenarioError(f"{path}: point {number} has {len(cells)} values, allowed {len(keys)}")
    words = [f"{key}={cell}" for key, cell in zip(keys, cells, strict=True)]
    try:
        check_overrides(words, folder, has_trust=True)
    except ScenarioError as error:
        raise ScenarioError(f"{path}: point {number}: {error}") from None
    return {key: value_of(word) for key, word in zip(keys, words, strict=True)}
