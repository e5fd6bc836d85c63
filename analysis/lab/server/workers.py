"""Worker processes: warm, one task at a time each, replaced when they die. The server talks to them by pipes and never computes."""

import asyncio
import multiprocessing
import threading
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

from analysis.lab.server.jobs import DIED, NONE_STARTS, STOPPED, Event, Job, of_place
from analysis.lab.server.tasks import Task
from sim.runs.engines import apart

DEATHS_MOST = 3  # of a worker before it was ready, one after the other; then none is started any more
READY, TOLD, ENDED = "ready", "told", "ended"  # what a worker says


class Worker:
    """One process, and the thread that hears it. `on_message(worker, kind, content)` is called in the event loop."""

    def __init__(
        self, number: int, work: Callable[[Connection], None], on_message: Callable[["Worker", str, Any], None]
    ) -> None:
        self.number, self.on_message = number, on_message
        self.loop = asyncio.get_running_loop()
        self.job: Job | None = None
        self.is_ready = False
        context = multiprocessing.get_context("spawn")
        self.pipe, far = context.Pipe()
        self.process = context.Process(target=work, args=(far,), daemon=True, name=f"lab worker {number}")
        with apart():
            self.process.start()
        far.close()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        with suppress(EOFError, OSError):
            while True:
                kind, content = self.pipe.recv()
                self._pass_on(kind, content)
        self._pass_on(ENDED, None)

    def _pass_on(self, kind: str, content: Any) -> None:
        with suppress(RuntimeError):  # the loop is closed: the lab ends
            self.loop.call_soon_threadsafe(self.on_message, self, kind, content)

    def take(self, job: Job) -> None:
        """Begin a job."""
        self.job = job
        with suppress(OSError):  # it has just died, which is heard as well
            self.pipe.send(job.task)

    def stop(self) -> None:
        """Ask the process to give up its task; it does so within an hour of its world."""
        with suppress(OSError):
            self.pipe.send(None)

    def end(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.join(2.0)
        with suppress(OSError):
            self.pipe.close()


class Crew:
    """Some workers and the line of jobs before them: by rank, then in the order in which they came; those of the lab itself last."""

    def __init__(self, size: int, work: Callable[[Connection], None]) -> None:
        self.size, self.work = size, work
        self.workers: list[Worker] = []
        self.line: list[Job] = []
        self.deaths = 0

    def start(self) -> None:
        """Start the processes; called in the event loop."""
        self.workers = [Worker(number, self.work, self._heard) for number in range(self.size)]

    def put(self, job: Job) -> None:
        """Let a job wait for a worker."""
        if self.deaths >= DEATHS_MOST:
            job.say({"error": NONE_STARTS})
            return
        place = (
            sum(bool(other.owner) and other.rank <= job.rank for other in self.line) if job.owner else len(self.line)
        )
        self.line.insert(place, job)
        if job.owner:
            self._make_way()
        self._give_out()

    def _make_way(self) -> None:
        """What the lab does on its own account waits again where somebody else would have to."""
        waiting = sum(bool(job.owner) for job in self.line) - sum(w.is_ready and w.job is None for w in self.workers)
        own = [
            worker
            for worker in self.workers
            if worker.job is not None and not worker.job.owner and worker.job not in self.line
        ]
        for worker in own[: max(0, waiting)]:
            assert worker.job is not None
            self.line.append(worker.job)
            worker.stop()

    async def ask(self, task: Task) -> Event:
        """Do a task and return its last event."""
        job = Job("", task, owner="lab")
        self.put(job)
        while True:
            event = await job.heard.get()
            if "done" in event or "error" in event:
                return event

    def drop(self, job: Job) -> None:
        """Nobody waits for a job any more."""
        job.say({"error": STOPPED})
        if job in self.line:
            self.line.remove(job)
            self._tell_places()
        for worker in self.workers:
            if worker.job is job:
                worker.stop()

    def end(self) -> None:
        """End all processes."""
        self.deaths = DEATHS_MOST
        for worker in self.workers:
            worker.end()
        for job in self.line:
            job.say({"error": STOPPED})
        self.workers, self.line = [], []

    def _give_out(self) -> None:
        for worker in self.workers:
            if worker.is_ready and worker.job is None and self.line:
                worker.take(self.line.pop(0))
        self._tell_places()

    def _tell_places(self) -> None:
        """Say to those who wait how many are before them, where that has changed."""
        busy = sum(worker.job is not None and bool(worker.job.owner) for worker in self.workers)
        for before, job in enumerate(self.line):
            left = before + min(busy, 1)
            if left != job.left or not job.left:
                job.left = left
                job.say({"waits": left, "sentence": of_place(left)})

    def _heard(self, worker: Worker, kind: str, content: Any) -> None:
        """A message of a worker."""
        if worker not in self.workers:
            return
        if kind == READY:
            worker.is_ready, worker.job, self.deaths = True, None, 0
            self._give_out()
        elif kind == TOLD and worker.job is not None:
            if worker.job in self.line and "done" in content:  # it was done before it heard that it was to wait
                self.line.remove(worker.job)
            worker.job.say(content)
        elif kind == ENDED:
            self._replace(worker)

    def _replace(self, worker: Worker) -> None:
        """A worker has died: its job ends with a sentence, and a new one takes its place."""
        if worker.job is not None:
            worker.job.say({"error": DIED})
        worker.end()
        self.deaths += not worker.is_ready
        self.workers.remove(worker)
        if self.deaths < DEATHS_MOST:
            self.workers.append(Worker(worker.number, self.work, self._heard))
        elif not self.workers:
            for job in self.line:
                job.say({"error": NONE_STARTS})
            self.line = []
