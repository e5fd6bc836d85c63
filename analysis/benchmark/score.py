"""What flags are worth: found, precision, innocents hit, delay; by level of craft, by size, by background and over all.

Accounts that count are those that somebody directs (operated by the campaign, or by a vendor of engagement) and genuine ones; flags on
others (people hired for their audience, candidates' own accounts, accounts for sale that nobody used) are neither right nor wrong.

Intervals are 95%, with worlds as what was drawn: the jackknife over worlds on the logit, as in `analysis.estimates.paired`. A share of
0 or 1 has no spread between worlds: there it is Wilson's interval (JASA 22, 209-212, 1927) with each world as one trial, and of
innocents with each account. Delays have the least and the most of any world instead.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from analysis.benchmark.flags import ACCOUNT, HOUR, SCORE, WORLD
from analysis.benchmark.load import Folder
from analysis.benchmark.plan import NO_SIZE, settings
from analysis.benchmark.tables import COORDINATED, INNOCENT, LABELS
from analysis.estimates.paired import Estimate, estimate

OPERATED, VENDOR = COORDINATED
HOUR_LONG = 3600  # seconds
PER = 100_000  # genuine accounts
EVERYTHING = "all worlds"
Columns = Mapping[str, npt.NDArray[np.float64]]
NOTHING = Estimate(float("nan"), None, None, 0, None, None)


@dataclass(frozen=True)
class Judged:
    """worlds: a row for each, with counts of accounts and of flags. at_price: whether all flags had scores, so that `at_price` counts."""

    worlds: pd.DataFrame
    at_price: bool
    repeated: int  # rows that flagged an account again
    elsewhere: int  # flags on worlds that were not looked at

    def groups(self) -> Iterator[tuple[str, pd.DataFrame]]:
        """Worlds of each level, of each size, of each background, and all, with names."""
        known, there = [*settings().whole.levels, settings().quiet], list(dict.fromkeys(self.worlds["level"]))
        for level in sorted(there, key=lambda name: known.index(name) if name in known else -1):
            yield level, self.worlds[self.worlds["level"] == level]
        for column in ("size", "background"):
            for name in sorted(set(self.worlds[column]) - ({NO_SIZE} if column == "size" else set()), reverse=True):
                yield f"{column} {name}", self.worlds[self.worlds[column] == name]
        yield EVERYTHING, self.worlds

    def table(self) -> pd.DataFrame:
        """One row a group: each number with its interval."""
        return pd.DataFrame([{"group": name, **judged(worlds, self.at_price)} for name, worlds in self.groups()])


def judge(flags: pd.DataFrame, folder: Folder, which: str, levels: Sequence[str] = (), repeated: int = 0) -> Judged:
    """Hold flags, as `read_flags` gives them, against the labels of a set. levels: those that are looked at, all where none is named."""
    worlds = folder.labelled(which)
    worlds = worlds[worlds["level"].isin(levels)] if levels else worlds
    all_flags, flags = len(flags), flags[flags[WORLD].isin(worlds[WORLD])].copy()
    kinds = {name: folder.table(name, LABELS).set_index(ACCOUNT)["kind"] for name in worlds[WORLD]}
    flags["kind"] = [kinds[world][account] for world, account in zip(flags[WORLD], flags[ACCOUNT], strict=True)]
    has_scores = bool(len(flags) and flags[SCORE].notna().all())
    bar = _bar(flags, float(worlds["genuine"].sum())) if has_scores else np.inf
    rows = [_of_world(row, flags[flags[WORLD] == row[WORLD]], bar) for row in worlds.to_dict(orient="records")]
    return Judged(pd.DataFrame(rows), has_scores, repeated, all_flags - len(flags))


def _bar(flags: pd.DataFrame, genuine: float) -> float:
    """The score above which no more innocents lie than the price allows."""
    allowed = int(settings().price / PER * genuine)
    innocent = np.sort(flags.loc[flags["kind"].isin(INNOCENT), SCORE].to_numpy())[::-1]
    return float(innocent[allowed]) if len(innocent) > allowed else -np.inf


def _of_world(world: Mapping[str, Any], flags: pd.DataFrame, bar: float) -> dict[str, Any]:
    """Counts of one world."""
    count = flags["kind"].value_counts()
    hits = {f"{kind}_hit": float(count.get(kind, 0)) for kind in (*COORDINATED, *INNOCENT)}
    above = flags.loc[flags[SCORE] > bar, "kind"]
    return {
        **{key: world[key] for key in (WORLD, "level", "size", "background", "genuine", *COORDINATED)},
        **hits, "hit": sum(hits[f"{kind}_hit"] for kind in INNOCENT), "right": sum(hits[f"{kind}_hit"] for kind in COORDINATED),
        "directed": float(sum(world[kind] for kind in COORDINATED)), "right_at_price": float(above.isin(COORDINATED).sum()),
        **_delays(world, flags[flags["kind"] == OPERATED]),
    }  # fmt: skip


def _delays(world: Mapping[str, Any], found: pd.DataFrame) -> dict[str, float]:
    """Hours from the day on which the campaign's own accounts wake to the first of them that is flagged, and to half of those that are.

    An hour is over when its flags are raised. Negative: flagged while they were only being used as people use the app.
    """
    if len(found) == 0 or found[HOUR].isna().any():
        return {"first": np.nan, "half": np.nan}
    hours = np.sort(found[HOUR].to_numpy()) + 1 - (world["wake"] - world["first"]) / HOUR_LONG
    return {"first": float(hours[0]), "half": float(hours[(len(hours) - 1) // 2])}


def judged(worlds: pd.DataFrame, at_price: bool) -> dict[str, Any]:
    """The numbers of some worlds with their intervals."""
    c = {str(name): column.to_numpy(dtype=np.float64) for name, column in worlds.select_dtypes("number").items()}
    hit = _share(c, "hit", "genuine", trials=float(c["genuine"].sum()))
    parts = {
        "found": _share(c, "right", "directed"), "operated_found": _share(c, f"{OPERATED}_hit", OPERATED),
        "vendor_found": _share(c, f"{VENDOR}_hit", VENDOR), "innocents": _times(hit, PER), "precision": _precision(c),
        **{f"precision_{name}": _at_base(c, base, hit) for name, base in settings().base_rates.items()},
        "found_at_price": _share(c, "right_at_price", "directed") if at_price else NOTHING,
        "first": _over(c["first"]), "half": _over(c["half"]),
    }  # fmt: skip
    row: dict[str, Any] = {
        "worlds": len(worlds), "base_rate": _ratio(c["directed"].sum(), (c["directed"] + c["genuine"]).sum()),
        "volunteers_hit": _ratio(c["volunteer_hit"].sum(), c["hit"].sum()),  # of innocents hit: who would follow a channel's calls
    }  # fmt: skip
    for name, e in parts.items():
        row |= {name: e.value, f"{name}_low": e.low, f"{name}_high": e.high}
    return row


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole else float("nan")


def _share(c: Columns, part: str, whole: str, trials: float | None = None) -> Estimate:
    """A share over worlds. trials: of Wilson's interval where it is 0 or 1; else the worlds that have any."""
    some = {part: c[part][c[whole] > 0], whole: c[whole][c[whole] > 0]}
    n = len(some[whole])
    if n == 0:
        return NOTHING
    value = _ratio(some[part].sum(), some[whole].sum())
    if 0 < value < 1:
        return estimate(some, lambda x: _ratio(x[part].sum(), x[whole].sum()), "logit")
    return Estimate(value, *_wilson(value, trials or n), n, None, None)


