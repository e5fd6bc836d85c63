"""Preset files: which there are, what each is and says, which others it builds on, and the comments beside its numbers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from sim.scenario.schema import ScenarioError, nearest

ROOT = Path(__file__).resolve().parents[2] / "scenarios"
LISTS = "vary"  # a folder of lists of settings, which the command of that name takes, and no slot of a scenario
NESTED = ("recommender.profiled", "recommender.other")  # where a preset of a slot stands inside another one
COMMENT = re.compile(r"^(\s*)([A-Za-z_][\w]*):[^#]*#\s*(.+)$")
NAME = re.compile(r"(?!_self_$)[\w.-]+")  # of a preset, among `defaults`
LEGEND = "unit; meaning; source or assumption"  # ends what the comment at the top of a file says of the preset
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
FILE = re.compile(r"[A-Za-z0-9][\w-]{0,63}", re.ASCII)  # the name of a preset's file


@cache
def shipped() -> tuple[Path, ...]:
    """The preset files of the project."""
    return tuple(sorted(ROOT.glob("*/*.yaml")))


def own_files(folder: Path | None) -> list[Path]:
    """The preset files of a user's own folder: those in folders that are named as slots; nothing else there is looked at."""
    known = {path.parent.name for path in shipped()}
    found = []
    for path in sorted(folder.glob("*/*")) if folder else ():
        if path.parent.name not in known or path.suffix not in (".yaml", ".yml"):
            continue
        if path.suffix == ".yml":
            raise ScenarioError(f"{path}: given, allowed are files that end with .yaml; rename it")
        if not FILE.fullmatch(path.stem):
            raise ScenarioError(f"{path}: given, allowed in a preset's name are at most 64 letters, digits, _ and -")
        found.append(path)
    return found


def slots(folder: Path | None = None) -> dict[str, list[str]]:
    """Slots and the names of their presets, a user's own included."""
    found: dict[str, set[str]] = {}
    for path in (*shipped(), *own_files(folder)):
        found.setdefault(path.parent.name, set()).add(path.stem)
    return {slot: sorted(names) for slot, names in sorted(found.items())}


@dataclass(frozen=True)
class Entry:
    """A preset in a list: its name, one sentence on what it is (empty where its file has none), and whose it is."""

    name: str
    sentence: str
    is_own: bool


def entries(folder: Path | None = None) -> dict[str, list[Entry]]:
    """Slots and their presets with what each is; a user's own takes the place of a shipped one of its name."""
    found: dict[str, dict[str, Entry]] = {}
    own = own_files(folder)
    for path in (*shipped(), *own):
        entry = Entry(path.stem, _sentence_of(path), path in own)
        found.setdefault(path.parent.name, {})[path.stem] = entry
    return {slot: [named[name] for name in sorted(named)] for slot, named in sorted(found.items())}


def _sentence_of(path: Path) -> str:
    """The first sentence of the comment lines at the top of a file."""
    lines = []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        if not line.startswith("#"):
            break
        if not line.startswith("# @package"):
            lines.append(line.lstrip("# ").strip())
    return SENTENCE_END.split(" ".join(lines).partition(LEGEND)[0].strip())[0]


def preset(slot: str, name: str, folder: Path | None) -> dict[str, Any]:
    """The file of a preset as plain data; a user's own is found first."""
    places = [root / slot / f"{name}.yaml" for root in (folder, ROOT) if root]
    file = next((path for path in places if path.is_file()), None)
    if file is None:
        raise ScenarioError(f"{slot}: {name} given; {nearest(name, slots(folder).get(slot, []))}")
    return yaml.safe_load(file.read_text(encoding="utf-8")) or {}


def lineage(slot: str, name: str, folder: Path | None, heirs: tuple[str, ...] = ()) -> list[str]:
    """A preset, and before it those of its slot that it builds on. heirs: presets that build on this one."""
    if name in heirs:
        raise ScenarioError(
            f"{slot}={name}: builds on itself, allowed are other presets; one of a shipped one's name replaces it"
        )
    others = preset(slot, name, folder).get("defaults") or ()
    names = [other for other in others if isinstance(other, str) and NAME.fullmatch(other)]
    return [*(found for other in names for found in lineage(slot, other, folder, (*heirs, name))), name]


def inherited(slot: str, name: str, folder: Path | None) -> dict[str, Any]:
    """The keys of a preset, and those that it takes from the presets that it builds on."""
    return {key: value for own in lineage(slot, name, folder) for key, value in preset(slot, own, folder).items()}


def comments(
    folder: Path | None = None, chosen: Mapping[str, str] | None = None, document: Mapping[str, Any] | None = None
) -> dict[str, str]:
    """The comment beside each number of the presets, by dotted key: unit; meaning; source or assumption.

    `chosen` names the preset of a slot where only that one is wanted. Where presets comment on the same key, it is the
    comment beside the value that the `document` has.
    """
    found: dict[str, str] = {}
    wanted = {slot: lineage(slot, name, folder) for slot, name in (chosen or {}).items()}
    for path in (*shipped(), *own_files(folder)):
        slot = path.parent.name
        if path.stem not in wanted.get(slot, [path.stem]):
            continue
        noted = _comments_of(path, "" if slot == "scenario" else slot)
        if document is not None:
            content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
            content = content if slot == "scenario" else {slot: content}
            noted = {
                key: note
                for key, note in noted.items()
                if key not in found or value_at(content, key) == value_at(document, key)
            }
        found |= noted
    for key, comment in list(found.items()):
        if key.startswith("recommender."):
            found |= {f"{inside}.{key.removeprefix('recommender.')}": comment for inside in NESTED}
    return found


def value_at(document: Mapping[str, Any], key: str) -> Any:
    """The value of a dotted key, None where there is none."""
    value: Any = document
    for step in key.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def _comments_of(path: Path, slot: str) -> dict[str, str]:
    """Comments of one file; the indentation of a key says whose part it is."""
    found, parents = {}, [(-1, slot)]
    for line in path.read_text(encoding="utf-8").splitlines():
        key = re.match(r"^(\s*)([A-Za-z_]\w*):", line)
        if not key:
            continue
        depth = len(key.group(1))
        while parents[-1][0] >= depth:
            parents.pop()
        name = f"{parents[-1][1]}.{key.group(2)}" if parents[-1][1] else key.group(2)
        parents.append((depth, name))
        comment = COMMENT.match(line)
        if comment:
            found[name] = comment.group(3).strip()
    return found
