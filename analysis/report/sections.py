"""The report of a comparison: one HTML file for a reader who has five minutes."""

from html import escape
from pathlib import Path

from analysis.estimates.frontier import words
from analysis.estimates.table import first
from analysis.estimates.words import SIZES, interval
from analysis.report.attribution import attribution_section, dose_section
from analysis.report.bands import bands_section
from analysis.report.controls import controls_section, declared_note
from analysis.report.craft import craft_section, write_craft
from analysis.report.days_gained import days_section, write_days
from analysis.report.earlier_action import earlier_section, write_earlier
from analysis.report.election import election_section
from analysis.report.explanations import rivals_section
from analysis.report.figures import svg_of
from analysis.report.findings import Findings
from analysis.report.gallery import FEW, drawn_of
from analysis.report.opening import opening
from analysis.report.page import figure, page, section, table
from analysis.report.policies import detectors, policies
from analysis.report.sensitivity import matters_sections
from analysis.report.varied import varied_section
from sim.runs.recording import write_whole
from sim.scenario.ranges import is_assumed


def write_report(folder: Path) -> Path:
    """Write report.html, and the figures as files of their own."""
    found = Findings(folder)
    drawn = {name: svg_of(drawing) for name, drawing in drawn_of(found).items()}
    for name, svg in drawn.items():
        write_whole(folder / "figures" / f"{name}.svg", svg.encode())
    parts = [opening(found), bands_section(found.estimates, found.bands, found.manifest), _daily(found, drawn), days_section(found, drawn), earlier_section(found.earlier, drawn, found.manifest), _seeds(found, drawn), _rivals(found),
             rivals_section(found.worlds, found.estimates), policies(found, drawn), varied_section(found), craft_section(found.craft, drawn, found.manifest["currency"]),
             attribution_section(found.worlds, found.estimates, found.series, drawn, found.manifest["currency"]),
             dose_section(found.doses, drawn, found.manifest["currency"]), matters_sections(folder), _money(found, drawn), detectors(found, drawn),
             controls_section(found), _outcomes(found), election_section(found, drawn), _fidelity(found), _how_to_read(found), _assumed(found), _repeat(found)]  # fmt: skip
    write_craft(folder, found.craft)
    write_days(folder, found.days)
    write_earlier(folder, found.earlier)
    path = folder / "report.html"
    title = escape(f"Groundswell: {found.manifest['title']}")
    write_whole(path, page(title, "\n".join(parts)).encode())
    return path


def _daily(found: Findings, drawn: dict[str, str]) -> str:
    caption = f"Candidate {found.label}'s share of political impressions of genuine users. Line: mean over seeds; band: lowest to highest seed."  # fmt: skip
    if found.events:
        caption += " Above: what happens when, numbered as below; what comes before the measured days stands at their beginning, what comes after them behind, not to scale."
    return section(
        "Day by day, with the campaign and without it", figure(drawn["daily_share"], caption), _timeline(found.events)
    )


def _timeline(events: list[dict[str, str]]) -> str:
    """The events above the days, in words."""
    if not events:
        return ""
    lines = [
        f"<li><b>{int(event['date'][8:])}.{int(event['date'][5:7])}.{event['date'][:4]}</b>, {escape(event['kind'])}: {escape(event['what'])}</li>"
        for event in events
    ]
    return f"<ol class='timeline small'>{''.join(lines)}</ol>"


def _seeds(found: Findings, drawn: dict[str, str]) -> str:
    caption = "Each line is one world and its twin: the same people and the same luck, with the campaign and without."
    share, lift = first(found.estimates, "manufactured_share"), first(found.estimates, "lift")
    said = "" if found.nothing else (
        f"<p>What was manufactured is {share.estimate:.0%} of what genuine users saw of this candidate ({interval(share.low, share.high, '{:.0%}')}), whose "
        f"visibility is {lift.estimate:,.1f} times that without the campaign ({interval(lift.low, lift.high, '{:,.1f}')}). Both divide by what is seen without it: the "
        "less that is, the less the two are known, and the more they hang on the size of the world (docs/ODD.md, section 8).</p>"
    )  # fmt: skip
    return section("Seed by seed", figure(drawn["by_seed"], caption), said)


def _rivals(found: Findings) -> str:
    """Other explanations of the same candidate's visibility, side by side."""
    if not found.worlds.rivals or len(found.craft):  # campaigns that meet policies have a section of their own
        return ""
    rows = []
    for name in (found.worlds.campaign, *found.worlds.rivals):
        e = first(found.estimates, "manufactured" if name == found.worlds.campaign else f"extra:{name}")
        arm = f"{name}/none"
        authored = found.mean(arm, "candidate_authored") / found.mean(arm, "genuine_users")
        rows.append([escape(name.replace("_", " ")), f"{e.estimate:.2f} ({interval(e.low, e.high)})", f"{authored:.2f}",
                     f"{found.mean(arm, 'spent'):,.0f}"])  # fmt: skip
    head = ["explanation", "extra impressions per user", "thereof caused posts", f"money, {escape(found.manifest['currency'])}"]  # fmt: skip
    return section("Rival explanations, side by side", table(head, rows))


