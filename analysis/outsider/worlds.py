"""Run worlds for their logs, and let every instrument answer on every day; what is filed of a world is not made again."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from analysis.outsider.instruments import INSTRUMENTS, PUPPETS
from analysis.outsider.seen import MISSING, Known, seen_of
from analysis.outsider.truths import ground, truth_of
from sim.kernels import fingerprint
from sim.runs.face import DailyAudits, Digest, recorded_world, run_all
from sim.runs.recording import code_of, name_of
from sim.runs.recording.results import read_sealed, write_sealed
from sim.scenario.config import Scenario
from sim.scenario.documents import read_document
from sim.scenario.schema import ScenarioError, build, part, quantity

HERE = Path(__file__).resolve().parent
NOT_MADE_BY = (
    "scoring.py",
    "words.py",
    "page.py",
    "document.py",
    "command.py",
)  # files of this folder on which no answer hangs
EVERYWHERE, ON_ELECTION = ("comment",), ("like", "comment")  # acts that the record and its truths are made of
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Settings:
    """What `outsider.yaml` says."""

    every: int = quantity("between looks before the vote", "days", 1, 60)
    before: int = quantity("before the vote on which looks begin", "days", 1, 400)
    after: tuple[int, ...] = quantity("looks after the vote", "days", 1, 400)
    runs: int = quantity("accounts of the large audit", "accounts", 2, 10_000)
    minutes: float = quantity("that each watches", "minutes", 1, 90)
    viewers: tuple[str, ...] = part("whose record is read")

    def days(self, last: date, first: date) -> list[date]:
        """On which somebody looks, of a world with a first and a last day; the vote is on the day after the last."""
        vote = last + timedelta(days=1)
        earlier = [last - timedelta(days=back) for back in range(0, self.before, self.every)]
        return sorted(day for day in earlier if day >= first) + [vote + timedelta(days=later) for later in self.after]


@cache
def settings() -> Settings:
    """The settings of this version."""
    return build(Settings, read_document(HERE / "outsider.yaml")[0], "outsider")


@dataclass(frozen=True)
class Task:
    """One world to be looked at. digest: of the same world when it was compared, None where it was not; code: see `code`."""

    arm: str
    scenario: Scenario
    known: Known
    path: Path
    digest: str | None
    code: str

    @property
    def seed(self) -> int:
        """Of the world."""
        return self.scenario.seed

    @property
    def key(self) -> str:
        """What its file hangs on."""
        return name_of([self.code, self.arm, repr(self.scenario), asdict(self.known), asdict(settings())])


def code() -> str:
    """A hash of all code on which an answer hangs."""
    own = sorted(path for path in HERE.glob("*.py") if path.name not in NOT_MADE_BY)
    return code_of() + fingerprint([*own, *sorted((HERE.parent / "detection").glob("*.py"))])


def look_at_all(tasks: list[Task], engine: str, workers: int, on_progress: Progress | None) -> list[dict[str, Any]]:
    """What is filed of each world, those that were not filed run before. Raises ScenarioError where a world is not the compared one."""
    todo = [task for task in tasks if (read_sealed(task.path) or {}).get("key") != task.key]
    done = len(tasks) - len(todo)
    for failed in run_all(engine, look_and_file, todo, workers):
        if failed:
            raise ScenarioError(failed)
        done += 1
        if on_progress:
            on_progress(done, len(tasks), "")
    found = [read_sealed(task.path) for task in tasks]
    return [record for record in found if record is not None]


def look_and_file(task: Task) -> str:
    """Look at one world and file it; returns what is wrong, nothing where nothing is."""
    record = look(task)
    if task.digest not in (None, record["digest"]):
        return (
            f"{task.arm}, seed {task.seed}: has digest {record['digest'][:12]}, in the folder {str(task.digest)[:12]}: another version "
            "has made it; allowed is a folder of this one"
        )
    write_sealed(task.path, {"key": task.key, **record})
    return ""


def look(task: Task) -> dict[str, Any]:
    """Answers of all instruments on all days to one world, with what is true where one world tells, and what it tells its twin."""
    asked, scenario, known = settings(), task.scenario, task.known
    clock = scenario.clock
    last = clock.day_of(clock.end - 1)
    days = asked.days(last, clock.first_day)
    audits, digest = DailyAudits(asked.runs, asked.minutes, frozenset(day for day in days if day <= last)), Digest()
    world = recorded_world(scenario, EVERYWHERE, ON_ELECTION, [audits.note, digest.note])
    rows = []
    for viewer in asked.viewers:
        for day in days:
            seen = seen_of(world, viewer, day, audits.videos, known)
            for name, instrument in INSTRUMENTS.items():
                answer = MISSING if name in PUPPETS and viewer != asked.viewers[0] else instrument(seen)
                rows.append({
                    "viewer": viewer, "day": day, "after_vote": (day - last).days - 1, "instrument": name, **asdict(answer),
                    "truth": truth_of(name, world, day, known.focal, answer),
                })  # fmt: skip
    about = {
        "arm": task.arm,
        "campaign": scenario.campaign.name,
        "moderation": scenario.moderation.name,
        "seed": task.seed,
    }
    return {**about, "digest": digest.found, "ground": ground(world, audits.videos, known.focal), "answers": rows}
