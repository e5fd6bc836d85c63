"""What a campaign must not have touched: the negative controls of a comparison, all declared in advance.

A campaign for A also moves what others get: A's posts take places in feeds, and accounts at work carry other people's posts further.
Small worlds show that this falls on all other politics nearly in proportion, and can go either way (docs/ODD.md, section 7). Zero is
therefore asked for after what is common to all has been taken out, in one of three ways:

- `others`: of an untouched candidate, against what became of the other untouched ones together. Zero where whatever the campaign
  did to others fell on them in proportion; `margin` says how far from zero a candidate may lie whom it spared, or hit twice.
- `equals`: of a candidate whom only the label tells from others, against these. Zero by symmetry, whatever else the campaign did.
- `before`: all candidates, over measured days before the campaign may act. Zero to the last view, since twins are one world until then.

Negative controls: Lipsitch, Tchetgen Tchetgen and Cohen, Epidemiology 21(3), 383-388, 2010.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from scipy import stats

from analysis.estimates.paired import Estimate, Floats, Worlds, estimate, holm

CONTROL, ALL_OTHERS = "control:", "all_others"
OTHERS, EQUALS, BEFORE = "others", "equals", "before"
MEASURES = (OTHERS, EQUALS, BEFORE)  # whose intervals are to hold zero; `margin`, and `all_others`, are no controls
MISSES = 0.05  # share of 95% intervals that leave out a zero which is true


class Views:
    """Impressions of each candidate in the campaign's world and its quiet twin, without a policy; one value a seed."""

    def __init__(self, worlds: Worlds, series: pd.DataFrame) -> None:
        self.worlds, self.seeds = worlds, sorted(worlds.runs["seed"].unique())
        self.campaign, self.quiet = f"{worlds.campaign}/none", "quiet/none"
        mine = series[
            series["arm"].isin([self.campaign, self.quiet]) & series["measure"].isin(["impressions", "impressions_all"])
        ]
        self.daily = mine[mine["measure"] == "impressions"]
        self.users = worlds.column(self.quiet, "genuine_users")
        by = (
            mine.groupby(["arm", "candidate", "seed"])["value"]
            .sum()
            .unstack("seed", fill_value=0.0)
            .reindex(columns=self.seeds)
        )
        self.totals = {key: np.asarray(row, dtype=np.float64) for key, row in zip(by.index, by.to_numpy(), strict=True)}

    def of(self, arm: str, candidates: Sequence[int]) -> Floats:
        """Impressions that carry any of these candidates, by seed; -1 stands for all impressions, whatever they carry."""
        nobody = np.zeros(len(self.seeds))
        return np.asarray(sum((self.totals.get((arm, c), nobody) for c in candidates), nobody), dtype=np.float64)

    def moved_before(self, day: int) -> Floats:
        """By how much twins differ on measured days before one, by seed: absolute differences, over candidates and days."""
        rows = self.daily[self.daily["day"] < day]
        by = rows.groupby(["seed", "day", "candidate", "arm"])["value"].sum().unstack("arm", fill_value=0.0)
        by = by.reindex(columns=[self.campaign, self.quiet], fill_value=0.0)
        apart = (by[self.campaign] - by[self.quiet]).abs().groupby("seed").sum()
        return np.asarray(apart.reindex(self.seeds, fill_value=0.0), dtype=np.float64)


def control_contrasts(worlds: Worlds, series: pd.DataFrame) -> list[tuple[str, str, Estimate]]:
    """control:LETTER of each untouched candidate who was seen, control:before, and what became of all others together.

    Nothing where no campaign is set against the quiet world. Unit: impressions per genuine user; of `all_others` a relative change.
    """
    manifest, views = worlds.manifest, Views(worlds, series)
    if worlds.campaign == "quiet" or "quiet/none" not in set(worlds.runs["arm"]):
        return []
    untouched = [c for c in range(len(manifest["candidates"])) if c != manifest["candidate"] and _seen(views, [c])]
    found = []
    for candidate in untouched:
        name = f"{CONTROL}{manifest['candidates'][candidate]}"
        rest = [c for c in untouched if c != candidate]
        found += [
            (name, OTHERS, _against(views, candidate, rest)),
            (name, "margin", _margin(views, candidate, rest)),
        ]
        equals = [c for c in manifest["exchangeable"] if c in rest]
        if candidate in manifest["exchangeable"] and equals:
            found.append((name, EQUALS, _against_equals(views, candidate, equals)))
    if untouched:
        found.append((ALL_OTHERS, "impressions_change", _others(views, untouched)))
    first = first_day(manifest, worlds.campaign)
    if first:
        moved = {f"{views.campaign}:x": views.moved_before(first) / views.users}
        found.append((f"{CONTROL}{BEFORE}", BEFORE, estimate(moved, lambda x: float(x[f"{views.campaign}:x"].mean()))))
    return found


def first_day(manifest: Mapping[str, object], campaign: str) -> int:
    """Measured days before a campaign may act; none where it may from the first on, or where an older folder does not say."""
    starts = manifest.get("starts", {})
    if not isinstance(starts, Mapping) or campaign not in starts:
        return 0
    days = (date.fromisoformat(starts[campaign]) - date.fromisoformat(str(manifest["start_date"]))).days
    return min(max(days, 0), int(str(manifest["days"])))


def _seen(views: Views, candidates: Sequence[int]) -> bool:
    """Whether anybody saw them; what nobody could see can show nothing."""
    return any(views.of(arm, candidates).any() for arm in (views.campaign, views.quiet))


