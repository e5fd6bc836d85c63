"""Which accounts acted together, in any log, and how many would by chance alone.

Definition: a pair of different accounts acted together when there are at least `repetitions` different objects on each
of which an act of one lies at most `window` seconds from an act of the other (Pacheco et al., ICWSM 2021; Righetti and
Balluff's CooRTweet, doi 10.1177/14614448241254126). Groups are the connected components of the pairs. To have acted
together does not say why: newsrooms, fans and shared hours of leisure bring it about as well.

Chance: among all acts of one day it is shuffled whose act is whose; what an account repeats on one object within the window is one
act. This keeps how often each account acted on each
day and every object's own rush and decline; it breaks who acted on what, and so who was there at one moment with whom.
Common interests and common hours of the day are not kept: chance is understated where these are strong (in a model
world without a campaign 21 pairs were found and 11 expected). On a day on which hardly anybody else acts it is
overstated.
Other nulls, and why they were refused, are in docs/DECISIONS.md.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numba import get_num_threads
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from analysis.detection.share_log import Integers, ShareLog, read_share_log
from sim.kernels.coaction import ONE, Acts, acts_of, count_different, count_pairs, has_company, list_pairs
from sim.numbers.arithmetic import log
from sim.numbers.luck import Decision, chain_array, key_of
from sim.runs.recording import write_csv, write_json
from sim.scenario.schema import ScenarioError, build, choice, quantity

NULL = (
    "whose act is whose is shuffled among all acts of a UTC day; each account's acts a day and each object's times stay"
)
DAY = 86_400  # seconds
LANES_MOST = 8  # each lane of the count needs 20 bytes an account
LISTED_MOST = 20_000_000  # pairs in a file; more are counted only


@dataclass(frozen=True)
class Question:
    """What is asked of a log."""

    window: int = quantity("two acts on one object at most so far apart are an act in common", "seconds", 0, 1e9)
    repetitions: int = quantity("different objects on which a pair must have acted together", "objects", 1, 1e6)
    correct_popularity: bool = choice("whether objects on which many acted count for less", (True, False))
    draws: int = quantity("shuffles of the log", "shuffles", 1, 10_000)
    seed: int = quantity("seed of the shuffles", "number", 0, 2**32 - 1)


class Detection:
    """A question to a log."""

    def __init__(self, shares: ShareLog, question: Question) -> None:
        self.shares, self.question = shares, question
        ordinary = np.full(len(shares.object_names), ONE)
        self.weight = object_weights(shares) if question.correct_popularity else ordinary
        self.near = np.flatnonzero(has_company(shares.object_, shares.second, question.window))
        self.lanes = min(get_num_threads(), LANES_MOST)

    def acts(self, account: Integers) -> tuple[Acts, Integers]:
        """The acts that can count, and which accounts they number; account: (acts) who acted.

        Acts with nobody's act near are left out, and then those of accounts on fewer objects than `repetitions`: no
        pair can have them.
        """
        near, objects = self.near, len(self.shares.object_names)
        account = account[near]
        object_, second = self.shares.object_[near], self.shares.second[near]
        enough = (
            count_different(account, object_, len(self.shares.account_names), objects)[0] >= self.question.repetitions
        )
        kept, number = enough[account], np.cumsum(enough) - 1
        acts: Acts = acts_of(number[account[kept]], object_[kept], second[kept], int(enough.sum()), objects)
        return acts, np.flatnonzero(enough)

    def count(self, acts: Acts) -> tuple[Integers, int]:
        """Pairs of each account with higher ones, (accounts), and how many accounts are in a pair."""
        asked = self.question
        higher, in_pair = count_pairs(acts, asked.window, asked.repetitions, self.weight, self.lanes)
        return higher, int(in_pair)

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """The pairs: numbers of the two accounts, objects in common, seconds of the first and last act in common."""
        columns, numbers, together = self.listed(self.shares.account)
        self.together = dict(zip(numbers.tolist(), together.tolist(), strict=True))
        table = pd.DataFrame(dict(zip(("account_a", "account_b", "objects", "first", "last"), columns, strict=True)))
        return table.sort_values(["account_a", "account_b"], ignore_index=True)

    def listed(self, account: Integers) -> tuple[list[Integers], Integers, Integers]:
        """The pairs when given accounts acted, (acts): columns as of `pairs`, in no order; accounts that can be in a pair, and the
        different objects on which each acted together with another."""
        (acts, numbers), asked = self.acts(account), self.question
        start = np.concatenate(([0], np.cumsum(self.count(acts)[0])))
        if start[-1] > LISTED_MOST:
            raise ScenarioError(
                f"window {asked.window} and repetitions {asked.repetitions} given, which {start[-1]} pairs meet; "
                f"allowed a shorter window or more repetitions, which at most {LISTED_MOST} meet"
            )
        listed, together = list_pairs(acts, asked.window, asked.repetitions, self.weight, self.lanes, start)
        return [numbers[listed[0]], numbers[listed[1]], *listed[2:]], numbers, together

    def accounts(self) -> pd.DataFrame:
        """Accounts in a pair: pairs, different objects on which they acted together with one of these, and group.

        Groups are numbered from 1, the one with most accounts first, then the one with the lowest account.
        """
        a, b = self.pairs["account_a"].to_numpy(), self.pairs["account_b"].to_numpy()
        account, pairs = np.unique(np.concatenate((a, b)), return_counts=True)
        links = coo_array(
            (np.ones(len(a)), (np.searchsorted(account, a), np.searchsorted(account, b))), (len(account),) * 2
        )
        part = connected_components(links, directed=False)[1] if len(account) else account
        _, lowest, size = np.unique(part, return_index=True, return_counts=True)
        rank = np.empty(len(size), dtype=np.int64)
        rank[np.lexsort((lowest, -size))] = np.arange(1, len(size) + 1)
        objects = [self.together[number] for number in account.tolist()]
        return pd.DataFrame({"account": account, "pairs": pairs, "objects": objects, "group": rank[part]})

    def chance(self) -> dict[str, Any]:
        """Pairs and accounts when it is shuffled whose act is whose.

        pairs_spread: standard deviation over shuffles. share_at_least_as_many: shuffles with at least as many pairs as
        the log, the log counted as one of them: (1 + those) / (1 + draws), the p-value of a Monte Carlo test (Davison
        and Hinkley 1997).
        """
        found = [self.count(self.acts(self.shuffled(draw))[0]) for draw in range(self.question.draws)]
        pairs = np.array([higher.sum() for higher, _ in found])
        as_many = int((pairs >= len(self.pairs)).sum())
        return {
            "pairs_mean": float(pairs.mean()),
            "pairs_spread": float(pairs.std(ddof=1)) if len(pairs) > 1 else None,
            "pairs_most": int(pairs.max()),
            "accounts_mean": float(np.mean([in_pair for _, in_pair in found])),
            "share_at_least_as_many": (1 + as_many) / (1 + len(pairs)),
            "draws": self.question.draws,
            "seed": self.question.seed,
            "null": NULL,
        }

    def shuffled(self, draw: int) -> Integers:
        """Who acted, (rows), when accounts are shuffled among the acts of each day; keyed by seed, draw and act.

        An act keeps its repeats within the window: whoever takes its place takes theirs, else repeats would make company by chance.
        """
        act, first = self._repeats
        day = (self.shares.second[first] // DAY).astype(np.uint64)
        luck = chain_array(key_of(self.question.seed, Decision.SHUFFLE, draw), np.arange(len(day))).astype(np.uint64)
        account = np.empty_like(self.shares.account[first])
        in_day, by_luck = np.argsort(day, kind="stable"), np.argsort(day << np.uint64(32) | luck, kind="stable")
        account[in_day] = self.shares.account[first][by_luck]
        return account[act]

    @cached_property
    def _repeats(self) -> tuple[Integers, Integers]:
        """Which act each row belongs to, in the order of the acts' first rows, and that row of each."""
        act = self.shares.acts(self.question.window)
        first = np.unique(act, return_index=True)[1]
        order = np.argsort(first, kind="stable")
        place = np.empty_like(order)
        place[order] = np.arange(len(order))
        return place[act], first[order]


