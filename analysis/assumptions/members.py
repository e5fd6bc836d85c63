"""Run a comparison under many sets of assumptions, and leave what was drawn beside what came of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.assumptions.design import Unknown, drawn, unknowns_of, values_of
from analysis.estimates.factors import Factor, factor_of, told
from analysis.estimates.kept_bands import DESIGN
from analysis.estimates.what_matters import Sets
from sim.runs.face import Spread, run_members
from sim.runs.question import question_of, with_values
from sim.runs.recording import read_json, read_table, write_json, write_table
from sim.scenario.schema import ScenarioError


@dataclass(frozen=True)
class Design:
    """A finished nested design. values: a row a member, a column a key, as texts; places: the same between the ends of the ranges, 0
    to 1; runs: a row an arm, seed and member; failed: of members that could not be run why."""

    unknowns: tuple[Unknown, ...]
    values: pd.DataFrame
    places: pd.DataFrame
    runs: pd.DataFrame
    failed: dict[int, str]
    replications: int

    @property
    def factors(self) -> list[Factor]:
        """What was drawn, in the order of the columns."""
        return [unknown.factor for unknown in self.unknowns]


def run_design(
    words: Sequence[str], spread: Spread, out: Path, folder: Path | None = None, trust: Sequence[str] = (),
    threads: int | None = None, on_progress: Callable[[int, int, str], None] | None = None,
) -> Design:  # fmt: skip
    """Draw members from the ranges of all that a comparison assumes, run each, and leave the design in `out`.

    Every member is composed and checked before any world is run. Raises ScenarioError where nothing is assumed.
    """
    asked = question_of(words, folder, trust)
    unknowns = unknowns_of(asked, folder)
    if not unknowns:
        raise ScenarioError("assumptions: ranges given, and nothing in this scenario is an assumption with a range")
    values, places = drawn(unknowns, spread.members, asked.document)
    members = {
        int(member): with_values(asked, values_of(row.to_dict(), asked.document), trust) for member, row in values.iterrows()
    }  # fmt: skip
    place = out / DESIGN
    place.mkdir(parents=True, exist_ok=True)
    runs, failed = run_members(members, spread.member_replications, place, trust, threads, on_progress)
    write_table(place / "values.parquet", values.map(str).reset_index())
    write_table(place / "places.parquet", places.reset_index())
    write_table(place / "runs.parquet", runs)
    write_json(place / "design.json", {
        "replications": spread.member_replications, "failed": {str(member): why for member, why in failed.items()},
        "unknowns": [_told(unknown) for unknown in unknowns],
    })  # fmt: skip
    return read_design(out)


def _told(unknown: Unknown) -> dict[str, Any]:
    return {**told(unknown.factor), "stated": str(unknown.value), "unit": unknown.unit, "meaning": unknown.meaning}


def read_design(out: Path) -> Design:
    """What `run_design` has left in a comparison's folder. Raises ScenarioError where there is none."""
    place = out / DESIGN
    if not (place / "design.json").is_file():
        raise ScenarioError(
            f"{out}: holds no sets of assumptions; allowed is a folder that compare with assumptions=ranges has written"
        )
    told = read_json(place / "design.json")
    unknowns = tuple(_read(row) for row in told["unknowns"])
    values, places = (read_table(place, name).set_index("member") for name in ("values", "places"))
    failed = {int(member): str(why) for member, why in told["failed"].items()}
    return Design(unknowns, values, places, read_table(place, "runs"), failed, int(told["replications"]))


def _read(row: dict[str, Any]) -> Unknown:
    return Unknown(factor_of(row), row["stated"], str(row["unit"]), str(row["meaning"]))


def sets_of(design: Design) -> Sets:
    """What is read of a design when one asks what matters."""
    known = {unknown.factor.key: (unknown.meaning, unknown.unit) for unknown in design.unknowns}
    return Sets(design.places, design.factors, known, design.runs)
