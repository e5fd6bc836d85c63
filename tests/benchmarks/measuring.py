"""How things are measured: what is wrapped, timed, counted and copied, without a change to the engine.

What runs in one thread is measured in processor time, so that others who use the machine count little. What runs in
several is measured by the clock on the wall, and is worth what the machine was free.
"""

import importlib
import pkgutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter, process_time, sleep
from typing import Any

import numba
import numpy as np
from numba.core.registry import CPUDispatcher

import sim
from sim.model import CampaignModel
from sim.world import changes

# What an hour consists of: a part, and the functions that it is made of. `changes` is the module, `observer` the model's.
PARTS = {
    "actors": ("acts_of", "changes.sway", "changes.obeyed", "changes.engage", "changes.pay"),
    "posts": ("changes.open_hour", "posts_appear"),
    "sessions": ("people_open_the_app",),
    "ranking lists": ("recommender_ranks",),
    "serving and reacting": ("people_watch",),
    "recording": ("changes.record",),
    "shares": ("changes.deliver_shares",),
    "learning": ("recommender_learns",),
    "observing": ("observer.note", "observer.note_moderation"),
    "moderation": ("moderation_decides", "changes.enforce"),
}
REST = "the rest"
Wrapper = Callable[[str, Callable[..., Any]], Callable[..., Any]]


@contextmanager
def replaced(places: list[tuple[Any, str]], make: Wrapper) -> Iterator[None]:
    """Put something in the place of functions, and put them back in the end."""
    kept = [(owner, name, name in vars(owner), getattr(owner, name)) for owner, name in places]
    try:
        for owner, name, _, original in kept:
            setattr(owner, name, make(name, original))
        yield
    finally:
        for owner, name, own, original in kept:
            if own:
                setattr(owner, name, original)
            else:
                delattr(owner, name)  # a method that the class has


def kernel_places() -> list[tuple[Any, str]]:
    """Where the engine's Python calls a compiled kernel: modules, and the names that they imported."""
    names = [found.name for found in pkgutil.walk_packages(sim.__path__, "sim.") if found.name != "sim.__main__"]
    modules = [importlib.import_module(name) for name in names if not name.startswith("sim.kernels")]
    return [
        (module, name)
        for module in modules
        for name, value in vars(module).items()
        if isinstance(value, CPUDispatcher) and value.py_func.__module__ != module.__name__
    ]


def part_places(model: CampaignModel) -> dict[str, list[tuple[Any, str]]]:
    """Where the parts of an hour are called."""
    owners = {"changes": changes, "observer": model.observer}
    return {
        part: [(owners.get(path.partition(".")[0], model), path.rpartition(".")[2]) for path in paths]
        for part, paths in PARTS.items()
    }


def clock_of(count: int) -> Callable[[], float]:
    """What to measure so many threads with."""
    return process_time if count == 1 else perf_counter


class Profile:
    """Seconds by part of the hour, and thereof in compiled code; only outermost calls are counted."""

    def __init__(self, count: int = 1) -> None:
        self.clock = clock_of(count)
        self.total = 0.0
        self.impressions = 0
        self.sessions = 0
        self.parts: dict[str, float] = defaultdict(float)
        self.compiled: dict[str, float] = defaultdict(float)  # by part
        self.kernels: dict[str, float] = defaultdict(float)
        self._part: str | None = None
        self._in_kernel = False

    def hour(self, model: CampaignModel) -> tuple[float, float, int]:
        """One step of a model: its seconds, those on the wall, and its impressions. Wrappers are put on outside the time."""
        with replaced(kernel_places_once(), self._timed_kernel), replaced(_flat(model), self._timed_part):
            before, begin, on_the_wall = self.impressions, self.clock(), perf_counter()
            model.step()
            seconds, wall = self.clock() - begin, perf_counter() - on_the_wall
        self.total += seconds
        return seconds, wall, self.impressions - before

    def _timed_part(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        part = PART_OF[name]

        def timed(*given: Any) -> Any:
            if self._part is not None:
                return function(*given)
            self._part, begin = part, self.clock()
            try:
                done = function(*given)
            finally:
                self.parts[part] += self.clock() - begin
                self._part = None
            if name == "people_watch":
                self.impressions += int(done.feeds.length.sum())
                self.sessions += len(done.feeds.length)
            return done

        return timed

    def _timed_kernel(self, name: str, kernel: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*given: Any) -> Any:
            if self._in_kernel:
                return kernel(*given)
            self._in_kernel, begin = True, self.clock()
            try:
                return kernel(*given)
            finally:
                seconds = self.clock() - begin
                self._in_kernel = False
                self.kernels[name] += seconds
                self.compiled[self._part or REST] += seconds

        return timed


PART_OF = {path.rpartition(".")[2]: part for part, paths in PARTS.items() for path in paths}
_PLACES: list[tuple[Any, str]] = []


def kernel_places_once() -> list[tuple[Any, str]]:
    """`kernel_places`, looked up once."""
    if not _PLACES:
        _PLACES.extend(kernel_places())
    return _PLACES


def _flat(model: CampaignModel) -> list[tuple[Any, str]]:
    return [place for places in part_places(model).values() for place in places]


def fresh(value: Any) -> Any:
    """A copy of a kernel's argument, of the same numba type."""
    if isinstance(value, np.ndarray):
        copied = value.copy()
        copied.flags.writeable = value.flags.writeable
        return copied
    if isinstance(value, tuple):
        copies = map(fresh, value)
        return type(value)(*copies) if hasattr(value, "_fields") else tuple(copies)
    return value


def calls_in(hour: Callable[[], Any]) -> dict[str, tuple[Any, tuple[Any, ...]]]:
    """Every kernel that is called while something runs, with a copy of the arguments of its first call."""
    calls: dict[str, tuple[Any, tuple[Any, ...]]] = {}

    def make(name: str, kernel: Any) -> Callable[..., Any]:
        def kept(*given: Any) -> Any:
            if name not in calls:
                calls[name] = kernel, tuple(map(fresh, given))
            return kernel(*given)

        return kept

    with replaced(kernel_places_once(), make):
        hour()
    return calls


@contextmanager
def threads(count: int) -> Iterator[None]:
    """Let compiled code use so many threads."""
    before = numba.get_num_threads()
    numba.set_num_threads(count)
    sleep(0.02)  # threads that are done wait actively for a while, which would count as processor time
    try:
        yield
    finally:
        numba.set_num_threads(before)
