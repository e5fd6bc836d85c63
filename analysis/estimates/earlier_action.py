"""What would have come of it had each step been taken earlier: damped, left on record, known, spent, and hit by mistake.

A row is one regulator as it acted, or with one of its steps, or all of them, so many days earlier; everything is paired by seed, as
everywhere. Whether harm could still be undone is the share of the manufactured impressions, without a policy, that came after the
day on which a viewer could have flagged the campaign.
"""

from typing import Any

import numpy as np
import pandas as pd

from analysis.estimates.contrasts import collateral, dampening
from analysis.estimates.days_gained import by_day
from analysis.estimates.paired import Estimate, Floats, Worlds, estimate

VIEWERS = ("platform", "regulator", "outsider")
ALL_STEPS, AS_IT_WAS = "all steps", "as it was"
HARMS = {"innocent": "genuine_accounts_per_100000", "reviews": "reviews_per_100000"}


def earlier_action(worlds: Worlds, series: pd.DataFrame) -> pd.DataFrame:
    """One row a policy under a regulator, as they stand in the comparison; empty where it has none, or no campaign.

    Columns: policy, regulator, step, days (earlier); dampening, innocent, reviews, left_VIEWER, after_VIEWER with _low and _high;
    first_VIEWER: median measured day over seeds on which a viewer could have flagged the campaign, infinite where most could not;
    never_VIEWER: seeds in which it could not; precision_VIEWER; communities, reach: shares of communities and of genuine users reached
    with the campaign, and with _quiet without it.
    """
    arms = {arm["moderation"]: arm for arm in worlds.manifest["arms"] if "regulator" in arm}
    if not arms or worlds.campaign == "quiet" or "record_communities" not in worlds.runs:
        return pd.DataFrame()
    later = _made_after(worlds, series)
    return pd.DataFrame([_row(worlds, policy, arm, later) for policy, arm in arms.items()])


def _row(worlds: Worlds, policy: str, arm: dict[str, Any], later: Floats) -> dict[str, Any]:
    days = int(arm["earlier"])
    row: dict[str, Any] = {
        "policy": policy, "regulator": arm["regulator"], "days": days,
        "step": (arm["step"] or ALL_STEPS) if days else AS_IT_WAS, "n": len(later),
    }  # fmt: skip
    name = f"{worlds.campaign}/{policy}"
    parts = {"dampening": estimate(*dampening(worlds, policy))}
    parts |= {harm: estimate(*collateral(worlds, measure, worlds.campaign, policy)) for harm, measure in HARMS.items()}
    for viewer in VIEWERS:
        first = worlds.column(name, f"record_first_day_{viewer}")
        parts[f"left_{viewer}"] = _mean(worlds.column(name, f"record_left_{viewer}"))
        parts[f"after_{viewer}"] = _mean(
            np.array([_left_to_come(of, day) for of, day in zip(later, first, strict=True)])
        )
        row[f"first_{viewer}"] = float(np.median(np.where(np.isnan(first), np.inf, first)))
        row[f"never_{viewer}"] = int(np.isnan(first).sum())
        row[f"precision_{viewer}"] = _precision(worlds, name, viewer)
    for part, e in parts.items():
        row |= {part: e.value, f"{part}_low": e.low, f"{part}_high": e.high}
    for end, of in (("", name), ("_quiet", f"quiet/{policy}")):
        row[f"communities{end}"] = float(worlds.column(of, "record_communities").mean())
        row[f"reach{end}"] = float((worlds.column(of, "reach") / worlds.column(of, "genuine_users")).mean())
    return row


def _precision(worlds: Worlds, arm: str, viewer: str) -> float:
    """Mean share of flagged accounts that were the campaign's on the first day of success; missing where there is none."""
    column = f"record_precision_{viewer}"
    values = worlds.column(arm, column) if column in worlds.runs else np.zeros(0)
    return float(np.nanmean(values)) if np.isfinite(values).any() else float("nan")


def _mean(values: Floats) -> Estimate:
    """A mean of shares over seeds, with its interval on the logit scale."""
    return estimate({"worlds:x": values}, lambda x: float(x["worlds:x"].mean()), "logit")


def _made_after(worlds: Worlds, series: pd.DataFrame) -> Floats:
    """(seeds, days) share of the manufactured impressions, without a policy, that came after the end of each measured day."""
    campaign, quiet = (by_day(worlds, series, f"{name}/none", "impressions") for name in (worlds.campaign, "quiet"))
    made = (campaign - quiet).cumsum(axis=1)
    total = made[:, -1:]
    return np.clip(np.divide(total - made, total, out=np.zeros_like(made), where=total > 0), 0.0, 1.0)


def _left_to_come(later: Floats, day: float) -> float:
    """What was still to come after a measured day: nothing after the last, or where the day never comes."""
    return float(later[int(day)]) if np.isfinite(day) and day < len(later) else 0.0


def lines(rows: pd.DataFrame) -> list[str]:
    """What is printed: as it was, then what most would have taken."""
    if len(rows) == 0:
        return []
    was = rows.iloc[0]
    best = rows.iloc[int(rows["dampening"].argmax())]
    said = f"as the regulator acted, {was['dampening']:.0%} of manufactured visibility is taken away"
    if best["days"]:
        moved = best["step"].replace("_", " ")
        said += f"; with {moved} {best['days']} days earlier {best['dampening']:.0%}"
    left = "; ".join(f"{viewer} {was[f'left_{viewer}']:.0%}" for viewer in VIEWERS)
    return [f"earlier action: {said}", f"left of the campaign's acts on record in the end, as it was: {left}"]
