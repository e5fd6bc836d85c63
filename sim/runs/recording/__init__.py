"""The files of a run: written whole or not at all, and readable by what comes later."""

import hashlib
import json
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd

from sim.kernels import fingerprint

PART = ".part"  # end of the name of a file that is being written
FORMULA = re.compile(
    r"[=+\-@\t\r](?!\d*\.?\d+$)"
)  # how a cell begins that a spreadsheet computes; a number may have a sign
SERIES_COLUMNS = ("arm", "seed", "day", "date", "measure", "candidate", "value")


@contextmanager
def appearing(path: Path) -> Iterator[Path]:
    """A file beside its place, to be written in the block: it moves there as the block ends, or is taken away where it fails."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=PART)
    os.close(handle)
    part = Path(name)
    try:
        yield part
        part.chmod(0o644)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def write_whole(path: Path, content: bytes) -> None:
    """Write a file beside its place and move it there in one step."""
    with appearing(path) as part:
        part.write_bytes(content)


def write_json(path: Path, document: Any) -> None:
    """One JSON document."""
    write_whole(path, (json.dumps(document, indent=2, default=str) + "\n").encode())


def read_json(path: Path) -> Any:
    """What `write_json` wrote."""
    return json.loads(path.read_text())


def write_table(path: Path, table: pd.DataFrame) -> None:
    """One table as Parquet."""
    write_whole(path, table.to_parquet(None, index=False) or b"")


def rows_of(table: pd.DataFrame) -> list[dict[str, Any]]:
    """A table as JSON wants it: a mapping a row, and nothing where there is no number."""
    return [dict(row) for row in table.astype(object).where(table.notna(), None).to_dict(orient="records")]


def write_csv(path: Path, table: pd.DataFrame) -> None:
    """One table as CSV. Text that a spreadsheet would take for a formula begins with an apostrophe there."""
    texts = [name for name in table.columns if not pd.api.types.is_numeric_dtype(table[name])]
    escaped = table.assign(**{name: table[name].map(_escaped) for name in texts})
    write_whole(path, escaped.to_csv(index=False, lineterminator="\n").encode())


def _escaped(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and FORMULA.match(cell) else cell


def read_table(folder: Path, name: str) -> pd.DataFrame:
    """The table `runs`, `series` or `estimates` of a folder."""
    return pd.read_parquet(folder / f"{name}.parquet")


def digest_of(rows: Sequence[Sequence[Any]], summary: Mapping[str, Any]) -> str:
    """A hash of results only: equal runs have equal digests on any machine."""
    text = json.dumps([[list(row) for row in rows], dict(sorted(summary.items()))], default=float)
    return hashlib.sha256(text.encode()).hexdigest()


def code_of(trusted: Sequence[str] = ()) -> str:
    """A hash of the text of the model and of trusted modules: what a result depends on beside what was asked.

    trusted: names of modules; of a package all files count, and one that was not imported has no part in the result.
    """
    files = list(Path(__file__).parents[2].rglob("*.py"))
    for module in (sys.modules[name] for name in trusted if name in sys.modules):
        folders = [Path(folder) for folder in getattr(module, "__path__", ())]
        files += [file for folder in folders for file in folder.rglob("*.py")]
        files += [Path(module.__file__)] if module.__file__ and not folders else []
    return fingerprint(sorted(set(files)))


def name_of(request: Any) -> str:
    """The name of a result: a hash of what was asked."""
    return hashlib.sha256(json.dumps(request, sort_keys=True, default=str).encode()).hexdigest()[:16]
