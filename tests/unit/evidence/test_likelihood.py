"""Ratios of known shares, what a base rate makes of them, and the words for them."""

import numpy as np
import pytest

from analysis.evidence.likelihood import Counts, Interval, amount_of, in_words, precision, precision_of, ratio, verbal


def binomial(share: float, of: int, worlds: int, seed: int) -> Counts:
    shows = np.random.default_rng(seed).binomial(of, share, worlds).astype(float)
    return Counts(shows, np.full(worlds, float(of)))


def test_precision_is_that_of_the_base_rates_of_the_case() -> None:
    """80% found and .1% false, among ten million: 69% where 27,217 are held, 8.6% where 1,183 are (Bayes)."""
    assert precision(0.8, 0.001, 27_217 / 1e7) == pytest.approx(0.69, abs=0.005)
    assert precision(0.8, 0.001, 1_183 / 1e7) == pytest.approx(0.086, abs=0.0005)
    assert precision(0.0, 0.0, 0.1) == 0.0


def test_a_ratio_of_known_shares_is_right_and_its_interval_holds_it() -> None:
    """Of 200 studies of shares .3 and .03 an interval of 95% misses more than 9% with probability below .01."""
    missed = 0
    for seed in range(200):
        found = ratio(binomial(0.3, 100, 8, seed), binomial(0.03, 400, 8, 1000 + seed))
        assert found is not None
        missed += not found.holds(10.0)
    assert missed <= 18
    many = ratio(binomial(0.3, 10_000, 20, 1), binomial(0.03, 10_000, 20, 2))
    assert many is not None
    assert many.value == pytest.approx(10.0, rel=0.05)


def test_worlds_that_differ_count_for_fewer_things() -> None:
    alike, unlike = (
        Counts(np.full(8, 10.0), np.full(8, 100.0)),
        Counts(np.array([40.0, 0, 0, 40, 0, 0, 0, 0]), np.full(8, 100.0)),
    )
    assert alike.effective() == (80.0, 800.0)
    shows, of = unlike.effective()
    assert shows / of == pytest.approx(0.1)
    assert of < 60
    wide, narrow = (ratio(counts, Counts(np.full(8, 1.0), np.full(8, 100.0))) for counts in (unlike, alike))
    assert wide is not None
    assert narrow is not None
    assert wide.high - wide.low > 1.5 * (narrow.high - narrow.low)


def test_where_no_case_was_seen_nothing_bounds_the_ratio_from_above() -> None:
    found = ratio(Counts.from_rows([(8.0, 10.0)]), Counts.from_rows([(0.0, 1000.0)]))
    assert found is not None
    assert np.isinf(found.high)
    assert 100 < found.low < found.value
    assert in_words(found) == "moderately strong support at least"
    assert ratio(Counts.from_rows([(0.0, 0.0)]), Counts.from_rows([(0.0, 1000.0)])) is None


def test_few_worlds_bound_what_can_be_said() -> None:
    """Eight worlds against eight: however clear, no more than weak support at least; a thousand say more."""
    few, many = (ratio(Counts(np.ones(n), np.ones(n)), Counts(np.zeros(n), np.ones(n))) for n in (8, 1000))
    assert few is not None
    assert many is not None
    assert 1.0 < few.low < 10.0 < 100.0 < many.low


@pytest.mark.parametrize(
    ("value", "word"),
    [
        (5.0, "weak"),
        (50.0, "moderate"),
        (500.0, "moderately strong"),
        (5e3, "strong"),
        (5e4, "very strong"),
        (0.02, "moderate"),
    ],
)
def test_words_are_those_of_the_guideline(value: float, word: str) -> None:
    assert verbal(value) == word


def test_an_interval_that_covers_one_tells_nothing() -> None:
    assert in_words(Interval(3.0, 0.8, 40.0)) == "tells nothing"
    assert in_words(Interval(0.01, 0.001, 0.5)) == "weak to moderately strong support for the other"
    assert in_words(Interval(30.0, 5.0, 200.0)) == "weak to moderately strong support"


def test_precision_and_size_hold_what_shares_say() -> None:
    found, false = binomial(0.8, 100, 8, 1), binomial(0.001, 100_000, 8, 2)
    assert precision_of(found, false, 27_217 / 1e7).holds(0.69)
    amount = amount_of(900, found, false, 100_000)  # (900 - 100) / .8
    assert amount.holds(1000.0)
    assert amount.low > 800
