"""The part of a report that says which channel did it, and what more money for one tactic would have bought."""

from collections.abc import Mapping
from html import escape
from itertools import combinations
from typing import Any

import pandas as pd

from analysis.estimates.attribution import Coalitions, coalitions_of
from analysis.estimates.dose_response import saturates
from analysis.estimates.paired import Worlds
from analysis.estimates.words import interval
from analysis.report.figures import MONEY, QUIET, STYLE, Drawing, axes, bars
from analysis.report.page import figure, section, table, two_lines
from analysis.report.style import settings

MARKS = ("o", "s", "^", "D", "v")
SPENT = "spent:"


def _plain(name: str) -> str:
    return escape(name.replace("_", " "))


def attribution_section(
    worlds: Worlds, estimates: pd.DataFrame, series: pd.DataFrame, drawn: Mapping[str, str], currency: str
) -> str:
    """Nothing where a comparison has no subsets of channels."""
    found = coalitions_of(worlds)
    if not found:
        return ""
    by = {(row.contrast, row.measure): row for row in estimates.itertuples(index=False)}
    ways = ("credit:" + found.channels[0], "recommended") in by
    money = _money_of(worlds, found, series)
    head = [
        "channel",
        "credit",
        "of all",
        *(["recommended, of it"] if ways else []),
        "alone",
        "last in",
        f"{escape(currency)} for 1,000",
    ]
    rows = [_row(channel, found, by, ways, money[channel]) for channel in found.channels]
    caption = (
        "Bar: credit, the mean of what a channel adds over all orders in which the channels could have come; with its 95% interval. "
        "Circle: what it adds alone. Triangle: what it adds to all others."
    )
    return section(
        "Which channel did it",
        f"<p>{_sentence(found, by)}</p>",
        figure(drawn["attribution"], caption) if "attribution" in drawn else "",
        table(head, rows),
        "<p class='note'>Impressions per genuine user. Credits are Shapley values: in every seed they add up to what was manufactured. "
        "Each tactic has the money that it spends in the whole campaign, whoever else is there. Last in is what goes where only that "
        "channel is taken away, as by a policy that hits nothing else. Recommended: what the recommender chose for people; the rest "
        "came by friends' shares or from authors whom they follow.</p>",
        f"<details><summary>What pairs of channels add together</summary>{_pairs(found, by)}</details>",
    )


def _row(channel: str, found: Coalitions, by: Mapping[Any, Any], ways: bool, spent: float) -> list[str]:
    e, share = by[f"credit:{channel}", "impressions"], by[f"credit:{channel}", "share"]
    cells = [
        two_lines(_plain(channel), ", ".join(name.replace("_", " ") for name in found.tactics[channel])),
        two_lines(f"{e.estimate:.2f}", interval(e.low, e.high)),
        two_lines(f"{share.estimate:.0%}", interval(share.low, share.high, "{:.0%}")),
    ]
    if ways:
        recommended = by[f"credit:{channel}", "recommended"].estimate
        cells.append(f"{recommended / e.estimate:.0%}" if e.low is not None and e.low > 0 else "-")
    for name in ("alone", "last_in"):
        other = by[f"{name}:{channel}", "impressions"]
        cells.append(two_lines(f"{other.estimate:.2f}", interval(other.low, other.high)))
    worth = e.low is not None and e.low > 0 and spent > 0
    return [*cells, f"{1000 * spent / e.estimate:.2f}" if worth else ("-" if spent else "no money")]


def _money_of(worlds: Worlds, found: Coalitions, series: pd.DataFrame) -> dict[str, float]:
    """What each channel's tactics spend in the whole campaign, a genuine user; mean over seeds."""
    arm = f"{worlds.campaign}/none"
    rows = series[(series["arm"] == arm) & series["measure"].str.startswith(SPENT)]
    spent = rows.groupby("measure")["value"].sum() / worlds.column(arm, "genuine_users").sum()
    return {
        channel: float(sum(spent.get(f"{SPENT}{tactic}", 0.0) for tactic in tactics))
        for channel, tactics in found.tactics.items()
    }


def _sentence(found: Coalitions, by: Mapping[Any, Any]) -> str:
    """Who has most of it, whose credit cannot be told from nothing, and whether channels need each other."""
    credit = {channel: by[f"credit:{channel}", "impressions"] for channel in found.channels}
    first = max(credit, key=lambda channel: credit[channel].estimate)
    share = by[f"credit:{first}", "share"]
    none = [_plain(c) for c, e in credit.items() if e.low is None or pd.isna(e.low) or e.low <= 0 <= e.high]
    alone = sum(by[f"alone:{channel}", "impressions"].estimate for channel in found.channels)
    whole = sum(e.estimate for e in credit.values())
    said = f"Most of it is credited to {_plain(first)}: {share.estimate:.0%} ({interval(share.low, share.high, '{:.0%}')})."
    if none:
        said += f" No credit that could be told from nothing: {', '.join(none)}."
    return said + (
        f" Each channel by itself would have made {alone:.2f} impressions in all, together they made {whole:.2f}"
        f"{': they need each other' if alone < 0.9 * whole else ': they do each other’s work' if alone > 1.1 * whole else ''}."
    )


def _pairs(found: Coalitions, by: Mapping[Any, Any]) -> str:
    rows = []
    for one, other in combinations(found.channels, 2):
        e = by[f"interaction:{one}+{other}", "impressions"]
        lies = (pd.notna(e.low) and e.low > 0) - (pd.notna(e.high) and e.high < 0)
        told = ("not told from none", "more together", "less together")[lies]
        rows.append([f"{_plain(one)} and {_plain(other)}", f"{e.estimate:.2f} ({interval(e.low, e.high)})", told])
    return table(["pair", "more together than apart", "told"], rows)


