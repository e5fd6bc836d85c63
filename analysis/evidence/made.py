"""All statements about one world, from what a viewer's record shows, the ledger where it was seized, and worlds that were kept out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from analysis.evidence.explanations import ALLEGED, Case
from analysis.evidence.kept_out import KeptOut, paid_posts
from analysis.evidence.likelihood import ratio
from analysis.evidence.rules import rules
from analysis.evidence.statements import (
    PARTLY,
    UNSAID,
    Statement,
    account_statement,
    counted,
    counts_of_paid,
    has,
    judged,
    nothing,
    patterns_of,
    post_statement,
    two_or_more,
    world_statement,
)
from analysis.evidence.traces import Traces
from sim.runs.face import RecordedWorld

PAID_IN = ("paid_authentic", "recruited_people")  # rivals in which somebody pays as well
LEDGER, UNMARKED = "payments", "unmarked"


@dataclass(frozen=True)
class Made:
    """What was made of one world. ledger: None where payments were not seized."""

    case: Case
    viewer: str
    day: date
    seen: Traces
    kept: KeptOut
    statements: list[Statement]
    patterns: list[dict[str, Any]]
    ledger: pd.DataFrame | None
    users: int

    def statement(self, name: str) -> Statement:
        """One of the statements."""
        return next(statement for statement in self.statements if statement.name == name)


def make(
    case: Case, world: RecordedWorld, viewer: str, day: date, seen: Traces, kept: KeptOut, with_ledger: bool
) -> Made:
    """All statements. Of the world's truth nothing is read but the ledger, where it was seized."""
    asked, looked, letter = rules(), seen.looked, case.label
    window = world.rules.inspection.window
    groups = seen.accounts.loc[seen.accounts["together"] & (seen.accounts["group"] > 0), "group"]
    largest = int(groups.value_counts().max()) if len(groups) else 0
    met = "Of the accounts that acted on posts about candidate " + letter + ", {n}"
    of_posts = f"Of the posts about candidate {letter}, {{n}}"
    statements = [
        account_statement("together", (
            f"{met} commented within {window} seconds of one same other account on {looked.bar} posts or more within "
            f"{counted(looked.days, 'day')}, in "
            f"{counted(groups.nunique(), 'group')}" + (f", of which the largest has {largest}." if largest else ".")
        ), seen, kept, has("together")),
        account_statement("awakened", (
            f"{met} had done nothing for {asked.dormant_days:.0f} days or longer, and did {asked.burst_acts} things or more in the "
            f"{asked.burst_hours} hours after."
        ), seen, kept, has("awakened")),
        account_statement("born", (
            f"{met} had been created within {asked.born_days} days of at least {asked.born_accounts - 1} others of them."
        ), seen, kept, has("born")),
        account_statement("joint", f"{met} showed two or more of these three at once.", seen, kept, two_or_more),
        post_statement("copies", (
            of_posts + f" shared a template with posts of {asked.copies - 1} other accounts or more."
        ), "copied", seen, kept),
        post_statement("disproportion", (
            of_posts + f" had more likes than {asked.likes_per_view:.0%} of views, or more than "
            f"{asked.comments_per_like:g} comments a like."
        ), "strange", seen, kept),
        world_statement("At least one of the three traces of accounts was shown by {n}.", seen, kept),
    ]  # fmt: skip
    if not seen.silences_known:
        why = (
            "this record does not tell when an account acted before it begins"
            if seen.met
            else "this record has nothing"
        )
        statements[1] = nothing("awakened", statements[1].claim.replace(", no account", ", some", 1), "accounts", why)
    ledger = _ledger(world, seen) if with_ledger else None
    statements += _of_money(case, world, seen, kept, ledger)
    return Made(case, viewer, day, seen, kept, statements, patterns_of(seen, kept), ledger, world.users)


def _ledger(world: RecordedWorld, seen: Traces) -> pd.DataFrame:
    """Payments, and whether the account is one that acted on, or made, posts about the candidate on this record."""
    known = set(seen.accounts.index) | set(seen.posts["author"])
    return world.ledger.assign(on_record=world.ledger["account"].isin(known))


def _of_money(
    case: Case, world: RecordedWorld, seen: Traces, kept: KeptOut, ledger: pd.DataFrame | None
) -> list[Statement]:
    """What a ledger says. That it is genuine and whole is assumed, and no ratio is made of it: worlds without payments have none."""
    claims = (
        "Payments to accounts.",
        f"Posts about candidate {case.label} that were paid for bear no mark as advertising.",
    )
    if ledger is None:
        return [
            nothing(name, claim, unit, "no ledger was seized")
            for name, claim, unit in ((LEDGER, claims[0], "accounts"), (UNMARKED, claims[1], "posts"))
        ]
    if len(ledger) == 0:
        return [
            nothing(LEDGER, claims[0], "accounts", "the ledger names no payment"),
            nothing(UNMARKED, claims[1], "posts", "the ledger names no payment for posts"),
        ]
    return [_payments(ledger, seen), _unmarked(case, world, seen, kept)]


def _payments(ledger: pd.DataFrame, seen: Traces) -> Statement:
    """How much was paid, to how many, and how many of these are on this record."""
    paid, known = ledger["account"].nunique(), sorted(ledger.loc[ledger["on_record"], "account"].unique().tolist())
    claim = (
        f"A ledger names {len(ledger)} payments of {ledger['euros'].sum():,.2f} EUR to {paid} accounts; {len(known)} of these acted on, "
        "or made, posts about the candidate on this record."
    )
    why = (
        "that money was paid does not tell this from paid but authentic posts, nor from recruited people, who are paid as well; against "
        "explanations without payments a genuine ledger needs no ratio, and whether it is genuine no world of a model can say"
    )
    verdict = PARTLY if len(known) >= rules().least else UNSAID
    return Statement(
        LEDGER,
        claim,
        "accounts",
        len(known),
        int(paid),
        verdict=verdict,
        why=why,
        accounts=tuple(int(n) for n in known),
    )


def _unmarked(case: Case, world: RecordedWorld, seen: Traces, kept: KeptOut) -> Statement:
    """Posts by accounts that were paid for posts, from their first payment on, without a mark."""
    paid = paid_posts(world, seen)
    unmarked = paid & ~seen.posts["disclosed"].to_numpy(dtype=np.bool_)
    here = counts_of_paid(kept, ALLEGED)
    ratios = {
        name: ratio(here, counts_of_paid(kept, name)) for name in kept.rivals if set(name.split("+")) & set(PAID_IN)
    }
    claim = (
        f"{int(unmarked.sum())} of {int(paid.sum())} posts about candidate {case.label} by accounts that the ledger says were paid for "
        "posts bear no mark as advertising."
    )
    statement = Statement(UNMARKED, claim, "posts", int(unmarked.sum()), int(paid.sum()), ratios=ratios)
    return judged(statement, rules().least)


def flagged(made: Made) -> dict[int, list[str]]:
    """Accounts that a statement names, with the names of these; what cannot be said names nobody."""
    found: dict[int, list[str]] = {}
    for statement in made.statements:
        for account in statement.accounts if statement.verdict != UNSAID else ():
            found.setdefault(account, []).append(statement.name)
    return found


def ratios_by_pattern(made: Made) -> Mapping[str, Any]:
    """Of each pattern the ratio with the lowest lower end over all rivals; None where one has none."""
    found = {}
    for row in made.patterns:
        known = [ratio for ratio in row["ratios"].values() if ratio is not None]
        complete = known and len(known) == len(row["ratios"])
        found[row["pattern"]] = min(known, key=lambda ratio: ratio.low) if complete else None
    return found
