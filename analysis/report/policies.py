"""The part of a report that is about policies: what each damps, at whose cost, which others beat it, what detectors found."""

from html import escape

import numpy as np

from analysis.estimates.declared import dampenings
from analysis.estimates.frontier import margins, words
from analysis.report.findings import Findings
from analysis.report.gallery import FEW
from analysis.report.memo import memo_rows, precision
from analysis.report.page import figure, section, table, two_lines

MANY = 12  # policies; with more, the table of detectors is folded


def policies(found: Findings, drawn: dict[str, str]) -> str:
    """What would have damped the campaign, and at whose cost."""
    if not found.policies:
        return ""
    head, rows = memo_rows(found.estimates, found.frontier)
    caption = (
        "Up is better, right is worse; bars are 95% intervals, and some may run out of the frame. Filled: not dominated; hollow: "
        "dominated by another policy. The line joins those whose estimates no other beats. Dampening: share of the manufactured "
        "visibility that a policy took away, against the quiet world under the same policy."
    )
    if any("@" in policy for policy in found.policies):
        caption += " Small, middle and large marks are the weaker, the standard and the stronger set of one policy."
    second = (
        "The same against what was done directly to people who did nothing wrong. Right of 10 the scale is logarithmic."
    )
    captions = {"frontier": caption, "frontier_acted_on": second}
    parts = [figure(drawn[name], said, "small") for name, said in captions.items() if name in drawn]
    parts.append(f"<p>{escape(precision(found.estimates, found.runs, found.frontier))}</p>")
    parts.append(table([escape(cell) for cell in head[:-1]], [_row(row, _holding(found)) for row in rows]))
    parts.append(
        "<p class='note'>Accounts, posts and reviews are per 100,000 genuine users; harms are those of the world with the campaign where "
        "nothing else is said. A policy is dominated where another is better on one of three axes (dampening, others' impressions, "
        "genuine accounts and posts acted on) by more than luck, after Holm's correction, and no worse on all: its interval excludes "
        f"being worse by {margins()}. An asterisk: the dampening differs "
        "from zero when those of all policies are taken together (Holm). "
        "The table is also in frontier.md and frontier.csv.</p>"
    )
    return section("What would have damped it, and at whose cost (collateral)", *parts)


def _holding(found: Findings) -> set[str]:
    """Names of policies whose dampening differs from zero when those of all are taken together; none where nothing is judged."""
    known = dampenings(found.estimates) if found.frontier.judged else None
    return {words(policy) for policy in known.hold} if known else set()


def _row(row: list[str], holding: set[str]) -> list[str]:
    """A row of the memo's table with each interval below its estimate and the verdict below the name, so that it fits the page."""
    name, *numbers, verdict = row
    (damped, _, between), *split = (number.rstrip(")").partition(" (") for number in numbers)
    damped += "*" if row[0] in holding else ""
    pairs = [(name, verdict), (damped, between), *((value, ends) for value, _, ends in split)]
    return [two_lines(escape(above), below) for above, below in pairs]


def detectors(found: Findings, drawn: dict[str, str]) -> str:
    """What detectors found, whom they hit besides, and when."""
    if not found.policies:
        return ""
    rows = []
    for policy in found.policies:
        arm = f"{found.worlds.campaign}/{policy}"
        hit, sold, volunteers, wrong = (
            found.mean(arm, f"{kind}_actioned")
            for kind in ("campaign_accounts", "vendor_accounts", "volunteers", "genuine_accounts")
        )
        hours = found.worlds.column(arm, "first_action_hour")
        when = f"day {np.median(hours[hours >= 0]) / 24 + 1:.0f}" if (hours >= 0).any() else "never"
        found_of = [(hit, "campaign_accounts"), (sold, "vendor_accounts"), (volunteers, "volunteers")]
        posts, innocent = found.mean(arm, "posts_actioned"), found.mean(arm, "genuine_posts_actioned")
        rows.append([two_lines(escape(words(policy)), _bars(found, arm)),
                     *(f"{n / max(found.mean(arm, kind), 1):.0%}" for n, kind in found_of),
                     two_lines(f"{_innocent(found, arm):,.0f}", f"quiet: {_innocent(found, f'quiet/{policy}'):,.0f}"),
                     f"{(hit + sold) / (hit + sold + wrong):.0%}" if hit + sold + wrong else "-",
                     f"{posts - innocent:,.0f}", f"{innocent:,.0f}", when])  # fmt: skip
    head = [
        "policy",
        "sleepers found",
        "vendors' accounts found",
        "volunteers hit",
        "genuine accounts hit, of 100,000",
        "right, of accounts acted on",
        "campaign's posts acted on",
        "others' posts acted on",
        "first action (median)",
    ]
    caption = "A detector says 'acted together' or 'woke and burst', never 'fake'. Its quality is a result of the model, not an input."
    if len(found.policies) > FEW:
        caption += f" Drawn are the {FEW} policies that found most sleeper accounts."
    listed = table(head, rows)
    if len(rows) > MANY:
        listed = f"<details><summary>Each of {len(rows)} policies</summary>{listed}</details>"
    drawing = figure(drawn["detection"], caption) if "detection" in drawn else ""
    return section(
        "What detectors found, and when",
        drawing,
        listed,
        _could_not_act(found),
        "<p class='note'>Counts of posts are means over worlds of this size. Below a policy's name stands the threshold that was "
        "chosen from the record before its start, over the seeds: the lowest that would have hit no more accounts than "
        "<code>moderation.false_positives</code> allows (docs/ODD.md has the unit of each score). Quiet: without the campaign.</p>",
    )


def _could_not_act(found: Findings) -> str:
    """Policies that acted on nothing in any world, and the finest price that worlds of this size can tell."""
    idle = [escape(words(policy)) for policy in found.worlds.idle()]
    finest = 100_000 / found.manifest["users"]
    said = f"At this size one account is {finest:,.0f} of 100,000: prices below that a week cannot be told apart."
    if idle:
        said += (
            f" In none of these worlds {' or '.join(idle)} acted on anything, so that nothing follows about it: nobody did what it "
            "looks for, or too few do at this size."
        )
    return f"<p>{said}</p>"


def _innocent(found: Findings, arm: str) -> float:
    """Genuine accounts acted on, of 100,000."""
    return 100_000 * found.mean(arm, "genuine_accounts_actioned") / found.mean(arm, "genuine_users")


def _bars(found: Findings, arm: str) -> str:
    """The thresholds that were chosen, over the seeds; a run of an older version has none on record."""
    if "thresholds" not in found.runs:
        return ""
    bars: dict[str, list[int]] = {}
    for said in found.runs.loc[found.runs["arm"] == arm, "thresholds"].fillna(""):
        for name, _, bar in (one.rpartition(" ") for one in said.split(", ") if one):
            bars.setdefault(name, []).append(int(bar))
    several = len(bars) > 1
    ranges = {n: f"{min(b):,}" if min(b) == max(b) else f"{min(b):,} to {max(b):,}" for n, b in sorted(bars.items())}
    return ", ".join(f"{words(name)} {said}" if several else f"threshold {said}" for name, said in ranges.items())
