"""Which classes a scenario may name, and where: one place a family, and modules that the user trusts by name.

A `_target_` may stand only where plug-ins stand and must be a class defined in its family's folder (or in a module given with
--trust). Nothing is imported before it is checked, and what is imported must do what its place asks for.
"""

import dataclasses
import importlib
import inspect
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from sim.scenario.schema import ScenarioError, build, shown


class Place(NamedTuple):
    """Where plug-ins stand. family: the folder of their classes; verbs: what all of them can do."""

    family: str
    verbs: tuple[str, ...] = ()


PLUG_INS = {  # where a _target_ may stand: pattern of the key
    r"recommender": Place("recommenders", ("rank", "learn")),
    r"recommender\.(profiled|other)": Place("recommenders", ("rank", "learn")),
    r"audience": Place("audience"),
    r"campaign\.tactics\.[^.]+": Place("tactics", ("plan",)),
    r"moderation\.policies\.[^.]+": Place("moderation", ("flag",)),
    r"moderation\.desk": Place("moderation", ("process",)),
    r"moderation\.evidence": Place("world"),
    r"regulator\.evidence": Place("world"),
    r"measures\.[^.]+": Place("measures", ("read",)),
    r"election": Place("elections", ("hold", "check_in")),
}
FILES = "plugins"  # the folder of modules beside a user's own presets
DOTTED = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+", re.ASCII)


def find_plug_ins(folder: Path | None, trust: Sequence[str]) -> None:
    """Make the modules in a user's own `plugins` importable that were trusted by name; the processes of a comparison inherit it.

    They are found last, so that no file there takes the place of a module that is installed.
    """
    if folder is not None and any(_own_module(folder, module) for module in trust):
        place = str((folder / FILES).resolve())
        if place not in sys.path:
            sys.path.append(place)


def _own_module(folder: Path, module: str) -> Path | None:
    """The file of a module among a user's own plug-ins, None where there is none."""
    file = folder / FILES / f"{module}.py"
    return file if module.isidentifier() and file.is_file() else None


def check_targets(node: Any, where: str, trust: Sequence[str], folder: Path | None = None) -> None:
    """Every `_target_` stands where a plug-in stands and names a class of that family. where: the key of the node."""
    if isinstance(node, Mapping):
        if "_target_" in node:
            _module_of(node["_target_"], place_of(where), where, trust, folder)
        for key, value in node.items():
            check_targets(value, f"{where}.{key}" if where else str(key), trust, folder)
    elif isinstance(node, list | tuple):
        for number, value in enumerate(node):
            check_targets(value, f"{where}[{number}]", trust, folder)


def place_of(where: str) -> Place:
    """What may stand at a key."""
    place = next((place for pattern, place in PLUG_INS.items() if re.fullmatch(pattern, where)), None)
    if place is None:
        raise ScenarioError(f"{where}._target_: refused; a plug-in may not stand here")
    return place


def _module_of(
    target: Any, place: Place, where: str, trust: Sequence[str], folder: Path | None = None
) -> tuple[str, str]:
    """Module and class of an allowed target; nothing is imported here. folder: where plug-ins of the user's own may lie."""
    allowed = f"a class defined in a file of sim/{place.family}, or in a module given with --trust"
    if not isinstance(target, str) or not DOTTED.fullmatch(target):
        raise ScenarioError(f"{where}._target_: {shown(target)} given, allowed {allowed}")
    module, _, name = target.rpartition(".")
    if folder is not None and _own_module(folder, module):
        allowed += f"; {folder / FILES} has it: add --trust {module}"
    if module in trust:
        return module, name
    stem = module.removeprefix(f"sim.{place.family}.")
    here = Path(__file__).resolve().parents[1] / place.family / f"{stem}.py"
    if (
        stem == module
        or "." in stem
        or not here.is_file()
        or not re.search(rf"^class {name}\b", here.read_text(encoding="utf-8"), re.MULTILINE)
    ):
        raise ScenarioError(f"{where}._target_: {target} given, allowed {allowed}")
    return module, name


def plug_in(raw: Any, where: str, trust: Sequence[str] = ()) -> Any:
    """The plug-in that a part of a scenario names, built from the parameters that stand beside it. where: its key."""
    if not isinstance(raw, Mapping) or "_target_" not in raw:
        raise ScenarioError(f"{where}: {shown(raw)} given, allowed a plug-in with a _target_")
    made = _class_of(raw["_target_"], where, trust)
    values = {key: value for key, value in raw.items() if key != "_target_"}
    for field in dataclasses.fields(made):
        if "family" in field.metadata and field.name in values:
            values[field.name] = plug_in(values[field.name], f"{where}.{field.name}", trust)
    return build(made, values, where)


def _class_of(target: Any, where: str, trust: Sequence[str]) -> Any:
    """The class that a target names: a dataclass that is defined in its module, is whole, and does what its place asks for."""
    place = place_of(where)
    module, name = _module_of(target, place, where, trust)
    try:
        made = getattr(importlib.import_module(module), name, None)
    except ImportError as error:
        raise ScenarioError(f"{where}._target_: {module} cannot be imported: {error}") from None
    if not inspect.isclass(made) or made.__module__ != module:
        raise ScenarioError(f"{where}._target_: {target} is not a class defined there")
    missing = [verb for verb in place.verbs if not callable(getattr(made, verb, None))]
    if missing or inspect.isabstract(made) or not dataclasses.is_dataclass(made):
        asked = f" with {', '.join(place.verbs)}" if place.verbs else ""
        raise ScenarioError(f"{where}._target_: {target} given, allowed here is a whole dataclass{asked}")
    return made
