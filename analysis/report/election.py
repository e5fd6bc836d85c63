"""The part of a report that is about votes: priors around no effect, what follows from them, and polls against the vote."""

from html import escape
from typing import Any

import numpy as np

from analysis.estimates.election import ENDS, Chances, chances, poll_errors
from analysis.estimates.election_words import between_seeds
from analysis.estimates.frontier import words
from analysis.estimates.paired import Floats
from analysis.estimates.words import without_signed_zeros
from analysis.report.figures import CAMPAIGN, QUIET, STYLE, Drawing, axes
from analysis.report.findings import Findings
from analysis.report.page import figure, section, table, two_lines
from analysis.report.style import settings

LARGE = {**STYLE, "font.size": 13}  # a phone shows it
NO_ESTIMATE = (
    "<p class='limits'>No public estimate exists of what exposure on such a platform does to votes. What follows is what stated priors "
    "say: persuasion around no effect at all, and a bandwagon as weak or strong as those of other elections. It has never been fitted to a "
    "result, and says nothing about any real vote.</p>"
)
LESSON = (
    "<p>Reach is not votes. In Hungary in April 2026 clips of a network had been seen some ten million times, and the side that "
    "they were to help lost heavily (peopleofinternet.com). In Romania in May 2025 polls missed a surge again, by 6 to 11 points, for a "
    "candidate for whom no such network was alleged (spotmedia.ro): little in polls and much in the vote is no evidence of one.</p>"
)
MOST = 0.995  # of the draws that the figure's axis holds


def election_section(found: Findings, drawn: dict[str, str]) -> str:
    """Nothing where a comparison holds no election."""
    if found.votes is None:
        return ""
    own = chances(found.worlds, found.votes, "none")
    return section(
        "If there were a vote",
        NO_ESTIMATE,
        f"<p>{_reached(found, own)}</p>",
        figure(drawn["election"], _caption(found), "small") if "election" in drawn else "",
        _prior_and_predictive(found, own),
        _what_was_put_in(found, own),
        _under_policies(found),
        _polls(found),
        LESSON,
        _note(found),
    )


def _reached(found: Findings, own: Chances) -> str:
    """In how many draws the candidate comes into the run-off."""
    unmoved = chances(found.worlds, found.votes, "none", moved=False)
    e = _contrast(found, "none")
    known = [found.mean(found.arms[name], "election_known") for name in ("campaign", "quiet")]
    return without_signed_zeros(
        f"On the day of the first round {known[0]:.0%} of genuine users know candidate {found.label} with the campaign and {known[1]:.0%} "
        f"without it. {found.label} comes into the run-off in {int(own.reached.sum()):,} of {own.draws:,} draws with the campaign and in "
        f"{int(own.reached_quiet.sum()):,} without it: a difference of {100 * e['estimate']:.1f} points "
        f"({between_seeds(e['low'], e['high'])}). {own.only_with:,} draws have the candidate there only with "
        f"the campaign, {own.only_without:,} only without it. Where exposure moves nobody the draws are {int(unmoved.reached.sum()):,} "
        f"with the campaign and {int(unmoved.reached_quiet.sum()):,} without."
    )


def _contrast(found: Findings, policy: str) -> dict[str, float]:
    rows = found.estimates
    row = rows[(rows["contrast"] == f"election:{policy}") & (rows["measure"] == "run_off")].iloc[0]
    return {name: float(row[name]) for name in ("estimate", "low", "high")}


def _quantiles(values: Floats, form: str = "{:.1f}") -> list[str]:
    return [without_signed_zeros(form.format(100 * end)) for end in np.quantile(values, ENDS)]


