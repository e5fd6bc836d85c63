"""What a memo can carry of a comparison of policies: one table, and one paragraph on what its precision cost."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.estimates.declared import dampenings
from analysis.estimates.frontier import Frontier, frontier, words
from analysis.estimates.paired import Worlds
from analysis.estimates.table import nothing_to_dampen
from analysis.estimates.words import interval
from sim.runs.recording import read_json, read_table, write_csv, write_whole

COLUMNS = {  # heading of the memo's table: contrast, measure, form, factor
    "dampening, %": ("dampening", "impressions", "{:.0f}", 100.0),
    "others' impressions lost, %": ("collateral", "impressions", "{:.1f}", 100.0),
    "watch time lost, %": ("collateral", "watch_time", "{:.1f}", 100.0),
    "genuine accounts acted on": ("collateral", "genuine_accounts_per_100000", "{:.0f}", 1.0),
    "genuine posts acted on": ("collateral", "genuine_posts_per_100000", "{:.0f}", 1.0),
    "both, without the campaign": ("collateral", "genuine_actioned_per_100000_quiet", "{:.0f}", 1.0),
    "reviews": ("collateral", "reviews_per_100000", "{:.0f}", 1.0),
}


def memo_rows(estimates: pd.DataFrame, found: Frontier) -> tuple[list[str], list[list[str]]]:
    """Head and rows of the table that a memo can carry; estimates with their intervals, best dampening first."""
    by = estimates.set_index(["contrast", "measure"])
    rows = []
    for place in sorted(found.policies, key=lambda place: -place.at[0]):
        row = [words(place.policy)]
        for contrast, measure, form, factor in COLUMNS.values():
            e = by.loc[(f"{contrast}:{place.policy}", measure)]
            if not found.judged and contrast == "dampening":
                row.append("nothing to dampen")
                continue
            row.append(_said(factor * e["estimate"], factor * e["low"], factor * e["high"], form))
        rows.append([*row, place.verdict if found.judged else "not judged"])
    return ["policy", *COLUMNS, "against the others"], rows


def _said(value: float, low: float, high: float, form: str) -> str:
    """An estimate with its interval; no interval where there is none, or where no seed differs."""
    value, low, high = (float(form.format(x)) + 0.0 for x in (value, low, high))
    said = form.format(value)
    return said if pd.isna(low) or low == high else f"{said} ({interval(low, high, form)})"


def precision(estimates: pd.DataFrame, runs: pd.DataFrame, found: Frontier) -> str:
    """What precision the seeds bought, and what more would cost."""
    width = {}
    for contrast, measure in (("dampening", "impressions"), ("collateral", "impressions")):
        rows = estimates[estimates["contrast"].str.startswith(f"{contrast}:") & (estimates["measure"] == measure)]
        width[contrast] = 100 * float(((rows["high"] - rows["low"]) / 2).median())
    minutes = float(runs["cpu_s" if "cpu_s" in runs else "wall_s"].sum()) / 60
    cost = f"These {len(runs)} worlds took {_time(minutes)} of one core"
    if found.seeds < 2:
        return f"One seed gives no interval, and tells no two policies apart. {cost}; ten seeds would take ten times as long."
    if not found.judged:
        return (
            "There is nothing to dampen: the interval of manufactured visibility holds zero, so that no policy is judged. "
            f"{cost}; intervals half as wide would take about {4 * found.seeds} seeds and {_time(4 * minutes)}."
        )
    told, dominated = (sum(bool(x) for x in which) for which in (
        (place.damps for place in found.policies), (place.dominated_by for place in found.policies)))  # fmt: skip
    return (
        f"With {found.seeds} seeds dampening is known to within {width['dampening']:.0f} percentage points, and the impressions "
        f"that other candidates lose to within {width['collateral']:.1f} (median half-width of the 95% intervals). Policies that "
        f"damp by more than luck: {told} of {len(found.policies)}. Policies that another dominates: {dominated}, after correction "
        f"for {found.tests:,} comparisons. {cost}; intervals half as wide would take about {4 * found.seeds} seeds and "
        f"{_time(4 * minutes)}."
    )


def _time(minutes: float) -> str:
    """A time in words."""
    if minutes < 1.5:
        return "about a minute"
    return f"{minutes:.0f} minutes" if minutes < 120 else f"{minutes / 60:.1f} hours"


def write_memo(folder: Path) -> None:
    """Leave frontier.csv and frontier.md beside the report, where a comparison has policies."""
    manifest: Mapping[str, Any] = read_json(folder / "manifest.json")
    runs, estimates = read_table(folder, "runs"), read_table(folder, "estimates")
    worlds = Worlds(runs, manifest)
    if len(worlds.moderations) < 2:
        return
    found = frontier(worlds, nothing_to_dampen(estimates))
    write_csv(folder / "frontier.csv", as_table(estimates, found))
    head, rows = memo_rows(estimates, found)
    lines = [
        f"# {plain(manifest['title'])}: what policies damp, and at whose cost",
        "",
        "A model world; no evidence about any real account, campaign or vote. In this model, given its assumptions; 95% intervals over",
        "seeds, which cover luck only. Accounts, posts and reviews are per 100,000 genuine users; harms are those of the world with the",
        "campaign where nothing else is said.",
        "",
        f"{precision(estimates, runs, found)}",
        "",
        *(f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows)),
        "",
        f"{manifest['days']} days, {manifest['users']:,} users, seeds {manifest['seeds'][0]} to {manifest['seeds'][-1]}: "
        f"`{str(manifest['command']).replace('`', '')}`",
        "",
    ]
    write_whole(folder / "frontier.md", "\n".join(lines).encode())


def plain(text: str) -> str:
    """A text that says nothing in Markdown or HTML but itself."""
    return re.sub(r"([\\`*_{}\[\]<>#|!])", r"\\\1", text)


def as_table(estimates: pd.DataFrame, found: Frontier) -> pd.DataFrame:
    """One row a policy with every measure, its interval, what its dampening is among those of all, and who dominates it.

    dampening_together_low and _high: the simultaneous interval; dampening_p: Holm's p-value over all policies.
    """
    known = dampenings(estimates)
    together = (
        dict(zip(known.names, zip(known.low, known.high, known.adjusted, strict=True), strict=True)) if known else {}
    )
    by = estimates.set_index(["contrast", "measure"])
    measures = [
        "visibility_change",
        *dict.fromkeys(estimates["measure"][estimates["contrast"].str.startswith("collateral:")]),
    ]
    rows = []
    for place in found.policies:
        name, _, strength = place.policy.partition("@")
        row: dict[str, Any] = {"policy": name, "strength": strength or "standard"}
        wanted = [("dampening", "impressions", "dampening"), ("dampening", "visibility_change", "visibility_change"),
                  *(("collateral", measure, f"collateral_{measure}") for measure in measures[1:])]  # fmt: skip
        for contrast, measure, column in wanted:
            e = by.loc[(f"{contrast}:{place.policy}", measure)]
            row |= {column: e["estimate"], f"{column}_low": e["low"], f"{column}_high": e["high"]}
        ends = together.get(place.policy, (float("nan"),) * 3)
        row |= dict(zip(("dampening_together_low", "dampening_together_high", "dampening_p"), ends, strict=True))
        rows.append({**row, "damps": place.damps, "dominated_by": "; ".join(place.dominated_by),
                     "behind": "; ".join(place.behind)})  # fmt: skip
    return pd.DataFrame(rows)
