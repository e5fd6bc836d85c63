"""Groundswell: how much of a candidate's visibility was manufactured, and what would have damped it.

The public face: `load_scenario`, `simulate`, `compare`, `audit`, and `CampaignModel`, one world that can be stepped and
read. Heavy modules are imported on first use.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from sim.version import __version__

if TYPE_CHECKING:
    from sim.model import CampaignModel
    from sim.runs.face import WorldResult, audit, compare, load_scenario, simulate
    from sim.scenario.config import Scenario

# Threads that wait for the others spin for some microseconds and then sleep: where cores are shared, spinning on costs most
# of the time. It must be said before the first parallel kernel runs.
os.environ.setdefault("GOMP_SPINCOUNT", "2000")

__all__ = ["CampaignModel", "Scenario", "WorldResult", "__version__", "audit", "compare", "load_scenario", "simulate"]
_ELSEWHERE = {"Scenario": "sim.scenario.config", "CampaignModel": "sim.model"}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_ELSEWHERE.get(name, "sim.runs.face")), name)
