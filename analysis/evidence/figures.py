"""Figures of an evidence file: when accounts acted, how old they are, the moments of the largest group, and ratios with their intervals."""

from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.ticker import MaxNLocator

from analysis.evidence.explanations import in_words
from analysis.evidence.made import Made, flagged
from analysis.evidence.statements import Statement
from analysis.report.figures import CAMPAIGN, QUIET, STYLE, Drawing, axes, day_and_month
from analysis.report.style import settings

SILENCES = (1, 7, 30, 90, 365)  # days, at which bars of silences part
MOST = 40  # accounts of a group that are drawn
LARGE = {**STYLE, "font.size": 13}  # of figures that a phone shows whole
RATIO_MOST = 1e5  # at which the axis of ratios ends


def timeline(made: Made) -> Drawing:
    """Acts on posts about the candidate by day: of accounts that a statement names, and of all others."""
    events = made.seen.events
    named = events["account"].isin(list(flagged(made)))
    days = pd.to_datetime(events["second"], unit="s").dt.floor("D")
    with settings(LARGE):
        figure, ax = axes(style=LARGE)
        span = pd.date_range(days.min(), days.max()) if len(days) else pd.DatetimeIndex([])
        of_named, of_others = (days[chosen].value_counts().reindex(span).fillna(0) for chosen in (named, ~named))
        ax.bar(span, of_others, color=QUIET, alpha=0.75, width=0.8, label="all other accounts")
        ax.bar(span, of_named, bottom=of_others, color=CAMPAIGN, alpha=0.85, width=0.8, label="named by a statement")
        _dates(ax)
        ax.set_ylabel("acts a day")
        ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    return figure


def ages(made: Made) -> Drawing:
    """Years in which accounts were created: those that a statement names, and all others that acted on posts about the candidate."""
    accounts = made.seen.accounts
    named, year = accounts.index.isin(list(flagged(made))), accounts["created"].dt.year
    with settings(LARGE):
        figure, ax = axes(style=LARGE)
        years = np.arange(year.min(), year.max() + 1) if len(year) else np.zeros(0, dtype=int)
        for chosen, colour, aside, label in (
            (~named, QUIET, -0.2, "all other accounts"),
            (named, CAMPAIGN, 0.2, "named"),
        ):
            share = year[chosen].value_counts().reindex(years).fillna(0) / max(int(chosen.sum()), 1) * 100
            ax.bar(years + aside, share, width=0.38, color=colour, alpha=0.8, label=f"{label} ({int(chosen.sum())})")
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        ax.set_xlabel("year of creation")
        ax.set_ylabel("% of them")
        ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    return figure


def silences(made: Made) -> Drawing:
    """Days without any act before an account's first one on this record: of those that a statement names, and of all others."""
    accounts = made.seen.accounts[made.seen.accounts["silence"].notna()]
    named = accounts.index.isin(list(flagged(made)))
    part = np.digitize(accounts["silence"], SILENCES)
    with settings(LARGE):
        figure, ax = axes(style=LARGE)
        for chosen, colour, aside, label in (
            (~named, QUIET, -0.2, "all other accounts"),
            (named, CAMPAIGN, 0.2, "named"),
        ):
            share = np.bincount(part[chosen], minlength=len(SILENCES) + 1) / max(int(chosen.sum()), 1) * 100
            place = np.arange(len(share)) + aside
            ax.bar(place, share, width=0.38, color=colour, alpha=0.8, label=f"{label} ({int(chosen.sum())})")
        edges = [f"{edge:g}" for edge in SILENCES]
        names = [f"below {edges[0]}", *(f"{a} to {b}" for a, b in pairwise(edges)), f"{edges[-1]} on"]
        ax.set_xticks(range(len(names)), names)
        ax.set_xlabel("days of silence before")
        ax.set_ylabel("% of them")
        ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    return figure


def moments(made: Made) -> Drawing:
    """Comments of the largest group on posts about the candidate: a row an account, a dot a comment."""
    accounts, events = made.seen.accounts, made.seen.events
    members = accounts.index[(accounts["group"] == _largest(accounts)) & accounts["together"]][:MOST]
    own = events[events["account"].isin(members) & (events["verb"] == "comment")]
    row = {account: place for place, account in enumerate(members.tolist())}
    with settings(LARGE):
        figure, ax = axes(style=LARGE)
        ax.scatter(
            pd.to_datetime(own["second"], unit="s"),
            own["account"].map(row),
            s=9,
            color=CAMPAIGN,
            alpha=0.7,
            linewidths=0,
        )
        _dates(ax)
        ax.set_ylabel(f"{len(members)} accounts")
        ax.set_yticks([])
        ax.grid(axis="y", visible=False)
    return figure


def _largest(accounts: pd.DataFrame) -> int:
    """The group with most accounts that acted on posts about the candidate."""
    sizes = accounts.loc[accounts["together"] & (accounts["group"] > 0), "group"].value_counts()
    return int(sizes.index[0]) if len(sizes) else -1


def ratios(statement: Statement) -> Drawing:
    """Likelihood ratios against each rival with their intervals, over the bands of the verbal scale."""
    known = [(name, found) for name, found in statement.ratios.items() if found is not None]
    with settings(LARGE):
        figure, ax = axes(height=0.9 + 0.48 * len(known), style=LARGE)
        for edge in (10.0, 100.0, 1000.0, 10000.0):
            ax.axvline(edge, color="#999999", linewidth=0.6)
        ax.axvline(1.0, color="#1d2430", linewidth=1.4)
        for place, (_, found) in enumerate(reversed(known)):
            high = min(found.high, RATIO_MOST)
            ax.plot([max(found.low, 0.01), high], [place, place], color=CAMPAIGN, linewidth=2.4, solid_capstyle="butt")
            if np.isinf(found.high):
                ax.plot([high], [place], marker=">", color=CAMPAIGN, markersize=8, clip_on=False)
            else:
                ax.plot([found.value], [place], "o", color=CAMPAIGN, markersize=6)
        ax.set_yticks(
            range(len(known)), [in_words(name).replace(" together with ", "\nwith ") for name, _ in reversed(known)]
        )
        ax.set_xscale("log")
        ax.set_xlim(min([0.5, *(found.low for _, found in known)]), RATIO_MOST)
        ax.xaxis.set_major_formatter(lambda place, _: f"{place:,.10g}")
        ax.set_xlabel("likelihood ratio")
        ax.grid(visible=False)
    return figure


def _dates(ax: Any) -> None:
    ax.xaxis.set_major_locator(MaxNLocator(5))
    ax.xaxis.set_major_formatter(lambda place, _: day_and_month(place))
