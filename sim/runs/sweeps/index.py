"""The index of a sweep: its points, and which file holds which family."""

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from sim.runs.face import about, versions
from sim.runs.recording.families import DESIGN, ESTIMATES, INDEX, RUNS, SERIES, path_of
from sim.runs.sweeps.points import Plan, as_word
from sim.runs.sweeps.store import Store
from sim.runs.sweeps.work import Receipt, Task, digest_of_sweep

log = logging.getLogger("groundswell")


def finished(tasks: Sequence[Task], receipts: Mapping[str, Receipt]) -> list[Receipt]:
    """Receipts of tasks that did not fail, under the point and seed that were asked for."""
    found = [(task, receipts[task.name]) for task in tasks if task.name in receipts and not receipts[task.name].failed]
    return [replace(receipt, point=task.point, seed=task.seed) for task, receipt in found]


def leave_index(plan: Plan, tasks: Sequence[Task], receipts: Mapping[str, Receipt], store: Store, command: str) -> str:
    """Write the points of a sweep and where its families lie; what is not finished says so. Returns the digest of all results.

    Tables that were made of other families are taken away: nobody shall read them under this index.
    """
    done = finished(tasks, receipts)
    there, digest = {receipt.name for receipt in done}, digest_of_sweep(done)
    index = {
        "versions": versions(),
        "command": command,
        "keys": plan.keys,
        "about": about(next(iter(plan.bases.values()))),  # before the values of any point
        "seeds": sorted({task.seed for task in tasks}),
        "digest": digest,
        "families": [
            _told(task, task.name in there) for task in sorted(tasks, key=lambda task: (task.point, task.seed))
        ],
        "failed": [{"point": r.point, "seed": r.seed, "why": r.failed} for r in receipts.values() if r.failed],
    }
    _forget_other(store, index)
    store.write(DESIGN, design_of(plan).to_parquet(None, index=False) or b"")
    store.write(INDEX, (json.dumps(index, indent=1) + "\n").encode())
    return digest


def _forget_other(store: Store, index: Mapping[str, Any]) -> None:
    """Take away tables of another sweep in this place, or of this one when less of it was there; say whose record is replaced."""
    try:
        before = json.loads(store.read(INDEX) or b"{}")
        keys, families = before.get("keys"), before.get("families")
    except (ValueError, AttributeError):
        keys, families = None, None
    if keys is not None and keys != index["keys"]:
        log.warning(
            "%s held a sweep over %s: its record is replaced, its families are kept",
            store,
            ", ".join(keys) or "nothing",
        )
    if families != index["families"]:
        for name in (RUNS, SERIES, ESTIMATES):
            store.drop(f"{name}.parquet")


def _told(task: Task, is_there: bool) -> dict[str, Any]:
    return {"file": path_of(task.name), "point": task.point, "seed": task.seed, "is_there": is_there}


def design_of(plan: Plan) -> pd.DataFrame:
    """A row a point: its number, and its values by key; numbers where all values of a key are, else texts."""
    columns: dict[str, list[Any]] = {"point": [point.number for point in plan.points]}
    for key in plan.keys:
        values = [point.values[key] for point in plan.points]
        plain = all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
        columns[key] = values if plain else [as_word(value) for value in values]
    return pd.DataFrame(columns)
