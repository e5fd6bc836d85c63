"""Columns that are written hour by hour."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sim.runs.film.container import Column


class Growing:
    """A table whose rows come in batches; each batch is copied, since the world's own arrays are used again."""

    def __init__(self, **types: str) -> None:
        """types: of each column, by name."""
        self.types: Mapping[str, str] = types
        self._batches: list[tuple[Column, ...]] = []

    def add(self, *columns: Any) -> None:
        """Rows of all columns, in their order; a single value stands for all rows of the batch."""
        size = max((len(column) for column in columns if np.ndim(column)), default=1)
        if size:
            whole = zip(columns, self.types.values(), strict=True)
            self._batches.append(tuple(np.broadcast_to(np.asarray(c), size).astype(kind) for c, kind in whole))

    def columns(self) -> dict[str, Column]:
        """The whole table."""
        if not self._batches:
            return {name: np.zeros(0, dtype=kind) for name, kind in self.types.items()}
        return {
            name: np.concatenate(batches)
            for name, batches in zip(self.types, zip(*self._batches, strict=True), strict=True)
        }


def by_owner(owner: Column, size: int, columns: Sequence[Column]) -> tuple[Column, list[Column]]:
    """Rows put together by whom they belong to, in their order: where those of each of `size` owners begin, and the columns."""
    order = np.argsort(owner, kind="stable")
    start = np.zeros(size + 1, dtype=np.uint32)
    start[1:] = np.cumsum(np.bincount(owner, minlength=size))
    return start, [column[order] for column in columns]