def _prior_and_predictive(found: Findings, own: Chances) -> str:
    """The prior beside what follows from it."""
    priors = found.manifest["election"]["priors"]
    normal = 1.6448536269514722  # standard normal quantile of the upper end
    head = ["in nine of ten draws", "from", "middle", "to"]
    rows = [
        [
            "prior: what knowing the candidate adds to the vote, points",
            *_spread(100 * normal * priors["persuasion"], 0.0),
        ],
        ["prior: votes for each point of a perceived lead, points", *_slope(priors, normal)],
        [f"prior: {found.label}'s share of votes, %", *_quantiles(own.base)],
        ["share of votes without the campaign, %", *_quantiles(own.share_quiet)],
        ["share of votes with the campaign, %", *_quantiles(own.share)],
        ["the difference, draw by draw, points", *_quantiles(own.share - own.share_quiet, "{:+.2f}")],
        ["share that the run-off takes, %", *_quantiles(own.needed)],
    ]
    return table(head, rows)


def _what_was_put_in(found: Findings, own: Chances) -> str:
    """What of the difference is the prior's own."""
    low, middle, high = own.effect()
    bandwagon = found.manifest["election"]["priors"]["viability_slope"]
    said = (
        "The middle of the difference lies above 0 because the slope of a bandwagon does so in its prior: that was put in, and not found."
        if middle > 0 and bandwagon > 0
        else ""
    )
    none = "Nine of ten draws hold no effect at all, and harm." if low < 0 < high else ""
    return f"<p>{said} {none}</p>" if said or none else ""


def _spread(width: float, middle: float) -> list[str]:
    return [f"{middle - width:+.2f}", f"{middle:.2f}", f"{middle + width:+.2f}"]


def _slope(priors: dict[str, float], normal: float) -> list[str]:
    ends = (priors["viability_slope"] + sign * normal * priors["viability_spread"] for sign in (-1, 0, 1))
    return [f"{max(0.0, end):.2f}" for end in ends]


def _under_policies(found: Findings) -> str:
    """Draws in which the candidate comes into the run-off, under each policy."""
    if not found.policies:
        return ""
    rows = []
    for policy in ("none", *found.policies):
        own, e = chances(found.worlds, found.votes, policy), _contrast(found, policy)
        low, middle, high = 100 * own.effect()
        rows.append([
            escape(words(policy)) if policy != "none" else "no policy",
            f"{own.reached.mean():.1%}", f"{own.reached_quiet.mean():.1%}",
            two_lines(f"{100 * e['estimate']:.1f}", between_seeds(e["low"], e["high"])),
            two_lines(f"{middle:+.2f}", f"{low:+.2f} to {high:+.2f}"),
        ])  # fmt: skip
    head = [
        "policy",
        "draws in the run-off, with the campaign",
        "without it",
        "difference, points",
        "share of votes, points",
    ]
    note = "<p class='note'>Below a difference stands its 95% interval over seeds, below a share of votes what nine of ten draws say.</p>"
    return (
        f"<h3>Under each policy</h3>{table(head, [[without_signed_zeros(cell) for cell in row] for row in rows])}{note}"
    )


def _polls(found: Findings) -> str:
    """Polls against the vote, folded."""
    if found.polls is None or len(found.polls) == 0:
        return ""
    rows = poll_errors(found.polls, found.arms["campaign"], found.manifest["candidate"])
    if len(rows) == 0:
        return ""
    cells = [
        [f"{row['days_before']} days before, house {escape(str(row['house']))}", f"{row['sample']:,}", f"{100 * row['middle']:.1f}",
         f"{100 * row['low']:.1f} to {100 * row['high']:.1f}", f"{100 * row['error']:.1f}"]
        for row in rows.to_dict("records")
    ]  # fmt: skip
    head = [
        "poll",
        "people who answered",
        f"{found.label}, %",
        "in nine of ten draws",
        "error against the vote, sd in points",
    ]
    return f"<details><summary>Polls before the vote</summary>{table(head, cells)}</details>"


def _caption(found: Findings) -> str:
    return (
        f"Candidate {found.label}. Left: what each poll says, with the campaign and without it; points are middles of all draws, bars "
        "hold nine of ten. Right: share of votes in the first round, all draws but one in 200 that lie higher. Dashed: the share that the "
        "run-off takes, middle of all draws; it differs from draw to draw."
    )


