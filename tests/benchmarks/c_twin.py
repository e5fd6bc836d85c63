"""The feed and reaction kernel beside its twin in plain C (`serving.c`): the same arrays, the same results, two times."""

import ctypes
import inspect
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np

from sim.numbers.arithmetic import GUMBEL, LOG2, LOGISTIC
from tests.benchmarks.measuring import fresh, threads

SOURCE = Path(__file__).with_name("serving.c")
FLAGS = ("-O3", "-march=native", "-std=c11", "-shared", "-fPIC")
WRITTEN = ("feed_row", "feed_lane", "feed_flags", "feed_length", "direct", "acts")
POINTER, WHOLE = ctypes.c_void_p, ctypes.c_int64


class CLists(ctypes.Structure):
    """`lists` in C."""

    _fields_ = [*((name, POINTER) for name in ("numbers", "seen", "shown", "lengths")), ("room", WHOLE)]


# The fields of `world` in C, in order: dtype of an array, int for a number.
LAYOUT: dict[str, Any] = {
    "visitors": "i4", "videos": "i4", "offset": "i8", "session_key": "u4", "block_start": "i8", "blocks": int,
    "block_users": int, "words": int, "trial": CLists, "promoted": CLists, "standing": "i4", "fit": int, "trial_share": int,
    "followed_share": int, "taste": "i4", "taste_sums": "i8", "watch_mean": int, "gain": int, "memory_bits": int, "axes": int,
    "first": int, "post_key": "u4", "post_author": "i4", "post_hour": "i4", "post_topic": "i1", "post_status": "u1",
    "post_likes": "i4", "post_candidate": "i1", "post_disclosed": "u1", "post_spoken_of": "i1", "post_felt": "i4",
    "user_key": "u4", "interest": "i1", "expressive": "i4", "newest_post": "i4", "last_session": "i4", "inbox": "i4",
    "inbox_waiting": "u1", "inbox_room": int, "following_start": "i8", "following": "i4", "newest_added": "i4",
    "added_author": "i4", "added_before": "i4", "appeal": "i4", "watch": int, "like": int, "comment": int, "share": int,
    "follow": int, "report": int, "quality_on_watch": int, "quality_on_like": int, "quality_on_share": int,
    "fit_of_mood": int, "fit_middle": int, "social_proof": int, "followed": int, "marked": int, "open_comments": int,
    "gumbel": "i4", "logistic": "u4", "log2_table": "i4", "feed_row": "i4", "feed_lane": "u1", "feed_flags": "u1",
    "feed_length": "i4", "direct": "i4", "acts": "i4", "tally_row": "i4", "tally_views": "i4", "tally_watched": "i4",
}  # fmt: skip


class CWorld(ctypes.Structure):
    """`world` in C."""

    _fields_ = [(name, WHOLE if kind is int else kind if kind is CLists else POINTER) for name, kind in LAYOUT.items()]


@dataclass
class Comparison:
    """Seconds of processor time of both, for the visitors of one hour."""

    impressions: int
    numba: float
    c: float

    @property
    def ratio(self) -> float:
        """How many times as long the numba kernel takes."""
        return self.numba / self.c


def compiler() -> str | None:
    """The C compiler, where there is one."""
    return shutil.which("gcc")


@cache
def library(axes: int) -> ctypes.CDLL:
    """The twin for so many axes, compiled into a folder that does not outlive the compilation."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "serving.so"
        subprocess.run([str(compiler()), *FLAGS, f"-DAXES={axes}", "-o", str(target), str(SOURCE)], check=True)
        return ctypes.CDLL(str(target))


def named(kernel: Any, arguments: tuple[Any, ...]) -> dict[str, Any]:
    """The arguments of a call by name."""
    return dict(zip(inspect.signature(kernel.py_func).parameters, arguments, strict=True))


def values_of(call: dict[str, Any]) -> dict[str, Any]:
    """What the fields of `world` hold, from the arguments of a call of `serve`."""
    posts = {f"post_{name}": value for name, value in call["posts"]._asdict().items()}
    users, weights = call["users"]._asdict(), call["weights"]._asdict()
    return {
        **call, **posts, **users, **call["follows"]._asdict(), **weights, "fit": call["fit"], "user_key": users["key"],
        "first": call["posts"].first, "fit_of_mood": weights["fit"], "blocks": len(call["block_start"]) - 1,
        "words": call["trial"].seen.shape[1], "axes": call["taste"].shape[1], "inbox_room": users["inbox"].shape[1],
        "gumbel": GUMBEL, "logistic": LOGISTIC, "log2_table": LOG2,
    }  # fmt: skip


def address(array: Any, kind: str) -> int:
    """Where an array begins; it must be what C takes it for."""
    if array.dtype != np.dtype(kind) or not array.flags.c_contiguous:
        raise TypeError(f"{array.dtype} array given where serving.c reads a contiguous one of {kind}")
    return int(array.ctypes.data)


def c_world(call: dict[str, Any]) -> CWorld:
    """The arguments as C reads them. The arrays must outlive it."""
    values, world = values_of(call), CWorld()
    for name, kind in LAYOUT.items():
        if kind is CLists:
            four = zip(("i4", "u4", "i4", "i4"), values[name], strict=True)
            setattr(world, name, CLists(*(address(a, k) for k, a in four), values[name].numbers.shape[1]))
        else:
            setattr(world, name, int(values[name]) if kind is int else address(values[name], kind))
    return world


def outcome(call: dict[str, Any]) -> dict[str, Any]:
    """All that a call wrote; places of a feed or a tally that hold nothing are left out."""
    ends = call["offset"] + call["feed_length"]
    filled = np.zeros(len(call["feed_row"]) + 1, dtype=np.int64)
    np.add.at(filled, call["offset"], 1)
    np.add.at(filled, ends, -1)
    filled = np.cumsum(filled[:-1]) > 0
    found = {name: call[name][filled] if len(call[name]) == len(filled) else call[name] for name in WRITTEN}
    seen = call["tally_views"] > 0
    found |= {name: call[name][seen] for name in ("tally_row", "tally_watched")}
    for lane in ("trial", "promoted"):
        found |= {f"{lane}_{name}": value for name, value in call[lane]._asdict().items()}
    return found | {name: call[name] for name in ("tally_views", "taste", "taste_sums")}


def same(one: dict[str, Any], other: dict[str, Any]) -> None:
    """Fail with the name of the first result that differs."""
    for name, value in one.items():
        if not np.array_equal(value, other[name]):
            raise AssertionError(f"serving.c and the numba kernel differ in {name}")


def compare(kernel: Any, arguments: tuple[Any, ...], repetitions: int = 7) -> Comparison:
    """Least times of both with one thread, in alternation, each on its own copy of the arrays; results must be equal."""
    times: dict[str, list[float]] = {"numba": [], "c": []}
    with threads(1):
        kernel(*fresh(arguments))
        for _ in range(repetitions):
            ours, theirs = fresh(arguments), named(kernel, fresh(arguments))
            world = c_world(theirs)
            twin = library(world.axes)
            begin = process_time()
            kernel(*ours)
            times["numba"].append(process_time() - begin)
            begin = process_time()
            status = twin.serve(ctypes.byref(world))
            times["c"].append(process_time() - begin)
            if status:
                raise MemoryError("serving.c found no memory, or other axes than it was compiled for")
            same(outcome(named(kernel, ours)), outcome(theirs))
    length = named(kernel, ours)["feed_length"]
    return Comparison(int(length.sum()), min(times["numba"]), min(times["c"]))