def object_weights(shares: ShareLog) -> Integers:
    """Weight of each object in units of `ONE`: the fewer acted on it, the more it tells; (objects).

    Inverse document frequency, ln(accounts / accounts on the object), as Pacheco et al. (ICWSM 2021) use it against
    popular tweets; divided by its mean over acts on objects of two accounts or more: a typical object counts once.
    """
    accounts = len(shares.account_names)
    on_object = count_different(shares.account, shares.object_, accounts, len(shares.object_names))[1]
    rarity = log(accounts / on_object)
    shared = on_object[shares.object_] > 1
    typical = rarity[shares.object_[shared]].mean() if shared.any() else 0.0
    return np.rint(rarity * (ONE / typical)).astype(np.int64) if typical > 0 else np.zeros(len(rarity), dtype=np.int64)


def detect(
    file: Path,
    folder_for: Callable[[], Path],
    question: dict[str, Any],
    times: str = "auto",
    encoding: str | None = None,
) -> dict[str, Any]:
    """Answer a question to a file; writes pairs, accounts and groups as CSV, and returns the summary, also written.

    folder_for: makes the folder for the answer; called once question and log are in order, before any counting. times, encoding:
    as in `read_share_log`. Raises ScenarioError where question, log or folder are not.
    """
    asked = build(Question, question, "")
    shares = read_share_log(file, times, encoding)
    folder = folder_for()
    found = Detection(shares, asked)
    accounts, pairs = found.accounts(), found.pairs
    groups = _groups(accounts, pairs)
    summary = {
        "out": str(folder), "file": str(file), "form": shares.form, "rows": len(shares.account),
        "rows_left_out": dict(shares.left_out), "window": asked.window,
        "repetitions": asked.repetitions, "correct_popularity": asked.correct_popularity,
        "accounts": len(accounts), "pairs": len(pairs), "groups": len(groups),
        "accounts_in_log": len(shares.account_names), "objects_in_log": len(shares.object_names),
        "chance": found.chance(),
    }  # fmt: skip
    for table, columns in ((pairs, ["account_a", "account_b"]), (accounts, ["account"])):
        for column in columns:
            table[column] = shares.account_names[table[column]]
    for name, table in (("pairs", pairs), ("accounts", accounts), ("groups", groups)):
        write_csv(folder / f"{name}.csv", table)
    write_json(folder / "summary.json", summary)
    return summary


