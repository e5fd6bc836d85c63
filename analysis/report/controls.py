"""The part of a report that shows what the campaign must not have touched, and which contrasts were declared in advance."""

from html import escape
from typing import Any

from analysis.estimates.controls import ALL_OTHERS, BEFORE, EQUALS, OTHERS, Control, controls, verdict
from analysis.estimates.declared import against_campaigns, what_was_declared
from analysis.estimates.words import interval, without_signed_zeros
from analysis.report.findings import Findings
from analysis.report.page import section, table, two_lines


def controls_section(found: Findings) -> str:
    """A row for each candidate who is not the campaign's; nothing where there is none, or no interval."""
    known = controls(found.estimates)
    if not known:
        return ""
    by = {(one.letter, one.measure): one for one in known}
    letters = [letter for letter in dict.fromkeys(one.letter for one in known) if letter != BEFORE]
    rows = [[f"candidate {escape(letter)}", _said(by[letter, OTHERS]), f"{by[letter, OTHERS].margin:.3f}",
             _said(by[letter, EQUALS]) if (letter, EQUALS) in by else "no equals"] for letter in letters]  # fmt: skip
    head = ["not promoted", "against all others", "displacement can do", "against its equals"]
    return section(
        "What it must not have touched",
        f"<p>{escape(verdict(known))}</p>",
        _others(found),
        table(head, rows) if rows else "",
        f"<p class='note'>Impressions per genuine user that the campaign for {found.label} adds to each other candidate, where nothing "
        "is expected. Against all others: beyond what became of the other candidates together, since the campaign's posts take places "
        "from all. Displacement can do: how far from zero a candidate may lie whom the campaign spares, or hits twice as hard as the "
        "rest. Equals: candidates of the same parameters, told apart by their letters only; zero by symmetry. One who is pushed makes "
        "the others look held back. Marked: intervals without zero.</p>",
    )


def _said(one: Control) -> str:
    """An estimate above its interval."""
    said = without_signed_zeros(two_lines(f"{one.value:.3f}", interval(one.low, one.high, "{:.3f}")))
    return said if one.holds else f"<span class='far'>{said}</span>"


def _others(found: Findings) -> str:
    """What the campaign did to all other candidates together."""
    rows = found.estimates[found.estimates["contrast"] == ALL_OTHERS]
    if len(rows) == 0:
        return ""
    e: Any = next(rows.itertuples(index=False))
    between = interval(e.low, e.high, "{:.1%}")
    said = f"All other candidates together were seen {e.estimate:+.1%} ({between}) with the campaign: what it displaced, or carried along."
    return f"<p>{without_signed_zeros(said)}</p>"


def declared_note(found: Findings) -> str:
    """What was declared before any result, and what holds when the many are taken together."""
    return escape(what_was_declared(found.estimates, against_campaigns(found.craft)))