def attribution_figure(worlds: Worlds, estimates: pd.DataFrame) -> Drawing | None:
    """Credit of each channel, with what it adds alone and last; None without subsets."""
    found = coalitions_of(worlds)
    if not found:
        return None
    by = {(row.contrast, row.measure): row for row in estimates.itertuples(index=False)}
    order = sorted(found.channels, key=lambda channel: by[f"credit:{channel}", "impressions"].estimate)
    rows = {
        name: [by[f"{name}:{channel}", "impressions"] for channel in order] for name in ("credit", "alone", "last_in")
    }
    with settings(STYLE):
        drawing, ax = axes(6.4, 1.5 + 0.5 * len(order))
        estimate, low, high = ([getattr(e, name) for e in rows["credit"]] for name in ("estimate", "low", "high"))
        bars(ax, estimate, low, high, "credit")
        for name, mark, colour, label in (("alone", "o", QUIET, "alone"), ("last_in", "^", MONEY, "last in")):
            ax.scatter(
                [e.estimate for e in rows[name]],
                range(len(order)),
                marker=mark,
                color=colour,
                s=55,
                zorder=3,
                label=label,
            )
        ax.axvline(0, color="#999999", linewidth=0.8)
        ax.set_yticks(range(len(order)), [name.replace("_", " ") for name in order])
        ax.set_xlabel("impressions of the candidate per genuine user")
        ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3)
    return drawing


def dose_section(rows: pd.DataFrame, drawn: Mapping[str, str], currency: str) -> str:
    """Nothing where a comparison has no doses."""
    if len(rows) == 0:
        return ""
    policies = [name.partition(":")[2] for name in rows.columns if name.startswith("dampening:")]
    unit = escape(currency)
    head = [
        "tactic",
        "times its plan",
        f"{unit} for 1,000 users",
        "manufactured",
        "gain of the step",
        f"{unit} for 1,000 more",
    ]
    head += [f"{_plain(policy)} {what}" for policy in policies for what in ("finds", "takes")]
    caption = (
        "Impressions per genuine user at multiples of one tactic's plan, the others at theirs, with 95% intervals over seeds. Where "
        "lines are flat, more money buys nothing."
    )
    tactics = list(dict.fromkeys(rows["tactic"]))
    return section(
        "What more money would have bought",
        figure(drawn["dose_response"], caption) if "dose_response" in drawn else "",
        "<ul>" + "".join(f"<li>{_saturation(rows, tactic)}</li>" for tactic in tactics) + "</ul>",
        table(head, [_dose(row, policies, place) for place, row in _numbered(rows)]),
        "<p class='note'>Each tactic has money of its own. A price is given for steps whose gain is told from nothing at 95%. Found: "
        "share of the campaign's bought accounts that a policy acted on.</p>",
    )


def _numbered(rows: pd.DataFrame) -> list[tuple[int, dict[str, Any]]]:
    """Rows with their place among those of their tactic."""
    return list(zip(rows.groupby("tactic", sort=False).cumcount(), rows.to_dict("records"), strict=True))


def _dose(row: Mapping[str, Any], policies: list[str], place: int) -> list[str]:
    cells = [_plain(row["tactic"]) if place == 0 else "", f"{row['times']:g}", f"{row['spent']:.2f}"]
    for name in ("manufactured", "gain", "per_thousand"):
        value = row[name]
        cells.append(
            "-" if pd.isna(value) else two_lines(f"{value:.2f}", interval(row[f"{name}_low"], row[f"{name}_high"]))
        )
    for policy in policies:
        cells += [
            "-" if pd.isna(row[f"{what}:{policy}"]) else f"{row[f'{what}:{policy}']:.0%}"
            for what in ("found", "dampening")
        ]
    return cells


def _saturation(rows: pd.DataFrame, tactic: str) -> str:
    """Where a tactic's curve becomes flat, in words."""
    at = saturates(rows, tactic)
    most = rows[rows["tactic"] == tactic]["times"].max()
    if at is None:
        return f"{_plain(tactic)}: still adds at {most:g} times its plan, the most that was tried."
    if at == 0:
        return f"{_plain(tactic)}: no step, from nothing to {most:g} times its plan, adds anything that these seeds tell from nothing."
    return f"{_plain(tactic)}: beyond {at:g} times its plan no step adds anything that these seeds tell from nothing."


def dose_figure(rows: pd.DataFrame) -> Drawing | None:
    """Manufactured visibility by dose, a line a tactic; None without doses."""
    if len(rows) == 0:
        return None
    with settings(STYLE):
        drawing, ax = axes()
        for number, (tactic, of_one) in enumerate(rows.groupby("tactic", sort=False)):
            value = of_one["manufactured"]
            low, high = (of_one[f"manufactured_{end}"].astype(float).fillna(value) for end in ("low", "high"))
            place = of_one["times"] + 0.03 * (number - 1)
            ax.errorbar(place, value, yerr=[value - low, high - value], marker=MARKS[number % len(MARKS)], linewidth=1.6, capsize=2,
                        label=str(tactic).replace("_", " "))  # fmt: skip
        ax.set_xlabel("times the tactic's plan")
        ax.set_ylabel("impressions per genuine user")
        ax.set_ylim(bottom=min(0.0, ax.get_ylim()[0]))
        ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    return drawing