def _groups(accounts: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """Each group: accounts, pairs, seconds of the first and last act in common."""
    group = accounts.set_index("account")["group"].reindex(pairs["account_a"]).to_numpy()
    table = pairs.groupby(group).agg(pairs=("objects", "size"), first=("first", "min"), last=("last", "max"))
    table.insert(0, "accounts", accounts.groupby("group").size())
    return table.rename_axis("group").reset_index()


def in_words(summary: dict[str, Any]) -> str:
    """A summary for people."""
    chance, left_out = summary["chance"], summary["rows_left_out"]
    return "\n".join((
        f"{summary['rows'] + sum(left_out.values())} rows read ({summary['form']}), {sum(left_out.values())} left out"
        + (": " + ", ".join(f"{rows} with {reason}" for reason, rows in left_out.items()) if left_out else ""),
        f"{summary['rows']} acts of {summary['accounts_in_log']} accounts on {summary['objects_in_log']} objects",
        f"acted together on {summary['repetitions']} objects or more within {summary['window']} s: "
        f"{summary['pairs']} pairs of {summary['accounts']} accounts in {summary['groups']} groups",
        f"by chance: {chance['pairs_mean']:.1f} pairs of {chance['accounts_mean']:.1f} accounts, {chance['pairs_most']} "
        f"pairs at most ({chance['draws']} shuffles of whose act is whose among the acts of each day)",
        "to have acted together does not say why: newsrooms and fans do so as well",
        summary["out"],
    ))  # fmt: skip
