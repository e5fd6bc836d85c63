"""A composed scenario told value by value: what each number, text and choice of it means, what is allowed, and whence it is.

Unit, meaning and source are those of the comment beside the value in its preset; what a comment leaves out, and what is allowed,
is in the schema: the dataclasses of `sim.scenario.config`, and the fields of the plug-ins that a `_target_` names.
"""

import dataclasses
import datetime
import difflib
import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.scenario.arms import STANDARD, SUGGESTED, at_strength, levels
from sim.scenario.assumptions import notes_of
from sim.scenario.config import Arm, Audience, Scenario
from sim.scenario.plug_ins import plug_in
from sim.scenario.presets import NESTED, inherited, slots, value_at
from sim.scenario.ranges import is_assumed, range_of
from sim.scenario.schema import ScenarioError, build

NEAR = 5  # keys that a search in vain is answered with
KINDS = {
    bool: "true or false", int: "a whole number", float: "a number", str: "text", datetime.date: "a date such as 2024-11-24",
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One value of a scenario. allowed: its range or options in words; source: empty where no comment states one."""

    key: str
    value: Any
    unit: str
    allowed: str
    meaning: str
    source: str

    @property
    def range(self) -> str:
        """What an assumption could as well be; empty for what is none, and for one that says no range."""
        return str(range_of(self.source) or "")


@dataclass(frozen=True)
class Leaf:
    """One value and the rules of its field. within: key of the list that it stands in, which has one comment for all."""

    key: str
    value: Any
    hint: Any
    rules: Mapping[str, Any]
    within: str = ""


def explain(
    document: Mapping[str, Any], folder: Path | None = None, trust: Sequence[str] = (), overrides: Sequence[str] = ()
) -> list[Row]:
    """Every value of a composed scenario, in the order of the schema. overrides: what the scenario was composed with."""
    raw = document["moderation"]
    effective = {**at_strength(raw), "name": raw["name"]}
    arms = [build(Arm, arm, "arms").name for arm in document["arms"]]
    leaves = list(_fields(Scenario, {**document, "moderation": effective, "arms": arms}, "", trust))
    leaves += _strengths(raw, {leaf.key: leaf for leaf in leaves})
    order = [field.name for field in dataclasses.fields(Scenario)]
    leaves.sort(key=lambda leaf: order.index(leaf.key.split(".")[0]))
    notes = notes_of(document, folder)
    known = slots(folder)
    said = {override.partition("=")[0].lstrip("+~") for override in overrides} - {*known, *NESTED}
    suggested = _suggested(document, folder) - said
    return [_row(leaf, notes, known, said, suggested) for leaf in leaves]


def numbers_of(cls: Any, document: Mapping[str, Any]) -> Iterator[tuple[str, bool, float | None, float | None]]:
    """Each number of a document that has a range: key, whether it is whole, and its ends."""
    for leaf in _fields(cls, document, "", ()):
        low, high = leaf.rules.get("low"), leaf.rules.get("high")
        if (
            isinstance(leaf.value, int | float)
            and not isinstance(leaf.value, bool)
            and (low is not None or high is not None)
        ):
            yield leaf.key, leaf.hint is int, low, high


def assumed(rows: Sequence[Row]) -> list[Row]:
    """The rows whose value nobody knows, by their source; a ScenarioError where there is none."""
    found = [row for row in rows if is_assumed(row.source)]
    if not found:
        raise ScenarioError("--assumptions given, and nothing that was asked for is an assumption")
    return found


def matching(rows: Sequence[Row], words: Sequence[str]) -> list[Row]:
    """The rows that fit all search words; a ScenarioError with the nearest keys where none does."""
    found = list(rows)
    for word in words:
        chosen = {row.key for row in _fitting(rows, word.lower())}
        found = [row for row in found if row.key in chosen]
    if not found:
        raise ScenarioError(
            f"{' '.join(words)!r} given, which no key, meaning or source of this scenario has; "
            f"allowed are words that one has, such as {', '.join(_nearest_keys(rows, words[-1]))}"
        )
    return found


def _fitting(rows: Sequence[Row], word: str) -> list[Row]:
    """Rows whose key is the word or lies below it; else those that have it in their key, meaning or source."""
    below = [row for row in rows if f"{row.key.lower()}.".startswith(f"{word}.")]
    return below or [row for row in rows if word in "\n".join((row.key, row.meaning, row.source)).lower()]


def _nearest_keys(rows: Sequence[Row], word: str) -> list[str]:
    """Keys that are spelled like the word as a whole or in their last step."""

    def likeness(key: str) -> float:
        parts = (key, key.rpartition(".")[2])
        return max(difflib.SequenceMatcher(None, word.lower(), part.lower()).ratio() for part in parts)

    return sorted((row.key for row in rows), key=likeness, reverse=True)[:NEAR]


def _fields(cls: Any, raw: Mapping[str, Any], where: str, trust: Sequence[str], within: str = "") -> Iterator[Leaf]:
    """The values of a dataclass, with those of its parts."""
    hints = typing.get_type_hints(cls)
    for field in dataclasses.fields(cls):
        if field.name in raw:
            at = f"{where}.{field.name}" if where else field.name
            yield from _values(raw[field.name], hints[field.name], field.metadata, at, trust, within)


def _values(
    node: Any, hint: Any, rules: Mapping[str, Any], where: str, trust: Sequence[str], within: str
) -> Iterator[Leaf]:
    """What stands at one key: a plug-in, a part, parts by name or by label, or one value."""
    if isinstance(node, Mapping):
        cls = Audience if where == "audience" else _plain(hint)
        if "_target_" in node:
            yield from _fields(type(plug_in(node, where, trust)), node, where, trust)
        elif dataclasses.is_dataclass(cls):
            yield from _fields(cls, node, where, trust, within)
        else:
            inner = typing.get_args(cls)[1] if typing.get_origin(cls) is Mapping else Any
            for name, value in node.items():
                yield from _values(value, inner, rules, f"{where}.{name}", trust, within)
    elif isinstance(node, list | tuple) and any(isinstance(item, Mapping) for item in node):
        for number, item in enumerate(node):
            yield from _fields(
                typing.get_args(hint)[0], item, f"{where}.{item.get('label', number)}", trust, within=where
            )
    else:
        yield Leaf(where, node, hint, rules, within)


def _plain(hint: Any) -> Any:
    """The type of a value that may also be none."""
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        return next(inner for inner in typing.get_args(hint) if inner is not type(None))
    return hint


def _strengths(moderation: Mapping[str, Any], known: Mapping[str, Leaf]) -> Iterator[Leaf]:
    """The strength of the policies, and the values of its other strengths; these have the rules of the values that they replace."""
    field = next(field for field in dataclasses.fields(Arm) if field.name == "strength")
    rules = {"meaning": "strength of the policies, as the preset declares them", "options": levels(moderation)}
    yield Leaf("moderation.strength", moderation.get("strength", STANDARD), field.type, rules)
    for level, values in (moderation.get("strengths") or {}).items():
        for key, value in _flat(values):
            at = known[f"moderation.{key}"]
            yield dataclasses.replace(at, key=f"moderation.strengths.{level}.{key}", value=value)


def _flat(values: Mapping[str, Any], where: str = "") -> Iterator[tuple[str, Any]]:
    """Dotted keys and values of a mapping."""
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{where}{name}.")
        else:
            yield f"{where}{name}", value


def _suggested(document: Mapping[str, Any], folder: Path | None) -> set[str]:
    """Keys whose value is not that of the scenario's preset, because the arms suggest another."""
    own = inherited("scenario", document["name"], folder)
    return {key for key in SUGGESTED if value_at(document, key) != own.get(key)}


def _row(
    leaf: Leaf, notes: Mapping[str, str], known: Mapping[str, Sequence[str]], said: set[str], suggested: set[str]
) -> Row:
    """What is known of one value."""
    unit, meaning, source = _split(notes.get(leaf.key, ""), leaf.rules)
    if leaf.within:
        source = source or notes.get(leaf.within, "")
    if any(f"{leaf.key}.".startswith(f"{key}.") for key in said):
        source = "given on the command line"
    elif leaf.key in suggested:
        source = "suggested by the arms"
    slot = _slot_named_by(leaf.key)
    allowed = ", ".join(known[slot]) if slot in known else _allowed(leaf.hint, leaf.rules)
    if leaf.key.startswith("presets."):
        meaning = f"preset of {leaf.key.removeprefix('presets.')}"
    return Row(
        leaf.key,
        leaf.value,
        unit or leaf.rules.get("unit", ""),
        allowed,
        meaning or leaf.rules.get("meaning", ""),
        source,
    )


def _slot_named_by(key: str) -> str:
    """The slot whose preset a key names, if it names one."""
    named = {"name": "scenario", "campaign.name": "campaign", "moderation.name": "moderation", "arms": "arms"}
    return named.get(key, key.removeprefix("presets.").split(".")[0] if key.startswith("presets.") else "")


def _split(comment: str, rules: Mapping[str, Any]) -> tuple[str, str, str]:
    """Unit, meaning and source of a comment, as in `sim.scenario.assumptions`; that of a choice begins with its meaning."""
    first, *rest = (piece.strip() for piece in comment.split(";"))
    if not comment:
        return "", "", ""
    if "options" in rules:
        return "", first, "; ".join(rest) or "assumption"
    has_meaning = len(rest) > 1 or (
        rest and "unit" not in rules
    )  # of two parts the second is the source, but for a text
    meaning = rest.pop(0) if has_meaning else ""
    return first, meaning, "; ".join(rest) or "assumption"


def _allowed(hint: Any, rules: Mapping[str, Any]) -> str:
    """The range or the options of a field in words."""
    if "options" in rules:
        return ", ".join(
            str(option).lower() if isinstance(option, bool) else str(option) for option in rules["options"]
        )
    origin, inner = typing.get_origin(hint), [kind for kind in typing.get_args(hint) if kind is not types.NoneType]
    if origin in (types.UnionType, typing.Union):
        return f"{_allowed(inner[0], rules)}, or null"
    if origin is tuple:
        return f"a list, each {_allowed(inner[0], rules)}"
    low, high = rules.get("low"), rules.get("high")
    if hint not in (int, float) or (low is None and high is None):
        return KINDS.get(hint, "")
    kind = "whole, " if hint is int else ""
    if high is None:
        return f"{kind}{low:.15g} or more"
    return f"{kind}{low:.15g} to {high:.15g}" if low is not None else f"{kind}at most {high:.15g}"
