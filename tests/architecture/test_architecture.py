"""Imports run downwards only, nothing imports in a circle; the truth has one door; families do not know each other."""

import re
from pathlib import Path

import pytest

from tests.architecture.picture import PICTURE, picture
from tests.architecture.plan import LAYERS, ROOT, House, imports

HOUSE = House(ROOT)
FILES = sorted((ROOT / "sim").rglob("*.py"))
LAYER = {room: number for number, row in enumerate(LAYERS) for room in row}


def room(path: Path) -> str:
    return path.relative_to(ROOT / "sim").parts[0].removesuffix(".py")


def test_every_room_stands_in_the_plan() -> None:
    assert set(HOUSE.between_rooms) == set(LAYER)


def test_imports_run_downwards_and_families_keep_apart() -> None:
    back = [(one, other) for one, other in HOUSE.between_rooms.edges if LAYER[one] >= LAYER[other]]
    assert back == []


def test_no_files_import_in_a_circle() -> None:
    """Imports inside functions and for type checks included."""
    assert list(HOUSE.circles()) == []


def test_a_circle_and_an_arrow_that_runs_back_are_seen(tmp_path: Path) -> None:
    """The tests above can fail."""
    for name, text in {
        "world/a.py": "def f():\n    from sim.model import x\n",
        "model.py": "import sim.world.a\n\nx = 1\n",
    }.items():
        (tmp_path / "sim" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "sim" / name).write_text(text)
    house = House(tmp_path)
    assert list(house.circles()) == [["sim.model", "sim.world.a"]]
    assert ("sim/world", "sim/model") in house.between_rooms.edges


def test_the_picture_is_that_of_the_code() -> None:
    assert PICTURE.read_text() == picture(HOUSE), "run python -m tests.architecture.picture"


def test_where_do_i_put_it_names_places_that_exist() -> None:
    page = (ROOT / "docs" / "ARCHITECTURE.md").read_text()
    places = re.findall(r"`((?:sim|analysis|scenarios|tests|docs)/[\w/.*]+)`", page)
    assert places
    assert [place for place in places if not list(ROOT.glob(place.rstrip("/")))] == []


def test_analysis_reads_runs_by_recording_and_runs_worlds_by_their_face() -> None:
    """Validation and calibration may step a model; the audit's page names the type of what it was given."""
    doors = (
        "sim.runs.recording",
        "sim.runs.face",
        "sim.runs.question",
        "sim.runs.audit",
        "sim.runs.engines",  # where processes start; the lab's server starts its own, and imports nothing that computes
        "sim.runs.sweeps.ask",
        "sim.measures.units",
        "sim.scenario",
        "sim.numbers",
        "sim.kernels",
    )
    for path in sorted((ROOT / "analysis").rglob("*.py")):
        if path.relative_to(ROOT).parts[1] not in ("validation", "assumptions"):
            used = {name for name in imports(path) if name.startswith("sim")} - {"sim.runs"}
            assert {name for name in used if not name.startswith(doors)} == set(), path


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_truth_is_imported_in_world_and_measures_only(path: Path) -> None:
    if room(path) not in ("world", "measures"):
        assert not any(name.startswith("sim.world.truth") for name in imports(path))
    if room(path) in ("recommenders", "moderation"):
        assert not any(
            name.startswith(("sim.world.minds", "sim.world.evidence", "sim.world.changes")) for name in imports(path)
        )


def test_only_changes_is_imported_to_write_and_only_by_the_model() -> None:
    users = {room(path) for path in FILES if any(name.startswith("sim.world.changes") for name in imports(path))}
    assert users == {"model"}


def test_nobody_imports_a_concrete_plug_in() -> None:
    bases = {"base", "ranked", "review_desk"}
    for path in FILES:
        if room(path) in {"actors", "recommenders", "moderation", "measures", "tactics", "audience"}:
            continue
        for name in imports(path):
            parts = name.split(".")
            if parts[0] == "sim" and len(parts) > 2 and parts[1] in ("recommenders", "moderation", "tactics"):
                assert parts[2] in bases
