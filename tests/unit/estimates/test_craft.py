"""Each campaign beside each policy: what is estimated, on worlds of which every number is known."""

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.estimates.craft import campaigns_with_policies, craft, half_found, stops_working
from analysis.estimates.paired import Worlds
from analysis.report.craft import craft_figure, craft_section, in_order

USERS = 1000.0
CAMPAIGNS = {
    "quiet": (1.0, 0),
    "loud": (5.0, 20),
    "careful": (3.0, 0),
}  # impressions a user, accounts found by the policy


def comparison(campaigns: tuple[str, ...] = ("loud", "careful")) -> tuple[Worlds, pd.DataFrame]:
    runs: list[dict[str, Any]] = []
    series: list[dict[str, Any]] = []
    arms = [(c, m) for c in ("quiet", *campaigns) for m in ("none", "detector")]
    for campaign, moderation in arms:
        seen, hit = CAMPAIGNS[campaign]
        acts = moderation == "detector"
        for seed in range(4):
            visible = (seen + (0.1 * seed if campaign != "quiet" else 0.0)) * USERS
            kept = 0.5 if acts and campaign == "loud" else 1.0
            runs.append({
                "arm": f"{campaign}/{moderation}", "campaign": campaign, "moderation": moderation, "seed": seed,
                "candidate_impressions": visible if campaign == "quiet" else USERS + (visible - USERS) * kept,
                "candidate_authored": 0.0,
                "candidate_paid": 0.0, "candidate_asked": 0.0,
                "other_candidates_organic": 1.0, "watch_seconds": 1.0, "genuine_posts_actioned": 0.0,
                "reviews": 0.0, "genuine_users": USERS, "spent": 0.0 if campaign == "quiet" else 100.0,
                "genuine_accounts_actioned": 3.0 if acts else 0.0,
                "accounts_actioned": 3.0 + hit if acts else 0.0, "campaign_accounts": 20.0,
                "campaign_accounts_actioned": float(hit) if acts else 0.0,
            })  # fmt: skip
            for day, share in enumerate((0.0, 0.4, 0.6, 1.0)):
                series.append({"arm": f"{campaign}/{moderation}", "measure": "actioned_campaign_accounts", "day": day,
                               "value": share * hit if acts else 0.0})  # fmt: skip
            if campaign == "loud":
                series.append({"arm": "loud/none", "measure": "spent:wake_sleepers", "day": 0, "value": 1.0})
    manifest = {"arms": [{"campaign": c, "moderation": m} for c, m in arms]}
    return Worlds(pd.DataFrame(runs), manifest), pd.DataFrame(series)


def test_each_campaign_is_set_against_each_policy() -> None:
    worlds, series = comparison()
    table = craft(worlds, series).set_index("campaign")
    assert list(table.index) == ["loud", "careful"]
    assert table["manufactured"].to_list() == pytest.approx([4.15, 2.15])
    assert table["cost"].to_list() == pytest.approx([1000 * 0.1 / 4.15, 1000 * 0.1 / 2.15])
    assert table["dampening"].to_list() == pytest.approx([0.5, 0.0])
    assert table["innocent"].to_list() == pytest.approx([300.0, 300.0])
    assert table["innocent_quiet"].to_list() == pytest.approx([300.0, 300.0])
    assert table["found"].iloc[0] == 1.0
    assert table["right"].to_list() == pytest.approx([20 / 23, 0.0])
    assert math.isnan(table["found"].iloc[1])  # it paid for no account
    assert table["half_found_day"].iloc[0] == 3
    assert (table["dampening_low"] <= table["dampening"]).all()
    assert worlds.campaign == "loud"  # what is asked of the comparison stays what it was


def test_shares_of_accounts_have_intervals_that_stay_shares() -> None:
    worlds, series = comparison()
    acted = worlds.runs["accounts_actioned"] > 10
    worlds.runs.loc[acted, "campaign_accounts_actioned"] = [20.0, 20.0, 19.0, 17.0]
    worlds.runs.loc[acted, "accounts_actioned"] = [23.0, 23.0, 22.0, 20.0]
    loud = craft(worlds, series).set_index("campaign").loc["loud"]
    assert loud["found"] == pytest.approx(76 / 80)
    assert loud["right"] == pytest.approx(76 / 88)
    for share in ("found", "right"):
        assert 0 < loud[f"{share}_low"] < loud[share] < loud[f"{share}_high"] < 1
    assert "95%<span class='below'>" in craft_section(craft(worlds, series), {}, "EUR")


def test_half_of_what_was_found_is_dated_by_the_first_day_that_has_it() -> None:
    _, series = comparison()
    assert half_found(series, "loud/detector") == 3
    assert math.isnan(half_found(series, "loud/none"))


def test_one_campaign_has_no_table_and_no_section() -> None:
    worlds, series = comparison(("loud",))
    assert campaigns_with_policies(worlds) == []
    assert len(craft(worlds, series)) == 0
    assert craft_section(craft(worlds, series), {}, "EUR") == ""


def test_the_sentence_names_the_campaigns_that_are_lost() -> None:
    worlds, series = comparison()
    table = craft(worlds, series)
    assert stops_working(table) == [
        "detector: finds half of the accounts or more of each; at the most 300 genuine accounts of 100,000 are hit."
    ]
    table.loc[table["campaign"] == "careful", "found"] = 0.1
    assert "finds fewer than half of the accounts of careful" in stops_working(table)[0]


def test_section_and_figure_hold_every_campaign_the_most_found_first() -> None:
    worlds, series = comparison()
    table = craft(worlds, series)
    assert in_order(table) == ["loud", "careful"]
    page = craft_section(table, {}, "EUR")
    assert page.count("<tr>") == 2
    assert "no account" in page
    assert "300" in page
    labels = [text.get_text() for text in craft_figure(table).axes[1].get_xticklabels()]
    assert labels == ["loud", "careful"]
    assert np.isfinite(craft_figure(table).axes[0].get_ylim()).all()
