"""Two bands: on toy models whose luck and assumptions are known, each band holds its truth, or fails by as much as the documents say.

Truth of the band of luck: the true answer under the stated assumptions. Truth of the band of assumptions: the true answer (luck averaged
out) of one more set of assumptions, drawn as those of the design were. Truth of its ends: the .025 and .975 quantiles of such answers.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from analysis.estimates.luck_scale import LuckScale, luck_scale
from analysis.estimates.paired import estimate, leave_one_out
from analysis.estimates.two_bands import (
    ENDS,
    FEWEST,
    Answers,
    answers,
    assumed,
    confidence,
    linear_left_out,
    parts_of,
    told_from_zero,
)

Floats = npt.NDArray[np.float64]
Truths = Callable[[np.random.Generator, int], Floats]  # true answers of sets of assumptions
Luck = Callable[[np.random.Generator, Floats, int], Floats]  # answers of single seeds, (M, r), about true ones


def gaussian(spread: float) -> Truths:
    return lambda chance, n: chance.normal(4.0, spread, n)


def skewed(spread: float) -> Truths:
    return lambda chance, n: chance.lognormal(0.7, spread, n)


def two_heaps(chance: np.random.Generator, n: int) -> Floats:
    return np.where(chance.random(n) < 0.5, 1.0, 4.0) * chance.lognormal(0.0, 0.15, n)


def even(spread: float) -> Luck:
    return lambda chance, truth, r: truth[:, None] + chance.normal(0.0, spread, (len(truth), r))


def growing(spread: float) -> Luck:
    """Log-normal, in proportion to the answer: skewed, and unequal between sets."""
    return lambda chance, truth, r: truth[:, None] * chance.lognormal(-(spread**2) / 2, spread, (len(truth), r))


def one_sided(chance: np.random.Generator, truth: Floats, r: int) -> Floats:
    return truth[:, None] + chance.exponential(1.0, (len(truth), r)) - 1.0


def unequal(chance: np.random.Generator, truth: Floats, r: int) -> Floats:
    spreads = chance.lognormal(-0.25, 0.7, (len(truth), 1))
    return truth[:, None] + chance.normal(0.0, 1.0, (len(truth), r)) * spreads


def shared(chance: np.random.Generator, truth: Floats, r: int) -> Floats:
    """Half of luck moves all sets alike: the same seeds in every set."""
    return truth[:, None] + chance.normal(0.0, 0.7, r) + chance.normal(0.0, 0.7, (len(truth), r))


THRESHOLD = 3.0
MOSTLY_LUCK = even(float(np.sqrt(0.86 / 0.14)))  # 86% of the variance of one pair of worlds
TOYS: Mapping[str, tuple[Truths, Luck]] = {
    "gaussian": (gaussian(1.0), even(1.0)),
    "mostly luck": (gaussian(1.0), MOSTLY_LUCK),
    "skewed between, luck grows": (skewed(0.6), growing(0.5)),
    "skewed between, even luck": (skewed(0.6), even(1.5)),
    "skewed luck": (gaussian(1.0), one_sided),
    "unequal luck": (gaussian(1.0), unequal),
    "no assumptions": (gaussian(0.0), even(1.0)),
    "two heaps": (two_heaps, growing(0.3)),
    "common seeds": (gaussian(1.0), shared),
}


def of_seeds(worlds: Floats, common: bool = False) -> Answers:
    """Answers that are means over seeds."""
    n = worlds.shape[1]
    total = worlds.sum(axis=1, keepdims=True)
    left_out = tuple((total - worlds) / (n - 1)) if n > 1 else tuple(np.empty((len(worlds), 0)))
    return Answers(worlds.mean(axis=1), left_out, common)


@cache
def studies(toy: str, sets: int, seeds: int, n: int = 200) -> tuple[list[Any], Floats]:
    """What n designs say, and true answers of many more sets of assumptions."""
    truths, luck = TOYS[toy]
    chance = np.random.default_rng([sets, seeds, *toy.encode()])
    found = [
        assumed(of_seeds(luck(chance, truths(chance, sets), seeds), toy == "common seeds"), 0.0, THRESHOLD)
        for _ in range(n)
    ]
    return found, truths(chance, 4000)


def held(found: list[Any], truths: Floats) -> float:
    """Probability that the band of a study holds the true answer of one more set."""
    return float(np.mean([((truths >= one.low) & (truths <= one.high)).mean() for one in found]))


@pytest.mark.parametrize(
    ("toy", "sets", "seeds"),
    [("gaussian", 16, 2), ("mostly luck", 64, 4), ("skewed between, luck grows", 64, 2), ("skewed between, even luck", 16, 2),
     ("skewed luck", 64, 2), ("unequal luck", 16, 4), ("common seeds", 64, 4)],
)  # fmt: skip
def test_the_band_of_assumptions_holds_one_more_set(toy: str, sets: int, seeds: int) -> None:
    assert 0.92 <= held(*studies(toy, sets, seeds)) <= 0.98


@pytest.mark.slow
@pytest.mark.parametrize("seeds", [2, 4])
@pytest.mark.parametrize("sets", [16, 64, 256])
@pytest.mark.parametrize("toy", [toy for toy in TOYS if toy not in ("no assumptions", "two heaps", "common seeds")])
def test_it_does_so_in_designs_of_all_sizes(toy: str, sets: int, seeds: int) -> None:
    assert 0.92 <= held(*studies(toy, sets, seeds)) <= 0.98


@pytest.mark.parametrize(
    ("toy", "sets", "seeds", "least"),
    [("no assumptions", 16, 2, 0.98), ("two heaps", 64, 2, 0.98), ("common seeds", 16, 2, 0.97)],
)
def test_where_it_holds_too_much(toy: str, sets: int, seeds: int, least: float) -> None:
    """Where assumptions do nothing, a band that is right elsewhere is too wide; two heaps have no tails; two common seeds tell little."""
    assert held(*studies(toy, sets, seeds, 100)) >= least


def test_the_band_of_luck_holds_the_answer_under_the_stated_assumptions() -> None:
    chance = np.random.default_rng(2)
    worlds = chance.normal(4.0, 1.5, (200, 8))
    intervals = [estimate({"a:v": own}, lambda x: float(x["a:v"].mean())) for own in worlds]
    assert (
        0.92
        <= np.mean([e.low is not None and e.high is not None and e.low <= 4.0 <= e.high for e in intervals])
        <= 0.98
    )


def test_luck_is_taken_out() -> None:
    """Raw answers of a design with much luck spread twice as far as true ones; the band does not."""
    found, truths = studies("mostly luck", 256, 4, 40)
    width = float(np.mean([one.high - one.low for one in found]))
    true_width = float(np.diff(np.quantile(truths, ENDS))[0])
    assert true_width * 0.9 <= width <= true_width * 1.15
    raw, _ = studies("mostly luck", 256, 1, 40)
    assert not any(one.luck_taken_out for one in raw)
    assert all(one.share is None and one.above is None for one in raw)
    assert np.mean([one.high - one.low for one in raw]) > 2 * true_width


@pytest.mark.parametrize(
    ("toy", "sets", "seeds"), [("gaussian", 16, 2), ("mostly luck", 64, 4), ("skewed between, luck grows", 64, 2)]
)
def test_ends_lie_where_they_are_said_to(toy: str, sets: int, seeds: int) -> None:
    found, truths = studies(toy, sets, seeds)
    low, high = np.quantile(truths, ENDS)
    assert np.mean([one.low_between[0] <= low <= one.low_between[1] for one in found]) >= 0.92
    assert np.mean([one.high_between[0] <= high <= one.high_between[1] for one in found]) >= 0.92


def test_much_luck_hides_a_skewed_shape() -> None:
    """Luck that is half of a world's variance blurs the short tail of skewed answers: ends of large designs are then said too exactly."""
    found, truths = studies("skewed between, even luck", 256, 2, 60)
    low = np.quantile(truths, ENDS[0])
    assert np.mean([one.low_between[0] <= low <= one.low_between[1] for one in found]) < 0.7
    assert 0.92 <= held(found, truths) <= 0.98


