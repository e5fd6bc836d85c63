"""Compose scenario files, and refuse what strangers must not say in them.

A file is read as plain data and checked before Hydra sees it: a `_target_` may stand only where plug-ins stand and must
be a class defined in its family's folder (or in a module that the user trusts by name on the command line); resolvers,
`hydra` keys and search paths are refused. Nothing is imported before it is checked.
"""

import dataclasses
import importlib
import inspect
import re
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from sim.scenario.arms import levels, written_out
from sim.scenario.presets import LISTS, NESTED, ROOT, inherited, lineage, own_files, slots
from sim.scenario.schema import ScenarioError, build, nearest

PLUG_INS = {  # where a _target_ may stand: pattern of the key, family of the class
    r"recommender": "recommenders",
    r"recommender\.(profiled|other)": "recommenders",
    r"audience": "audience",
    r"campaign\.tactics\.[^.]+": "tactics",
    r"moderation\.policies\.[^.]+": "moderation",
    r"moderation\.desk": "moderation",
    r"moderation\.evidence": "world",
    r"measures\.[^.]+": "measures",
}
PLUG_IN_FILES = "plugins"  # the folder of modules beside a user's own presets
GLOBAL = "# @package _global_"
NAMED = ("campaign", "moderation", "scenario")  # slots whose preset names a row of the results


def compose(overrides: Sequence[str] = (), folder: Path | None = None, trust: Sequence[str] = ()) -> dict[str, Any]:
    """The composed scenario as plain data; presets in the user's own folder are found first."""
    check_folder(folder)
    find_plug_ins(folder, trust)
    for override in overrides:
        _check_override(override, folder, trust)
    for path in own_files(folder):
        _check_file(path, trust)
    for path in own_files(folder):
        if path.parent.name != "arms":  # a list, or a mapping that builds on nothing
            lineage(path.parent.name, path.stem, folder)
    document, chosen = _hydra([_whole(override) for override in overrides], folder)
    document = named(document, chosen)
    _check_targets(document, "", trust, folder)
    said = dict(override.partition("=")[::2] for override in overrides)
    for slot in ("recommender", "audience"):
        if slot in said:
            document[slot] = _without_settings_of_another(slot, document[slot], said, folder)
    document["arms"], suggested = written_out(
        document["arms"], slots(folder), lambda name: levels(inherited("moderation", name, folder))
    )
    return document | {key: value for key, value in suggested.items() if key not in said}


def check_folder(folder: Path | None) -> None:
    """A user's own folder is there, and nothing in it takes the place of the project's own root."""
    if folder is not None and not folder.is_dir():
        raise ScenarioError(f"--scenarios: {folder} given, allowed a folder")
    if folder is not None and (folder / "config.yaml").exists():
        raise ScenarioError(f"--scenarios: {folder} has a config.yaml, allowed are folders of presets, named as slots")


def find_plug_ins(folder: Path | None, trust: Sequence[str]) -> None:
    """Make the modules in a user's own `plugins` importable that were trusted by name; the processes of a comparison inherit it.

    They are found last, so that no file there takes the place of a module that is installed.
    """
    if folder is not None and any(_own_module(folder, module) for module in trust):
        place = str((folder / PLUG_IN_FILES).resolve())
        if place not in sys.path:
            sys.path.append(place)


def _own_module(folder: Path, module: str) -> Path | None:
    """The file of a module among a user's own plug-ins, None where there is none."""
    file = folder / PLUG_IN_FILES / f"{module}.py"
    return file if module.isidentifier() and file.is_file() else None


def named(document: Mapping[str, Any], presets: Mapping[str, str]) -> dict[str, Any]:
    """The document with the names of the presets that it was made from; a preset's file name is its identity."""
    parts = {slot: {**document[slot], "name": presets[slot]} for slot in ("campaign", "moderation")}
    others = {slot: name for slot, name in presets.items() if slot not in ("arms", *parts)}
    first = {"name": presets["scenario"], "presets": others}
    return {**first, **document, **first, **parts}  # first in order, and nothing that a file says takes their place


def _without_settings_of_another(
    slot: str, settings: Mapping[str, Any], said: Mapping[str, str], folder: Path | None
) -> dict[str, Any]:
    """Settings that a scenario has for its own recommender or audience mean nothing to another, which the user chose instead."""
    known = inherited(slot, said[slot], folder)
    return {
        key: value
        for key, value in settings.items()
        if key in known or f"{slot}.{key}" in said or isinstance(value, Mapping)  # a mapping is a recommender in a mix
    }


