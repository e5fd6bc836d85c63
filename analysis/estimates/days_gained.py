"""How much earlier a candidate becomes visible: days by which stated levels are passed sooner with a campaign than without.

Two curves: reach, the share of genuine users who have seen the candidate so far; and share, the candidate's part of all
political impressions so far. Both are cumulative: a day's own share passes any level by one lucky post, and the first passing of
a curve that jumps is the earlier the more it jumps, which says nothing of a campaign.

A level is passed for good: from then on to the last measured day the curve does not come below it. For reach, which never
falls, that is its first passing; the share of the first days is one of few impressions, and falls again.

Where a world does not pass a level within the measured days, its time is cut there. What is estimated is the restricted mean time
difference (Royston and Parmar 2013, doi 10.1186/1471-2288-13-152): the days for which a level is held within the measured
days, with the campaign less without it. It assumes nothing of what comes after, and says less than what was gained where only the
quiet world is cut; `Passings` counts how often.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from analysis.estimates.paired import Estimate, Floats, Worlds, estimate
from sim.scenario.schema import ScenarioError

# Fixed before any world was looked at, and the same for both curves. 1%: what polls gave the candidate of the case a month before
# the vote; 5%: the threshold of a parliament; 10%, 25%: what a party of some, and of first weight has; 50%: one in two.
LEVELS = (0.01, 0.05, 0.10, 0.25, 0.50)
CURVES = ("reach", "share")
LEADS = LEVELS[2:]  # of reach, the curve that cannot fall: one of them is said first, see `lead_of`
TRENDING = "trending_best"  # a column that runs have where `measures=trending` was asked for


@dataclass(frozen=True)
class Passings:
    """When pairs of worlds pass one level, in days since the first measured day began; one number a seed.

    Infinite where a world does not pass it by the last of `days`; 1 where it had by the end of the first day, then or before.
    """

    campaign: Floats
    quiet: Floats
    days: int

    def restricted(self) -> tuple[Floats, Floats]:
        """Times cut at the last day, with the campaign and without."""
        return np.minimum(self.campaign, self.days), np.minimum(self.quiet, self.days)

    def gains(self) -> Floats:
        """Days for which each pair's campaign world holds the level within the measured days, beyond its quiet twin."""
        campaign, quiet = self.restricted()
        return quiet - campaign

    def counts(self) -> dict[str, int]:
        """Pairs by who passes: both, only_campaign, only_quiet, neither; already, where both had by the first day's end."""
        c, q, already = np.isfinite(self.campaign), np.isfinite(self.quiet), (self.campaign <= 1) & (self.quiet <= 1)
        kinds = {
            "both": c & q & ~already,
            "only_campaign": c & ~q,
            "only_quiet": ~c & q,
            "neither": ~c & ~q,
            "already": already,
        }
        return {kind: int(pairs.sum()) for kind, pairs in kinds.items()}

    def bound(self) -> str:
        """`at least` or `at most` where every pair that is cut hides time on that side only; else nothing can be said."""
        count, both = self.counts(), np.isfinite(self.campaign) & np.isfinite(self.quiet)
        more = count["only_campaign"] or (both & (self.campaign <= 1) & (self.quiet > 1)).any()
        less = count["only_quiet"] or (both & (self.quiet <= 1) & (self.campaign > 1)).any()
        unknown = count["neither"] or count["already"]
        return "" if unknown or bool(more) == bool(less) else "at least" if more else "at most"


def passing(curve: Floats, level: float) -> Floats:
    """Time at which curves pass a level for good, in days since the first measured day began; infinite where they do not.

    curve: (worlds, days) values at the ends of days; level: in the unit of the curve. Between the ends of two days a curve is
    taken to run straight, so that worlds differ by more than whole days: whole days would often be the same in all seeds, and the
    interval nothing. 1 where no day's end is below the level: passed on the first day or before.
    """
    days = curve.shape[1]
    below = curve < level
    first = np.where(
        below.any(axis=1), days - below[:, ::-1].argmax(axis=1), 0
    )  # the day that ends at the level, from 0
    time = np.where(first == days, np.inf, 1.0)
    for world in np.flatnonzero((first > 0) & (first < days)):
        before, after = curve[world, first[world] - 1], curve[world, first[world]]
        time[world] = first[world] + (level - before) / (after - before)
    return time


def curve_of(worlds: Worlds, series: pd.DataFrame, arm: str, kind: str) -> Floats:
    """(seeds, days) of an arm at the ends of days: a curve of CURVES, as a share; seeds in order.

    Reach is relative to the genuine users with whom the world begins, and counts accounts that come later: it can go on past 1.
    """
    if kind == "reach":
        return by_day(worlds, series, arm, "reach") / worlds.column(arm, "genuine_users")[:, None]
    own, all_ = (by_day(worlds, series, arm, name).cumsum(axis=1) for name in ("impressions", "political_impressions"))
    return np.divide(own, all_, out=np.zeros_like(own), where=all_ > 0)


