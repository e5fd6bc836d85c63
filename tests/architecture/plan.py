"""Rooms, arrows, floors and circles of the house, read from its imports.

A room is a folder of `sim` or `analysis`, or a file that lies loose in one of them; `sim` itself is the public face. An arrow
runs from the room that imports to the room that is imported; imports inside functions and for type checks count as well. A room
stands one floor above the highest room that it imports.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import networkx

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("sim", "analysis")
# The plan, from the top: imports run downwards only. Rooms of one line do not know each other.
LAYERS = (
    ("sim/cli",),
    ("sim",),
    ("analysis/evidence", "analysis/lab"),
    ("analysis/assumptions",),
    ("analysis/validation", "analysis/notebook", "analysis/outsider"),
    ("analysis/report", "analysis/sweeps", "analysis/benchmark"),
    ("analysis/estimates", "analysis/detection"),
    ("sim/runs",),
    ("sim/model",),
    ("sim/tactics", "sim/regulator"),
    ("sim/actors", "sim/audience", "sim/recommenders", "sim/moderation", "sim/measures", "sim/elections"),
    ("sim/world", "sim/record"),
    ("sim/scenario", "sim/kernels"),
    ("sim/numbers", "sim/version"),
)


def is_for_type_checks(node: ast.AST) -> bool:
    """Whether what stands below is read by type checkers only."""
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)


def imports(path: Path, with_types: bool = False) -> set[str]:
    """Dotted names of the project that a file imports; for `from a import b` both a and a.b."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = {
        id(inner) for node in ast.walk(tree) if is_for_type_checks(node) and not with_types for inner in ast.walk(node)
    }
    found: set[str] = set()
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in PACKAGES:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
        elif isinstance(node, ast.Import):
            found |= {name.name for name in node.names if name.name.split(".")[0] in PACKAGES}
    return found


@dataclass(frozen=True)
class House:
    """The code below one folder as rooms and files."""

    root: Path

    @cached_property
    def files(self) -> dict[str, Path]:
        """Every file by its dotted name."""
        paths = sorted(path for package in PACKAGES for path in (self.root / package).rglob("*.py"))
        return {self._dotted(path): path for path in paths}

    def _dotted(self, path: Path) -> str:
        return ".".join(path.relative_to(self.root).with_suffix("").parts).removesuffix(".__init__")

    def room(self, dotted: str) -> str:
        """The room of a file."""
        package, *rest = dotted.split(".")
        if rest == ["__main__"]:  # `python -m sim` is the command line
            return "sim/cli"
        return f"{package}/{rest[0]}" if rest else package

    @cached_property
    def between_files(self) -> networkx.DiGraph:
        """Who imports whom, file by file; importing a package's face is importing the face's own file."""
        graph = networkx.DiGraph()
        graph.add_nodes_from(self.files)
        for dotted, path in self.files.items():
            names = imports(path, with_types=True)
            for name in names & set(self.files):
                is_face_on_the_way = any(other.startswith(f"{name}.") and other in self.files for other in names)
                if name != dotted and not (is_face_on_the_way and self.files[name].stem == "__init__"):
                    graph.add_edge(dotted, name)
        return graph

    @cached_property
    def between_rooms(self) -> networkx.DiGraph:
        """Who imports whom, room by room."""
        graph = networkx.DiGraph()
        graph.add_nodes_from(self.room(name) for name in self.files if self.files[name].read_text().count("\n") > 1)
        for one, other in self.between_files.edges:
            if self.room(one) != self.room(other):
                graph.add_edge(self.room(one), self.room(other))
        graph.remove_nodes_from(["analysis"])  # its face hands on what a room offers
        return graph

    def circles(self) -> Iterator[list[str]]:
        """Files that import each other, directly or by way of others."""
        for group in networkx.strongly_connected_components(self.between_files):
            if len(group) > 1:
                yield sorted(group)

    @cached_property
    def floors(self) -> list[list[str]]:
        """Rooms from the ground up; those that import each other in a circle stand on one floor."""
        whole = networkx.condensation(self.between_rooms)
        height: dict[int, int] = {}
        for group in reversed(list(networkx.topological_sort(whole))):
            height[group] = 1 + max((height[below] for below in whole.successors(group)), default=-1)
        rows: list[list[str]] = [[] for _ in range(max(height.values()) + 1)]
        for group, floor in height.items():
            rows[floor] += whole.nodes[group]["members"]
        return [sorted(row) for row in rows]

    def lines(self, room: str) -> int:
        """Lines of all files of a room."""
        return sum(len(path.read_text().splitlines()) for name, path in self.files.items() if self.room(name) == room)

    def figures(self) -> dict[str, str]:
        """What can be said of the house in numbers."""
        size = {room: self.lines(room) for room in self.between_rooms}
        largest = max(size, key=lambda room: size[room])
        back = [
            f"{one} -> {other}"
            for one, other in self.between_rooms.edges
            if networkx.has_path(self.between_rooms, other, one)
        ]
        return {
            "lines": f"{sum(size.values())}",
            "rooms": f"{len(size)}",
            "floors": f"{len(self.floors)}",
            "arrows": f"{self.between_rooms.number_of_edges()}",
            "arrows in a circle of rooms": f"{len(back)} {', '.join(sorted(back))}".strip(),
            "circles of files": f"{len(list(self.circles()))} {'; '.join(', '.join(c) for c in sorted(self.circles()))}".strip(),
            "loose files": f"{sum(self.files[name].stem != '__init__' and name.count('.') == 1 for name in self.files)}",
            "largest room": f"{largest} {size[largest] / sum(size.values()):.0%}",
        }
