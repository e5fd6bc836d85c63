"""All estimates of a comparison as one table, joined from what each module adds."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.estimates.attribution import attribution
from analysis.estimates.contrasts import main_contrasts
from analysis.estimates.controls import CONTROL, control_contrasts
from analysis.estimates.days_gained import days_gained
from analysis.estimates.election import election_contrasts
from analysis.estimates.explanations import rival_contrasts
from analysis.estimates.paired import Worlds
from sim.runs.recording import read_json, read_table, write_csv, write_table

COLUMNS = ("contrast", "measure", "candidate", "estimate", "low", "high", "n", "paired_sd", "unpaired_sd")


def estimates(runs: pd.DataFrame, manifest: Mapping[str, Any], series: pd.DataFrame | None = None) -> pd.DataFrame:
    """All contrasts of a comparison; those of time, and its negative controls, only where there is the series by day."""
    worlds = Worlds(runs, manifest)
    label = manifest["candidates"][manifest["candidate"]]
    found = [*main_contrasts(worlds), *rival_contrasts(worlds), *attribution(worlds), *election_contrasts(worlds)]
    if series is not None:
        found += days_gained(worlds, series)
        found += control_contrasts(worlds, series)
    rows = [
        (contrast, measure, _about(contrast, label), e.value, e.low, e.high, e.n, e.paired_sd, e.unpaired_sd)
        for contrast, measure, e in found
    ]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    numbers = ["estimate", "low", "high", "paired_sd", "unpaired_sd"]
    return table.astype(dict.fromkeys(numbers, float))  # from one seed there is no interval: not a number, not nothing


def _about(contrast: str, label: str) -> str:
    """Whom a contrast is about: the campaign's candidate, or the one whom it must not have touched."""
    return contrast.removeprefix(CONTROL) if contrast.startswith(CONTROL) else label


def write_estimates(folder: Path) -> pd.DataFrame:
    """Estimate, and leave estimates.parquet and estimates.csv in the folder."""
    table = estimates(read_table(folder, "runs"), read_json(folder / "manifest.json"), read_table(folder, "series"))
    write_table(folder / "estimates.parquet", table)
    write_csv(folder / "estimates.csv", table)
    return table


def first(table: pd.DataFrame, contrast: str) -> Any:
    """The first estimate of a contrast."""
    return next(table[table["contrast"] == contrast].itertuples(index=False))


def nothing_to_dampen(table: pd.DataFrame) -> bool:
    """Whether the interval of manufactured visibility holds zero."""
    m = first(table, "manufactured")
    return bool(pd.notna(m.low) and m.low <= 0 <= m.high)
