"""The validation page: each target with its source, what came out, whether it agrees, and what it exercises."""

from html import escape
from pathlib import Path

from analysis.estimates.words import SIZES
from analysis.report.page import DISCLAIMER, figure, page, section, table
from analysis.validation.drawing import draw
from analysis.validation.stored import Result
from analysis.validation.target import Target
from sim.runs.recording import write_whole

KINDS = {
    "published": "published study", "platform": "real platforms", "null": "must come out null", "known": "known answer",
}  # fmt: skip
CANNOT_TELL = (
    "It is no evidence about any real account, campaign or vote: agreement with published patterns says that the mechanisms are able to make such "
    "patterns, not that they made them anywhere.",
    "It says nothing about votes. No public estimate of the effect of exposure on votes exists that a layer of votes could be held against.",
    f"Absolute totals of a miniature mean nothing, and rates per user are no country's: {SIZES}",
    "The size of a campaign follows alleged numbers. Manufactured visibility answers 'if it was so', not 'was it so'.",
    "Which post becomes a hit cannot be foretold; between worlds with equal inputs a candidate's visibility varies several times over.",
    "What people do off the platform, what they learn about the recommender, and how a platform's staff would react within days are not in it.",
    "A target exercises the parts that stand beside it and no others: a resharing network on followers' feeds says nothing about a staged feed.",
    "Intervals cover luck over seeds, never the assumptions; many numbers in scenarios/ are assumptions.",
)


def write_page(path: Path, results: list[Result], earlier: list[Result], failed: dict[str, str], effort: str) -> None:
    """One file that opens offline."""
    parts = [_opening(results, effort, failed), _overview(results)]
    parts += [_study(result) for result in results]
    parts += [_study(result, f"At full effort, on {result.day}: ") for result in earlier]
    parts += [_limits(), _repeat(results, effort)]
    write_whole(path, page("Groundswell: validation", "\n".join(parts)).encode())


def counted(results: list[Result]) -> str:
    """How many targets agree, in words."""
    targets = [target for result in results for target in result.finding.targets]
    agreeing = sum(target.agrees for target in targets)
    return f"{agreeing} of {len(targets)} targets agree within their tolerance; {len(targets) - agreeing} missed"


def _opening(results: list[Result], effort: str, failed: dict[str, str]) -> str:
    broken = "".join(f"<p class='limits'>The study {escape(k)} failed: {escape(v)}</p>" for k, v in failed.items())
    return (
        f"<h1>Groundswell: validation, effort {escape(effort)}</h1><p class='finding'>{counted(results)}.</p>"
        "<p>Each target states its source and a tolerance, which stands in the code beside it and is not moved to fit a result. A target that is missed is a result and "
        f"stands here as missed, with the reason that was found.</p><p class='limits'>{DISCLAIMER}</p>{broken}"
    )


def _overview(results: list[Result]) -> str:
    missed = [(result, target) for result in results for target in result.missed]
    if not missed:
        return ""
    rows = [
        [escape(target.name), escape(number(target.got)), escape(target.expected), escape(target.reason)]
        for _, target in missed
    ]
    return section("What is missed, and why", table(["target", "got", "expected", "reason"], rows, numbers_from=9))


def _study(result: Result, prefix: str = "") -> str:
    head = ["target", "what", "expected", "got", "95% interval", "agrees", "exercises", "source"]
    rows = [[escape(t.name), KINDS[t.kind], escape(t.expected), number(t.got), between(t), verdict(t), escape(", ".join(t.modules)), escape(t.source)]
            for t in result.finding.targets]  # fmt: skip
    drawn = [figure(draw(curves), escape(curves.title)) for curves in result.finding.curves]
    note = f"<p class='small'>Effort {result.effort}, {result.day}, version {escape(result.version)}, code {result.code}, {result.wall_s:.0f} s.</p>"
    heading = escape(prefix + result.finding.title)
    return section(heading, f"<p>{escape(result.finding.method)}</p>", table(head, rows, numbers_from=9), *drawn, note)


def number(value: float) -> str:
    """A number with the digits that matter."""
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"


def between(target: Target) -> str:
    """The interval of what came out."""
    return "exact" if target.low == target.high else f"{number(target.low)} to {number(target.high)}"


def verdict(target: Target) -> str:
    """Whether it agrees; a miss is marked."""
    return "yes" if target.agrees else "<span class='far'>missed</span>"


def _limits() -> str:
    return section(
        "What the simulator cannot tell", "<ul>" + "".join(f"<li>{line}</li>" for line in CANNOT_TELL) + "</ul>"
    )


def _repeat(results: list[Result], effort: str) -> str:
    option = "" if effort == "normal" else f" --{effort}"
    names = "".join(f" --only {result.name}" for result in results)
    return section("How to repeat it", f"<pre>groundswell validate{option}{names}</pre>")
