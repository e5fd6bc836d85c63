"""What a shell offers when the tab key is pressed: slots, their presets and a few keys; only preset files are read for it.

Bash takes a word apart at "=" and hands over "scenario", "=" and "cl"; other shells hand over "scenario=cl". The parser makes
an empty word of a word that is "=".
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import typer

KINDS_OF_PLUG_INS = ("policy", "recommender", "tactic", "measure")
KEYS: Mapping[str, Sequence[str]] = {  # keys of every scenario, with values to begin from
    "seed": ("1", "2", "3"),
    "days": ("7", "14", "31"),
    "scale": ("0.00022223", "0.0011111", "0.0111112"),
    "replications": ("4", "8", "16"),
    "engine": ("process", "serial"),
}
INSIDE_A_MIX = ("recommender.profiled", "recommender.other")  # as `sim.scenario.presets.NESTED`, which is read late


def overrides_and_presets(ctx: typer.Context, incomplete: str) -> list[str]:
    """Overrides that begin with what is typed: slots and keys, and after `slot=` its presets."""
    given = ctx.params
    before = list(given.get("overrides") or given.get("words") or ())
    presets = _presets(given.get("scenarios"))
    values = {**presets, **KEYS, **dict.fromkeys(INSIDE_A_MIX, presets["recommender"])}
    if "=" in incomplete:
        key, _, begun = incomplete.partition("=")
        return [f"{key}={value}" for value in _beginning_with(begun, values.get(key, ()))]
    if before and before[-1] == "=":
        return _beginning_with(incomplete, values.get(before[-2], ()) if len(before) > 1 else ())
    ends_in_a_key = before and "=" not in before[-1] and before[-2:-1] != ["="]
    if (
        not incomplete and ends_in_a_key and (before[-1] in values or "words" not in given)
    ):  # `show` has bare words as well
        return list(values.get(before[-1], ()))
    keys = _beginning_with(incomplete, values if "." in incomplete else {**presets, **KEYS})
    offered = [f"{key}=" for key in keys]
    if len(keys) == 1:  # several offers that begin alike keep the shell from closing the word with a space
        offered += [f"{keys[0]}={value}" for value in values[keys[0]]]
    return offered


def kinds_of_presets(ctx: typer.Context, incomplete: str) -> list[str]:
    """Slots that begin with what is typed."""
    return _beginning_with(incomplete, _presets(ctx.params.get("scenarios")))


def kinds_of_plug_ins(ctx: typer.Context, incomplete: str) -> list[str]:
    """Families of plug-ins that begin with what is typed."""
    return _beginning_with(incomplete, KINDS_OF_PLUG_INS)


def _presets(folder: object) -> dict[str, Sequence[str]]:
    """Slots and the names of their presets; a folder that is wrong adds none, for nobody reads messages while typing."""
    from sim.scenario.presets import slots
    from sim.scenario.schema import ScenarioError

    try:
        return {**slots(Path(str(folder)) if folder else None)}
    except (ScenarioError, OSError):
        return {**slots()}


def _beginning_with(begun: str, names: Sequence[str] | Mapping[str, object]) -> list[str]:
    return [name for name in names if name.startswith(begun)]
