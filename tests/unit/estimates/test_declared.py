"""Which contrasts were declared, and how often the many dampenings err together."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.estimates.declared import (
    Family,
    against_campaigns,
    dampenings,
    declared,
    family,
    what_was_declared,
)

POLICIES, SEEDS = 18, 8


def table(values: list[float], error: float = 0.05, n: int = 8) -> pd.DataFrame:
    """Estimates of M and of one policy for each value."""
    rows = [("manufactured", "impressions", 4.0, 0.5)]
    for k, value in enumerate(values):
        rows += [(f"dampening:p{k}", "impressions", value, error), (f"dampening:p{k}", "visibility_change", -value, error),
                 (f"collateral:p{k}", "genuine_actioned_per_100000", 3.0, 1.0)]  # fmt: skip
    return pd.DataFrame(rows, columns=["contrast", "measure", "estimate", "paired_sd"]).assign(n=n)


def studies(count: int, effects: np.ndarray, seed: int, n: int = SEEDS) -> list[Family]:
    """Families of hand-made studies: seeds give all policies some luck in common, and each some of its own."""
    rng, found = np.random.default_rng(seed), []
    names = [str(k) for k in range(len(effects))]
    for _ in range(count):
        worlds = effects + 0.1 * (rng.normal(size=(n, 1)) + rng.normal(size=(n, len(effects))))
        found.append(family(names, worlds.mean(axis=0), worlds.std(axis=0, ddof=1) / np.sqrt(n), n))
    return found


@pytest.mark.parametrize("n", [4, 8])
def test_the_many_err_together_no_more_often_than_stated(n: int) -> None:
    """No policy damps: in at most 5% of studies any is called so, where tests one by one would do so in most."""
    found = studies(1000, np.zeros(POLICIES), seed=1, n=n)
    assert np.mean([bool(one.hold) for one in found]) <= 0.065  # three standard errors of 1,000 studies are .02
    assert np.mean([((one.low > 0) | (one.high < 0)).any() for one in found]) <= 0.065
    narrow = stats.t.ppf(0.975, n - 1) / stats.t.ppf(1 - 0.025 / POLICIES, n - 1)
    alone = [(np.abs(one.low + one.high) / 2 > narrow * (one.high - one.low) / 2).any() for one in found]
    assert np.mean(alone) > 0.3


def test_simultaneous_intervals_hold_all_truths_together() -> None:
    effects = np.linspace(-0.2, 0.8, POLICIES)
    found = studies(500, effects, seed=2)
    assert np.mean([((one.low <= effects) & (effects <= one.high)).all() for one in found]) >= 0.93


def test_what_damps_much_is_still_found() -> None:
    effects = np.array([0.5] * 3 + [0.0] * (POLICIES - 3))
    found = studies(300, effects, seed=3)
    assert np.mean([{"0", "1", "2"} <= set(one.hold) for one in found]) > 0.8


def test_families_worked_by_hand() -> None:
    found = dampenings(table([0.5, 0.0, 0.1]))
    assert found is not None
    assert found.names == ("p0", "p1", "p2")
    p = 2 * stats.t.sf(np.array([10.0, 0.0, 2.0]), 7)
    assert found.adjusted.tolist() == pytest.approx([3 * p[0], 1.0, 2 * p[2]])
    assert found.hold == ("p0",)
    assert found.high[2] == pytest.approx(0.1 + 0.05 * stats.t.ppf(1 - 0.025 / 3, 7))
    assert family(["sure", "none"], np.array([0.1, 0.0]), np.zeros(2), 8).hold == ("sure",)
    assert dampenings(table([])) is None
    assert dampenings(table([0.5], error=float("nan"))) is None


def test_few_policies_are_declared_and_many_are_one_family() -> None:
    assert len(declared(table([0.5] * 5))) == 1 + 2 * 5
    assert declared(table([0.5] * 6)) == [("manufactured", "impressions")]
    said = what_was_declared(table([0.5, 0.0]))
    assert "of each policy its dampening" in said
    assert "(5 of 7 numbers); 2 others are shown as they come." in said
    assert said.endswith("Of 2 dampenings taken together (Holm) these differ from zero: p0.")
    assert "taken together" not in what_was_declared(table([0.5]))


def test_campaigns_with_nothing_to_dampen_are_no_tests() -> None:
    rows = pd.DataFrame(
        [("loud", "p", 3.0, 4.0, 0.5, 0.6), ("loud", "q", 3.0, 4.0, 0.0, 0.1), ("weak", "p", -1.0, 2.0, 9.0, 9.1)],
        columns=["campaign", "policy", "manufactured_low", "manufactured_high", "dampening", "dampening_high"],
    ).assign(dampening_low=0.0, n=8)
    found = against_campaigns(rows)
    assert found is not None
    assert found.names == ("loud/p", "loud/q")
    assert found.hold == ("loud/p",)
    assert against_campaigns(rows[rows["campaign"] == "weak"]) is None
    assert "loud by p" in what_was_declared(table([]), found)
