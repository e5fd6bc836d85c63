"""The part of a report that says which assumptions the answer hangs on, and under which of them a conclusion would be another."""

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Protocol

import pandas as pd

from analysis.estimates.discovery import Box, Restriction
from analysis.estimates.screening import SURE
from analysis.estimates.sensitivity import NOTHING, Sensitivity
from analysis.estimates.what_matters import read_matters
from analysis.estimates.words import interval, without_signed_zeros
from analysis.report.figures import QUIET, STYLE, Drawing, axes, bars, svg_of
from analysis.report.page import figure, section, table, two_lines
from analysis.report.style import settings

SHOWN = 10  # factors in the figure and in the table
PERCENT = "{:.0%}"
NO_SHARES = "These members are too few for shares of variance, and tell only with what it rises and falls"


class Uncertain(Protocol):
    """What is read of a factor, see `analysis.estimates.factors`."""

    @property
    def key(self) -> str: ...  # noqa: D102

    @property
    def options(self) -> tuple[str, ...]: ...  # noqa: D102

    @property
    def range(self) -> str: ...  # noqa: D102

    def said(self, place: float) -> str: ...  # noqa: D102


def what_matters_section(
    found: Sensitivity, factors: Sequence[Uncertain], known: Mapping[str, tuple[str, str]], answer: str, unit: str,
    boxes: Sequence[tuple[str, Box | None]], ranks: pd.DataFrame | None = None,
) -> str:  # fmt: skip
    """Which assumptions matter for one answer, and 'What would change the conclusion'.

    factors: in the order of the design's columns. known: meaning and unit of a factor by its key; where it has none, its key stands.
    answer, unit: what was asked, such as 'what label_paid takes' in 'share of what was manufactured'. boxes: statements, each a clause such
    as 'label_paid takes less than a tenth', with what `discover` found of it. ranks: what `ranked` found, shown where no share is.
    """
    by_rank = ranks is not None and bool((ranks["p"] < SURE).any())
    parts = [_what_it_rests_on(found, answer, NO_SHARES if by_rank else NOTHING)]
    if found.speaks:
        top = leading(found)
        caption = (
            f"Share of the variance of {escape(answer)} over assumptions. Bar: total share, with its 95% interval, whose upper end takes "
            "in what is not explained, since any factor may have a part in it. Dot: first order, without what it does together with others."
        )
        parts += [
            figure(svg_of(shares_figure(found, factors, known)), caption, "small"),
            _table(found, top, factors, known, unit),
            f"<p class='note'>{_how_to_read(found, len(factors) - len(top))}</p>",
        ]
    elif ranks is not None and len(ranks):
        parts += [_ranks_table(ranks, factors, known), f"<p class='note'>{_how_to_read_ranks(ranks, answer)}</p>"]
    lines = "".join(f"<li>{_sentence(said, box, factors, known)}</li>" for said, box in boxes)
    note = (
        "Each box is sought in two thirds of the members and told only where the other third, which had no part in the search, "
        "bears it out. Quasi-p-values do not know of the search. Boxes speak of the ranges that were drawn from, each value in them "
        "as likely as another."
    )
    change = section("What would change the conclusion", f"<ul>{lines}</ul><p class='note'>{note}</p>") if boxes else ""
    return section("Which assumptions matter", *parts) + change


def matters_sections(folder: Path) -> str:
    """What `groundswell sensitivity` has left in a comparison's folder: of what was manufactured open, of policies folded."""
    found, factors, known = read_matters(folder)
    parts = [
        what_matters_section(one.shares, factors, known, one.answer, one.unit, one.boxes, one.ranks) for one in found
    ]
    folded = "".join(
        f"<details><summary>Which assumptions matter for {escape(one.answer)}</summary>{part}</details>"
        for one, part in zip(found[1:], parts[1:], strict=True)
    )
    return "".join([*parts[:1], folded])


def leading(found: Sensitivity) -> list[int]:
    """The factors with the largest total shares, of those that have any, falling."""
    rows = found.shares[found.shares["factor"].isin(found.effects["factor"])].sort_values(
        "total", ascending=False, kind="stable"
    )
    return [int(factor) for factor in rows["factor"][rows["total"] >= 0.005].head(SHOWN)]


