"""What stands on the page, by its key: tests look for names as people do, in whichever language is shown."""

import json
import re
from functools import cache
from typing import Any

from analysis.lab import replay

LANGUAGES = ("en", "ro")


@cache
def words(language: str) -> dict[str, Any]:
    """All texts of a language."""
    text = (replay.WEB / "words" / f"{language}.json").read_text("utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def said(key: str, language: str = "en", **values: object) -> str:
    """The text of a key as it is read, with what is filled in; an error where there is none."""
    found: Any = words(language)
    for part in key.split("."):
        found = found[part]
    assert isinstance(found, str), key
    filled = re.sub(r"\{(\w+)\}", lambda gap: str(values.get(gap[1], gap[0])), found)
    return re.sub(r"\[(?:[^\]|]+\|)?([^\]|]+)\]", r"\1", filled)  # words that are explained stand in brackets


def keys_seen(text: str, language: str = "en") -> list[str]:
    """Keys that stand on the page in place of their texts, as those that are missing do."""
    sections = "|".join(map(re.escape, words(language)))
    return re.findall(rf"(?<![\w/.-])(?:{sections})\.[a-z_][\w.]*", text)


def gaps_seen(text: str) -> list[str]:
    """Places in texts that nothing was filled into, and numbers that are none."""
    return re.findall(r"\{\w+\}|\bNaN\b|\bundefined\b|\bnull\b|\[object \w+\]|\bInfinity\b", text)
