"""Published results of resharing networks in small versions; `groundswell validate` has the full tables."""

import numpy as np
import pytest

from analysis.validation import harm, simsom, takedown


def test_quality_falls_with_infiltration_and_flooding() -> None:
    """1,000 humans, of whom each follows as many inauthentic accounts as in the published worlds."""
    none, some, many, flooding = (simsom.Cell(*cell) for cell in ((0.0, 1), (0.01, 1), (0.1, 1), (0.01, 64)))
    cells = (none, some, many, flooding)
    quality = {cell: simsom.quality_of(simsom.Task(cell, 1, 1000))[1][0] for cell in cells}
    for row in ((none, some, many), (some, flooding)):
        values = [quality[cell] for cell in row]
        assert values == sorted(values, reverse=True)
    assert quality[none] == pytest.approx(0.9026, abs=0.03)
    assert quality[many] < 0.6


def test_takedown_is_less_the_slower_it_is() -> None:
    found = {h: takedown.unlawful_of(takedown.Task(h, 1, 1000))[1] for h in (None, 0.25, 4.0)}
    for place in range(2):
        kept = [found[h][place] / found[None][place] for h in (0.25, 4.0)]
        assert kept[0] < 0.15 < kept[1] < 0.95


def test_a_hawkes_process_is_recovered_by_its_fit() -> None:
    """Cascades drawn from the process itself, in whole hours; some postings have many more offspring than others."""
    truth, chance = harm.Fit(0.6, 1.2, 6.0), np.random.default_rng(3)
    cascades = []
    for _ in range(1500):
        hours, followers, at = [0], [], 0
        while at < len(hours):
            followers.append(1 + int(100 * chance.lognormal(-0.5, 1.0)))
            u = chance.random(chance.poisson(truth.n * followers[at] / 101))
            hours += [hours[at] + int(lag) for lag in np.ceil(truth.c * ((1 - u) ** (-1 / truth.g) - 1))]
            at += 1
        cascades.append(sorted(event for event in zip(hours, followers, strict=True) if event[0] <= harm.WINDOW))
    weighted = harm.weighted(cascades)
    found = harm.fit(weighted)
    assert found.n == pytest.approx(truth.n, abs=0.05)
    assert found.half_life == pytest.approx(truth.half_life, rel=0.15)
    assert found.reduction(12.0) == pytest.approx(truth.reduction(12.0), abs=0.03)
    alike = harm.fit([harm.Cascade(cascade.hours, np.ones(len(cascade.hours))) for cascade in weighted])
    assert alike.half_life < 0.9 * found.half_life  # siblings pass for children


def test_harm_reduction_over_a_long_time_is_the_published_formula() -> None:
    fit = harm.Fit(0.5, 2.0, 4.0)
    for delay in (1, 5, 20):
        assert fit.reduction_within(delay, 2000) == pytest.approx(fit.reduction(delay), abs=1e-3)
    assert fit.reduction_within(40, 40) == 0.0  # nothing later is seen
