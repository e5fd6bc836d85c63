"""Tidy frames: one row an observation, names instead of numbers, dates instead of counts of hours, units in `.attrs`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
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
    "election": "share of draws; of votes for the measures named share",
}  # fmt: skip


@dataclass(frozen=True)
class Names:
    """Arms and candidates (by label) of a folder, in the order in which they are told; frames have them as ordered categories."""

    arms: tuple[str, ...]
    candidates: tuple[str, ...]

    def arm_columns(self, arms: pd.Series) -> dict[str, pd.Categorical]:
        """arm, campaign, moderation. arms: names such as coordinated/none."""
        parts = [name.partition("/") for name in self.arms]
        split = [str(name).partition("/") for name in arms]
        return {
            "arm": ordered(arms, self.arms),
            "campaign": ordered([campaign for campaign, _, _ in split], [campaign for campaign, _, _ in parts]),
            "moderation": ordered(
                [moderation for _, _, moderation in split], [moderation for _, _, moderation in parts]
            ),
        }


def names_of(manifest: Mapping[str, Any]) -> Names:
    """The names of a comparison: arms, then versions of the campaign beside them."""
    arms = [*manifest["arms"], *(manifest.get("variants") or ())]
    return Names(tuple(str(arm["name"]) for arm in arms), tuple(map(str, manifest["candidates"])))


def ordered(values: Any, order: Iterable[str]) -> pd.Categorical:
    """Names as a category whose order is the one given, each once; missing where a name is not among them."""
    return pd.Categorical(values, categories=list(dict.fromkeys(order)), ordered=True)


def series_frame(raw: pd.DataFrame, names: Names) -> pd.DataFrame:
    """arm, campaign, moderation, seed, date, measure, candidate (missing where it is about nobody), value."""
    tidy = pd.DataFrame({
        **names.arm_columns(raw["arm"]), "seed": raw["seed"], "date": pd.to_datetime(raw["date"]), "measure": raw["measure"],
        "candidate": ordered(raw["candidate"].map(dict(enumerate(names.candidates))), names.candidates), "value": raw["value"],
    })  # fmt: skip
    units = {str(measure): unit_by_day(str(measure)) for measure in raw["measure"].unique()}
    tidy.attrs = {"units": {name: unit for name, unit in units.items() if unit}, "about": MODEL}
    return tidy


def runs_frame(
    raw: pd.DataFrame, names: Names, first_day: date | pd.Series, own_units: Mapping[str, str]
) -> pd.DataFrame:
    """One row a world: its arm, presets and seed, then its measures; the hour of moderation's first action as a date.

    first_day: of all worlds, or one a row.
    """
    tidy = raw.copy()
    for place, (column, values) in enumerate(names.arm_columns(raw["arm"]).items()):
        del tidy[column]
        tidy.insert(place, column, values)
    hour = tidy.pop("first_action_hour")
    begun = pd.to_datetime(first_day) + pd.to_timedelta(hour.where(hour >= 0), unit="h")
    tidy.insert(len(tidy.columns), "first_action", begun)
    units = {str(column): unit_of(str(column), own_units) for column in tidy.columns}
    tidy.attrs = {"units": {name: unit for name, unit in units.items() if unit}, "about": MODEL}
    return tidy


def estimates_frame(raw: pd.DataFrame, names: Names) -> pd.DataFrame:
    """contrast, of (a policy, campaign or trace), measure, candidate, estimate, low, high, seeds, errors, unit."""
    contrast, of = _split(raw["contrast"], ":")
    tidy = pd.DataFrame({
        "contrast": contrast, "of": of, "measure": raw["measure"], "candidate": ordered(raw["candidate"], names.candidates),
        **{name: raw[name] for name in ("estimate", "low", "high")}, "seeds": raw["n"],
        "standard_error": raw["paired_sd"], "standard_error_unpaired": raw["unpaired_sd"],
    })  # fmt: skip
    tidy["unit"] = [_unit(row.contrast, row.measure) for row in tidy.itertuples(index=False)]
    tidy.attrs = {"units": dict(zip(raw["contrast"] + "/" + raw["measure"], tidy["unit"], strict=True)), "about": MODEL,
                  "interval": "95%, Student's t with jackknife standard errors over seeds: luck only"}  # fmt: skip
    return tidy


def _unit(contrast: str, measure: str) -> str:
    if contrast != "collateral":
        return "relative change" if measure == "visibility_change" else UNITS.get(contrast, "")
    return COLLATERAL.get(measure.removesuffix("_quiet"), ("", ""))[1].replace(RATE, f"more {RATE}")


def _split(names: Any, at: str) -> tuple[Any, Any]:
    """What stands before and after the first `at`; missing where nothing stands after it."""
    parts = [str(name).partition(at) for name in names]
    return [before for before, _, _ in parts], [after or np.nan for _, _, after in parts]
