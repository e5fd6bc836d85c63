"""Answers beside the truth: bias, coverage of the instruments' own intervals, false alarms, and the first day of a lasting right answer."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from analysis.outsider.instruments import FROM_KNOWN, FROM_TOLD, INSTRUMENTS, PUPPETS
from analysis.outsider.seen import Known
from analysis.outsider.truths import against_twin, beyond_twin

EVE = -1  # days from the vote to the last day of a world
QUIET = "quiet"
KEYS = ["instrument", "viewer", "campaign", "moderation", "after_vote"]


def answers_of(records: Sequence[Mapping[str, Any]], known: Known) -> pd.DataFrame:
    """One row an answer, with what is true: in the terms of the instrument (truth), and whether somebody operates accounts (operated).

    Of worlds in which nobody is paid and no account is operated there is no campaign, and nothing that one has brought: what people
    come to like by themselves is no effect of one.
    """
    twins = {(r["seed"], r["moderation"]): r["ground"] for r in records if r["campaign"] == QUIET}
    rows = []
    for record in records:
        own, twin = record["ground"], twins[record["seed"], record["moderation"]]
        is_campaign = own["directed"] > 0 or own["paid"] > 0
        about = {key: record[key] for key in ("arm", "campaign", "moderation", "seed")}
        for answer in record["answers"]:
            truth = answer["truth"]
            if answer["instrument"] in (*FROM_KNOWN, *FROM_TOLD, *PUPPETS):
                truth = _paired(answer, own, twin, known) if is_campaign else 0.0
            rows.append({**about, **answer, "truth": truth, "operated": own["directed"] > 0})
    table = pd.DataFrame(rows)
    for name in ("value", "low", "high", "truth"):
        table[name] = table[name].astype(float)
    is_asked = ~(table["instrument"].isin(PUPPETS) & (table["viewer"] != table["viewer"].iloc[0]))
    return table[is_asked].astype({"alarm": "boolean"}).reset_index(drop=True)


def _paired(answer: Mapping[str, Any], own: Mapping[str, Any], twin: Mapping[str, Any], known: Known) -> float | None:
    """What a pair of worlds says of an answer's number."""
    day = date.fromisoformat(str(answer["day"])[:10])
    if answer["instrument"] in PUPPETS:
        return beyond_twin(own, twin, day)
    return against_twin(own, twin, known.since if answer["instrument"] in FROM_KNOWN else known.began, day)


def scores_of(answers: pd.DataFrame) -> pd.DataFrame:
    """One row for each instrument, record, arm and day.

    worlds, answered: how many there are, and gave an answer. alarms: of those that answered. bias, bias_low, bias_high: mean of number less
    truth with its 95% interval over worlds. truth: mean. covered: share of intervals that hold the truth. right_worlds: worlds in which the
    alarm is right on this day and on all later ones; right_from: on which day after the vote, in the median world, that begins; missing
    where it does not in half of the worlds.
    """
    rows = [{**dict(zip(KEYS, key, strict=True)), **_score(some)} for key, some in answers.groupby(KEYS, sort=False)]
    lasting = _lasting(answers)
    return pd.DataFrame(rows).merge(lasting, on=KEYS[:-1], how="left")


def _score(some: pd.DataFrame) -> dict[str, Any]:
    """Of answers of one instrument to worlds of one kind on one day."""
    told = some.dropna(subset=["value", "truth"])
    off = (told["value"] - told["truth"]).to_numpy()
    half = stats.t.ppf(0.975, len(off) - 1) * off.std(ddof=1) / np.sqrt(len(off)) if len(off) > 1 else np.nan
    bias = off.mean() if len(off) else np.nan
    covered = (told["low"] <= told["truth"]) & (told["truth"] <= told["high"])
    return {
        "worlds": len(some), "answered": int(some["alarm"].notna().sum()), "alarms": int(some["alarm"].fillna(False).sum()),
        "operated": bool(some["operated"].any()), "truth": told["truth"].mean(), "bias": bias, "bias_low": bias - half,
        "bias_high": bias + half, "covered": covered.mean() if len(told) else np.nan,
    }  # fmt: skip


def _lasting(answers: pd.DataFrame) -> pd.DataFrame:
    """From which day on the alarm stays right, in the median world, and in how many worlds it does at the last look; see `scores_of`."""
    rows = []
    for key, some in answers.groupby(KEYS[:-1], sort=False):
        begins = np.array([_from_when(world) for _, world in some.groupby("seed")])
        median = float(np.sort(begins)[(len(begins) - 1) // 2])
        ever = {"right_worlds": int(np.isfinite(begins).sum()), "right_from": median if np.isfinite(median) else np.nan}
        rows.append({**dict(zip(KEYS[:-1], key, strict=True)), **ever})
    return pd.DataFrame(rows)


def _from_when(world: pd.DataFrame) -> float:
    """The first day from which on all of one instrument's answers to a world are right; a missing answer is not. Infinite where none."""
    looks = world.sort_values("after_vote")
    right = (looks["alarm"] == looks["operated"]).fillna(False).to_numpy(dtype=bool)
    lasting = np.flatnonzero(np.logical_and.accumulate(right[::-1])[::-1])
    return float(looks["after_vote"].to_numpy()[lasting[0]]) if len(lasting) else np.inf


def in_order(scores: pd.DataFrame, after_vote: int, viewer: str) -> list[tuple[str, pd.DataFrame]]:
    """Scores of one day and record by instrument, in the order of the instruments."""
    some = scores[(scores["after_vote"] == after_vote) & (scores["viewer"] == viewer)]
    found = [(name, some[some["instrument"] == name]) for name in INSTRUMENTS]
    return [(name, rows) for name, rows in found if len(rows)]
