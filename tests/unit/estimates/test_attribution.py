"""Credit of channels on worlds whose truth is known, and on worlds that were run."""

from collections.abc import Callable, Iterable
from itertools import chain, combinations, permutations
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.estimates.attribution import attribution, coalitions_of, of_each_seed
from analysis.estimates.paired import Worlds

USERS = 1000


def subsets(channels: Iterable[str]) -> list[tuple[str, ...]]:
    names = list(channels)
    return list(chain.from_iterable(combinations(names, size) for size in range(len(names) + 1)))


def worlds_of(value: Callable[[frozenset[str], int], float], channels: list[str], seeds: int = 6) -> Worlds:
    """Worlds in which a subset's impressions a user are `value` of it and of the seed."""
    runs, variants = [], []
    for acting in subsets(channels):
        campaign = "quiet" if not acting else "loud" if len(acting) == len(channels) else f"loud[{'+'.join(acting)}]"
        if "[" in campaign:
            variants.append({"name": f"{campaign}/none", "campaign": campaign, "moderation": "none",
                             "doses": {f"does_{name}": 1.0 for name in acting}})  # fmt: skip
        for seed in range(seeds):
            runs.append({"arm": f"{campaign}/none", "seed": seed, "genuine_users": USERS,
                         "candidate_impressions": USERS * value(frozenset(acting), seed)})  # fmt: skip
    arms = [{"name": f"{c}/none", "campaign": c, "moderation": "none"} for c in ("quiet", "loud")]
    return Worlds(pd.DataFrame(runs), {"arms": arms, "variants": variants, "seeds": list(range(seeds))})


def found(worlds: Worlds) -> dict[tuple[str, str], Any]:
    return {(contrast, measure): e for contrast, measure, e in attribution(worlds)}


def noise(seed: int) -> float:
    return float(np.random.default_rng(seed).normal(0, 0.3))


def test_one_channel_that_does_it_gets_all_credit_and_one_without_effect_none_exactly() -> None:
    by = found(worlds_of(lambda acting, seed: (5 + noise(seed)) * ("a" in acting) + 0.2, ["a", "b", "c"]))
    assert by["credit:a", "impressions"].value == pytest.approx(5, abs=0.5)
    assert by["credit:a", "share"].value == pytest.approx(1.0)
    for channel in "bc":
        for name in ("credit", "alone", "last_in"):
            e = by[f"{name}:{channel}", "impressions"]
            assert (e.value, e.low, e.high) == (0.0, 0.0, 0.0)


def test_what_needs_two_channels_is_shared_between_them_and_nobody_adds_anything_alone() -> None:
    by = found(worlds_of(lambda acting, seed: 4.0 * ({"a", "b"} <= acting), ["a", "b", "c"]))
    assert [by[f"credit:{c}", "impressions"].value for c in "abc"] == pytest.approx([2, 2, 0])
    assert [by[f"alone:{c}", "impressions"].value for c in "abc"] == pytest.approx([0, 0, 0])
    assert [by[f"last_in:{c}", "impressions"].value for c in "abc"] == pytest.approx([4, 4, 0])
    assert by["interaction:a+b", "impressions"].value == pytest.approx(4)
    assert by["interaction:a+c", "impressions"].value == pytest.approx(0)


def test_two_equal_channels_get_equal_credit_within_its_interval() -> None:
    def value(acting: frozenset[str], seed: int) -> float:
        luck = np.random.default_rng([seed, *sorted(map(ord, acting))]).normal(0, 0.1)
        return float(np.sqrt(len(acting & {"a", "b"})) + luck)

    by = found(worlds_of(value, ["a", "b", "c"], seeds=12))
    for channel, truth in (("a", np.sqrt(2) / 2), ("b", np.sqrt(2) / 2), ("c", 0.0)):
        e = by[f"credit:{channel}", "impressions"]
        assert e.low < truth < e.high
    assert by["interaction:a+b", "impressions"].high < 0  # they do each other's work


@pytest.mark.parametrize("n", [2, 3, 4, 6])
def test_credit_is_the_mean_over_all_orders_and_each_seed_adds_up(n: int) -> None:
    channels = [chr(97 + k) for k in range(n)]
    table = {(frozenset(s), seed): float(np.random.default_rng([seed, *map(ord, s)]).normal())
             for s in subsets(channels) for seed in range(3)}  # fmt: skip
    worlds = worlds_of(lambda acting, seed: table[acting, seed], channels, seeds=3)
    coalitions = coalitions_of(worlds)
    assert coalitions is not None
    by_seed = of_each_seed(worlds, coalitions)
    made = worlds.visibility("loud/none") - worlds.visibility("quiet/none")
    assert np.allclose(sum(by_seed.values()), made, atol=1e-12)
    for channel in channels if n < 6 else channels[:1]:
        orders = list(permutations(channels))
        plain = [
            np.mean([table[frozenset(o[: o.index(channel) + 1]), seed] - table[frozenset(o[: o.index(channel)]), seed] for o in orders])
            for seed in range(3)
        ]  # fmt: skip
        assert np.allclose(by_seed[channel], plain)
    by = found(worlds)
    assert sum(by[f"credit:{c}", "impressions"].value for c in channels) == pytest.approx(float(made.mean()))


def test_a_comparison_without_subsets_or_with_some_missing_has_no_credit() -> None:
    whole = worlds_of(lambda acting, seed: float(len(acting)), ["a", "b"])
    assert coalitions_of(whole) is not None
    arms = whole.manifest["arms"]
    assert attribution(Worlds(whole.runs, {"arms": arms})) == []
    assert attribution(Worlds(whole.runs, {"arms": arms, "variants": whole.manifest["variants"][:1]})) == []
