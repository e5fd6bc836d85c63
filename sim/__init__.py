"""Groundswell: how much of a candidate's visibility was manufactured, and what would have damped it.

The public face: `load_scenario`, `simulate`, `compare`, `load`, `read_comparison`, `audit`, and `CampaignModel`, one world that can be
stepped and read. It stands above everything else, which knows nothing of it. Heavy modules are imported on first use.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.version import __version__

if TYPE_CHECKING:
    from analysis.notebook.ask import compare, load_scenario, read_comparison, simulate, sweep
    from analysis.notebook.comparison import Comparison
    from analysis.notebook.load import Results, load
    from analysis.notebook.world import World
    from sim.model import CampaignModel
    from sim.runs.face import audit
    from sim.scenario.config import Scenario
    from sim.scenario.schema import ScenarioError

# Threads that wait for the others spin for some microseconds and then sleep: where cores are shared, spinning on costs most
# of the time. It must be said before the first parallel kernel runs.
os.environ.setdefault("GOMP_SPINCOUNT", "2000")


def _import_numba_elsewhere() -> None:
    """Numba reads settings from a file in the folder where the user stands as it is imported; kernels have settings of their own."""
    here = Path.cwd()
    os.chdir(Path(__file__).resolve().parent / "cli" / "templates")  # where no module lies
    try:
        import numba  # noqa: F401
    finally:
        os.chdir(here)


if Path(".numba_config.yaml").exists():
    _import_numba_elsewhere()

__all__ = [
    "CampaignModel", "Comparison", "Results", "Scenario", "ScenarioError", "World", "__version__", "audit", "compare", "load",
    "load_scenario", "read_comparison", "simulate", "sweep",
]  # fmt: skip
_AT = {
    "CampaignModel": "sim.model", "Comparison": "analysis.notebook.comparison", "Results": "analysis.notebook.load",
    "Scenario": "sim.scenario.config", "ScenarioError": "sim.scenario.schema", "World": "analysis.notebook.world",
    "audit": "sim.runs.face", "load": "analysis.notebook.load",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_AT.get(name, "analysis.notebook.ask")), name)


def __dir__() -> list[str]:
    return __all__
