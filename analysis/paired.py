"""Estimates over paired worlds: ratios of means over seeds, with jackknife standard errors.

The interval is estimate +- Student's t (n - 1 degrees of freedom) times the jackknife standard error over seeds, for
every estimate (for lift, of its logarithm). The method is fixed in advance; it covers luck only, not the assumptions.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from sim.recording import read_json, read_table, write_table, write_whole

Floats = npt.NDArray[np.float64]
Statistic = Callable[[Mapping[str, Floats]], float]
LOST, RATE = "share lost", "per 100,000 genuine users"
COLLATERAL = {  # measure: columns of the runs that are summed, and how a world is set against no policy
    "impressions": (("other_candidates_organic",), LOST),
    "watch_time": (("watch_seconds",), LOST),
    "genuine_accounts_per_100000": (("genuine_accounts_actioned",), RATE),
    "genuine_posts_per_100000": (("genuine_posts_actioned",), RATE),
    "genuine_actioned_per_100000": (("genuine_accounts_actioned", "genuine_posts_actioned"), RATE),
    "reviews_per_100000": (("reviews",), RATE),
}
Question = tuple[dict[str, Floats], Statistic]


@dataclass(frozen=True)
class Estimate:
    """A number with its interval; standard errors as paired, and with arms taken as independent."""

    value: float
    low: float | None
    high: float | None
    n: int
    paired_sd: float | None
    unpaired_sd: float | None


def estimate(columns: Mapping[str, Floats], statistic: Statistic, log_scale: bool = False) -> Estimate:
    """Jackknife a function of columns with one value a seed."""
    n = len(next(iter(columns.values())))
    value = statistic(columns)
    if n < 2:
        return Estimate(value, None, None, n, None, None)
    left_out = leave_one_out(columns, statistic)
    arms = sorted({key.split(":")[0] for key in columns})
    parts = []
    for arm in arms:
        moved = [
            statistic({key: np.delete(c, i) if key.split(":")[0] == arm else c for key, c in columns.items()})
            for i in range(n)
        ]
        parts.append(spread(np.array(moved)))
    paired, unpaired = spread(left_out), float(np.sqrt(np.sum(np.square(parts))))
    t = float(stats.t.ppf(0.975, n - 1))
    if log_scale and value > 0 and (left_out > 0).all():
        width = t * spread(np.log(left_out))
        return Estimate(value, value * float(np.exp(-width)), value * float(np.exp(width)), n, paired, unpaired)
    return Estimate(value, value - t * paired, value + t * paired, n, paired, unpaired)


def leave_one_out(columns: Mapping[str, Floats], statistic: Statistic) -> Floats:
    """The statistic with each seed left out of all arms in turn."""
    n = len(next(iter(columns.values())))
    return np.array([statistic({key: np.delete(column, i) for key, column in columns.items()}) for i in range(n)])


def spread(left_out: Floats) -> float:
    """Jackknife standard error from leave-one-out values."""
    n = len(left_out)
    return float(np.sqrt((n - 1) / n * np.sum((left_out - left_out.mean()) ** 2)))


def holm(p: Floats) -> Floats:
    """P-values that hold for a whole family of tests (Holm 1979), in the order given.

    The smallest is multiplied by the number of tests, the next by one less, and so on; none may fall below the one before.
    """
    order = np.argsort(p, kind="stable")
    raised = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum(raised, 1.0)
    return adjusted


class Worlds:
    """Runs of one comparison as columns with one value a seed; keys are `arm:measure`."""

    def __init__(self, runs: pd.DataFrame, manifest: Mapping[str, Any]) -> None:
        self.runs, self.manifest = runs, manifest
        self.moderations = list(dict.fromkeys(arm["moderation"] for arm in manifest["arms"]))
        campaigns = dict.fromkeys(arm["campaign"] for arm in manifest["arms"] if arm["campaign"] != "quiet")
        self.campaign, *self.rivals = [*campaigns] or ["quiet"]

    def directed(self, campaign: str) -> bool:
        """Whether a campaign paid anybody or caused any post; else what it added was not manufactured."""
        arm = f"{campaign}/none"
        return bool((self.column(arm, "spent") + self.column(arm, "candidate_authored")).sum() > 0)

    def column(self, arm: str, measure: str) -> Floats:
        """A measure of an arm by seed."""
        rows = self.runs[self.runs["arm"] == arm].sort_values("seed")
        return np.asarray(rows[measure].to_numpy(), dtype=np.float64)

    def visibility(self, arm: str) -> Floats:
        """Impressions of the candidate per genuine user."""
        return self.column(arm, "candidate_impressions") / self.column(arm, "genuine_users")

    def pair(self, moderation: str) -> dict[str, Floats]:
        """Visibility in the campaign world and its quiet twin under one moderation."""
        campaign, quiet = f"{self.campaign}/{moderation}", f"quiet/{moderation}"
        return {f"{campaign}:v": self.visibility(campaign), f"{quiet}:v": self.visibility(quiet)}


def estimates(runs: pd.DataFrame, manifest: Mapping[str, Any]) -> pd.DataFrame:
    """All contrasts of a comparison."""
    worlds = Worlds(runs, manifest)
    label = manifest["candidates"][manifest["candidate"]]
    rows = [(contrast, measure, label, found) for contrast, measure, found in _contrasts(worlds)]
    return pd.DataFrame(
        [
            (contrast, measure, who, e.value, e.low, e.high, e.n, e.paired_sd, e.unpaired_sd)
            for contrast, measure, who, e in rows
        ],
        columns=[
            "contrast",
            "measure",
            "candidate",
            "estimate",
            "low",
            "high",
            "n",
            "paired_sd",
            "unpaired_sd",
        ],
    )


def _contrasts(worlds: Worlds) -> list[tuple[str, str, Estimate]]:
    none = worlds.pair("none")
    c, q = f"{worlds.campaign}/none:v", "quiet/none:v"
    found = [
        ("manufactured", "impressions", estimate(none, lambda x: float(x[c].mean() - x[q].mean()))),
        (
            "manufactured_share",
            "impressions",
            estimate(none, lambda x: _ratio(x[c].mean() - x[q].mean(), x[c].mean())),
        ),
        ("lift", "impressions", estimate(none, lambda x: _ratio(x[c].mean(), x[q].mean()), log_scale=True)),
    ]
    found += _costs(worlds, none, c, q)
    for rival in worlds.rivals:
        found.append((f"extra:{rival}", "impressions", _extra(worlds, rival)))
    for moderation in worlds.moderations:
        if moderation != "none":
            found += _policy(worlds, none, moderation)
    from analysis.explanations import contrasts  # which is built on this module

    return found + contrasts(worlds)


def _extra(worlds: Worlds, campaign: str) -> Estimate:
    """Visibility that another campaign, or a surge that nobody directed, adds to the quiet world."""
    c, q = f"{campaign}/none", "quiet/none"
    columns = {f"{arm}:v": worlds.visibility(arm) for arm in (c, q)}
    return estimate(columns, lambda x: float(x[f"{c}:v"].mean() - x[f"{q}:v"].mean()))


def _ratio(above: float, below: float) -> float:
    """A ratio, 0 where there is nothing to divide by."""
    return float(above / below) if below else 0.0


def _costs(worlds: Worlds, none: dict[str, Floats], c: str, q: str) -> list[tuple[str, str, Estimate]]:
    """Money per thousand extra impressions, and extra impressions not authored by the campaign per authored one."""
    arm = f"{worlds.campaign}/none"
    users = worlds.column(arm, "genuine_users")
    columns = {**none, f"{arm}:spent": worlds.column(arm, "spent") / users,
               f"{arm}:authored": worlds.column(arm, "candidate_authored") / users}  # fmt: skip
    spent, authored = f"{arm}:spent", f"{arm}:authored"
    return [
        ("cost", "impressions", estimate(columns, lambda x: 1000 * _ratio(x[spent].mean(), x[c].mean() - x[q].mean()))),
        ("multiplier", "impressions", estimate(
            columns, lambda x: _ratio(x[c].mean() - x[q].mean() - x[authored].mean(), x[authored].mean()))),
    ]  # fmt: skip


def dampening(worlds: Worlds, moderation: str) -> Question:
    """The share of manufactured visibility that a policy takes away, each against the quiet world under the same policy."""
    columns = {**worlds.pair("none"), **worlds.pair(moderation)}
    c0, q0, c1, q1 = (f"{arm}/{m}:v" for m in ("none", moderation) for arm in (worlds.campaign, "quiet"))

    def share(x: Mapping[str, Floats]) -> float:
        before = x[c0].mean() - x[q0].mean()
        return 1 - _ratio(x[c1].mean() - x[q1].mean(), before) if before else 0.0

    return columns, share


def collateral(worlds: Worlds, measure: str, world: str, moderation: str) -> Question:
    """What a policy takes from those who did nothing wrong, in the campaign's or the quiet world, against no policy."""
    names, kind = COLLATERAL[measure]
    arm, base = f"{world}/{moderation}", f"{world}/none"
    columns = {f"{of}:x": np.sum([worlds.column(of, name) for name in names], axis=0) for of in (arm, base)}
    if kind == LOST:
        return columns, lambda x: 1 - _ratio(x[f"{arm}:x"].mean(), x[f"{base}:x"].mean())
    columns |= {f"{of}:users": worlds.column(of, "genuine_users") for of in (arm, base)}

    def rate(x: Mapping[str, Floats], of: str) -> float:
        return 100000 * _ratio(x[f"{of}:x"].mean(), x[f"{of}:users"].mean())

    return columns, lambda x: rate(x, arm) - rate(x, base)


