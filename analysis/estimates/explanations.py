"""Rival explanations of one candidate's visibility: whether their visible totals agree, and what would tell them apart.

Visible totals are what anybody can count from outside: posts that name the candidate, and views of these posts. They are
to agree within TOLERANCE of those of the first explanation. Traces are what detectors find in worlds where nobody acts on
them (measures of `measures=explanations`). Two explanations are told apart by a trace where its paired difference over
seeds is not zero, at 5% over all traces and pairs together (Holm 1979).
"""

from collections.abc import Mapping
from functools import partial
from itertools import combinations

import numpy as np
import pandas as pd
from scipy import stats

from analysis.estimates.paired import Estimate, Floats, Statistic, Worlds, estimate

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


def have_traces(worlds: Worlds) -> bool:
    """Whether the comparison has rival explanations and read their traces."""
    return bool(worlds.rivals) and "visible_posts" in worlds.runs.columns


def rival_contrasts(worlds: Worlds) -> list[tuple[str, str, Estimate]]:
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
