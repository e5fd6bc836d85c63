"""What the two commands do: write a benchmark whole, and score what anybody flagged on one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.benchmark.baselines import baselines, flags_of, loudness, packed_name
from analysis.benchmark.datasheet import datasheet
from analysis.benchmark.flags import WORLD, read_flags
from analysis.benchmark.load import Folder, open_benchmark
from analysis.benchmark.manifest import (
    LICENCE_TEXT,
    PUBLIC,
    SEALED,
    are_there,
    manifest_of,
    put,
    put_text,
    write_lists,
    write_manifest,
)
from analysis.benchmark.plan import OPEN, TEST, TRAINING, Order, cost
from analysis.benchmark.score import Judged, judge
from analysis.benchmark.tables import written
from analysis.benchmark.words import FOUND, aligned, columns, table_in_words
from analysis.benchmark.write import FINISHED, Progress, write_worlds
from sim.kernels import fingerprint
from sim.runs.recording import name_of, rows_of
from sim.runs.recording.results import read_sealed, write_sealed
from sim.scenario.schema import ScenarioError, nearest

HANDED_ON = ("busiest", "detect_60s_2")  # baselines whose flags lie in the public folder, as examples of the form
HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Scored:
    """What flags were worth. table: see `Judged.table`."""

    which: str
    judged: Judged
    table: pd.DataFrame

    @property
    def document(self) -> dict[str, Any]:
        """For machines: shares between 0 and 1, innocents of 100,000, delays in hours."""
        judged = self.judged
        counted = {"rows_repeated": judged.repeated, "flags_elsewhere": judged.elsewhere}
        return {"set": self.which, **counted, "groups": rows_of(self.table), "worlds": rows_of(judged.worlds)}


def write_benchmark(
    order: Order, out: Path, on_progress: Progress | None, say: Callable[[str], None]
) -> dict[str, Any]:
    """Write what was ordered into a folder that this process holds: worlds, baselines, datasheet, licence, and the manifest last."""
    rows = write_worlds(order, out, on_progress)
    files: dict[str, Any] = {name: said for each in rows["files"] for name, said in each.items()}
    files |= write_lists(rows, order.salt, out)
    data = manifest_of(files, files)
    say("baselines are run on the test worlds")
    known = _baselines(Folder(out / PUBLIC, out / SEALED, data), out, data)
    scores = {name: pd.DataFrame(table) for name, table in known["scores"].items()}
    sheet = datasheet(order, rows, data, scores, pd.DataFrame(known["loudness"]))
    texts = put_text(out, f"{PUBLIC}/LICENCE.md", LICENCE_TEXT) | put_text(out, f"{PUBLIC}/DATASHEET.md", sheet)
    manifest = write_manifest({**files, **texts, **known["files"]}, files, out)
    keys = ("digest", "sealed", "bytes")
    return {
        "out": str(out),
        "worlds": len(rows),
        "salt_is_open": order.salt == OPEN,
        **{key: manifest[key] for key in keys},
    }


def _baselines(folder: Folder, out: Path, data: dict[str, Any]) -> dict[str, Any]:
    """Scores of each baseline on the test worlds, files of some, loudness of accounts; what was made of the same worlds is used again."""
    code = fingerprint(sorted([*HERE.glob("*.py"), *(HERE.parent / "detection").glob("*.py")]))
    key, path = name_of([code, data["digest"], data["sealed"]]), out / FINISHED / "baselines.json"
    record = read_sealed(path) or {}
    if record.get("key") != key or not are_there(out, record["files"]):
        scores, files = dict[str, Any](), dict[str, Any]()
        for name, detector in baselines(folder).items():
            flags = flags_of(detector, folder, TEST)
            scores[name] = rows_of(judge(flags, folder, TEST).table())
            if name in HANDED_ON:
                files |= put(out, f"{PUBLIC}/{packed_name(name, TEST)}", written(flags.astype({"hour": "Int64"})))
        record = {"key": key, "scores": scores, "files": files, "loudness": rows_of(loudness(folder))}
        write_sealed(path, record)
    return record


def score_of(path: Path, folder: Path, which: str | None, levels: Sequence[str], sealed: Path | None) -> Scored:
    """What flags are worth on a benchmark. which: the set, else the one whose worlds are in them. Raises ScenarioError."""
    opened = open_benchmark(folder, sealed)
    if which not in (None, TRAINING, TEST):
        raise ScenarioError(f"--set: {which} given; {nearest(str(which), (TRAINING, TEST))}")
    flags, repeated = read_flags(path, opened.accounts)
    named = sorted({TRAINING if world.startswith(TRAINING) else TEST for world in flags[WORLD]})
    if which is None and len(named) != 1:
        said = "both sets" if named else "no world"
        raise ScenarioError(f"{path}: flags on {said} given, allowed with --set training or test")
    chosen = which or named[0]
    there = list(dict.fromkeys(opened.labelled(chosen)["level"]))
    for level in levels:
        if level not in there:
            raise ScenarioError(f"--level: {level[:60]} given; {nearest(level, there)}")
    found = judge(flags, opened, chosen, levels, repeated)
    return Scored(chosen, found, found.table())


def score_in_words(found: Scored) -> str:
    """A score for people."""
    lines = [
        f"{found.which} worlds: {len(found.judged.worlds)}; percent, with 95% intervals over worlds",
        aligned(table_in_words(found.table, FOUND)),
        "found: of the accounts that somebody directs",
        aligned(table_in_words(found.table, columns().keys() - FOUND)),
        "right: of the flags, where so many of all accounts are directed as the heading says",
    ]
    share = found.table["volunteers_hit"].iloc[-1]
    if share > 0:
        lines.append(
            f"of the innocents hit {share:.0%} are people who follow a channel's calls: they act together of their own will"
        )
    if found.judged.repeated:
        lines.append(
            f"{found.judged.repeated} rows flagged an account again: it counts once, by its highest score and earliest hour"
        )
    if found.judged.elsewhere:
        lines.append(f"{found.judged.elsewhere} flags on other worlds than these are left out")
    return "\n".join(lines)


def cost_in_words(order: Order) -> str:
    """What an order will cost."""
    asked = cost(order)
    minutes = asked["seconds"] / 60
    time = f"{minutes:.0f} minutes" if minutes >= 2 else f"{asked['seconds']:.0f} seconds"
    return f"{asked['worlds']} worlds, about {time} of one core and {asked['bytes'] / 1e6:.1f} MB"


def in_words(summary: dict[str, Any]) -> str:
    """What was written."""
    open_ = (
        "; the salt is the open one: anybody can make the labels of the test worlds" if summary["salt_is_open"] else ""
    )
    return "\n".join((
        f"{summary['worlds']} worlds, {summary['bytes'] / 1e6:.1f} MB to hand on; digest {summary['digest']}",
        f"hand on {summary['out']}/{PUBLIC}; keep {summary['out']}/{SEALED}{open_}",
    ))  # fmt: skip