def by_day(worlds: Worlds, series: pd.DataFrame, arm: str, measure: str) -> Floats:
    """(seeds, days) a measure of an arm, the promoted candidate's where it is about one; seeds in order.

    Raises ScenarioError where it is not there for every seed and day, which would be taken for a passing.
    """
    rows = series[(series["arm"] == arm) & (series["measure"] == measure)]
    rows = (
        rows[rows["candidate"].isin([worlds.manifest["candidate"], -1])]
        .set_index(["seed", "day"])["value"]
        .sort_index()
    )
    seeds = sorted(worlds.runs.loc[worlds.runs["arm"] == arm, "seed"])
    if list(rows.index) != list(product(seeds, range(int(series["day"].max()) + 1))):
        raise ScenarioError(f"series: {measure} of {arm} is not there once for every seed and day")
    return np.asarray(rows, dtype=np.float64).reshape(len(seeds), -1)


def passings(worlds: Worlds, series: pd.DataFrame, moderation: str) -> dict[tuple[str, float], Passings]:
    """By curve and level, under one moderation."""
    found = {}
    for kind in CURVES:
        campaign, quiet = (
            curve_of(worlds, series, f"{name}/{moderation}", kind) for name in (worlds.campaign, "quiet")
        )
        for level in LEVELS:
            found[kind, level] = Passings(passing(campaign, level), passing(quiet, level), campaign.shape[1])
    return found


def lead_of(found: Mapping[tuple[str, float], Passings]) -> tuple[str, float]:
    """The level that is said first: the lowest of reach, from the middle one on, that most quiet worlds have not passed by the first
    day's end; the highest where they have passed all. What the campaign does has no part in it."""
    open_yet = (level for level in LEADS if (found["reach", level].quiet > 1).mean() > 0.5)
    return "reach", next(open_yet, LEADS[-1])


def measure_of(kind: str, level: float) -> str:
    """What a curve's level is called in the table of estimates, such as reach:10%."""
    return f"{kind}:{level:.0%}"


def days_gained(worlds: Worlds, series: pd.DataFrame) -> list[tuple[str, str, Estimate]]:
    """(days_gained:POLICY, CURVE:LEVEL, estimate) in days; where lists of trends were read, those of the top, and places too.

    Nothing where a comparison has no campaign, or no worlds.
    """
    if worlds.campaign == "quiet" or not has_curves(series):
        return []
    found = []
    for policy in worlds.moderations:
        arms = f"{worlds.campaign}/{policy}", f"quiet/{policy}"
        for (kind, level), pairs in passings(worlds, series, policy).items():
            columns = dict(zip(arms, pairs.restricted(), strict=True))
            found.append((f"days_gained:{policy}", measure_of(kind, level), _less(columns, *arms)))
        if TRENDING in worlds.runs:
            for contrast, column in (("days_gained", "trending_first_day"), ("places_gained", TRENDING)):
                columns = {arm: worlds.column(arm, column) for arm in arms}
                found.append((f"{contrast}:{policy}", "trending", _less(columns, *arms)))
    return found


def has_curves(series: pd.DataFrame) -> bool:
    """Whether a series holds what the curves are made of."""
    return {"reach", "impressions", "political_impressions"} <= set(series["measure"])


def _less(columns: Mapping[str, Floats], campaign: str, quiet: str) -> Estimate:
    """What is read without the campaign, less what is read with it: days or places, of which few are good."""
    named = {f"{arm}:x": column for arm, column in columns.items()}
    return estimate(named, lambda x: float(x[f"{quiet}:x"].mean() - x[f"{campaign}:x"].mean()))


def table_of_days(worlds: Worlds, series: pd.DataFrame) -> pd.DataFrame:
    """One row a policy, curve and level: median times of passing over seeds (infinite: not by most), gain, what is cut."""
    if worlds.campaign == "quiet" or not has_curves(series):
        return pd.DataFrame()
    rows = []
    estimated = {(contrast, measure): e for contrast, measure, e in days_gained(worlds, series)}
    for policy in worlds.moderations:
        for (kind, level), pairs in passings(worlds, series, policy).items():
            e = estimated[f"days_gained:{policy}", measure_of(kind, level)]
            rows.append({
                "policy": policy, "curve": kind, "level": level, "campaign": float(np.median(pairs.campaign)),
                "quiet": float(np.median(pairs.quiet)), "gained": e.value, "low": e.low, "high": e.high,
                "bound": pairs.bound(), "days": pairs.days, **pairs.counts(),
            })  # fmt: skip
    return pd.DataFrame(rows).astype({"low": float, "high": float})
