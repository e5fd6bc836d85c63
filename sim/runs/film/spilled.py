"""A table too large for memory: it goes to disk day by day, and is put together by whom its rows belong to at the end."""

import shutil
from pathlib import Path
from typing import Any

import numpy as np

from sim.runs.film.container import Column
from sim.runs.film.growing import Growing, by_owner

BATCHES = 24  # kept in memory before they go to disk: those of a day


class Spilled:
    """Written like a `Growing` table, whose first column is the owner of each row; left as one .npy file a column.

    Memory holds one day's rows. The disk holds all rows twice while they are put together.
    """

    def __init__(self, folder: Path, name: str, **types: str) -> None:
        """folder: for the files; name: with which their names begin; types: of each column."""
        self.folder, self.name, self.types = folder, name, types
        self.parts = folder / f"{name}.parts"
        self.parts.mkdir(parents=True)
        self.size = self.days = self._batches = 0
        self._day = Growing(**types)

    def add(self, *columns: Any) -> None:
        """Rows of all columns, in their order."""
        self._day.add(*columns)
        self._batches += 1
        if self._batches >= BATCHES:
            self._spill()

    def _spill(self) -> None:
        for column, rows in self._day.columns().items():
            np.save(self.parts / f"{column}-{self.days}.npy", rows)
            self.size += len(rows) if column == next(iter(self.types)) else 0
        self.days += 1
        self._batches, self._day = 0, Growing(**self.types)

    def _read(self, column: str, day: int) -> Column:
        rows: Column = np.load(self.parts / f"{column}-{day}.npy")
        return rows

    def finish(self, owners: int) -> None:
        """Leave the columns, and where the rows of each owner begin. owners: how many there are."""
        self._spill()
        owner, *names = self.types
        counts = np.zeros(owners, dtype=np.int64)
        for day in range(self.days):
            counts += np.bincount(self._read(owner, day), minlength=owners)
        start = np.concatenate([[0], np.cumsum(counts)])
        np.save(self.folder / f"{self.name}_start.npy", start)
        for name in names:
            kind = np.dtype(self.types[name])
            whole = np.lib.format.open_memmap(self.folder / f"{self.name}_{name}.npy", "w+", kind, (self.size,))
            self._put_together(owner, name, start, whole)
            del whole
        shutil.rmtree(self.parts)

    def _put_together(self, owner: str, name: str, start: Column, whole: Column) -> None:
        """Put the rows of a day behind those of the days before, owner by owner."""
        free = start[:-1].copy()
        for day in range(self.days):
            whose = self._read(owner, day)
            begin, (rows,) = by_owner(whose, len(free), [self._read(name, day)])
            many: Column = np.diff(begin.astype(np.int64))
            place = np.arange(len(rows)) + np.repeat(free - begin[:-1], many)
            whole[place] = rows
            free += many
