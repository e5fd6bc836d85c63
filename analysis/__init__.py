"""Reads what runs wrote, estimates, draws, reports. `analysis.load(folder)` gives tidy frames."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis.notebook.load import load

__all__ = ["load"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'analysis' has no attribute {name!r}")
    import importlib  # late: rooms below import this file first

    return importlib.import_module("analysis.notebook.load").load
