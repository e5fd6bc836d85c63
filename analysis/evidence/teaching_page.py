"""The page for teaching: what was true, beside what the evidence file says."""

from html import escape

from analysis.evidence.likelihood import Interval
from analysis.evidence.made import Made
from analysis.evidence.teaching import Judged, Truth
from analysis.evidence.words import HEADINGS
from analysis.report.page import DISCLAIMER, page, section, table

HOW = (
    "<p>A statement is wrong where no account of the world was held by a campaign, or where its precision, at the base rate that this "
    "world had, and the precision that it turned out to have share no value. It was missed where nothing was said although enough of the "
    "accounts that show it were held. Nobody in the world could have drawn this table.</p>"
    "<p>By call: people who had joined the campaign's channel, and followed its calls of their own will. Statements about posts and about "
    "payments are counts of what lies on the record and in the ledger; what they say is so.</p>"
)


def teaching_page(made: Made, truth: Truth) -> str:
    """The whole page."""
    wrong = [one for one in truth.statements if one.outcome == "wrong"]
    missed = [one for one in truth.statements if one.outcome == "missed"]
    found = (
        f"{truth.named:,} of {truth.held:,} held accounts are named. " if truth.held else "Nobody held any account. "
    )
    sentence = found + (
        f"Of {len(truth.statements)} statements about accounts, wrong: {len(wrong)}; missed: {len(missed)}; the rest was right, or rightly "
        "not said."
    )
    return page("Groundswell: what was true", (
        f"<h1>For teaching only: what was true</h1><p class='finding'>{sentence}</p><p class='limits'>{DISCLAIMER} The evidence file does "
        f"not know what stands here.</p>{_irregular(truth)}{_world(made, truth)}"
        + section("Statements about accounts, and what they turned out to be worth", _table(truth), HOW)
        + section("Who paid, and what", _money(truth))
    ))  # fmt: skip


def _irregular(truth: Truth) -> str:
    says = (
        "says that there was an irregularity" if truth.says_irregular else "does not say that there was an irregularity"
    )
    return f"<p>The evidence file {says}; there was {'one' if truth.was_irregular else 'none'}.</p>"


def _world(made: Made, truth: Truth) -> str:
    seen = (
        f"{truth.on_record:,} of them acted on posts about candidate {made.case.label} on the record that was looked at"
    )
    held = f"It held {truth.held:,} accounts that acted; {seen}." if truth.held else "No account was held by anybody."
    called = (
        f" {truth.volunteers:,} people had joined its channel, and acted of their own will." if truth.volunteers else ""
    )
    return f"<p>The campaign of this world was <code>{escape(truth.campaign)}</code>. {held}{called}</p>"


def _table(truth: Truth) -> str:
    rows = [
        [
            escape(HEADINGS[one.name]), f"{escape(one.verdict)}: {escape(one.outcome)}", f"{one.named:,}; {one.held:,}; {one.volunteers:,}",
            _percent(one.as_stated), _percent(one.as_was), _amount(one),
        ]
        for one in truth.statements
    ]  # fmt: skip
    head = ["statement", "verdict: so it was", "named; held; by call", "precision as stated", "as it was", "size"]
    return table(head, rows)


def _percent(found: Interval | None) -> str:
    return "none" if found is None else f"{found.value:.0%} ({found.low:.0%} to {found.high:.0%})"


def _amount(one: Judged) -> str:
    return "not said" if one.amount is None else "in the range" if one.amount else "not in the range"


def _money(truth: Truth) -> str:
    if not truth.paid:
        return "<p>Nobody paid anything.</p>"
    rows = [[escape(name.replace("_", " ")), f"{euros:,.2f}"] for name, euros in truth.paid.items()]
    return table(["for", "EUR at the scale of this world"], [*rows, ["in all", f"{truth.spent:,.2f}"]])
