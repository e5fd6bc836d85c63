"""Do answers depend on the size of the miniature, or on how many topics its interest space has?"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import stats

from analysis.estimates.paired import Estimate, estimate
from analysis.validation.small_worlds import arms_of_a_seed, visibility
from analysis.validation.target import Curves, Effort, Finding, Target
from analysis.validation.workshop import each

Floats = npt.NDArray[np.float64]
SOURCE = "invariance: a result must not hang on the size of the miniature or on the number of topics"
POLICY = "suspend_coordinated"
MODULES = ("scaling of the population", "campaign and its tactics", "staged_audience", "audience", POLICY)


@dataclass(frozen=True)
class Setting:
    """One kind of world: its name on the page, what it overrides, how many of the country one of its users stands for."""

    name: str
    overrides: tuple[str, ...]
    one_for: int
    seeds: int


def _scale(one_for: int, seeds: int) -> Setting:
    return Setting(f"1:{one_for:,}", ("scenario=romania_2024", f"scale={1.0 / one_for:.8f}"), one_for, seeds)


def _with_real_posts(one_for: int, seeds: int) -> Setting:
    """A part of the country one to one: as many posts a user as there really are, each with as many views."""
    return Setting(f"1:{one_for:,} with real posts", ("scenario=country", f"scale={1.0 / one_for:.8f}"), one_for, seeds)


# A world of fewer than some 2,500 users has less than one whole cell of sleepers, and nothing for the policy to find. The last
# of each is what the others are held against.
SIZES: dict[Effort, tuple[Setting, ...]] = {
    "quick": (_scale(3_600, 3), _scale(2_250, 3)),
    "normal": (_scale(900, 8), _scale(300, 4)),
    "full": (_scale(900, 16), _scale(300, 8), _scale(90, 4), _with_real_posts(9, 2)),
}
DENSE: dict[Effort, tuple[int, int]] = {"quick": (3_600, 3), "normal": (900, 8), "full": (300, 8)}
CASE: dict[Effort, tuple[str, ...]] = {
    "quick": ("days=3", "calendar.warm_up_days=2"),
    "normal": ("days=14",),
    "full": ("days=14",),
}
# Why sizes differ: acts for each view that the campaign's accounts do on a fresh post, measured apart (docs/DECISIONS.md, What a
# miniature must keep). -1: it says why a smaller world has less of the measure; +1 would say, more.
FEW_ACCOUNTS = (
    "an account acts on a post once, and a small world has too few sleepers for each fresh post: .38 acts for each of its views "
    "at 1:900, 1.1 at 1:300 and 1.0 at 1:30 with real posts"
)
WHY_SIZE = {"manufactured visibility": (-1, FEW_ACCOUNTS), f"dampening by {POLICY}": (-1, FEW_ACCOUNTS)}
WHY_DENSE = {
    "manufactured visibility": (
        1,
        "all that is political is seen more, campaign or not: with more topics ordinary posts fit fewer people, and a "
        "supporter's post that names a candidate gets .74 (standard error .04) of the mean post's views instead of .62 (.03; six "
        "seeds without a campaign)",
    ),
}
NOT_FOUND = "why, has not been found"
AXES = 16  # topical axes of the denser interest space; the default has 8


def study(effort: Effort) -> Finding:
    """Manufactured visibility and dampening in worlds of several sizes, and in one with twice as many topics."""
    sizes, (one_for, seeds) = SIZES[effort], DENSE[effort]
    dense = Setting(
        f"1:{one_for:,} with {AXES} topics",
        (*_scale(one_for, seeds).overrides, f"population.axes={AXES}"),
        one_for,
        seeds,
    )
    settings = [*sizes, dense]
    columns = dict(zip((s.name for s in settings), _worlds(CASE[effort], settings), strict=True))
    found = {name: {measure: of(columns[name]) for measure, of in MEASURES.items()} for name in columns}
    largest = sizes[-1].name
    targets = [_agree(setting, largest, measure, found) for measure in MEASURES for setting in sizes[:-1]]
    plain = _scale(one_for, seeds).name
    targets += [_agree(dense, plain, measure, found) for measure in MEASURES]
    method = (
        f"romania_2024 {' '.join(CASE[effort])}, with and without the campaign and with and without {POLICY}; "
        + "; ".join(f"{s.name}, {s.seeds} seeds" for s in settings)
        + f". {_without(columns)} "
        f"Two sizes agree where the 95% interval (Welch) of their difference holds zero. {_from_which(sizes, targets)} "
        "A wide interval agrees easily, so look at its width too."
    )  # fmt: skip
    return Finding(
        "Invariance: size of the miniature, density of the interest space", method, targets, curves(sizes, found)
    )


def arms_of_setting(task: tuple[tuple[str, ...], int]) -> dict[str, float]:
    """Visibility of the candidate in the four arms of one seed."""
    overrides, seed = task
    arms = [
        (*overrides, f"campaign={c}", f"moderation={m}") for m in ("none", POLICY) for c in ("quiet", "coordinated")
    ]
    return {arm: visibility(run) for arm, run in arms_of_a_seed(arms, seed).items()}


def _worlds(case: tuple[str, ...], settings: list[Setting]) -> list[dict[str, Floats]]:
    """Visibility by arm, one value a seed, for each setting; the largest worlds are begun first."""
    tasks = [((*setting.overrides, *case), seed) for setting in settings for seed in range(1, setting.seeds + 1)]
    cost = [setting.one_for for setting in settings for _ in range(setting.seeds)]
    order = sorted(range(len(tasks)), key=lambda number: cost[number])
    results = dict(zip(order, each(arms_of_setting, [tasks[number] for number in order]), strict=True))
    found, begin = [], 0
    for setting in settings:
        rows = [results[number] for number in range(begin, begin + setting.seeds)]
        found.append({f"{arm}:v": np.array([row[arm] for row in rows]) for arm in rows[0]})
        begin += setting.seeds
    return found


def _without(columns: Mapping[str, Mapping[str, Floats]]) -> str:
    """How visible the candidate is without a campaign: a part of the world that a miniature does not keep."""
    visible = ", ".join(f"{of['quiet/none:v'].mean():.2f} ({name})" for name, of in columns.items())
    return f"Without a campaign the candidate has {visible} impressions per user."


def manufactured(columns: Mapping[str, Floats]) -> Estimate:
    """Impressions of the candidate per genuine user that the campaign added."""
    return estimate({key: columns[key] for key in ("coordinated/none:v", "quiet/none:v")}, _extra("none"))


def dampening(columns: Mapping[str, Floats]) -> Estimate:
    """Share of them that the policy took away."""
    before, after = _extra("none"), _extra(POLICY)
    return estimate(columns, lambda x: 1.0 - after(x) / before(x))


def _extra(moderation: str) -> Callable[[Mapping[str, Floats]], float]:
    return lambda x: float(x[f"coordinated/{moderation}:v"].mean() - x[f"quiet/{moderation}:v"].mean())


MEASURES: dict[str, Callable[[Mapping[str, Floats]], Estimate]] = {
    "manufactured visibility": manufactured,
    f"dampening by {POLICY}": dampening,
}


def difference(one: Estimate, other: Estimate) -> tuple[float, float, float]:
    """Difference of two estimates from different worlds, with Welch's 95% interval."""
    a, b = float(one.paired_sd or 0.0) ** 2, float(other.paired_sd or 0.0) ** 2
    gap = one.value - other.value
    if a + b == 0:
        return gap, gap, gap
    freedom = (a + b) ** 2 / (a**2 / (one.n - 1) + b**2 / (other.n - 1))
    half = float(stats.t.ppf(0.975, freedom)) * float(np.sqrt(a + b))
    return gap, gap - half, gap + half


