"""Preset files: which there are, what each is and says, which others it builds on, and the comments beside its numbers."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sim.scenario.documents import FILE, read_document, read_text
from sim.scenario.inheritance import PLACES, Building, building_of
from sim.scenario.schema import ScenarioError, nearest, shown

ROOT = Path(__file__).resolve().parents[2] / "scenarios"
LISTS = "vary"  # a folder of lists of settings, which the command of that name takes, and no slot of a scenario
NESTED = tuple(
    f"{slot}.{place}" for slot, places in PLACES.items() for place in places
)  # where a preset stands inside another
COMMENT = re.compile(r"^(\s*)([A-Za-z_][\w]*):[^#]*#\s*(.+)$")
LEGEND = "unit; meaning; source or assumption"  # ends what the comment at the top of a file says of the preset
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
GLOBAL = "# @package _global_"
FILES_MOST = 1000  # presets in a user's own folder
NAMED = ("campaign", "moderation", "scenario")  # slots whose preset names a row of the results


@dataclass(frozen=True)
class Preset:
    """One file: what it says as plain data, which is not to be changed; its text; whether it speaks of the whole scenario and not of its
    slot alone; and what it builds on."""

    path: Path
    says: Any
    content: str
    is_global: bool
    building: Building


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
    if len(found) > FILES_MOST:
        raise ScenarioError(f"--scenarios: {folder} has {len(found)} presets, allowed {FILES_MOST} at most")
    return found


def read_preset(path: Path) -> Preset:
    """One preset file, checked; those that ship are read once."""
    return _read_once(path) if path.is_relative_to(ROOT) else _read(path)


@cache
def _read_once(path: Path) -> Preset:
    return _read(path)


def _read(path: Path) -> Preset:
    """A preset file lies in its slot's folder, says keys with values (arms may be a list), and gives itself no other name."""
    says, content = read_document(path, within=path.parents[1])
    slot, name = path.parent.name, path.stem
    if not (says is None or isinstance(says, Mapping) or (isinstance(says, list) and slot == "arms")):
        raise ScenarioError(f"{path}: {shown(says)} given, allowed keys with values")
    is_global = f"{content.lstrip()}\n".startswith(f"{GLOBAL}\n")
    if "@package" in content and not is_global:
        raise ScenarioError(f"{path}: refused; allowed as a package header is only '{GLOBAL}'")
    document = says if isinstance(says, Mapping) else {}
    for key in document:
        if key == "hydra" or "searchpath" in key:
            raise ScenarioError(
                f"{path}: {key}: refused; a scenario may not change hydra's own settings or search path"
            )
    if "name" in document and slot in NAMED and document["name"] != name:
        raise ScenarioError(
            f"{path}: name: {document['name']} given, allowed {name}, or no name; a preset is named by its file"
        )
    return Preset(path, says, content, is_global, building_of(document, slot, is_global, str(path)))


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


def sentences(names: Iterable[str], folder: Path | None = None, slot: str = "moderation") -> dict[str, str]:
    """What presets of a slot say of themselves, a sentence each; without those that say nothing."""
    known = {entry.name: entry.sentence for entry in entries(folder)[slot]}
    return {name: known[name] for name in names if known.get(name)}


def _sentence_of(path: Path) -> str:
    """The first sentence of the comment lines at the top of a file."""
    lines = []
    for line in read_text(path, path.parents[1]).splitlines():
        if not line.startswith("#"):
            break
        if not line.startswith("# @package"):
            lines.append(line.lstrip("# ").strip())
    return SENTENCE_END.split(" ".join(lines).partition(LEGEND)[0].strip())[0]


def find(slot: str, name: str, folder: Path | None) -> Preset:
    """A preset by name; a user's own is found first."""
    places = [root / slot / f"{name}.yaml" for root in (folder, ROOT) if root]
    file = next((path for path in places if FILE.fullmatch(name) and path.is_file()), None)
    if file is None:
        raise ScenarioError(f"{slot}: {name} given; {nearest(name, slots(folder).get(slot, []))}")
    return read_preset(file)


def preset(slot: str, name: str, folder: Path | None) -> Any:
    """What the file of a preset says as plain data; a user's own is found first."""
    return find(slot, name, folder).says or {}


def lineage(slot: str, name: str, folder: Path | None) -> list[str]:
    """A preset, and before it those of its slot that it builds on."""
    return [*_ancestors(slot, name, folder, (name,), {name}), name]


def _ancestors(slot: str, name: str, folder: Path | None, heirs: tuple[str, ...], seen: set[str]) -> list[str]:
    """What a preset builds on, in order. heirs: presets that build on this one; seen: all that stand in the lineage already."""
    found = []
    for other in find(slot, name, folder).building.on:
        if other in heirs:
            raise ScenarioError(
                f"{slot}={other}: builds on itself, allowed are other presets; one of a shipped one's name replaces it"
            )
        if other in seen:
            raise ScenarioError(f"{slot}={heirs[0]}: builds on {other} twice, allowed once")
        seen.add(other)
        found += [*_ancestors(slot, other, folder, (*heirs, other), seen), other]
    return found


def check_building(slot: str, name: str, folder: Path | None) -> None:
    """What a preset builds on is there, builds on nothing that builds on it, and what stands inside it holds no other."""
    known = slots(folder)
    for own in lineage(slot, name, folder):
        building = find(slot, own, folder).building
        for chosen, wanted in building.chosen.items():
            if wanted not in known.get(chosen, ()) or chosen == LISTS:
                allowed = known[chosen] if chosen in known and chosen != LISTS else []
                raise ScenarioError(f"{slot}={name}: override /{chosen}: {wanted} given; {nearest(wanted, allowed)}")
        for inner in building.inside.values():
            if any(find(slot, part, folder).building.inside for part in lineage(slot, inner, folder)):
                raise ScenarioError(f"{slot}={name}: {inner} given, allowed inside it is a preset that holds no other")


def inherited(slot: str, name: str, folder: Path | None) -> dict[str, Any]:
    """The keys of a preset, and those that it takes from the presets that it builds on."""
    return {key: value for own in lineage(slot, name, folder) for key, value in preset(slot, own, folder).items()}


def steps(name: str, folder: Path | None) -> list[str]:
    """Names of the steps of a regulator preset, those that it takes from others first."""
    said = [preset("regulator", own, folder).get("steps") for own in lineage("regulator", name, folder)]
    return list(dict.fromkeys(str(step) for of in said if isinstance(of, Mapping) for step in of))


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
            content = read_preset(path).says or {}
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
    for line in read_text(path, path.parents[1]).splitlines():
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
