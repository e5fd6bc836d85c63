"""Compose a scenario from presets and choices: whatever is wrong with them is one `ScenarioError`.

Files are read and checked in `documents` and `presets`, choices in `overrides`, classes in `plug_ins`; Hydra only lays over each
other what these have let in.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.scenario.arms import levels, written_out
from sim.scenario.documents import check_plain, read_document
from sim.scenario.hydra_source import composed
from sim.scenario.overrides import check_overrides, for_hydra, key_of
from sim.scenario.plug_ins import check_targets, find_plug_ins
from sim.scenario.presets import LISTS, check_building, inherited, own_files, read_preset, slots, steps
from sim.scenario.schema import ScenarioError, nearest, shown


def compose(overrides: Sequence[str] = (), folder: Path | None = None, trust: Sequence[str] = ()) -> dict[str, Any]:
    """The composed scenario as plain data; presets in the user's own folder are found first."""
    check_folder(folder)
    find_plug_ins(folder, trust)
    check_overrides(overrides, folder, bool(trust))
    _check_own(folder, trust)
    document, chosen = _laid_over(overrides, folder)
    check_plain(document, "", "scenario")
    for slot in ("campaign", "moderation"):
        if not isinstance(document.get(slot), Mapping):
            raise ScenarioError(f"{slot}: {shown(document.get(slot))} given, allowed keys with values")
    document = named(document, chosen)
    check_targets(document, "", trust, folder)
    said = {key_of(override): override.partition("=")[2] for override in overrides}
    for slot in ("recommender", "audience"):
        if slot in said:
            document[slot] = _without_settings_of_another(slot, document.get(slot), said, folder)
    document["arms"], suggested = written_out(
        document.get("arms"),
        slots(folder),
        lambda name: levels(inherited("moderation", name, folder)),
        lambda name: steps(name, folder),
        chosen["campaign"],
    )
    return document | {key: value for key, value in suggested.items() if key not in said}


def check_folder(folder: Path | None) -> None:
    """A user's own folder is there, and nothing in it takes the place of the project's own root."""
    if folder is not None and not folder.is_dir():
        raise ScenarioError(f"--scenarios: {folder} given, allowed a folder")
    if folder is not None and (folder / "config.yaml").exists():
        raise ScenarioError(f"--scenarios: {folder} has a config.yaml, allowed are folders of presets, named as slots")


def _check_own(folder: Path | None, trust: Sequence[str]) -> None:
    """All presets of a user's own folder are in order, chosen or not."""
    own = [read_preset(path) for path in own_files(folder)]
    for preset in own:
        slot = preset.path.parent.name
        try:
            check_targets(preset.says, "" if preset.is_global else slot, trust, folder)
        except ScenarioError as error:
            raise ScenarioError(f"{preset.path}: {error}") from None
        if slot != LISTS:
            check_building(slot, preset.path.stem, folder)


def _laid_over(overrides: Sequence[str], folder: Path | None) -> tuple[dict[str, Any], dict[str, str]]:
    """The composed document and its presets; of an unknown key the nearest one that the scenario has is named."""
    words = [for_hydra(override) for override in overrides]
    try:
        return composed(words, folder)
    except ScenarioError as error:
        message = str(error)
    chosen = [word for word in words if word.split("=")[0] in slots(folder)]
    if len(chosen) == len(words):
        raise ScenarioError(f"{_asked(overrides)}: {_said(message)}")
    document = composed(chosen, folder)[0]
    placed = [word if word in chosen else _by_place(word, document) for word in words]
    if placed == words:
        raise ScenarioError(f"{_asked(overrides)}: {_said(message)}")
    return composed(placed, folder)


def _by_place(word: str, document: Mapping[str, Any]) -> str:
    """An override whose steps through a list are numbers: parts of a list that have labels are also called by these.

    Raises ScenarioError where the document has no such key.
    """
    key, equals, value = word.partition("=")
    mark, steps = key[: len(key) - len(key.lstrip("+~"))], key.lstrip("+~").split(".")
    node: Any = document
    for number, step in enumerate(steps):
        if isinstance(node, list):
            labels = [
                str(item.get("label", place)) if isinstance(item, Mapping) else str(place)
                for place, item in enumerate(node)
            ]
            if step not in labels and not (step.isdecimal() and int(step) < len(labels)):
                raise ScenarioError(f"{'.'.join(steps[: number + 1])}: not there; {nearest(step, labels)}")
            steps[number] = str(labels.index(step)) if step in labels else step
            node = node[int(steps[number])]
        elif isinstance(node, Mapping) and step in node:
            node = node[step]
        elif not mark.startswith("+"):
            known = {*(node if isinstance(node, Mapping) else ()), *(["scenario"] if number == 0 else [])}
            raise ScenarioError(f"{'.'.join(steps[: number + 1])}: unknown key; {nearest(step, sorted(known))}")
        else:
            break
    return f"{mark}{'.'.join(steps)}{equals}{value}"


def _said(message: str) -> str:
    """What Hydra says of presets that do not fit each other, in our words where it is a known case."""
    unlike = re.match(r"In '([^']+)'.*Cannot merge", message)
    return (
        f"{unlike[1]} has a list where what it builds on has keys, or the reverse"
        if unlike
        else f"cannot be composed: {message}"
    )


def _asked(overrides: Sequence[str]) -> str:
    """What was asked, for a message."""
    return " ".join(overrides)[:120] or "the default scenario"


def named(document: Mapping[str, Any], presets: Mapping[str, str]) -> dict[str, Any]:
    """The document with the names of the presets that it was made from; a preset's file name is its identity."""
    parts = {slot: {**document[slot], "name": presets[slot]} for slot in ("campaign", "moderation")}
    others = {slot: name for slot, name in presets.items() if slot not in ("arms", *parts)}
    first = {"name": presets["scenario"], "presets": others}
    return {**first, **document, **first, **parts}  # first in order, and nothing that a file says takes their place


def _without_settings_of_another(slot: str, settings: Any, said: Mapping[str, str], folder: Path | None) -> Any:
    """Settings that a scenario has for its own recommender or audience mean nothing to another, which the user chose instead."""
    if not isinstance(settings, Mapping):
        return settings
    known = inherited(slot, said[slot], folder)
    return {
        key: value
        for key, value in settings.items()
        if key in known or f"{slot}.{key}" in said or isinstance(value, Mapping)  # a mapping is a recommender in a mix
    }


def recorded(path: Path, trust: Sequence[str] = ()) -> dict[str, Any]:
    """A composed scenario as a run has left it; it is checked like a stranger's."""
    document, _ = read_document(path)
    if not isinstance(document, Mapping):
        raise ScenarioError(f"{path}: allowed is the scenario that a run has left")
    check_targets(document, "", trust)
    return dict(document)