def recorded(path: Path, trust: Sequence[str] = ()) -> dict[str, Any]:
    """A composed scenario as a run has left it; it is checked like a stranger's."""
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ScenarioError(f"{path}: cannot be read: {error}") from None
    if not isinstance(document, Mapping):
        raise ScenarioError(f"{path}: allowed is the scenario that a run has left")
    _check_targets(document, "", trust)
    return dict(document)


def _hydra(overrides: list[str], folder: Path | None) -> tuple[dict[str, Any], dict[str, str]]:
    """The composed document, and which preset of each slot it is made from."""
    from hydra import compose as hydra_compose
    from hydra import initialize_config_dir
    from hydra.core.global_hydra import GlobalHydra
    from hydra.errors import HydraException
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException

    GlobalHydra.instance().clear()
    _first().folder = folder
    try:
        with initialize_config_dir(config_dir=str(ROOT), version_base="1.3"):
            composed = hydra_compose("config", overrides=overrides, return_hydra_config=True)
            document = OmegaConf.masked_copy(composed, [str(key) for key in composed if key != "hydra"])
            presets = {slot.rpartition("@")[2]: name for slot, name in composed.hydra.runtime.choices.items()}
            own = {slot: name for slot, name in sorted(presets.items()) if not slot.startswith("hydra")}
            return dict(OmegaConf.to_container(document, resolve=True)), own  # type: ignore[arg-type]
    except (HydraException, OmegaConfBaseException) as error:
        raise ScenarioError(_plain(str(error), overrides, folder)) from None


@cache
def _first() -> Any:
    """Hydra's way to have a folder looked into before the project's own; its setting `hydra.searchpath` comes after it."""
    from hydra.core.config_search_path import ConfigSearchPath
    from hydra.core.plugins import Plugins
    from hydra.plugins.search_path_plugin import SearchPathPlugin

    class First(SearchPathPlugin):
        """Puts one folder before the project's."""

        folder: Path | None = None

        def manipulate_search_path(self, search_path: ConfigSearchPath) -> None:
            if self.folder is not None:
                search_path.prepend("own", f"file://{self.folder.resolve()}", "main")

    Plugins.instance().register(First)
    return First


def _plain(message: str, overrides: list[str], folder: Path | None) -> str:
    """Hydra's message, or for an unknown key the nearest one that the scenario has."""
    unknown = re.match(r"Could not override '([\w.]+)'", message)
    chosen = [o for o in overrides if o.split("=")[0] in slots(folder)]
    if not unknown or len(chosen) == len(overrides):
        return " ".join(line.strip() for line in message.splitlines() if line.strip())
    node: Any = _hydra(chosen, folder)[0]
    for step in unknown[1].split("."):
        if not isinstance(node, Mapping) or step not in node:
            return f"{unknown[1]}: unknown key; {nearest(step, list(node) if isinstance(node, Mapping) else [])}"
        node = node[step]
    return message


def _check_override(override: str, folder: Path | None, trust: Sequence[str]) -> None:
    """An override is `key=value`; a slot's value must be one of its presets."""
    key, equals, value = override.partition("=")
    if not equals or not key.strip():
        raise ScenarioError(f"{override!r} given, allowed key=value, such as seed=3 or campaign=quiet")
    bare = key.lstrip("+~").split("@")[0].replace("/", ".")
    if bare.split(".")[0] == "hydra" or "searchpath" in bare:
        raise ScenarioError(f"{key}: refused; a scenario may not change hydra's own settings or search path")
    if "${" in override:
        raise ScenarioError(f"{override}: refused; a scenario may not use resolvers (${{...}})")
    if "_target_" in override:
        raise ScenarioError(f"{key}: refused; a plug-in is chosen by its preset, not by its class")
    known = slots(folder)
    if key == LISTS:
        raise ScenarioError(f"{key}: given, allowed as a command of its own, such as groundswell {LISTS} {value}")
    slot = "recommender" if key in NESTED else key
    if slot in known and value not in known[slot]:
        hint = "" if folder or not trust else "; presets of your own are found with --scenarios DIR"
        raise ScenarioError(f"{key}: {value} given; {nearest(value, known[slot])}{hint}")


def _whole(override: str) -> str:
    """An override as Hydra wants it: `recommender.other=popularity` chooses a preset that stands inside another one."""
    key, _, value = override.partition("=")
    return f"recommender@{key}={value}" if key in NESTED else override


