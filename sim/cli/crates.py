"""Results that travel: `pack` makes one file of a finished folder, `repeat` runs it again."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.options import Json, Out, Scenarios, Threads, Trust, folder_for
from sim.cli.terminal import Progress, compiling, counted, say

if TYPE_CHECKING:
    from sim.runs.crates.repeating import Repeated


def pack(
    folder: Annotated[Path, typer.Argument(help="A folder that run or compare has written.")],
    out: Annotated[Path | None, typer.Option("--out", help="The file.zip; else beside the folder, with its name.")] = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Pack a finished folder as an RO-Crate, with all that makes it again."""
    from sim.runs.crates.packing import pack as pack_it

    crate = pack_it(folder, out)
    if crate.plug_ins:
        say(f"not in it, and needed to repeat it: plug-ins of {', '.join(crate.plug_ins)}")
    if as_json:
        told = {"files": crate.files, "bytes": crate.bytes, "digest": crate.digest, "plug_ins": crate.plug_ins}
        print(json.dumps({"out": str(crate.path), **told}))
        return
    print(f"{counted(crate.files, 'file')}, {crate.bytes / 1e6:.1f} MB; digest {crate.digest[:12]}")
    print(f"to make it again: groundswell repeat {crate.path.name}")
    print(crate.path)


def repeat(
    crate: Annotated[Path, typer.Argument(help="A file that pack has written.")],
    out: Out = None, threads: Threads = None, scenarios: Scenarios = None, as_json: Json = False, trust: Trust = None,
) -> None:  # fmt: skip
    """Run a packed folder again; status 0 where its digest is the same, 1 where it is not."""
    from sim.runs.cost import warnings
    from sim.runs.crates.repeating import repeat as repeat_it
    from sim.runs.crates.repeating import repeatable
    from sim.runs.crates.unpacking import unpack
    from sim.runs.engines import cores
    from sim.scenario.files import check_folder
    from sim.scenario.plug_ins import find_plug_ins
    from sim.scenario.schema import ScenarioError

    check_folder(scenarios)
    find_plug_ins(scenarios, tuple(trust or ()))
    if not crate.is_file():
        raise ScenarioError(f"{crate}: given, allowed a file that pack has written")
    folder = folder_for(out, f"{crate.stem}-repeat", [str(crate)], None)
    asked = repeatable(unpack(crate, folder), tuple(trust or ()))
    arms = len(asked.question.arms) + len(asked.question.versions) if asked.question else 1
    seeds = asked.scenario.replications if asked.question else 1
    worlds = counted(arms * seeds, "world")
    say(f"{asked.scenario.title}: {worlds} again{compiling()}")
    for line in warnings(asked.scenario, arms, seeds, threads or cores()):
        say(line)
    progress = Progress("seeds" if asked.question else "hours", one_by_one=True)
    done = repeat_it(asked, folder, tuple(trust or ()), threads, progress)
    if as_json:
        digests = {"is_same": done.is_same, "digest": done.found, "recorded_digest": done.recorded}
        told = {"versions": done.versions, "recorded_versions": done.versions_recorded}
        print(json.dumps({"out": str(folder), **digests, **told}))
    else:
        print("\n".join([*in_words(done), str(folder)]))
    if not done.is_same:
        raise typer.Exit(1)


def in_words(done: "Repeated") -> list[str]:
    """Whether it is the same; where it is not, both digests and both sets of versions."""
    if done.is_same:
        return [f"the same: digest {done.found}"]
    return [
        "not the same:",
        f"recorded {done.recorded}, by {_versions(done.versions_recorded)}",
        f"repeated {done.found}, by {_versions(done.versions)}",
    ]


def _versions(versions: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {version}" for name, version in versions.items())
