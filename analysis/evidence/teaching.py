"""For teaching only, in files of their own: what was true of the world, and which statements about it were wrong."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

from analysis.evidence.answers import irregular
from analysis.evidence.kept_out import HELD, paid_posts
from analysis.evidence.likelihood import Interval, precision_of
from analysis.evidence.made import Made, flagged
from analysis.evidence.rules import rules
from analysis.evidence.statements import UNSAID, Statement, has, two_or_more
from sim.runs.face import RecordedWorld

SHOWS = {"together": has("together"), "awakened": has("awakened"), "born": has("born"), "joint": two_or_more}
RIGHT, WRONG, MISSED, SILENT = "right", "wrong", "missed", "rightly not said"


@dataclass(frozen=True)
class Judged:
    """One statement about accounts held against what was true. named: accounts; held: of these; as_stated, as_was: precision, at the base
    rate of this world, and as it was; amount: whether the number of accounts lies in what was said of it, None where nothing was."""

    name: str
    verdict: str
    named: int
    held: int
    volunteers: int
    as_stated: Interval | None
    as_was: Interval | None
    amount: bool | None
    outcome: str


@dataclass(frozen=True)
class Truth:
    """What was true. held: accounts that the campaign held and used; on_record: of these, with an act on a post about the candidate on the
    viewer's record; named: of these, by a statement about accounts; spent: EUR; paid: by tactic; says_irregular, was_irregular: whether
    the file says that there was an irregularity, and whether there was one, in accounts that were held or posts that were paid for and
    not marked; statements: see `Judged`."""

    campaign: str
    users: int
    held: int
    on_record: int
    named: int
    volunteers: int
    spent: float
    paid: dict[str, float]
    says_irregular: bool
    was_irregular: bool
    statements: list[Judged]


def truth_of(made: Made, world: RecordedWorld) -> Truth:
    """Read what was true, and judge the statements by it."""
    kind = world.whole.kind
    held, volunteers = np.isin(kind, HELD), kind == "volunteer"
    paid = world.ledger.groupby("tactic")["euros"].sum()
    unmarked = paid_posts(world, made.seen) & ~made.seen.posts["disclosed"].to_numpy(dtype=np.bool_)
    named = sorted(account for account, names in flagged(made).items() if set(names) & set(SHOWS))
    judged = [_judged(made, made.statement(name), held, volunteers) for name in SHOWS]
    return Truth(
        made.case.scenario.campaign.name, made.users, int(held.sum()), int(held[made.seen.accounts.index].sum()), int(held[named].sum()),
        int(volunteers.sum()), float(paid.sum()), {str(name): float(euros) for name, euros in paid.items()},
        irregular(made).short.startswith("Yes"), bool(held.any() or unmarked.any()), judged,
    )  # fmt: skip


def _judged(made: Made, statement: Statement, held: Any, volunteers: Any) -> Judged:
    accounts = np.array(statement.accounts, dtype=np.int64)
    right, total = int(held[accounts].sum()), int(held.sum())
    found, false = made.kept.found(SHOWS[statement.name]), made.kept.false(SHOWS[statement.name])
    stated = precision_of(found, false, total / made.users) if total and found.shows.sum() else None
    was = share_of(right, len(accounts)) if len(accounts) else None
    within = statement.amount.holds(total) if statement.amount and statement.verdict != UNSAID else None
    outcome = outcome_of(statement, right, total, stated, was)
    by_call = int(volunteers[accounts].sum())
    return Judged(statement.name, statement.verdict, len(accounts), right, by_call, stated, was, within, outcome)


def outcome_of(statement: Statement, right: int, total: int, stated: Interval | None, was: Interval | None) -> str:
    """Right, wrong, missed, or rightly not said.

    What is said is wrong where no account was held, or where precision as stated and as it was have no value in common. What is not said
    was missed where enough accounts that show it were held.
    """
    if statement.verdict == UNSAID:
        return MISSED if right >= rules().least else SILENT
    if total == 0 or stated is None or was is None:
        return WRONG
    return RIGHT if stated.low <= was.high and was.low <= stated.high else WRONG


def share_of(successes: int, of: int) -> Interval:
    """A share and its interval after Clopper and Pearson."""
    found = stats.binomtest(successes, of).proportion_ci(0.95, method="exact")
    return Interval(successes / of, float(found.low), float(found.high))


def document_of(truth: Truth) -> dict[str, Any]:
    """For machines."""
    return {**vars(truth), "statements": [_row(one) for one in truth.statements]}


def _row(one: Judged) -> dict[str, Any]:
    ends = {name: vars(of) if of else None for name, of in (("as_stated", one.as_stated), ("as_was", one.as_was))}
    return {**vars(one), **ends}
