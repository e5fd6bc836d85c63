"""Which assumption an answer hangs on, and where a conclusion would be another: from the sets of assumptions that were run.

Asked of manufactured visibility, and of what each policy takes of it and hits besides. Statements whose place is sought are fixed
here, before any design is run: that a campaign makes less than one impression a user, that a policy takes less than a tenth, or more
than half.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.estimates.contrasts import Question, collateral, dampening, manufactured
from analysis.estimates.declared import HARM
from analysis.estimates.discovery import Box, Restriction, discover
from analysis.estimates.factors import Factor, factor_of, told
from analysis.estimates.paired import Floats, Worlds
from analysis.estimates.screening import COLUMNS, SURE, ranked
from analysis.estimates.sensitivity import NOTHING, Sensitivity, sensitivity
from analysis.estimates.two_bands import Answers, Bools, answers, told_from_zero
from analysis.estimates.words import interval
from sim.runs.recording import read_json, rows_of, write_csv, write_json

FILE = "sensitivity.json"
RESAMPLES = 300  # functions that the emulator draws
SEED = 1
NAMED = 5  # assumptions in a line of the terminal
LITTLE_MADE, TENTH, HALF = 1.0, 0.1, 0.5  # impressions a user; share taken

Statement = tuple[str, Box | None]


@dataclass(frozen=True)
class Matters:
    """One answer: what it is called and in which unit, shares of its variance by factor, what it goes with (`ranked`), and where
    statements about it hold."""

    answer: str
    unit: str
    shares: Sensitivity
    ranks: pd.DataFrame
    boxes: tuple[Statement, ...]


@dataclass(frozen=True)
class Sets:
    """Sets of assumptions that were run. places: (sets, factors) of what was drawn, in [0, 1], by number of the set; known: meaning and
    unit of each factor by its key; runs: a row an arm, seed and member."""

    places: pd.DataFrame
    factors: Sequence[Factor]
    known: Mapping[str, tuple[str, str]]
    runs: pd.DataFrame


def what_matters(folder: Path, sets: Sets) -> list[Matters]:
    """All answers of a comparison's sets of assumptions, which are also left in its folder."""
    manifest = read_json(folder / "manifest.json")
    worlds = {int(member): Worlds(own, manifest) for member, own in sets.runs.groupby("member", sort=True)}
    places = sets.places.loc[list(worlds)].to_numpy(dtype=np.float64)
    made = answers([manufactured(one) for one in worlds.values()])
    all_, something = np.ones(len(worlds), dtype=bool), told_from_zero(made)
    found = [_asked("what was manufactured", "impressions a user", places, made, 0.0, all_, {
        f"less than {LITTLE_MADE:g} impression a user is manufactured": made.values < LITTLE_MADE,
    })]  # fmt: skip
    for policy in next(iter(worlds.values())).moderations:
        if policy != "none":
            found += _of_policy(policy, list(worlds.values()), places, something)
    _leave(folder, found, sets)
    return found


def _of_policy(policy: str, worlds: Sequence[Worlds], places: Floats, something: Bools) -> list[Matters]:
    """What a policy takes, in sets with something to take, and whom it hits besides, in all."""
    damped: list[Question] = [dampening(one, policy) for one in worlds]
    hit: list[Question] = [collateral(one, HARM, one.campaign, policy) for one in worlds]
    taken, name = answers(damped), policy.replace("_", " ")
    return [
        _asked(f"what {name} takes", "share taken", places, taken, 1.0, something, {
            f"{name} takes less than a tenth": taken.values < TENTH, f"{name} takes more than half": taken.values > HALF,
        }),
        _asked(f"whom {name} hits besides", "of 100,000 users", places, answers(hit), 0.0, np.ones_like(something), {}),
    ]  # fmt: skip


def _asked(
    answer: str,
    unit: str,
    places: Floats,
    found: Answers,
    origin: float,
    counted: Bools,
    statements: Mapping[str, Bools],
) -> Matters:
    """One answer over the sets that count."""
    place, value = places[counted], found.values[counted]
    boxes = tuple((said, discover(place, holds[counted], SEED)) for said, holds in statements.items())
    shares = sensitivity(place, value, _noise(found, value, origin), SEED, RESAMPLES)
    return Matters(answer, unit, shares, ranked(place, value, SEED), boxes)


def _noise(found: Answers, value: Floats, origin: float) -> Floats:
    """Variance of luck of each answer, as all sets together show it at such an answer; 0 where no set has two seeds."""
    return found.scale(origin).luck(value) if found.knows_luck else np.zeros(len(value))


