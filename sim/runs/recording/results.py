"""Folders of results can come from anywhere, and can be damaged: what is read again is checked first.

A finished world carries a seal over what its file says, so that a cut or altered one is told from a whole one and computed again.
"""

import datetime
import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from sim.runs.enough import Looked
from sim.runs.recording import digest_of, name_of, write_json
from sim.runs.recording.elections import ElectionOfFolder
from sim.scenario.documents import FILE
from sim.scenario.schema import ScenarioError, build, choice, optional, part, quantity, shown, text

SEAL = "seal"
BYTES_MOST = 500_000_000  # of a JSON file
ARM = re.compile(r"[\w-]{1,64}(\[[\w+.-]{1,400}\])?/[\w-]{1,64}(@\w{1,16})?(~[\w.-]{1,150})?", re.ASCII)
MEASURE = re.compile(r"[\w:@./-]{1,200}", re.ASCII)
NUMBERS = ("seed", "users", "genuine_users", "impressions", "candidate_impressions", "spent", "wall_s")
OLDER: Mapping[str, Any] = {
    "timeline": [],
    "enough": {},
    "starts": {},
    "units": {},
}  # what folders of before 28 November 2026 say nothing of
log = logging.getLogger("groundswell")


def read_whole(path: Path) -> Any:
    """A JSON file as it was written; ScenarioError where it cannot be read."""
    try:
        if path.stat().st_size > BYTES_MOST:
            raise ScenarioError(f"{path}: more than {BYTES_MOST:,} bytes given, allowed so many at most")
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ScenarioError(f"{path}: cannot be read: {str(error)[:120]}") from None


def sealed(document: Mapping[str, Any]) -> dict[str, Any]:
    """A document with its seal."""
    plain = json.loads(json.dumps(document, default=str))  # as it will be read
    return {**plain, SEAL: name_of(plain)}


def unsealed(document: Any) -> dict[str, Any] | None:
    """A document whose seal is whole, without it; else None."""
    if not isinstance(document, dict):
        return None
    plain = {key: value for key, value in document.items() if key != SEAL}
    return plain if SEAL in document and document[SEAL] == name_of(plain) else None


def write_sealed(path: Path, document: Mapping[str, Any]) -> None:
    """File a result with its seal."""
    write_json(path, sealed(document))


def read_sealed(path: Path) -> dict[str, Any] | None:
    """A result as it was filed; None where there is none, or a damaged one, which is named and to be computed again."""
    if not path.is_file():
        return None
    try:
        document = read_whole(path)
    except ScenarioError as error:
        log.warning("%s; it is computed again", error)
        return None
    plain = unsealed(document)
    if plain is None:
        log.warning("%s: is not as it was written; it is computed again", path)
    return plain


@dataclass(frozen=True)
class ArmOfFolder:
    """One arm as a manifest names it."""

    name: str = text("such as coordinated/none")
    campaign: str = text("campaign preset")
    moderation: str = text("moderation preset, with its strength")
    doses: Mapping[str, float] | None = optional(
        "of a version of a campaign: multiples of their plans, of tactics that act"
    )

    regulator: str | None = optional("regulator preset under which it is")
    step: str | None = optional("step of the regulator that is taken earlier; all where there is none")
    earlier: int | None = optional("days by which it is", "days", 0, 400)

    def check(self, where: str) -> None:
        """A name of two presets, the second with its strength and its regulator."""
        if not ARM.fullmatch(self.name) or self.name != f"{self.campaign}/{self.moderation}":
            raise ScenarioError(f"{where}.name: {shown(self.name)} given, allowed campaign/moderation")


@dataclass(frozen=True)
class EventOfFolder:
    """Something on the calendar of a comparison."""

    date: datetime.date = quantity("day on which it is", "date")
    kind: str = choice("whose it is", ("campaign", "regulator", "vote"))
    what: str = text("a few words")


