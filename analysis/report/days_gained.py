"""The part of a report that is about time: how much earlier stated levels are passed, and places on lists of what trends."""

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.estimates.days_gained import CURVES, LEVELS, TRENDING, curve_of, lead_of, passings
from analysis.estimates.frontier import words
from analysis.estimates.paired import Floats
from analysis.estimates.words import days_earlier, interval, without_signed_zeros
from analysis.report.figures import CAMPAIGN, QUIET, STYLE, Drawing, axes
from analysis.report.findings import Findings
from analysis.report.page import figure, section, table, two_lines
from analysis.report.style import settings
from sim.runs.recording import write_csv

SIGN = {"at least": "≥ ", "at most": "≤ ", "": ""}
KINDS = {
    "both": "both", "only_campaign": "only with it", "only_quiet": "only without", "neither": "neither", "already": "both on day 1",
}  # fmt: skip
LEVEL = {
    "reach": "{level:.0%} of genuine users have seen {name}",
    "share": "{name} has {level:.0%} of political impressions so far",
}
CURVE = {"reach": "Genuine users who have seen {name}", "share": "Political impressions so far, of {name}"}
NOTE = (
    "<p class='note'>Times are days since the first measured day began, medians over seeds; a level is passed where the curve stays at "
    "it to the last day, and on the first day that means then or before. Days gained are means over seeds of the days for which a level "
    "is held within the {days} measured days, with the campaign less without it (restricted mean time difference): what comes after is "
    "not counted, so that {most} days are the most that can be shown, and more days would show more wherever a quiet world never passes; "
    "near that most a number says how long was measured, not how much was gained. ≥ marks where all that is cut off would be added, "
    "≤ where it would be taken away; pairs in which neither world passes, or both did on the first day, count as 0. An interval may run "
    "past what the days can show. All rows are in days_gained.csv.</p>"
)


def days_section(found: Findings, drawn: dict[str, str]) -> str:
    """Nothing where a comparison has no campaign."""
    if len(found.days) == 0:
        return ""
    days = int(found.days["days"].iloc[0])
    said = days_earlier(found.worlds, found.series, found.estimates)
    caption = (
        f"Genuine users who have seen candidate {found.label} so far, relative to those with whom the world began (accounts that come "
        "later count, too). Line: mean over seeds; band: lowest to highest seed; dotted: the level that is said first, the lowest "
        "from 10% on that most worlds without the campaign have not passed by the first day's end."
    )
    return section(
        "How much earlier",
        *(f"<p>{escape(without_signed_zeros(line).partition(': ')[2])}.</p>" for line in said),
        figure(drawn["reach"], caption) if "reach" in drawn else "",
        _levels(found),
        _under_policies(found),
        _trends(found),
        NOTE.format(days=days, most=days - 1),
    )


def _levels(found: Findings) -> str:
    """Each level of each curve, without a policy."""
    rows = found.days[found.days["policy"] == "none"].to_dict("records")
    head = ["level", "with the campaign, after days", "without it", "days gained", "pairs of worlds that pass"]
    cells = [
        [LEVEL[row["curve"]].format(level=row["level"], name=found.label), _when(row["campaign"]), _when(row["quiet"]),
         _gain(row), _pairs(row)]
        for row in rows
    ]  # fmt: skip
    return table(head, cells)


def _when(time: float) -> str:
    return "not by most" if np.isinf(time) else "1 or less" if time <= 1 else f"{time:.1f}"


def _seeds(row: dict[str, Any]) -> int:
    return sum(int(row[kind]) for kind in KINDS)


def _gain(row: dict[str, Any]) -> str:
    """Days gained above their interval; words where no pair says anything."""
    for kind, said in (("neither", "neither passes"), ("already", "both on day 1")):
        if row[kind] == _seeds(row):
            return said
    return _number(SIGN[row["bound"]], row["gained"], row["low"], row["high"])


def _number(sign: str, value: float, low: float, high: float) -> str:
    """An estimate, marked where it is cut, above its interval."""
    return two_lines(*(without_signed_zeros(said) for said in (f"{sign}{value:.1f}", interval(low, high, "{:.1f}"))))


def _pairs(row: dict[str, Any]) -> str:
    return ", ".join(f"{said}: {row[kind]}" for kind, said in KINDS.items() if row[kind])


