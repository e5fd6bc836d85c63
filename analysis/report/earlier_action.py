"""The part of a report that is about time and power: what each step of a regulator would have done had it come earlier."""

from datetime import date, timedelta
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.estimates.earlier_action import ALL_STEPS, AS_IT_WAS, VIEWERS
from analysis.estimates.words import interval
from analysis.report.figures import CAMPAIGN, MONEY, QUIET, STYLE, Drawing, axes
from analysis.report.page import figure, section, table, two_lines
from analysis.report.style import settings
from sim.runs.recording import write_csv

COLOURS = dict(zip(VIEWERS, (QUIET, MONEY, CAMPAIGN), strict=True))
MARKS = dict(zip(VIEWERS, ("o", "s", "^"), strict=True))
HEAD = (
    "step", "days earlier", "dampening", "the platform could know", "a regulator", "an outsider",
    "left on record: platform, regulator, outsider", "innocents hit, of 100,000", "reviews, of 100,000 users",
)  # fmt: skip
NOTE = (
    "<p class='note'>Could know: first day on which accounts that comment together, flagged at a stated price to the innocent, hold "
    "the stated share of the campaign's own accounts; median over seeds, and below it the share of the manufactured impressions that "
    "was still to come. Left on record: share of what the campaign's accounts did, and of the posts that it paid or asked for, that "
    "each still has on the last day that is looked at. Innocents: genuine accounts acted on, beyond those without a policy. "
    "All rows are in earlier_action.csv.</p>"
)


def earlier_section(rows: pd.DataFrame, drawn: dict[str, str], manifest: dict[str, Any]) -> str:
    """Nothing where no regulator is compared."""
    if len(rows) == 0:
        return ""
    first = date.fromisoformat(str(manifest["start_date"]))
    lines = [_line(row, first) for row in rows.to_dict("records")]
    caption = (
        "Left: share of manufactured visibility that is taken away. Right: share of the campaign's acts that each of the three still "
        "has on record on the last day that is looked at. Bars are 95% intervals over seeds."
    )
    return section(
        "Had they acted earlier",
        f"<p>{_said(rows)}</p>",
        f"<p>{_harm(rows.iloc[0], str(manifest['candidates'][manifest['candidate']]))}</p>",
        figure(drawn["earlier_action"], caption) if "earlier_action" in drawn else "",
        table(list(HEAD), lines),
        NOTE,
    )


def _said(rows: pd.DataFrame) -> str:
    """What follows, in two sentences."""
    was, moved = rows.iloc[0], rows[rows["days"] > 0]
    said = (
        f"As the regulator acted, {was['dampening']:.0%} of the manufactured visibility was taken away "
        f"({interval(was['dampening_low'], was['dampening_high'], '{:.0%}')}), and {was['after_regulator']:.0%} of it was still to come "
        "on the day on which the regulator could have known."
    )
    if len(moved) == 0:
        return said
    best = moved.loc[moved["dampening"].idxmax()]
    return said + (
        f" Most would have been taken with {escape(_step(best['step']))} {best['days']} days earlier: {best['dampening']:.0%} "
        f"({interval(best['dampening_low'], best['dampening_high'], '{:.0%}')})."
    )


def _harm(was: Any, name: str) -> str:
    """How many people were reached, and how widely, as the regulator acted."""
    return (
        f"As it was, {min(was['reach'], 1.0):.0%} of genuine users had seen candidate {escape(name)} in the end, and "
        f"{was['communities']:.0%} of communities counted as reached; without the campaign {was['reach_quiet']:.0%} and "
        f"{was['communities_quiet']:.0%}. Accounts that came later count among those who saw, and not among the users."
    )


def _step(name: str) -> str:
    return name.replace("_", " ")


def _line(row: dict[Any, Any], first: date) -> list[str]:
    dampening = two_lines(f"{row['dampening']:.0%}", interval(row["dampening_low"], row["dampening_high"], "{:.0%}"))
    known = [two_lines(_day(row, viewer, first), f"{row[f'after_{viewer}']:.0%} to come") for viewer in VIEWERS]
    left = ", ".join(f"{row[f'left_{viewer}']:.0%}" for viewer in VIEWERS)
    harms = [
        two_lines(f"{row[name]:,.0f}", interval(row[f"{name}_low"], row[f"{name}_high"], "{:,.0f}"))
        for name in ("innocent", "reviews")
    ]
    return [escape(_step(row["step"])), str(row["days"]) if row["days"] else "-", dampening, *known, left, *harms]


def _day(row: dict[Any, Any], viewer: str, first: date) -> str:
    """The median day as a date, and in how many seeds there was none."""
    day, never = row[f"first_{viewer}"], row[f"never_{viewer}"]
    if not np.isfinite(day):
        return f"never in {never} of {row['n']}"
    when = first + timedelta(days=int(day))
    return f"{when.day}.{when.month}.{when.year % 100:02d}" + (f" (never in {never})" if never else "")


def earlier_figure(rows: pd.DataFrame) -> Drawing:
    """A line a step and number of days: dampening on the left, what is left on record on the right."""
    order = rows.assign(place=[_place(row) for row in rows.to_dict("records")]).sort_values("place", kind="stable")
    names = [_named(row) for row in order.to_dict("records")]
    with settings(STYLE):
        drawing, only = axes(7.6, 1.4 + 0.3 * len(rows))
        only.remove()
        left, right = drawing.subplots(1, 2, sharey=True)
        place = np.arange(len(order))[::-1]
        _marks(left, order, "dampening", place, CAMPAIGN, "o", "")
        left.axvline(0, color="#999999", linewidth=0.8)
        for number, viewer in enumerate(VIEWERS):
            _marks(right, order, f"left_{viewer}", place + 0.22 * (1 - number), COLOURS[viewer], MARKS[viewer], viewer)
        left.set_yticks(place, names)
        left.set_xlabel("% of manufactured\nvisibility taken away")
        right.set_xlabel("% of the campaign's acts\nleft on record")
        right.set_xlim(-4, 104)
        right.legend(loc="lower center", bbox_to_anchor=(0.4, 1.0), ncols=3, columnspacing=0.8, handletextpad=0.2)
    return drawing


def _place(row: dict[Any, Any]) -> tuple[int, str, int]:
    """As it was first, then all steps together, then each alone."""
    rank = {AS_IT_WAS: 0, ALL_STEPS: 1}.get(row["step"], 2)
    return rank, row["step"] if rank == 2 else "", row["days"]


def _named(row: dict[Any, Any]) -> str:
    return f"{_step(row['step'])}, {row['days']} days" if row["days"] else AS_IT_WAS


def _marks(ax: Any, rows: pd.DataFrame, name: str, place: Any, colour: str, mark: str, label: str) -> None:
    """Estimates with their intervals, as per cent."""
    value = 100 * rows[name].astype(float).to_numpy()
    low, high = (100 * rows[f"{name}_{end}"].astype(float).fillna(rows[name]).to_numpy() for end in ("low", "high"))
    ax.errorbar(value, place, xerr=[np.clip(value - low, 0, None), np.clip(high - value, 0, None)], fmt=mark, color=colour,
                markersize=5, linewidth=1.3, capsize=2, label=label)  # fmt: skip


def write_earlier(folder: Path, rows: pd.DataFrame) -> None:
    """Leave earlier_action.csv beside the report."""
    if len(rows):
        write_csv(folder / "earlier_action.csv", rows)
