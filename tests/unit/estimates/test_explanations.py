"""Measures of explanations: known answers by hand, and what the report says of rival explanations."""

import copy
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from analysis.estimates.explanations import rival_contrasts, told_apart
from analysis.estimates.paired import Worlds
from analysis.estimates.table import estimates
from analysis.report.explanations import rivals_section
from sim.measures.traces import Traces
from sim.model import CampaignModel
from sim.runs.face import compare, load_scenario
from sim.runs.families import result_of
from sim.world.truth import SLEEPER
from tests.worlds import SMALL, STAGED, small_scenario

MEASURES = ("measures=explanations",)
LATE = ("measures.visible_totals.settled=239",)  # hours; just before the first posts retire
TRACES = Traces(
    window=60, repetitions=2, dormant_days=90.0, burst_hours=48, burst_acts=5, least_likes=5, likes_per_view=0.4,
    comments_per_like=2.0, copies=3,
)  # fmt: skip


def test_accounts_acted_together_in_a_log_of_eight_rows() -> None:
    rows = [  # post, second, account: 1 and 2 twice within a minute; 1 and 3 once; 2 and 4 twice, once after 61 seconds
        (10, 0, 1), (10, 60, 2), (10, 121, 4), (11, 500, 2), (11, 440, 1), (11, 560, 4), (12, 0, 1), (12, 30, 3),
    ]  # fmt: skip
    columns = np.array(rows, dtype=np.int64).T
    assert TRACES.acting_together([columns]) == 2
    assert TRACES.acting_together([columns[:, :4], columns[:, 4:]]) == 2  # however hours divide it
    assert TRACES.acting_together([]) == 0


def test_posts_are_out_of_proportion_by_likes_or_comments() -> None:
    posts = SimpleNamespace(
        likes=np.array([4, 5, 5, 5]), views=np.array([5, 12, 13, 100]), comments=np.array([0, 0, 10, 11])
    )
    assert TRACES._strange(posts, np.arange(4)).tolist() == [False, True, False, True]


def test_bursts_count_after_dormancy_only() -> None:
    notes = {"last": np.array([-90 * 24, -90 * 24 + 1, 0]), "woke": {}, "acts": {}}
    TRACES._note_bursts(np.array([0, 0, 1, 2, 0, 0]), notes, 0)
    TRACES._note_bursts(np.array([0]), notes, 47)
    TRACES._note_bursts(np.array([0]), notes, 48)  # too late
    assert notes["acts"] == {0: 5}


def test_visible_totals_count_each_post_once_though_posts_retire() -> None:
    model = CampaignModel(small_scenario(days=13, users=80, more=(*MEASURES, *LATE, "population.newcomers=0")))
    ever: dict[int, tuple] = {}
    while model.world.hour < model.clock.end:
        model.step()
        posts = model.world.platform.posts
        for row in np.flatnonzero((posts.candidate == 0) & (posts.hour >= model.clock.start)).tolist():
            ever[row + model.world.platform.first] = (
                int(posts.author[row]),
                int(posts.views[row]),
                int(posts.likes[row]),
            )
    found = model.observer.summary(model.world, 0, 0)
    assert model.world.platform.first > min(ever)  # some have retired
    assert found["visible_posts"] == len(ever) > 50
    assert found["visible_authors"] == len({author for author, _, _ in ever.values()})
    assert found["visible_views"] == pytest.approx(sum(views for _, views, _ in ever.values()), rel=0.01)
    assert found["visible_likes"] == pytest.approx(sum(likes for _, _, likes in ever.values()), rel=0.01)


