"""A quiz before and after: accounts of model worlds, half of them innocent, of which one says whether a campaign uses them.

In `reel.json`: "quiz": {"before": [item, ...], "after": [item, ...]}, and an item is {"id", "facts": see `Desk.row` (without company and
timeline), "timeline": acts by hour, see `sim`, "answer": base64 of "campaign" or "innocent", "story": base64 of a key of words}. Items
before and after are different accounts, with the same number of each story as far as there are enough, from worlds of other seeds than
the reel's and the desks'. Bystanders who are easily taken for the network are more frequent than on a platform.
"""

import base64
from collections.abc import Sequence
from typing import Any

import numpy as np

from analysis.lab.desk import RETURNED, Desk, is_campaign
from analysis.lab.game import CRAFTS, Looked
from sim.numbers.luck import Decision, chain_array, key_of

# How many of each story there are in one half: seven that a campaign uses and seven that none does.
CAMPAIGN = {"operated": 5, "vendor": 2}
INNOCENT = {"fan": 2, "returner": 3, "volunteer": 1, "busy": 1}
SPARE = ("fan", "returner", "ordinary")  # bystanders who stand in where there are too few of a story
HIDDEN = ("account", "company", "timeline")  # of a row: no facts
FROM_ONE = 2  # items of a story from one world, so that all crafts are there
DEALT = 21  # number of the draw about who is in the quiz


def quiz_of(worlds: Sequence[Looked], seed: int) -> dict[str, list[dict[str, Any]]]:
    """The quiz from worlds that were looked at, from a seed on; those of the desks are left out, but where there are no others."""
    others = [world for world in worlds if world.seed >= seed + len(CRAFTS)] or list(worlds)
    pool = _pool(others)
    before, after = list[dict[str, Any]](), list[dict[str, Any]]()
    for wanted in (CAMPAIGN, INNOCENT):
        found: list[list[dict[str, Any]]] = [[], []]
        for story, count in wanted.items():
            drawn = pool.get(story, [])[: 2 * count]
            pool[story] = pool.get(story, [])[2 * count :]
            for half in (0, 1):
                found[half] += drawn[half::2]
        for story in SPARE if wanted is INNOCENT else CAMPAIGN:
            for half in (0, 1):
                missing = sum(wanted.values()) - len(found[half])
                found[half] += pool.get(story, [])[:missing]
                pool[story] = pool.get(story, [])[missing:]
        before += found[0]
        after += found[1]
    return {"before": _shuffled(before, seed, 0), "after": _shuffled(after, seed, 1)}


def _pool(worlds: Sequence[Looked]) -> dict[str, list[dict[str, Any]]]:
    """Items by story, those of all worlds in turn; of one account in several worlds of a seed only the first."""
    rows = dict[str, list[tuple[int, int, dict[str, Any]]]]()
    used = set[tuple[int, int]]()
    for number, world in enumerate(worlds):
        desk = Desk(world.look, world.seed)
        place = dict[str, int]()
        for account in _in_turn(desk, DEALT + number):
            story = desk.stories[account]
            if (world.seed, account) in used:
                continue
            turn = place[story] = place.get(story, 0) + 1
            if turn <= FROM_ONE:
                used.add((world.seed, account))
                rows.setdefault(story, []).append((turn, number, item_of(desk, account)))
    return {story: [item for _, _, item in sorted(found, key=lambda one: one[:2])] for story, found in rows.items()}


def _in_turn(desk: Desk, draw: int) -> list[int]:
    """Accounts of a desk: the campaign's by luck; bystanders by what they do to posts about the election, which makes them hard to tell."""
    accounts = desk.chosen()
    ours = np.array([account for account in accounts if is_campaign(desk.stories[account])], dtype=np.int64)
    luck = chain_array(key_of(desk.seed, Decision.SHUFFLE, draw), ours)
    others = [account for account in accounts if not is_campaign(desk.stories[account])]
    return [int(account) for account in ours[np.argsort(luck, kind="stable")]] + desk.ranked(others, "busiest")


def item_of(desk: Desk, account: int) -> dict[str, Any]:
    """One item, without its id."""
    row = desk.row(account)
    story = desk.stories[account]
    return {
        "facts": {name: value for name, value in row.items() if name not in HIDDEN}, "timeline": row["timeline"],
        "answer": _hidden("campaign" if is_campaign(story) else "innocent"), "story": _hidden(story),
    }  # fmt: skip


def _shuffled(items: list[dict[str, Any]], seed: int, half: int) -> list[dict[str, Any]]:
    """Items in an order of luck, with their ids."""
    order = np.argsort(chain_array(key_of(seed, Decision.SHUFFLE, 7 + half), np.arange(len(items))), kind="stable")
    return [{"id": f"{'ba'[half]}{number}", **items[place]} for number, place in enumerate(order.tolist(), 1)]


def _hidden(word: str) -> str:
    return base64.b64encode(word.encode()).decode()


def shown(word: str) -> str:
    """What was hidden in an item."""
    return base64.b64decode(word).decode()


def rules_of(items: Sequence[dict[str, Any]]) -> dict[str, tuple[int, int]]:
    """What simple rules get right: by rule, hits and false alarms. What one rule alone answers is no quiz.

    silence: silent for a month or more; busiest, together: more than the middle one of these items.
    """
    campaign = np.array([shown(item["answer"]) == "campaign" for item in items])
    facts = {
        name: np.array([item["facts"][name] for item in items])
        for name in ("silent_days", "election", "often", "age_days")
    }
    said = {"silence": facts["silent_days"] >= RETURNED, "busiest": facts["election"] > np.median(facts["election"]),
            "together": facts["often"] > np.median(facts["often"])}  # fmt: skip
    return {rule: (int((says & campaign).sum()), int((says & ~campaign).sum())) for rule, says in said.items()}