@pytest.mark.parametrize(
    ("toy", "sets", "seeds", "share", "least"),
    [
        ("gaussian", 16, 2, 0.5, 0.92),
        ("mostly luck", 64, 4, 0.14, 0.92),
        ("unequal luck", 16, 4, 0.382, 0.88),
        ("skewed luck", 64, 2, 0.5, 0.92),
    ],
)
def test_the_share_of_assumptions_has_an_interval_that_holds_it(
    toy: str, sets: int, seeds: int, share: float, least: float
) -> None:
    """Where sets differ in their luck by a factor of ten, a little less often than it should."""
    found, _ = studies(toy, sets, seeds)
    assert least <= np.mean([one.share_between[0] <= share <= one.share_between[1] for one in found]) <= 0.98
    assert np.mean([one.share for one in found]) == pytest.approx(share, abs=0.05)


def test_shares_of_nothing_and_of_everything() -> None:
    chance = np.random.default_rng(3)
    nothing, _ = studies("no assumptions", 64, 2, 50)
    assert np.mean([one.share_between[0] == 0 for one in nothing]) > 0.9
    truths = chance.normal(4.0, 1.0, 32)
    everything = assumed(of_seeds(np.repeat(truths[:, None], 2, axis=1)), 0.0, 4.0)
    assert everything is not None
    assert everything.above is not None
    assert (everything.share, everything.share_between) == (1.0, (1.0, 1.0))
    assert everything.above.count == (truths > 4).sum()


