"""What a preset builds on: the entries of its `defaults`, each of one of four kinds."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sim.scenario.documents import FILE
from sim.scenario.schema import ScenarioError, shown

ITSELF = "_self_"
OVERRIDE = "override /"
PLACES = {"recommender": ("profiled", "other")}  # slots whose presets may hold others of their slot, and where
FORMS = (
    "a preset of the same slot, _self_, in a file about the whole scenario 'override /SLOT: PRESET' after all others, "
    "in a recommender '/recommender@profiled: PRESET' or '/recommender@other: PRESET'"
)


@dataclass(frozen=True)
class Building:
    """on: presets of the same slot; inside: presets by the place where they stand; chosen: presets by slot."""

    on: tuple[str, ...]
    inside: Mapping[str, str]
    chosen: Mapping[str, str]


def building_of(document: Mapping[str, Any], slot: str, is_global: bool, where: str) -> Building:
    """What a preset of a slot builds on. where: names its file in messages. Raises ScenarioError."""
    entries = document.get("defaults", [])
    if not isinstance(entries, list):
        raise ScenarioError(f"{where}: defaults: {shown(entries)} given, allowed a list: {FORMS}")
    on: list[str] = []
    inside, chosen, itself = dict[str, str](), dict[str, str](), 0
    for number, entry in enumerate(entries):
        at = f"{where}: defaults[{number}]"
        kind, name = _read(entry, slot, is_global, at)
        found = {"inside": inside, "chosen": chosen}.get(kind.partition(" ")[0])
        place = kind.partition(" ")[2]
        if kind == ITSELF:
            itself += 1
        if itself > 1 or name in on or (found is not None and place in found):
            raise ScenarioError(f"{at}: {entry} given a second time, allowed once")
        if chosen and not kind.startswith("chosen"):
            raise ScenarioError(f"{at}: {entry} given after an override, allowed before all of them")
        if found is not None:
            found[place] = name
        elif kind == "on":
            on.append(name)
    return Building(tuple(on), inside, chosen)


def _read(entry: Any, slot: str, is_global: bool, at: str) -> tuple[str, str]:
    """The kind of an entry, with the place or slot that it is for, and the preset that it names."""
    if entry == ITSELF:
        return ITSELF, ""
    if isinstance(entry, str) and FILE.fullmatch(entry):
        return "on", entry
    if isinstance(entry, Mapping) and len(entry) == 1:
        ((key, name),) = entry.items()
        if isinstance(name, str) and FILE.fullmatch(name):
            if is_global and key.startswith(OVERRIDE) and key.removeprefix(OVERRIDE).isidentifier():
                return f"chosen {key.removeprefix(OVERRIDE)}", name
            place = key.removeprefix(f"/{slot}@")
            if place != key and place in PLACES.get(slot, ()):
                return f"inside {place}", name
    raise ScenarioError(f"{at}: {shown(entry)} given, allowed {FORMS}")
