"""Columns that grow at their end, that never change, or that last an hour, without being copied or made anew each time."""

import copy
from sys import getrefcount
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt

Column = npt.NDArray[Any]
ROOM = 1.5  # size of a new buffer, as a multiple of what it must hold; also how empty one must be to be used again


class Drawer:
    """A set of columns of which some never change: a deep copy shares those with the original, whatever else differs."""

    LASTING: ClassVar[tuple[str, ...]] = ()  # names of columns that nothing writes once a world is made

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        for name in self.LASTING:
            column = getattr(self, name)
            memo[id(column)] = column  # this is how `copy` knows what is copied already
        other = copy.copy(self)
        for name, value in vars(other).items():
            setattr(other, name, copy.deepcopy(value, memo))
        return other


def extended(column: Column, size: int, values: Any) -> Column:
    """A column with `size` more rows of the given values.

    A column is a view of a buffer that it has to itself, and is given up for the one returned. Where no room is left
    behind it, its rows move to the front of the buffer, if most of that is free, else to a new one: so that memory stays
    within 1.5 times of what lives, and each row moves seldom.
    """
    old, buffer = len(column), _buffer_of(column)
    begin = 0 if buffer is None else (_address(column) - _address(buffer)) // max(column.strides[0], 1)
    if buffer is None or begin + old + size > len(buffer):
        if buffer is not None and ROOM * (old + size) <= len(buffer) and 2 * old <= begin + old:
            buffer[:old] = column  # the two do not overlap
        else:
            buffer = np.empty((int(ROOM * (old + size)) + 256, *column.shape[1:]), dtype=column.dtype)
            buffer[:old] = column
        begin = 0
    longer = buffer[begin : begin + old + size]
    longer[old:] = values
    return longer


class Room:
    """Memory for arrays that last an hour. It is used again once nobody holds what was given out of it: no view of it is left.

    Memory that the system hands out anew is cleared page by page first, which took a sixth of the time of ten million users.
    """

    def __init__(self) -> None:
        self._kept: dict[str, Column] = {}
        fresh = np.empty(0)
        self._unheld = getrefcount(fresh)  # references to memory of which nothing is given out

    def array(self, name: str, size: int, dtype: npt.DTypeLike) -> Column:
        """An array of the given size, its values undefined. name: one for each array of an hour."""
        kept = self._kept.pop(name, None)  # taken out meanwhile, so that no other thread gives it out too
        if kept is None or getrefcount(kept) > self._unheld or len(kept) < size or kept.dtype != dtype:
            kept = np.empty(int(ROOM * size), dtype=dtype)
        self._kept[name] = kept
        return kept[:size]


def widened(table: Column, used: int, wanted: int) -> Column:
    """A table of lines with room for at least `wanted` numbers in each, of which the first `used` are kept; the rest is 0."""
    if wanted <= table.shape[1]:
        return table
    wider = np.zeros((len(table), int(ROOM * wanted) + 256), dtype=table.dtype)
    wider[:, :used] = table[:, :used]
    return wider


def _address(column: Column) -> int:
    """Where a column begins in memory."""
    return int(column.__array_interface__["data"][0])


def _buffer_of(column: Column) -> Column | None:
    """The buffer that a column is a view of, if it is one that can grow."""
    buffer = column.base
    if not isinstance(buffer, np.ndarray) or buffer.dtype != column.dtype:
        return None
    return buffer if buffer.shape[1:] == column.shape[1:] and buffer.strides == column.strides else None
