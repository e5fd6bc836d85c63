"""The part of a report that is about craft: which campaigns each policy still finds, at what price, and where it stops working."""

from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.estimates.craft import stops_working
from analysis.estimates.declared import against_campaigns
from analysis.estimates.words import interval
from analysis.report.figures import STYLE, Drawing, axes
from analysis.report.page import figure, section, table, two_lines
from analysis.report.style import settings
from sim.runs.recording import write_csv

MARKS = ("o", "s", "^", "D", "v")


def in_order(rows: pd.DataFrame) -> list[str]:
    """Campaigns as they are found less and less, over all policies together."""
    found = rows.groupby("campaign", sort=False)["found"].mean().fillna(-1.0)
    return [str(name) for name in found.sort_values(ascending=False, kind="stable").index]


def craft_section(rows: pd.DataFrame, drawn: dict[str, str], currency: str) -> str:
    """Nothing where a comparison has one campaign."""
    if len(rows) == 0:
        return ""
    head = [
        "campaign",
        "policy",
        "accounts found",
        "half of these by day",
        "dampening",
        "innocents hit, of 100,000",
        "right, of those hit",
    ]
    known = against_campaigns(rows)
    hold = set(known.hold) if known else set()
    lines = [line for name in in_order(rows) for line in _lines(name, rows[rows["campaign"] == name], currency, hold)]
    caption = (
        "Above: share of the campaign's bought accounts that each policy acted on. Below: share of manufactured visibility that it "
        "took away. Bars are 95% intervals over seeds. A campaign of recruited people has no bought account to find."
    )
    return section(
        "Where each policy stops working",
        figure(drawn["craft"], caption, "small") if "craft" in drawn else "",
        "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in stops_working(rows)) + "</ul>",
        table(head, lines),
        "<p class='note'>Below a campaign's name stands what it manufactured, without a policy. Found: share of its bought accounts "
        "that were acted on. Innocents: genuine accounts acted on, with the campaign and without it. "
        "Right: of all accounts acted on, those that are not genuine, where the guilty are as rare as was "
        "alleged of the country. An asterisk: the dampening differs from zero when all in this table are taken together (Holm). "
        "The table is also in craft.csv.</p>",
    )


def _plain(name: str) -> str:
    return escape(name.replace("_", " "))


def _lines(campaign: str, rows: pd.DataFrame, currency: str, hold: set[str]) -> list[list[str]]:
    """A row a policy; the first says what the campaign made, and at what cost. hold: dampenings told from zero among all."""
    first, lines = rows.iloc[0], []
    made = f"{first['manufactured']:.2f} ({interval(first['manufactured_low'], first['manufactured_high'])})"
    name = two_lines(_plain(campaign), f"{made} a user; {first['cost']:.2f} {escape(currency)} for 1,000")
    for place, row in enumerate(rows.to_dict("records")):
        found = "no account" if pd.isna(row["found"]) else _share(row, "found")
        mark = "*" if f"{campaign}/{row['policy']}" in hold else ""
        day = "-" if pd.isna(row["half_found_day"]) else f"{row['half_found_day']:.0f}"
        between = interval(row["dampening_low"], row["dampening_high"], "{:.0%}")
        lines.append([name if place == 0 else "", _plain(row["policy"]), found, day, two_lines(f"{row['dampening']:.0%}{mark}", between),
                      two_lines(f"{row['innocent']:,.0f}", f"quiet: {row['innocent_quiet']:,.0f}"),
                      "-" if pd.isna(row["right"]) else _share(row, "right")])  # fmt: skip
    return lines


def _share(row: dict[Any, Any], name: str) -> str:
    """A share above its interval; without one where all worlds say the same, or where there is none."""
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    return two_lines(f"{row[name]:.0%}", "" if pd.isna(low) or low == high else interval(low, high, "{:.0%}"))


def craft_figure(rows: pd.DataFrame) -> Drawing:
    """Found and dampened by campaign, a line a policy."""
    names = in_order(rows)
    with settings(STYLE):
        drawing, above = axes(7.2, 6.4)
        above.remove()
        panels = drawing.subplots(2, 1, sharex=True)
        for number, policy in enumerate(dict.fromkeys(rows["policy"])):
            by = rows[rows["policy"] == policy].set_index("campaign").loc[names]
            for panel, measure in zip(panels, ("found", "dampening"), strict=True):
                value = 100 * by[measure].astype(float)
                low, high = (100 * by[f"{measure}_{end}"].astype(float).fillna(by[measure]) for end in ("low", "high"))
                place = [k + 0.08 * (number - 1) for k in range(len(names))]
                panel.errorbar(place, value, yerr=[(value - low).clip(lower=0), (high - value).clip(lower=0)],
                               marker=MARKS[number % len(MARKS)], linewidth=1.6, capsize=2, label=policy.replace("_", " "))  # fmt: skip
        panels[0].set_ylabel("% of its accounts found")
        panels[0].set_ylim(-5, 105)
        panels[1].set_ylabel("% of its visibility taken away")
        panels[1].set_ylim(-40, 100)
        panels[1].axhline(0, color="#999999", linewidth=0.8)
        panels[1].set_xticks(range(len(names)), [name.replace("_", "\n") for name in names], fontsize=9)
        panels[0].legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3)
    return drawing


def write_craft(folder: Path, rows: pd.DataFrame) -> None:
    """Leave craft.csv beside the report."""
    if len(rows):
        write_csv(folder / "craft.csv", rows)
