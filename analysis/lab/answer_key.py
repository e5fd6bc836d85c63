"""What a teacher should know of a reel's desks, sealed worlds and quiz, as plain text beside the replay."""

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.lab.desk import is_campaign
from analysis.lab.game import opened
from analysis.lab.quiz import shown


def answer_key(reel: Mapping[str, Any]) -> str:
    """What a teacher should know of a reel's sealed worlds, desks and quiz, as plain text."""
    parts = [
        f"Answers to: {reel.get('title', 'a reel of Groundswell')}",
        "For the teacher. A model world; no evidence about any real account.",
    ]
    parts += ["", "Sealed worlds", *_sealed_key(reel.get("sealed") or {"rounds": []})]
    parts += ["", "Be the moderator", *_desk_key((reel.get("game") or {"desks": []})["desks"])]
    for half, items in (reel.get("quiz") or {}).items():
        parts += ["", f"Quiz, {half}", *_quiz_key(items)]
    return "\n".join(parts) + "\n"


def _sealed_key(rounds: Mapping[str, Any]) -> list[str]:
    found = []
    for number, one in enumerate(rounds["rounds"], 1):
        answer = opened(one["answer"])
        kinds = ", ".join(f"world {name} {kind}" for name, kind in answer["kinds"].items())
        found.append(
            f"  round {number}: the campaign is in world {answer['campaign']} ({kinds}; seed {answer['seed']})"
        )
    return found


def _desk_key(desks: Sequence[Mapping[str, Any]]) -> list[str]:
    found = []
    for desk in desks:
        answer = opened(desk["answer"])
        ours = [account for account, story in answer["stories"].items() if is_campaign(story)]
        found.append(f"  desk {desk['id']}: {answer['campaign']}; the campaign's accounts are {', '.join(ours)}")
    return found


def _quiz_key(items: Sequence[Mapping[str, Any]]) -> list[str]:
    return [f"  {item['id']}: {shown(item['answer'])} ({shown(item['story'])})" for item in items]
