"""Frozen dataclasses checked on entry: each field says its meaning, unit and bounds; defaults live in scenario files.

What a scenario says is data from strangers. Whatever is wrong with it becomes one `ScenarioError` that names the key,
what was given and what is allowed.
"""

import dataclasses
import datetime
import difflib
import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

PROBABILITY = (0.0, 1.0)  # bounds of a probability, or of a share


class ScenarioError(ValueError):
    """The request was wrong. The text is one line: what was given, what is allowed, the nearest name.

    What was given may be a stranger's, and goes to a terminal: what no terminal prints is escaped.
    """

    def __init__(self, text: str) -> None:
        super().__init__("".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text))


@dataclass(frozen=True)
class Parameter:
    """One parameter, for documents."""

    path: str
    type: str
    unit: str
    meaning: str
    low: float | None
    high: float | None


def quantity(meaning: str, unit: str, low: float | None = None, high: float | None = None) -> Any:
    """A number or a date; bounds are allowed values themselves and hold for each element of a list."""
    return dataclasses.field(metadata={"meaning": meaning, "unit": unit, "low": low, "high": high})


def choice(meaning: str, options: tuple[Any, ...]) -> Any:
    """One of a few values."""
    return dataclasses.field(metadata={"meaning": meaning, "options": options})


def text(meaning: str) -> Any:
    """Some text."""
    return dataclasses.field(metadata={"meaning": meaning})


def part(meaning: str) -> Any:
    """A part with fields of its own."""
    return dataclasses.field(metadata={"meaning": meaning})


def optional(meaning: str, unit: str = "", low: float | None = None, high: float | None = None) -> Any:
    """A part, or numbers, that a document may leave out; None where it does."""
    rules = {"meaning": meaning, "unit": unit, "low": low, "high": high}
    return dataclasses.field(metadata={**rules, "optional": True})


def plugged(meaning: str, family: str) -> Any:
    """A plug-in of a family inside another plug-in; it is chosen, checked and built like one that stands alone."""
    return dataclasses.field(metadata={"meaning": meaning, "family": family})


def carried() -> Any:
    """Something that no scenario file says and that makes no difference to what is simulated."""
    return dataclasses.field(default=None, repr=False, compare=False, metadata={"carried": True})


def derived() -> Any:
    """Numbers by name that no scenario file says, and that follow from what is compared."""
    return dataclasses.field(default_factory=dict, metadata={"carried": True})


def nearest(given: str, allowed: Sequence[str]) -> str:
    """The end of a message about a name: the nearest, and all that are allowed."""
    close = difflib.get_close_matches(given, allowed, n=1, cutoff=0.5)
    hint = f"did you mean {close[0]}? " if close else ""
    return f"{hint}allowed: {', '.join(sorted(allowed)) or 'none'}"


def build[Part](cls: type[Part], raw: Any, where: str) -> Part:
    """An instance of a frozen dataclass from plain data, or a ScenarioError."""
    if isinstance(raw, cls):
        return raw
    if not isinstance(raw, Mapping):
        raise ScenarioError(f"{where or 'scenario'}: {shown(raw)} given, allowed keys with values")
    hints = typing.get_type_hints(cls)
    names = {field.name: field for field in dataclasses.fields(cls) if "carried" not in field.metadata}  # type: ignore[arg-type]
    for key in raw:
        if key not in names:
            raise ScenarioError(f"{_at(where, str(key))}: unknown key; {nearest(str(key), list(names))}")
    values: dict[str, Any] = {}
    for name, field in names.items():
        if name not in raw and "optional" in field.metadata:
            values[name] = None
            continue
        if name not in raw:
            raise ScenarioError(f"{_at(where, name)}: missing; it is {field.metadata.get('meaning', name)}")
        values[name] = _value(hints[name], raw[name], _at(where, name), field.metadata)
    _check_order(values, where)
    made = cls(**values)
    check = getattr(made, "check", None)
    if check:
        check(where)
    return made


def _check_order(values: Mapping[str, Any], where: str) -> None:
    """What is called the last of something does not come before what is called its first."""
    for name, last in values.items():
        first = values.get(name.replace("last_", "first_", 1)) if name.startswith("last_") else None
        if first is not None and last is not None and last < first:
            begins = name.replace("last_", "first_", 1)
            raise ScenarioError(f"{_at(where, name)}: {last} given, allowed {first} ({begins}) or later")


def _at(where: str, key: str) -> str:
    return f"{where}.{key}" if where else key


