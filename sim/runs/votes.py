"""What an election leaves of each world: numbers in its row of the runs, and all draws in tables of their own.

Nothing of it enters the digest of a world, which is that of the world without an election.
"""

import math
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.elections.base import Exposure, Held, Rounds
from sim.model import CampaignModel
from sim.runs.recording import write_table
from sim.scenario.config import Scenario

MOVED, UNMOVED = "moved", "unmoved"  # exposure moves voters as drawn, or nobody
ELECTION, POLLS = "election", "election_polls"  # tables


def about_election(scenario: Scenario) -> dict[str, Any]:
    """What a manifest says of an election; nothing where none is held."""
    if not scenario.holds_election:
        return {}
    return {"election": scenario.election.about(scenario.campaign.candidate, scenario.calendar.last_day)}


def exposure_of(model: CampaignModel) -> Exposure:
    """What people have seen by a world's last hour, and how much of it they know on later days."""
    observer, scenario = model.observer, model.rules
    assert observer.awareness is not None
    days, candidates = len(observer.awareness.by_day), len(scenario.population.candidates)
    seen = [[observer.daily.get((day, "impressions", c), 0.0) for c in range(candidates)] for day in range(days)]
    later = {
        days_after: np.array(observer.awareness.known(model.world, days_after))
        for days_after in scenario.election.days_of_votes(scenario.calendar.last_day)
    }
    known = np.array(observer.awareness.by_day).reshape(days, len(scenario.little_known))
    return Exposure(known, later, np.array(seen))


def block_of(model: CampaignModel) -> dict[str, Any]:
    """All draws of a finished world's election as plain values, with exposure moving voters and with it moving nobody; else empty."""
    scenario = model.rules
    if not scenario.holds_election:
        return {}
    exposure, promoted, last_day = exposure_of(model), scenario.campaign.candidate, scenario.calendar.last_day
    labels = [candidate.label for candidate in scenario.population.candidates]
    about = scenario.election.about(promoted, last_day)
    on_the_day = exposure.later[(date.fromisoformat(about["first_round"]) - last_day).days]
    known = dict(zip(scenario.little_known, on_the_day.tolist(), strict=True))
    moved, unmoved = (
        scenario.election.hold(model.world.seed, labels, promoted, last_day, exposure, acts) for acts in (True, False)
    )
    return {
        "focal": scenario.focal, "known": known.get(scenario.focal, 0.0), "little_known": list(scenario.little_known),
        "base": moved.base.tolist(), MOVED: _plain(moved), UNMOVED: _plain(unmoved),
        "polls": about["polls"],
    }  # fmt: skip


def _plain(held: Held) -> dict[str, Any]:
    return {
        "vote": _rounds(held.vote), "rerun": _rounds(held.rerun) if held.rerun else None,
        "elected": held.elected.tolist(), "polls": held.polls.tolist(),
    }  # fmt: skip


def _rounds(rounds: Rounds) -> dict[str, Any]:
    leading, votes = rounds.leading, rounds.run_off_turnout
    return {
        "first": rounds.first.tolist(), "turnout": rounds.turnout.tolist(), "finalists": rounds.finalists.tolist(),
        "leading": None if leading is None else leading.tolist(), "run_off_turnout": None if votes is None else votes.tolist(),
    }  # fmt: skip


def numbers_of(block: Mapping[str, Any]) -> dict[str, float]:
    """The columns of a world's row: means over draws, of the campaign's candidate."""
    if not block:
        return {}
    focal, moved, unmoved = block["focal"], block[MOVED], block[UNMOVED]
    return {
        "election_known": block["known"],
        "election_share": _mean(row[focal] for row in moved["vote"]["first"]),
        "election_run_off": _mean(focal in pair for pair in moved["vote"]["finalists"]),
        "election_elected": _mean(who == focal for who in moved["elected"]),
        "election_turnout": _mean(moved["vote"]["turnout"]),
        "election_share_unmoved": _mean(row[focal] for row in unmoved["vote"]["first"]),
        "election_run_off_unmoved": _mean(focal in pair for pair in unmoved["vote"]["finalists"]),
    }


