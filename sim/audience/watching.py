"""People watch what they are shown: watching through, liking, commenting, sharing, following, reporting."""

import numpy as np

from sim.kernels.columns import Caps, FollowColumns, PostColumns, UserColumns
from sim.kernels.reactions import Weights, acts_in, react
from sim.kernels.serving import serve
from sim.numbers.arithmetic import units
from sim.numbers.columns import Room
from sim.numbers.luck import threshold
from sim.scenario.config import Audience
from sim.world.actions import Feeds, Mixed, Shortlists, Shown, StandingFeeds, Tally, Visits
from sim.world.platform import NOBODY, Platform
from sim.world.world import World

FEEDS = Room()  # memory of what is shown in an hour


def watch(
    world: World, audience: Audience, visits: Visits, offered: Feeds | Shortlists | StandingFeeds | Mixed
) -> Shown:
    """What visitors are shown, and their reactions: to given feeds, or to feeds filled from standing lists block by block."""
    if isinstance(offered, StandingFeeds):
        return watch(world, audience, visits, offered.new)
    if isinstance(offered, Mixed):
        return _side_by_side(world, audience, visits, offered)
    if len(visits.visitors) == 0:
        return nothing_shown(visits)
    if isinstance(offered, Shortlists):
        return _from_lists(world, audience, visits, offered)
    feeds, posts, minds = offered, world.platform.posts, world.minds
    flags = np.zeros(len(feeds.row), dtype=np.uint8)
    react(
        feeds.visitors, feeds.offset, feeds.length, feeds.row, feeds.lane, minds.key, minds.interest, minds.expressive,
        posts.key, posts.topic, minds.felt, posts.likes, posts.candidate, posts.disclosed, posts.status, posts.spoken_of,
        minds.appeal, weights_of(audience), flags,
    )  # fmt: skip
    return Shown(feeds, flags, _acts(feeds, flags), feeds.length, Tally.empty())


def nothing_shown(visits: Visits) -> Shown:
    """An hour in which nobody opens the app."""
    none, bits = np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.uint8)
    feeds = Feeds(visits.visitors, none.astype(np.int64), none, none, bits, visits.second)
    return Shown(feeds, bits, none, none, Tally.empty())


def _side_by_side(world: World, audience: Audience, visits: Visits, offered: Mixed) -> Shown:
    """What each of several recommenders shows to its own visitors, and all of it together in the order of visitors."""
    parts = tuple(
        watch(world, audience, visits.of(places), offer)
        for places, offer in zip(offered.places, offered.offers, strict=True)
    )
    order = np.argsort(np.concatenate(offered.places))
    before = np.cumsum([0, *(len(part.feeds.row) for part in parts)])
    offset = np.concatenate([part.feeds.offset + begin for part, begin in zip(parts, before, strict=False)])
    length, acts, direct = (
        np.concatenate(columns)[order]
        for columns in zip(*((part.feeds.length, part.acts, part.direct) for part in parts), strict=True)
    )
    row, lane, flags = (
        np.concatenate(columns)
        for columns in zip(*((part.feeds.row, part.feeds.lane, part.flags) for part in parts), strict=True)
    )
    tally = Tally(*(np.concatenate([column.ravel() for column in columns])
                    for columns in zip(*(part.tally for part in parts), strict=True)))  # fmt: skip
    feeds = Feeds(visits.visitors, offset[order], length, row, lane, visits.second)
    return Shown(feeds, flags, acts, direct, tally, parts)


def _from_lists(world: World, audience: Audience, visits: Visits, lists: Shortlists) -> Shown:
    """Fill feeds and react in one pass."""
    posts, users, follows = columns_of(world)
    size, room = len(visits.visitors), int(visits.videos.sum())
    blocks = int(world.platform.community_blocks.sum())
    offset = np.concatenate([[0], np.cumsum(visits.videos)[:-1]]).astype(np.int64)
    block_start = np.searchsorted(visits.visitors, np.arange(blocks + 1) * world.platform.block_users)
    row, lane = FEEDS.array("row", room, np.int32), FEEDS.array("lane", room, np.uint8)
    flags = FEEDS.array("flags", room, np.uint8)
    flags.fill(0)
    length, direct, acts = (np.empty(size, dtype=np.int32) for _ in range(3))
    listings = lists.trial.numbers.shape[1] + lists.promoted.numbers.shape[1]
    tally = Tally(*(np.empty((blocks, listings), dtype=np.int32) for _ in range(3)))
    serve(
        visits.visitors, visits.videos, offset, visits.luck, block_start, world.platform.block_users, lists.trial,
        lists.promoted, lists.standing, np.int32(lists.fit), lists.trial_share, lists.followed_share, lists.taste,
        lists.taste_sums, lists.watch_mean, lists.gain, lists.memory_bits, lists.described, lists.discount,
        caps_of(world.platform), posts, users, follows, world.minds.appeal,
        weights_of(audience), row, lane, flags, length, direct, acts, *tally,
    )  # fmt: skip
    return Shown(Feeds(visits.visitors, offset, length, row, lane, visits.second), flags, acts, direct, tally)


def caps_of(platform: Platform) -> Caps:
    """The app's caps on one feed: candidates, hashtags where no candidate is named or none capped, and authors."""
    posts, settings = platform.posts, platform.settings
    if not settings.candidate_cap and not settings.hashtag_cap:
        return Caps(np.zeros(0, dtype=np.int32), 0, settings.author_cap)
    subject = np.full(len(posts), NOBODY, dtype=np.int32)
    if settings.hashtag_cap:
        subject[posts.hashtag > 0] = len(posts.named.T) + posts.hashtag[posts.hashtag > 0]
    if settings.candidate_cap:
        carried = np.where(posts.candidate != NOBODY, posts.candidate, posts.spoken_of)
        subject[carried != NOBODY] = carried[carried != NOBODY]
    share = min(cap for cap in (settings.candidate_cap, settings.hashtag_cap) if cap)
    return Caps(subject, share, settings.author_cap)


def columns_of(world: World) -> tuple[PostColumns, UserColumns, FollowColumns]:
    """The arrays that feeds and reactions read."""
    platform, minds, graph = world.platform, world.minds, world.platform.graph
    posts, accounts = platform.posts, platform.accounts
    return (
        PostColumns(platform.first, posts.key, posts.author, posts.hour, posts.topic, posts.status, posts.likes,
                    posts.candidate, posts.disclosed, posts.spoken_of, minds.felt),
        UserColumns(minds.key, minds.interest, minds.expressive, accounts.newest_post, accounts.last_session,
                    accounts.inbox, accounts.inbox_waiting),
        FollowColumns(graph.following_start, graph.following, graph.newest_added, graph.added_author, graph.added_before),
    )  # fmt: skip


def _acts(feeds: Feeds, flags: np.ndarray) -> np.ndarray:
    """How often each visitor acted."""
    counts = np.zeros(len(feeds.visitors), dtype=np.int32)
    acts_in(feeds.offset, feeds.length, flags, counts)
    return counts


def weights_of(audience: Audience) -> Weights:
    """Parameters of reactions in the kernel's units."""
    logits = {name: units(getattr(audience, name)) for name in Weights._fields}
    return Weights(**{**logits, "open_comments": threshold(audience.open_comments)})
