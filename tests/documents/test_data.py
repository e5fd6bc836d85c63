"""docs/DATA.md names every column that is written, with its type and unit; its examples read what is there."""

import importlib
import inspect
import json
import pkgutil
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim.measures
from analysis.notebook.frames import UNITS
from sim.cli.command import app, status_of
from sim.measures.base import Measure
from sim.measures.units import unit_by_day, unit_of
from sim.runs.interchange.cascades import Share
from sim.runs.interchange.events import COLUMNS as EVENTS
from sim.runs.interchange.statements import COLUMNS as STATEMENTS
from sim.runs.interchange.statements import FILLED

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "DATA.md").read_text()
WORDS = ["scenario=classroom", "record=standard", "days=1", "calendar.warm_up_days=1", "scale=0.00005", "engine=serial"]
TYPES = {"text": "O", "whole number": "iu", "number": "fiu", "true or false": "b", "whole number, may be missing": "iu"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A world in `run` with all files, a comparison in `compare`."""
    place = tmp_path_factory.mktemp("data")
    files = ["--events", "--graph", f"{place}/run/graph.parquet", "--cascades", f"{place}/run/cascades.parquet",
             "--statements", f"{place}/run/statements.csv"]  # fmt: skip
    for words in (["run", *WORDS, *files], ["compare", *WORDS, "replications=2"]):
        words = [*words, "--out", str(place / words[0])]
        assert status_of(lambda words=words: app(words, prog_name="groundswell", standalone_mode=False)) == 0
    return place


def section(title: str) -> str:
    """What stands under a heading."""
    return PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]


def rows(text: str) -> Iterator[list[str]]:
    """Rows of the tables in a text whose first cell is code."""
    for line in text.splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if cells and cells[0].startswith("`"):
            yield [cells[0].strip("`"), *cells[1:]]


def kind_of(column: pd.Series) -> str:
    """As NumPy tells kinds; text in whatever form pandas keeps it."""
    if pd.api.types.is_bool_dtype(column):
        return "b"
    if pd.api.types.is_integer_dtype(column):
        return "i"
    return "f" if pd.api.types.is_float_dtype(column) else "O"


@pytest.mark.parametrize(("title", "file"), [
    ("runs.parquet", "run/runs.parquet"), ("runs.parquet", "compare/runs.parquet"), ("series.parquet", "compare/series.parquet"),
    ("estimates.parquet and estimates.csv", "compare/estimates.parquet"), ("days_gained.csv", "compare/days_gained.csv"),
    ("record.parquet", "run/record.parquet"), ("record.parquet", "compare/record.parquet"),
    ("events.parquet", "run/events.parquet"), ("The follow graph", "run/graph.parquet"), ("Share cascades", "run/cascades.parquet"),
])  # fmt: skip
def test_every_column_of_a_table_is_described_with_its_type(title: str, file: str, folder: Path) -> None:
    table = pd.read_parquet(folder / file) if file.endswith("parquet") else pd.read_csv(folder / file)
    described = {cells[0]: cells[1:] for cells in rows(section(title)) if len(cells) == 4}
    assert list(table) == [name for name in described if name in table]
    said = {name: described[name][0] for name in table if table[name].notna().any()}
    wrong = {name: kind for name, kind in said.items() if kind_of(table[name]) not in TYPES[kind]}
    assert wrong == {}


def test_units_of_runs_and_series_are_those_of_the_code(folder: Path) -> None:
    for name, _, unit, *_ in (cells for cells in rows(section("runs.parquet")) if len(cells) == 4):
        assert unit in (unit_of(name, own_units()) or unit, ""), name
        assert unit or unit_of(name, own_units()) is None, name
    measures = {cells[0]: cells[2] for cells in rows(section("series.parquet")) if len(cells) == 3}
    assert measures.pop("spent:TACTIC") == unit_by_day("spent:give_gifts")
    written = pd.read_parquet(folder / "compare" / "series.parquet")
    assert set(measures) == {name for name in written["measure"] if not name.startswith("spent:")}
    assert measures == {name: unit_by_day(name) for name in measures}
    about = {cells[0]: cells[1] for cells in rows(section("series.parquet")) if len(cells) == 3}
    of_one = set(written.loc[written["candidate"] >= 0, "measure"])
    assert {name for name, said in about.items() if said == "yes"} == of_one


def own_units() -> dict[str, str]:
    """Units of all measures that can be asked for."""
    modules = [
        importlib.import_module(f"sim.measures.{found.name}") for found in pkgutil.iter_modules(sim.measures.__path__)
    ]
    classes = [
        cls for module in modules for _, cls in inspect.getmembers(module, inspect.isclass) if issubclass(cls, Measure)
    ]
    return {name: unit for cls in classes for name, unit in cls.units.items()}


def test_measures_that_can_be_asked_for_are_described_with_their_units() -> None:
    described = {cells[0]: cells[2] for cells in rows(section("runs.parquet"))}
    assert own_units()
    assert {name: described.get(name) for name in own_units()} == own_units()


def test_every_contrast_has_its_unit(folder: Path) -> None:
    described = {
        cells[0]: cells[1] for cells in rows(section("estimates.parquet and estimates.csv")) if len(cells) == 2
    }
    assert {name: described.get(name) for name in UNITS} == UNITS
    written = pd.read_parquet(folder / "compare" / "estimates.parquet")["contrast"].str.partition(":")[0]
    assert set(written) <= set(described)


def test_columns_of_the_frontier_and_keys_of_manifests_are_named(folder: Path) -> None:
    said = section("frontier.csv and craft.csv")
    for name in pd.read_csv(folder / "compare" / "frontier.csv"):
        plain = re.sub(r"_(low|high)$", "", name)
        assert f"`{name}`" in said or f"`{plain.removesuffix('_quiet')}`" in said, name
    said = section("manifest.json")
    for kind in ("run", "compare"):
        for name in json.loads((folder / kind / "manifest.json").read_text()):
            assert f"`{name}`" in said, name


def test_columns_of_other_files_are_named(folder: Path) -> None:
    assert [cells[0] for cells in rows(section("events.parquet"))] == list(EVENTS)
    assert [cells[0] for cells in rows(section("Share cascades"))] == list(Share._fields)
    said = section("Statements of reasons")
    known, empty = said.split("Always empty:")
    assert set(re.findall(r"`(\w+)`", empty)) == set(STATEMENTS) - set(FILLED)
    assert {name for cells in rows(known) for name in re.findall(r"\w+", cells[0])} == set(FILLED)
    assert list(pd.read_csv(folder / "run" / "statements.csv")) == list(STATEMENTS)


def test_every_file_of_a_folder_is_named(folder: Path) -> None:
    first = PAGE.split("\n## ")[0]
    for kind in ("run", "compare"):
        for path in (folder / kind).iterdir():
            name = f"{path.name}/" if path.is_dir() else path.name
            assert f"`{name}`" in first or path.name in ("graph.parquet", "cascades.parquet", "statements.csv"), name


def code(kind: str) -> str:
    """The example of one kind."""
    return re.search(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)[1]  # type: ignore[index]


@pytest.mark.parametrize("library", ["pandas", "polars", "duckdb"])
def test_an_example_reads_the_table(
    library: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip(library, reason=f"{library} is not installed: the extra dev brings it")
    shutil.copytree(folder / "compare", tmp_path / "outputs" / "mine")
    monkeypatch.chdir(tmp_path)
    space: dict[str, Any] = {}
    exec(compile(code(f"python {library}"), "DATA.md", "exec"), space)
    runs = pd.read_parquet(folder / "compare" / "runs.parquet").groupby("arm")
    wanted = (runs["candidate_impressions"].sum() / runs["genuine_users"].sum()).sort_index()
    answer = space["answer"] if library != "polars" else space["answer"].to_pandas()
    values = answer.to_numpy() if library == "pandas" else answer.iloc[:, 1].to_numpy()
    np.testing.assert_allclose(values, wanted.to_numpy())


def test_the_example_of_load_prints(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(folder / "compare", tmp_path / "outputs" / "mine")
    monkeypatch.chdir(tmp_path)
    exec(compile(code("python"), "DATA.md", "exec"), {})
    said = capsys.readouterr().out
    assert "genuine users who have seen the candidate" in said
    assert "coordinated/none" in said