@dataclass(frozen=True)
class Manifest:
    """What a comparison leaves about itself."""

    versions: Mapping[str, str] = part("of what computed it")
    scenario: str = text("preset")
    title: str = text("one line")
    candidate: int = quantity("whom the campaign promotes", "index", 0, 1000)
    candidates: tuple[str, ...] = part("labels")
    exchangeable: tuple[int, ...] = quantity("those whom only the label tells apart", "index", 0, 1000)
    arms: tuple[ArmOfFolder, ...] = part("arms, in order")
    variants: tuple[ArmOfFolder, ...] | None = optional("versions of the campaign beside it, in order")
    seeds: tuple[int, ...] = quantity("seeds", "integer", 0, 2**32 - 1)
    users: int = quantity("users of one world", "users", 1, 1e9)
    scale: float = quantity("size of the world", "ratio", 1e-9, 1)
    start_date: date = quantity("first measured day", "date")
    starts: Mapping[str, date] = part("first day on which each campaign may act, by preset")
    days: int = quantity("measured days", "days", 1, 1000)
    currency: str = text("of money")
    window: tuple[int, ...] = quantity("measured days", "days", 0, 1000)
    digest: str = text("of all results")
    command: str = text("that makes them again")
    assumptions: tuple[Any, ...] = part("numbers with their sources")
    policies: Mapping[str, str] | None = optional("what each moderation preset is, a sentence, by its name")
    units: Mapping[str, str] = part("of measures of the scenario's own")
    fidelity: tuple[Any, ...] = part("what the miniature keeps")
    timeline: tuple[EventOfFolder, ...] = part("what happens when, in order of time")
    enough: Mapping[str, Any] = part("what was wished of replications=auto, and seen at each look")
    election: ElectionOfFolder | None = optional("dates, polls and priors of an election, where one was held")

    @property
    def names(self) -> list[str]:
        """Of all arms that were run."""
        return [arm.name for arm in (*self.arms, *(self.variants or ()))]

    def check(self, where: str) -> None:
        """Names that are names, at least one arm and one seed, and rows that the report can show."""
        if self.enough:
            contrasts = ["manufactured", *(f"dampening:{arm.moderation}" for arm in self.arms)]
            if build(Looked, self.enough, "enough").precision_of not in contrasts:
                raise ScenarioError(
                    f"enough.precision_of: {shown(self.enough['precision_of'])} given, allowed a contrast of these arms"
                )
        for name in (self.scenario, self.currency, self.digest, *self.candidates):
            if not FILE.fullmatch(name):
                raise ScenarioError(f"{shown(name)} given, allowed are letters, digits, _ and -")
        if not self.arms or not self.seeds or self.candidate >= len(self.candidates):
            raise ScenarioError(
                "arms, seeds or candidates: none given, allowed are at least one each, the candidate among them"
            )
        for key, rows, texts, numbers in (
            ("assumptions", self.assumptions, ("key", "unit", "meaning", "source"), ()),
            ("fidelity", self.fidelity, ("quantity", "unit"), ("real", "simulated")),
        ):
            for number, row in enumerate(rows):
                if (
                    not isinstance(row, Mapping)
                    or not all(isinstance(row.get(name), str) for name in texts)
                    or not all(isinstance(row.get(name), int | float) for name in numbers)
                ):
                    raise ScenarioError(
                        f"{key}[{number}]: {shown(row)} given, allowed a mapping with {', '.join((*texts, *numbers))}"
                    )


def check_comparison(folder: Path) -> None:
    """Whether a folder holds a comparison whose parts are whole and go together. Raises ScenarioError that names the file."""
    _check_there(folder, "compare")
    path = folder / "manifest.json"
    raw = read_whole(path)
    if isinstance(raw, Mapping) and "ticks" in raw:
        raise ScenarioError(
            f"{folder}: holds one world that run has written; allowed is a folder that compare has written"
        )
    try:
        manifest = build(Manifest, {**OLDER, **raw} if isinstance(raw, Mapping) else raw, "")
    except ScenarioError as error:
        raise ScenarioError(f"{path}: {error}") from None
    runs = checked_table(folder / "runs.parquet", ("arm", "campaign", "moderation", "digest"), NUMBERS)
    _check_runs(folder / "runs.parquet", runs, manifest)
    series = checked_table(folder / "series.parquet", ("arm", "measure"), ("seed", "day", "candidate", "value"))
    if manifest.election is not None:
        _check_votes(folder, manifest)
    if not set(series["arm"]) <= set(manifest.names) or not all(
        MEASURE.fullmatch(str(name)) for name in series["measure"].unique()
    ):
        raise ScenarioError(f"{folder / 'series.parquet'}: has arms or measures that are not those of manifest.json")


