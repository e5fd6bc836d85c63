"""The sheets of docs/lessons, made anew by `python -m analysis.lab.lessons.document` from the plan and the texts of the page."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from analysis.lab.lessons.numbers import KEPT, written
from sim.runs.recording import read_json, write_whole

WEB = Path(__file__).resolve().parents[1] / "web"
DOCS = Path(__file__).resolve().parents[3] / "docs" / "lessons"
FOLDERS = {"en": DOCS, "ro": DOCS / "ro"}
READMES = {"en": "README.md#where-the-numbers-come-from", "ro": "README.md#de-unde-vin-numerele"}
PLACEHOLDER = re.compile(r"\{([\w.]+)\}")
TERM = re.compile(r"\[([^\]|]+)(?:\|([^\]]+))?\](?!\()")
AIMS, NEEDS = ("aim_1", "aim_2", "aim_3"), ("need_1", "need_2", "need_3")


def plan() -> list[dict[str, Any]]:
    """The lessons with their steps."""
    return list(read_json(WEB / "plans" / "lessons.json")["lessons"])


class Words:
    """Texts of a language, filled in as the page does it (`words.js`, `lesson_state.js`)."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.texts = read_json(WEB / "words" / f"{language}.json")
        numbers = {name: written(each, language) for name, each in read_json(KEPT)["numbers"].items()}
        self.values = {**numbers, "letter": "A"}

    def raw(self, key: str) -> Any:
        """What stands at a key such as `lessons.show`. Raises KeyError."""
        found = self.texts
        for part in key.split("."):
            found = found[part]
        return found

    def say(self, key: str, values: Mapping[str, str] | None = None) -> str:
        """A text with labels, numbers and `values` in their places. Raises KeyError where one is not known."""
        known = {**self.values, **(values or {})}
        return PLACEHOLDER.sub(
            lambda found: known[found[1]] if found[1] in known else self.say(found[1]), self.raw(key)
        )

    def minutes(self, count: int) -> str:
        """'8 minutes'."""
        return str(self.raw("lessons.minutes")[plural(count, self.language)]).replace("{n}", str(count))


def plural(count: int, language: str) -> str:
    """The plural form of a whole number, by the rules of the Unicode CLDR."""
    if count == 1:
        return "one"
    return "few" if language == "ro" and (count == 0 or 1 <= count % 100 <= 19) else "other"


def sheet(lesson: Mapping[str, Any], words: Words) -> str:
    """The sheet of one lesson as Markdown."""
    return re.sub(r"\n{3,}", "\n\n", "\n".join(_lines(lesson, words)))


def _lines(lesson: Mapping[str, Any], words: Words) -> Iterator[str]:
    name, key = lesson["id"], f"lessons.{lesson['id']}"
    yield f"# {words.say(f'{key}.title')}\n"
    yield f"*{words.say('lessons.sheet.for', {'minutes': words.minutes(lesson['minutes'])})}.* {_plain(words.say(f'{key}.summary'))}\n"
    for title, parts in (("aims", AIMS), ("needs", NEEDS)):
        yield f"**{words.say(f'lessons.{title}')}**\n"
        yield "\n".join(f"- {_plain(words.say(f'{key}.{part}'))}" for part in parts) + "\n"
    yield f"## {words.say('lessons.sheet.begin')}\n"
    yield words.say("lessons.sheet.open", {"lesson": name}) + "\n"
    yield words.say("lessons.sheet.alone") + "\n"
    for place, step in enumerate(lesson["steps"], start=1):
        yield from _step(name, place, step, words)
    yield f"## {words.say('lessons.sheet.words')}\n"
    yield "\n".join(_glossary(lesson, words)) + "\n"
    yield f"## {words.say('lessons.sheet.numbers')}\n"
    yield (
        words.say("lessons.sheet.made", {"command": read_json(KEPT)["command"], "readme": READMES[words.language]})
        + "\n"
    )


def _step(name: str, place: int, step: Mapping[str, Any], words: Words) -> Iterator[str]:
    """One step: what to do, the question, the answer, and where it is on the page."""
    key = f"lessons.{name}.{step['id']}"
    yield f"## {place}. {words.say(f'{key}.title')}\n"
    yield f"*{words.minutes(step['minutes'])}. {words.say('lessons.kinds.' + step['kind'])}.*\n"
    for label, part in (("lessons.do", "do"), ("lessons.ask", "ask"), ("lessons.sheet.answer", "answer")):
        yield f"**{words.say(label)}:** {_plain(words.say(f'{key}.{part}'))}\n"
    yield words.say("lessons.sheet.at", {"at": f"#lesson={name}&step={place}"}) + "\n"


def terms_of(lesson: Mapping[str, Any], words: Words) -> dict[str, str]:
    """Terms that a lesson explains, and as what it says them first."""
    found: dict[str, str] = {}
    texts = words.raw(f"lessons.{lesson['id']}")
    for text in _all(texts):
        for term in TERM.finditer(text):
            found.setdefault(term[1], term[2] or term[1])
    return found


def _all(texts: Any) -> Iterator[str]:
    if isinstance(texts, str):
        yield texts
    else:
        for inside in texts.values():
            yield from _all(inside)


def _glossary(lesson: Mapping[str, Any], words: Words) -> Iterator[str]:
    for term, said in sorted(terms_of(lesson, words).items(), key=lambda pair: pair[1].lower()):
        yield f"- **{said}**: {words.raw('terms')[term]}"


def _plain(text: str) -> str:
    """A text without the marks of explained words."""
    return TERM.sub(lambda found: found[2] or found[1], text)


def sheets() -> dict[Path, str]:
    """Every sheet by its place."""
    spoken = {language: Words(language) for language in FOLDERS}
    return {
        folder / f"{lesson['id']}.md": sheet(lesson, spoken[language])
        for language, folder in FOLDERS.items()
        for lesson in plan()
    }


if __name__ == "__main__":
    for path, text in sheets().items():
        write_whole(path, text.encode())
