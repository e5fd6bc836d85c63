"""Choices on the command line: each a key with one value, checked before anything is composed."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.scenario.documents import check_plain
from sim.scenario.presets import LISTS, NESTED, slots
from sim.scenario.schema import ScenarioError, nearest

if TYPE_CHECKING:
    from hydra.core.override_parser.types import Override

SUCH_AS = "allowed key=value, such as seed=3 or campaign=quiet"
KEY = re.compile(r"(\+\+?|~)?[A-Za-z_]\w*((\.\w+)|(\[\d+\]))*", re.ASCII)
LONGEST = 2000  # characters


def check_overrides(overrides: Sequence[str], folder: Path | None, has_trust: bool) -> None:
    """Each says one value of one key; a slot's value is one of its presets. Raises ScenarioError."""
    for override in overrides:
        _check_form(override)
        _check_choice(override, folder, has_trust)
    for override in overrides:
        _check_value(override)


def check_once(overrides: Sequence[str]) -> None:
    """A user says each key once. (Where a list of words is laid over another, the last one counts.)"""
    seen: dict[str, str] = {}
    for override in overrides:
        other = seen.setdefault(key_of(override), override)
        if other is not override:
            raise ScenarioError(f"{override[:60]}: given beside {other[:60]}, allowed is one value of a key")


def key_of(override: str) -> str:
    """The key that an override is about, without what is done to it."""
    return override.partition("=")[0].strip().lstrip("+~")


def _check_form(override: str) -> None:
    """An override is `key=value`, or `~key` to leave something out."""
    key, equals, value = override.partition("=")
    bare = key.lstrip("+~").split("@")[0].replace("/", ".")
    if bare.split(".")[0] == "hydra" or "searchpath" in bare:
        raise ScenarioError(f"{key}: refused; a scenario may not change hydra's own settings or search path")
    if "${" in override:
        raise ScenarioError(f"{override[:60]}: refused; a scenario may not use resolvers (${{...}})")
    if "_target_" in override:
        raise ScenarioError(f"{key[:60]}: refused; a plug-in is chosen by its preset, not by its class")
    if not (equals or key.startswith("~")) or not KEY.fullmatch(key) or len(override) > LONGEST:
        raise ScenarioError(f"{override[:60]!r} given, {SUCH_AS}")
    if key.startswith("~") and (value or "." not in key):
        raise ScenarioError(
            f"{override[:60]!r} given, allowed is what to leave out, such as ~campaign.tactics.give_gifts"
        )


def _check_choice(override: str, folder: Path | None, has_trust: bool) -> None:
    """The value of a slot is one of its presets."""
    key, _, value = override.partition("=")
    known, bare = slots(folder), key_of(override)
    if bare == LISTS:
        raise ScenarioError(f"{key}: given, allowed as a command of its own, such as groundswell {LISTS} {value}")
    slot = "recommender" if bare in NESTED else bare
    if slot not in known:
        return
    if key != bare:
        raise ScenarioError(f"{override}: given, allowed {bare}={value}")
    if value not in known[slot]:
        hint = "" if folder or not has_trust else "; presets of your own are found with --scenarios DIR"
        raise ScenarioError(f"{key}: {value} given; {nearest(value, known[slot])}{hint}")


def _check_value(override: str) -> None:
    """One value that is plain data: no list of runs, and no mapping, which would be laid over what is there."""
    said = _parsed(override)
    if said is None or said.is_delete():
        return
    key, _, given = override.partition("=")
    if said.is_sweep_override():
        raise ScenarioError(
            f"{key}: {given[:60]} given, allowed one value; several seeds are replications=8, a list is [1,2]"
        )
    value: Any = said.value()
    if isinstance(value, Mapping):
        raise ScenarioError(
            f"{key}: {given[:60]} given, allowed a number, a text or a list; what a preset has is left out with ~{key}.NAME, "
            "and more is added by a preset of your own"
        )
    check_plain(value, key_of(override), "command line")


def value_of(override: str) -> Any:
    """The value of an override that was checked; the name of a preset where its key is a slot."""
    said = _parsed(override)
    return override.partition("=")[2] if said is None else said.value()


def _parsed(override: str) -> "Override | None":
    """What Hydra reads in an override; None for a choice of a preset inside another one, which has no value of its own."""
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.errors import HydraException

    try:
        return OverridesParser.create().parse_override(override)
    except HydraException:
        key, _, value = override.partition("=")
        hint = f"""; a text with signs stands in quotes: '{key}="..."'""" if value else ""
        raise ScenarioError(f"{override[:60]!r} given, {SUCH_AS}{hint}") from None
    except (ValueError, TypeError, KeyError, ArithmeticError, RecursionError) as error:  # of a cast such as int(x)
        raise ScenarioError(f"{override[:60]!r} given, {SUCH_AS} ({str(error)[:80]})") from None


def for_hydra(override: str) -> str:
    """An override as Hydra wants it: `recommender.other=popularity` chooses a preset that stands inside another one."""
    key, _, value = override.partition("=")
    return f"recommender@{key}={value}" if key in NESTED else override