@pytest.mark.parametrize(
    ("toy", "sets", "seeds"), [("gaussian", 16, 2), ("mostly luck", 64, 4), ("skewed between, luck grows", 64, 2)]
)
def test_passing_a_threshold_is_counted_without_luck(toy: str, sets: int, seeds: int) -> None:
    found, truths = studies(toy, sets, seeds)
    share = float((truths > THRESHOLD).mean())
    assert np.mean([one.above.low <= share <= one.above.high for one in found]) >= 0.92
    assert np.mean([one.above.count / one.above.sets for one in found]) == pytest.approx(share, abs=0.05)


def test_what_all_sets_pass_is_passed_by_all_and_no_more() -> None:
    found, _ = studies("no assumptions", 64, 4, 20)
    assert all((one.above.count, one.above.high) == (64, 1.0) and one.above.low < 1 for one in found)


def test_a_few_sets_with_one_seed_borrow_luck_and_all_with_one_seed_have_none() -> None:
    chance = np.random.default_rng(4)
    worlds = chance.normal(4.0, 1.0, (40, 1)) + chance.normal(0.0, 1.0, (40, 2))
    both = of_seeds(worlds)
    mixed = Answers(
        np.append(both.values[:30], worlds[30:, 0]), (*both.left_out[:30], *(np.empty(0) for _ in range(10)))
    )
    parts = parts_of(mixed, mixed.scale(0.0))
    assert parts.luck[30:] == pytest.approx(2 * parts.luck[:30].mean())
    assert assumed(of_seeds(worlds[:, :1], common=True)) is None  # what one common seed does to all sets cannot be seen
    assert assumed(of_seeds(worlds[: FEWEST - 1])) is None
    assert assumed(Answers(np.append(both.values, np.nan), (*both.left_out, np.zeros(2)))) is None


