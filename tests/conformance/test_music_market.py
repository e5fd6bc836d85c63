"""Popularity under social influence, after Salganik, Dodds and Watts 2006: the published signs, in small."""

import numpy as np
import pytest

from analysis.validation import music


def test_inequality_and_unpredictability_rise_with_visible_counts() -> None:
    grid = music.Market()
    found = music.sweep(grid, (0.0, 1.0), catalogues=2, worlds=3)
    assert np.mean(found.inequality(1.0)) > np.mean(found.inequality(0.0)) + 0.05
    assert np.mean(found.unpredictability(1.0)) > np.mean(found.unpredictability(0.0)) + 0.002
    total = [np.mean([worlds.sum(axis=1) for worlds in found.counts[strength]]) for strength in (0.0, 1.0)]
    expected = music.DOWNLOADS * grid.participants * grid.scenario.scale
    assert total == pytest.approx([expected, expected], rel=0.15)  # what is compared has about as many downloads
