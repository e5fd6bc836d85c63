"""Lessons: their plan is whole, their texts and numbers are there in both languages, and the sheets say what the page says."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest

from analysis.lab.lessons.document import DOCS, FOLDERS, PLACEHOLDER, WEB, Words, plan, plural, sheets, terms_of
from analysis.lab.lessons.numbers import KEPT, kept_elsewhere, numbers_of, written
from sim.runs.face import read_film
from sim.runs.recording import read_json

STORED = WEB.parent / "stored"
SECTIONS = ("lessons", "misconceptions", "terms")
PARTS = ("title", "do", "ask", "answer")
KINDS = {"look", "predict", "reveal", "try", "talk", "home"}
MARKS = {"campaign", "wake", "vote", "moderation"}
OF_THE_PAGE = {
    "title",
    "n",
    "i",
    "of",
    "arm",
    "lesson",
    "minutes",
    "at",
    "command",
    "readme",
}  # filled in where they are shown
STATES = [step["state"] for lesson in plan() for step in lesson["steps"]] + [
    one["state"] for one in read_json(WEB / "plans" / "lessons.json")["misconceptions"]
]


def leaves(texts: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a section with its key; a text in plural forms is one."""
    if isinstance(texts, str):
        yield path, texts
    elif "other" in texts:
        yield path, texts["other"]
    else:
        for name, inside in texts.items():
            yield from leaves(inside, f"{path}.{name}" if path else name)


@pytest.mark.parametrize("lesson", plan(), ids=lambda lesson: str(lesson["id"]))
def test_a_lesson_fills_its_minutes_and_guesses_before_it_looks(lesson: dict[str, Any]) -> None:
    steps = lesson["steps"]
    assert sum(step["minutes"] for step in steps) == lesson["minutes"] == 45
    kinds, names = [step["kind"] for step in steps], [step["id"] for step in steps]
    assert set(kinds) <= KINDS
    assert len(set(names)) == len(names)
    assert kinds.index("predict") < kinds.index("reveal") if "reveal" in kinds else "predict" in kinds
    assert names.index("worlds") < min(names.index(name) for name in names if name in {"single", "desks", "detectors"})
    assert kinds[-2:] == ["talk", "home"]


@pytest.mark.parametrize("language", FOLDERS)
def test_every_step_has_its_texts(language: str) -> None:
    words = Words(language)
    wanted = [
        f"lessons.{lesson['id']}.{step['id']}.{part}" for lesson in plan() for step in lesson["steps"] for part in PARTS
    ]
    assert [key for key in wanted if not words.say(key).strip()] == []
    assert [kind for kind in KINDS if not words.raw("lessons.kinds")[kind]] == []


def test_states_name_views_marks_and_arms() -> None:
    views = set(re.findall(r'"(\w+)"', (WEB / "views.js").read_text()))
    for state in STATES:
        assert state["view"] in views
        assert state.get("mark", "vote") in MARKS
        assert 0 <= state.get("hour", 0) < 336
        assert all(re.fullmatch(r"(quiet|coordinated)-\w+", state[side]) for side in ("left", "right"))


def test_every_step_names_a_part_that_its_view_has() -> None:
    cards = {str(one["id"]) for one in read_json(WEB / "plans" / "lessons.json")["misconceptions"]}
    for lesson in plan():
        for step in lesson["steps"]:
            view, part = step["state"]["view"], step["part"]
            texts = [path.read_text() for path in (WEB / "views").glob(f"{view[:4]}*.js")]
            named = {
                name
                for text in texts
                for found in re.findall(r"part: .*?\}", text)
                for name in re.findall(r"\w+", found)
            }
            assert part in named | {"all"} | (cards if view == "misconceptions" else set()), (lesson["id"], step["id"])


@pytest.mark.parametrize("language", FOLDERS)
def test_what_is_said_of_the_world_that_ships_is_so(language: str) -> None:
    """Shares of people reached and views a person after five days and at the vote, as the answer to the fourth step has them."""
    folder = next(path.parent for path in STORED.rglob("reel.json"))
    head, film = read_json(folder / "reel.json"), read_film(folder / "coordinated-none.film").columns
    reach, views = film["reach"][:, 0], film["impressions"][:, 0].cumsum()
    text = Words(language).say("lessons.amplification.single.answer")
    for hour in (119, -1):
        assert re.search(rf"\b{100 * reach[hour] / head['people_by_the_end']:.0f} (of|din) 100\b", text)
        assert re.search(rf"\b{views[hour] / head['genuine_users']:.0f}\b", text)
    assert re.search(rf"\b{len(head['candidates'])} candid", text)


@pytest.mark.parametrize("section", SECTIONS)
def test_both_languages_say_the_same_things(section: str) -> None:
    english, romanian = (dict(leaves(Words(language).raw(section))) for language in ("en", "ro"))
    assert english.keys() == romanian.keys()
    for key, text in english.items():
        assert set(PLACEHOLDER.findall(text)) == set(PLACEHOLDER.findall(romanian[key])), key
        assert text != romanian[key], key


def test_romanian_has_its_own_letters() -> None:
    text = (WEB / "words" / "ro.json").read_text()
    assert [letter for letter in "şţŞŢ" if letter in text] == []
    assert all(letter in text for letter in "șțăâî")


