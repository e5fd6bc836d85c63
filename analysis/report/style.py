"""Figures have settings of their own, whatever a user's matplotlibrc says."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import matplotlib
from matplotlib import rc_context, rcParamsDefault

LEFT = (
    "backend",
    "interactive",
    "toolbar",
    "timezone",
    "webagg",
    "savefig.directory",
    "tk.",
    "macosx.",
)  # what draws nothing
OWN = {name: value for name, value in rcParamsDefault.items() if not name.startswith(LEFT)}


@contextmanager
def settings(style: Mapping[Any, Any]) -> Iterator[None]:
    """The library's defaults with a style over them."""
    with rc_context():
        matplotlib.rcParams.update({**OWN, **style})
        yield
