"""How a notebook shows a result: what it is, what was found, one figure, a few numbers."""

from collections.abc import Sequence
from html import escape

from analysis.notebook.frames import MODEL


def shown(title: str, lines: Sequence[str], svg: str, rows: Sequence[Sequence[str]] = ()) -> str:
    """HTML without any outside part; only `svg` is taken as it stands."""
    said = "".join(f"<div>{escape(line)}</div>" for line in lines)
    table = "".join(
        "<tr>" + "".join(f"<td style='text-align:left'>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return (
        f"<div style='max-width:44em'><b>{escape(title)}</b><div><small>{MODEL}</small></div>{said}"
        f"<div style='max-width:34em'>{svg}</div>{f'<table>{table}</table>' if rows else ''}</div>"
    )
