"""Compiled kernels that the engine calls, alone, on what they are called with when a small world is made and in an evening of it."""

import ctypes
from time import process_time
from typing import Any

import pytest

from sim.model import CampaignModel
from sim.runs.face import load_scenario
from tests.benchmarks import c_twin
from tests.benchmarks.measuring import calls_in, fresh, kernel_places

pytestmark = pytest.mark.benchmark(group="kernel", timer=process_time)
EVENING = 20
KERNELS = sorted({name for _, name in kernel_places()})
Calls = dict[str, tuple[Any, tuple[Any, ...]]]


@pytest.fixture(scope="module")
def calls() -> Calls:
    """Arguments of each kernel in the classroom: the default recommender, and others that have kernels of their own."""
    found: Calls = {}
    for recommender in ("chronological", "collaborative", "staged_audience"):
        found |= calls_with(recommender)
    return found


def calls_with(recommender: str) -> Calls:
    """What kernels are called with while a classroom is made, and in one of its evenings."""
    names = ["scenario=classroom", f"recommender={recommender}", "calendar.warm_up_days=2", "days=1"]
    made: list[CampaignModel] = []
    while_made = calls_in(lambda: made.append(CampaignModel(load_scenario(names))))
    made[0].run_until(48 + EVENING)
    return while_made | calls_in(made[0].step)


@pytest.mark.parametrize("name", KERNELS)
def test_kernel(benchmark: Any, calls: Calls, name: str) -> None:
    if name not in calls:
        pytest.skip("not called in such an hour: made for other scenarios, for detection, or for rare events")
    kernel, arguments = calls[name]
    kernel(*fresh(arguments))
    benchmark.pedantic(kernel, setup=lambda: (fresh(arguments), {}), rounds=30)


@pytest.mark.skipif(c_twin.compiler() is None, reason="needs gcc")
def test_serve_in_c(benchmark: Any, calls: Calls) -> None:
    kernel, arguments = calls["serve"]
    c_twin.compare(kernel, arguments, 1)  # fails where results differ

    def prepared() -> tuple[tuple[Any, ...], dict[str, Any]]:
        call = c_twin.named(kernel, fresh(arguments))
        return (c_twin.c_world(call), call), {}

    def serve(world: c_twin.CWorld, arrays: dict[str, Any]) -> None:
        c_twin.library(world.axes).serve(ctypes.byref(world))

    benchmark.pedantic(serve, setup=prepared, rounds=30)