def _mean(values: Any) -> float:
    """Rounded once, so that it is the same in every order."""
    numbers = [float(value) for value in values]
    return math.fsum(numbers) / len(numbers)


def write_votes(folder: Path, results: Sequence[Mapping[str, Any]]) -> None:
    """Leave election.parquet and election_polls.parquet, where an election was held."""
    held = [result for result in results if result.get("election")]
    if held:
        write_table(folder / f"{ELECTION}.parquet", pd.concat([votes_of(result) for result in held], ignore_index=True))
        write_table(folder / f"{POLLS}.parquet", pd.concat([polls_of(result) for result in held], ignore_index=True))


def votes_of(result: Mapping[str, Any]) -> pd.DataFrame:
    """A row a draw, a candidate, and with exposure moving voters or not; nothing stands where a round was not held."""
    run, block = result["run"], result["election"]
    base = np.array(block["base"])
    draws, candidates = base.shape
    parts = []
    for kind in (MOVED, UNMOVED):
        found = {"base": base.ravel(), **_columns(block[kind]["vote"], "", candidates)}
        if block[kind]["rerun"]:
            found |= _columns(block[kind]["rerun"], "rerun_", candidates)
        else:
            found |= dict.fromkeys(_columns(block[kind]["vote"], "rerun_", candidates), np.nan)
        elected = np.repeat(block[kind]["elected"], candidates) == np.tile(np.arange(candidates), draws)
        parts.append(pd.DataFrame({
            "arm": run["arm"], "seed": run["seed"], "draw": np.repeat(np.arange(draws), candidates), "moved": kind == MOVED,
            "candidate": np.tile(np.arange(candidates), draws), **found, "elected": elected,
        }))  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def _columns(rounds: Mapping[str, Any], prefix: str, candidates: int) -> dict[str, Any]:
    """Columns of one vote, by draw and candidate. Whether somebody was in a run-off is 0 or 1."""
    first, pair = np.array(rounds["first"]), np.array(rounds["finalists"])
    row = np.arange(len(first))
    inside, run_off = np.zeros(first.shape), np.full(first.shape, np.nan)
    inside[row[:, None], pair] = 1.0
    coming = np.full(len(first), np.nan)
    if rounds["leading"] is not None:
        run_off[row, pair[:, 0]], coming = np.array(rounds["leading"]), np.array(rounds["run_off_turnout"])
        run_off[row, pair[:, 1]] = 1.0 - np.array(rounds["leading"])
    return {
        f"{prefix}share": first.ravel(), f"{prefix}in_run_off": inside.ravel(), f"{prefix}run_off_share": run_off.ravel(),
        f"{prefix}turnout": np.repeat(np.array(rounds["turnout"]), candidates), f"{prefix}run_off_turnout": np.repeat(coming, candidates),
    }  # fmt: skip


def polls_of(result: Mapping[str, Any]) -> pd.DataFrame:
    """A row a draw, a poll and a little-known candidate, with exposure moving voters or not: what was published, and the vote."""
    run, block = result["run"], result["election"]
    calendar, who = block["polls"], block["little_known"]
    parts = []
    for kind in (MOVED, UNMOVED):
        said, first = np.array(block[kind]["polls"]), np.array(block[kind]["vote"]["first"])
        for number, poll in enumerate(calendar):
            for place, candidate in enumerate(who):
                parts.append(pd.DataFrame({
                    "arm": run["arm"], "seed": run["seed"], "draw": np.arange(len(first)), "moved": kind == MOVED, "candidate": candidate,
                    "poll": number, **poll, "said": said[number, :, place], "vote": first[:, candidate],
                }))  # fmt: skip
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(POLL_COLUMNS))


POLL_COLUMNS = ("arm", "seed", "draw", "moved", "candidate", "poll", "house", "days_before", "sample", "said", "vote")
