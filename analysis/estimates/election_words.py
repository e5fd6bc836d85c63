"""What an election's draws say, in the lines that a comparison prints."""

from pathlib import Path

import pandas as pd

from analysis.estimates.election import chances, held
from analysis.estimates.paired import Worlds
from analysis.estimates.words import interval, without_signed_zeros
from sim.runs.recording import read_json, read_table

NO_ESTIMATE = "no public estimate of what exposure does to votes exists"


def lines_of(folder: Path) -> list[str]:
    """The lines of a comparison's folder; none where no election was held."""
    manifest = read_json(folder / "manifest.json")
    if not manifest.get("election"):
        return []
    worlds = Worlds(read_table(folder, "runs"), manifest)
    return election_lines(worlds, read_table(folder, "election"), read_table(folder, "estimates"))


def election_lines(worlds: Worlds, votes: pd.DataFrame, table: pd.DataFrame) -> list[str]:
    """What a comparison prints of its election; nothing where none was held."""
    if not held(worlds):
        return []
    label = worlds.manifest["candidates"][worlds.manifest["candidate"]]
    lines = [f"votes (exploratory: {NO_ESTIMATE}; this is what the priors say, and no evidence):"]
    for policy in worlds.moderations:
        found, e = chances(worlds, votes, policy), _row(table, f"election:{policy}", "run_off")
        under = "" if policy == "none" else f"under {policy} "
        between = between_seeds(e.low, e.high)
        lines.append(
            f"{under}{label} comes into the run-off in {int(found.reached.sum()):,} of {found.draws:,} draws with the campaign, in "
            f"{int(found.reached_quiet.sum()):,} without; difference {100 * e.estimate:.1f} points ({between})"
        )
    low, middle, high = 100 * chances(worlds, votes, "none").effect()
    lines.append(
        f"share of votes: {middle:+.2f} points with the campaign, in nine of ten draws {low:+.2f} to {high:+.2f} (what the prior "
        "of a bandwagon puts in)"
    )
    unmoved = int(chances(worlds, votes, "none", moved=False).reached.sum())
    lines.append(f"where exposure moves nobody: {unmoved:,} draws with the campaign and without")
    return [without_signed_zeros(line) for line in lines]


def between_seeds(low: float, high: float) -> str:
    """The interval of a difference in shares of draws, in points; without one where no seed differs."""
    if low == high:
        return "the same in every seed"
    return f"{interval(100 * low, 100 * high, '{:.1f}')}{'' if pd.isna(low) else ' over seeds'}"


def _row(table: pd.DataFrame, contrast: str, measure: str) -> pd.Series:
    return table[(table["contrast"] == contrast) & (table["measure"] == measure)].iloc[0]