def test_measures_change_no_world_and_reading_twice_gives_the_same() -> None:
    with_them, without = (CampaignModel(small_scenario(more=more)) for more in (MEASURES, ()))
    for model in (with_them, without):
        model.run_until(model.clock.end)
    assert with_them.observer.rows() == without.observer.rows()
    summary = with_them.observer.summary(with_them.world, 0, 0)
    assert summary == with_them.observer.summary(with_them.world, 0, 0)
    assert {k: v for k, v in summary.items() if not k.startswith(("visible_", "traces_"))} == without.observer.summary(
        without.world, 0, 0
    )
    assert result_of(with_them, "", 0.0)["run"]["traces_awakened"] > 0
    awake = [account for account, acts in with_them.observer.notes["traces"]["acts"].items() if acts >= 5]
    assert SLEEPER in with_them.world.truth.role[awake]  # and others, who come back
    other = copy.deepcopy(with_them)
    assert other.observer.notes is not with_them.observer.notes


@pytest.fixture(scope="module")
def explained(tmp_path_factory) -> tuple[Worlds, pd.DataFrame]:
    """A comparison of explanations on tiny worlds."""
    from sim.runs.recording import read_json, read_table

    out = tmp_path_factory.mktemp("explained")
    request = ["scenario=classroom", *SMALL, *STAGED, "scale=0.0000223", "days=4", "replications=3", "engine=serial"]
    compare([*request, "arms=explanations"], out)
    manifest, runs = read_json(out / "manifest.json"), read_table(out, "runs")
    return Worlds(runs, manifest), estimates(runs, manifest)


def test_report_says_whether_totals_agree_and_what_tells_apart(explained) -> None:
    worlds, table = explained
    assert worlds.campaign == "coordinated"
    assert worlds.rivals == ["paid_authentic", "organic_surge"]
    kinds = set(table["contrast"])
    assert {"totals:organic_surge", "totals:paid_authentic", "traces:quiet", "apart:coordinated:organic_surge"} <= kinds
    assert "multiplier:organic_surge" not in kinds  # nobody caused a post
    page = rivals_section(worlds, table)
    assert "What would tell them apart" in page
    assert "no post was caused" in page
    assert "agree within" in page
    row = table[(table["contrast"] == "apart:coordinated:organic_surge") & (table["measure"] == "awakened")].iloc[0]
    levels = [worlds.column(f"{name}/none", "traces_awakened").mean() for name in ("coordinated", "organic_surge")]
    assert row.estimate == pytest.approx(levels[0] - levels[1])


def test_nothing_is_told_apart_where_arms_are_the_same(explained) -> None:
    worlds, _ = explained
    runs = worlds.runs.copy()
    for column in [c for c in runs if c.startswith(("visible_", "traces_"))]:
        quiet = runs[runs["arm"] == "quiet/none"].set_index("seed")[column]
        runs[column] = runs["seed"].map(quiet)
    same = estimates(runs, worlds.manifest)
    assert told_apart(same) == set()
    assert "Nothing that was measured tells apart" in rivals_section(Worlds(runs, worlds.manifest), same)


def test_holm_is_stricter_than_each_test_alone() -> None:
    def rows(errors: list[float]) -> pd.DataFrame:
        named = [(f"apart:a:{n}", "likes", 1.0, 8, error) for n, error in enumerate(errors)]
        return pd.DataFrame(named, columns=["contrast", "measure", "estimate", "n", "paired_sd"])

    assert len(told_apart(rows([0.4]))) == 1  # t = 2.5 with 7 degrees of freedom: p = .04
    assert told_apart(rows([0.4, 0.4])) == set()
    assert len(told_apart(rows([0.0, 0.4]))) == 2  # the surest one goes first, and leaves .05 to the last


def test_no_section_without_rivals_or_measures() -> None:
    scenario = load_scenario(["scenario=classroom"])
    assert scenario.measures == {}
    runs = pd.DataFrame({"arm": ["quiet/none"], "seed": [1]})
    worlds = Worlds(runs, {"arms": [{"campaign": "quiet", "moderation": "none"}]})
    assert rival_contrasts(worlds) == []
    assert rivals_section(worlds, pd.DataFrame()) == ""
