"""GSF1: what is written is read again, and what is no film is refused in one sentence."""

import gzip
import json
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.runs.face import Film, packed, read_film, unpacked
from sim.runs.film import container
from sim.runs.film.container import TYPES, narrow
from sim.scenario.schema import ScenarioError

FILM = Film(
    {"stages": 3, "verbs": ["like", "commentă"]},
    {
        "a": np.array([1, 2, 3], dtype=np.uint8), "b": np.arange(8, dtype=np.int16).reshape(4, 2), "none": np.zeros((0, 8), dtype=np.int8),
        "c": np.array([0.5, -1.25], dtype=np.float32), "d": np.array([2**32 - 1], dtype=np.uint32),
    },
)  # fmt: skip


def same(one: Film, other: Film) -> bool:
    return one.about == other.about and list(one.columns) == list(other.columns) and all(
        column.dtype == other[name].dtype and column.shape == other[name].shape and (column == other[name]).all()
        for name, column in one.columns.items()
    )  # fmt: skip


def test_a_film_is_read_as_it_was_written(tmp_path: Path) -> None:
    (tmp_path / "a.film").write_bytes(packed(FILM))
    assert same(read_film(tmp_path / "a.film"), FILM)
    assert packed(unpacked(packed(FILM))) == packed(FILM)


@given(st.lists(st.tuples(st.sampled_from(TYPES), st.lists(st.integers(0, 127), max_size=40)), max_size=6))
def test_any_columns_are_read_as_they_were_written(columns: list[tuple[str, list[int]]]) -> None:
    film = Film({}, {f"column{place}": np.array(values, dtype=kind) for place, (kind, values) in enumerate(columns)})
    assert same(unpacked(packed(film)), film)


def test_the_bytes_are_those_that_a_page_reads() -> None:
    """Read without the module: as the contract has it."""
    whole = gzip.decompress(packed(FILM))
    assert whole[:4] == b"GSF1"
    (length,) = struct.unpack("<I", whole[4:8])
    header = json.loads(whole[8 : 8 + length])
    begin = -(-(8 + length) // 8) * 8
    assert header["about"] == FILM.about
    assert all(told["offset"] % 8 == 0 for told in header["columns"].values())
    told = header["columns"]["b"]
    assert told["shape"] == [4, 2]
    assert struct.unpack_from("<8h", whole, begin + told["offset"]) == tuple(range(8))
    assert len(whole) % 8 == 0


def damaged(change: str) -> bytes:
    whole = packed(FILM)
    plain = bytearray(gzip.decompress(whole))
    length = int.from_bytes(plain[4:8], "little")
    header = json.loads(plain[8 : 8 + length])

    def again(told: object) -> bytes:
        said = json.dumps(told).encode()
        opening = b"GSF1" + len(said).to_bytes(4, "little") + said
        return gzip.compress(opening + bytes(-len(opening) % 8))

    columns = header["columns"]
    return {
        "empty": b"", "text": b"not a film", "cut": whole[: len(whole) // 2], "plain": bytes(plain),
        "magic": gzip.compress(b"GSF2" + bytes(plain[4:])), "short": gzip.compress(b"GSF1"),
        "length": gzip.compress(b"GSF1\xff\xff\xff\xff" + bytes(plain[8:])), "no data": gzip.compress(bytes(plain[: 8 + length])),
        "no columns": again({"about": {}}), "list": again([1]), "about": again({"columns": {}, "about": 3}),
        "type": again({"columns": {"a": {**columns["a"], "dtype": "object"}}, "about": {}}),
        "shape": again({"columns": {"a": {**columns["a"], "shape": [-1]}}, "about": {}}),
        "huge": again({"columns": {"a": {**columns["a"], "shape": [10**30]}}, "about": {}}),
        "offset": again({"columns": {"a": {**columns["a"], "offset": -8}}, "about": {}}),
        "words": again({"columns": {"a": {**columns["a"], "offset": "far"}}, "about": {}}),
        "deep": gzip.compress(b"GSF1" + (200_000).to_bytes(4, "little") + b"[" * 200_000),
    }[change]  # fmt: skip


CHANGES = (
    "empty", "text", "cut", "plain", "magic", "short", "length", "no data", "no columns", "list", "about", "type", "shape", "huge",
    "offset", "words", "deep",
)  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_a_broken_file_gives_one_sentence(change: str, tmp_path: Path) -> None:
    (tmp_path / "a.film").write_bytes(damaged(change))
    with pytest.raises(ScenarioError, match=r"a\.film: is not a film as this version writes it \(.+\)") as error:
        read_film(tmp_path / "a.film")
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 300 + len(str(tmp_path))


def test_a_file_that_is_not_there_gives_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="cannot be read"):
        read_film(tmp_path / "a.film")


def test_no_more_is_unpacked_than_a_film_may_have(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(container, "BYTES_MOST", 1000)
    with pytest.raises(ScenarioError, match="more than 1,000 bytes"):
        unpacked(gzip.compress(bytes(2000)))


def test_a_column_that_a_page_cannot_read_is_not_written() -> None:
    with pytest.raises(TypeError, match="column a: float64 given"):
        packed(Film({}, {"a": np.zeros(3)}))


def test_numbers_take_the_first_type_that_holds_them() -> None:
    assert narrow(np.array([0, 65535]), "uint16", "uint32").dtype == np.uint16
    assert narrow(np.array([0, 65536]), "uint16", "uint32").dtype == np.uint32
    assert narrow(np.zeros(0, dtype=np.int64), "uint16").dtype == np.uint16
    with pytest.raises(OverflowError, match="-1 to 5"):
        narrow(np.array([-1, 5]), "uint16", "uint32")
