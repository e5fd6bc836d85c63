"""Parameter tables of docs/ODD.md, generated from the schema: `python -m analysis.report.odd_tables` writes them anew."""

import importlib
import inspect
import re
from pathlib import Path
from typing import Any

from sim.runs.recording import write_whole
from sim.scenario import config
from sim.scenario.record import Record
from sim.scenario.regulator import Answer, Step
from sim.scenario.schema import parameters

ODD = Path(__file__).resolve().parents[2] / "docs" / "ODD.md"
BEGIN, END = "<!-- parameters:begin -->", "<!-- parameters:end -->"
PARTS = {
    "calendar": config.Calendar,
    "population": config.Population,
    "audience": config.Audience,
    "background": config.Background,
    "record": Record,
    "regulator: a step": Step,
    "regulator: an answer": Answer,
    "moderation": config.Moderation,
    "campaign": config.Campaign,
    "scenario": config.Scenario,
}
FAMILIES = ("recommenders", "audience", "tactics", "moderation", "measures", "elections")


def named_by_presets() -> set[str]:
    """Paths of the classes that presets name."""
    texts = (preset.read_text() for preset in (ODD.parent.parent / "scenarios").glob("*/*.yaml"))
    return {path for text in texts for path in re.findall(r"_target_: ([\w.]+)", text)}


def plug_in_classes() -> dict[str, Any]:
    """Every plug-in with parameters, by its path."""
    found, named = {}, named_by_presets()
    for family in FAMILIES:
        package = importlib.import_module(f"sim.{family}")
        for path in sorted(Path(str(package.__file__)).parent.glob("*.py")):
            module = importlib.import_module(f"sim.{family}.{path.stem}")
            for name, made in inspect.getmembers(module, inspect.isclass):
                if (
                    made.__module__ == module.__name__
                    and hasattr(made, "__dataclass_params__")
                    and f"{module.__name__}.{name}" in named
                ):
                    found[f"{family}: {name}"] = made
    return found


def parameter_tables() -> str:
    """One table a part: parameter, unit, meaning, allowed."""
    lines: list[str] = []
    for title, cls in {**PARTS, **plug_in_classes()}.items():
        own = [p for p in parameters(cls) if title != "scenario" or "." not in p.path]
        if not own:
            continue
        lines += [f"**{title}**", "", "| parameter | unit | meaning | allowed |", "|---|---|---|---|"]
        for p in own:
            allowed = (
                ""
                if p.low is None and p.high is None
                else f"{p.low:g} to {p.high:g}"
                if p.high is not None
                else f"{p.low:g} or more"
            )
            lines.append(f"| {p.path} | {p.unit} | {p.meaning} | {allowed} |")
        lines.append("")
    return "\n".join(lines)


def renewed(document: str) -> str:
    """The document with fresh tables between its markers."""
    before, _, rest = document.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{parameter_tables()}\n{END}{after}"


if __name__ == "__main__":
    write_whole(ODD, renewed(ODD.read_text(encoding="utf-8")).encode())
