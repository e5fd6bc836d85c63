"""GraphML, written line by line.

networkx builds a graph and a tree of XML first: a million follows took it 19 s and 1.4 GB, and take 2 s and 260 MB here. All that
is written are whole numbers and names of columns, so that nothing needs to be escaped; the tests read it with networkx.
"""

import io
from collections.abc import Iterator, Mapping
from itertools import repeat

import numpy as np
import numpy.typing as npt

Column = npt.NDArray[np.integer] | npt.NDArray[np.bool_]
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
"""


def graphml(nodes: Mapping[str, Column], edges: Mapping[str, Column], ends: tuple[Column, Column]) -> bytes:
    """A directed graph. nodes, edges: attributes by name, one value each; ends: places among the nodes, from and to."""
    out = io.StringIO()
    out.write(HEAD)
    for whose, columns in (("node", nodes), ("edge", edges)):
        for name, column in columns.items():
            kind = "boolean" if column.dtype == np.bool_ else "long"
            out.write(f'<key id="{whose}_{name}" for="{whose}" attr.name="{name}" attr.type="{kind}"/>\n')
    out.write('<graph edgedefault="directed">\n')
    for place, data in enumerate(_data("node", nodes, len(next(iter(nodes.values()))))):
        out.write(f'<node id="n{place}">{data}</node>\n')
    for source, target, data in zip(
        ends[0].tolist(), ends[1].tolist(), _data("edge", edges, len(ends[0])), strict=True
    ):
        out.write(f'<edge source="n{source}" target="n{target}">{data}</edge>\n')
    out.write("</graph>\n</graphml>\n")
    return out.getvalue().encode("ascii")


def _data(whose: str, columns: Mapping[str, Column], count: int) -> Iterator[str]:
    """The attributes of one node or edge after another, nothing where there are none."""
    if not columns:
        yield from repeat("", count)
        return
    heads = [f'<data key="{whose}_{name}">' for name in columns]
    for row in zip(*(column.tolist() for column in columns.values()), strict=True):
        yield "".join(f"{head}{str(value).lower()}</data>" for head, value in zip(heads, row, strict=True))
