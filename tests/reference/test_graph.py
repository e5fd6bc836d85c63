"""The compiled graph agrees with its slow twin exactly: every array, its type and its order."""

import dataclasses

import numpy as np
import pytest

from sim.world.graph import follow_graph
from sim.world.platform import Graph
from sim.world.population import people
from tests.reference import slow_graph
from tests.worlds import small_scenario

POPULATION = small_scenario().population


def assert_same(one: Graph, other: Graph) -> None:
    for field in dataclasses.fields(Graph):
        made, wanted = getattr(one, field.name), getattr(other, field.name)
        assert type(made) is type(wanted)
        if isinstance(wanted, np.ndarray):
            assert (made.dtype, made.shape, made.flags.writeable) == (wanted.dtype, wanted.shape, True)
            assert made.flags.c_contiguous
        np.testing.assert_array_equal(made, wanted, err_msg=field.name)


@pytest.mark.parametrize("seed", [0, 3, 2**32 - 1])
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"friends": 0},
        {"friends": 0, "follows": 1},
        {"friends": 9, "follows": 2},
        {"follows": 500, "friends": 50},  # nearly everybody follows everybody
        {"communities": 1},
        {"communities": 1, "sleepers": 0.0, "vendors": 0.0},
        {"follows_at_home": 0.0},
        {"follows_at_home": 1.0, "audience_spread": 4.0},
        {"audience_spread": 0.0},
        {"follows": 8, "follows_spread": 1.3},
        {"follows": 3, "follows_spread": 0.5, "friends": 0},
        {"follows": 8, "follows_spread": 1.3, "follows_audience_correlation": 0.8},
        {"follows": 8, "follows_spread": 0.7, "follows_audience_correlation": -1.0, "audience_spread": 0.0},
    ],
    ids=str,
)
def test_graph_agrees_with_its_slow_twin(changes: dict, seed: int) -> None:
    population = dataclasses.replace(POPULATION, **changes)
    for scale in (1e-7, 1e-4):
        accounts, minds, _, weight = people(population, scale, seed)
        given = (population, seed, accounts.community, weight, minds.returns > 0)
        assert_same(follow_graph(*given), slow_graph.follow_graph(*given))


@pytest.mark.parametrize("users", [1, 2, 3, 7])
@pytest.mark.parametrize("others", [0, 5])
def test_worlds_smaller_than_a_block(users: int, others: int) -> None:
    community = (np.arange(users + others) * 2 // (users + others)).astype(np.int32)
    weight, away = np.linspace(0.001, 3.0, users + others), np.arange(users + others) < others
    for seed in range(20):
        given = (POPULATION, seed, community, weight, away)
        assert_same(follow_graph(*given), slow_graph.follow_graph(*given))


def test_accounts_without_weight_are_passed_over_as_in_the_slow_twin() -> None:
    community, weight = np.repeat(np.arange(4), 25).astype(np.int32), np.zeros(100)
    weight[[3, 30, 31, 99]] = (1e-12, 1.0, 1e6, 0.1)
    for seed in range(20):
        given = (POPULATION, seed, community, weight, np.arange(100) % 10 == 9)
        assert_same(follow_graph(*given), slow_graph.follow_graph(*given))
