"""Rival explanations of one candidate's visibility: whether their visible totals agree, and what would tell them apart.

Visible totals are what anybody can count from outside: posts that name the candidate, and views of these posts. They are
to agree within TOLERANCE of those of the first explanation. Traces are what detectors find in worlds where nobody acts on
them (measures of `measures=explanations`). Two explanations are told apart by a trace where its paired difference over
seeds is not zero, at 5% over all traces and pairs together (Holm 1979).
"""

from collections.abc import Mapping
from functools import partial
from html import escape
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from analysis.paired import Estimate, Floats, Statistic, Worlds, estimate, interval
from analysis.report_page import section, table

TOLERANCE = 0.2  # of visible totals, relative to the first explanation's
TOTALS = {"visible_posts": "posts that name the candidate", "visible_views": "views of these posts"}
TRACES = {  # name: column, column by which it is divided, factor, what it says
    "likes": ("visible_likes", "visible_views", 100.0, "likes per 100 views"),
    "comments": ("visible_comments", "visible_likes", 100.0, "comments per 100 likes"),
    "disproportionate": ("traces_disproportionate", "visible_posts", 100.0, "posts in 100 with engagement out of proportion"),
    "copied": ("traces_copied", "visible_posts", 100.0, "posts in 100 with a shared template"),
    "marked": ("visible_marked", "visible_posts", 100.0, "posts in 100 marked as advertising"),
    "authors": ("visible_authors", "visible_posts", 100.0, "authors per 100 posts"),
    "together": ("traces_together", None, 1.0, "accounts that acted together"),
    "awakened": ("traces_awakened", None, 1.0, "accounts that woke into a burst"),
}  # fmt: skip
MULTIPLIER = "impressions that the campaign did not author, per one that it did"


def have_traces(worlds: Worlds) -> bool:
    """Whether the comparison has rival explanations and read their traces."""
    return bool(worlds.rivals) and "visible_posts" in worlds.runs.columns


def contrasts(worlds: Worlds) -> list[tuple[str, str, Estimate]]:
    """totals:RIVAL, ratios to the first explanation's; multiplier:RIVAL; traces:NAME, levels; apart:A:B, differences."""
    if not have_traces(worlds):
        return []
    names, found = [worlds.campaign, *worlds.rivals], []
    for rival in worlds.rivals:
        found += [(f"totals:{rival}", measure, _against(worlds, rival, measure)) for measure in TOTALS]
        if worlds.column(f"{rival}/none", "candidate_authored").sum() > 0:
            found.append((f"multiplier:{rival}", "impressions", estimate(*_multiplier(worlds, rival))))
    for trace in TRACES:
        found += [(f"traces:{name}", trace, _trace(worlds, trace, name)) for name in ("quiet", *names)]
        found += [(f"apart:{a}:{b}", trace, _difference(worlds, trace, a, b)) for a, b in combinations(names, 2)]
    return found


def _against(worlds: Worlds, rival: str, measure: str) -> Estimate:
    """A total of a rival, relative to the first explanation's."""
    a, b = f"{rival}/none", f"{worlds.campaign}/none"
    columns = {f"{arm}:x": worlds.column(arm, measure) for arm in (a, b)}
    return estimate(columns, partial(_ratio, above=a, below=b))


def _trace(worlds: Worlds, trace: str, name: str) -> Estimate:
    return estimate(_columns(worlds, trace, name), partial(_level, name=name, trace=trace))


def _difference(worlds: Worlds, trace: str, one: str, other: str) -> Estimate:
    """A trace of one explanation less that of another, the same seeds."""
    columns = _columns(worlds, trace, one) | _columns(worlds, trace, other)
    return estimate(columns, lambda x: _level(x, one, trace) - _level(x, other, trace))


def _ratio(x: Mapping[str, Floats], above: str, below: str) -> float:
    return float(x[f"{above}:x"].mean() / max(x[f"{below}:x"].mean(), 1e-9))


def _columns(worlds: Worlds, trace: str, name: str) -> dict[str, Floats]:
    """What a trace of one explanation is computed from."""
    above, below, _, _ = TRACES[trace]
    arm = f"{name}/none"
    return {f"{arm}:{column}": worlds.column(arm, column) for column in (above, below) if column}


def _level(x: Mapping[str, Floats], name: str, trace: str) -> float:
    """A trace of one explanation, a ratio of means over seeds where it is divided by something."""
    above, below, factor, _ = TRACES[trace]
    divisor = x[f"{name}/none:{below}"].mean() if below else 1.0
    return float(factor * x[f"{name}/none:{above}"].mean() / divisor) if divisor > 0 else 0.0


def _multiplier(worlds: Worlds, rival: str) -> tuple[dict[str, Floats], Statistic]:
    """Extra impressions that an explanation's own posts did not get, per one that they did."""
    c, q = f"{rival}/none", "quiet/none"
    columns = {f"{arm}:v": worlds.visibility(arm) for arm in (c, q)}
    columns[f"{c}:own"] = worlds.column(c, "candidate_authored") / worlds.column(c, "genuine_users")
    return columns, lambda x: float((x[f"{c}:v"].mean() - x[f"{q}:v"].mean()) / x[f"{c}:own"].mean() - 1.0)


def told_apart(table_of_estimates: pd.DataFrame) -> set[tuple[str, str]]:
    """(contrast, trace) of differences that are not zero at 5% over all of them together (Holm's step-down)."""
    apart = table_of_estimates[table_of_estimates["contrast"].str.startswith("apart:")]
    if len(apart) == 0 or apart["paired_sd"].isna().any():
        return set()
    size, error = apart["estimate"].abs().to_numpy(), apart["paired_sd"].to_numpy()
    t = np.divide(size, error, out=np.where(size > 1e-9, np.inf, 0.0), where=error > 1e-12)
    p = 2 * stats.t.sf(t, apart["n"].to_numpy() - 1)
    order, found = np.argsort(p, kind="stable"), set()
    for place, row in enumerate(order):
        if p[row] > 0.05 / (len(p) - place):
            break
        found.add((str(apart["contrast"].iloc[row]), str(apart["measure"].iloc[row])))
    return found


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