def _wilson(value: float, trials: float) -> tuple[float, float]:
    """Ends of the interval of a share that is 0 or 1."""
    found = stats.binomtest(round(value * trials), round(trials)).proportion_ci(method="wilson")
    return float(found.low), float(found.high)


def _precision(c: Columns) -> Estimate:
    """Of the flags that are right or wrong, the share that is right."""
    return _share({**c, "flags": c["right"] + c["hit"]}, "right", "flags")


def _at_base(c: Columns, base: float, hit: Estimate) -> Estimate:
    """Precision where a share `base` of all accounts is directed, from what is found and the rate of innocents hit.

    hit: that rate; where it is 0 the lower end is what its own upper end would give.
    """
    if not c["directed"].sum() or not (c["right"].sum() or c["hit"].sum()):
        return NOTHING

    def precision(found: float, false: float) -> float:
        return _ratio(base * found, base * found + (1.0 - base) * false)

    def of(x: Columns) -> float:
        return precision(_ratio(x["right"].sum(), x["directed"].sum()), _ratio(x["hit"].sum(), x["genuine"].sum()))

    if hit.value == 0:
        low = precision(_ratio(c["right"].sum(), c["directed"].sum()), hit.high or 0.0)
        return Estimate(1.0, low, 1.0, len(c["hit"]), None, None)
    with np.errstate(invalid="ignore"):
        return estimate({name: c[name] for name in ("right", "directed", "hit", "genuine")}, of, "logit")


def _over(values: npt.NDArray[np.float64]) -> Estimate:
    """Mean over the worlds that have it, with the least and the most; no interval, since delays are few and far from normal."""
    some = values[np.isfinite(values)]
    if not len(some):
        return NOTHING
    return Estimate(float(some.mean()), float(some.min()), float(some.max()), len(some), None, None)


def _times(e: Estimate, factor: float) -> Estimate:
    ends = [None if end is None else end * factor for end in (e.low, e.high)]
    return Estimate(e.value * factor, ends[0], ends[1], e.n, None, None)
