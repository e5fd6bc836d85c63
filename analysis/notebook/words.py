"""A scenario as Python says it, turned into the words of the command line."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sim.scenario.schema import ScenarioError

PLAIN = re.compile(
    r"(?!(?i:null|true|false|yes|no|on|off|nan|inf)$)[A-Za-z_][\w.@+-]*"
)  # text that needs no quotes among overrides


def words_of(scenario: str | Sequence[str], settings: Mapping[str, Any]) -> list[str]:
    """Overrides: a bare name is that of a scenario's preset; settings are keys with values, nested by mappings or dots."""
    given = [scenario] if isinstance(scenario, str) else list(scenario)
    return [word if "=" in word else f"scenario={word}" for word in given] + list(_said("", settings))


def _said(where: str, settings: Mapping[str, Any]) -> Iterator[str]:
    """`key=value` for each setting; a mapping stands for the keys inside it."""
    for key, value in settings.items():
        path = f"{where}.{key}" if where else str(key)
        if isinstance(value, Mapping):
            yield from _said(path, value)
        else:
            yield f"{path}={_text(value, path)}"


def _text(value: Any, path: str) -> str:
    """A value as an override spells it."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if hasattr(value, "item") and callable(value.item):  # a number of NumPy
        value = value.item()
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, date):
        return value.isoformat()[:10]
    if isinstance(value, str):
        return value if PLAIN.fullmatch(value) else _quoted(value)
    if isinstance(value, Sequence):
        return "[" + ",".join(_text(item, path) for item in value) + "]"
    raise ScenarioError(f"{path}: {value!r} given, allowed are numbers, text, dates, lists and mappings of these")


def _quoted(text: str) -> str:
    """Text in quotes, as Hydra's grammar reads it: a backslash means something before a quote only."""
    inside = re.sub(r"(\\*)'", lambda found: found[1] * 2 + "\\'", text)
    inside = re.sub(r"(\\+)$", lambda found: found[1] * 2, inside)
    return f"'{inside}'"
