"""What a report says first: the answer with both its bands, what each policy removes, and the assumption that nobody can check."""

from collections.abc import Mapping
from html import escape
from typing import Any

import pandas as pd

from analysis.estimates.declared import DAMPENING
from analysis.estimates.enough import why_it_stopped
from analysis.estimates.frontier import words
from analysis.estimates.kept_bands import MADE, KeptBands, assumptions_in_words, is_outside, luck_in_words
from analysis.estimates.table import first
from analysis.estimates.varied import Varied, beside
from analysis.estimates.words import interval, without_signed_zeros
from analysis.report.findings import Findings
from analysis.report.gallery import FEW
from analysis.report.page import DISCLAIMER, table, two_lines


def opening(found: Findings) -> str:
    """The first screen; its sentence can be read alone."""
    return (
        f"<h1>{escape(found.manifest['title'])}</h1>{_finding(found)}"
        f"<p class='limits'>{DISCLAIMER} A miniature of {found.manifest['users']:,} users stands for the country. Intervals in "
        "this report are 95%, and of luck alone unless 'assumptions' is said.</p>"
        f"{_removed(found)}{_by_link(found)}"
    )


def _finding(found: Findings) -> str:
    """What was manufactured, and how far luck and assumptions leave it open."""
    m = first(found.estimates, MADE)
    over = f"per genuine user in {found.manifest['days']} days"
    if found.nothing:
        said = f"In this model, given its assumptions, no manufactured visibility of candidate {found.label} could be told from luck"
        return f"<p class='finding'>{said} ({interval(m.low, m.high)} impressions {over}).</p>"
    seen = f"{m.estimate:.2f} impressions of candidate {found.label} {over}"
    said = (
        f"In this model, given its assumptions, the campaign manufactured {seen}, which would not have been seen without it."
        if found.worlds.directed(found.worlds.campaign)
        else f"In this model, given its assumptions, a surge that nobody directed brought {seen}."
    )
    luck = f"<span class='luck'>{luck_in_words((m.low, m.high))}.</span>"
    return f"<p class='finding'>{said} {luck}{_assumed(found)}</p>{_precision(found)}"


def _assumed(found: Findings) -> str:
    """The band of assumptions, with a warning where it does not belong to the rest; nothing where none is known."""
    if found.bands is None or not (said := assumptions_in_words(found.bands.row(MADE))):
        return " <span class='assumed'>How far assumptions leave it open is not known.</span>"
    warned = found.bands.warning(found.manifest)
    note = f" (Computed on {found.bands.day}: {warned}.)" if warned else ""
    return f" <span class='assumed'>{without_signed_zeros(said)}.{escape(note)}</span>"


def _precision(found: Findings) -> str:
    """How much luck was bought off, and why no more."""
    looked = found.manifest.get("enough")
    if looked:
        return f"<p class='note'>{escape(why_it_stopped(looked, first(found.estimates, looked['precision_of'])))}.</p>"
    m = first(found.estimates, MADE)
    if pd.isna(m.low) or m.estimate == 0:
        return ""
    off = (m.high - m.low) / 2 / abs(m.estimate)
    return (
        f"<p class='note'>From {m.n} worlds, each run with the campaign and without: as many others may move the answer by {off:.0%} of it "
        "either way. More worlds narrow what luck leaves open, not what assumptions do.</p>"
    )


def _removed(found: Findings) -> str:
    """Each policy with what it takes away and both bands; nothing where there is nothing to take, or too many for a first screen."""
    if found.nothing or not 0 < len(found.policies) <= FEW:
        return ""
    known = found.manifest.get("policies") or {}  # none in results of older versions
    rows = [
        [
            two_lines(escape(words(policy)), known.get(policy.partition("@")[0], "")),
            *_bands(found, f"{DAMPENING}{policy}"),
        ]
        for policy in found.policies
    ]
    head = ["policy", "removes", "luck", "assumptions"]
    shown = len(head) if found.bands is not None else 3
    return table(head[:shown], [row[:shown] for row in rows]) + _odd(found)


def _bands(found: Findings, contrast: str) -> list[str]:
    """An answer, its band of luck, and its band of assumptions."""
    own: Any = first(found.estimates, contrast)
    row = found.bands.row(contrast) if found.bands is not None else None
    assumed = "not known"
    if row is not None and pd.notna(row.low):
        half = f"half below {row.middle:.0%}" if pd.notna(row.middle) else ""
        assumed = two_lines(("" if row.luck_taken_out else "at most ") + interval(row.low, row.high, "{:.0%}"), half)
    cells = [f"<b>{own.estimate:.0%}</b>", interval(own.low, own.high, "{:.0%}"), assumed]
    return [without_signed_zeros(cell) for cell in cells]


