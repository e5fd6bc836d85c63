"""What the draws of an election say: who comes into the run-off with the campaign and without it, and under each policy.

Draws are paired by seed and number: in every arm they have the same voters, pollsters and luck, so that what differs is the
campaign's. An interval takes seeds as its unit: draws of one world are draws of ignorance about one and the same exposure, and more of
them make no more worlds. Beside them stands what the same draws say where exposure moves nobody, which is the prior itself.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.estimates.paired import Estimate, Floats, Worlds, estimate

MEASURES = {  # of a contrast: the column of the table of runs
    "run_off": "election_run_off",
    "share": "election_share",
    "run_off_unmoved": "election_run_off_unmoved",
    "share_unmoved": "election_share_unmoved",
}
ENDS = (0.05, 0.5, 0.95)  # of the part of the draws that is told


def held(worlds: Worlds) -> bool:
    """Whether a comparison has a campaign, and its worlds an election."""
    return (
        worlds.campaign != "quiet"
        and "election_share" in worlds.runs
        and bool(worlds.runs["election_share"].notna().all())
    )


def election_contrasts(worlds: Worlds) -> list[tuple[str, str, Estimate]]:
    """(election:POLICY, measure, estimate): shares of draws and of votes with the campaign less without it, under each policy."""
    if not held(worlds):
        return []
    found = []
    for policy in worlds.moderations:
        arms = f"{worlds.campaign}/{policy}", f"quiet/{policy}"
        for measure, column in MEASURES.items():
            columns = {f"{arm}:x": worlds.column(arm, column) for arm in arms}
            found.append((f"election:{policy}", measure, _difference(columns, *arms)))
    return found


def _difference(columns: dict[str, Floats], campaign: str, quiet: str) -> Estimate:
    return estimate(columns, lambda x: float(x[f"{campaign}:x"].mean() - x[f"{quiet}:x"].mean()))


@dataclass(frozen=True)
class Chances:
    """Draws of one arm and its quiet twin, in the same order of seeds and draws.

    reached, reached_quiet: whether the candidate is among the first two; share, share_quiet: of the votes of the first round; needed,
    needed_quiet: share of the second of the others, which the candidate would have had to pass; base: what the prior says.
    """

    reached: Floats
    reached_quiet: Floats
    share: Floats
    share_quiet: Floats
    needed: Floats
    needed_quiet: Floats
    base: Floats

    @property
    def draws(self) -> int:
        """Of all seeds together."""
        return len(self.reached)

    @property
    def only_with(self) -> int:
        """Draws in which the candidate comes into the run-off with the campaign alone."""
        return int(((self.reached > 0) & (self.reached_quiet == 0)).sum())

    @property
    def only_without(self) -> int:
        """Draws in which the candidate does so without it alone."""
        return int(((self.reached == 0) & (self.reached_quiet > 0)).sum())

    def effect(self) -> Floats:
        """Quantiles of the share of votes with the campaign less that without it, over draws."""
        return np.quantile(self.share - self.share_quiet, ENDS)


def chances(worlds: Worlds, votes: pd.DataFrame, policy: str, moved: bool = True) -> Chances:
    """The draws under a policy. votes: as election.parquet; moved: with exposure moving voters, or nobody."""
    parts = [_of_arm(worlds, votes, f"{campaign}/{policy}", moved) for campaign in (worlds.campaign, "quiet")]
    campaign, quiet = parts
    return Chances(
        campaign["in_run_off"], quiet["in_run_off"], campaign["share"], quiet["share"], campaign["needed"], quiet["needed"],
        campaign["base"],
    )  # fmt: skip


def _of_arm(worlds: Worlds, votes: pd.DataFrame, arm: str, moved: bool) -> dict[str, Floats]:
    """Columns of the campaign's candidate by seed and draw, and the second-largest share of the others."""
    rows = votes[(votes["arm"] == arm) & (votes["moved"] == moved)].sort_values(["seed", "draw", "candidate"])
    own = rows["candidate"] == worlds.manifest["candidate"]
    found = {name: np.asarray(rows.loc[own, name], dtype=np.float64) for name in ("in_run_off", "share", "base")}
    others = np.asarray(rows.loc[~own, "share"], dtype=np.float64).reshape(len(found["share"]), -1)
    found["needed"] = np.sort(others, axis=1)[:, -2] if others.shape[1] > 1 else np.zeros(len(others))
    return found


def poll_errors(polls: pd.DataFrame, arm: str, candidate: int) -> pd.DataFrame:
    """A row a poll: quantiles of what it says of a candidate in the draws of an arm, and the spread of its error against the vote.

    Columns poll, house, days_before, sample, low, middle, high, error (standard deviation). polls: as election_polls.parquet.
    """
    rows = polls[(polls["arm"] == arm) & polls["moved"] & (polls["candidate"] == candidate)]
    found = []
    for number, of_poll in rows.groupby("poll", sort=True):
        low, middle, high = np.quantile(of_poll["said"], ENDS)
        first, error = of_poll.iloc[0], (of_poll["said"] - of_poll["vote"]).std(ddof=0)
        found.append({
            "poll": number, "house": first["house"], "days_before": int(first["days_before"]), "sample": int(first["sample"]),
            "low": low, "middle": middle, "high": high, "error": float(error),
        })  # fmt: skip
    return pd.DataFrame(found)