def _note(found: Findings) -> str:
    about = found.manifest["election"]
    when = f"The first round is on {escape(str(about['first_round']))}, the run-off on {escape(str(about['run_off']))}."
    if about["annulled"]:
        again = f" and is held again on {escape(' and '.join(map(str, about['rerun'])))}" if about["rerun"] else ""
        without = "" if about["with_candidate"] or not about["rerun"] else ", without the candidate"
        when += f" It is annulled on {escape(str(about['annulled']))}{again}{without}: what is told above is the vote that was annulled."
    return (
        f"<p class='note'>{when} Each world's election is drawn {about['draws']:,} times: other voters, pollsters and effects, the same "
        "in every arm. Awareness of the candidate grows with every sight and fades with the days; it is the condition for persuasion and "
        "for viability (what people infer from polls and from what they are shown), and moves nobody by itself. All draws are in "
        "election.parquet and election_polls.parquet.</p>"
    )


def election_figure(found: Findings) -> Drawing:
    """Polls before the vote at the left, the distribution of the vote at the right, on one axis of shares."""
    own = chances(found.worlds, found.votes, "none")
    top = 100 * max(float(np.quantile(values, MOST)) for values in (own.share, own.share_quiet, own.needed))
    with settings(LARGE):
        drawing, empty = axes(7.0, 4.6, LARGE)
        empty.remove()
        left, right = drawing.subplots(1, 2, sharey=True, width_ratios=[1.2, 1.0])
        for place, (arm, colour, label) in enumerate(
            (("campaign", CAMPAIGN, "with the campaign"), ("quiet", QUIET, "without it"))
        ):
            _draw_polls(left, found, found.arms[arm], colour, label, 0.3 * (place - 0.5))
        shares = (own.share, CAMPAIGN), (own.share_quiet, QUIET)
        _draw_votes(right, shares, top)
        for panel in (left, right):
            panel.axhline(100 * float(np.median(own.needed)), color="#555555", linewidth=1.2, linestyle="--")
        left.set_ylim(0, top)
        left.set_ylabel(f"% of votes for {found.label}")
        left.set_xlabel("days before the vote")
        right.set_xlabel("% of draws")
        drawing.legend(*left.get_legend_handles_labels(), loc="upper center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    return drawing


def _draw_polls(panel: Any, found: Findings, arm: str, colour: str, label: str, aside: float) -> None:
    """Middles and nine of ten draws of each poll, those of one day beside each other."""
    if found.polls is None:
        return
    rows = poll_errors(found.polls, arm, found.manifest["candidate"])
    if len(rows) == 0:
        return
    beside = rows.groupby("days_before").cumcount().to_numpy()
    when = -rows["days_before"].to_numpy() + aside + 0.7 * beside
    middle, low, high = (100 * rows[name].to_numpy() for name in ("middle", "low", "high"))
    panel.errorbar(
        when,
        middle,
        yerr=[middle - low, high - middle],
        fmt="o",
        color=colour,
        markersize=5,
        linewidth=1.4,
        label=label,
    )
    panel.xaxis.set_major_formatter(lambda day, _: f"{-day:.0f}")


def _draw_votes(panel: Any, shares: tuple[tuple[Floats, str], ...], top: float) -> None:
    """Histograms that lie on their side."""
    bins = np.linspace(0, top, 31)
    for values, colour in shares:
        weight = np.full(len(values), 100 / len(values))
        panel.hist(100 * values, bins=bins, weights=weight, orientation="horizontal", histtype="stepfilled",
                   color=colour, alpha=0.2)  # fmt: skip
        panel.hist(100 * values, bins=bins, weights=weight, orientation="horizontal", histtype="step", color=colour,
                   linewidth=1.8)  # fmt: skip