def _leave(folder: Path, found: Sequence[Matters], sets: Sets) -> None:
    """The whole as JSON for the report, and the shares as a table."""
    keys = [factor.key for factor in sets.factors]
    factors = [{"told": told(factor), "known": list(sets.known.get(factor.key, ("", "")))} for factor in sets.factors]
    write_json(folder / FILE, {"factors": factors, "answers": [_told(one) for one in found]})
    rows = [one.shares.shares.assign(answer=one.answer, factor=keys) for one in found]
    write_csv(folder / "sensitivity.csv", pd.concat(rows, ignore_index=True))


def _told(one: Matters) -> dict[str, Any]:
    shares = one.shares
    tables = {name: rows_of(getattr(shares, name)) for name in ("shares", "effects")}
    numbers = {name: getattr(shares, name) for name in ("rest", "interaction", "q2", "members", "failed")}
    return {"answer": one.answer, "unit": one.unit, **tables, "ranks": rows_of(one.ranks), **_without_nan(numbers),
            "boxes": [[said, None if box is None else _without_nan(asdict(box))] for said, box in one.boxes]}  # fmt: skip


def _without_nan(node: Any) -> Any:
    """What is not a number as nothing, as JSON wants it."""
    if isinstance(node, Mapping):
        return {key: _without_nan(value) for key, value in node.items()}
    if isinstance(node, list | tuple):
        return [_without_nan(value) for value in node]
    return None if isinstance(node, float) and not np.isfinite(node) else node


def read_matters(folder: Path) -> tuple[list[Matters], list[Factor], dict[str, tuple[str, str]]]:
    """What `what_matters` has left, with the factors and what is known of each; nothing where it was not asked."""
    path = folder / FILE
    if not path.is_file():
        return [], [], {}
    document = read_json(path)
    factors = [factor_of(row["told"]) for row in document["factors"]]
    known = {
        f.key: (str(row["known"][0]), str(row["known"][1])) for f, row in zip(factors, document["factors"], strict=True)
    }
    return [_read(row) for row in document["answers"]], factors, known


def lines(found: Sequence[Matters], sets: Sets) -> list[str]:
    """For each answer how much is explained, and the assumptions that matter most."""
    said = []
    for one in found:
        if not one.shares.speaks:
            said.append(f"{one.answer}: {_goes_with(one.ranks, sets)}")
            continue
        rows = one.shares.shares.sort_values("total", ascending=False, kind="stable").head(NAMED)
        most = "; ".join(
            f"{sets.factors[int(row.factor)].key} {row.total:.0%} ({interval(row.total_low, row.total_high, '{:.0%}')})"
            for row in rows.itertuples(index=False)
        )
        said.append(f"{one.answer}: an emulator explains {one.shares.q2[0]:.0%} of it; share of variance: {most}")
    return said


def _goes_with(ranks: pd.DataFrame, sets: Sets) -> str:
    """Which assumptions an answer goes with more than luck would make the greatest of them."""
    sure = [row for row in ranks.itertuples(index=False) if row.p < SURE]
    if not sure:
        return f"{NOTHING[0].lower()}{NOTHING[1:]}"
    most = "; ".join(
        f"{sets.factors[int(row.factor)].key} {row.correlation:+.2f} ({interval(row.low, row.high, '{:+.2f}')})" for row in sure[:NAMED]
    )  # fmt: skip
    return f"too few members for shares of its variance; by rank it goes with {most}, and with nothing else more than luck makes it"


def _read(row: Mapping[str, Any]) -> Matters:
    rest, interaction, q2 = (
        (_number(a), _number(b), _number(c)) for a, b, c in (row[name] for name in ("rest", "interaction", "q2"))
    )
    effects = pd.DataFrame(row["effects"], columns=["factor", "place", "value", "low", "high"])
    shares = Sensitivity(pd.DataFrame(row["shares"]).astype(float).astype({"factor": int}), effects, rest, interaction, q2,
                         int(row["members"]), int(row["failed"]))  # fmt: skip
    ranks = pd.DataFrame(row.get("ranks", []), columns=list(COLUMNS))  # older files have none
    boxes = tuple((str(said), _box(box)) for said, box in row["boxes"])
    return Matters(str(row["answer"]), str(row["unit"]), shares, ranks, boxes)


def _number(value: Any) -> float:
    return float("nan") if value is None else float(value)


def _box(told: Mapping[str, Any] | None) -> Box | None:
    if told is None:
        return None
    ends = [Restriction(int(r["factor"]), r["low"], r["high"], _number(r["quasi_p"])) for r in told["restrictions"]]
    return Box(
        **{**told, "restrictions": tuple(ends), "elsewhere": _number(told["elsewhere"]), "p": _number(told["p"])}
    )
