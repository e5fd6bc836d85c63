"""The questions that a court would ask, answered from the statements; where they do not reach, 'cannot be said' is the answer.

After the criteria of the Venice Commission's urgent report of 27 January 2025: which violation, by what evidence, is it public, could it
have changed the outcome.
"""

from dataclasses import dataclass

from analysis.evidence.likelihood import in_words as words_of
from analysis.evidence.likelihood import ratio_of
from analysis.evidence.made import UNMARKED, Made
from analysis.evidence.rules import rules
from analysis.evidence.statements import PARTLY, SAID, UNSAID, Statement

CANNOT = "Cannot be said"
OF_ACCOUNTS = ("together", "awakened", "born", "joint")
SHORT = {
    "together": "{:,} accounts acted together", "joint": "{:,} accounts show two or more traces of a campaign",
    "awakened": "{:,} accounts woke from long silence", "born": "{:,} accounts were created together",
}  # fmt: skip
SIZED_BY = ("together", "joint", "awakened")  # statements by which a size is told, the first that is said


@dataclass(frozen=True)
class Answer:
    """A question, a few words, and the reasons, a sentence each."""

    question: str
    short: str
    reasons: tuple[str, ...]


def answers(made: Made) -> list[Answer]:
    """All four."""
    return [irregular(made), how_large(made), outcome(), unsaid(made)]


def irregular(made: Made) -> Answer:
    """Was there an irregularity?"""
    question = "Was there an irregularity?"
    found = [made.statement(name) for name in (*OF_ACCOUNTS, "world", "copies", "disproportion")]
    said, partly = ([s for s in found if s.verdict == verdict] for verdict in (SAID, PARTLY))
    form = made.statement(UNMARKED)
    reasons = [f"{s.claim} {_against(s)}" for s in said + partly]
    if form.support >= rules().least:
        reasons.insert(0, f"{form.claim} That is one of form, whoever else was at work.")
        return Answer(
            question, "Yes, of form: advertising that is not marked" + (", and more" if said else ""), tuple(reasons)
        )
    if said:
        return Answer(question, "Yes, as far as these explanations are all there are", tuple(reasons))
    if partly:
        return Answer(question, f"{CANNOT}: what was found, other explanations bring forth as well", tuple(reasons))
    return Answer(question, CANNOT, ("No statement has the support, or the likelihood ratio, that it needs.",))


def _against(statement: Statement) -> str:
    """How strongly a statement speaks, and what it leaves open."""
    weakest = statement.weakest
    if statement.verdict == SAID and weakest is not None:
        return f"Its lowest likelihood ratio against another explanation is {ratio_of(weakest)}: {words_of(weakest)}."
    others = len(statement.told_from)
    return f"It {statement.why}; it speaks against the other{'' if others == 1 else f' {others}'}."


def how_large(made: Made) -> Answer:
    """How large was it?"""
    question = "How large was it?"
    sized = [made.statement(name) for name in SIZED_BY]
    known = next((s for s in sized if s.verdict != UNSAID and s.amount is not None and s.amount.low > 0.0), None)
    if known is None or known.amount is None:
        return Answer(
            question, CANNOT, ("No statement about accounts has the support from which a size could be told.",)
        )
    scale = rules().base_users / made.users
    low, high = (scaled(end * scale) for end in (known.amount.low, known.amount.high))
    return Answer(question, f"About {known.amount.low:,.0f} to {known.amount.high:,.0f} accounts of {made.users:,} users", (
        f"That is the number of accounts that the first such statement names ({known.support}), less those of innocents that it hits on "
        "average, over the share of the alleged campaign's accounts that it finds in worlds kept out; luck alone is in the range.",
        f"Among {rules().base_users:,} users it would be {low} to {high}. If the campaign is of another kind than the alleged one, the "
        "share that is found is another, and so is the size.",
    ))  # fmt: skip


def scaled(number: float) -> str:
    """A number that is scaled up, in two digits that count."""
    return f"{float(f'{number:.2g}'):,.0f}"


def outcome() -> Answer:
    """Could it have changed the outcome?"""
    return Answer("Could it have changed the outcome?", CANNOT, (
        "How many votes an exposure moves is not known: no public estimate of votes for each view of such a post exists. A record of acts "
        "on a platform tells what was shown, and nothing of why anybody voted as they did.",
    ))  # fmt: skip


def unsaid(made: Made) -> Answer:
    """What cannot be said."""
    reasons = [f"{s.claim} {CANNOT}: {s.why}." for s in made.statements if s.verdict == UNSAID]
    if made.ledger is None:
        reasons.append("Who paid whom: no ledger was seized.")
    return Answer("What cannot be said?", f"{len(reasons)} of what was asked, and what no record holds", (
        *reasons,
        "Who held the accounts, what they wanted, and whether the candidate knew.",
        "Whether an explanation that is not among these would fit better: the set is closed, and every ratio is against a member of it.",
    ))  # fmt: skip


def title_of(made: Made) -> str:
    """The first sentence of the file."""
    found = [made.statement(name) for name in SHORT if made.statement(name).verdict != UNSAID]
    if not found:
        return "In this model world, nothing can be said from this record about who acted."
    best = min(found, key=lambda statement: statement.verdict != SAID)
    left = len(best.ratios) - len(best.told_from)
    told = "more often than any other explanation brings forth" if best.verdict == SAID else (
        f"which {left} of {len(best.ratios)} other explanations may bring forth as often"
    )  # fmt: skip
    return f"In this model world, {SHORT[best.name].format(best.support)}, {told}; whether it changed the outcome cannot be said."
