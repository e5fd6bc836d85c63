"""Pairs in columns are the pairs that one would write down one by one."""

import copy

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.moderation.pair_network import PairNetwork, ends_of
from tests.reference.plain_pairs import PlainPairs

ACTS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3), st.integers(4, 7)), max_size=12)


def noted(network: PairNetwork, acts: list[tuple[int, int, int, int]]) -> dict[tuple[int, int], int]:
    post, one, other, weight = (
        (np.array(column, dtype=np.int64) for column in zip(*acts, strict=True))
        if acts
        else [np.zeros(0, np.int64)] * 4
    )
    gained = network.note(post, one, other, weight)
    one, other = ends_of(gained.pair)
    assert (np.diff(gained.pair) > 0).all()
    return dict(zip(zip(one.tolist(), other.tolist(), strict=True), gained.weight.tolist(), strict=True))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(ACTS, st.integers(1, 900), st.booleans(), st.integers(0, 9)), max_size=8))
def test_columns_say_what_the_plain_network_says(
    hours: list[tuple[list[tuple[int, int, int]], int, bool, int]],
) -> None:
    network, plain = PairNetwork(), PlainPairs()
    for acts, weight, is_midnight, first in hours:  # in one hour a post weighs the same for all
        weighed = [(post, one, other, weight + post) for post, one, other in acts]
        assert noted(network, weighed) == plain.note(weighed)
        if is_midnight:
            network.forget(first)
            plain.forget(first)
        assert len(network) == sum(map(len, plain.posts.values()))


def test_large_numbers_of_accounts_keep_apart() -> None:
    network, far = PairNetwork(), 2**31 - 2
    assert noted(network, [(1, 0, far, 5), (1, far - 1, far, 7)]) == {(0, far): 5, (far - 1, far): 7}


def test_worlds_that_part_share_what_they_had_and_nothing_more() -> None:
    network = PairNetwork()
    noted(network, [(1, 0, 4, 5)])
    other = copy.deepcopy(network)
    assert other.recent.pair is network.recent.pair
    assert noted(other, [(2, 0, 4, 5)]) == {(0, 4): 10}
    assert len(network) == 1
