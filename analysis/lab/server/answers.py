"""What the class answered to the quiz: kept in memory for as long as the lab is open, without names."""

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

WHEN = ("before", "after")
SAYS = ("campaign", "innocent")
SURE = (1, 4)  # from a guess to certain
ITEMS_MOST = 60  # answers of one student at one time
PEOPLE_MOST = 400  # of whom answers are kept
COLUMNS = ("student", "when", "item", "says", "sure", "is", "right")
Answer = dict[str, Any]


class WrongAnswerError(ValueError):
    """Answers that are not of the form that is asked for; the text says what is."""


class Answers:
    """Answers by student and time; who answers again takes the place of what they said before."""

    def __init__(self) -> None:
        self.kept: dict[tuple[int, str], list[Answer]] = {}

    def put(self, student: int, said: Any, truth: Mapping[str, str]) -> int:
        """Keep what a student says; returns how many answers. truth: what each item of the reel's quiz is. Raises WrongAnswerError."""
        if not isinstance(said, Mapping) or set(said) - {"reel", "when", "answers"}:
            raise WrongAnswerError("Allowed are reel, when and answers.")
        if said.get("when") not in WHEN:
            raise WrongAnswerError(f"when: allowed is {' or '.join(WHEN)}.")
        given = said.get("answers")
        if not isinstance(given, list) or not 1 <= len(given) <= ITEMS_MOST:
            raise WrongAnswerError(f"answers: allowed are 1 to {ITEMS_MOST}.")
        found = [_read(one, truth) for one in given]
        if len({one["item"] for one in found}) < len(found):
            raise WrongAnswerError("answers: allowed is one for an item.")
        place = (student, said["when"])
        if place not in self.kept and len(self.kept) >= PEOPLE_MOST * len(WHEN):
            raise WrongAnswerError(f"Answers of {PEOPLE_MOST} are kept already, which is the most.")
        self.kept[place] = found
        return len(found)

    def rows(self) -> list[Answer]:
        """All answers, one a row."""
        return [
            {"student": student, "when": when, **one, "right": one["says"] == one["is"]}
            for (student, when), answers in sorted(self.kept.items())
            for one in answers
        ]

    def csv(self) -> str:
        """All answers as a table; students have numbers and no names."""
        text = io.StringIO()
        table = csv.DictWriter(text, COLUMNS, lineterminator="\n")
        table.writeheader()
        table.writerows({**row, "right": int(row["right"])} for row in self.rows())
        return text.getvalue()

    def summary(self) -> dict[str, Any]:
        """How the class did: for each time how many answered, their counts, and how often each item was taken for the campaign's."""
        return {when: self._of(when) for when in WHEN}

    def _of(self, when: str) -> dict[str, Any]:
        people = [answers for (_, time), answers in sorted(self.kept.items()) if time == when]
        suspected = Counter(one["item"] for answers in people for one in answers if one["says"] == SAYS[0])
        asked = Counter(one["item"] for answers in people for one in answers)
        items = [{"item": item, "asked": count, "suspected": suspected[item]} for item, count in sorted(asked.items())]
        return {"students": len(people), "each": [counts(answers) for answers in people], "items": items}


def counts(answers: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What signal detection needs of one student: how many of the campaign's accounts were found, how many innocents suspected."""
    guilty = [one for one in answers if one["is"] == SAYS[0]]
    innocent = [one for one in answers if one["is"] == SAYS[1]]
    sure = sum(one["sure"] for one in answers) / len(answers)
    return {
        "campaign": len(guilty), "hits": sum(one["says"] == SAYS[0] for one in guilty),
        "innocent": len(innocent), "false_alarms": sum(one["says"] == SAYS[0] for one in innocent), "sure": sure,
    }  # fmt: skip


def _read(one: Any, truth: Mapping[str, str]) -> Answer:
    """One answer, checked. Raises WrongAnswerError."""
    if not isinstance(one, Mapping) or set(one) != {"id", "says", "sure"}:
        raise WrongAnswerError("An answer has id, says and sure.")
    item, says, sure = one["id"], one["says"], one["sure"]
    if not isinstance(item, str) or item not in truth:
        raise WrongAnswerError("id: there is no such item.")
    if says not in SAYS:
        raise WrongAnswerError(f"says: allowed is {' or '.join(SAYS)}.")
    if isinstance(sure, bool) or not isinstance(sure, int) or not SURE[0] <= sure <= SURE[1]:
        raise WrongAnswerError(f"sure: allowed is {SURE[0]} to {SURE[1]}.")
    return {"item": item, "says": says, "sure": sure, "is": truth[item]}
