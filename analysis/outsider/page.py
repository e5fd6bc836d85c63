"""The page of outsiders' instruments: tables, one figure, and how to read them. It loads nothing from a network."""

from collections.abc import Mapping
from html import escape
from typing import Any

import numpy as np
import pandas as pd

from analysis.outsider.scoring import EVE, in_order
from analysis.outsider.words import TITLES, Table, tables, when
from analysis.report.figures import CAMPAIGN, MONEY, QUIET, STYLE, Drawing, svg_of
from analysis.report.page import DISCLAIMER, figure, page, section, table
from analysis.report.style import settings

OTHERS = ("#CC79A7", MONEY, "#56B4E9", "#E69F00", "#999999")  # colours after Okabe and Ito
MARKS = "^DvXP"
ACROSS = 3  # panels a row
HOW = """<p>Each instrument reads the record as of a day, and nothing else: posts of a public sample that are still up, their last
counters, comments under them; fresh accounts read what the platform shows. It claims a number with its own 95% interval, and raises an
alarm or does not. The truth is that of the simulator: a world's twin without the campaign, and who operates which account. An alarm is
right where somebody operates accounts. <i>Bias</i>: number less truth, mean over worlds with its 95% interval. <i>Interval right</i>:
how often the instrument's own interval holds the truth; it should be 95%. <i>Right from</i>: the day from which, in the median world
with the campaign, the alarm is there and stays, and in how many worlds it does so by the last look. Worlds in which people come to like
the candidate by themselves have no campaign: the truth of its effect is none.</p>"""


def page_of(about: Mapping[str, Any], scores: pd.DataFrame) -> str:
    """The whole page."""
    title = escape(str(about["title"]))
    seeds = f"{about['worlds']} worlds of {about['users']:,} users over {about['days']} days, {about['seeds']} seeds of each kind."
    shown = "".join(
        f"<h3>{escape(each.title)}</h3>" + table([escape(cell) for cell in each.head], _escaped(each))
        for each in tables(scores)
    )
    caption = (
        f"Share of worlds in which each instrument raises an alarm about candidate {escape(str(about['focal']))}, by day of looking "
        "(0 is the vote), from the public record."
    )
    return page(
        "Groundswell: what outsiders can tell",
        f"<h1>What outsiders can tell: {title}</h1><p class='finding'>{escape(' '.join(findings(scores)))}</p>"
        f"<p class='limits'>{DISCLAIMER} {seeds}</p>"
        + section("On the eve of the vote", shown)
        + section("Alarms by day of looking", figure(svg_of(alarms_by_day(scores)), caption))
        + section("How to read this", HOW)
        + section("How to repeat it", f"<pre>{escape(str(about['command']))}</pre>"),
    )  # fmt: skip


def _escaped(shown: Table) -> list[list[str]]:
    return [[escape(cell) for cell in row] for row in shown.rows]


def findings(scores: pd.DataFrame) -> list[str]:
    """Which instruments alarm on the eve in most worlds with operated accounts, and in few without."""
    viewer, moderation = scores["viewer"].iloc[0], scores["moderation"].iloc[0]
    rates = {}
    for name, rows in in_order(scores[scores["moderation"] == moderation], EVE, viewer):
        of = rows.groupby("operated")[["alarms", "worlds"]].sum()
        rates[name] = (of["alarms"] / of["worlds"]).to_dict()
    told = [TITLES[name] for name, rate in rates.items() if rate.get(True, 0) >= 0.5 and rate.get(False, 0) <= 0.1]
    both = [TITLES[name] for name, rate in rates.items() if rate.get(True, 0) >= 0.5 and rate.get(False, 0) > 0.1]
    said = (
        f"In this model, {len(told)} of {len(rates)} instruments alarm in most worlds with operated accounts and in at most a tenth of "
        "the others"
    )
    also = f"; {len(both)} alarm in most of these as well, and in more than a tenth of the others." if both else "."
    return [said + also]


def alarms_by_day(scores: pd.DataFrame) -> Drawing:
    """One panel an instrument, one line a campaign: share of worlds with an alarm, by day of looking."""
    viewer, moderation = scores["viewer"].iloc[0], scores["moderation"].iloc[0]
    some = scores[(scores["viewer"] == viewer) & (scores["moderation"] == moderation)]
    days = sorted(some["after_vote"].unique())
    names = [name for name in TITLES if name in set(some["instrument"])]
    with settings(STYLE):
        figure_ = Drawing(figsize=(8.4, 1.9 * -(-len(names) // ACROSS) + 0.6))
        panels = np.ravel(figure_.subplots(-(-len(names) // ACROSS), ACROSS, sharex=True, sharey=True, squeeze=False))
        for panel, name in zip(panels, names, strict=False):
            _panel(panel, some[some["instrument"] == name], days)
            told = " (told)" if name.endswith("_told") else ""
            panel.set_title(TITLES[name.removesuffix("_told")] + told, fontsize=9)
        for panel in panels[len(names) :]:
            panel.axis("off")
        handles, labels = panels[0].get_legend_handles_labels()
        figure_.legend(handles, labels, loc="lower center", ncols=4, fontsize=9)
        figure_.tight_layout(rect=(0.0, 0.05, 1.0, 1.0))
    return figure_


def _panel(panel: Any, rows: pd.DataFrame, days: list[int]) -> None:
    """Lines of one instrument. Days are evenly spaced, since those after the vote lie far apart."""
    others = 0
    for campaign, own in rows.groupby("campaign", sort=False):
        own = own.sort_values("after_vote")
        colour, mark = (CAMPAIGN, "o") if own["operated"].any() else (QUIET, "s")
        if campaign != "quiet" and colour == QUIET:
            colour, mark = OTHERS[others % len(OTHERS)], MARKS[others % len(MARKS)]
            others += 1
        at = [days.index(day) for day in own["after_vote"]]
        panel.plot(at, own["alarms"] / own["worlds"], color=colour, linewidth=1.5, markersize=3.5, marker=mark,
                   label=str(campaign).replace("_", " "))  # fmt: skip
    panel.set_ylim(-0.05, 1.05)
    ticks = range(0, len(days), 2)
    panel.set_xticks(list(ticks), [f"{days[tick]:+d}" for tick in ticks], fontsize=8)


def lines(about: Mapping[str, Any], scores: pd.DataFrame) -> list[str]:
    """What a terminal shows."""
    said = [
        f"{about['worlds']} worlds of {about['users']:,} users, looked at from {when(int(scores['after_vote'].min()))} the vote to "
        f"{when(int(scores['after_vote'].max()))} it",
        *findings(scores),
    ]
    for each in tables(scores)[:1]:
        kept = [place for place, cell in enumerate(each.head) if not cell.startswith(("bias", "interval"))]
        rows = [[row[place] for place in kept] for row in [each.head, *each.rows]]
        widths = [max(len(row[place]) for row in rows) for place in range(len(kept))]
        said += [f"{each.title}, on the eve of the vote:"]
        said += ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return said
