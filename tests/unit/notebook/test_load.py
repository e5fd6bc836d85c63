"""Folders of results as tidy frames: of today, of earlier versions, of strangers."""

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import analysis
import sim
from analysis.notebook.load import READERS, Reader, Results, load
from sim import ScenarioError

FOLDERS = Path(__file__).with_name("folders")  # what earlier versions wrote, by the day of the version
OLD = sorted(path.parent.relative_to(FOLDERS).as_posix() for path in FOLDERS.rglob("manifest.json"))
COMPARED = FOLDERS / "2026-11-28" / "compare"


def test_there_is_a_folder_of_every_form() -> None:
    assert OLD == [
        "2026-11-24/compare",
        "2026-11-24/run",
        "2026-11-27/compare",
        "2026-11-28-evening/compare",
        "2026-11-28-evening/run",
        "2026-11-28/compare",
        "2026-11-28/run",
    ]


@pytest.mark.parametrize("name", OLD)
def test_a_folder_of_an_earlier_version_is_read(name: str) -> None:
    found = load(FOLDERS / name)
    assert found.kind == name.split("/")[1]
    assert (found.estimates is None) == (found.kind == "run")
    raw = pd.read_parquet(FOLDERS / name / "series.parquet")
    assert len(found.series) == len(raw)
    assert found.series["value"].tolist() == raw["value"].tolist()
    for frame in (found.runs, found.series):
        for column in ("arm", "campaign", "moderation"):
            assert isinstance(frame[column].dtype, pd.CategoricalDtype)
            assert frame[column].cat.ordered
            assert frame[column].notna().all()
        assert frame["arm"].astype(str).equals(frame["campaign"].astype(str) + "/" + frame["moderation"].astype(str))
    about_one = raw["candidate"] >= 0
    assert found.series["candidate"].notna().equals(about_one)
    assert found.series["candidate"].cat.categories[0] == ("0" if name == "2026-11-24/run" else "A")
    assert pd.api.types.is_datetime64_any_dtype(found.series["date"])
    assert pd.api.types.is_datetime64_any_dtype(found.runs["first_action"])
    numbers = found.runs.select_dtypes("number").columns.drop("seed")
    assert set(numbers) <= set(found.runs.attrs["units"])
    assert set(found.series["measure"]) == set(found.series.attrs["units"])


def test_arms_are_in_the_order_of_the_comparison() -> None:
    found = load(COMPARED)
    manifest = json.loads((COMPARED / "manifest.json").read_text())
    assert list(found.runs["arm"].cat.categories) == [arm["name"] for arm in manifest["arms"]]
    assert found.estimates is not None
    assert list(found.estimates["candidate"].cat.categories) == manifest["candidates"]
    assert (found.estimates["unit"] != "").all()
    assert found.digest == manifest["digest"]
    assert "4 arms" not in repr(found)
    assert "8 worlds" in repr(found)
    first = found.runs.sort_values("arm")["arm"].iloc[0]
    assert first == manifest["arms"][0]["name"]


def test_it_is_offered_where_one_looks_for_it() -> None:
    assert analysis.load is sim.load is load
    assert sim.Results is Results
    with pytest.raises(AttributeError, match="no attribute 'lod'"):
        _ = analysis.lod


def damaged(folder: Path, tmp_path: Path) -> Path:
    """A copy."""
    return Path(shutil.copytree(folder, tmp_path / "copy"))


@pytest.mark.parametrize(("name", "change", "said"), [
    ("manifest.json", None, "allowed is a folder that run, sweep or compare has written"),
    ("manifest.json", b"[]", "allowed is a folder that run, sweep or compare has written"),
    ("manifest.json", b"{", "cannot be read"),
    ("runs.parquet", None, "holds no runs.parquet"),
    ("series.parquet", b"PAR1", "cannot be read"),
    ("estimates.parquet", b"", "cannot be read"),
])  # fmt: skip
def test_what_is_damaged_is_named(name: str, change: bytes | None, said: str, tmp_path: Path) -> None:
    folder = damaged(COMPARED, tmp_path)
    (folder / name).unlink() if change is None else (folder / name).write_bytes(change)
    with pytest.raises(ScenarioError, match=said):
        load(folder)


@pytest.mark.parametrize(("table", "values", "said"), [
    ("series", {"date": "soon"}, "cannot be read"),
    ("series", {"arm": "other/none"}, "has arms that are not that of runs.parquet"),
    ("runs", {"digest": "x"}, "with the digest of manifest.json"),
    ("runs", {"spent": None}, "column spent: allowed is a number in every row"),
])  # fmt: skip
def test_tables_of_a_world_that_do_not_go_together_are_refused(
    table: str, values: dict[str, Any], said: str, tmp_path: Path
) -> None:
    folder = damaged(FOLDERS / "2026-11-28" / "run", tmp_path)
    pd.read_parquet(folder / f"{table}.parquet").assign(**values).to_parquet(folder / f"{table}.parquet")
    with pytest.raises(ScenarioError, match=said):
        load(folder)


def test_a_comparison_without_estimates_has_none(tmp_path: Path) -> None:
    folder = damaged(COMPARED, tmp_path)
    (folder / "estimates.parquet").unlink()
    assert load(folder).estimates is None


def test_another_kind_of_folder_is_one_more_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "manifest.json").write_text('{"points": 3}')
    with pytest.raises(ScenarioError, match="allowed is a folder that run, sweep or compare has written"):
        load(tmp_path)
    empty = pd.DataFrame()
    swept = Reader("sweep", lambda manifest: "points" in manifest, lambda at, m: Results(at, "sweep", m, empty, empty))
    monkeypatch.setattr("analysis.notebook.load.READERS", (*READERS, swept))
    assert load(tmp_path).kind == "sweep"


def test_without_xarray_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xarray", None)
    with pytest.raises(ImportError, match=r"pip install 'groundswell\[xarray\]'"):
        load(COMPARED).to_xarray()


def test_arrays_say_what_frames_say() -> None:
    pytest.importorskip("xarray", reason="xarray is not installed: the extra xarray brings it")
    found = load(COMPARED)
    data = found.to_xarray()
    assert dict(data.sizes) == {
        "arm": 4,
        "seed": 2,
        "day": 2,
        "candidate": found.series["candidate"].cat.categories.size,
    }
    for row in found.series.itertuples(index=False):
        at = {"arm": row.arm, "seed": row.seed, "day": row.date}
        at |= {} if pd.isna(row.candidate) else {"candidate": row.candidate}
        assert float(data[row.measure].sel(at)) == row.value
    assert data["share"].attrs["units"] == found.series.attrs["units"]["share"]
    spent = [name for name in data if str(name).startswith("spent:")]
    assert spent
    assert all(np.isfinite(data[name]).all() for name in spent)
    for row in found.runs.itertuples(index=False):
        assert float(data["run_impressions"].sel(arm=row.arm, seed=row.seed)) == row.impressions
    assert data["campaign"].sel(arm="coordinated/none") == "coordinated"
    assert np.issubdtype(data["run_first_action"].dtype, np.datetime64)
