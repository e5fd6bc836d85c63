"""Own exponentials, logarithms and tables against the library's."""

import numpy as np
from scipy import stats

from sim.numbers.arithmetic import (
    GUMBEL,
    LOGIT,
    exp,
    exp_in_place,
    log,
    log2_units,
    log2_units_array,
    logistic_of,
    logistic_threshold,
    normal_quantile,
)  # fmt: skip


def test_exp_and_log_are_the_librarys_to_the_last_digits() -> None:
    x = np.linspace(-30, 30, 4001)
    assert np.allclose(exp(x), np.exp(x), rtol=2e-15, atol=0)
    y = np.geomspace(1e-12, 1e12, 4001)
    assert np.allclose(log(y), np.log(y), rtol=2e-15, atol=2e-16)


def test_exp_in_place_has_the_same_bits() -> None:
    """Over the whole range that it is for, near nothing, and at and around the borders of powers of two."""
    borders = (np.arange(-1009, 1010) + 0.5) * 0.6931471805599453
    tiny = np.geomspace(5e-324, 1.0, 2001)
    special = np.array([0.0, -0.0, 700.0, -700.0, 1.0, -1.0])
    near = [np.nextafter(borders, to) for to in (-np.inf, np.inf)]
    x = np.concatenate([np.linspace(-700, 700, 40001), borders, *near, tiny, -tiny, special])
    for size in (0, 1, 3, 8, len(x)):
        values, powers = x[:size].copy(), np.empty(size, dtype=np.int64)
        exp_in_place(values, powers)
        assert values.tobytes() == exp(x[:size]).tobytes()


def test_normal_quantiles() -> None:
    u = np.concatenate([np.geomspace(1e-9, 0.5, 500), 1 - np.geomspace(1e-9, 0.5, 500)])
    assert np.allclose(normal_quantile(u), stats.norm.ppf(u), rtol=2e-9, atol=2e-9)


def test_integer_logarithm_and_logistic_forms_agree() -> None:
    counts = np.array([1, 2, 3, 7, 255, 256, 257, 10**6, 2**40 + 1])
    assert log2_units_array(counts).tolist() == [log2_units(int(c)) for c in counts]
    assert np.allclose(log2_units_array(counts) / LOGIT, np.log2(counts), atol=0.008)
    for logit in (-20000, -16384, -3000, -1, 0, 1, 500, 16383, 20000):
        assert int(logistic_threshold(logit)) == logistic_of(logit)
    assert abs(logistic_of(0) / 2**32 - 0.5) < 0.002


def test_gumbel_noise_has_its_mean_and_spread() -> None:
    noise = GUMBEL / LOGIT
    assert abs(noise.mean() - 0.5772) < 0.01
    assert abs(noise.std() - 1.2825) < 0.02