def _money(found: Findings, drawn: dict[str, str]) -> str:
    cost, multiplier = first(found.estimates, "cost"), first(found.estimates, "multiplier")
    currency = escape(found.manifest["currency"])
    words = "" if found.nothing else (
        f"<p>A thousand extra impressions cost {cost.estimate:.2f} {currency} ({interval(cost.low, cost.high)}). For each extra impression of "
        f"the campaign's own posts there were {multiplier.estimate:.2f} of other people's ({interval(multiplier.low, multiplier.high)}).</p>"
    )  # fmt: skip
    drawing = (
        figure(drawn["money"], "Spending by tactic, at the scale of the miniature.")
        if "money" in drawn
        else "<p>No money was spent.</p>"
    )
    return section("Where the money went", words, drawing)


def _outcomes(found: Findings) -> str:
    """How often each outcome happened: unpredictability is a result."""
    worlds, arms = found.worlds, found.arms
    quiet, campaign = (
        worlds.column(arms["quiet"], "candidate_impressions"),
        worlds.column(arms["campaign"], "candidate_impressions"),
    )
    n = len(quiet)
    lines = [f"In {int((campaign > quiet).sum())} of {n} worlds the candidate was seen more with the campaign than without.",
             f"In {int((campaign > 2 * quiet).sum())} of {n} worlds more than twice as much."]  # fmt: skip
    under = [
        f"Under {escape(words(policy))}, in {int((worlds.column(f'{worlds.campaign}/{policy}', 'candidate_impressions') < campaign).sum())} of {n} worlds less than without a policy."
        for policy in found.policies
    ]
    if len(under) > FEW:
        return section("How often each outcome happened", _list(lines), f"<details><summary>Under each of {len(under)} policies</summary>{_list(under)}</details>")  # fmt: skip
    return section("How often each outcome happened", _list([*lines, *under]))


def _list(lines: list[str]) -> str:
    return "<ul>" + "".join(f"<li>{line}</li>" for line in lines) + "</ul>"


def _fidelity(found: Findings) -> str:
    rows = []
    for row in found.manifest["fidelity"]:
        ratio = row["simulated"] / row["real"] if row["real"] else float("nan")
        far = not 0.5 <= ratio <= 2
        rows.append([escape(f"{row['quantity']} ({row['unit']})"), f"{row['real']:,.4g}", f"{row['simulated']:,.4g}",
                     f"<span class='far'>{ratio:.3g}</span>" if far else f"{ratio:.2f}"])  # fmt: skip
    note = "<p class='note'>Ratios beyond 2 are marked. A miniature keeps rates per user, not totals; it holds more posts with fewer views each.</p>"
    if found.manifest["scale"] < 1:
        note += f"<p class='note'>What a world shows of a campaign hangs on its size: {SIZES}</p>"
    return section("What the miniature keeps", table(["quantity", "real", "simulated", "ratio"], rows), note)


def _how_to_read(found: Findings) -> str:
    return section("How to read this", (
        "<p>Every world is simulated with and without the campaign. The same person meets the same luck in both, so that they differ only where "
        "the campaign made them differ. Visibility counts impressions delivered to genuine users: everyone but sleepers, hired influencers, vendors' and "
        "candidates' own accounts. Volunteers are real users and count as genuine; the table of detectors shows them apart. Manufactured visibility is the difference between the two worlds. Intervals are Student's t with jackknife standard errors over seeds, fixed in advance; of shares on the logit scale, so that they stay between 0 and 1 (dampening is no such share: a policy can make things worse).</p>"
        f"<p>{declared_note(found)}</p>"
    ))  # fmt: skip


def _assumed(found: Findings) -> str:
    rows = [[escape(str(row["key"])), escape(str(row["value"]))[:60], escape(row["unit"]), escape(row["source"])]
            for row in found.manifest["assumptions"]]  # fmt: skip
    body = table(["parameter", "value", "unit", "source"], rows, numbers_from=9)
    unknown = sum(is_assumed(row["source"]) for row in found.manifest["assumptions"])
    said = f"{unknown} of {len(rows)} numbers are assumptions: nobody knows them. Where a range is stated beside one, it is thought to lie in it."
    return section(
        "What was assumed",
        f"<p>{said}</p><details><summary>All {len(rows)} numbers with their sources</summary>{body}</details>",
    )


def _repeat(found: Findings) -> str:
    m = found.manifest
    versions = ", ".join(f"{escape(k)} {escape(v)}" for k, v in m["versions"].items())
    return section("How to repeat it", (
        f"<pre>{escape(m['command'])}</pre><p class='small'>Seeds {m['seeds'][0]} to {m['seeds'][-1]}; {versions}; "
        f"digest of all results <code>{escape(m['digest'])}</code>. Equal runs have equal digests on any machine.</p>"
    ))  # fmt: skip
