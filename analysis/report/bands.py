"""The part of a report that sets what luck leaves open beside what assumptions leave open."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import numpy as np
import pandas as pd

from analysis.estimates.declared import COLLATERAL, DAMPENING, declared
from analysis.estimates.frontier import words
from analysis.estimates.kept_bands import MADE, KeptBands, is_outside
from analysis.estimates.words import interval, without_signed_zeros
from analysis.report.bands_figure import Row, bands_figure
from analysis.report.figures import svg_of
from analysis.report.page import figure, section, table, two_lines

IMPRESSIONS, PERCENT, ACCOUNTS = (
    "impressions per genuine user",
    "% of it that a policy removes (below 0: more is seen than without it)",
    "genuine accounts and posts hit, of 100,000 users",
)
Known = tuple[Any, Any]  # a row of the comparison's estimates, and of the kept bands


def bands_section(estimates: pd.DataFrame, kept: KeptBands | None, manifest: Mapping[str, Any]) -> str:
    """A figure and a table; nothing where no sets of assumptions were run about this scenario's campaign, now or before.

    estimates: the comparison's own, whose intervals are the bands of luck.
    """
    if kept is None:
        return ""
    known = _known(estimates, kept)
    drawn = figure(svg_of(bands_figure([_drawn(*pair) for pair in known])), _caption(kept), "small")
    head = ["", "value", "luck only", "assumptions", "part of variance", "sets above"]
    return section("What luck leaves open, and what assumptions leave open", drawn, _warning(kept, manifest), _outside(known),
                   table(head, [_cells(*pair) for pair in known]), _note(kept))  # fmt: skip


def _known(estimates: pd.DataFrame, kept: KeptBands) -> list[Known]:
    """Declared contrasts that both have, what was manufactured first, then dampenings, then harms."""
    rows = {(row.contrast, row.measure): row for row in estimates.itertuples(index=False)}
    pairs = [
        (rows[name], kept.row(*name)) for name in declared(estimates) if name in rows and kept.row(*name) is not None
    ]
    return sorted(pairs, key=lambda pair: (IMPRESSIONS, PERCENT, ACCOUNTS).index(_unit(pair[0].contrast)))


def _unit(contrast: str) -> str:
    return PERCENT if contrast.startswith(DAMPENING) else ACCOUNTS if contrast.startswith(COLLATERAL) else IMPRESSIONS


def _named(contrast: str) -> str:
    """A contrast for readers."""
    policy = words(contrast.split(":", 1)[-1])
    return {PERCENT: f"{policy} takes", ACCOUNTS: f"{policy} hits innocents"}.get(_unit(contrast), "manufactured")


def _drawn(own: Any, row: Any) -> Row:
    """As the figure draws it; shares in percent."""
    times = 100.0 if _unit(own.contrast) == PERCENT else 1.0
    ends = times * np.array([[own.low, own.high], [row.low, row.high]], dtype=np.float64)
    (a, b), (c, d) = ends.tolist()
    name = "manufactured" if own.contrast == MADE else words(own.contrast.split(":", 1)[1])
    return Row(name, _unit(own.contrast), times * own.estimate, (a, b), (c, d))


def _cells(own: Any, row: Any) -> list[str]:
    """A row of the table."""
    form = {PERCENT: "{:.0%}", ACCOUNTS: "{:,.0f}"}.get(_unit(own.contrast), "{:.2f}")
    cells = [
        _first(own, row), form.format(own.estimate), interval(own.low, own.high, form), _ends(row, form),
        two_lines(f"{row.share:.0%}", interval(row.share_low, row.share_high, "{:.0%}")) if pd.notna(row.share) else "not known",
        two_lines(f"{row.above:.0f} of {row.sets} (&gt; {form.format(row.threshold)})", interval(row.above_low, row.above_high, "{:.0%}"))
        if pd.notna(row.above) else "not known",
    ]  # fmt: skip
    return [without_signed_zeros(cell) for cell in cells]


def _ends(row: Any, form: str) -> str:
    """The band of assumptions, with where its ends may lie."""
    if pd.isna(row.low):
        return "not known"
    apart = f"ends {interval(row.low_from, row.low_to, form)}; {interval(row.high_from, row.high_to, form)}"
    return two_lines(("" if row.luck_taken_out else "at most ") + interval(row.low, row.high, form), apart)


def _first(own: Any, row: Any) -> str:
    """What a row is about, and the sets that were taken out of it."""
    name = escape(_named(own.contrast))
    return two_lines(name, f"{row.nothing} sets more have nothing to dampen") if row.nothing else name


def _caption(kept: KeptBands) -> str:
    return (
        "Dot: this comparison's answer. Thick: what luck leaves open if every assumption is right, from this comparison's own seeds. "
        "Thin: where the answer lies if assumptions may lie anywhere in their stated ranges, luck taken out, from "
        f"{kept.sets} sets of assumptions."
    )


def _warning(kept: KeptBands, manifest: Mapping[str, Any]) -> str:
    said = kept.warning(manifest)
    return (
        f"<p class='limits'>The band of assumptions is kept from {escape(kept.day)}: {escape(said)}.</p>"
        if said
        else ""
    )


def _outside(known: Sequence[Known]) -> str:
    """Which stated answers the sets of assumptions hardly ever give; nothing where there is none."""
    names = [f"'{_named(own.contrast)}'" for own, row in known if is_outside(own.estimate, row)]
    if not names:
        return ""
    said = escape(", ".join(names), quote=False)
    return (
        f"<p class='limits'>Outside its own band of assumptions: {said}. Stated values need not be the middle of their ranges, and what "
        "follows from all of them together can be rare where each may lie elsewhere.</p>"
    )


def _note(kept: KeptBands) -> str:
    """How the table is to be read."""
    made = f"{kept.sets} sets of assumptions drawn evenly from their ranges, {kept.seeds} seeds each"
    return (
        f"<p class='note'>Assumptions: <code>{escape(kept.command)}</code>, {escape(kept.day)}: {made}; worlds of {kept.users:,} users "
        f"over {kept.days} days. The band holds the true answer of a further set drawn so in 95% of studies; below it, 95% intervals of "
        "where its ends truly lie. Part of variance: that of assumptions where one pair of worlds is run under assumptions that "
        "nobody knows, the rest being luck. Ranges are judgements: the band says what they imply, not how probable any of it is.</p>"
    )
