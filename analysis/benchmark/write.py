"""Write the worlds of a benchmark one by one, each whole or not at all, going on from what is finished."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.benchmark.manifest import MANIFEST, PUBLIC, SEALED, are_there, put
from analysis.benchmark.plan import TEST, Order, Planned, settings
from analysis.benchmark.tables import COORDINATED, INNOCENT, LABELS, PACKED, tables_of, written
from sim.kernels import fingerprint
from sim.runs.face import labelled_world
from sim.runs.recording import code_of, name_of, write_json
from sim.runs.recording.results import read_sealed, read_whole, write_sealed
from sim.scenario.schema import ScenarioError

FINISHED = "finished"  # folder of what says how far the writing has come
SHAPED_BY = ("tables.py", "write.py")  # files of this folder on which those of a world hang, beside the model
Progress = Callable[[int, int, str], None]


def write_worlds(order: Order, out: Path, on_progress: Progress | None = None) -> pd.DataFrame:
    """All worlds of an order in a folder that this process holds; returns a row for each. Raises ScenarioError.

    A finished world is used again where it is as it was written, by the same code and settings.
    """
    _check_same(order, out)
    code, rows = code_of() + fingerprint(Path(__file__).parent / name for name in SHAPED_BY), []
    worlds = order.worlds
    for number, world in enumerate(worlds, start=1):
        key = name_of([code, asdict(world), settings().everywhere, settings().on_election])
        record = read_sealed(_record(out, world)) or {}
        if record.get("key") != key or not are_there(out, record["files"]):
            (out / PUBLIC / MANIFEST).unlink(missing_ok=True)  # by which the whole counts as finished
            record = _write_world(world, out, key)
        rows.append({**record["row"], "files": record["files"]})
        if on_progress:
            on_progress(number, len(worlds), world.name)
    return pd.DataFrame(rows)


def _check_same(order: Order, out: Path) -> None:
    """A folder holds one benchmark: of another its files would be left among these."""
    path = out / FINISHED / "order.json"
    if path.is_file() and read_whole(path) != order.name:
        raise ScenarioError(
            f"{out} given, which holds a benchmark of another version, design or salt; allowed an empty folder"
        )
    write_json(path, order.name)


def _record(out: Path, world: Planned) -> Path:
    return out / FINISHED / f"{world.name}.json"


def _write_world(world: Planned, out: Path, key: str) -> dict[str, Any]:
    """Run one world and leave its files; its record comes last, and with it the world counts as finished."""
    scenario, asked = world.scenario, settings()
    found = labelled_world(scenario, asked.everywhere, asked.on_election)
    labels = tuple(candidate.label for candidate in scenario.population.candidates)
    tables = tables_of(found, labels, world.secret)
    files = dict[str, dict[str, Any]]()
    for name, table in tables.items():
        drawer = SEALED if name == LABELS and world.set == TEST else PUBLIC
        files |= put(out, f"{drawer}/{world.name}.{name}{PACKED}", written(table))
    kinds = pd.Series(found.kind).value_counts()
    row = {
        "world": world.name, "set": world.set, "level": world.level, "size": world.size, "background": world.background,
        "seed": world.seed, "first": found.first, "last": found.last, "wake": found.wake,
        **{name: len(tables[name]) for name in ("accounts", "events", "posts")},
        "genuine": int(sum(kinds.get(kind, 0) for kind in INNOCENT)), **{kind: int(kinds.get(kind, 0)) for kind in COORDINATED},
    }  # fmt: skip
    record = {"key": key, "row": row, "files": files}
    write_sealed(_record(out, world), record)
    return record
