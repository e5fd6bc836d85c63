"""What the answer hangs on: kept answers under several settings of assumptions, beside those of the comparison itself."""

from html import escape

from analysis.estimates.frontier import words
from analysis.estimates.varied import Varied, beside
from analysis.estimates.words import PARTS
from analysis.report.figures import svg_of
from analysis.report.findings import Findings
from analysis.report.page import figure, section, table, two_lines
from analysis.report.varied_figure import curves_figure, curves_of

ORDER = ("off_feed", "evasion", "delay", "price")


def varied_section(found: Findings) -> str:
    """Nothing where the project keeps no answers about this scenario's campaign."""
    kept = beside(found.manifest)
    if not kept:
        return ""
    note = (
        "<p class='note'>These are kept answers, each with its date; <code>groundswell vary</code> makes them anew. Numbers of one table "
        "are from the same seeds, but intervals cover luck only. Dampening belongs to its window and start: what is begun later has "
        "less to take.</p>"
    )
    return section("What the answer hangs on", *(_one(varied) for varied in sorted(kept, key=_place)), note)


def _place(varied: Varied) -> int:
    """What moves the answer most comes first."""
    return ORDER.index(varied.question) if varied.question in ORDER else len(ORDER)


def _one(varied: Varied) -> str:
    """A table: settings down, what was manufactured and each dampening across."""
    made = [("manufactured", "manufactured"), *((f"part:{part}", head) for part, head in PARTS.items())]
    made = [(contrast, head) for contrast, head in made if contrast in set(varied.rows["contrast"])]
    always = {contrast: {varied.said(setting, contrast) for setting in varied.settings} for contrast, _ in made}
    moved = [(contrast, head) for contrast, head in made if len(always[contrast]) > 1]
    head = ["", *(name for _, name in moved), *(f"{words(p)} takes" for p in varied.policies)]
    rows = [
        [
            escape(setting),
            *(_two(varied.said(setting, contrast)) for contrast, _ in moved),
            *(_two(varied.said(setting, f"dampening:{p}", "{:.0%}")) for p in varied.policies),
        ]
        for setting in varied.settings
    ]
    older = " The model has changed since." if varied.is_older else ""
    when = f"{varied.users:,} users, {varied.days} days, {varied.seeds} seeds; {escape(varied.day)}.{older}"
    drawn = ""
    if curves_of(varied):
        caption = (
            "Each mark is a setting: the more innocents a detector may hit, the lower its threshold. A campaign that no threshold "
            "finds does what no detector here looks for."
        )
        drawn = figure(svg_of(curves_figure(varied)), caption, "small")
    if not moved:
        when += f" What was manufactured is the same in each: {escape(always['manufactured'].pop())}."
    top = f"<h3>{escape(varied.title)}</h3><p class='small'>{when} <code>{escape(varied.command)}</code></p>"
    return top + table(head, rows) + drawn


def _two(said: str) -> str:
    """An estimate above its interval."""
    value, _, rest = said.partition(" (")
    return two_lines(escape(value), rest.rstrip(")"))
