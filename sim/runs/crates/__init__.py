"""A finished folder as an RO-Crate: packed with what makes it again, unpacked with care, and repeated."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.runs.question import Question, assembled, composed_file
from sim.runs.recording.results import read_whole
from sim.scenario.config import Arm
from sim.scenario.documents import read_document
from sim.scenario.files import recorded
from sim.scenario.schema import ScenarioError, build

METADATA = "ro-crate-metadata.json"
CONFIG, MANIFEST = "config.yaml", "manifest.json"
FILES_MOST = 10_000  # in one crate
BYTES_MOST = 2_000_000_000  # of all files of a crate, unpacked
SEGMENT = re.compile(r"(?![. ])[^\\/:*?\"<>|\x00-\x1f\x7f]{1,150}(?<![. ])")  # a name that is one file's on any system


def check_name(name: str) -> None:
    """A path inside a crate: of a few names with / between them, none of which leads elsewhere. Raises ScenarioError."""
    segments = name.split("/")
    if not 1 <= len(segments) <= 8 or not all(SEGMENT.fullmatch(segment) for segment in segments):
        raise ScenarioError(f"{name[:80]!r}: refused; allowed in a crate are names of files inside it, none hidden")


def documents_of(folder: Path) -> list[str]:
    """The files that a folder's results are made from: its scenario, and of a comparison each campaign and each moderation.

    Raises ScenarioError where one is not there.
    """
    names = [CONFIG]
    if is_comparison(folder):
        document, _ = read_document(folder / CONFIG)
        arms = arms_of(document)
        names += sorted({composed_file("campaign", arm.campaign) for arm in arms})
        names += sorted({composed_file("moderation", arm.moderation) for arm in arms})
        names += sorted({composed_file("regulator", arm.regulator) for arm in arms if arm.regulator})
    for name in names:
        check_name(name)
        if not (folder / name).is_file():
            raise ScenarioError(
                f"{folder}: holds no {name}, as folders of before 28 November 2026; the command that wrote it leaves one"
            )
    return names


def is_comparison(folder: Path) -> bool:
    """Whether a folder with a manifest is one of `compare`, not of `run`."""
    manifest = read_whole(folder / MANIFEST)
    return isinstance(manifest, Mapping) and "ticks" not in manifest


def arms_of(document: Any) -> list[Arm]:
    """The arms that a composed comparison names."""
    arms = document.get("arms") if isinstance(document, Mapping) else None
    if not isinstance(arms, list) or not arms:
        raise ScenarioError(f"{CONFIG}: arms: none given, allowed is the scenario that a comparison has left")
    return [build(Arm, arm, f"arms[{place}]") for place, arm in enumerate(arms)]


def question_in(folder: Path, trust: Sequence[str] = ()) -> Question:
    """The comparison that a folder's documents compose. Raises ScenarioError."""
    document = recorded(folder / CONFIG, trust)
    arms = arms_of(document)
    campaigns = {arm.campaign: recorded(folder / composed_file("campaign", arm.campaign), trust) for arm in arms}
    moderations = {
        arm.moderation: recorded(folder / composed_file("moderation", arm.moderation), trust).get("moderation", {})
        for arm in arms
    }
    regulators = {
        arm.regulator: recorded(folder / composed_file("regulator", arm.regulator), trust).get("regulator", {})
        for arm in arms
        if arm.regulator
    }
    return assembled(document, campaigns, moderations, arms, trust, regulators)


def plug_ins_of(node: Any) -> Iterator[str]:
    """Modules outside the project whose classes a document names; a crate does not hold them."""
    if isinstance(node, Mapping):
        target = node.get("_target_")
        if isinstance(target, str) and not target.startswith("sim."):
            yield target.rpartition(".")[0]
        for value in node.values():
            yield from plug_ins_of(value)
    elif isinstance(node, list | tuple):
        for value in node:
            yield from plug_ins_of(value)