@pytest.mark.parametrize("language", FOLDERS)
def test_labels_numbers_and_terms_that_texts_name_are_known(language: str) -> None:
    words = Words(language)
    unknown = []
    for key, text in leaves(words.raw("lessons")):
        for name in PLACEHOLDER.findall(text):
            if name not in words.values and name not in OF_THE_PAGE:
                try:
                    words.say(name)
                except KeyError:
                    unknown.append(f"{key}: {name}")
    assert unknown == []
    assert {term for lesson in plan() for term in terms_of(lesson, words)} <= set(words.raw("terms"))


def test_every_kept_number_is_told() -> None:
    told = " ".join(text for section in ("lessons", "misconceptions") for _, text in leaves(Words("en").raw(section)))
    assert [name for name in read_json(KEPT)["numbers"] if f"{{{name}}}" not in told] == []


def test_numbers_of_larger_worlds_are_those_that_the_project_keeps() -> None:
    kept = read_json(KEPT)["numbers"]
    assert {name: kept[name] for name in kept_elsewhere()} == kept_elsewhere(), (
        "run python -m analysis.lab.lessons.numbers"
    )


def test_sheets_are_those_of_the_page() -> None:
    for path, text in sheets().items():
        assert path.read_text() == text, "run python -m analysis.lab.lessons.document"


def test_sheets_have_no_gaps_and_the_folder_nothing_else() -> None:
    for text in sheets().values():
        assert PLACEHOLDER.findall(text) == []
    found = {path for path in DOCS.rglob("*.md") if path.name != "README.md"}
    assert found == set(sheets())


def test_the_teachers_pages_name_every_lesson_by_its_title() -> None:
    for language, folder in FOLDERS.items():
        page, words = (folder / "README.md").read_text(), Words(language)
        assert [
            lesson["id"]
            for lesson in plan()
            if f"[{words.say('lessons.' + lesson['id'] + '.title')}]({lesson['id']}.md)" not in page
        ] == []


def test_plural_forms() -> None:
    assert [plural(n, "ro") for n in (0, 1, 2, 19, 20, 45, 101, 119, 120)] == [
        "few", "one", "few", "few", "other", "other", "few", "few", "other",
    ]  # fmt: skip
    assert [plural(n, "en") for n in (0, 1, 2)] == ["other", "one", "other"]


def test_numbers_are_written_as_readers_write_them() -> None:
    assert written("1,996", "ro") == "1.996"
    assert written("8.2", "ro") == "8,2"
    assert written("8.2", "en") == "8.2"


def test_numbers_by_hand() -> None:
    """Two worlds of 1,000 people: 2 and 4 showings a person are added, of which the rule takes .5 and 1."""
    rows = [
        (seed, campaign, rule, impressions, hits)
        for seed, none, with_rule, hits in ((1, 2000, 1500, 0), (2, 4000, 3000, 3))
        for campaign, rule, impressions, hits in (
            ("quiet", "none", 10 * seed, 0),
            ("coordinated", "none", none + 10 * seed, 0),
            ("quiet", "suspend_coordinated", 10 * seed, 1),
            ("coordinated", "suspend_coordinated", with_rule + 10 * seed, hits),
        )
    ]
    names = ["seed", "campaign", "moderation", "candidate_impressions", "genuine_accounts_actioned"]
    runs = pd.DataFrame(rows, columns=names).assign(genuine_users=1000)
    policies = ("suspend_coordinated", "remove_undisclosed", "label_paid", "limit_awakened")
    told = [
        ("manufactured", "impressions", 3.0),
        ("part:paid", "impressions", 1.5),
        ("all_others", "impressions_change", -0.0061),
    ]
    told += [(f"dampening:{policy}", "impressions", 0.25) for policy in policies]
    told += [(f"collateral:{policy}", "genuine_actioned_per_100000", 150.4) for policy in policies]
    estimates = pd.DataFrame(
        [(*row, row[2] - 1, row[2] + 1) for row in told], columns=["contrast", "measure", "estimate", "low", "high"]
    )
    series = pd.DataFrame(
        [
            ("coordinated/suspend_coordinated", seed, day, measure, candidate, value)
            for seed, first in ((1, 1), (2, 0))
            for day, reach in ((0, 200.0), (1, 700.0))
            for measure, candidate, value in (
                ("reach", 0, reach),
                ("actioned_campaign_accounts", -1, 6.0 * (day >= first)),
            )
        ],
        columns=["arm", "seed", "day", "measure", "candidate", "value"],
    )
    found = numbers_of(runs, series, estimates)
    by_hand = {
        "people": "1,000", "quiet_most": "20", "manufactured": "3.0", "manufactured_low": "2.0", "manufactured_least": "2.0",
        "manufactured_most": "4.0", "paid_part": "50%", "others_change": "−0.6%", "suspend_takes": "25%", "suspend_takes_least": "25%",
        "suspend_takes_most": "25%", "suspend_harm": "150", "suspend_hits": "1.5", "suspend_hits_least": "0", "suspend_hits_most": "3",
        "suspend_hits_quiet": "1.0", "reach_then_least": "20%", "reach_then_most": "70%",
    }  # fmt: skip
    assert {name: found[name] for name in by_hand} == by_hand
    assert set(found) | set(kept_elsewhere()) == set(json.loads(KEPT.read_text())["numbers"])
