"""Errors of polls: each part alone has the spread that is stated, and all together what the parts say."""

import numpy as np
import pytest

from sim.elections.polls import Poll, answers, favoured, published
from sim.elections.prior import Draw, Luck

DRAWS = 2000  # polls of each kind
SHARES = (0.20, 0.30, 0.50)  # nobody near 0 or 1, where errors are cut off
ROOM = 4 / (2 * DRAWS) ** 0.5  # four standard errors of a standard deviation, relative
LUCK = Luck(3, DRAWS)


def truth() -> np.ndarray:
    return np.tile(np.array(SHARES), (DRAWS, 1))


def errors(coverage: float, house: float, sample: int, name: str = "P", day: int = 5) -> np.ndarray:
    """(polls, candidates) what 2,000 polls say, less the truth; panels miss the first candidate."""
    return published(truth(), (0,), LUCK, Poll(name, day, sample), coverage, house) - truth()


def test_sampling_error_is_that_of_a_multinomial() -> None:
    found = answers(truth(), LUCK, Poll("P", 5, 1000))
    np.testing.assert_allclose(found.sum(axis=1), 1.0)
    for place, p in enumerate(SHARES):
        assert found[:, place].std() == pytest.approx((p * (1 - p) / 1000) ** 0.5, rel=ROOM)
        assert found[:, place].mean() == pytest.approx(p, abs=4 * (p * (1 - p) / 1000 / DRAWS) ** 0.5)
    expected = -((SHARES[0] * SHARES[1] / (1 - SHARES[0]) / (1 - SHARES[1])) ** 0.5)
    assert np.corrcoef(found[:, 0], found[:, 1])[0, 1] == pytest.approx(expected, abs=4 / DRAWS**0.5)


def test_coverage_error_is_common_to_all_polls() -> None:
    """Nothing but it: its standard deviation is the one stated, every house has it, and the others give and take in proportion."""
    one, other = (errors(0.04, 0.0, 20000, *which) for which in (("P", 5), ("Q", 9)))
    sampling = SHARES[0] * (1 - SHARES[0]) / 20000
    assert one[:, 0].std() == pytest.approx((0.04**2 + sampling) ** 0.5, rel=ROOM)
    assert np.corrcoef(one[:, 0], other[:, 0])[0, 1] > 0.99
    given = [np.cov(one[:, 0], one[:, other])[0, 1] for other in (1, 2)]
    assert given[0] / given[1] == pytest.approx(0.3 / 0.5, abs=0.02)


def test_house_effect_has_its_spread_and_belongs_to_the_house() -> None:
    found = favoured(truth(), LUCK.normals(Draw.HOUSE, range(3), 7), 0.02) - truth()
    for place, p in enumerate(SHARES):
        assert found[:, place].std() == pytest.approx(2 * 0.02 * (p * (1 - p)) ** 0.5, rel=ROOM)
        assert abs(found[:, place].mean()) < 4 * 0.02 / DRAWS**0.5
    np.testing.assert_allclose(found.sum(axis=1), 0.0, atol=1e-12)
    same, other = (errors(0.0, 0.02, 20000, *which)[:, 2] for which in (("P", 9), ("Q", 5)))
    first = errors(0.0, 0.02, 20000, "P", 5)[:, 2]
    assert np.corrcoef(first, same)[0, 1] > 0.95
    assert abs(np.corrcoef(first, other)[0, 1]) < 4 / DRAWS**0.5


def test_the_whole_error_is_what_its_parts_say() -> None:
    """Variances add up: coverage, house and sampling are drawn apart. Shares that coverage moves change the others a little."""
    found, p = errors(0.04, 0.02, 1000)[:, 0], SHARES[0]
    whole = 0.04**2 + 4 * 0.02**2 * p * (1 - p) + p * (1 - p) / 1000
    assert found.std() == pytest.approx(whole**0.5, rel=ROOM + 0.02)
    assert abs(found.mean()) < 4 * whole**0.5 / DRAWS**0.5


def test_of_a_tiny_candidate_an_error_is_cut_off_at_nothing() -> None:
    """A stated error of 6.5 points cannot all fall on 3%: polls then say nothing of the candidate, or too much."""
    shares = np.tile(np.array([0.03, 0.4, 0.57]), (DRAWS, 1))
    found = published(shares, (0,), LUCK, Poll("P", 5, 1000), 0.065, 0.02)[:, 0]
    assert found.min() == 0.0
    assert 0.2 < (found == 0).mean() < 0.45
    assert found.max() < 0.4
