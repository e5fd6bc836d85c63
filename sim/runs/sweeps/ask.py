"""Ask for a sweep in words: what the command and the notebooks stand on."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.runs.recording.families import OF_OTHERS
from sim.runs.recording.folders import folder_for
from sim.runs.sweeps.forecast import Forecast, forecast
from sim.runs.sweeps.points import Plan, plan_of
from sim.runs.sweeps.points import as_word as as_word
from sim.runs.sweeps.store import Store, store_at
from sim.runs.sweeps.sweep import Progress, sweep
from sim.runs.sweeps.words import Engine, sweep_of
from sim.scenario.schema import ScenarioError


@dataclass(frozen=True)
class Asked:
    """A sweep that is checked and ready to run. command: that asks for it again."""

    plan: Plan
    store: Store
    engine: Engine
    command: str
    trust: tuple[str, ...]

    @property
    def forecast(self) -> Forecast:
        """What it comes to."""
        return forecast(self.plan)

    def run(self, threads: int | None = None, on_progress: Progress | None = None) -> dict[str, Any]:
        """Run what is not there yet; see `sweep`."""
        return sweep(self.plan, self.store, self.engine, self.command, self.trust, threads, on_progress)


def ask(words: Sequence[str], out: str | None = None, folder: Path | None = None, trust: Sequence[str] = ()) -> Asked:
    """Check a sweep. out: a folder, or a place that fsspec knows; else a folder named after what was asked, wherever it runs.

    Raises ScenarioError where words, points or the place are wrong.
    """
    said = sweep_of(words, folder)
    plan = plan_of(said, folder, trust)
    asked = [word for word in words if word.split("=")[0].split(".")[0] != "engine"]
    name = next(iter(plan.bases.values())).scenario.name
    store = store_at(out or str(folder_for(None, f"{name}-sweep", asked, folder)))
    if store.has(OF_OTHERS):
        raise ScenarioError(
            f"--out: {store} given, which holds what run or compare has left; allowed is another folder"
        )
    options = [
        *(["--scenarios", str(folder)] if folder else []),
        *(word for module in trust for word in ("--trust", module)),
    ]
    return Asked(plan, store, said.engine, shlex.join(["groundswell", "sweep", *words, *options]), tuple(trust))