def _check_file(path: Path, trust: Sequence[str]) -> None:
    """Read one file as plain data and refuse what it must not say."""
    try:
        content = path.read_text(encoding="utf-8")
        document = yaml.safe_load(content)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else "?"
        raise ScenarioError(f"{path}, line {line}: broken YAML: {error.problem}") from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ScenarioError(f"{path}: cannot be read: {error}") from None
    if "${" in content:
        raise ScenarioError(f"{path}: refused; a scenario may not use resolvers (${{...}})")
    if "hydra" in content and re.search(r"^\s*-?\s*['\"]?(override\s+)?/?hydra\b", content, re.MULTILINE):
        raise ScenarioError(f"{path}: refused; a scenario may not change hydra's own settings or search path")
    if "@package" in content and not content.lstrip().startswith(GLOBAL):
        raise ScenarioError(f"{path}: refused; allowed as a package header is only '{GLOBAL}'")
    if isinstance(document, Mapping):
        if "name" in document and path.parent.name in NAMED and document["name"] != path.stem:
            raise ScenarioError(
                f"{path}: name: {document['name']} given, allowed {path.stem}, or no name; a preset is named by its file"
            )
        where = "" if content.lstrip().startswith(GLOBAL) else path.parent.name
        _check_targets(document, where, trust, path.parents[1])


def _check_targets(node: Any, where: str, trust: Sequence[str], folder: Path | None = None) -> None:
    """Every `_target_` stands where a plug-in stands and names a class of that family."""
    if isinstance(node, Mapping):
        if "_target_" in node:
            family = next((family for pattern, family in PLUG_INS.items() if re.fullmatch(pattern, where)), None)
            if family is None:
                raise ScenarioError(f"{where}._target_: refused; a plug-in may not stand here")
            _module_of(node["_target_"], family, where, trust, folder)
        for key, value in node.items():
            _check_targets(value, f"{where}.{key}" if where else str(key), trust, folder)
    elif isinstance(node, list | tuple):
        for number, value in enumerate(node):
            _check_targets(value, f"{where}[{number}]", trust, folder)


def _module_of(
    target: Any, family: str, where: str, trust: Sequence[str], folder: Path | None = None
) -> tuple[str, str]:
    """Module and class of an allowed target; nothing is imported here. folder: where plug-ins of the user's own may lie."""
    module, _, name = str(target).rpartition(".")
    allowed = f"a class defined in a file of sim/{family}, or in a module given with --trust"
    if folder is not None and _own_module(folder, module):
        allowed += f"; {folder / PLUG_IN_FILES} has it: add --trust {module}"
    if not isinstance(target, str) or not re.fullmatch(r"[A-Za-z_][\w.]*", target):
        raise ScenarioError(f"{where}._target_: {target!r} given, allowed {allowed}")
    if module in trust:
        return module, name
    stem = module.removeprefix(f"sim.{family}.")
    here = Path(__file__).resolve().parents[1] / family / f"{stem}.py"
    if stem == module or "." in stem or not here.is_file() or f"class {name}" not in here.read_text(encoding="utf-8"):
        raise ScenarioError(f"{where}._target_: {target} given, allowed {allowed}")
    return module, name


def plug_in(raw: Any, family: str, trust: Sequence[str] = (), where: str = "") -> Any:
    """The plug-in that a part of a scenario names, built from the parameters that stand beside it."""
    if not isinstance(raw, Mapping) or "_target_" not in raw:
        raise ScenarioError(f"{where or family}: {raw!r} given, allowed a plug-in with a _target_")
    module, name = _module_of(raw["_target_"], family, where or family, trust)
    try:
        made = getattr(importlib.import_module(module), name, None)
    except ImportError as error:
        raise ScenarioError(f"{where or family}._target_: {module} cannot be imported: {error}") from None
    if not inspect.isclass(made) or made.__module__ != module:
        raise ScenarioError(f"{where or family}._target_: {raw['_target_']} is not a class defined there")
    values = {key: value for key, value in raw.items() if key != "_target_"}
    for field in dataclasses.fields(made) if dataclasses.is_dataclass(made) else ():
        if "family" in field.metadata and field.name in values:
            inner = f"{where or family}.{field.name}"
            values[field.name] = plug_in(values[field.name], field.metadata["family"], trust, inner)
    return build(made, values, where or family)
