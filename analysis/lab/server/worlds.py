"""What runs in a worker process: worlds, reels and pictures. An hour of a world is told as it passes, and a run can be stopped at each."""

import importlib
import os
import signal
import threading
import traceback
from collections.abc import Callable, Mapping
from multiprocessing import parent_process
from multiprocessing.connection import Connection
from typing import Any

from analysis.lab.server.settings import BY_NAME, DEFAULTS, words_of
from analysis.lab.server.tasks import Animate, Compose, Feed, FilmArms, MakeReel, Moderate, Task
from analysis.lab.server.telling import Line, StoppedError, Telling
from analysis.lab.server.workers import READY
from sim.scenario.schema import ScenarioError


def work(pipe: Connection) -> None:
    """Make worlds for as long as the server lives, and keep warm between them."""
    _begin()
    _one_thread()
    warm_up()
    _go_on(pipe)


def answer(pipe: Connection) -> None:
    """Answer short questions, for which what is imported is enough."""
    _begin()
    importlib.import_module("sim.runs.face")
    _go_on(pipe)


def _begin() -> None:
    """An interrupt from the terminal is for the server, which ends its workers; a worker ends when the server does, however that dies."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_server, daemon=True).start()


def _go_on(pipe: Connection) -> None:
    """Do one task after another. READY is said once for each: the server takes it for the end of the task that it has given."""
    line = Line(pipe)
    while True:
        pipe.send((READY, None))
        task = pipe.recv()
        while task is None:  # a stop that came after the task was done
            task = pipe.recv()
        perform(task, line)


def _end_with_server() -> None:
    server = parent_process()
    if server is not None:
        server.join()
        os._exit(1)


def _one_thread() -> None:
    """Workers share the cores."""
    import numba

    numba.set_num_threads(1)


def warm_up() -> None:
    """Load what worlds are computed with, by a world of two days."""
    from sim.runs.face import load_scenario, simulate

    simulate(load_scenario([*words_of({}), "days=1", "calendar.warm_up_days=1", "calendar.first_day=2024-11-20"]))


def perform(task: Task, line: Line) -> None:
    """Do one task; whatever happens is told in one last event."""
    work_of: Mapping[type[Task], Callable[[Any, Line], dict[str, Any]]] = {
        Compose: composed, MakeReel: reel_made, FilmArms: arms_filmed, Moderate: moderated, Animate: animated, Feed: feed,
    }  # fmt: skip
    try:
        line.tell({"done": True, **work_of[type(task)](task, line)})
    except StoppedError:
        return
    except ScenarioError as error:
        line.tell({"error": str(error), "is_request": True})
    except Exception as error:
        traceback.print_exc()  # for the terminal; the page gets a sentence
        line.tell({"error": f"It did not work ({type(error).__name__}); the terminal says more."})


def composed(task: Compose, line: Line) -> dict[str, Any]:
    """Check the words of all arms, and read what each setting is under them."""
    from sim.runs.question import question_of
    from sim.scenario.arms import levels
    from sim.scenario.files import compose
    from sim.scenario.presets import value_at

    question_of(task.words)
    document = compose(task.words, None, ())
    values: dict[str, Any] = {}
    for name, setting in BY_NAME.items():
        found = value_at(document, setting.key)
        values[name] = found is not None if setting.kind == "switch" else _plain(found)
    values |= {"campaign": document["campaign"]["name"], "moderation": document["moderation"]["name"]}
    chosen = document.get("presets") or {}
    values["recommender"] = chosen.get("recommender", DEFAULTS["recommender"])
    return {"values": values, "levels": levels(document["moderation"])}


def _plain(value: Any) -> Any:
    """A value as JSON has it; None for what is no single one."""
    if isinstance(value, bool | int | float | str) or value is None:
        return value
    return value.isoformat() if hasattr(value, "isoformat") else None


def reel_made(task: MakeReel, line: Line) -> dict[str, Any]:
    """Films of all arms, those that are there already taken as they are, and a reel of them."""
    from analysis.lab.server.films import make_reel

    make_reel(task, Telling(line))
    return {}


def arms_filmed(task: FilmArms, line: Line) -> dict[str, Any]:
    """Films of all arms: where each is kept."""
    from analysis.lab.server.films import film_arms

    return {"films": {arm: str(folder) for arm, folder in film_arms(task, Telling(line)).items()}}


def moderated(task: Moderate, line: Line) -> dict[str, Any]:
    """What suspending the accounts that a class has flagged takes away."""
    from analysis.lab.game import rerun

    telling = Telling(line)
    return rerun(task.desk, task.accounts, lambda model: telling("desk", model))


def animated(task: Animate, line: Line) -> dict[str, Any]:
    """A picture that moves."""
    from analysis.lab.server.animation import animate

    animate(task, line.check)
    return {}


def feed(task: Feed, line: Line) -> dict[str, Any]:
    """The feed of one account, as the bytes of a film."""
    from sim.runs.face import feed_of, packed

    return {"film": packed(feed_of(task.folder, task.account))}