def _name(factor: Uncertain, known: Mapping[str, tuple[str, str]]) -> str:
    return known.get(factor.key, ("", ""))[0] or _own(factor)


def _own(factor: Uncertain) -> str:
    return factor.key.rpartition(".")[2].replace("_", " ")


def _named(factor: Uncertain, known: Mapping[str, tuple[str, str]]) -> str:
    """Its own name and what the scenario says of it, of which many mean nothing alone: 'posts (of a member)'."""
    meaning = known.get(factor.key, ("", ""))[0]
    return f"{_own(factor)} ({meaning})" if meaning else _own(factor)


def _what_it_rests_on(found: Sensitivity, answer: str, nothing: str) -> str:
    failed = f" ({found.failed} more failed and are left out)" if found.failed else ""
    seen = f"{found.members} members{failed}, each with its own draw of every uncertain number"
    if not found.speaks:
        tried = "" if pd.isna(found.q2[0]) else (
            f" An emulator explains {_share(found.q2) if found.q2[0] > 0 else 'nothing'} of the variance of members kept out."
        )  # fmt: skip
        return f"<p>{escape(nothing)}: {seen}.{tried} More members are needed, or fewer numbers that vary; shares would be luck.</p>"
    return (
        f"<p>Of {seen}: an emulator explains {_share(found.q2)} of the variance of {escape(answer)} at members "
        f"kept out. Not explained by any factor or pair of them: {_share(found.rest)}; by pairs only: {_share(found.interaction)}.</p>"
    )


def _share(three: tuple[float, float, float]) -> str:
    value, low, high = three
    return without_signed_zeros(f"{value:.0%} ({interval(low, high, PERCENT)})")


def _table(
    found: Sensitivity,
    top: Sequence[int],
    factors: Sequence[Uncertain],
    known: Mapping[str, tuple[str, str]],
    unit: str,
) -> str:
    head = ["assumption", "range", "first order", "total", f"{escape(unit)}, along it"]
    rows = []
    for k in top:
        row = found.shares.set_index("factor").loc[k]
        of = known.get(factors[k].key, ("", ""))[1]
        rows.append([
            two_lines(escape(_named(factors[k], known)), factors[k].key), two_lines(escape(factors[k].range), of),
            *(
                two_lines(f"{row[part]:.0%}", interval(row[f"{part}_low"], row[f"{part}_high"], PERCENT))
                for part in ("first_order", "total")
            ),
            _along(found.effects[found.effects["factor"] == k], factors[k]),
        ])  # fmt: skip
    return table(head, rows, numbers_from=2)


def _ranks_table(ranks: pd.DataFrame, factors: Sequence[Uncertain], known: Mapping[str, tuple[str, str]]) -> str:
    """The ten that an answer goes with most, whether luck explains it or not."""
    head = ["assumption", "range", "rank correlation", "p of luck"]
    rows = []
    for row in ranks.head(SHOWN).itertuples(index=False):
        factor, told = factors[int(row.factor)], f"{row.correlation:+.2f}"
        rows.append([
            two_lines(escape(_named(factor, known)), factor.key), two_lines(escape(factor.range), known.get(factor.key, ("", ""))[1]),
            two_lines(escape(told), interval(row.low, row.high, "{:+.2f}")), f"{row.p:.1%}" if row.p < 0.1 else f"{row.p:.0%}",
        ])  # fmt: skip
    return table(head, rows, numbers_from=2)


def _how_to_read_ranks(ranks: pd.DataFrame, answer: str) -> str:
    sure = int((ranks["p"] < SURE).sum())
    told = "none is" if sure == 0 else "the first one is" if sure == 1 else f"the first {sure} are"
    return (
        f"The ten that {escape(answer)} goes with most, by rank, of {len(ranks)}: {told} told from luck. +1: it rises wherever the number "
        "does (or from option to option of a list); -1: it falls. p of luck: how often the greatest of all correlations is as great where "
        f"answers are dealt out to members anew; below {SURE:.0%} luck does not explain it. Intervals are of each one by itself."
    )


