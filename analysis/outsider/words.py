"""Scores as tables of words, the same for a page, a document and a terminal."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.estimates.words import interval, without_signed_zeros
from analysis.outsider.scoring import EVE, QUIET, in_order

TITLES = {
    "interrupted_series": "interrupted time series",
    "interrupted_series_told": "interrupted time series, told the day",
    "differences": "difference in differences",
    "differences_told": "difference in differences, told the day",
    "one_puppet": "one sock puppet",
    "many_puppets": "many sock puppets",
    "acting_together": "co-action",
    "out_of_proportion": "engagement out of proportion",
    "account_ages": "account-age burst",
}
UNITS = {
    "interrupted_series": "ln views a day", "interrupted_series_told": "ln views a day", "differences": "ln views a day",
    "differences_told": "ln views a day", "one_puppet": "share", "many_puppets": "share", "acting_together": "accounts",
    "out_of_proportion": "ln likes and comments a view", "account_ages": "share",
}  # fmt: skip
RECORDS = {"outsider": "public sample", "platform": "platform's own record"}
NOTHING = "-"


@dataclass(frozen=True)
class Table:
    """A table in words. head: one cell a column; rows: cells; title: what it is of."""

    title: str
    head: list[str]
    rows: list[list[str]]


def tables(scores: pd.DataFrame, after_vote: int = EVE) -> list[Table]:
    """For each moderation and each record: instruments by what they say of each campaign on one day."""
    found = []
    for moderation in scores["moderation"].unique():
        own = scores[scores["moderation"] == moderation]
        for viewer in own["viewer"].unique():
            policy = "" if moderation == "none" else f", moderation {_plain(moderation)}"
            found.append(_table(own, viewer, after_vote, f"From the {RECORDS.get(viewer, viewer)}{policy}"))
    return found


def _table(scores: pd.DataFrame, viewer: str, after_vote: int, title: str) -> Table:
    campaigns = list(scores["campaign"].unique())
    operated = [name for name in campaigns if scores.loc[scores["campaign"] == name, "operated"].any()]
    innocent = [name for name in campaigns if name not in operated]
    shown = [*operated, QUIET] if QUIET in innocent else operated
    head = [
        "instrument", *(f"finds {_plain(name)}" for name in operated), *(f"alarms falsely, {_plain(name)}" for name in innocent),
        *(f"{word}, {_plain(name)}" for name in shown for word in ("bias", "interval right")), "right from",
    ]  # fmt: skip
    rows = []
    for name, rows_of in in_order(scores, after_vote, viewer):
        by = {str(row["campaign"]): row for row in rows_of.to_dict(orient="records")}
        cells = [_alarms(by[campaign]) for campaign in (*operated, *innocent)]
        cells += [cell for campaign in shown for cell in (_bias(by[campaign]), _covered(by[campaign]))]
        rows.append([TITLES[name] + f" ({UNITS[name]})", *cells, _right(by[operated[0]]) if operated else NOTHING])
    return Table(title, head, [[without_signed_zeros(cell) for cell in row] for row in rows])


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _alarms(row: Mapping[str, Any]) -> str:
    """Alarms of answers."""
    return f"{row['alarms']} of {row['answered']}" if row["answered"] else NOTHING


def _bias(row: Mapping[str, Any]) -> str:
    """Bias with its interval over worlds."""
    if pd.isna(row["bias"]):
        return NOTHING
    form = "{:.1f}" if abs(row["bias"]) >= 1 else "{:.2f}"
    spread = "" if pd.isna(row["bias_low"]) else f" ({interval(row['bias_low'], row['bias_high'], form)})"
    return form.format(row["bias"]) + spread


def _covered(row: Mapping[str, Any]) -> str:
    return NOTHING if pd.isna(row["covered"]) else f"{row['covered']:.0%}"


def _right(row: Mapping[str, Any]) -> str:
    """Since when the alarm lasts, and in how many worlds."""
    count = f"{row['right_worlds']} of {row['worlds']}"
    if pd.isna(row["right_from"]):
        return f"never ({count})"
    return f"{when(int(row['right_from']))} ({count})"


def when(after_vote: int) -> str:
    """A day told from the vote."""
    if after_vote == EVE:
        return "the eve"
    return f"{-after_vote} days before" if after_vote < 0 else f"{after_vote} days after"


def markdown(table: Table) -> str:
    """A table for a document."""
    lines = ["| " + " | ".join(cells) + " |" for cells in (table.head, ["---"] * len(table.head), *table.rows)]
    return "\n".join(lines)
