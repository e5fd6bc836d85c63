"""Tables of a sweep, and questions to them."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from analysis.estimates.table import estimates
from analysis.sweeps.compact import TOGETHER, compact
from sim.cli.command import app, status_of
from sim.runs.sweeps.points import plan_of
from sim.runs.sweeps.store import Folder
from sim.runs.sweeps.sweep import sweep
from sim.runs.sweeps.words import sweep_of
from sim.scenario.schema import ScenarioError
from tests.worlds import SMALL, STAGED

WORDS = [
    "scenario=classroom", *SMALL, *STAGED, "scale=0.0000223", "days=2", "replications=2", "engine=serial",
    "moderation=none,suspend_coordinated", "campaign.budget=0,4e5",
]  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder, asked = tmp_path_factory.mktemp("sweep"), sweep_of(WORDS)
    sweep(plan_of(asked), Folder(folder), asked.engine, "groundswell sweep")
    assert compact(folder).rows["runs"] == 16
    return folder


@pytest.fixture
def own(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "own"))


def test_columns_of_the_design_stand_beside_results(made: Path) -> None:
    for name in ("runs", "series", "estimates"):
        table = pd.read_parquet(made / f"{name}.parquet")
        assert list(table.columns[:2]) == ["point", "campaign.budget"]
        assert sorted(table["campaign.budget"].unique()) == [0.0, 4e5]
        assert dict(zip(table["point"], table["campaign.budget"], strict=True)) == {1: 0.0, 2: 4e5}
    series = pd.read_parquet(made / "series.parquet")
    assert series["date"].min() == pd.read_parquet(made / "series.parquet")["date"].iloc[0]
    assert set(series["day"]) == {0, 1}


def test_estimates_of_a_point_are_those_of_its_own_comparison(made: Path) -> None:
    index = json.loads((made / "sweep.json").read_text())
    runs, found = pd.read_parquet(made / "runs.parquet"), pd.read_parquet(made / "estimates.parquet")
    from analysis.sweeps.compact import read_family

    about = (read_family(made, index["families"][-1]["file"]) or {})["about"]
    alone = estimates(runs[runs["point"] == 2], about)
    pd.testing.assert_frame_equal(found[found["point"] == 2][list(alone.columns)].reset_index(drop=True), alone)
    assert {"manufactured", "dampening:suspend_coordinated"} <= set(found["contrast"])


def test_families_that_are_missing_or_damaged_are_left_out_and_counted(own: Path) -> None:
    files = sorted((own / "families").iterdir())
    files[0].unlink()
    files[1].write_bytes(b"damaged")
    found = compact(own)
    assert found.missing == 2
    assert found.rows["runs"] == 8
    assert len(pd.read_parquet(own / "runs.parquet")) == 8


def test_a_family_of_another_version_with_other_measures_fits(own: Path) -> None:
    """The columns are those of the first rows; what another lacks is empty there."""
    from analysis.sweeps.compact import _Tables

    with _Tables(own) as tables:
        tables.add("runs", pd.DataFrame({"a": [1], "b": ["x"]}).loc[[0] * TOGETHER])
        tables.add("runs", pd.DataFrame({"b": ["y"], "c": [2.0]}))
    table = pd.read_parquet(own / "runs.parquet")
    assert list(table.columns) == ["a", "b"]
    assert table["b"].iloc[-1] == "y"
    assert pd.isna(table["a"].iloc[-1])


def test_tables_stay_as_they_were_where_compacting_fails(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import analysis.sweeps.compact as module

    before = (own / "runs.parquet").read_bytes()
    monkeypatch.setattr(module, "estimates", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        compact(own)
    assert (own / "runs.parquet").read_bytes() == before
    assert not list(own.glob(".*part"))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("sweep.json", None, "holds no sweep.json"),
        ("sweep.json", b"{", "cannot be read"),
        ("sweep.json", b"[]", "is not as sweep has written it"),
        ("sweep.json", b'{"families": [{"file": 1, "point": 1}]}', "is not as sweep has written it"),
        ("design.parquet", b"", "design.parquet: cannot be read"),
    ],
)
def test_damaged_folders_are_refused_in_one_line(own: Path, name: str, content: bytes | None, said: str) -> None:
    (own / name).unlink()
    if content is not None:
        (own / name).write_bytes(content)
    with pytest.raises(ScenarioError, match=said) as error:
        compact(own)
    assert "\n" not in str(error.value)


def test_a_file_that_lies_elsewhere_is_not_read(own: Path) -> None:
    index = json.loads((own / "sweep.json").read_text())
    outside = own.parent / "outside.json.gz"
    shutil.copy(own / index["families"][0]["file"], outside)
    index["families"][0]["file"] = "../outside.json.gz"
    (own / "sweep.json").write_text(json.dumps(index))
    assert compact(own).missing == 1


class TestQuery:
    @pytest.fixture(autouse=True)
    def duckdb(self) -> None:
        pytest.importorskip("duckdb", reason="needs groundswell[query]")

    def test_the_answer_is_that_of_the_same_question_in_pandas(self, made: Path) -> None:
        from analysis.sweeps.query import query

        said = query(
            made, 'select "campaign.budget" as budget, avg(impressions) as seen from runs group by all order by budget'
        )
        runs = pd.read_parquet(made / "runs.parquet")
        assert said["seen"].tolist() == runs.groupby("campaign.budget")["impressions"].mean().tolist()

    @pytest.mark.parametrize(
        ("sql", "said"),
        [
            ("selec 1", "Parser Error"),
            ("select nothing from runs", "nothing"),
            ("select 1; select 2", "one select"),
            ("drop view runs", "one select"),
            ("copy runs to 'x.csv'", "one select"),
            ("select * from read_csv('/etc/hostname')", "Permission"),
            ("select * from read_parquet('sweep.parquet')", "Permission"),
            ("set enable_external_access = true", "one select"),
            ("", "one select"),
        ],
    )
    def test_it_reads_tables_and_does_nothing_else(self, made: Path, sql: str, said: str) -> None:
        from analysis.sweeps.query import query

        with pytest.raises(ScenarioError, match=said) as error:
            query(made, sql)
        assert "\n" not in str(error.value)

    def test_a_folder_without_tables_says_what_makes_them(self, own: Path) -> None:
        from analysis.sweeps.query import query

        (own / "runs.parquet").unlink()
        with pytest.raises(ScenarioError, match="groundswell compact"):
            query(own, "select 1")


class TestLoad:
    def test_frames_have_the_columns_of_the_design_and_names(self, made: Path) -> None:
        from analysis import load

        found = load(made)
        assert found.kind == "sweep"
        for frame in (found.runs, found.series, found.estimates):
            assert frame is not None
            assert list(frame.columns[:2]) == ["point", "campaign.budget"]
            assert frame.attrs["units"]
        assert found.runs["arm"].cat.categories.tolist() == [
            "quiet/none", "coordinated/none", "quiet/suspend_coordinated", "coordinated/suspend_coordinated",
        ]  # fmt: skip
        assert pd.api.types.is_datetime64_any_dtype(found.series["date"])
        assert pd.api.types.is_datetime64_any_dtype(found.runs["first_action"])
        assert found.series["candidate"].cat.categories[0] == "A"

    def test_arrays_have_points_before_all_others(self, made: Path) -> None:
        pytest.importorskip("xarray", reason="needs groundswell[xarray]")
        from analysis import load

        found = load(made)
        arrays = found.to_xarray()
        assert arrays["run_impressions"].dims == ("point", "arm", "seed")
        row = found.runs.iloc[5]
        assert (
            float(arrays["run_impressions"].sel(point=row["point"], arm=row["arm"], seed=row["seed"]))
            == row["impressions"]
        )

    def test_a_sweep_without_tables_says_what_makes_them(self, own: Path) -> None:
        from analysis import load

        (own / "runs.parquet").unlink()
        with pytest.raises(ScenarioError, match="groundswell compact"):
            load(own)

    def test_a_sweep_from_python_is_the_one_of_the_words(self, own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        import sim.runs.sweeps.work as work
        from sim import sweep as sweep_it

        monkeypatch.setattr(work, "run_family", lambda family: pytest.fail("ran again"))
        words = [word for word in WORDS if not word.startswith("campaign.budget")]
        seen: list[int] = []
        found = sweep_it(
            words, own, vary={"campaign.budget": [0, 4e5]}, progress=lambda done, total, note: seen.append(done)
        )
        assert found.runs["campaign.budget"].unique().tolist() == [0.0, 4e5]
        assert seen == []  # all were there


def said(*words: str) -> int:
    """The status of a command."""
    return status_of(lambda: app([*words], prog_name="groundswell", standalone_mode=False))


def test_the_command_makes_no_folder_where_there_is_no_sweep(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said("compact", str(tmp_path / "nowhere")) == 2
    assert "holds no sweep.json" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_the_command_says_what_is_missing_by_its_status(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said("compact", str(own), "--json") == 0
    assert json.loads(capsys.readouterr().out)["runs"] == 16
    sorted((own / "families").iterdir())[0].unlink()
    assert said("compact", str(own)) == 1
    assert "1 families are not there" in capsys.readouterr().err


def test_tables_of_another_sweep_do_not_stay_under_a_new_index(own: Path, caplog: pytest.LogCaptureFixture) -> None:
    words = [word for word in WORDS if not word.startswith("campaign.budget")]
    sweep(plan_of(sweep_of(words)), Folder(own), sweep_of(words).engine, "groundswell sweep")
    assert not any((own / f"{name}.parquet").exists() for name in ("runs", "series", "estimates"))
    assert "held a sweep over campaign.budget: its record is replaced" in caplog.text


def test_tables_stay_where_the_same_sweep_is_asked_for_again(own: Path) -> None:
    asked = sweep_of(WORDS)
    sweep(plan_of(asked), Folder(own), asked.engine, "groundswell sweep")
    assert len(pd.read_parquet(own / "runs.parquet")) == 16


def test_a_folder_that_holds_a_comparison_is_left_alone(own: Path) -> None:
    from sim.runs.sweeps.ask import ask

    (own / "manifest.json").write_text("{}")
    before = (own / "runs.parquet").read_bytes()
    with pytest.raises(ScenarioError, match="holds what run or compare has left"):
        ask(WORDS, str(own))
    with pytest.raises(ScenarioError, match="holds what run or compare has left"):
        compact(own)
    assert (own / "runs.parquet").read_bytes() == before


def test_points_that_are_the_same_worlds_are_named(own: Path) -> None:
    assert compact(own).same == ()
    index = json.loads((own / "sweep.json").read_text())
    by_seed = {row["seed"]: row["file"] for row in index["families"] if row["point"] == 1}
    for row in index["families"]:
        row["file"] = by_seed[row["seed"]]
    (own / "sweep.json").write_text(json.dumps(index))
    assert compact(own).same == ((1, 2),)
