"""Worker processes for tests of the server: they make no world, and do what the words of a task say."""

import json
import os
import shutil
import time
from multiprocessing.connection import Connection
from pathlib import Path

from analysis.lab.server.tasks import Animate, Compose, Feed, FilmArms, MakeReel, Moderate, Task
from analysis.lab.server.workers import READY, TOLD
from analysis.lab.stored import STORED

HOURS = 40
SLOW, DIES, WRONG = "seed=11", "seed=13", "seed=17"  # words by which a test asks for something special


def work(pipe: Connection) -> None:
    """As `analysis.lab.server.worlds.work`, without worlds."""
    while True:
        pipe.send((READY, None))
        task = pipe.recv()
        while task is None:  # a stop that came after the task was done
            task = pipe.recv()
        _perform(task, pipe)


def dead(pipe: Connection) -> None:
    """A process that ends before it was ready."""
    os._exit(3)


def _perform(task: Task, pipe: Connection) -> None:
    if isinstance(task, Compose):
        answer = {"done": True, "values": {"campaign": "coordinated", "budget": 1e6}, "levels": ["standard"]}
        wrong = {"error": "campaign.budget: 5 given, allowed 6", "is_request": True}
        pipe.send((TOLD, wrong if WRONG in task.words else answer))
    elif isinstance(task, MakeReel):
        _make(task, pipe)
    elif isinstance(task, FilmArms):
        if (task.films / "slow").exists():  # until it has to make way, once
            pipe.recv()
            (task.films / "slow").rename(task.films / "made_way")
            return
        pipe.send((TOLD, {"done": True, "films": {"quiet-none": str(task.films)}}))
    elif isinstance(task, Moderate):
        pipe.send((TOLD, {"done": True, "taken": len(task.accounts) / 10, "pid": os.getpid()}))
    elif isinstance(task, Animate):
        task.out.parent.mkdir(parents=True, exist_ok=True)
        task.out.write_bytes(b"GIF89a")
        pipe.send((TOLD, {"done": True}))
    elif isinstance(task, Feed):
        pipe.send((TOLD, {"done": True, "film": f"{task.folder.name} {task.account}".encode()}))


def _make(task: MakeReel, pipe: Connection) -> None:
    """Tell some hours, then leave a copy of the stored reel; note a stop in a file."""
    if DIES in task.words:
        os._exit(3)
    for hour in range(HOURS if SLOW not in task.words else 100_000):
        if pipe.poll():
            pipe.recv()
            (task.films / "stopped").write_text(str(hour))
            return
        pipe.send((TOLD, {"hour": hour, "pid": os.getpid()}))
        time.sleep(0.02 if SLOW in task.words else 0.0)
    shutil.copytree(STORED, task.out)
    (task.out / "own.json").write_text(json.dumps({"words": list(task.words), "films": {}}))
    pipe.send((TOLD, {"done": True}))


def stored_with_game(place: Path) -> Path:
    """A copy of the stored reel with a game and a quiz."""
    folder = place / "reel"
    shutil.copytree(STORED, folder)
    head = json.loads((folder / "reel.json").read_text())
    head["game"] = {
        "desks": [
            {"id": "1", "seed": 501, "budget": 3, "accounts": [{"account": account} for account in (4, 5, 6, 7, 8)]}
        ]
    }
    items = [{"id": "a", "answer": "Y2FtcGFpZ24="}, {"id": "b", "answer": "aW5ub2NlbnQ="}]  # campaign, innocent
    head["quiz"] = {"before": items, "after": []}
    (folder / "reel.json").write_text(json.dumps(head))
    return folder
