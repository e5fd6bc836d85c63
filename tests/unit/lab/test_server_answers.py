"""The class's answers: counted as signal detection needs them, bounded, and without names."""

from typing import Any

import pytest

from analysis.lab.server import answers
from analysis.lab.server.answers import Answers, WrongAnswerError, counts

TRUTH = {"a": "campaign", "b": "campaign", "c": "innocent", "d": "innocent"}


def said(when: str = "before", **says: str) -> dict[str, Any]:
    return {"when": when, "answers": [{"id": item, "says": word, "sure": 2} for item, word in says.items()]}


def test_hits_and_false_alarms_are_counted() -> None:
    kept = Answers()
    kept.put(1, said(a="campaign", b="innocent", c="campaign", d="innocent"), TRUTH)
    kept.put(2, said(a="campaign", b="campaign", c="campaign", d="campaign"), TRUTH)
    kept.put(2, said("after", a="campaign"), TRUTH)
    before = kept.summary()["before"]
    assert before["students"] == 2
    assert before["each"] == [
        {"campaign": 2, "hits": 1, "innocent": 2, "false_alarms": 1, "sure": 2.0},
        {"campaign": 2, "hits": 2, "innocent": 2, "false_alarms": 2, "sure": 2.0},
    ]
    assert before["items"][0] == {"item": "a", "asked": 2, "suspected": 2}
    assert before["items"][1] == {"item": "b", "asked": 2, "suspected": 1}
    assert kept.summary()["after"]["students"] == 1


def test_who_answers_again_takes_the_place_of_what_they_said() -> None:
    kept = Answers()
    kept.put(1, said(a="innocent"), TRUTH)
    kept.put(1, said(a="campaign"), TRUTH)
    assert [row["says"] for row in kept.rows()] == ["campaign"]
    assert kept.csv() == "student,when,item,says,sure,is,right\n1,before,a,campaign,2,campaign,1\n"


@pytest.mark.parametrize("wrong", [
    {"when": "later", "answers": [{"id": "a", "says": "campaign", "sure": 1}]}, {"when": "before"}, {"when": "before", "answers": []},
    {"when": "before", "answers": [{"id": "x", "says": "campaign", "sure": 1}]}, {"when": ["before"], "answers": []},
    {"when": "before", "answers": [{"id": "a", "says": "guilty", "sure": 1}]}, {"when": "before", "answers": [[1]]},
    {"when": "before", "answers": [{"id": "a", "says": "campaign", "sure": 5}]}, {"when": "before", "answers": [{"id": "a"}]},
    {"when": "before", "answers": [{"id": "a", "says": "campaign", "sure": True}]}, "before",
    {"when": "before", "answers": [{"id": "a", "says": "campaign", "sure": 1, "name": "me"}]},
    {"when": "before", "answers": [{"id": "a", "says": "campaign", "sure": 1}] * 2},
    {"when": "before", "answers": [{"id": ["a"], "says": "campaign", "sure": 1}]},
    {"when": "before", "answers": [{"id": "a", "says": ["campaign"], "sure": 1}]},
    {"when": "before", "answers": [{"id": "a", "says": "campaign", "sure": 1}], "name": "me"},
])  # fmt: skip
def test_what_is_no_answer_is_refused(wrong: Any) -> None:
    kept = Answers()
    with pytest.raises(WrongAnswerError):
        kept.put(1, wrong, TRUTH)
    assert kept.rows() == []


def test_answers_of_no_more_than_so_many_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "PEOPLE_MOST", 2)
    kept = Answers()
    for student in range(4):
        kept.put(student, said(a="campaign"), TRUTH)
    with pytest.raises(WrongAnswerError):
        kept.put(9, said(a="campaign"), TRUTH)
    kept.put(3, said(a="innocent"), TRUTH)


def test_counts_of_somebody_who_saw_innocents_alone() -> None:
    assert counts([{"item": "c", "says": "innocent", "sure": 1, "is": "innocent"}])["campaign"] == 0