def shown(raw: Any) -> str:
    """A given value, short enough for a message."""
    shown = repr(raw) if isinstance(raw, str) or not str(raw).isprintable() else str(raw)
    return shown if len(shown) <= 60 else shown[:57] + "..."


def _value(hint: Any, raw: Any, where: str, rules: Mapping[str, Any]) -> Any:
    """One value by its type hint."""
    if "family" in rules:
        return raw  # built by `sim.scenario.files.plug_in`
    origin = typing.get_origin(hint)
    if origin in (types.UnionType, typing.Union):
        if raw is None:
            return None
        return _value(next(a for a in typing.get_args(hint) if a is not type(None)), raw, where, rules)
    if origin is tuple:
        if not isinstance(raw, list | tuple):
            raise ScenarioError(f"{where}: {shown(raw)} given, allowed a list")
        return tuple(_value(typing.get_args(hint)[0], item, f"{where}[{n}]", rules) for n, item in enumerate(raw))
    if hint is Any:
        return raw
    if origin is not None and issubclass(origin, Mapping):
        if not isinstance(raw, Mapping):
            raise ScenarioError(f"{where}: {shown(raw)} given, allowed keys with values")
        inner = typing.get_args(hint)[1]
        return {str(key): _value(inner, value, f"{where}.{key}", rules) for key, value in raw.items()}
    if dataclasses.is_dataclass(hint):
        return build(typing.cast(type[Any], hint), raw, where)
    return _checked(_scalar(hint, raw, where), where, rules)


def _scalar(hint: Any, raw: Any, where: str) -> Any:
    """A number, text, yes or no, or a date, of exactly the asked type; an integer serves as a number."""
    if hint is bool and isinstance(raw, bool):
        return raw
    if hint is int and isinstance(raw, int) and not isinstance(raw, bool):
        return raw
    if hint is float and isinstance(raw, int | float) and not isinstance(raw, bool) and abs(raw) <= LARGEST:
        return float(raw)
    if hint is str and isinstance(raw, str) and len(raw) <= LONGEST and raw.isprintable():
        return raw
    if hint is datetime.date:
        day = _day(raw)
        if day is not None and FIRST_DAY <= day <= LAST_DAY:
            return day
    raise ScenarioError(f"{where}: {shown(raw)} given, allowed {_KINDS.get(hint, str(hint))}")


def _day(raw: Any) -> datetime.date | None:
    """A day as written, None where it is none."""
    if isinstance(raw, datetime.date):
        return raw
    try:
        return datetime.date.fromisoformat(raw)
    except (TypeError, ValueError):
        return None


LARGEST = 1e300
LONGEST = 2000  # characters of a text, on one line
FIRST_DAY, LAST_DAY = datetime.date(1990, 1, 1), datetime.date(2100, 1, 1)
_KINDS = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: f"one line of text, {LONGEST} characters at most",
    datetime.date: f"a date such as 2024-11-24, from {FIRST_DAY:%Y} on and before {LAST_DAY:%Y}",
}


def _checked(value: Any, where: str, rules: Mapping[str, Any]) -> Any:
    """A value inside its bounds or among its options."""
    options = rules.get("options")
    if options is not None and value not in options:
        raise ScenarioError(f"{where}: {shown(value)} given; {nearest(str(value), [str(o) for o in options])}")
    low, high = rules.get("low"), rules.get("high")
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number and not ((low is None or value >= low) and (high is None or value <= high) and value == value):
        bounds = f"{_bound(low)} to {_bound(high)}" if high is not None else f"{_bound(low)} or more"
        raise ScenarioError(f"{where}: {value} given, allowed {bounds} ({rules.get('unit', 'number')})")
    return value


def _bound(bound: float | None) -> str:
    return "anything" if bound is None else f"{bound:g}"


def parameters(cls: Any, path: str = "") -> Iterator[Parameter]:
    """All parameters of a dataclass, with those of its parts."""
    hints = typing.get_type_hints(cls)
    for field in dataclasses.fields(cls):
        hint, rules, at = hints[field.name], field.metadata, _at(path, field.name)
        if "carried" in rules:
            continue
        inner = typing.get_args(hint)[0] if typing.get_origin(hint) is tuple else hint
        if dataclasses.is_dataclass(inner):
            yield from parameters(inner, at)
            continue
        name = getattr(hint, "__name__", str(hint)) if typing.get_origin(hint) is None else str(hint)
        yield Parameter(at, name, rules.get("unit", ""), rules.get("meaning", ""), rules.get("low"), rules.get("high"))
