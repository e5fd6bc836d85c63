"""The state of one lab: who is in, which reels there are, which worlds run, and what the class answered."""

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from analysis.lab.server.answers import Answers
from analysis.lab.server.jobs import Event, Job
from analysis.lab.server.settings import BASE, command_of, words_of
from analysis.lab.server.share import STUDENT, TEACHER, Person, Share
from analysis.lab.server.store import Reel, Store, read_reel, remove
from analysis.lab.server.tasks import Compose, FilmArms, MakeReel, Moderate, Task
from analysis.lab.server.workers import Crew
from analysis.lab.stored import STORED

FIRST = "stored"  # name of the reel that ships with the package
FIRST_SERVED = (TEACHER, STUDENT)  # whose worlds are run first
JOBS_EACH = {TEACHER: 3, STUDENT: 1}  # worlds at once of one person, those that wait included
JOBS_MOST = 80  # of all
UNFOLLOWED = 20.0  # seconds after which a world that nobody follows is given up
COMPOSED_MOST = 200  # answers of the desk that are kept
MODERATED_MOST = 500  # answers to the class's flags that are kept


class TooManyError(RuntimeError):
    """More worlds than one person, or all together, may have; the text is a sentence."""


class Lab:
    """See the module. work: what processes run that make worlds; size: how many there are; answer: what one more runs, for short
    questions; stored: the reel with which it opens; base: words that all of its worlds share."""

    def __init__(
        self, place: Path, is_shared: bool, work: Callable[[Connection], None], answer: Callable[[Connection], None], size: int = 1,
        stored: Path | None = STORED, base: Sequence[str] = BASE,
    ) -> None:  # fmt: skip
        self.share, self.answers = Share(is_shared), Answers()
        self.store = Store(place, self._watched)
        self.place, self.base = place, tuple(base)
        self.crew, self.desk = Crew(size, work), Crew(1, answer)
        self.jobs: dict[str, Job] = {}
        self.moderated: OrderedDict[tuple[str, str, tuple[int, ...]], Event] = OrderedDict()
        self.settings: dict[tuple[str, ...], Event] = {}  # what was composed, by words
        self.tasks: set[asyncio.Task[None]] = set()
        self.addresses: list[str] = []  # at which the class finds the lab
        self.first = ""
        if stored is not None and (stored / "reel.json").is_file():
            self.first = FIRST
            self.store.add(read_reel(FIRST, stored, is_stored=True))

    def start(self) -> None:
        """Start the processes; called in the event loop. The first reel's worlds are filmed before anybody asks for others, so that
        everybody's feeds are there, and twins that no setting changes."""
        self.desk.start()
        self.crew.start()
        self.beside(self.composed(words_of({}, self.base)))
        first = self.store.reels.get(FIRST)
        if first is not None:
            self.crew.put(Job("", FilmArms(first.words, self.store.films), then=self._filmed))

    async def composed(self, words: tuple[str, ...]) -> Event:
        """What the desk says of some words; what it said before is kept."""
        if words in self.settings:
            return self.settings[words]
        event = await self.desk.ask(Compose(words))
        if "done" in event:
            while len(self.settings) >= COMPOSED_MOST:
                self.settings.pop(next(iter(self.settings)))
            self.settings[words] = event
        return event

    def _filmed(self, event: Event) -> Event:
        first = self.store.reels[FIRST]
        first.films = {arm: Path(folder) for arm, folder in event["films"].items()}
        self.take_up(first)
        return event

    def end(self) -> None:
        """End them, and with them every world that runs."""
        self.crew.end()
        self.desk.end()

    def _watched(self) -> Iterator[str]:
        yield self.share.teacher.reel
        for person in self.share.students.values():
            yield person.reel

    def begin(self, person: Person, task: Task, then: Callable[[Event], Event] | None = None) -> Job:
        """Let a task wait for a worker. then: makes of the last event what is said of it. Raises TooManyError."""
        person.jobs &= set(self.jobs)
        if len(person.jobs) >= JOBS_EACH[person.role]:
            raise TooManyError("Your last world is still being made; wait for it, or close it.")
        if len(self.jobs) >= JOBS_MOST:
            raise TooManyError("Too many worlds wait already; try again in a minute.")
        rank = FIRST_SERVED.index(person.role)
        job = Job(secrets.token_hex(8), task, person.token, rank, then=then)
        self.jobs[job.name] = job
        person.jobs.add(job.name)
        self.crew.put(job)
        asyncio.get_running_loop().call_later(UNFOLLOWED, self._give_up, job)
        return job

    def _give_up(self, job: Job) -> None:
        if not job.is_followed:
            self.forget(job)

    def forget(self, job: Job) -> None:
        """Nobody follows a job any more: it is stopped where it runs."""
        self.jobs.pop(job.name, None)
        self.crew.drop(job)

    def make(self, person: Person, words: tuple[str, ...]) -> Job:
        """Make a reel with other settings."""
        name = secrets.token_hex(6)
        task = MakeReel(words, self.store.films, self.place / "reels" / name, command_of(words))

        def taken_up(event: Event) -> Event:
            self.take_up(read_reel(name, task.out))
            return {**event, "done": name}

        return self.begin(person, task, taken_up)

    def take_up(self, reel: Reel) -> None:
        """Take up a reel; what is too much is taken from the disk beside everything else."""
        gone = self.store.add(reel)
        if gone:
            self.beside(asyncio.to_thread(remove, gone))

    def beside(self, work: Any) -> None:
        """Do something beside everything else."""
        task = asyncio.ensure_future(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def moderate(self, person: Person, reel: Reel, desk: Mapping[str, Any], accounts: tuple[int, ...]) -> Job:
        """Run a desk's world again with some accounts suspended; what was asked before is answered at once."""
        key = (str(desk["seed"]), str(desk["id"]), accounts)  # desks are the same in all reels
        if key in self.moderated:
            job = Job(secrets.token_hex(8), Task(), person.token)
            self.jobs[job.name] = job
            job.say(self.moderated[key])
            return job

        def kept(event: Event) -> Event:
            self.moderated[key] = {**event, "done": reel.name}
            while len(self.moderated) > MODERATED_MOST:
                self.moderated.popitem(last=False)
            return self.moderated[key]

        return self.begin(person, Moderate(desk, accounts), kept)
