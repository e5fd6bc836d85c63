"""Figures of comparisons. Colours after Okabe and Ito, told apart by colour-blind readers too.

They are matplotlib figures, drawn without pyplot: no window, no state, and a notebook shows them by itself.
"""

import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.dates import num2date
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis.report.style import settings

CAMPAIGN, QUIET, MONEY = "#D55E00", "#0072B2", "#009E73"
STYLE: dict[Any, Any] = {
    "font.size": 11, "axes.spines.top": False, "axes.spines.right": False, "axes.grid": True, "grid.alpha": 0.25,
    "svg.fonttype": "none", "svg.hashsalt": "groundswell", "font.family": "sans-serif", "legend.frameon": False,
}  # fmt: skip


def day_and_month(place: float) -> str:
    """A place on an axis of dates, such as 24.11."""
    when = num2date(place)  # type: ignore[no-untyped-call]
    return f"{when.day}.{when.month}."


class Drawing(Figure):
    """A matplotlib figure that a notebook shows as it stands in the report."""

    def _repr_html_(self) -> str:
        return f"<div style='max-width:34em'>{svg_of(self)}</div>"


def svg_of(figure: Figure) -> str:
    """A figure as SVG that scales with the page."""
    stream = io.StringIO()
    with settings(STYLE):  # text stays text, and equal figures are equal files
        figure.savefig(stream, format="svg", bbox_inches="tight", metadata={"Date": None, "Creator": None})
    svg = stream.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    return re.sub(r'<svg([^>]*?) width="[^"]*"', r"<svg\1", re.sub(r' height="[^"]*pt"', "", svg, count=1), count=1)


def axes(width: float = 6.4, height: float = 3.4, style: Mapping[Any, Any] = STYLE) -> tuple[Drawing, Any]:
    """An empty figure in the house style; inches."""
    with settings(dict(style)):
        figure = Drawing(figsize=(width, height))
        return figure, figure.subplots()


def bars(ax: Any, value: Any, low: Any, high: Any, label: str) -> None:
    """Horizontal bars, the first at the bottom, with the intervals of their ends."""
    value, low, high = (np.asarray(numbers, dtype=float) for numbers in (value, low, high))
    ends = [np.nan_to_num(value - low), np.nan_to_num(high - value)]  # from one seed there is no interval
    ax.barh(
        range(len(value)),
        value,
        xerr=ends,
        color=CAMPAIGN,
        alpha=0.7,
        height=0.5,
        ecolor="#555555",
        capsize=3,
        label=label,
    )


