"""Tidy frames: one row an observation, names instead of numbers, dates instead of counts of hours, units in `.attrs`."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from analysis.estimates.contrasts import COLLATERAL, RATE
from sim.measures.units import unit_by_day, unit_of

MODEL = "A model world; no evidence about any real account, campaign or vote."
UNITS = {  # contrast: unit of its first measure
    "manufactured": "impressions per genuine user", "manufactured_share": "share of the candidate's impressions", "lift": "ratio",
    "part": "impressions per genuine user", "extra": "impressions per genuine user", "cost": "EUR per 1,000 extra impressions",
    "multiplier": "extra impressions per authored one", "dampening": "share of manufactured impressions",
    "days_gained": "days within the measured ones", "places_gained": "places on the daily list of what trends",
    "totals": "ratio to the first explanation", "traces": "see the report", "apart": "see the report",
    "control": "impressions per genuine user", "all_others": "relative change",
}  # fmt: skip


def series_frame(raw: pd.DataFrame, candidates: Sequence[str]) -> pd.DataFrame:
    """campaign, moderation, seed, date, measure, candidate (missing where it is about nobody), value."""
    campaign, moderation = _split(raw["arm"])
    tidy = pd.DataFrame({
        "campaign": campaign, "moderation": moderation, "seed": raw["seed"], "date": pd.to_datetime(raw["date"]), "measure": raw["measure"],
        "candidate": raw["candidate"].map(dict(enumerate(candidates))), "value": raw["value"],
    })  # fmt: skip
    units = {str(measure): unit_by_day(str(measure)) for measure in raw["measure"].unique()}
    tidy.attrs = {"units": {name: unit for name, unit in units.items() if unit}, "about": MODEL}
    return tidy


def runs_frame(raw: pd.DataFrame, first_day: date, own_units: Mapping[str, str]) -> pd.DataFrame:
    """One row a world: its presets and seed, then its measures; the hour of moderation's first action as a date."""
    tidy = raw.drop(columns="arm").copy()
    hour = tidy.pop("first_action_hour")
    begun = pd.Timestamp(first_day) + pd.to_timedelta(hour.where(hour >= 0), unit="h")
    tidy.insert(len(tidy.columns), "first_action", begun)
    units = {str(column): unit_of(str(column), own_units) for column in tidy.columns}
    tidy.attrs = {"units": {name: unit for name, unit in units.items() if unit}, "about": MODEL}
    return tidy


def estimates_frame(raw: pd.DataFrame) -> pd.DataFrame:
    """contrast, of (a policy, campaign or trace), measure, candidate, estimate, low, high, seeds, errors, unit."""
    contrast, of = _split(raw["contrast"], ":")
    tidy = pd.DataFrame({
        "contrast": contrast, "of": of,
        **{name: raw[name] for name in ("measure", "candidate", "estimate", "low", "high")}, "seeds": raw["n"],
        "standard_error": raw["paired_sd"], "standard_error_unpaired": raw["unpaired_sd"],
    })  # fmt: skip
    tidy["unit"] = [_unit(row.contrast, row.measure) for row in tidy.itertuples(index=False)]
    tidy.attrs = {"units": dict(zip(raw["contrast"] + "/" + raw["measure"], tidy["unit"], strict=True)), "about": MODEL,
                  "interval": "95%, Student's t with jackknife standard errors over seeds: luck only"}  # fmt: skip
    return tidy


def _unit(contrast: str, measure: str) -> str:
    if contrast != "collateral":
        return "relative change" if measure == "visibility_change" else UNITS.get(contrast, "")
    return COLLATERAL[measure.removesuffix("_quiet")][1].replace(RATE, f"more {RATE}")


def _split(names: Any, at: str = "/") -> tuple[Any, Any]:
    """What stands before and after the first `at`; missing where nothing stands after it."""
    parts = [str(name).partition(at) for name in names]
    return [before for before, _, _ in parts], [after or np.nan for _, _, after in parts]