def _policy(worlds: Worlds, none: dict[str, Floats], moderation: str) -> list[tuple[str, str, Estimate]]:
    """Dampening of manufactured visibility, and what the policy cost those who did nothing wrong."""
    c0, c1 = (f"{worlds.campaign}/{m}:v" for m in ("none", moderation))
    changed = {**none, **worlds.pair(moderation)}
    found = [
        (f"dampening:{moderation}", "impressions", estimate(*dampening(worlds, moderation))),
        (f"dampening:{moderation}", "visibility_change",
         estimate(changed, lambda x: _ratio(x[c1].mean(), x[c0].mean()) - 1)),
    ]  # fmt: skip
    for measure in COLLATERAL:
        for world in (worlds.campaign, "quiet"):
            found.append((f"collateral:{moderation}", measure if world != "quiet" else f"{measure}_quiet",
                          estimate(*collateral(worlds, measure, world, moderation))))  # fmt: skip
    return found


def write_estimates(folder: Path) -> pd.DataFrame:
    """Estimate, and leave estimates.parquet and estimates.csv in the folder."""
    table = estimates(read_table(folder, "runs"), read_json(folder / "manifest.json"))
    write_table(folder / "estimates.parquet", table)
    write_whole(folder / "estimates.csv", table.to_csv(index=False).encode())
    return table


