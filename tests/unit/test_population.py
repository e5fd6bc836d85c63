"""How a population is drawn must not show in it."""

import dataclasses

import numpy as np
import pytest

from sim.world import population
from tests.worlds import small_scenario


def columns(seed: int) -> dict[str, np.ndarray]:
    accounts, minds, truth, weight = population.people(small_scenario().population, 200 / 9e6, seed)
    drawers = (dataclasses.asdict(drawer) for drawer in (accounts, minds, truth))
    return {name: column for drawer in drawers for name, column in drawer.items()} | {"weight": weight}


@pytest.mark.parametrize("chunk", [1, 7, 121, 200])
def test_how_many_accounts_are_drawn_together_changes_nothing(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = columns(seed=5)
    assert len(whole["community"]) == 242
    monkeypatch.setattr(population, "CHUNK", chunk)
    for name, column in columns(seed=5).items():
        assert getattr(column, "dtype", None) == getattr(whole[name], "dtype", None)
        np.testing.assert_array_equal(column, whole[name], err_msg=name)
