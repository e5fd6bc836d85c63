"""Run a crate's results again from what it holds, and say whether they are the same."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.runs import face
from sim.runs.build import scenario_of
from sim.runs.crates import CONFIG, MANIFEST, documents_of, is_comparison, plug_ins_of, question_in
from sim.runs.engines import cores
from sim.runs.question import Question
from sim.runs.recording import code_of
from sim.runs.recording.results import check_comparison, check_world, read_whole
from sim.scenario.config import Scenario
from sim.scenario.documents import read_document
from sim.scenario.files import recorded
from sim.scenario.schema import ScenarioError

SAID = ("assumptions", "policies")  # of a manifest: what only the comments of its presets said


@dataclass(frozen=True)
class Repeatable:
    """What an unpacked crate asks for. question: None of one world."""

    folder: Path
    manifest: Mapping[str, Any]
    scenario: Scenario
    question: Question | None


@dataclass(frozen=True)
class Repeated:
    """Digests of the recorded results and of those made again, and what computed each."""

    recorded: str
    found: str
    versions_recorded: Mapping[str, str]
    versions: Mapping[str, str]

    @property
    def is_same(self) -> bool:
        """Whether all results are the same."""
        return self.recorded == self.found


def repeatable(folder: Path, trust: Sequence[str] = ()) -> Repeatable:
    """Check all that an unpacked crate says, as what any stranger says. Nothing is run.

    Raises ScenarioError where it is damaged, needs plug-ins that were not named, or says what this version does not know.
    """
    for name in (MANIFEST, CONFIG):
        if not (folder / name).is_file():
            raise ScenarioError(f"{folder}: holds no {name}; allowed is a crate that pack has written")
    compared = is_comparison(folder)
    (check_comparison if compared else check_world)(folder)
    manifest, names = read_whole(folder / MANIFEST), documents_of(folder)
    needed = sorted({module for name in names for module in plug_ins_of(read_document(folder / name)[0])} - set(trust))
    if needed:
        ask = " ".join(f"--trust {module}" for module in needed)
        raise ScenarioError(
            f"needs plug-ins that a crate does not hold: {', '.join(needed)}; allowed with {ask} where they are at hand"
        )
    try:
        question = question_in(folder, trust) if compared else None
        scenario = question.scenario if question else scenario_of(recorded(folder / CONFIG, trust), trust)
    except ScenarioError as error:
        by = _version(manifest.get("versions"))
        raise ScenarioError(f"{error} (made by groundswell {by}, read by {face.versions()['groundswell']})") from None
    return Repeatable(folder, manifest, scenario, question)


def repeat(
    asked: Repeatable, out: Path, trust: Sequence[str] = (), threads: int | None = None,
    on_progress: Callable[[int, int, str], None] | None = None,
) -> Repeated:  # fmt: skip
    """Run it again and leave in `out` what the command that made it leaves, from finished worlds on where it was interrupted."""
    manifest, question = asked.manifest, asked.question
    if question is None:
        result = face.simulate(
            asked.scenario, lambda done, total: on_progress(done, total, "") if on_progress else None
        )
        result.write(out, recorded(asked.folder / CONFIG, trust))
    else:
        results = face.run_question(question, out, code_of(trust), threads or cores(), on_progress, None)
        said, command = {key: manifest[key] for key in SAID if key in manifest}, str(manifest["command"])
        face.leave_comparison(results, asked.scenario, question.document, question, out, command, said, None)
    found = read_whole(out / MANIFEST)["digest"]
    return Repeated(str(manifest["digest"]), str(found), _told(manifest.get("versions")), face.versions())


def _told(versions: Any) -> dict[str, str]:
    """Versions as a stranger's manifest tells them, short enough for a message."""
    told = versions.items() if isinstance(versions, Mapping) else ()
    return {str(name)[:40]: str(version)[:40] for name, version in told}


def _version(versions: Any) -> str:
    return _told(versions).get("groundswell", "of an unknown version")