def test_common_seeds_hide_no_assumptions() -> None:
    """What a seed does to all sets alike is no difference between them: taken off as luck of each, tau would come out too small."""
    found, _ = studies("common seeds", 64, 4, 60)
    assert np.mean([one.share for one in found]) == pytest.approx(1 / (1 + 0.98), abs=0.06)
    chance = np.random.default_rng(5)
    worlds = shared(chance, chance.normal(4.0, 1.0, 400), 4)
    together, apart = (of_seeds(worlds, common) for common in (True, False))
    assert parts_of(together, together.scale(0.0)).tau2 > parts_of(apart, apart.scale(0.0)).tau2
    with pytest.raises(ValueError, match="sets of 2 to 3 seeds given"):
        answers([({"a:v": np.ones(n)}, lambda x: 1.0) for n in (2, 3)], common=True)


def test_little_weight_is_the_jackknife_of_means_and_steadier_of_ratios() -> None:
    columns = {"a:v": np.array([1.0, 2.0, 4.0]), "b:v": np.array([3.0, 0.5, 1.0])}

    def mean(x: Mapping[str, Floats]) -> float:
        return float(x["a:v"].mean())

    def ratio(x: Mapping[str, Floats]) -> float:
        return float(x["a:v"].mean() / x["b:v"].mean())

    assert linear_left_out(columns, mean) == pytest.approx(leave_one_out(columns, mean))
    two = {"a:v": np.array([1.0, 2.0]), "b:v": np.array([2.0, 0.01])}
    assert np.ptp(linear_left_out(two, ratio)) < np.ptp(leave_one_out(two, ratio)) / 20


def test_the_scale_evens_luck_and_comes_back() -> None:
    chance = np.random.default_rng(6)
    values = chance.lognormal(0.0, 1.0, 400)
    luck = 0.02 + 0.09 * values**2
    scale = luck_scale(values, luck * chance.chisquare(3, 400) / 3, 0.0)
    assert scale.luck(values) == pytest.approx(luck, rel=0.35)
    for one in (scale, LuckScale(1.0, 0.5, 0.2), LuckScale(0.0, 0.5, 0.0), LuckScale(0.0, 0.0, 0.0)):
        at = np.array([-3.0, 0.0, 0.7, 1.0, 20.0])
        assert one.back(one.to(at)) == pytest.approx(at, abs=1e-9)
        assert (np.diff(one.to(at)) > 0).all()
    assert luck_scale(values, np.full(400, 0.3), 0.0).c1 == pytest.approx(0.0, abs=1e-6)


def test_what_manufactures_nothing_is_told_by_the_luck_of_all() -> None:
    """Two seeds of one set tell nothing by themselves; 1.96 standard errors of all sets do."""
    chance = np.random.default_rng(7)
    truths = np.repeat([0.0, 0.1, 5.0], 100)
    told = told_from_zero(of_seeds(truths[:, None] + chance.normal(0.0, 0.5, (300, 2))))
    assert told[:100].mean() < 0.06
    assert told[200:].all()


def test_draws_are_the_same_in_every_call() -> None:
    found = of_seeds(np.random.default_rng(8).normal(4.0, 1.0, (16, 2)))
    parts = parts_of(found, found.scale(0.0))
    assert all((a == b).all() for a, b in zip(confidence(parts), confidence(parts), strict=True))
    assert assumed(found, 0.0, 4.0) == assumed(found, 0.0, 4.0)


def test_sets_that_mostly_answer_nothing_have_a_band_with_ends() -> None:
    """Nobody sees the candidate in 22 of 24 sets; in two, one seed of two has a hit, so that luck is the answer, but for rounding."""
    values, left_out = np.zeros(24), [np.zeros(2) for _ in range(24)]
    for place, value, rounding in (
        (3, 0.0739795918367347, 5.551115123125783e-16),
        (22, 0.2849740932642487, -3.885780586188048e-16),
    ):
        values[place], left_out[place] = value, np.array([2 * value, rounding])
    assert luck_scale(values, np.square(values) * (1 - 1e-15), 0.0).c1 == 0
    found = assumed(Answers(values, tuple(left_out)))
    assert found is not None
    assert np.isfinite((found.low, found.high, *found.low_between, *found.high_between)).all()
    assert found.low < values.mean() < found.high < 5 * values.max()
