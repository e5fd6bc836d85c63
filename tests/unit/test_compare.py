"""A whole comparison on small worlds: files, estimates, report, and going on from finished runs."""

from pathlib import Path

import pandas as pd
import pytest
import yaml

from analysis.paired import headline, write_estimates
from analysis.report import write_report
from sim import compare, simulate
from tests.worlds import SMALL, STAGED, small_scenario

REQUEST = ["scenario=classroom", *SMALL, *STAGED, "scale=0.0000223", "days=5", "replications=2", "engine=serial"]


def test_comparison_leaves_its_files_and_goes_on_from_finished_runs(tmp_path: Path) -> None:
    first = compare(REQUEST, tmp_path)
    assert first["replications"] == 2
    assert len(list((tmp_path / "runs").glob("*.json"))) == 8
    runs = pd.read_parquet(tmp_path / "runs.parquet")
    assert sorted(runs["arm"].unique()) == sorted(first["arms"])
    assert yaml.safe_load((tmp_path / "config.yaml").read_text())["name"] == "classroom"
    next((tmp_path / "runs").glob("*.json")).unlink()
    compare(REQUEST, tmp_path)
    assert pd.read_parquet(tmp_path / "runs.parquet")["digest"].tolist() == runs["digest"].tolist()
    table = write_estimates(tmp_path)
    assert table["contrast"].iloc[0] == "manufactured"
    assert any("manufactured visibility" in line for line in headline(tmp_path))
    page = write_report(tmp_path).read_text()
    assert "In this model, given its assumptions" in page
    assert "no evidence about any real account, campaign or vote" in page
    for outside in ("src=", "<link", "<script", "url(http", "@import"):
        assert outside not in page


def test_one_world_reports_what_it_did(tmp_path: Path) -> None:
    said = []
    result = simulate(small_scenario(), lambda done, total: said.append((done, total)))
    assert said[-1] == (72, 72)
    assert result.summary["impressions"] > 0
    assert result.summary["digest"] == simulate(small_scenario()).summary["digest"]
    result.write(tmp_path)
    measures = set(pd.read_parquet(tmp_path / "series.parquet")["measure"])
    assert {"impressions", "share", "reach", "watch_seconds"} <= measures


@pytest.mark.parametrize("engine", ["process"])
def test_processes_give_the_digests_of_one_process(engine: str, tmp_path: Path) -> None:
    compare(REQUEST, tmp_path / "one")
    compare([*REQUEST[:-1], f"engine={engine}"], tmp_path / "two", threads=2)
    one, two = (pd.read_parquet(tmp_path / name / "runs.parquet") for name in ("one", "two"))
    assert one["digest"].tolist() == two["digest"].tolist()
