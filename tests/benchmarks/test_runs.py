"""A whole run, from a scenario to its results."""

from time import process_time
from typing import Any

import pytest

from sim.runs.face import load_scenario, simulate

pytestmark = pytest.mark.benchmark(group="run", timer=process_time)


def test_a_few_days_of_the_classroom(benchmark: Any) -> None:
    scenario = load_scenario(["scenario=classroom", "calendar.warm_up_days=2", "days=2"])
    result = benchmark.pedantic(simulate, args=(scenario,), rounds=3, warmup_rounds=1)
    assert result.summary["impressions"] > 1e5
