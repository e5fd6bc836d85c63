"""Posts of a film: what each is, and how its counters and its stage moved."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sim.runs.about_election import is_about_election
from sim.runs.film.container import Column, narrow
from sim.runs.film.growing import Growing, by_owner
from sim.runs.film.spilled import Spilled
from sim.world.platform import FOLLOWERS_ONLY, NOBODY, Longs
from sim.world.world import GROUPS, World

COUNTERS = ("views", "likes", "comments", "shares")
BEFORE = -1  # hour of what was before the film
UNKNOWN = -100  # stage of a post that was not looked at yet


class PostTable:
    """Posts in the order in which the film came to need them, by number.

    Posts about the election are followed hour by hour. Of any other, counters are noted in hours in which somebody asks, and stages
    never.
    """

    def __init__(self, axes: int, start: int, counts: Spilled | None = None) -> None:
        """axes: topics that are kept; start: hour of the world with which the film begins; counts: where counters are written, in
        memory where it is not said."""
        self.axes, self.start = axes, start
        self.place = np.full(0, -1, dtype=np.int64)  # by number of a post
        self.number = np.zeros(0, dtype=np.int64)
        self.followed = np.zeros(0, dtype=np.bool_)
        self.counted = np.zeros((0, len(COUNTERS)), dtype=np.int64)  # as last noted
        self.stage = np.zeros(0, dtype=np.int64)
        self.opening: tuple[int, Column] = (0, np.zeros((0, len(COUNTERS)), dtype=np.int64))
        self.what = Growing(
            author="int32", hour="int64", second="uint16", candidate="int8", hashtag="int32", sound="int32", disclosed="uint8",
            cause="uint8", supports="int8", followers_only="uint8",
        )  # fmt: skip
        self.topics: list[Column] = []
        self.own_counts = Growing(
            post="int64", hour="int16", views="int64", likes="int64", comments="int64", shares="int64"
        )
        self.counts: Growing | Spilled = counts or self.own_counts
        self.stages = Growing(post="int64", hour="int16", value="int8")

    def open(self, world: World) -> None:
        """As the hour before the film has passed: what posts had then, and those about the election that still live."""
        self.opening = world.platform.first, counters(world, np.arange(len(world.platform.posts)))
        self.add_election(world)

    def add_election(self, world: World, since: int | None = None) -> None:
        """Keep live posts about the election. since: those that appeared in this hour of the world alone."""
        posts = world.platform.posts
        rows = np.arange(0 if since is None else int(np.searchsorted(posts.hour, since)), len(posts))
        self.places(world, rows[is_about_election(world.platform, rows)] + world.platform.first)

    def places(self, world: World, numbers: Longs) -> Longs:
        """Places in the table of some posts, that live or are there; those that are not there yet are added. -1 for others."""
        end = world.platform.first + len(world.platform.posts)
        if len(self.place) < end:
            self.place = np.concatenate([self.place, np.full(end - len(self.place), -1, dtype=np.int64)])
        fresh = np.unique(numbers[numbers >= world.platform.first])
        fresh = fresh[self.place[fresh] < 0]
        if len(fresh):
            self._add(world, fresh)
        found = np.full(len(numbers), -1, dtype=np.int64)
        found[numbers >= 0] = self.place[numbers[numbers >= 0]]
        return found

    def _add(self, world: World, fresh: Longs) -> None:
        posts, row = world.platform.posts, fresh - world.platform.first
        self.place[fresh] = len(self.number) + np.arange(len(fresh))
        self.number = np.concatenate([self.number, fresh])
        self.followed = np.concatenate([self.followed, is_about_election(world.platform, row)])
        author = posts.author[row]
        self.what.add(
            author, posts.hour[row] - self.start, posts.second[row], posts.candidate[row], posts.hashtag[row], posts.sound[row],
            posts.disclosed[row], world.truth.campaign_post[row], world.minds.supports[author],
            (posts.status[row] & FOLLOWERS_ONLY) != 0,
        )  # fmt: skip
        self.topics.append(posts.topic[row, : self.axes].copy())
        first, had = self.opening
        known = fresh - first
        before = np.zeros((len(fresh), len(COUNTERS)), dtype=np.int64)
        old = (known >= 0) & (known < len(had))
        before[old] = had[known[old]]
        some = before.any(axis=1)
        self.counts.add(self.place[fresh[some]], BEFORE, *before[some].T)
        self.counted = np.concatenate([self.counted, before])
        self.stage = np.concatenate([self.stage, np.full(len(fresh), UNKNOWN)])

    def note(self, world: World, hour: int, asked: Longs) -> None:
        """Note what moved since posts were noted last. asked: places of posts that somebody looks at in this hour."""
        live = self.number >= world.platform.first
        wanted = self.followed & live
        wanted[asked[asked >= 0]] = True
        place = np.flatnonzero(wanted & live)
        row = self.number[place] - world.platform.first
        now = counters(world, row)
        moved = now - self.counted[place]
        some = moved.any(axis=1)
        self.counts.add(place[some], hour, *moved[some].T)
        self.counted[place] = now
        self._note_stages(world, hour, place[self.followed[place]])

    def _note_stages(self, world: World, hour: int, place: Longs) -> None:
        """Stages of some posts that have changed; those for followers only are in none."""
        row = self.number[place] - world.platform.first
        competes = (world.platform.posts.status[row] & FOLLOWERS_ONLY) == 0
        place, row = place[competes], row[competes]
        stage = stages_of(world, row)
        if stage is not None:
            changed = stage != self.stage[place]
            self.stages.add(place[changed], hour, stage[changed])
            self.stage[place] = stage

    def what_they_are(self) -> dict[str, Column]:
        """Columns that never change, a row a post."""
        what = self.what.columns()
        what["hour"] = what["hour"].astype(np.int16)
        topic = np.concatenate([np.zeros((0, self.axes), dtype=np.int8), *self.topics])
        return {f"post_{name}": column for name, column in what.items()} | {"post_topic": topic}

    def columns(self) -> dict[str, Column]:
        """Columns of the film."""
        return self.what_they_are() | self._moves(self.own_counts, "count") | self._moves(self.stages, "stage")

    def _moves(self, table: Growing, name: str) -> dict[str, Column]:
        """A table of what moved, post by post."""
        columns = table.columns()
        owner, names = columns.pop("post"), list(columns)
        start, sorted_ = by_owner(owner, len(self.number), [columns[key] for key in names])
        told = {f"{name}_{key}": _small(column) for key, column in zip(names, sorted_, strict=True)}
        return {f"{name}_start": start, **told}


def _small(column: Column) -> Column:
    """Counters in two bytes where they fit."""
    return narrow(column, "uint16", "uint32") if column.dtype == np.int64 else column


def counters(world: World, row: Longs) -> npt.NDArray[np.int64]:
    """Public counters of live posts: a row a post."""
    return np.stack([getattr(world.platform.posts, name)[row] for name in COUNTERS], axis=1).astype(np.int64)


def stages_of(world: World, row: Longs) -> Longs | None:
    """Stages of live posts (0 is the first, -1 left, -2 not begun); None where the recommender has none.

    Where there are two recommenders, those of the first.
    """
    for name in ("stage", f"{GROUPS[0]}.stage"):
        if name in world.beliefs.posts:
            return np.asarray(world.beliefs.posts[name][row], dtype=np.int64)
    return None


def stage_views(recommender: object, users: int) -> list[int]:
    """Views that each stage gives a post in a world of so many users, to the nearest whole; none where the recommender has no stages."""
    profiled = getattr(recommender, GROUPS[0], recommender)
    pools = getattr(profiled, "pools", None)
    return [round(float(views)) for views in pools(users)] if pools else []


def standing(world: World, candidate: int, stages: int) -> Sequence[int]:
    """How many live posts of a candidate wait, are in each stage, and have left; those for followers only are in none of these."""
    posts = world.platform.posts
    rows = np.flatnonzero((posts.candidate == candidate) & ((posts.status & FOLLOWERS_ONLY) == 0))
    found = stages_of(world, rows)
    if found is None or candidate == NOBODY:
        return [0] * (stages + 2)
    return [int((found == stage).sum()) for stage in (-2, *range(stages), -1)]
