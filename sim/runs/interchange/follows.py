"""The follow graph of a world at its end."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.model import CampaignModel
from sim.runs.interchange.base import GRAPHML
from sim.runs.interchange.graphml import graphml
from sim.runs.recording import write_table, write_whole
from sim.world.platform import NOBODY, Graph

Longs = npt.NDArray[np.int64]


class GraphFile:
    """Who follows whom: `source` follows `target`; `at_start` where that was so when the world began."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def begin(self, model: CampaignModel) -> None:
        """Nothing yet."""

    def note(self, model: CampaignModel) -> None:
        """Follows stay in the record."""

    def finish(self, model: CampaignModel) -> None:
        """Write the graph, every account a node."""
        graph = model.world.platform.graph
        edges = follows(graph)
        if self.path.suffix != GRAPHML:
            return write_table(self.path, edges)
        accounts = np.arange(len(graph.following_start) - 1)
        ends = edges["source"].to_numpy(), edges["target"].to_numpy()
        return write_whole(self.path, graphml({"account": accounts}, {"at_start": edges["at_start"].to_numpy()}, ends))

    def drop(self) -> None:
        """Nothing was written."""


def follows(graph: Graph) -> pd.DataFrame:
    """All follows in the order of those who follow: as the world began, then as they were added."""
    accounts = np.arange(len(graph.following_start) - 1, dtype=np.int64)
    source = np.repeat(accounts, np.diff(graph.following_start))
    later, whom = _added(graph)
    table = pd.DataFrame({
        "source": np.concatenate([source, later]),
        "target": np.concatenate([graph.following.astype(np.int64), whom]),
        "at_start": np.repeat([True, False], [len(source), len(later)]),
    })  # fmt: skip
    return table.sort_values(["source", "at_start"], ascending=[True, False], kind="stable", ignore_index=True)


def _added(graph: Graph) -> tuple[Longs, Longs]:
    """Who has begun to follow whom since; links run from each account's newest back to its first."""
    who, link = np.flatnonzero(graph.newest_added != NOBODY), graph.newest_added[graph.newest_added != NOBODY]
    found = [np.zeros((0, 3), dtype=np.int64)]
    while len(link):
        found.append(np.column_stack([link, who, graph.added_author[link]]).astype(np.int64))
        before = graph.added_before[link]
        who, link = who[before != NOBODY], before[before != NOBODY]
    rows = np.concatenate(found)
    rows = rows[np.argsort(rows[:, 0], kind="stable")]
    return rows[:, 1], rows[:, 2]
