"""What earlier action changes, from runs worked by hand."""

import numpy as np
import pandas as pd
import pytest

from analysis.estimates.earlier_action import VIEWERS, earlier_action, lines
from analysis.estimates.paired import Worlds
from analysis.report.earlier_action import earlier_figure, earlier_section
from analysis.report.figures import places_of, svg_of

POLICIES = {
    "p~r": {"regulator": "r", "step": None, "earlier": 0},
    "p~r.ask-14d": {"regulator": "r", "step": "ask", "earlier": 14},
}
SEEN = {
    "none": (30.0, 10.0),
    "p~r": (26.0, 11.0),
    "p~r.ask-14d": (20.0, 10.0),
}  # with the campaign and without it, of ten users
FIRST = {"none": np.nan, "p~r": np.nan, "p~r.ask-14d": 1.0}


def comparison() -> tuple[Worlds, pd.DataFrame]:
    runs, series = [], []
    for policy, seen in SEEN.items():
        for campaign, value in zip(("loud", "quiet"), seen, strict=True):
            for seed in (1, 2):
                arm = f"{campaign}/{policy}"
                record = {f"record_first_day_{viewer}": FIRST[policy] for viewer in VIEWERS}
                record |= {f"record_left_{viewer}": 0.25 * seed for viewer in VIEWERS} | {"record_communities": 0.5}
                runs.append({"arm": arm, "campaign": campaign, "moderation": policy, "seed": seed, "users": 10, "genuine_users": 10,
                             "candidate_impressions": value, "reach": value / 10,
                             "genuine_accounts_actioned": 0, "reviews": 3 * seed, "spent": 1.0,
                             "candidate_authored": 1.0, "other_candidates_organic": 1.0, "watch_seconds": 1.0, "genuine_posts_actioned": 0,
                             **record})  # fmt: skip
                for day, part in enumerate((0.5, 0.3, 0.2)):
                    series.append((arm, seed, day, f"2024-11-{day + 1:02d}", "impressions", 0, part * value))
    arms = [
        {"name": f"{campaign}/{policy}", "campaign": campaign, "moderation": policy, **POLICIES.get(policy, {})}
        for policy in SEEN
        for campaign in ("loud", "quiet")
    ]
    manifest = {"arms": arms, "candidate": 0, "candidates": ["A"], "start_date": "2024-11-01"}
    table = pd.DataFrame(series, columns=["arm", "seed", "day", "date", "measure", "candidate", "value"])
    return Worlds(pd.DataFrame(runs), manifest), table


def test_rows_say_what_each_step_would_have_changed() -> None:
    rows = earlier_action(*comparison()).set_index("policy")
    assert rows["step"].tolist() == ["as it was", "ask"]
    assert rows["days"].tolist() == [0, 14]
    assert rows["dampening"].tolist() == [pytest.approx(1 - 15 / 20), pytest.approx(1 - 10 / 20)]
    assert rows["left_platform"].tolist() == [0.375, 0.375]
    assert rows.loc["p~r", "never_regulator"] == 2
    assert np.isinf(rows.loc["p~r", "first_regulator"])
    assert rows.loc["p~r", "after_regulator"] == 0.0  # what is never known leaves nothing to prevent
    assert rows.loc["p~r.ask-14d", "after_regulator"] == pytest.approx(
        0.2
    )  # the third day's, of what is made without a policy
    assert rows.loc["p~r.ask-14d", "reviews"] == pytest.approx(0.0)


def test_comparisons_without_a_regulator_or_a_record_have_no_rows() -> None:
    worlds, series = comparison()
    plain = [{key: arm[key] for key in ("name", "campaign", "moderation")} for arm in worlds.manifest["arms"]]
    assert len(earlier_action(Worlds(worlds.runs, {**worlds.manifest, "arms": plain}), series)) == 0
    without = worlds.runs.drop(columns="record_communities")
    assert len(earlier_action(Worlds(without, worlds.manifest), series)) == 0
    assert lines(pd.DataFrame()) == []
    assert earlier_section(pd.DataFrame(), {}, {}) == ""


def test_what_is_said_names_the_step_that_takes_most() -> None:
    worlds, series = comparison()
    rows = earlier_action(worlds, series)
    assert "with ask 14 days earlier 50%" in lines(rows)[0]
    page = earlier_section(rows, {"earlier_action": svg_of(earlier_figure(rows))}, worlds.manifest)
    assert "never in 2 of 2" in page
    assert "2.11.24" in page
    assert "ask, 14 days" in page


def test_events_stand_on_their_days_and_those_after_the_last_behind_it_in_order() -> None:
    dates = ["2024-11-01", "2024-11-02", "2024-11-03"]
    events = [
        {"date": day, "kind": "vote", "what": ""} for day in ("2024-10-01", "2024-11-02", "2024-11-24", "2025-05-04")
    ]
    first, second, third, fourth = places_of(events, dates, 2.6)
    assert (first, second) == (0.0, 1.0)
    assert 2.0 < third < fourth < 4.6
