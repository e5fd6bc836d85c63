"""Small worlds solved by hand or in closed form; and each answer is missed where the world is another one."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from analysis.validation import known, known_detection
from analysis.validation.target import Target

SEEDS = 3
DRAWN: dict[str, tuple[Callable[..., Any], Mapping[str, Any]]] = {
    "first_choice": (known.first_choice, {"recommender.popularity": 0.7}),
    "reactions": (known.reactions, {"audience.social_proof": 0.2}),
    "broken_chains": (known.broken_chains, {"audience.share": 0.3}),
    "one_author": (known.one_author, {"population.sessions_per_day": 7.0}),
    "equal_places": (known.equal_places, {"recommender": "menu_ranked"}),
}
EXACT: dict[str, tuple[Callable[..., Target], Mapping[str, Any]]] = {
    "chain_of_shares": (known.chain_of_shares, {"audience.share": 3.0}),
    "three_posts": (known.three_posts, {"campaign.budget": 45.0}),
    "ninety_eight_likes": (known.ninety_eight_likes, {"campaign.tactics.buy_engagement.price": 0.02}),
    "review_desk": (known.review_desk, {"moderation.desk.capacity": 1200.0}),
    "nothing_manufactured": (known.nothing_manufactured, {"campaign.budget": 1e8, "population.influencers": 2e5}),
}


def lines(found: Target | list[Target]) -> list[Target]:
    return found if isinstance(found, list) else [found]


@pytest.mark.parametrize("name", DRAWN)
def test_what_is_drawn_agrees_with_its_formula(name: str) -> None:
    answer, sabotage = DRAWN[name]
    right, wrong = lines(answer(SEEDS)), lines(answer(SEEDS, sabotage))
    assert all(target.agrees and target.low <= target.got <= target.high for target in right), right
    assert not any(target.agrees for target in wrong), wrong


@pytest.mark.parametrize("name", EXACT)
def test_what_is_not_drawn_comes_out_exactly(name: str) -> None:
    answer, sabotage = EXACT[name]
    right, wrong = answer(), answer(sabotage)
    assert right.agrees, right
    assert right.low == right.got == right.high
    assert not wrong.agrees, wrong


def test_twelve_rows_are_solved_by_hand() -> None:
    assert [(target.got, target.agrees) for target in known_detection.twelve_rows()] == [
        (3, True),
        (5, True),
        (2, True),
    ]
    assert not any(target.agrees for target in known_detection.twelve_rows(window=29))


def test_independent_accounts_act_together_as_often_as_the_formula_says() -> None:
    assert known_detection.by_chance(30).agrees
    assert not known_detection.by_chance(30, window=50).agrees