def first(table: pd.DataFrame, contrast: str) -> Any:
    """The first estimate of a contrast."""
    return next(table[table["contrast"] == contrast].itertuples(index=False))


def nothing_to_dampen(table: pd.DataFrame) -> bool:
    """Whether the interval of manufactured visibility holds zero."""
    m = first(table, "manufactured")
    return bool(pd.notna(m.low) and m.low <= 0 <= m.high)


def seeds_for_a_quarter(value: float, low: float | None, high: float | None, n: int) -> int | None:
    """Seeds at which the half-width would be a quarter of the estimate, as it shrinks with the root of their number."""
    if low is None or high is None or np.isnan(low) or value == 0:
        return None
    return max(2, int(np.ceil(n * ((high - low) / 2 / (abs(value) / 4)) ** 2)))


def interval(low: float | None, high: float | None, form: str = "{:.2f}") -> str:
    """An interval in words."""
    if low is None or high is None or np.isnan(low):
        return "no interval from one seed"
    return f"{form.format(low)} to {form.format(high)}"


def headline(folder: Path) -> list[str]:
    """The lines that a comparison prints."""
    table = read_table(folder, "estimates")
    m, share = first(table, "manufactured"), first(table, "manufactured_share")
    worlds = Worlds(read_table(folder, "runs"), read_json(folder / "manifest.json"))
    name = "manufactured visibility" if worlds.directed(worlds.campaign) else "extra visibility (nobody was directed)"
    lines = [
        "In this model, given its assumptions (95% intervals over seeds: luck only):",
        f"{name}: {m.estimate:.2f} impressions per genuine user ({interval(m.low, m.high)}), "
        f"{share.estimate:.0%} of the candidate's visibility ({interval(share.low, share.high, '{:.0%}')})",
    ]
    nothing = nothing_to_dampen(table)
    for contrast in dict.fromkeys(table["contrast"][table["contrast"].str.startswith("dampening:")]):
        e = first(table, contrast)
        said = "nothing to dampen" if nothing else f"{e.estimate:.0%} ({interval(e.low, e.high, '{:.0%}')})"
        lines.append(f"dampening by {contrast.split(':')[1]}: {said}")
    for rival in worlds.rivals:
        e = first(table, f"extra:{rival}")
        lines.append(f"extra visibility under {rival}: {e.estimate:.2f} ({interval(e.low, e.high)})")
    wanted = seeds_for_a_quarter(m.estimate, m.low, m.high, int(m.n))
    if wanted is not None:
        lines.append(
            f"half-width reached: {(m.high - m.low) / 2 / abs(m.estimate):.0%} of the estimate with {m.n} seeds; "
            f"a quarter would need about {wanted}"
        )
    return lines
