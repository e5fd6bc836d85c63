"""docs/VALIDATION.md, from the results that the project keeps: of each study the one with the most effort."""

from pathlib import Path

from analysis.validation.drawing import draw
from analysis.validation.page import CANNOT_TELL, KINDS, between, counted, number
from analysis.validation.stored import KEPT, Result, best_kept, keep
from analysis.validation.studies import STUDIES
from analysis.validation.target import Target
from analysis.validation.workshop import ROOT
from sim.runs.recording import write_whole
from sim.scenario.schema import ScenarioError

DOCS = ROOT / "docs"
ANSWERS_CHANGED = "2026-11-28"  # day of the last change of what the model answers
EARLIER_THAT_DAY = frozenset(
    {"088d7653d6e951fa", "e5ead79c056db3eb"}
)  # code of results made on that day before the change


def is_older(result: Result) -> bool:
    """Whether a result was made before the answers last changed."""
    return result.day < ANSWERS_CHANGED or result.code in EARLIER_THAT_DAY


def write_document(new: list[Result], docs: Path = DOCS, kept: Path = KEPT) -> Path:
    """Keep new results, and write the document and its figures anew from all that are kept."""
    if not docs.is_dir():
        raise ScenarioError(f"--document: {docs} is no folder; allowed in a clone of the repository")
    for result in new:
        keep(result, kept)
    results = [found for name in STUDIES if (found := best_kept(name, kept, is_older))]
    for result in results:
        for place, curves in enumerate(result.finding.curves):
            write_whole(docs / _picture(result, place), draw(curves).encode())
    path = docs / "VALIDATION.md"
    write_whole(path, document(results).encode())
    return path


def _picture(result: Result, place: int) -> str:
    return f"images/validation_{result.name}_{place}.svg"


def document(results: list[Result]) -> str:
    """The text; it names what is missed first."""
    lines = [
        "# Validation", "",
        "Made by `groundswell validate --document` from `analysis/reference_data/results`: of each study the result with the most effort (of those since the answers last changed, where there are any), with its date.",
        f"{counted(results)}. Tolerances stand in the code beside their targets and are not moved to fit a result; what is missed is a result, and is told with the reason that was found.", "",
        "On two quiet cores `groundswell validate --quick` took 2 min 11 s, `validate` 16 min, and `validate --full`, by its studies one by one, some two hours, in the smaller worlds of 26 November 2026. The study of the country adds a minute to the first and five to the second; with `--full` it runs the country itself, some three hours a seed.", "",
        *_older(results), "## What is missed", "",
    ]  # fmt: skip
    lines += [
        f"- **{t.name}** ({r.name}): {number(t.got)}, expected {t.expected}. {_sentence(t.reason)}"
        for r in results
        for t in r.missed
    ] or ["Nothing."]
    for result in results:
        lines += ["", *_study(result)]
    lines += ["", "## What the simulator cannot tell", "", *(f"- {line}" for line in CANNOT_TELL), ""]
    return "\n".join(lines)


def _older(results: list[Result]) -> list[str]:
    """A warning about studies that were made before the model's answers last changed."""
    names = [result.name for result in results if is_older(result)]
    if not names:
        return []
    return [
        f"**Made before the model's answers changed on {ANSWERS_CHANGED}** (CHANGELOG.md), and to be made again: {', '.join(names)}.",
        "",
    ]


def _sentence(reason: str) -> str:
    return f"{reason[:1].upper()}{reason[1:]}." if reason else "The reason has not been found."


def _study(result: Result) -> list[str]:
    lines = [f"## {result.finding.title}", "", result.finding.method, "",
             f"Effort {result.effort}, {result.day}, version {result.version}, {result.wall_s:.0f} s.", "",
             "| target | what | expected | got | 95% interval | agrees | exercises | source |", "|---|---|---|---|---|---|---|---|"]  # fmt: skip
    lines += [_row(target) for target in result.finding.targets]
    for place, curves in enumerate(result.finding.curves):
        lines += ["", f"![{curves.title}]({_picture(result, place)})"]
    return lines


def _row(t: Target) -> str:
    cells = (
        t.name,
        KINDS[t.kind],
        t.expected,
        number(t.got),
        between(t),
        "yes" if t.agrees else "**missed**",
        ", ".join(t.modules),
        t.source,
    )
    return "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"
