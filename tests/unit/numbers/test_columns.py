"""Columns that grow at their end, tables whose lines do, and memory that is used again."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sim.numbers.columns import ROOM, Room, extended, widened

SLACK = 256  # rows of a buffer over what it must hold ROOM times


def buffer_of(column: np.ndarray) -> np.ndarray:
    """The buffer that a column is a view of."""
    assert isinstance(column.base, np.ndarray)
    return column.base


def begin_of(column: np.ndarray) -> int:
    """Row of its buffer at which a column begins."""
    return (column.ctypes.data - buffer_of(column).ctypes.data) // max(column.strides[0], 1)


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int16, np.int32, np.uint32, np.int64, np.float64])
@pytest.mark.parametrize("shape", [(), (3,)])
def test_column_that_loses_and_gains_rows_is_that_of_a_copy(dtype: type, shape: tuple[int, ...]) -> None:
    """Through thousands of rows, with all kinds of moves: the values are those of np.concatenate, the dtype stays."""
    chance = np.random.default_rng(5)
    column, copied, moves = np.zeros((0, *shape), dtype=dtype), np.zeros((0, *shape), dtype=dtype), set()
    for _ in range(400):
        lost = int(chance.integers(0, len(column) + 1)) if chance.random() < 0.1 else 0
        column, copied = column[lost:], copied[lost:]
        values = chance.integers(0, 100, (int(chance.integers(0, 60)), *shape))
        before = None if column.base is None else (id(buffer_of(column)), begin_of(column))
        column = extended(column, len(values), values)
        copied = np.concatenate([copied, values.astype(dtype)])
        assert column.dtype == dtype
        assert np.array_equal(column, copied)
        after = id(buffer_of(column)), begin_of(column)
        moves.add("none" if after == before else "front" if before and after[0] == before[0] else "new")
    assert moves == {"none", "front", "new"}


def test_column_grows_in_place_while_there_is_room() -> None:
    column = extended(np.arange(10), 2, 7)
    buffer = buffer_of(column)
    assert len(buffer) == int(ROOM * 12) + SLACK
    longer = extended(column, len(buffer) - 12, -1)
    assert buffer_of(longer) is buffer
    assert len(longer) == len(buffer)
    assert longer.tolist() == [*range(10), 7, 7, *[-1] * (len(buffer) - 12)]
    assert buffer_of(extended(longer, 0, 0)) is buffer  # nothing more is wanted
    grown = extended(longer, 1, 5)
    assert buffer_of(grown) is not buffer
    assert grown.tolist() == [*longer.tolist(), 5]


@pytest.mark.parametrize("size", [1, 2, 60, 170, 171, 300])
@pytest.mark.parametrize("left", [0, 1, 10, 50, 134, 135, 136, 178, 179, 270])
def test_rows_move_to_the_front_only_where_they_overlap_nothing(left: int, size: int) -> None:
    """A full buffer of 271 rows, of which `left` are still there; the others have gone from its beginning."""
    full = extended(extended(np.arange(8), 2, 0), 261, np.arange(261))
    buffer, column = buffer_of(full), full[len(full) - left :]
    assert len(buffer) == 271 == len(full)
    kept, values = column.copy(), -np.arange(size)
    longer = extended(column, size, values)
    assert longer.tolist() == [*kept.tolist(), *values.tolist()]
    fits = left <= 271 - left and ROOM * (left + size) <= 271
    assert (buffer_of(longer) is buffer) == fits
    assert begin_of(longer) == 0
    if not fits:
        assert np.array_equal(column, kept)  # the old buffer is as it was
        assert len(buffer_of(longer)) == int(ROOM * (left + size)) + SLACK


def test_column_that_is_part_of_something_else_is_copied() -> None:
    """What is no run of whole rows of its base has no room behind it."""
    table = np.arange(40).reshape(8, 5)
    for column in (table[:, 1], table[::2], table.ravel()[::3], table[:, :3]):
        before, longer = table.copy(), extended(column, 3, 9)
        assert np.array_equal(longer[: len(column)], column)
        assert (longer[len(column) :] == 9).all()
        assert not np.shares_memory(longer, table)
        assert np.array_equal(table, before)


def test_buffers_stay_within_bounds_of_what_lives() -> None:
    """A window of rows that moves on for long: no buffer is larger than the most that lived asks for, and few are made."""
    column, buffers = np.zeros(0, dtype=np.int32), []
    for number in range(3000):
        column = extended(column[max(0, len(column) - 1000) :], 20, number)
        if not buffers or buffers[-1] is not buffer_of(column):
            buffers.append(buffer_of(column))
    assert max(map(len, buffers)) <= ROOM * 1020 + SLACK
    assert len(buffers) < 150  # 60,000 rows came


@pytest.mark.parametrize("dtype", [np.int16, np.float32])
def test_wider_table_keeps_what_was_used(dtype: type) -> None:
    table = np.arange(12, dtype=dtype).reshape(3, 4)
    assert widened(table, 3, 4) is table
    assert widened(table, 0, 0) is table
    for used in (0, 3, 4):
        wider = widened(table, used, 5)
        assert wider.dtype == dtype
        assert wider.shape == (3, int(ROOM * 5) + SLACK)
        assert np.array_equal(wider[:, :used], table[:, :used])
        assert not np.shares_memory(wider, table)
    assert widened(np.zeros((0, 0), dtype=dtype), 0, 9).shape[0] == 0


def test_memory_is_used_again_once_nobody_holds_it() -> None:
    room = Room()
    address = room.array("row", 100, np.int32).ctypes.data
    shorter = room.array("row", 40, np.int32)
    assert (shorter.ctypes.data, len(shorter), shorter.dtype) == (address, 40, np.int32)
    del shorter
    assert room.array("row", int(ROOM * 100), np.int32).ctypes.data == address  # it has room to grow


@pytest.mark.parametrize(
    "hold", [lambda a: a, lambda a: a[3:5], lambda a: a.reshape(2, 5).T[1], lambda a: memoryview(a)]
)
def test_memory_that_is_held_in_any_form_is_not_used_again(hold: Callable[[np.ndarray], Any]) -> None:
    room = Room()
    given = room.array("row", 10, np.int32)
    given[:] = 7
    held = hold(given)
    del given
    room.array("row", 10, np.int32)[:] = 8
    assert np.all(np.asarray(held) == 7)


def test_memory_of_one_name_is_not_given_out_for_another_nor_as_another_type_nor_when_too_small() -> None:
    room = Room()
    row, lane = room.array("row", 10, np.uint8), room.array("lane", 10, np.uint8)
    assert not np.shares_memory(row, lane)
    del row
    assert room.array("row", 10, np.int32).dtype == np.int32
    assert len(room.array("row", 1000, np.int32)) == 1000
