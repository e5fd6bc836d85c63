"""Imports run downwards only; the truth has one door; families do not know each other."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "sim").rglob("*.py"))
FAMILIES = {"actors", "recommenders", "moderation", "measures", "tactics", "audience"}
LOWER = {"world", "kernels", "randomness", "numerics", "clock", "schema", "config", "arrays"}
MAY_IMPORT = {
    "randomness": set(), "clock": set(), "schema": set(), "numerics": set(), "arrays": set(), "kernels": {"randomness", "numerics"},
    "config": {"arms", "clock", "schema"}, "world": LOWER, "actors": LOWER, "recommenders": LOWER, "moderation": LOWER,
    "measures": LOWER, "audience": LOWER, "tactics": LOWER | {"actors"},
}  # fmt: skip


def imports(path: Path) -> set[str]:
    """Modules of the project that a file imports when it runs (not for type checks only)."""
    tree = ast.parse(path.read_text())
    skipped = {id(inner) for node in ast.walk(tree) if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
               for inner in ast.walk(node)}  # fmt: skip
    found = set()
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in ("sim", "analysis"):
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
        elif isinstance(node, ast.Import):
            found |= {name.name for name in node.names if name.name.split(".")[0] in ("sim", "analysis")}
    return found


def room(path: Path) -> str:
    return path.relative_to(ROOT / "sim").parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_run_downwards_and_families_keep_apart(path: Path) -> None:
    if room(path) in MAY_IMPORT:
        rooms = {name.split(".")[1] for name in imports(path) if name.startswith("sim.")} - {room(path)}
        assert rooms <= MAY_IMPORT[room(path)]


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
        if room(path) in FAMILIES:
            continue
        for name in imports(path):
            parts = name.split(".")
            if parts[0] == "sim" and len(parts) > 2 and parts[1] in ("recommenders", "moderation", "tactics"):
                assert parts[2] in bases
