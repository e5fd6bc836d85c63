"""Files of one world that other tools of the field read: engagement, the follow graph, share cascades, statements of reasons.

All hold the platform's record alone, as a company could hand it out. Whose account an account is stands in none of them, and no
table of roles beside them: a label that travels with a log is sooner or later an input of what is tested on it.
"""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from sim.runs.interchange.base import CSV, GRAPHML, PARQUET
from sim.runs.interchange.base import Recorder as Recorder
from sim.runs.interchange.cascades import CascadeFile
from sim.runs.interchange.events import EventFile
from sim.runs.interchange.follows import GraphFile
from sim.runs.interchange.statements import StatementFile
from sim.scenario.config import Scenario
from sim.scenario.schema import ScenarioError

ENDINGS: Mapping[str, tuple[str, ...]] = {  # option: what its file may be
    "--graph": (GRAPHML, PARQUET),
    "--cascades": (GRAPHML, PARQUET),
    "--statements": (CSV,),
}
USERS_MOST = 100_000  # of a world whose graph is written as XML: a million follows of 30,000 users take 85 MB, 2 s and 260 MB of memory


def check_files(files: Mapping[str, Path | None], scenario: Scenario) -> None:
    """Whether files can be written as they are named, told before any work. files: by option. Raises ScenarioError."""
    named = {option: path for option, path in files.items() if path is not None}
    users = scenario.population.country_users * scenario.scale
    for option, path in named.items():
        allowed = ENDINGS[option]
        if path.suffix not in allowed:
            raise ScenarioError(f"{option}: {path} given, allowed a file that ends with {' or '.join(allowed)}")
        if path.suffix == GRAPHML and users > USERS_MOST:
            raise ScenarioError(
                f"{option}: {path} given for a world of {users:,.0f} users, allowed up to {USERS_MOST:,}; name a {PARQUET} file"
            )
        there = next(place for place in path.absolute().parents if place.exists())
        if path.is_dir() or not there.is_dir() or not os.access(there, os.W_OK):
            raise ScenarioError(f"{option}: {path} given, allowed a file in a folder that can be written")
    if len({path.resolve() for path in named.values()}) < len(named):
        raise ScenarioError(f"{', '.join(named)}: one file given for two, allowed is a file each")


def recorders(
    events: Path | None = None, graph: Path | None = None, cascades: Path | None = None, statements: Path | None = None
) -> list[Recorder]:
    """Who writes the files that are named, for `sim.runs.face.simulate`."""
    kinds: list[tuple[Callable[[Path], Recorder], Path | None]] = [
        (EventFile, events), (GraphFile, graph), (CascadeFile, cascades), (StatementFile, statements),
    ]  # fmt: skip
    return [kind(path) for kind, path in kinds if path is not None]
