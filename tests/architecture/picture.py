"""The picture of docs/ARCHITECTURE.md: `python -m tests.architecture.picture` draws it anew and prints the figures.

An argument is the folder of another checkout, whose figures are then printed and nothing is drawn.
"""

import ast
import sys
from html import escape
from pathlib import Path
from textwrap import wrap

import networkx

from tests.architecture.plan import ROOT, House

PICTURE = ROOT / "docs" / "images" / "architecture.svg"
WIDTH, FLOOR, BOX, GAP, TOP = (
    1180,
    128,
    74,
    22,
    16,
)  # of the page, from floor to floor, of a room, between rooms, margin; px
STYLE = (
    "text{font-family:system-ui,-apple-system,'Segoe UI','DejaVu Sans',sans-serif;fill:#1d2430}.name{font-size:15px;font-weight:600}"
    ".says{font-size:11.5px;fill:#5b6676}.sim{fill:#e8eef6;stroke:#7d93b2}.analysis{fill:#f6ece4;stroke:#c19a78}"
    ".arrow{fill:none;stroke:#8a94a3;stroke-width:1.3}"
)
Place = tuple[float, float, float]  # left, top, width


def drawn_edges(house: House) -> list[tuple[str, str]]:
    """Arrows that no longer way implies; all others could be left out and lead to the same floors."""
    return sorted(networkx.transitive_reduction(house.between_rooms).edges)


def ordered(house: House) -> list[list[str]]:
    """Floors from the top, each with its rooms near those above and below that they are tied to."""
    edges, height = drawn_edges(house), {room: floor for floor, row in enumerate(house.floors) for room in row}
    for room in networkx.topological_sort(house.between_rooms):  # as high as those above allow: shorter arrows
        above = [height[user] for user in house.between_rooms.predecessors(room)]
        height[room] = min(above, default=height[room] + 1) - 1
    rows = [sorted(room for room in height if height[room] == floor) for floor in reversed(range(len(house.floors)))]
    for _ in range(12):
        at = {room: (place + 0.5) / len(row) for row in rows for place, room in enumerate(row)}
        for row in rows:
            tied = {
                room: [at[b] for a, b in edges if a == room] + [at[a] for a, b in edges if b == room] for room in row
            }
            row.sort(key=lambda room: (sum(tied[room]) / len(tied[room]) if tied[room] else 0.5, room))
    return rows


def places(rows: list[list[str]]) -> dict[str, Place]:
    """Where each room stands."""
    found = {}
    for number, row in enumerate(rows):
        width = min(300.0, (WIDTH - GAP * (len(row) + 1)) / len(row))
        left = (WIDTH - len(row) * width - (len(row) - 1) * GAP) / 2
        for place, room in enumerate(row):
            found[room] = (left + place * (width + GAP), TOP + number * FLOOR, width)
    return found


def says(house: House, room: str) -> str:
    """The first sentence that a room says of itself."""
    path = house.files[room.replace("/", ".")]
    said = (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").split("\n\n")[0].replace("\n", " ")
    said = said.split(". ")[0].rstrip(".").removeprefix("Groundswell: ")
    return said[:1].upper() + said[1:]


def box(house: House, room: str, place: Place) -> str:
    """One room with its name and what it says."""
    left, top, width = place
    lines = wrap(says(house, room), int(width / 6.9), max_lines=3, placeholder=" ...")
    name = (
        f"{room}/"
        if (house.root / room).is_dir() and "/" in room
        else "sim (public face)"
        if room == "sim"
        else f"{room}.py"
    )
    text = "".join(
        f'<text class="says" x="{left + 10:.1f}" y="{top + 38 + 14 * n}">{escape(said)}</text>'
        for n, said in enumerate(lines)
    )
    return (
        f'<rect class="{room.split("/")[0]}" x="{left:.1f}" y="{top}" width="{width:.1f}" height="{BOX}" rx="6"/>'
        f'<text class="name" x="{left + 10:.1f}" y="{top + 21}">{escape(name)}</text>{text}'
    )


def arrow(start: Place, end: Place, out: float, into: float) -> str:
    """From the foot of one room to the head of another, past floors between; out and into: where along their widths, 0 to 1."""
    x0, y0 = start[0] + start[2] * out, start[1] + BOX
    x1, y1 = end[0] + end[2] * into, end[1] - 3
    turn, bend = y1 - (FLOOR - BOX - 3), (FLOOR - BOX) / 2
    way = f"M{x0:.1f} {y0} V{turn} C{x0:.1f} {turn + bend} {x1:.1f} {y1 - bend} {x1:.1f} {y1}"
    return f'<path class="arrow" marker-end="url(#tip)" d="{way}"/>'


def picture(house: House) -> str:
    """The house as SVG."""
    rows, edges = ordered(house), drawn_edges(house)
    at = places(rows)
    middle = {room: left + width / 2 for room, (left, _, width) in at.items()}
    below = {a: sorted((b for x, b in edges if x == a), key=lambda b: middle[b]) for a in at}
    above = {b: sorted((a for a, x in edges if x == b), key=lambda a: middle[a]) for b in at}
    share = {edge: ((below[edge[0]].index(edge[1]) + 1) / (len(below[edge[0]]) + 1),
                    (above[edge[1]].index(edge[0]) + 1) / (len(above[edge[1]]) + 1)) for edge in edges}  # fmt: skip
    arrows = [arrow(at[a], at[b], *share[a, b]) for a, b in edges]
    height = 2 * TOP + (len(rows) - 1) * FLOOR + BOX
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        'aria-label="Rooms of the code, and who imports whom">'
        f'<style>{STYLE}</style><rect width="{WIDTH}" height="{height}" fill="#fff"/>'
        '<defs><marker id="tip" markerWidth="8" markerHeight="8" refX="5" refY="3" orient="auto">'
        '<path d="M0 0L6 3L0 6z" fill="#8a94a3"/></marker></defs>'
    )
    return "\n".join([head, *arrows, *(box(house, room, at[room]) for row in rows for room in row), "</svg>", ""])


def main(arguments: list[str]) -> None:
    """Draw, and print the figures."""
    house = House(Path(arguments[0]).resolve() if arguments else ROOT)
    if not arguments:
        PICTURE.write_text(picture(house), encoding="utf-8")
    print("\n".join(f"{name}: {value}" for name, value in house.figures().items()))


if __name__ == "__main__":
    main(sys.argv[1:])
