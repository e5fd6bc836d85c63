"""How fast the model is, measured in one run on one machine: python -m tests.benchmarks.report [--users N] [--large]."""

import argparse
import json
import os
import platform
import re
import sys
from datetime import date
from pathlib import Path
from time import perf_counter

from sim.runs.engines import cores
from sim.runs.face import versions
from tests.benchmarks import c_twin, scaling, twins, whole_model
from tests.benchmarks.figures import c_lines, figures_of, part_lines, size_lines, speed_lines

PAGE = Path(__file__).parents[2] / "docs" / "PERFORMANCE.md"
BLOCK = re.compile(r"(?<=<!-- figures:begin -->\n).*(?=<!-- figures:end -->)", re.S)


def say(line: str) -> None:
    """Progress, on standard error."""
    print(line, file=sys.stderr, flush=True)


def load() -> float:
    """How many processes wanted to run in the last minute, this one among them."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0


def processor() -> str:
    """The kind of processor, where the system says."""
    listed = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*: (.*)", listed.read_text()) if listed.exists() else None
    return found.group(1) if found else platform.machine()


def measured(users: int, large: bool) -> dict[str, object]:
    """Measure everything; what is compared is measured close together."""
    today, began, before = date.today().isoformat(), perf_counter(), load()
    whole = whole_model.measure(users, say)
    say("kernel beside C")
    in_c = c_twin.compare(*whole.serve_call) if c_twin.compiler() else None
    found = figures_of(whole, twins.measure(say), scaling.measure(say, large), in_c)
    machine = {"date": today, "processor": processor(), "cores": cores(), "versions": versions(), "load_before": before,
               "load_after": load(), "took_s": perf_counter() - began}  # fmt: skip
    return {"machine": machine, **found}


def lines_of(found: dict[str, object]) -> list[str]:
    """The report."""
    machine: dict[str, object] = found["machine"]  # type: ignore[assignment]
    head = ", ".join(f"{name} {version}" for name, version in machine["versions"].items())  # type: ignore[attr-defined]
    busy = f"load {machine['load_before']:.1f} before, {machine['load_after']:.1f} after"
    where = f"{machine['date']}, {machine['cores']} cores of {machine['processor']}"
    lines = [f"{where}; {busy}; took {machine['took_s']:.0f} s", head, ""]
    for section in (speed_lines, part_lines, c_lines, size_lines):
        lines += [*section(found), ""]
    return lines[:-1]


def main() -> None:
    """Read the arguments, measure, print."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--users", type=int, default=100_000, help="users of the whole model")
    reader.add_argument(
        "--large", action="store_true", help="also a world of 10 million users (half an hour, some 9 GB)"
    )
    reader.add_argument("--json", type=Path, metavar="FILE", help="also write the figures as JSON")
    reader.add_argument("--renew", action="store_true", help=f"also write them into {PAGE.name}")
    asked = reader.parse_args()
    found = measured(asked.users, asked.large)
    text = "\n".join(lines_of(found))
    print(text)
    if asked.renew:
        PAGE.write_text(BLOCK.sub(lambda _: f"```\n{text}\n```\n", PAGE.read_text("utf-8")), "utf-8")
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
