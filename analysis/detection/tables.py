"""Tables as people have them: CSV of several spellings, plain or gzipped, and Parquet. What cannot be read is named, not guessed."""

import codecs
import difflib
import gzip
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from sim.scenario.schema import ScenarioError

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
NAMED = {  # how a file begins that is no table of ours, and what it is
    b"PK\x03\x04": "a ZIP archive or an Excel workbook; unpack it, or save its sheet as CSV",
    b"\xd0\xcf\x11\xe0": "an Excel workbook; save its sheet as CSV",
    b"SQLite format 3": "an SQLite database; write its table as CSV",
    b"BZh": "a bzip2 archive; unpack it, or compress it with gzip",
    b"\xfd7zXZ": "an xz archive; unpack it, or compress it with gzip",
    b"\x28\xb5\x2f\xfd": "a Zstandard archive; unpack it, or compress it with gzip",
    b"{": "JSON; write its rows as CSV",
    b"[": "JSON; write its rows as CSV",
}
MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
HEADER_MOST, PIECE = 65_536, 1_048_576  # bytes


class Table(NamedTuple):
    """rows: those of the file that have as many fields as its header; ragged: how many others it has."""

    columns: Any  # a pyarrow table
    ragged: int
    form: str  # in words


def read_table(path: Path, wanted: Sequence[str], encoding: str | None = None, optional: Sequence[str] = ()) -> Table:
    """The wanted columns of a file: those of a CSV file as text. encoding: of a CSV file; else by its mark, or UTF-8.

    optional: columns that are read where they are there. Raises ScenarioError.
    """
    if not path.is_file():
        raise ScenarioError(f"{path} given, allowed a CSV or Parquet file that exists; it has columns {listed(wanted)}")
    try:
        with path.open("rb") as stream:
            beginning = stream.read(16)
        if beginning[:4] == b"PAR1":
            return _parquet(path, wanted, optional)
        return _text(path, beginning, wanted, encoding, optional)
    except (OSError, EOFError, LookupError, UnicodeError) as error:
        raise ScenarioError(f"{path}: {_cannot(str(error), wanted)}") from None


def _cannot(said: str, wanted: Sequence[str]) -> str:
    why = said.splitlines()[0][:160] if said else "it ends early"
    return f"given what cannot be read ({why}); allowed a CSV or Parquet file with columns {listed(wanted)}"


def _parquet(path: Path, wanted: Sequence[str], optional: Sequence[str]) -> Table:
    import pyarrow
    from pyarrow import parquet

    try:
        read = _check_columns(parquet.read_schema(path).names, wanted, path, optional)
        return Table(parquet.read_table(path, columns=read), 0, "Parquet")
    except pyarrow.ArrowException as error:
        raise ScenarioError(f"{path}: {_cannot(str(error), wanted)}") from None


def _text(path: Path, beginning: bytes, wanted: Sequence[str], encoding: str | None, optional: Sequence[str]) -> Table:
    """A CSV file, whose separator is told by its header."""
    is_packed = beginning[:2] == b"\x1f\x8b"
    header, found = _header(path, is_packed, encoding)
    _check_encoding(path, is_packed, found)
    separator = max(SEPARATORS, key=lambda sign: sum(name in _fields(header, sign) for name in wanted))
    read = _check_columns(_fields(header, separator), wanted, path, optional)
    return _csv(path, is_packed, read, found, separator)


def _header(path: Path, is_packed: bool, encoding: str | None) -> tuple[str, str]:
    """The first line, and the encoding by which it was read."""
    with gzip.open(path) if is_packed else path.open("rb") as stream:
        beginning = stream.read(HEADER_MOST)
    for mark, what in NAMED.items():
        if beginning.lstrip().startswith(mark):
            raise ScenarioError(f"{path}: given {what}; allowed a CSV or Parquet file")
    told = encoding or next((name for mark, name in MARKS.items() if beginning.startswith(mark)), "utf-8")
    if told == "utf-8" and b"\x00" in beginning:
        raise ScenarioError(f"{path}: given what is no text in UTF-8; allowed another with --encoding, such as utf-16")
    text = codecs.getincrementaldecoder(told)("replace").decode(beginning)
    return (text.splitlines() or [""])[0], told


def _check_encoding(path: Path, is_packed: bool, encoding: str) -> None:
    """All of a file is text in its encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with gzip.open(path) if is_packed else path.open("rb") as stream:
            for piece in iter(lambda: stream.read(PIECE), b""):
                decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeError:
        raise ScenarioError(
            f"{path}: given what is no text in {encoding}; allowed another with --encoding, such as latin-1"
        ) from None


def _fields(header: str, separator: str) -> list[str]:
    return [name.strip().strip('"') for name in header.split(separator)]


def _csv(path: Path, is_packed: bool, wanted: Sequence[str], encoding: str, separator: str) -> Table:
    import pyarrow
    from pyarrow import csv

    ragged = 0

    def is_ragged(_: Any) -> str:
        nonlocal ragged
        ragged += 1
        return "skip"

    parsing = csv.ParseOptions(delimiter=separator, newlines_in_values=True, invalid_row_handler=is_ragged)
    text = csv.ConvertOptions(
        include_columns=list(wanted), column_types=dict.fromkeys(wanted, pyarrow.string()), strings_can_be_null=False
    )
    # One thread: rows are counted by a function of ours.
    reading = csv.ReadOptions(encoding="utf-8" if encoding == "utf-8-sig" else encoding, use_threads=False)
    try:
        with gzip.open(path) if is_packed else path.open("rb") as stream:
            columns = csv.read_csv(stream, read_options=reading, parse_options=parsing, convert_options=text)
    except pyarrow.ArrowException as error:
        raise ScenarioError(f"{path}: {_cannot(str(error), wanted)}") from None
    _check_quotes(columns, path)
    packed = "gzipped " if is_packed else ""
    return Table(columns, ragged, f"{packed}CSV, {encoding}, separated by {SEPARATORS[separator]}s")


def _check_quotes(columns: Any, path: Path) -> None:
    """No field runs over many lines, as one does whose quote is never closed: it would swallow rows uncounted."""
    from pyarrow import compute

    for name in columns.column_names:
        broken = compute.match_substring(columns[name], "\n")
        if compute.any(broken).as_py():
            row = 1 + compute.index(broken, value=True).as_py()
            raise ScenarioError(
                f"{path}: {name}: a quote that is not closed on its line given in row {row}, allowed are values on one line"
            )


def _check_columns(given: Sequence[str], wanted: Sequence[str], path: Path, optional: Sequence[str] = ()) -> list[str]:
    """Columns to read: all that are wanted, which must be there once each, and those of the optional ones that are."""
    read = [*wanted, *(name for name in optional if name in given)]
    for name in read:
        if list(given).count(name) != 1:
            spare = [column for column in given if column not in wanted]
            close = difflib.get_close_matches(name, spare, n=1, cutoff=0.5)
            hint = f"is {close[0]} meant? " if close else ""
            problem = "missing" if name not in given else "there more than once"
            shown = listed([column[:40] for column in given[:20]])
            raise ScenarioError(f"{path}: column {name} is {problem}; {hint}given: {shown}; allowed: {listed(wanted)}")
    return read


def listed(names: Sequence[str]) -> str:
    """Names in a message."""
    return ", ".join(names) or "none"
