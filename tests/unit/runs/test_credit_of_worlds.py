"""Credit of channels in worlds that were run: what does nothing gets nothing, what does the same gets the same."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.estimates.attribution import coalitions_of, of_each_seed
from analysis.estimates.paired import Worlds
from analysis.estimates.table import write_estimates
from analysis.report.sections import write_report
from sim.cli.command import app, status_of
from sim.runs.face import compare
from sim.runs.recording import read_json, read_table

HIRE = """
    _target_: sim.tactics.hire_influencers.HireInfluencers
    first_day: 2024-11-20
    last_day: 2024-11-22
    posts_each: 6.0
    price: 0.1
    acceptance: 0.9
    disclosure: 0.0
    generic: 0.0
    hashtag: 11
"""
TWICE = f"""# One tactic twice, and one that buys nothing. unit; meaning; source or assumption
candidate: A
start: 2024-11-20
budget: 1.0e+7
tactics:
  hire_influencers:{HIRE}
  again:{HIRE}
  buy_engagement:
    _target_: sim.tactics.buy_engagement.BuyEngagement
    first_day: 2024-11-20
    likes: 0.0
    comments: 0.0
    price: 0.01
"""


def said(*words: str) -> int:
    """The exit status of a command."""
    return status_of(lambda: app(list(words), prog_name="groundswell", standalone_mode=False))


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Worlds]:
    folder = tmp_path_factory.mktemp("mine")
    (folder / "campaign").mkdir()
    (folder / "campaign" / "twice.yaml").write_text(TWICE)
    words = ["scenario=classroom", "arms=which_tactic_matters", "campaign=twice", "days=3", "calendar.warm_up_days=1"]
    compare([*words, "replications=2", "engine=serial"], folder / "out", folder)
    return folder / "out", Worlds(read_table(folder / "out", "runs"), read_json(folder / "out" / "manifest.json"))


def test_what_does_nothing_gets_nothing_and_what_does_the_same_gets_the_same(worlds: tuple[Path, Worlds]) -> None:
    found = coalitions_of(worlds[1])
    assert found is not None
    assert found.channels == ["hire_influencers", "again", "buy_engagement"]
    credit = of_each_seed(worlds[1], found)
    made = worlds[1].visibility("twice/none") - worlds[1].visibility("quiet/none")
    assert (made > 0).all()
    assert np.array_equal(credit["buy_engagement"], np.zeros(2))
    assert np.allclose(credit["hire_influencers"], credit["again"], atol=1e-12)
    assert np.allclose(sum(credit.values()), made, atol=1e-12)
    one, same = (
        worlds[1].column(f"twice[{name}]/none", "candidate_impressions") for name in ("again", "hire_influencers")
    )
    assert np.array_equal(one, same)
    assert (worlds[1].visibility("twice/none") > worlds[1].visibility("twice[again]/none")).all()


def test_report_and_terminal_say_whose_credit_it_is(
    worlds: tuple[Path, Worlds], capsys: pytest.CaptureFixture[str]
) -> None:
    table = write_estimates(worlds[0])
    rows = table[(table["contrast"].str.startswith("credit:")) & (table["measure"] == "impressions")]
    assert rows["estimate"].sum() == pytest.approx(
        float(table[table["contrast"] == "manufactured"]["estimate"].iloc[0])
    )
    ways = table[table["contrast"] == "credit:again"].set_index("measure")["estimate"]
    assert ways["direct"] + ways["recommended"] == pytest.approx(ways["impressions"])
    page = write_report(worlds[0]).read_text(encoding="utf-8")
    assert "Which channel did it" in page
    assert "buy engagement" in page.split("Which channel did it")[1]
    assert said("report", str(worlds[0])) == 0
    assert "credit by channel" in capsys.readouterr().out


def test_lists_about_any_campaign_refuse_what_they_cannot_be_about(capsys: pytest.CaptureFixture[str]) -> None:
    for words, allowed in (
        (["campaign=quiet"], "allowed is one"),
        (["campaign=organic_surge"], "nothing of the kind"),
        (["moderation=limit_copies"], "allowed is one of the two"),
    ):
        assert said("compare", "scenario=classroom", "arms=which_channel_matters", *words) == 2
        assert allowed in capsys.readouterr().err


def test_columns_of_ways_add_up(worlds: tuple[Path, Worlds]) -> None:
    runs: pd.DataFrame = worlds[1].runs
    assert (runs["candidate_direct"] + runs["candidate_recommended"] == runs["candidate_impressions"]).all()
