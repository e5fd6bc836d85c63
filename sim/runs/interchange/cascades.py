"""Share trees: who shared a post, and from whom.

A record says who shared what and when, not by whom a person came to it. As for real cascades, that is inferred: the source of a
share is whoever shared (or posted) it last before, among those whom the sharer follows (Goel, Anderson, Hofman and Watts, The
Structural Virality of Online Diffusion, Management Science 62(1), 2016). Where the sharer follows none of them, the post came
another way, by the recommender or by a link, and the share has no source: it begins a tree of its own.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.model import CampaignModel
from sim.runs.interchange.base import GRAPHML, opening_second
from sim.runs.interchange.graphml import graphml
from sim.runs.recording import write_table, write_whole
from sim.world.platform import NOBODY, SHARE, Graph


class Share(NamedTuple):
    """One account's first share of one post. source: from whom, NOBODY where nobody whom it follows had shared it."""

    post: int
    author: int
    source: int
    target: int
    timestamp: int  # seconds since 1970
    posted: int  # when the post appeared, seconds since 1970


class CascadeFile:
    """Every account's first share of every post; whoever shares their own post is its author already."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.shares: list[Share] = []
        self.sharers: dict[int, dict[int, int]] = {}  # of each live post: its author and who has shared it, in order

    def begin(self, model: CampaignModel) -> None:
        """Take the time of hour 0."""
        self.opened = opening_second(model.rules)

    def note(self, model: CampaignModel) -> None:
        """Read the hour's shares, in the order in which they happened."""
        platform, hour = model.world.platform, model.world.hour - 1
        log, posts, first = platform.log[-1], platform.posts, platform.first
        self.sharers = {post: known for post, known in self.sharers.items() if post >= first}
        for place in np.flatnonzero(log.verb == SHARE).tolist():
            post, target = int(log.post[place]), int(log.account[place])
            row = post - first
            author = int(posts.author[row])
            known = self.sharers.setdefault(post, {author: 0})
            if target in known:
                continue
            source = last_followed(platform.graph, target, known)
            posted = self.opened + 3600 * int(posts.hour[row]) + int(posts.second[row])
            when = self.opened + 3600 * hour + int(log.second[place])
            self.shares.append(Share(post, author, source, target, when, posted))
            known[target] = len(known)

    def finish(self, model: CampaignModel) -> None:
        """Write the trees."""
        table = pd.DataFrame(self.shares, columns=list(Share._fields), dtype="int64")
        if self.path.suffix == GRAPHML:
            return write_whole(self.path, as_graphml(table))
        table["source"] = table["source"].astype("Int64").mask(table["source"] == NOBODY)
        return write_table(self.path, table)

    def drop(self) -> None:
        """Nothing was written."""


def last_followed(graph: Graph, user: int, known: dict[int, int]) -> int:
    """The last of some accounts whom a user follows, NOBODY where there is none. known: their places in order, by account."""
    if len(known) <= int(graph.following_start[user + 1] - graph.following_start[user]):
        return next((account for account in reversed(known) if graph.follows(user, account)), NOBODY)
    followed = graph.following[graph.following_start[user] : graph.following_start[user + 1]].tolist()
    link = int(graph.newest_added[user])
    while link != NOBODY:
        followed.append(int(graph.added_author[link]))
        link = int(graph.added_before[link])
    return max((account for account in followed if account in known), key=known.__getitem__, default=NOBODY)


def as_graphml(table: pd.DataFrame) -> bytes:
    """A node for each post's author and for each share, an edge from whom it came; a share without a source has no edge to it."""
    roots = table.drop_duplicates("post")
    post = np.concatenate([roots["post"], table["post"]])
    account = np.concatenate([roots["author"], table["target"]])
    when = np.concatenate([roots["posted"], table["timestamp"]])
    places = {pair: place for place, pair in enumerate(zip(post.tolist(), account.tolist(), strict=True))}
    linked = table[table["source"] != NOBODY]
    ends = tuple(
        np.array([places[pair] for pair in zip(linked["post"], linked[end], strict=True)], dtype=np.int64)
        for end in ("source", "target")
    )
    return graphml({"post": post, "account": account, "timestamp": when}, {}, (ends[0], ends[1]))
