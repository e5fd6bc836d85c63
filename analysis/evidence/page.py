"""The evidence file as a page: the court's questions first, then each statement with all that it rests on."""

from html import escape

import pandas as pd

from analysis.evidence.answers import answers, title_of
from analysis.evidence.explanations import ALLEGED, in_words
from analysis.evidence.figures import ages, moments, ratios, silences, timeline
from analysis.evidence.likelihood import digits, ratio_of
from analysis.evidence.likelihood import in_words as words_of
from analysis.evidence.made import LEDGER, Made, flagged
from analysis.evidence.rules import rules
from analysis.evidence.statements import UNSAID, Statement
from analysis.evidence.words import HEADINGS, LIMITS, NEVER, READING, VERDICTS
from analysis.report.figures import svg_of
from analysis.report.page import DISCLAIMER, figure, page, section, table


def evidence_page(made: Made, again: str, assumed: str) -> str:
    """The whole page. again: the command that makes it; assumed: over which assumptions worlds were kept out."""
    parts = [
        _opening(made), _questions(made), _figures(made), *(_statement(made, s) for s in made.statements), _joint(made),
        _reading(made, assumed), _never(made), _how(made, again, assumed),
    ]  # fmt: skip
    return page("Groundswell: evidence file", "\n".join(parts))


def _opening(made: Made) -> str:
    ledger = "payments were not seized" if made.ledger is None else "a ledger of payments was seized"
    title = escape(made.case.scenario.title)
    return (
        f"<h1>Evidence file: {title}</h1><p class='finding'>{escape(title_of(made))}</p><p class='limits'>{DISCLAIMER} What follows is "
        "what an investigating body in that world could publish; nothing in it was read from what is true of the world.</p>"
        f"<p>The record is that of the {escape(_viewer(made))} on {made.day:%d %B %Y}: {made.seen.acts:,} acts of {made.seen.met:,} "
        f"accounts, {len(made.seen.posts):,} posts about candidate {made.case.label}; {ledger}. The platform has {made.users:,} users. "
        f"{len(flagged(made)):,} accounts are named below, by numbers that stand for nobody outside this file.</p>"
    )


def _viewer(made: Made) -> str:
    return {"outsider": "public, as somebody outside the platform has it,"}.get(made.viewer, made.viewer)


def _questions(made: Made) -> str:
    parts = [
        f"<h3>{escape(a.question)}</h3><p><b>{escape(a.short)}.</b></p><ul>{''.join(f'<li>{escape(r)}</li>' for r in a.reasons)}</ul>"
        for a in answers(made)
    ]
    return section("What a court would ask", *parts)


def _figures(made: Made) -> str:
    if made.seen.acts == 0 or len(made.seen.events) == 0:
        return ""
    letter = made.case.label
    drawn = [
        figure(
            svg_of(timeline(made)), f"Acts on posts about candidate {letter} that are on this record, by day.", "small"
        )
    ]
    drawn.append(
        figure(svg_of(ages(made)), f"When accounts that acted on posts about candidate {letter} were created.", "small")
    )
    if made.seen.silences_known:
        drawn.append(
            figure(
                svg_of(silences(made)),
                "How long these accounts had done nothing before their first act on this record.",
                "small",
            )
        )
    if made.seen.accounts["together"].any():
        caption = "Comments of the largest group: a row an account, a dot a comment. Columns of dots are moments at which many came."
        drawn.append(figure(svg_of(moments(made)), caption, "small"))
    return section("What the record shows", *drawn)


def _statement(made: Made, statement: Statement) -> str:
    """One statement: claim, support, innocents, ratios, base rates, verdict."""
    lines = [f"<p>{escape(statement.claim)}</p>", f"<p><b>{VERDICTS[statement.verdict]}</b>{_why(statement)}</p>"]
    if statement.of:
        lines.append(
            f"<p>Support: {statement.support:,} of {statement.of:,} {statement.unit} on this record.{_innocent(made, statement)}</p>"
        )
    if statement.verdict != UNSAID and any(statement.ratios.values()):
        caption = "Likelihood ratios with 95% intervals; what they mean is said below (How to read this)."
        lines += [figure(svg_of(ratios(statement)), caption, "small"), _table_of_ratios(statement)]
    if statement.name == LEDGER and made.ledger is not None and len(made.ledger):
        lines.append(_payments(made.ledger))
    if statement.verdict != UNSAID and statement.precision:
        lines.append(_base_rates(made, statement))
    return section(HEADINGS[statement.name], *lines)