def _odd(found: Findings) -> str:
    """What a reader of the table would stumble over: negative shares, sets left out, answers outside their band of assumptions."""
    said = ["Shares of what was manufactured; a negative one means that the policy made it more."]
    if found.bands is not None:
        said += [*_left_out(found, found.bands), *_outside(found, found.bands)]
    return f"<p class='note'>{' '.join(said)}</p>"


def _left_out(found: Findings, kept: KeptBands) -> list[str]:
    """On which sets the bands of policies rest, and that they need not hold those of luck."""
    rows = [row for policy in found.policies if (row := kept.row(f"{DAMPENING}{policy}")) is not None]
    said = [
        "Luck is asked of this scenario's own values, assumptions of others with luck taken out: neither range need hold the other."
    ]
    least = max(rows, key=lambda row: row.nothing, default=None)
    if least is not None and least.nothing:
        said.append(
            f"In {least.nothing} of {least.nothing + least.sets} sets nothing manufactured could be told from luck; "
            "ranges are of the others."
        )
    return said


def _outside(found: Findings, kept: KeptBands) -> list[str]:
    """Answers that the sets hardly ever give, each with a caution."""
    said = []
    for policy in found.policies:
        own, row = first(found.estimates, f"{DAMPENING}{policy}"), kept.row(f"{DAMPENING}{policy}")
        if not is_outside(own.estimate, row):
            continue
        side = "above" if own.estimate > row.high else "below"
        said.append(
            f"Caution: {own.estimate:.0%} for {escape(words(policy))} lies {side} nearly all that other assumptions give; this scenario's "
            "own values are an unusual combination."
        )
    return said


def _by_link(found: Findings) -> str:
    """The assumption about acts by link, wherever a recommender has it: what both its ends make of the answer, where that is kept."""
    stated = {str(row["key"]): row["value"] for row in found.manifest["assumptions"]}
    weight = stated.get("recommender.off_feed_weight")
    if not isinstance(weight, float):  # no such assumption, or a stranger's folder that says something else
        return ""
    counts = {0.0: "counts for nothing", 1.0: "counts in full"}.get(float(weight), f"counts to {float(weight):.0%}")
    viewed = "as a view, too" if stated.get("recommender.off_feed_views") is True else "not as a view"
    kept = next((one for one in beside(found.manifest) if one.question == "off_feed"), None)
    made = {setting: kept.row(setting, MADE).estimate for setting in kept.settings} if kept else {}
    moved = (
        f"What is manufactured moves between {min(made.values()):.2f} and {max(made.values()):.2f} with"
        if made
        else "Much hangs on"
    )
    said = (
        f"{moved} one assumption alone, and no platform has said what is true. An account follows a link to a post that its own feed did "
        f"not show, and likes it or comments. Does the recommender count that? Here it {counts}, and {viewed}."
    )
    return f"<p>{escape(said)}</p>" + (_ends(kept, made) if kept else "")


def _ends(kept: Varied, made: Mapping[str, float]) -> str:
    """The default and both ends of a kept answer, the least first; no setting twice. made: what is manufactured, by setting."""
    wanted = {min(made, key=lambda name: made[name]), kept.settings[0], max(made, key=lambda name: made[name])}
    policy = kept.policies[0]
    default = {kept.settings[0]: "the default"}
    rows = [
        [two_lines(escape(name), default.get(name, "")), kept.said(name, MADE), _taken(kept, name, policy)]
        for name in sorted(wanted, key=lambda name: made[name])
    ]
    older = ", made before the model last changed" if kept.is_older else ""
    note = (
        f"{kept.users:,} users, {kept.days} days, {kept.seeds} seeds; {escape(kept.day)}{older}. "
        "All settings: 'What the answer hangs on'."
    )
    return (
        table(["Acts by link", "manufactured (luck)", f"{words(policy)} removes"], rows) + f"<p class='note'>{note}</p>"
    )


def _taken(kept: Varied, setting: str, policy: str) -> str:
    """A dampening without its interval, which the table further down has."""
    row = kept.row(setting, f"dampening:{policy}")
    return (
        "nothing that can be told from luck"
        if kept.is_nothing(setting) or row.low <= 0
        else f"{row.estimate:.0%} of it"
    )
