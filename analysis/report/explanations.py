"""The part of a report that sets rival explanations side by side: visible totals, and what would tell them apart."""

from collections.abc import Mapping
from html import escape
from itertools import combinations
from typing import Any

import pandas as pd

from analysis.estimates.explanations import TOLERANCE, TOTALS, TRACES, have_traces, told_apart
from analysis.estimates.paired import Worlds
from analysis.estimates.words import interval
from analysis.report.page import section, table

MULTIPLIER = "impressions that the campaign did not author, per one that it did"


def rivals_section(worlds: Worlds, estimates: pd.DataFrame) -> str:
    """Two tables of the report: visible totals side by side, and what would tell the explanations apart."""
    if not have_traces(worlds):
        return ""
    by = {(row.contrast, row.measure): row for row in estimates.itertuples(index=False)}
    return section("What would tell them apart", _totals(worlds, by), _traces(worlds, by, told_apart(estimates)))


def _totals(worlds: Worlds, by: Mapping[tuple[str, str], Any]) -> str:
    rows, far = [], False
    for measure, said in TOTALS.items():
        cells = [f"{worlds.column(f'{worlds.campaign}/none', measure).mean():,.0f}"]
        for rival in worlds.rivals:
            e = by[f"totals:{rival}", measure]
            far |= abs(e.estimate - 1.0) > TOLERANCE
            mean = worlds.column(f"{rival}/none", measure).mean()
            cells.append(f"{mean:,.0f}; {e.estimate:.2f} times ({interval(e.low, e.high)})")
        rows.append([said, *cells])
    verdict = (
        f"They do not agree within {TOLERANCE:.0%}: what follows compares worlds that already differ to the eye."
        if far
        else f"They agree within {TOLERANCE:.0%}: by these numbers alone nobody could tell the explanations apart."
    )
    names = [escape(name.replace("_", " ")) for name in (worlds.campaign, *worlds.rivals)]
    return table(["visible total", *names], rows) + f"<p>{verdict}</p>"


def _traces(worlds: Worlds, by: Mapping[tuple[str, str], Any], apart: set[tuple[str, str]]) -> str:
    names = [worlds.campaign, *worlds.rivals]
    pairs = list(combinations(names, 2))
    letters = {name: chr(ord("a") + place) for place, name in enumerate(names)}
    rows = []
    for trace, (*_, said) in TRACES.items():
        levels = [f"{by[f'traces:{name}', trace].estimate:.3g}" for name in ("quiet", *names)]
        told = [f"{letters[a]}|{letters[b]}" for a, b in pairs if (f"apart:{a}:{b}", trace) in apart]
        rows.append([said, *levels, ", ".join(told) or "none"])
    rows.append([MULTIPLIER, "-", *(_times(worlds, by, name) for name in names), "not seen from outside"])
    heads = [f"{escape(name.replace('_', ' '))} ({letters[name]})" for name in names]
    return table(["trace, no moderation", "quiet", *heads, "tells apart"], rows) + f"<p>{_verdict(pairs, apart)}</p>"


def _times(worlds: Worlds, by: Mapping[tuple[str, str], Any], name: str) -> str:
    """The multiplier of one explanation; there is none where no post was caused."""
    row = by.get(("multiplier" if name == worlds.campaign else f"multiplier:{name}", "impressions"))
    if row is None or worlds.column(f"{name}/none", "candidate_authored").sum() == 0:
        return "no post was caused"
    return f"{row.estimate:.2f} ({interval(row.low, row.high)})"


def _verdict(pairs: list[tuple[str, str]], apart: set[tuple[str, str]]) -> str:
    """Which pairs nothing tells apart, in words."""
    told = {contrast for contrast, _ in apart}
    lost = [f"{a} and {b}" for a, b in pairs if f"apart:{a}:{b}" not in told]
    words = (
        "Told apart: the paired difference over seeds is not zero, at 5% over all traces and pairs together (Holm). "
    )
    if not lost:
        return words + "Each pair is told apart by at least one trace."
    return (
        words + f"Nothing that was measured tells apart {escape('; '.join(lost).replace('_', ' '))}, with these seeds."
    )
