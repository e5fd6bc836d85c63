"""Memory of a world: its arrays by drawer, the room that they keep, and what the process holds."""

import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim.model import CampaignModel


@dataclass
class Memory:
    """Bytes. `drawers`: rows in use, by drawer; `room`: with what buffers keep free; `process`: growth of the resident set."""

    users: int
    posts: int
    drawers: dict[str, int]
    room: int
    process: int


def arrays_in(value: Any) -> Iterator[np.ndarray]:
    """All arrays of a drawer."""
    if isinstance(value, np.ndarray):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from arrays_in(getattr(value, field.name))
    elif isinstance(value, dict):
        yield from (array for part in value.values() for array in arrays_in(part))
    elif isinstance(value, list) and value and is_dataclass(value[0]):
        yield from (array for part in value for array in arrays_in(part))


def buffer_of(array: np.ndarray) -> np.ndarray:
    """The array that owns the memory of another."""
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array


def memory_of(model: CampaignModel, process: int) -> Memory:
    """Count the arrays of a world."""
    world = model.world
    platform, beliefs = world.platform, world.beliefs
    parts = {
        "accounts (users)": platform.accounts,
        "follow graph (users)": platform.graph,
        "minds (users)": {f.name: getattr(world.minds, f.name) for f in fields(world.minds) if f.name != "felt"},
        "tastes (users)": beliefs.accounts,
        "standing lists (users)": beliefs.rest,
        "truth": world.truth,
        "posts (posts)": [platform.posts],
        "beliefs about posts (posts)": beliefs.posts,
        "quality (posts)": world.minds.felt,
        "log of two hours": platform.log,
    }
    drawers = {name: sum(array.nbytes for array in arrays_in(part)) for name, part in parts.items()}
    buffers = {id(buffer_of(array)): buffer_of(array).nbytes for part in parts.values() for array in arrays_in(part)}
    return Memory(platform.users, len(platform.posts), drawers, sum(buffers.values()), process)


def peak() -> int:
    """Largest memory of this process so far, in bytes; 0 where the system does not say.

    Not what `getrusage` says, which a new process takes over from the one that started it.
    """
    status = Path("/proc/self/status")
    found = re.search(r"VmHWM:\s*(\d+) kB", status.read_text()) if status.exists() else None
    return int(found.group(1)) * 1024 if found else 0


def resident() -> int:
    """Bytes of memory that this process holds now; 0 where the system does not say."""
    if not sys.platform.startswith("linux"):
        return 0
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
