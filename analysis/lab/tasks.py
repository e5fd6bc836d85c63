"""Desks, sealed worlds and quiz: what a class does by itself. They are of worlds of their own, so that every reel can hold the same ones.

They are made once and ship with the program: `python -m analysis.lab.tasks` makes them anew, in some five minutes on two cores, and puts
them into the stored reel.
"""

import json
from pathlib import Path
from typing import Any

from analysis.lab.game import game_of, worlds_of
from analysis.lab.quiz import quiz_of
from analysis.lab.sealed import sealed_of
from analysis.lab.stored import STORED
from sim.runs.face import cores
from sim.runs.recording import write_whole

TASKS = STORED.parent / "tasks.json"
SEED = 501  # of the first world; reels have low seeds, so that no world of a task is one that a class has seen


def tasks_of(seed: int = SEED, workers: int = 1) -> dict[str, Any]:
    """{"game", "sealed", "quiz"}: see the modules of these names."""
    worlds = worlds_of(seed, workers=workers)
    return {"game": game_of(worlds), "sealed": sealed_of(seed, workers=workers), "quiz": quiz_of(worlds, seed)}


def stored_tasks() -> dict[str, Any]:
    """Those that ship with the program; they go into `reel.json` as they are."""
    found: dict[str, Any] = json.loads(TASKS.read_text(encoding="utf-8"))
    return found


def make(out: Path = TASKS, reel: Path = STORED / "reel.json") -> None:
    """Make them anew, and put them into a reel."""
    tasks = tasks_of(workers=cores())
    for path, document in ((out, tasks), (reel, json.loads(reel.read_text(encoding="utf-8")) | tasks)):
        write_whole(path, json.dumps(document, separators=(",", ":"), allow_nan=False).encode())


if __name__ == "__main__":
    make()
