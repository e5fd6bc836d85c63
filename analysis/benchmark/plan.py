"""Which worlds a benchmark has: levels of craft by sizes by backgrounds, and worlds without a campaign, in two sets."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sim.runs.face import load_scenario
from sim.runs.recording import name_of
from sim.scenario.config import Scenario
from sim.scenario.documents import read_document
from sim.scenario.schema import ScenarioError, build, nearest, part, quantity, text

SETTINGS = Path(__file__).resolve().parent / "benchmark.yaml"
TRAINING, TEST = ("training", "test")
NO_SIZE = "none"  # of a world without a campaign
OPEN = "open"  # the salt where none is given: everybody has it
LEAST_SALT = 16  # characters of one that is to keep something


@dataclass(frozen=True)
class Design:
    """The worlds of one set."""

    words: tuple[str, ...] = part("of every world")
    levels: tuple[str, ...] = part("presets of campaigns, from the least craft")
    sizes: Mapping[str, tuple[str, ...]] = part("words of each size")
    backgrounds: tuple[str, ...] = part("presets of what genuine people do")
    each: int = quantity("of each level, size and background", "worlds", 1, 1000)
    quiet_each: int = quantity("without a campaign, of each size and background", "worlds", 1, 1000)

    def only(self, levels: Sequence[str]) -> "Design":
        """The same with some of its levels; all where none is named. Raises ScenarioError."""
        for level in levels:
            if level not in self.levels:
                raise ScenarioError(f"--level: {level[:60]} given; {nearest(level, self.levels)}")
        kept = tuple(level for level in self.levels if level in levels or not levels)
        return Design(self.words, kept, self.sizes, self.backgrounds, self.each, self.quiet_each)


@dataclass(frozen=True)
class Cost:
    """What a world takes."""

    opening: float = quantity("of processor, for a world of any size", "seconds", 0, 1e3)
    seconds: float = quantity("of processor, for a user and day", "seconds", 0, 1)
    bytes: float = quantity("of files, for a user and measured day", "bytes", 0, 1e4)


@dataclass(frozen=True)
class Settings:
    """What `benchmark.yaml` says."""

    version: str = text("of the worlds and of the form of the files")
    everywhere: tuple[str, ...] = part("verbs of which every act is kept")
    on_election: tuple[str, ...] = part("verbs of which acts on posts about the election are kept")
    price: float = quantity(
        "genuine accounts that may be hit, where detectors are compared", "accounts/100,000", 0, 1e5
    )
    base_rates: Mapping[str, float] = quantity("of accounts that are directed", "share", 1e-9, 1)
    quiet: str = text("preset of worlds without a campaign")
    whole: Design = part("the benchmark")
    quick: Design = part("one of seconds, for trying things out")
    cost: Cost = part("of a world")


@cache
def settings() -> Settings:
    """The settings of this version."""
    return build(Settings, read_document(SETTINGS)[0], "benchmark")


@dataclass(frozen=True)
class Planned:
    """One world to be written. secret: what its seed and the names of its accounts are made from."""

    name: str
    set: str
    level: str
    size: str
    background: str
    words: tuple[str, ...]
    secret: str

    @property
    def seed(self) -> int:
        """Of the world, a whole number of 32 bits."""
        return int(self.secret[:8], 16)

    @property
    def scenario(self) -> Scenario:
        """The checked scenario."""
        return load_scenario([*self.words, f"seed={self.seed}", "replications=1"])


def planned(design: Design, salt: str) -> list[Planned]:
    """All worlds. Those of the test set are named in an order that tells nothing, and their seeds hang on the salt."""
    found = []
    for name, secret in ((TRAINING, TRAINING), (TEST, f"{TEST}:{salt}")):
        worlds = [
            (_hash([secret, number, *words]), level, size, background, words)
            for level, size, background, number, words in _cells(design)
        ]
        if name == TEST:
            worlds.sort()
        digits = max(2, len(str(len(worlds))))
        for place, (key, level, size, background, words) in enumerate(worlds, start=1):
            found.append(Planned(f"{name}_{place:0{digits}d}", name, level, size, background, words, key))
    return found


def _cells(design: Design) -> list[tuple[str, str, str, int, tuple[str, ...]]]:
    """Level, size, background, number and words of each world of a set.

    Worlds without a campaign have the accounts of a size as well, which nobody uses: else how many accounts there are would tell them.
    """
    cells = []
    for background in design.backgrounds:
        for size, words in design.sizes.items():
            levels = [
                *((level, size, design.each) for level in design.levels),
                (settings().quiet, NO_SIZE, design.quiet_each),
            ]
            for level, said, each in levels:
                own = (*design.words, f"campaign={level}", f"background={background}", *words)
                cells += [(level, said, background, number, own) for number in range(each)]
    return cells


def _hash(what: Any) -> str:
    return hashlib.sha256(json.dumps(what).encode()).hexdigest()


@dataclass(frozen=True)
class Order:
    """What is to be written."""

    design: Design
    salt: str

    @property
    def worlds(self) -> list[Planned]:
        """All of them."""
        return planned(self.design, self.salt)

    @property
    def name(self) -> str:
        """The same for the same order."""
        return name_of([settings().version, asdict(self.design), self.salt])


def cost(order: Order) -> dict[str, float]:
    """Worlds, and roughly the seconds of one core and the bytes that they take."""
    worlds = order.worlds
    scenario, each = worlds[0].scenario, settings().cost
    users, clock = scenario.population.country_users * scenario.scale, scenario.clock
    seconds = each.opening + each.seconds * users * (clock.days + scenario.calendar.warm_up_days)
    return {
        "worlds": len(worlds),
        "seconds": seconds * len(worlds),
        "bytes": each.bytes * users * clock.days * len(worlds),
    }


def check_salt(salt: str | None) -> str:
    """A salt that can keep something, or the open one. Raises ScenarioError."""
    if salt is None:
        return OPEN
    if not LEAST_SALT <= len(salt) <= 1000 or not salt.isprintable():
        raise ScenarioError(
            f"--salt: {len(salt)} characters given, allowed {LEAST_SALT} to 1,000 that nobody can guess (openssl rand -hex 16 gives some)"
        )
    return salt