def _under_policies(found: Findings) -> str:
    """A table a curve, folded: a row a policy, a column a level."""
    if not found.policies:
        return ""
    tables = []
    for curve in CURVES:
        rows = [row for row in found.days.to_dict("records") if row["curve"] == curve]
        lines = [
            [escape(words(policy)) if policy != "none" else "no policy", *(_gain(row) for row in rows if row["policy"] == policy)]
            for policy in ("none", *found.policies)
        ]  # fmt: skip
        head = [CURVE[curve].format(name=found.label), *(f"{level:.0%}" for level in LEVELS)]
        tables.append(table(head, lines))
    said = "Days gained under each policy, against the quiet world under the same"
    return f"<details><summary>{said}</summary>{''.join(tables)}</details>"


def _trends(found: Findings) -> str:
    """Best places on the daily list, with the campaign and without, where they were read."""
    if TRENDING not in found.runs:
        return ""
    by = {(row.contrast, row.measure): row for row in found.estimates.itertuples(index=False)}
    asked = {row["key"]: row["value"] for row in found.manifest["assumptions"]}
    top, length = (int(asked[f"measures.trending.{name}"]) for name in ("top", "length"))
    lines = [_trend(found, policy, by, length + 1) for policy in found.worlds.moderations]
    head = ["trends of the day", "best place with it", "best place without", "places gained",
            f"days earlier within {top}", f"days within {top} with it", "days without"]  # fmt: skip
    note = (
        f"<p class='note'>Each day's list orders topics by the day's views; what stands below its {length} places "
        "is off it and counts as the one after the last, so that a longer list would show more where ≥ stands. "
        "Best place: median over seeds, and lowest to highest. A world that is never within the top has the day after the last.</p>"
    )
    return "<h3>The best place on a daily list of what trends</h3>" + table(head, lines) + note


def _trend(found: Findings, policy: str, by: Mapping[tuple[str, str], Any], off: int) -> list[str]:
    """A row: best places, what was gained, and days within the top. off: the place of what is never on a list."""
    campaign, quiet = (
        {name: found.worlds.column(f"{world}/{policy}", name) for name in (TRENDING, "trending_first_day", "trending_days")}
        for world in (found.worlds.campaign, "quiet")
    )  # fmt: skip
    gains = {"places_gained": (TRENDING, off), "days_gained": ("trending_first_day", found.manifest["days"] + 1)}
    return [
        escape(words(policy)) if policy != "none" else "no policy",
        *(_places(world[TRENDING], off) for world in (campaign, quiet)),
        *(
            _cut(by[f"{gain}:{policy}", "trending"], campaign[name], quiet[name], end)
            for gain, (name, end) in gains.items()
        ),
        *(f"{world['trending_days'].mean():.1f}" for world in (campaign, quiet)),
    ]


def _places(places: Floats, off: int) -> str:
    """The median place, above the lowest and the highest."""
    middle, best, worst = (
        f"{place:.0f}" if place < off else "off it" for place in (np.median(places), places.min(), places.max())
    )
    return two_lines(middle, f"{best} to {worst}" if best != worst else "")


def _cut(e: Any, campaign: Floats, quiet: Floats, beyond: int) -> str:
    """An estimate with the side on which the end of the list, or of the days, cuts it. beyond: what is read past that end."""
    out, quiet_out = campaign == beyond, quiet == beyond
    if (out & quiet_out).all():
        return "neither"
    more, less, unknown = (quiet_out & ~out).any(), (out & ~quiet_out).any(), (out & quiet_out).any()
    sign = "" if unknown or more == less else SIGN["at least" if more else "at most"]
    return _number(sign, e.estimate, e.low, e.high)


def days_figure(found: Findings) -> Drawing:
    """Reach by day, with the campaign and without: mean over seeds, band from lowest to highest; the level that leads."""
    with settings(STYLE):
        figure, ax = axes(6.4, 3.0)
        for name, colour, label in (("campaign", CAMPAIGN, "with the campaign"), ("quiet", QUIET, "without it")):
            curve = 100 * curve_of(found.worlds, found.series, found.arms[name], "reach")
            days = np.arange(1, curve.shape[1] + 1)
            ax.fill_between(days, curve.min(axis=0), curve.max(axis=0), color=colour, alpha=0.15, linewidth=0)
            ax.plot(days, curve.mean(axis=0), color=colour, linewidth=2.2, label=label)
        _, level = lead_of(passings(found.worlds, found.series, "none"))
        ax.axhline(100 * level, color="#555555", linewidth=1, linestyle=":")
        ax.set_xlim(left=1)
        ax.set_ylim(bottom=0)
        ax.set_xlabel("measured days")
        ax.set_ylabel(f"% who have seen {found.label}")
        ax.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2)
    return figure


def write_days(folder: Path, rows: pd.DataFrame) -> None:
    """Leave days_gained.csv beside the report."""
    if len(rows):
        write_csv(folder / "days_gained.csv", rows)
