"""A nested design over what nobody knows: members, each a draw of every assumption from its range, and seeds of their own.

Members are a Latin hypercube: each range is cut into as many equal parts as there are members, and each part has one member. A
list of numbers moves as a whole, by one factor; what is called the last of something never comes before its first; the views of a
mean post follow how many posts there are, since people watch what they watch.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import qmc

from analysis.estimates.factors import Factor, factors_of
from sim.runs.question import Question
from sim.scenario.assumptions import assumptions, policy_assumptions
from sim.scenario.presets import value_at

DESIGN_SEED = 1  # of the hypercube
DIGITS = 6  # of a drawn number: what is written is what is run
POSTS, VIEWS = "population.posts_per_user_day", "recommender.views_per_post"
POLICY = "moderation="  # begins the key of an assumption of one policy


@dataclass(frozen=True)
class Unknown:
    """An assumption and its stated value, which says whether a whole number, a list or another kind of value is drawn."""

    factor: Factor
    value: Any
    unit: str
    meaning: str


def unknowns_of(asked: Question, folder: Path | None) -> list[Unknown]:
    """All assumptions of a comparison that state a range, those of its policies among them, each key once."""
    rows = assumptions(asked.document, folder) + policy_assumptions(asked.document, asked.moderations, False, folder)
    by_key: dict[str, Mapping[str, Any]] = {}
    for row in rows:
        key = str(row["key"])
        key = f"moderation.{key.partition(': ')[2]}" if key.startswith(POLICY) else key
        by_key.setdefault(key, {**row, "key": key})
    return [unknown_of(factor, by_key[factor.key]) for factor in factors_of(list(by_key.values()))]


def unknown_of(factor: Factor, row: Mapping[str, Any]) -> Unknown:
    """An assumption; a list of numbers moves as a whole, by a factor at which all of it stays in the range."""
    value, unit, meaning = row["value"], str(row["unit"]), str(row["meaning"])
    if not isinstance(value, list | tuple):
        return Unknown(factor, value, unit, meaning)
    least, most = float(factor.low) / min(value), float(factor.high) / max(value)  # type: ignore[arg-type]
    return Unknown(Factor(factor.key, least, most, logarithmic=True), value, "times what is stated", meaning)


def drawn(unknowns: Sequence[Unknown], members: int, document: Mapping[str, Any]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The values of each member, and their places between the ends of the ranges, 0 to 1.

    Both (members, unknowns), a column a key; the index is the member's number, from 1 on.
    """
    unit = qmc.LatinHypercube(len(unknowns), rng=np.random.default_rng(DESIGN_SEED)).random(members)
    keys, index = [unknown.factor.key for unknown in unknowns], pd.RangeIndex(1, members + 1, name="member")
    rows = [
        _in_order({u.factor.key: _value(u, place) for u, place in zip(unknowns, places, strict=True)}, document)
        for places in unit
    ]
    values = pd.DataFrame(rows, index=index, columns=keys, dtype=object)
    places = [  # as rounded, and as put in order; a list's is that of its factor
        unit[:, column] if isinstance(unknown.value, list | tuple) else unknown.factor.scaled(list(values[unknown.factor.key]))
        for column, unknown in enumerate(unknowns)
    ]  # fmt: skip
    return values, pd.DataFrame(np.column_stack(places), index=index, columns=keys)


def _value(unknown: Unknown, place: float) -> Any:
    """The value at a place between the ends of a range."""
    factor, stated = unknown.factor, unknown.value
    if factor.options:
        option = factor.options[min(int(place * len(factor.options)), len(factor.options) - 1)]
        return option == "true" if isinstance(stated, bool) else option
    number = factor.at(place)
    if isinstance(factor.low, datetime.date):
        return datetime.date.fromordinal(round(number)).isoformat()
    if isinstance(stated, list | tuple):
        return [_rounded(value * number, value) for value in stated]
    return _rounded(number, stated)


def _rounded(number: float, stated: Any) -> Any:
    """As whole as what is stated."""
    return round(number) if isinstance(stated, int) and not isinstance(stated, bool) else float(f"{number:.{DIGITS}g}")


def _in_order(member: dict[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
    """A member in which no last day comes before its first."""
    for key, value in member.items():
        if ".last_" in key:
            first = key.replace(".last_", ".first_")
            begins = str(member.get(first, value_at(document, first)))
            member[key] = max(str(value), begins) if begins != "None" else value
    return member


def values_of(member: Mapping[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
    """A member's values by key, with what follows from them."""
    values = dict(member)
    views = value_at(document, VIEWS)
    if POSTS in values and views is not None and VIEWS not in values:
        watched = float(views) * float(value_at(document, POSTS))  # by a user a day, of posts that begin in the feed
        values[VIEWS] = float(f"{watched / float(values[POSTS]):.{DIGITS}g}")
    return values