def _check_votes(folder: Path, manifest: Manifest) -> None:
    """Draws of every arm and seed, whose shares are shares."""
    path = folder / "election.parquet"
    votes = checked_table(path, ("arm",), ("seed", "draw", "candidate", "base", "share", "in_run_off", "turnout"))
    found = set(zip(votes["arm"].astype(str), votes["seed"].astype(int), strict=True))
    if found != {(arm, seed) for arm in manifest.names for seed in manifest.seeds}:
        raise ScenarioError(f"{path}: its draws are not those of each arm and seed of manifest.json")
    if not votes[["base", "share", "in_run_off"]].stack().between(0.0, 1.0).all():
        raise ScenarioError(f"{path}: allowed are shares from 0 to 1")
    if manifest.election is not None and manifest.election.polls:
        checked_table(
            folder / "election_polls.parquet", ("arm", "house"), ("seed", "draw", "candidate", "poll", "days_before", "said", "vote")
        )  # fmt: skip


def checked_table(path: Path, texts: tuple[str, ...], numbers: tuple[str, ...]) -> pd.DataFrame:
    """A table of which some columns must be there. numbers: those with a number in every row. Raises ScenarioError."""
    try:
        table = pd.read_parquet(path)
    except Exception as error:  # whatever its reader says of a file that is damaged
        raise ScenarioError(f"{path}: cannot be read: {' '.join(str(error).split())[:120]}") from None
    for name in (*texts, *numbers):
        if name not in table.columns:
            raise ScenarioError(f"{path}: column {name} is missing")
    for name in numbers:
        if not pd.api.types.is_numeric_dtype(table[name]) or table[name].isna().any():
            raise ScenarioError(f"{path}: column {name}: allowed is a number in every row")
    return table


def _check_there(folder: Path, command: str) -> None:
    """Whether a folder holds what a command leaves."""
    for name in ("manifest.json", "runs.parquet", "series.parquet"):
        if not (folder / name).is_file():
            raise ScenarioError(f"{folder}: holds no {name}; allowed is a folder that {command} has written")


def check_world(folder: Path) -> None:
    """Whether a folder holds one world whose parts are whole and go together. Raises ScenarioError that names the file."""
    _check_there(folder, "run")
    path = folder / "manifest.json"
    manifest = read_whole(path)
    if not isinstance(manifest, Mapping) or not isinstance(manifest.get("digest"), str) or "ticks" not in manifest:
        raise ScenarioError(f"{path}: allowed is what run has written of one world")
    runs = checked_table(folder / "runs.parquet", ("arm", "campaign", "moderation", "digest"), NUMBERS)
    if len(runs) != 1 or runs["digest"].iloc[0] != manifest["digest"]:
        raise ScenarioError(f"{folder / 'runs.parquet'}: allowed is one row, with the digest of manifest.json")
    series = checked_table(folder / "series.parquet", ("arm", "measure"), ("seed", "day", "candidate", "value"))
    if set(series["arm"]) != set(runs["arm"]):
        raise ScenarioError(f"{folder / 'series.parquet'}: has arms that are not that of runs.parquet")


def _check_runs(path: Path, runs: pd.DataFrame, manifest: Manifest) -> None:
    """One run of each arm and seed, with the digest that the manifest has."""
    found = sorted(zip(runs["arm"].astype(str), runs["seed"].astype(int), strict=True))
    wanted = sorted((arm, seed) for arm in manifest.names for seed in manifest.seeds)
    if found != wanted:
        raise ScenarioError(f"{path}: its rows are not one of each arm and seed of manifest.json")
    digests = [[arm, digest] for arm, digest in zip(runs["arm"], runs["digest"], strict=True)]
    if digest_of(digests, {}) != manifest.digest:
        raise ScenarioError(f"{path}: its digests are not those of manifest.json")
    for row in runs.itertuples(index=False):
        if row.arm != f"{row.campaign}/{row.moderation}":
            raise ScenarioError(f"{path}: arm {shown(row.arm)} given, allowed is campaign/moderation")
