"""Keyed luck: three forms agree; draws are uniform, and independent along each coordinate of the key."""

import numpy as np
import pytest
from scipy import stats

from sim.numbers.luck import (
    Chance,
    Decision,
    chain,
    chain_array,
    chain_compiled,
    draw,
    draw_array,
    draw_compiled,
    key_of,
    mix,
    mix_array,
    mix_compiled,
    threshold,
)  # fmt: skip

WORDS = [0, 1, 2, 12345, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x9E3779B9]


def test_plain_array_and_compiled_forms_agree() -> None:
    array = np.array(WORDS, dtype=np.uint32)
    assert mix_array(array).tolist() == [mix(w) for w in WORDS] == [int(mix_compiled(np.uint32(w))) for w in WORDS]
    for part in WORDS:
        expected = [chain(w, part) for w in WORDS]
        assert chain_array(array, part).tolist() == expected
        assert [int(chain_compiled(np.uint32(w), np.uint32(part))) for w in WORDS] == expected
    for which in range(9):
        expected = [draw(w, which) for w in WORDS]
        assert draw_array(array, which).tolist() == expected
        assert [int(draw_compiled(np.uint32(w), np.uint32(which))) for w in WORDS] == expected


@pytest.mark.parametrize(
    "shapes", [((), (4,)), ((4,), (1,)), ((3, 1), (4,)), ((4,), (3, 1)), ((2, 3), (2, 3)), ((1,), (0,)), ((0,), (1,))]
)
def test_keys_and_coordinates_are_broadcast(shapes: tuple[tuple[int, ...], tuple[int, ...]]) -> None:
    keys, parts = (np.arange(3, 3 + np.prod(shape, dtype=int)).reshape(shape) for shape in shapes)
    expected = np.vectorize(chain, otypes=[np.uint32])(keys, parts) if 0 not in shapes[0] + shapes[1] else []
    found = chain_array(keys.astype(np.uint32), parts - 5)
    assert found.shape == np.broadcast_shapes(*shapes)
    assert np.array_equal(chain_array(keys.astype(np.uint32), parts).ravel(), np.ravel(expected))
    assert found.dtype == np.uint32


@pytest.mark.parametrize("coordinate", range(5))
def test_draws_are_uniform_and_independent_along_each_coordinate(coordinate: int) -> None:
    """Coordinates: seed, decision, hour, who, about which post. Neighbours along one must tell nothing of each other."""
    n = 20000
    parts = [[3] * n, [5] * n, [100] * n, [77] * n, [9] * n]
    parts[coordinate] = list(range(n))
    words = np.array([key_of(*key) for key in zip(*parts, strict=True)], dtype=np.float64) / 2**32
    assert stats.kstest(words, "uniform").pvalue > 1e-4
    counts = np.histogram2d(words[:-1], words[1:], bins=16, range=[[0, 1], [0, 1]])[0].ravel()
    assert stats.chisquare(counts).pvalue > 1e-4
    bits = (words * 2**32).astype(np.int64) & 1
    assert abs(bits.mean() - 0.5) < 4 * 0.5 / np.sqrt(n)


def test_draws_of_one_pair_are_independent_of_each_other() -> None:
    keys = chain_array(key_of(1, 2), np.arange(20000))
    first, second = (draw_array(keys, which).astype(np.float64) / 2**32 for which in (2, 3))
    counts = np.histogram2d(first, second, bins=16, range=[[0, 1], [0, 1]])[0].ravel()
    assert stats.chisquare(counts).pvalue > 1e-4


def test_thresholds_are_certain_at_the_ends() -> None:
    assert threshold(0.0) == 0
    assert threshold(1.0) == 2**32
    chance = Chance(1, Decision.ACTOR, 5)
    assert chance.happens(1.0, 3)
    assert not chance.happens(0.0, 3)
    assert chance.lasting(3) == Chance(1, Decision.ACTOR, 6).lasting(3)
    assert chance.uniform(3) != Chance(1, Decision.ACTOR, 6).uniform(3)
