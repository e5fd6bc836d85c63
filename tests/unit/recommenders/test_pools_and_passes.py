"""Pools and shares that go on: those of the platform, and what a small world has of them."""

import dataclasses
from itertools import pairwise

import numpy as np
import pytest

from analysis.validation.platform_worlds import reference, reference_mean
from tests.worlds import small_scenario

SIZES = (5_000, 30_000, 100_000, 1_000_000, 9_000_000)


def recommender(views_per_post=2055.0):
    """The staged audience with so many views a post."""
    return dataclasses.replace(small_scenario().recommender, views_per_post=views_per_post)


def arriving(plan, users):
    """Share of posts that reach each stage."""
    return np.cumprod([1.0, *plan.passes(users)[:-1]])


@pytest.mark.parametrize("users", SIZES[1:])
@pytest.mark.parametrize("views_per_post", [185.0, 2055.0])
def test_pools_ask_for_as_many_views_as_there_are(users, views_per_post):
    plan = recommender(views_per_post)
    asked = float((arriving(plan, users) * plan.pools(users)).sum())
    assert asked == pytest.approx(views_per_post, rel=1e-6)


@pytest.mark.parametrize("users", [100_000, 1_000_000])
def test_below_the_ceiling_chances_are_those_on_the_whole_platform(users):
    plan = recommender()
    here, platform = np.array(plan.passes(users)), np.array(plan.passes(9_000_000))
    raised = np.flatnonzero(here[:-1] > platform[: len(here) - 1] + 1e-9)
    assert len(raised)  # a small world has fewer stages, and the last ones give what the others would
    np.testing.assert_allclose(here[: raised[0]], platform[: raised[0]])
    assert (here[raised[0] + 1 : -1] == 1.0).all()


def test_larger_worlds_have_all_that_smaller_ones_have_and_more():
    plan = recommender()
    pools = [plan.pools(users) for users in SIZES]
    for small, large in pairwise(pools):
        np.testing.assert_allclose(large[: len(small) - 1], small[:-1])
        assert len(large) >= len(small)
        assert large[-1] > small[-1]
    assert all(pool[-1] <= plan.top * users for pool, users in zip(pools, SIZES, strict=True))


def test_nobody_passes_the_last_stage_and_in_a_tiny_world_everybody_the_others():
    plan = recommender()
    assert all(plan.passes(users)[-1] == 0.0 for users in SIZES)
    assert plan.passes(400)[:-1] == (1.0,) * (len(plan.pools(400)) - 1)


def test_shares_are_those_of_real_videos():
    """A post that goes on to a stage ends with more views than the geometric middle of what it has before that pool and after it."""
    plan, table = recommender(), reference("view_count_histogram")
    below = np.concatenate([[0.0], np.cumsum(table["n_videos"]) / table["n_videos"].sum()])
    edges = np.concatenate([table.iloc[:1, 0], table.iloc[:, 1]])
    sums = np.cumsum(plan.trial_pool * plan.growth ** np.arange(len(plan.stage_hours)))
    middles = np.sqrt(sums[:-1] * sums[1:]) * reference_mean()
    more = np.concatenate([[1.0], 1.0 - np.interp(np.log10(middles + 1.0), edges, below)])
    np.testing.assert_allclose(plan.pass_share[:-1], more[1:] / more[:-1], atol=0.01)
