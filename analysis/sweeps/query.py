"""Questions in SQL to the tables of a folder, by DuckDB: it reads these tables, and nothing else."""

from pathlib import Path

import pandas as pd

from analysis.sweeps.compact import names_of_tables
from sim.runs.recording.families import INDEX
from sim.scenario.schema import ScenarioError


def query(folder: Path, sql: str) -> pd.DataFrame:
    """The answer to a question. Tables are `runs`, `series`, `estimates` and, of a sweep, `design`.

    Raises ScenarioError where a table is missing or the question is no SQL.
    """
    try:
        import duckdb
    except ImportError:
        raise ScenarioError("query: DuckDB is not installed; allowed after pip install 'groundswell[query]'") from None
    names = list(names_of_tables(folder))
    if "runs" not in names:
        made = f"; groundswell compact {folder} makes its tables" if (folder / INDEX).is_file() else ""
        raise ScenarioError(f"{folder}: holds no tables; allowed is a folder that compare or compact has written{made}")
    paths = {name: str((folder / f"{name}.parquet").resolve()).replace("'", "''") for name in names}
    with duckdb.connect(":memory:") as tables:
        try:
            for name, path in paths.items():
                tables.execute(f"create view {name} as select * from read_parquet('{path}')")
            allowed = ", ".join(f"'{path}'" for path in paths.values())
            for setting in (
                f"allowed_paths = [{allowed}]",
                "enable_external_access = false",
                "lock_configuration = true",
            ):
                tables.execute(f"set {setting}")
            asked = duckdb.extract_statements(sql)
            if len(asked) != 1 or asked[0].type != duckdb.StatementType.SELECT:
                raise ScenarioError(f"query: {sql[:60]!r} given, allowed is one select")
            return pd.DataFrame(tables.execute(sql).df())
        except duckdb.Error as error:
            hint = (
                '; keys with dots stand in quotes, such as "campaign.budget"'
                if isinstance(error, duckdb.BinderException)
                else ""
            )
            raise ScenarioError(f"query: {' '.join(str(error).split())[:300]}{hint}") from None