def daily_share(series: pd.DataFrame, arms: Mapping[str, str], candidate: int) -> Drawing:
    """The candidate's share of political impressions by day: mean over seeds, band from lowest to highest seed."""
    with settings(STYLE):
        figure, ax = axes()
        for arm, colour, label in (
            (arms["campaign"], CAMPAIGN, "with the campaign"),
            (arms["quiet"], QUIET, "without it"),
        ):
            rows = series[(series["arm"] == arm) & (series["measure"] == "share") & (series["candidate"] == candidate)]
            table = rows.pivot(index="day", columns="seed", values="value") * 100
            ax.fill_between(table.index, table.min(axis=1), table.max(axis=1), color=colour, alpha=0.15, linewidth=0)
            ax.plot(table.index, table.mean(axis=1), color=colour, linewidth=2.2, label=label)
        dates = series.drop_duplicates("day").set_index("day")["date"]
        ticks = sorted(dates.index)[:: max(1, len(dates) // 5)]
        ax.set_xticks(ticks, [f"{int(dates[t][8:])}.{int(dates[t][5:7])}." for t in ticks])
        ax.set_ylabel("% of political impressions")
        ax.set_ylim(bottom=0)
        ax.legend(loc="upper left")
    return figure


KINDS = {"campaign": CAMPAIGN, "regulator": QUIET, "vote": "#444444"}  # of events, and their colours


def with_timeline(figure: Drawing, dates: Sequence[str], events: Sequence[Mapping[str, str]]) -> None:
    """Numbered events in a strip above a figure of measured days; those before and after these days stand at its ends, not to scale.

    dates: of the measured days, in order; events: date, kind (one of KINDS) and what, in order of time.
    """
    ax = figure.axes[0]
    with settings(STYLE):
        strip = ax.inset_axes((0.0, 1.05, 1.0, 0.2))
        days, last = len(dates), dates[-1]
        after = [event for event in events if event["date"] > last]
        low, high = ax.get_xlim()
        room = max(1.0, 0.055 * (high - low)) * (len(after) + 0.6) if after else 0.0
        ax.set_xlim(low, days - 1 + room if after else high)
        strip.set_xlim(ax.get_xlim())
        strip.set_ylim(0, 1)
        strip.axis("off")
        strip.axhline(0.0, color="#999999", linewidth=0.8)
        if after:
            ax.set_xticks(ax.get_xticks()[::2], [label.get_text() for label in ax.get_xticklabels()[::2]])
            strip.axvspan(days - 0.6, days - 1 + room, color="#eef1f5", zorder=0)
            ax.axvspan(days - 0.6, days - 1 + room, color="#eef1f5", zorder=0)
        for number, (event, place) in enumerate(zip(events, places_of(events, dates, room), strict=True), 1):
            height = 0.28 + 0.46 * (number % 2)
            strip.plot([place, place], [0.0, height], color=KINDS[event["kind"]], linewidth=0.9)
            strip.text(place, height, str(number), ha="center", va="center", fontsize=9, color="white",
                       bbox={"boxstyle": "circle,pad=0.22", "facecolor": KINDS[event["kind"]], "edgecolor": "none"})  # fmt: skip


def places_of(events: Sequence[Mapping[str, str]], dates: Sequence[str], room: float) -> list[float]:
    """Where events stand on an axis of measured days: on their day; those before at its beginning, those after side by side behind."""
    day = {date: float(place) for place, date in enumerate(dates)}
    after = [number for number, event in enumerate(events) if event["date"] > dates[-1]]
    step = room / (len(after) + 0.6) if after else 0.0
    return [
        len(dates) - 1 + step * (after.index(number) + 1) if number in after else day.get(event["date"], 0.0)
        for number, event in enumerate(events)
    ]


def candidates(share: pd.DataFrame, focal: str) -> Drawing:
    """Each candidate's daily share of political impressions in one world; columns date, candidate, value."""
    with settings(STYLE):
        figure, ax = axes()
        for name, rows in share.groupby("candidate", observed=True):
            own = name == focal
            ax.plot(rows["date"], 100 * rows["value"], color=CAMPAIGN if own else "#b9c2cc", linewidth=2.4 if own else 1.3,
                    label=f"candidate {name}" if own else None, zorder=3 if own else 2)  # fmt: skip
        ax.plot([], [], color="#b9c2cc", linewidth=1.3, label="the others")
        ax.xaxis.set_major_locator(MaxNLocator(6, integer=True))
        ax.xaxis.set_major_formatter(lambda day, _: day_and_month(day))
        ax.set_ylabel("% of political impressions")
        ax.set_ylim(bottom=0)
        ax.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2)
    return figure


def by_seed(seeds: list[int], quiet: Any, campaign: Any) -> Drawing:
    """Impressions per genuine user in each pair of worlds, sorted by the difference."""
    order = np.argsort(np.asarray(campaign) - np.asarray(quiet))
    with settings(STYLE):
        figure, ax = axes(6.4, 0.9 + 0.27 * len(seeds))
        for place, k in enumerate(order):
            ax.plot([quiet[k], campaign[k]], [place, place], color="#999999", linewidth=2, zorder=1)
        ax.scatter(
            np.asarray(quiet)[order],
            range(len(seeds)),
            color=QUIET,
            s=45,
            label="without the campaign",
            zorder=2,
        )
        ax.scatter(np.asarray(campaign)[order], range(len(seeds)), color=CAMPAIGN, s=45, label="with it", zorder=2)
        ax.set_yticks(range(len(seeds)), [f"seed {seeds[k]}" for k in order])
        ax.set_xlim(left=0)
        ax.set_xlabel("impressions of the candidate per genuine user")
        ax.legend(loc="upper center", bbox_to_anchor=(0.5, 1.0 + 0.9 / (0.9 + 0.27 * len(seeds))), ncols=2)
    return figure


def money(spent: Mapping[str, float], currency: str) -> Drawing:
    """Where the money went, mean over seeds."""
    names = sorted(spent, key=lambda name: spent[name])
    with settings(STYLE):
        figure, ax = axes(6.4, 0.9 + 0.45 * max(len(names), 1))
        ax.barh(
            [name.replace("_", " ") for name in names],
            [spent[name] for name in names],
            color=MONEY,
            height=0.55,
        )
        ax.set_xlabel(f"{currency} a world, mean over seeds")
    return figure


def detection(series: pd.DataFrame, arms: Mapping[str, str], accounts: float, most: int) -> Drawing:
    """Share of the campaign's accounts acted on by day, one line a policy; the `most` that found most."""
    rows = series[series["measure"] == "actioned_campaign_accounts"]
    means = {name: 100 * rows[rows["arm"] == arm].groupby("day")["value"].mean() / max(accounts, 1)
             for name, arm in arms.items()}  # fmt: skip
    drawn = sorted(means, key=lambda name: -float(means[name].max()))[:most]
    with settings(STYLE):
        figure, ax = axes()
        for number, name in enumerate(name for name in arms if name in drawn):
            style = ("-", "--", ":", "-.")[number % 4]
            ax.plot(means[name].index, means[name].to_numpy(), linewidth=2.2, linestyle=style, label=name)
        ax.set_xlabel("measured day")
        ax.set_ylabel("% of sleeper accounts")
        ax.set_ylim(0, 105)
        ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2 if len(drawn) > 3 else 3)
    return figure
