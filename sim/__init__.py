"""Groundswell: how much of a candidate's visibility was manufactured, and what would have damped it.

The public face: `load_scenario`, `simulate`, `compare`, `audit`. Heavy modules are imported on first use.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.config import Scenario
    from sim.face import WorldResult, audit, compare, load_scenario, simulate

# Threads that wait for the others spin for some microseconds and then sleep: where cores are shared, spinning on costs most
# of the time. It must be said before the first parallel kernel runs.
os.environ.setdefault("GOMP_SPINCOUNT", "2000")

__version__ = "0.1.0"
__all__ = ["Scenario", "WorldResult", "audit", "compare", "load_scenario", "simulate"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module("sim.config" if name == "Scenario" else "sim.face"), name)