def _columns(views: Views, candidate: int, rest: Sequence[int]) -> dict[str, Floats]:
    """Impressions of a candidate and of those with whom it is compared: the rest, or all that does not carry A."""
    columns = {f"{arm}:own": views.of(arm, [candidate]) for arm in (views.campaign, views.quiet)}
    columns[f"{views.quiet}:users"] = views.users
    focal = int(views.worlds.manifest["candidate"])
    for arm in (views.campaign, views.quiet):
        columns[f"{arm}:rest"] = views.of(arm, rest) if rest else views.of(arm, [-1]) - views.of(arm, [focal])
    return columns


def _change(x: Mapping[str, Floats], views: Views) -> float:
    """What became of the rest: their impressions with the campaign over those without it; 1 where they had none."""
    before = float(x[f"{views.quiet}:rest"].sum())
    return float(x[f"{views.campaign}:rest"].sum()) / before if before else 1.0


def _against(views: Views, candidate: int, rest: Sequence[int]) -> Estimate:
    """Impressions of a candidate with the campaign, less those without it times what became of the rest."""

    def added(x: Mapping[str, Floats]) -> float:
        expected = x[f"{views.quiet}:own"].sum() * _change(x, views)
        return float((x[f"{views.campaign}:own"].sum() - expected) / x[f"{views.quiet}:users"].sum())

    return estimate(_columns(views, candidate, rest), added)


def _margin(views: Views, candidate: int, rest: Sequence[int]) -> Estimate:
    """How far from zero a candidate lies whom the campaign spares, or hits twice as hard as the rest."""

    def spared(x: Mapping[str, Floats]) -> float:
        return float(x[f"{views.quiet}:own"].sum() * abs(_change(x, views) - 1.0) / x[f"{views.quiet}:users"].sum())

    return estimate(_columns(views, candidate, rest), spared)


def _against_equals(views: Views, candidate: int, equals: Sequence[int]) -> Estimate:
    """What the campaign adds to a candidate, less what it adds on average to the others of the same parameters."""
    columns = {
        f"{arm}:x": (views.of(arm, [candidate]) - views.of(arm, equals) / len(equals)) / views.users
        for arm in (views.campaign, views.quiet)
    }
    return estimate(columns, lambda x: float(x[f"{views.campaign}:x"].mean() - x[f"{views.quiet}:x"].mean()))


def _others(views: Views, untouched: Sequence[int]) -> Estimate:
    """Relative change of the impressions of all untouched candidates together: no control, as it need not be zero."""
    columns = {f"{arm}:rest": views.of(arm, untouched) for arm in (views.campaign, views.quiet)}
    return estimate(columns, lambda x: _change(x, views) - 1.0)


@dataclass(frozen=True)
class Control:
    """One control as a reader meets it. low and high: ends of its interval; margin: what displacement may have done.

    p: of lying beyond the margin by luck, two-sided, by Student's t; the margin is taken as known.
    """

    letter: str
    measure: str
    value: float
    low: float
    high: float
    margin: float
    p: float

    @property
    def holds(self) -> bool:
        """Whether its interval holds zero."""
        return self.low <= 0 <= self.high


def controls(table: pd.DataFrame) -> list[Control]:
    """The controls among estimates, in order; none from one seed, which has no interval."""
    mine = table[table["contrast"].str.startswith(CONTROL) & table["low"].notna()]
    margins = mine[mine["measure"] == "margin"].set_index("contrast")["estimate"]
    found = []
    for row in mine[mine["measure"].isin(MEASURES)].itertuples(index=False):
        margin = float(margins[row.contrast]) if row.measure == OTHERS else 0.0
        beyond = max(abs(row.estimate) - margin, 0.0)
        t = beyond / row.paired_sd if row.paired_sd > 0 else (np.inf if beyond else 0.0)
        p = float(2 * stats.t.sf(t, row.n - 1))
        letter = row.contrast.removeprefix(CONTROL)
        found.append(Control(letter, row.measure, row.estimate, row.low, row.high, margin, p))
    return found


def touched(found: Sequence[Control]) -> list[Control]:
    """Controls that neither displacement nor luck explains, at 5% over all of them together (Holm)."""
    adjusted = holm(np.array([one.p for one in found], dtype=np.float64))
    return [one for one, p in zip(found, adjusted, strict=True) if p < MISSES]


def verdict(found: Sequence[Control]) -> str:
    """In how many controls the interval holds zero, how many one expects, and what the others say."""
    drawn = [one for one in found if one.measure != BEFORE]
    lost, far = [one for one in drawn if not one.holds], touched(drawn)
    said = (
        f"In {len(drawn) - len(lost)} of {len(drawn)} controls the 95% interval holds zero; of as many some "
        f"{MISSES * len(drawn):.1f} miss it by luck alone."
    )
    if lost:
        said += f" Not zero: {_named(lost)}."
    if far:
        said += (
            f" Neither luck nor displacement explains, when all are taken together (Holm): {_named(far)}. The campaign, or an "
            "error, touched more than its candidate."
        )
    elif lost:
        said += " Taken together (Holm), none lies further from zero than luck and displacement explain."
    early = [one for one in found if one.measure == BEFORE]
    if early:
        same = all(one.value == 0 for one in early)
        what = "are their twins, to the last view" if same else "differ from their twins: an error"
        said += f" On the days before it may act its worlds {what}."
    return said


def _named(found: Sequence[Control]) -> str:
    """Whom they are about, the furthest from zero first: one that is pushed makes its equals look held back."""
    against = {OTHERS: "against all others", EQUALS: "against its equals"}
    return ", ".join(f"{one.letter} {against[one.measure]}" for one in sorted(found, key=lambda one: -abs(one.value)))