def _payments(ledger: pd.DataFrame) -> str:
    """Payments by what the payer's books call them."""
    rows = [
        [
            escape(str(name).replace("_", " ")), f"{len(of):,}", f"{of['euros'].sum():,.2f}", f"{of['account'].nunique():,}",
            f"{of.loc[of['on_record'], 'account'].nunique():,}",
        ]
        for name, of in ledger.groupby("tactic")
    ]  # fmt: skip
    return table(
        ["in the payer's books", "payments", "EUR at the scale of this world", "accounts", "of these on this record"],
        rows,
    )


def _why(statement: Statement) -> str:
    return f": {escape(statement.why)}." if statement.why else ": it speaks against each of the other explanations."


def _innocent(made: Made, statement: Statement) -> str:
    """How often innocents show the same."""
    innocent = statement.innocent
    if innocent is None:
        return ""
    said = (
        f" In this world's quiet twin, where nobody campaigns, {innocent.shows:,} of {innocent.of:,} {innocent.what} show the same "
        f"({innocent.rate:,.0f} of 100,000; up to {digits(innocent.most)} by luck alone)."
    )
    if statement.name == "together":
        looked = made.seen.looked
        said += (
            f" The bar of {looked.bar} posts was set by the {looked.before:.1f} weeks of record before the campaign is alleged to begin: "
            f"{looked.price:g} of 100,000 accounts a week were allowed above it, and so few users "
            f"and weeks can vouch for {looked.rate:,.0f}."
        )
    return said


def _table_of_ratios(statement: Statement) -> str:
    rows = [
        [escape(in_words(name)), ratio_of(found), escape(words_of(found))] for name, found in statement.ratios.items()
    ]
    return table(["against", "likelihood ratio (95%)", "in words"], rows)


def _base_rates(made: Made, statement: Statement) -> str:
    """What a base rate makes of it."""
    rows = [
        [
            f"{base:,} of {rules().base_users:,} users",
            f"{base / rules().base_users * made.users:,.1f}",
            f"{found.value:.0%} ({found.low:.0%} to {found.high:.0%})",
        ]
        for base, found in statement.precision.items()
    ]
    head = ["if so many accounts are held", "in this world", "share of those who show it that are held"]
    said = "<p>What a base rate makes of it (held: used by somebody who has many accounts):</p>"
    return said + table(head, rows)


def _joint(made: Made) -> str:
    """The joint histogram."""
    if not made.patterns:
        return ""
    rows = []
    for row in made.patterns:
        known = [found for found in row["ratios"].values() if found is not None]
        weakest = min(known, key=lambda found: found.low) if len(known) == len(row["ratios"]) and known else None
        rows.append(
            [escape(", ".join(row["traces"])), f"{row['accounts']:,}", ratio_of(weakest), escape(words_of(weakest))]
        )
    said = (
        "<p>Traces of one account are not independent: whoever acts together also wakes together. Their likelihood ratios are therefore "
        "never multiplied. This is one joint histogram: how often accounts show exactly these traces, in worlds kept out of each "
        "explanation; the ratio is the lowest over all of them.</p>"
    )
    return section(
        "All traces of an account at once",
        said,
        table(["traces", "accounts", "likelihood ratio (95%)", "in words"], rows),
    )


def _reading(made: Made, assumed: str) -> str:
    names = ", ".join(in_words(name) for name in made.kept.rivals)
    worlds = len(made.kept.worlds[ALLEGED])
    said = (
        f"<p>The allegation is the campaign <code>{escape(made.case.alleged.name)}</code>. It is set against: {escape(names)}. That set is "
        f"closed: what is none of these is not weighed. Rates are those of {worlds} worlds of each, with seeds that this world does not "
        f"have; {escape(assumed)}.</p>"
    )
    return section("How to read this", said, *(f"<p>{line}</p>" for line in READING))


def _never(made: Made) -> str:
    """What the public record could never have shown."""
    rows = []
    for viewer, worlds in made.kept.viewers.items():
        of = [world["record"] for world in worlds]
        whole = [world["record"] for world in made.kept.viewers["platform"]]
        shares = [_share([w[key] for w in of], [w[key] for w in whole]) for key in ("acts", "accounts", "posts")]
        rows.append([viewer, *shares, "yes" if any(w["silences"] for w in of) else "no"])
    head = ["on this day", "acts", "accounts", "posts", "last act before the record"]
    said = "<p>Of what the platform has, in the worlds kept out in which the allegation is true:</p>"
    return section(
        "What the public record could never have shown", said, table(head, rows), *(f"<p>{line}</p>" for line in NEVER)
    )


def _share(own: list[float], whole: list[float]) -> str:
    return f"{sum(own) / sum(whole):.0%}" if sum(whole) else "none"


def _how(made: Made, again: str, assumed: str) -> str:
    return section(
        "How to make it again", f"<pre>{escape(again)}</pre>", *(f"<p class='small'>{line}</p>" for line in LIMITS)
    )
