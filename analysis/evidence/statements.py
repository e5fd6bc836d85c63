"""Statements: what a record shows, how often innocents show it, which explanations it speaks against, what a base rate makes of it.

Traces of the same accounts are not independent, so that their ratios are never multiplied: the joint statement counts how often accounts
show two or more of them at once, and the table of patterns is one joint histogram over kept-out worlds.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from scipy import stats

from analysis.evidence.explanations import ALLEGED, TWIN, in_words
from analysis.evidence.kept_out import KeptOut, traced
from analysis.evidence.likelihood import Counts, Interval, amount_of, precision_of, ratio
from analysis.evidence.rules import rules
from analysis.evidence.traces import TRACES, Traces

SAID, PARTLY, UNSAID = "said", "said in part", "cannot be said"
Shows = Callable[[str], bool]  # whether a joint pattern is meant


@dataclass(frozen=True)
class Innocent:
    """How often the same is seen in the world's quiet twin: shows of so many things; what they are."""

    shows: int
    of: int
    what: str

    @property
    def rate(self) -> float:
        """Of 100,000."""
        return self.shows / self.of * 100_000.0 if self.of else 0.0

    @property
    def most(self) -> float:
        """Of 100,000, what the rate may be at the most: the upper end of the 95% interval after Clopper and Pearson."""
        if self.of == 0:
            return 100_000.0
        return float(stats.binomtest(self.shows, self.of).proportion_ci(0.95, method="exact").high) * 100_000.0


@dataclass(frozen=True)
class Statement:
    """One statement. support: how many show it, of so many; ratios: by rival, None where there is none; precision: by base rate (accounts
    held among `base_users`), of statements about accounts; amount: how many accounts are held in all; why: what it cannot be told from, or
    why it cannot be said; accounts: numbers of those who show it."""

    name: str
    claim: str
    unit: str
    support: int
    of: int
    innocent: Innocent | None = None
    ratios: Mapping[str, Interval | None] = field(default_factory=dict)
    precision: Mapping[int, Interval] = field(default_factory=dict)
    amount: Interval | None = None
    verdict: str = UNSAID
    why: str = ""
    accounts: tuple[int, ...] = ()

    @property
    def told_from(self) -> list[str]:
        """Rivals against which it speaks: the interval of the ratio lies above 1."""
        return [name for name, found in self.ratios.items() if found is not None and found.low > 1.0]

    @property
    def weakest(self) -> Interval | None:
        """The ratio with the lowest lower end over all rivals; None where one has no ratio, or there are none."""
        known = [found for found in self.ratios.values() if found is not None]
        return min(known, key=lambda found: found.low) if known and len(known) == len(self.ratios) else None


def judged(statement: Statement, least: int) -> Statement:
    """The statement with its verdict: it needs support, and a ratio whose interval lies above 1 for at least one rival."""
    told, rivals = statement.told_from, list(statement.ratios)
    verdict, why = UNSAID, ""
    if statement.of == 0:
        why = "this record has nothing of what is asked"
    elif statement.support < least:
        why = f"{statement.support} found, {least} needed"
    elif not told:
        why = "no explanation that is set against the allegation shows it less often: each interval covers 1, or lies below"
    elif len(told) < len(rivals):
        left = "; nor from ".join(in_words(name) for name in rivals if name not in told)
        verdict, why = PARTLY, f"cannot be told from {left}"
    else:
        verdict = SAID
    return Statement(**{**vars(statement), "verdict": verdict, "why": why})


def counted(number: int, what: str) -> str:
    """Such as no account, 1 account or 8 accounts."""
    return f"no {what}" if number == 0 else f"{number:,} {what}" + ("" if number == 1 else "s")


def has(trace: str) -> Shows:
    """Patterns with one trace."""
    place = TRACES.index(trace)
    return lambda pattern: pattern[place] == "1"