def _along(effects: pd.DataFrame, factor: Uncertain) -> str:
    """The answer at the ends of a range or at each option, the other factors averaged out."""
    said = [
        f"<div>{escape(factor.said(row.place))}: {without_signed_zeros(f'{row.value:.3g}')}"
        f"<span class='below'>{interval(row.low, row.high, '{:.3g}')}</span></div>"
        for row in effects.itertuples(index=False)
    ]
    return f"<div>{''.join(said)}</div>"


def _how_to_read(found: Sensitivity, others: int) -> str:
    rest = (
        f" None of the other {others} factors has a share that these members show; each may have a part of what is not explained, "
        f"{found.rest[2]:.0%} at the most."
    )
    return (
        "A first-order share is what the variance would lose were that number known; a total share what would be left were all others. "
        "Luck is taken out as far as members have several seeds. The last column is the emulator's answer at the ends of a range, "
        f"or at each option, with the other factors averaged out.{rest if others else ''}"
    )


def _sentence(said: str, box: Box | None, factors: Sequence[Uncertain], known: Mapping[str, tuple[str, str]]) -> str:
    """Where a statement holds, with what members kept out say; or that no few factors tell where."""
    if box is None or not box.is_borne_out:
        sought = (
            "nothing was found"
            if box is None
            else f"what was found holds in {box.out_hits} of {box.out_members} members kept out"
        )
        return f"No few assumptions tell where {escape(said)}: {sought}."
    where = " and ".join(
        _where(one, factors[one.factor], _name(factors[one.factor], known)) for one in box.restrictions
    )
    quasi = ", ".join(f"{one.quasi_p:.2g}" for one in box.restrictions)
    return (
        f"Where {where}, {escape(said)} ({box.out_hits} of {box.out_members} members kept out; {box.elsewhere:.0%} of the others "
        f"do). <span class='small'>Sought among {box.members} members: density {box.density:.0%}, coverage {box.coverage:.0%}, "
        f"quasi-p {quasi}.</span>"
    )


def _where(one: Restriction, factor: Uncertain, name: str) -> str:
    """A restriction in plain words."""
    low, high, name = escape(factor.said(one.low)), escape(factor.said(one.high)), escape(name)
    if factor.options:
        last = len(factor.options) - 1
        inside = [
            option for k, option in enumerate(factor.options) if one.low - 1e-9 <= k / max(last, 1) <= one.high + 1e-9
        ]
        return f"{name} is {escape(' or '.join(inside))}"
    if one.low > 0 and one.high < 1:
        return f"{name} is between {low} and {high}"
    return f"{name} is at least {low}" if one.low > 0 else f"{name} is at most {high}"


def shares_figure(found: Sensitivity, factors: Sequence[Uncertain], known: Mapping[str, tuple[str, str]]) -> Drawing:
    """A bar a factor, the largest on top: total share with its interval, first order as a dot."""
    top = leading(found)[::-1]
    rows = found.shares.set_index("factor").loc[top]
    places = list(range(len(top)))
    with settings({**STYLE, "font.size": 13}):
        drawing, ax = axes(6.4, 1.4 + 0.7 * len(top), {**STYLE, "font.size": 13})
        bars(ax, 100 * rows["total"], 100 * rows["total_low"], 100 * rows["total_high"], "total")
        ax.scatter(100 * rows["first_order"], places, color=QUIET, s=48, zorder=3, label="first order")
        for place, k in zip(places, top, strict=True):
            ax.annotate(
                _short(_name(factors[k], known)),
                (0, place),
                (2, 19),
                textcoords="offset points",
                va="center",
                fontsize=11,
            )
        ax.set_yticks([])
        ax.set_ylim(-0.5, len(top) - 0.15)
        ax.set_xlim(0, max(100.0 * float(rows["total_high"].max()), 10.0) if len(top) else 100)
        ax.set_xlabel("% of the variance over assumptions")
        ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    return drawing


def _short(name: str, most: int = 60) -> str:
    return name if len(name) <= most else name[: most - 3].rstrip() + "..."