def _agree(setting: Setting, standard: str, measure: str, found: Mapping[str, Mapping[str, Estimate]]) -> Target:
    name = setting.name
    one, other = found[name][measure], found[standard][measure]
    got, low, high = difference(one, other)
    agrees = low <= 0 <= high
    sign, why = (WHY_DENSE if "topics" in name else WHY_SIZE).get(measure, (0, ""))
    reason = f"{one.value:.2f} at {name} and {other.value:.2f} at {standard}; {why if sign * got > 0 else NOT_FOUND}"
    expected = f"0: the interval of the difference to {standard} ({other.value:.2f}) holds zero"
    return Target(
        f"{measure}, {name}", "null", SOURCE, expected, got, low, high, agrees, MODULES, "" if agrees else reason
    )


def _from_which(sizes: tuple[Setting, ...], targets: list[Target]) -> str:
    """From which size on all larger ones agree with the largest, in both measures."""
    agreeing = sizes[-1]
    for setting in reversed(sizes[:-1]):
        if not all(target.agrees for target in targets if target.name.endswith(f", {setting.name}")):
            break
        agreeing = setting
    if agreeing is sizes[-1]:
        return f"No smaller size agrees with {sizes[-1].name} in both measures."
    return f"Sizes from {agreeing.name} on agree in both measures."


def curves(sizes: tuple[Setting, ...], found: Mapping[str, Mapping[str, Any]]) -> list[Curves]:
    """Each measure by size, with its interval."""
    x = [float(setting.one_for) for setting in sizes]
    made = []
    for measure in MEASURES:
        own = [found[setting.name][measure] for setting in sizes]
        lines = [
            (label, x, [float(getattr(e, end)) for e in own])
            for label, end in (("upper end", "high"), ("estimate", "value"), ("lower end", "low"))
        ]
        made.append(
            Curves(
                f"{measure.capitalize()} by size of the miniature",
                "inhabitants of the country for one user",
                measure,
                lines,
                log_x=True,
            )
        )
    return made  # fmt: skip