def two_or_more(pattern: str) -> bool:
    """Patterns with at least two traces."""
    return pattern.count("1") >= 2


def account_statement(name: str, claim: str, found: Traces, kept: KeptOut, shows: Shows) -> Statement:
    """A statement about the accounts that show some patterns."""
    asked, patterns = rules(), found.patterns
    accounts = tuple(int(account) for account in patterns.index[[shows(p) for p in patterns]])
    twin = kept.worlds[TWIN][0]
    innocent = sum(n for who in ("held", "people") for p, n in twin[who].items() if shows(p))
    held = kept.accounts(ALLEGED, "held", shows)
    ratios = {rival: ratio(held, kept.accounts(rival, "people", shows)) for rival in kept.rivals}
    sensitivity, false, users = kept.found(shows), kept.false(shows), int(twin["users"])
    can = sensitivity.shows.sum() > 0
    statement = Statement(
        name, claim.format(n=counted(len(accounts), "account")), "accounts", len(accounts), len(found.accounts),
        Innocent(innocent, users, "users"), ratios,
        {base: precision_of(sensitivity, false, base / asked.base_users) for base in asked.base_rates} if can else {},
        amount_of(len(accounts), sensitivity, false, users) if can and accounts else None, accounts=accounts,
    )  # fmt: skip
    return judged(statement, asked.least)


def post_statement(name: str, claim: str, trait: str, found: Traces, kept: KeptOut) -> Statement:
    """A statement about posts about the candidate that show a trait."""
    support = int(found.posts[trait].sum())
    twin = kept.worlds[TWIN][0]["posts"]
    here = kept.posts(ALLEGED, trait, "about")
    ratios = {rival: ratio(here, kept.posts(rival, trait, "about")) for rival in kept.rivals}
    innocent = Innocent(int(twin[trait]), int(twin["about"]), "posts about the candidate")
    statement = Statement(
        name, claim.format(n=counted(support, "post")), "posts", support, len(found.posts), innocent, ratios
    )
    return judged(statement, rules().least)


def world_statement(claim: str, found: Traces, kept: KeptOut) -> Statement:
    """How well the number of accounts with a trace tells a world of the allegation from worlds of its rivals. The number of worlds kept out
    bounds what can be said."""
    support = int(sum("1" in pattern for pattern in found.patterns))
    here = kept.as_many(ALLEGED, support)
    ratios = {rival: ratio(here, kept.as_many(rival, support)) for rival in kept.rivals}
    twin = kept.worlds[TWIN][0]
    innocent = Innocent(traced(twin), int(twin["users"]), "users")
    return judged(
        Statement(
            "world",
            claim.format(n=counted(support, "account")),
            "accounts",
            support,
            len(found.accounts),
            innocent,
            ratios,
        ),
        rules().least,
    )


def patterns_of(found: Traces, kept: KeptOut) -> list[dict[str, object]]:
    """The joint histogram: each pattern with a trace that the record shows, its accounts, and its ratio against each rival."""
    rows = list[dict[str, object]]()
    for pattern, accounts in found.patterns.value_counts().items():
        shown = str(pattern)
        if "1" in shown:
            held = kept.accounts(ALLEGED, "held", shown.__eq__)
            ratios = {rival: ratio(held, kept.accounts(rival, "people", shown.__eq__)) for rival in kept.rivals}
            names = [trace for trace, flag in zip(TRACES, shown, strict=True) if flag == "1"]
            rows.append({"pattern": shown, "traces": names, "accounts": int(accounts), "ratios": ratios})
    return rows


def nothing(name: str, claim: str, unit: str, why: str) -> Statement:
    """A statement for which a viewer's record has nothing."""
    return Statement(name, claim, unit, 0, 0, why=why)


def counts_of_paid(kept: KeptOut, explanation: str) -> Counts:
    """Posts that were paid for and not marked, of those that were paid for."""
    return kept.posts(explanation, "unmarked", "paid")
