"""Make one set of tables of the many files of a sweep: runs, series and estimates, with the columns of the design beside them.

Tables grow family by family, so that no more than a few lie in memory; a table appears whole or not at all.
"""

import logging
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.estimates.table import estimates
from sim.runs.recording import PART, SERIES_COLUMNS
from sim.runs.recording.families import DESIGN, ESTIMATES, INDEX, OF_OTHERS, RUNS, SERIES, unpacked
from sim.runs.recording.results import read_whole
from sim.scenario.schema import ScenarioError

TOGETHER = 200_000  # rows that are written at once
log = logging.getLogger("groundswell")


@dataclass(frozen=True)
class Compacted:
    """What was made. missing: families of the index that are not there, or damaged; same: points that are one another's worlds, since
    what was varied bound in none of them."""

    rows: Mapping[str, int]
    missing: int
    same: tuple[tuple[int, ...], ...]


def compact(folder: Path) -> Compacted:
    """Write runs, series and estimates of a sweep into its folder. Raises ScenarioError where it holds none."""
    index, design = read_index(folder), read_design(folder)
    by_point: dict[int, list[Mapping[str, Any]]] = {}
    for row in index["families"]:
        by_point.setdefault(int(row["point"]), []).append(row)
    missing, of_digests = 0, dict[tuple[Any, ...], list[int]]()
    with _Tables(folder) as tables:
        for point, rows in sorted(by_point.items()):
            read = (read_family(folder, str(row["file"])) for row in rows)
            families = {family["seed"]: family for family in read if family is not None}  # a seed counts once
            missing += len(rows) - len(families)
            if families:
                _add(tables, list(families.values()), {"point": point, **design.get(point, {})})
                of_digests.setdefault(_digests(families), []).append(point)
    return Compacted(tables.rows, missing, tuple(tuple(points) for points in of_digests.values() if len(points) > 1))


def _digests(families: Mapping[Any, Mapping[str, Any]]) -> tuple[Any, ...]:
    """Of all worlds of a point, by seed and arm."""
    return tuple(
        (seed, result["run"]["arm"], result["run"]["digest"])
        for seed, family in sorted(families.items())
        for result in family["results"]
    )


def read_index(folder: Path) -> dict[str, Any]:
    """The index of a sweep. Raises ScenarioError where there is none, or it is damaged."""
    path = folder / INDEX
    if (folder / OF_OTHERS).is_file():
        raise ScenarioError(
            f"{folder}: holds what run or compare has left; allowed is a folder that sweep alone has written"
        )
    if not path.is_file():
        raise ScenarioError(f"{folder}: holds no {INDEX}; allowed is a folder that sweep has written")
    index = read_whole(path)
    rows = index.get("families") if isinstance(index, dict) else None
    if not isinstance(rows, list) or not all(
        isinstance(row, dict) and isinstance(row.get("file"), str) and isinstance(row.get("point"), int) for row in rows
    ):
        raise ScenarioError(f"{path}: is not as sweep has written it")
    return dict(index)


def read_design(folder: Path) -> dict[int, dict[str, Any]]:
    """The values of each point by key. Raises ScenarioError where the table is damaged."""
    try:
        table = pd.read_parquet(folder / DESIGN)
        return {int(row.pop("point")): row for row in table.to_dict(orient="records")}
    except Exception as error:  # whatever its reader says of a file that is damaged
        raise ScenarioError(f"{folder / DESIGN}: cannot be read: {' '.join(str(error).split())[:120]}") from None


def read_family(folder: Path, file: str) -> dict[str, Any] | None:
    """What a family has left; None where it is not there, or damaged. A name that leads elsewhere is none of a family's."""
    path = (folder / file).resolve()
    found = unpacked(path.read_bytes()) if path.is_file() and folder.resolve() in path.parents else None
    if found is None:
        log.info("%s: is not there, or damaged; it is left out", path)
    return found


def _add(tables: "_Tables", families: Sequence[Mapping[str, Any]], values: Mapping[str, Any]) -> None:
    """Rows of all seeds of one point."""
    results = [result for family in families for result in family["results"]]
    runs = pd.DataFrame([result["run"] for result in results])
    tables.add(RUNS, _beside(values, runs))
    tables.add(
        SERIES,
        _beside(
            values, pd.concat([_series(result, family["about"]) for family in families for result in family["results"]])
        ),
    )
    about = {**families[0]["about"], "seeds": sorted(int(seed) for seed in runs["seed"].unique())}
    tables.add(ESTIMATES, _beside(values, estimates(runs, about)))


def _series(result: Mapping[str, Any], about: Mapping[str, Any]) -> pd.DataFrame:
    """Daily values of one world."""
    days = pd.date_range(str(about["start_date"]), periods=int(about["days"])).strftime("%Y-%m-%d")
    run = result["run"]
    rows = [
        (run["arm"], run["seed"], day, days[day], measure, who, value) for day, measure, who, value in result["series"]
    ]
    return pd.DataFrame(rows, columns=list(SERIES_COLUMNS))


def _beside(values: Mapping[str, Any], table: pd.DataFrame) -> pd.DataFrame:
    """A table with the columns of the design before its own; of two with one name that of the design stands."""
    own = table[[name for name in table.columns if name not in values]]
    return pd.concat([pd.DataFrame(dict(values), index=own.index), own], axis=1)


class _Tables:
    """Parquet files that grow by rows, with the columns that their first rows had; they are moved to their places when all are whole."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.rows: dict[str, int] = dict.fromkeys((RUNS, SERIES, ESTIMATES), 0)
        self._waiting: dict[str, list[pd.DataFrame]] = {name: [] for name in self.rows}
        self._writers: dict[str, tuple[pq.ParquetWriter, Path]] = {}

    def __enter__(self) -> "_Tables":
        return self

    def add(self, name: str, rows: pd.DataFrame) -> None:
        """Append rows."""
        self._waiting[name].append(rows)
        self.rows[name] += len(rows)
        if sum(len(part) for part in self._waiting[name]) >= TOGETHER:
            self._write(name)

    def _write(self, name: str) -> None:
        parts, self._waiting[name] = self._waiting[name], []
        if not parts:
            return
        table = pa.Table.from_pandas(pd.concat(parts, ignore_index=True), preserve_index=False)
        if name not in self._writers:
            handle, part = tempfile.mkstemp(dir=self.folder, prefix=f".{name}.", suffix=PART)
            os.close(handle)
            self._writers[name] = pq.ParquetWriter(part, table.schema), Path(part)
        writer = self._writers[name][0]
        writer.write_table(_fitted(table, writer.schema))

    def __exit__(self, kind: type[BaseException] | None, *what: object) -> None:
        try:
            for name in self.rows if kind is None else ():
                self._write(name)
        finally:
            for open_one, _ in self._writers.values():
                open_one.close()
        for name, (_, part) in self._writers.items():
            if kind is None:
                part.chmod(0o644)
                part.replace(self.folder / f"{name}.parquet")
            else:
                part.unlink(missing_ok=True)


def _fitted(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """Rows in the columns of a schema: points of other presets may have other measures, and lack some."""
    columns = [
        table[field.name].cast(field.type, safe=False)
        if field.name in table.column_names
        else pa.nulls(len(table), field.type)
        for field in schema
    ]
    return pa.table(columns, schema=schema)


def names_of_tables(folder: Path) -> Iterator[str]:
    """Tables that lie in a folder."""
    yield from (
        name for name in (RUNS, SERIES, ESTIMATES, DESIGN.partition(".")[0]) if (folder / f"{name}.parquet").is_file()
    )
