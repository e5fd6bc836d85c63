"""Part of who follows whom, to be drawn: the candidate's own account, volunteers, people whose feeds are kept, and whom they follow."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.runs.face import Scouted

NODES = 300
SHOWN = (
    "influencer",
    "volunteer",
)  # kinds that are drawn, up to a third of the nodes; of people no more than are chosen
ROUNDS = 150  # of the layout
SEED = 1  # of the layout


def nodes_of(scouted: Scouted, people: Sequence[int], count: int = NODES) -> list[int]:
    """Accounts to draw, ascending: those above, then the accounts that most of them follow."""
    kinds = np.array(scouted.cast.about["kinds"])[scouted.cast["kind"]]
    campaign = np.flatnonzero(np.isin(kinds, SHOWN))
    nodes = list(dict.fromkeys([scouted.official, *people, *campaign.tolist()[: count // 3]]))[:count]
    who, whom = scouted.follows.T
    followed = np.bincount(whom[np.isin(who, nodes)], minlength=len(kinds))
    followed[nodes] = 0
    order = np.lexsort((np.arange(len(kinds)), -followed))
    more = [account for account in order[: count - len(nodes)].tolist() if followed[account]]
    return sorted([*nodes, *more])


def graph_of(scouted: Scouted, nodes: Sequence[int]) -> dict[str, Any]:
    """Where each node is drawn (0 to 1), and who follows whom among them: a spring layout (Fruchterman and Reingold 1991)."""
    import networkx

    place = {account: number for number, account in enumerate(nodes)}
    edges = [[place[a], place[b]] for a, b in scouted.follows.tolist() if a in place and b in place]
    graph = networkx.Graph()
    graph.add_nodes_from(range(len(nodes)))
    graph.add_edges_from(edges)
    found = networkx.spring_layout(graph, iterations=ROUNDS, seed=SEED)
    at = np.array([found[number] for number in range(len(nodes))]).reshape(-1, 2)
    low, high = at.min(axis=0), at.max(axis=0)
    at = (at - low) / np.maximum(high - low, 1e-9)
    x, y = at.round(4).T.tolist()
    return {"account": list(nodes), "x": x, "y": y, "edges": edges}
