"""What craft does to detection: each campaign beside each policy, in worlds that are paired as everywhere.

For a campaign: manufactured visibility and its cost. For a policy against it: the share of the campaign's accounts that it acted
on, when it had found half of these, genuine accounts that it hit with and without the campaign, and what it dampened.
"""

import copy
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from analysis.estimates.contrasts import main_contrasts
from analysis.estimates.paired import Estimate, Worlds, estimate

INNOCENT = "genuine_accounts_per_100000"
NOTHING = Estimate(float("nan"), None, None, 0, None, None)


def campaigns_with_policies(worlds: Worlds) -> list[str]:
    """Campaigns of a comparison that meet each of its policies, where there are several."""
    arms = {arm["campaign"] + "/" + arm["moderation"] for arm in worlds.manifest["arms"]}
    policies = [name for name in worlds.moderations if name != "none"]
    met = [
        name
        for name in (worlds.campaign, *worlds.rivals)
        if policies and all(f"{name}/{policy}" in arms for policy in policies)
    ]
    return met if len(met) > 1 else []


def craft(worlds: Worlds, series: pd.DataFrame) -> pd.DataFrame:
    """One row a campaign and policy; empty where a comparison has one campaign."""
    rows: list[dict[str, Any]] = []
    for campaign in campaigns_with_policies(worlds):
        one = copy.copy(worlds)
        one.campaign, one.rivals = campaign, []
        by = {(contrast, measure): found for contrast, measure, found in main_contrasts(one)}
        for policy in (name for name in worlds.moderations if name != "none"):
            parts = {
                "manufactured": by["manufactured", "impressions"], "cost": by["cost", "impressions"],
                "found": _found(one, policy) if has_accounts(series, campaign) else NOTHING,
                "innocent": by[f"collateral:{policy}", INNOCENT], "innocent_quiet": by[f"collateral:{policy}", f"{INNOCENT}_quiet"],
                "dampening": by[f"dampening:{policy}", "impressions"], "right": _right(one, policy),
            }  # fmt: skip
            row: dict[str, Any] = {"campaign": campaign, "policy": policy, "n": parts["manufactured"].n}
            for name, e in parts.items():
                row |= {name: e.value, f"{name}_low": e.low, f"{name}_high": e.high}
            row["half_found_day"] = half_found(series, f"{campaign}/{policy}")
            rows.append(row)
    return pd.DataFrame(rows)


def _found(worlds: Worlds, policy: str) -> Estimate:
    """Share of the campaign's bought accounts that a policy acted on."""
    arm = f"{worlds.campaign}/{policy}"
    columns = {
        f"{arm}:{name}": worlds.column(arm, name) for name in ("campaign_accounts_actioned", "campaign_accounts")
    }
    hit, there = columns
    return estimate(columns, lambda x: float(x[hit].sum() / max(x[there].sum(), 1.0)), "logit")


def _right(worlds: Worlds, policy: str) -> Estimate:
    """Of the accounts that a policy acted on, the share that was not genuine; the guilty are as rare as in the country."""
    arm = f"{worlds.campaign}/{policy}"
    names = ("accounts_actioned", "genuine_accounts_actioned")
    acted, innocent = (f"{arm}:{name}" for name in names)
    columns = {f"{arm}:{name}": worlds.column(arm, name) for name in names}
    if (
        np.count_nonzero(columns[acted]) < 2
    ):  # leaving the one world out would leave no account: no share, and no spread of it
        total = columns[acted].sum()
        return replace(NOTHING, value=float(1.0 - columns[innocent].sum() / total)) if total else NOTHING
    return estimate(columns, lambda x: float(1.0 - x[innocent].sum() / x[acted].sum()), "logit")


def has_accounts(series: pd.DataFrame, campaign: str) -> bool:
    """Whether a campaign put bought accounts to work: it paid for them, or some were acted on."""
    own = series[series["arm"].str.startswith(f"{campaign}/")]
    return bool(own.loc[own["measure"].isin(["spent:wake_sleepers", "actioned_campaign_accounts"]), "value"].sum() > 0)


def half_found(series: pd.DataFrame, arm: str) -> float:
    """Measured day, from 1, on which half of the accounts that were found in the end had been, mean over seeds; none: nan."""
    rows = series[(series["measure"] == "actioned_campaign_accounts") & (series["arm"] == arm)]
    days = rows.groupby("day")["value"].mean()
    if len(days) == 0 or days.iloc[-1] == 0:
        return float("nan")
    return float(days.index[np.flatnonzero(days.to_numpy() >= days.iloc[-1] / 2)[0]]) + 1


def stops_working(table: pd.DataFrame) -> list[str]:
    """A sentence a policy: the campaigns of which it finds fewer than half of the accounts, and what else there is to say."""
    lines = []
    for policy, rows in table.groupby("policy", sort=False):
        name = str(policy).replace("_", " ")
        lost = [
            str(c).replace("_", " ") for c, found in zip(rows["campaign"], rows["found"], strict=True) if found < 0.5
        ]
        worst = rows["innocent"].max()
        found = (
            f"finds fewer than half of the accounts of {', '.join(lost)}"
            if lost
            else "finds half of the accounts or more of each"
        )
        lines.append(f"{name}: {found}; at the most {worst:,.0f} genuine accounts of 100,000 are hit.")
    return lines
