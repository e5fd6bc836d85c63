"""The one place that writes the world: posts appear and retire, engagement is counted, measures are enforced."""

from dataclasses import fields
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.kernels.counting import close_sessions, count_acts, count_views, in_order, list_acts, notice
from sim.kernels.sharing import add_follows, deliver
from sim.numbers.arithmetic import units
from sim.numbers.columns import extended
from sim.numbers.luck import Chance, Decision, chain_array, key_of, threshold, uniform
from sim.scenario.config import Audience, Background, Population, Scenario
from sim.world import enforcement
from sim.world.actions import Actions, Engage, Infiltrate, Order, Publish, Request, Shown, Sway
from sim.world.background import fashion_of, gatherings, looked_up, named_by
from sim.world.content import CATALOGUE, GIFT, OWN, PAID, TASK, Content, content, post_keys, tagged_by_subject
from sim.world.infiltration import further_copies, infiltration
from sim.world.platform import (
    COMMENT,
    FOLLOW,
    FOLLOWERS_ONLY,
    HELD,
    LIMITED,
    NOBODY,
    REMOVED,
    SHARE,
    SUSPENDED,
    Log,
    Platform,
    Posts,
)  # fmt: skip
from sim.world.seams import Followers, Makers
from sim.world.truth import ASKED_FOR, NOT_CAUSED, PAID_FOR
from sim.world.world import World, recruits

SECONDS = 3600  # of an hour
LIVE_HOURS = 10 * 24  # a post is shown for nine days at the most; then its row retires


def open_hour(world: World, background: Background) -> None:
    """Begin an hour with an empty log beside that of the hour before; retire the oldest posts once a day."""
    world.platform.hour = world.hour
    world.platform.log = [world.platform.log[-1], Log.empty()]
    world.platform.withdrawn = [world.platform.withdrawn[-1], Log.empty()]
    _retire(world)
    late, world.overrun = world.overrun, Log.empty()  # acts of sessions that went on past the hour
    late = late.of(late.post >= world.platform.first)
    _name(world, background, late)
    _note(world, late)
    world.coming.second -= SECONDS


CAUSES = {OWN: NOT_CAUSED, PAID: PAID_FOR, GIFT: PAID_FOR, TASK: ASKED_FOR}


def publish(
    world: World, rules: Scenario, people: Makers, author: npt.NDArray[np.int32],
    political: npt.NDArray[np.bool_], wanted: list[Publish],
) -> None:  # fmt: skip
    """Let ordinary authors' posts of this hour appear, and those that actors want; a suspended account's do not.

    Political posts of ordinary authors name whom the author supports. New posts call those who gather for their authors.
    """
    if len(author) == 0 and not wanted:
        return
    status, seed, now = world.platform.accounts.status, world.seed, world.hour
    population, share_of_day = rules.population, rules.population.daily_cycle[world.hour % 24]
    can_post = (status[author] & SUSPENDED) == 0
    author, political = author[can_post], political[can_post]
    nothing = np.zeros(len(author), dtype=np.int32)
    key = post_keys(seed, author, now, OWN, nothing)
    candidate = np.where(political, world.minds.supports[author], np.int8(NOBODY)).astype(np.int32)
    # author, key, candidate, cause, second, hashtag, sound, disclosed, for followers only, whether an actor wants it
    columns = [(author, key, candidate, nothing, key % np.uint32(3600), nothing, nothing, nothing, nothing, nothing)]
    open_wanted = sorted(post for post in wanted if not status[post.author] & SUSPENDED)
    for purpose in sorted({post.purpose for post in open_wanted}):
        group = [post for post in open_wanted if post.purpose == purpose]
        of = np.array([post[:7] for post in group], dtype=np.int64).T  # fields of Publish, up to followers_only
        author = of[0].astype(np.int32)
        key = post_keys(seed, author, now, purpose, np.array([post.place for post in group]))
        cause = np.full(len(group), CAUSES[purpose])
        columns.append((author, key, of[2], cause, *of[[1, 3, 4, 5, 6]], np.ones(len(group), dtype=np.int32)))
    joined = [np.concatenate(column) for column in zip(*columns, strict=True)]
    order = np.lexsort((joined[1], joined[4]))  # as they appear: by second, whoever wants them
    author, key, candidate, cause, second, hashtag, sound, disclosed, followers, asked = (c[order] for c in joined)
    if len(author):
        fashion = fashion_of(world, rules.background, rules.share_of_posts, key, candidate, asked == 0)
        sound, disclosed = np.where(sound == 0, fashion.sound, sound), np.maximum(disclosed, fashion.disclosed)
        made = people.content(world, population, key, author, candidate, hashtag)
        hashtag = tagged_by_subject(made.topic, candidate, np.where(hashtag == 0, fashion.hashtag, hashtag))
        given: dict[str, npt.NDArray[Any]] = {"author": author, "key": key, "topic": made.topic, "candidate": candidate, "second": second,
                 "hashtag": hashtag, "sound": sound, "disclosed": disclosed, "status": followers * FOLLOWERS_ONLY}  # fmt: skip
        _append(world, given, made, cause)
        first_new = world.platform.first + len(world.platform.posts) - len(author)
        _note(world, further_copies(world, author, first_new + np.arange(len(author))))
        called = gatherings(world, rules.background, first_new - world.platform.first, share_of_day)
        world.coming = world.coming.followed_by(called)


def stock(world: World, population: Population, audience: Audience) -> None:
    """Put the catalogue into a new world: posts by nobody who uses the feed, whose quality and topic are their own luck.

    That luck is keyed by the catalogue's seed and not by the world's: worlds of any size and seed can offer the same
    posts to other people.
    """
    size = population.catalogue_posts
    if size == 0:
        return
    key = post_keys(population.catalogue_seed, np.zeros(size, dtype=np.int32), 0, CATALOGUE, np.arange(size))
    nothing = np.zeros(size, dtype=np.int32)
    no_interest = np.zeros((size, world.minds.interest.shape[1]), dtype=np.int8)
    made = content(population, audience, population.catalogue_seed, key, no_interest, np.zeros(size), nothing + NOBODY)
    given: dict[str, npt.NDArray[Any]] = {
        "author": nothing + recruits(world).officials[0], "key": key, "topic": made.topic, "candidate": nothing + NOBODY,
        "hashtag": tagged_by_subject(made.topic, nothing + NOBODY, nothing),
    }  # fmt: skip
    _append(world, given, made, nothing)


def _append(world: World, given: dict[str, npt.NDArray[Any]], made: Content, cause: npt.NDArray[np.integer]) -> None:
    """Add rows to every drawer that has one a live post."""
    platform, minds, truth, old, author = (
        world.platform,
        world.minds,
        world.truth,
        world.platform.posts,
        given["author"],
    )
    size = len(author)
    rows = np.arange(len(old), len(old) + size)
    given |= {"hour": np.full(size, world.hour), "spoken_of": np.full(size, NOBODY)}
    platform.posts = Posts(
        **{f.name: extended(getattr(old, f.name), size, given.get(f.name, 0)) for f in fields(Posts)}
    )
    minds.felt, minds.quality = extended(minds.felt, size, made.felt), extended(minds.quality, size, made.quality)
    truth.campaign_post = extended(truth.campaign_post, size, cause)
    truth.unlawful = extended(truth.unlawful, size, made.unlawful)
    for name, column in world.beliefs.posts.items():
        world.beliefs.posts[name] = extended(column, size, world.beliefs.fills[name])
    platform.accounts.newest_post[author] = rows + platform.first
    platform.accounts.last_active[author] = world.hour
    status = platform.accounts.status[author]
    platform.posts.status[rows[(status & LIMITED) != 0]] |= np.uint8(LIMITED)
    held = ((status & HELD) != 0) & (platform.posts.candidate[rows] != NOBODY)
    platform.posts.status[rows[held]] |= np.uint8(HELD)


def _retire(world: World) -> None:
    """Let rows of posts go that are too old to be shown; a column's buffer is copied only when it is used up."""
    cut = int(np.searchsorted(world.platform.posts.hour, world.hour - LIVE_HOURS))
    if world.hour % 24 or cut == 0:
        return
    platform = world.platform
    platform.posts = Posts(**{f.name: getattr(platform.posts, f.name)[cut:] for f in fields(Posts)})
    platform.first += cut
    world.minds.felt, world.minds.quality = world.minds.felt[cut:], world.minds.quality[cut:]
    world.truth.campaign_post, world.truth.unlawful = world.truth.campaign_post[cut:], world.truth.unlawful[cut:]
    for name, column in world.beliefs.posts.items():
        world.beliefs.posts[name] = column[cut:]
    inbox = platform.accounts.inbox
    gone = inbox < platform.first
    inbox[gone] = NOBODY
    platform.accounts.inbox_waiting[gone] = 0


def record(world: World, background: Background, audience: Followers, shown: Shown) -> None:
    """Count what people watched and did, log it, and leave its trace in their awareness."""
    posts, accounts, feeds = world.platform.posts, world.platform.accounts, shown.feeds
    if len(feeds.visitors) == 0:
        return
    step = round(audience.awareness_step * 256)
    notice(
        feeds.visitors, feeds.offset, feeds.length, feeds.row, shown.flags, posts.candidate, posts.spoken_of, step,
        world.minds.awareness, world.minds.saw,
    )  # fmt: skip
    close_sessions(feeds.visitors, world.hour, accounts.last_session, accounts.inbox_waiting)
    count_views(feeds.offset, shown.direct, feeds.row, shown.flags, *shown.tally, posts.views, posts.watched)
    before = np.concatenate([[0], np.cumsum(shown.acts, dtype=np.int64)])
    log = Log.empty(int(before[-1]))
    list_acts(
        feeds.visitors, feeds.offset, feeds.length, feeds.row, shown.flags, feeds.second, audience.pace, before,
        log.account, log.post, log.verb, log.second,
    )  # fmt: skip
    log.post += world.platform.first
    world.minds.nothing_seen[feeds.visitors] = feeds.length == 0
    late = log.second >= SECONDS
    world.overrun, log = log.of(late), log.of(~late)
    world.overrun.second -= SECONDS
    _name(world, background, log)
    _note(world, log)
    sharing = log.verb == SHARE
    _note(world, further_copies(world, log.account[sharing], log.post[sharing]))


def _note(world: World, log: Log) -> None:
    """Count engagement, add follows, and write the log of this hour."""
    if len(log.account) == 0:
        return
    platform, posts = world.platform, world.platform.posts
    log = enforcement.without_given_up(platform, log)
    row = log.post - platform.first
    count_acts(row, log.verb, posts.likes, posts.comments, posts.shares, posts.follows, posts.reports)
    platform.accounts.last_active[log.account] = world.hour
    follows = log.verb == FOLLOW
    if follows.any():
        _follow(platform, log.account[follows], posts.author[row[follows]])
    platform.log[-1] = platform.log[-1].followed_by(log)


def _follow(platform: Platform, users: npt.NDArray[np.int32], authors: npt.NDArray[np.int32]) -> None:
    """Add follows that are new."""
    graph = platform.graph
    while graph.added + len(users) > len(graph.added_author):
        graph.added_author = np.concatenate([graph.added_author, np.zeros_like(graph.added_author)])
        graph.added_before = np.concatenate([graph.added_before, np.zeros_like(graph.added_before)])
    graph.added = add_follows(
        users, authors, graph.added, graph.following_start, graph.following, graph.newest_added, graph.added_author,
        graph.added_before, platform.accounts.followers,
    )  # fmt: skip


def look_up(world: World, background: Background, shown: Shown) -> None:
    """People follow the own account of whom a post named, by the curiosity that it leaves."""
    user, whom = looked_up(world, background, shown)
    if len(user):
        officials = np.array(recruits(world).officials, dtype=np.int32)
        other = user != officials[whom]
        _follow(world.platform, user[other], officials[whom[other]])


def order_log(world: World) -> None:
    """Put the acts of an hour in the order in which they happened, so that no place in it tells where they came from."""
    log = world.platform.log[-1]
    place = np.empty(len(log.account), dtype=np.int64)
    in_order(log.second, log.account, log.post, log.verb, place)
    world.platform.log[-1] = log.of(place)


def deliver_shares(world: World, audience: Followers) -> None:
    """Put each shared post into the inboxes of some who follow the sharer, where the feed has not offered it yet."""
    platform, log = world.platform, world.platform.log[-1]
    shares = np.flatnonzero(log.verb == SHARE)
    shares = shares[(platform.posts.status[log.post[shares] - platform.first] & FOLLOWERS_ONLY) == 0]
    if len(shares) == 0 or audience.share_recipients == 0:
        return
    shares = shares[np.lexsort((log.post[shares], log.account[shares]))]
    graph, accounts, posts = platform.graph, platform.accounts, platform.posts
    deliver(
        log.account[shares], log.post[shares] - platform.first, key_of(world.seed, Decision.SHARE_WITH, world.hour),
        audience.share_recipients, platform.first, posts.key, posts.author,
        *world.beliefs.walks(), accounts.community, platform.block_users,
        platform.community_first_block, platform.community_blocks, graph.followers_start, graph.followers,
        graph.following_start, graph.following, graph.newest_added, graph.added_author, graph.added_before,
        accounts.inbox, accounts.inbox_waiting,
    )  # fmt: skip


def engage(world: World, wanted: list[Engage]) -> None:
    """Carry out what actors' accounts do to posts: each visit of an account is one view to the end, and one act or several."""
    platform = world.platform
    status, last = platform.accounts.status, platform.first + len(platform.posts)
    done = [e for e in sorted(set(wanted)) if not status[e.account] & SUSPENDED and platform.first <= e.post < last]
    done = [e for e in done if not platform.posts.status[e.post - platform.first] & REMOVED]
    if not done:
        return
    post = np.array([e.post for e in done], dtype=np.int64)
    for event in done:
        if event.verb == COMMENT and event.candidate != NOBODY:
            platform.posts.named[event.post - platform.first, event.candidate] += 1
    account, verb, second = np.array([(e.account, e.verb, e.second) for e in done], dtype=np.int32).T
    log = Log(account, post, verb.astype(np.int8), second, np.ones(len(done), dtype=np.uint8))
    _visit(world, log)
    _note(world, log)


def come_together(world: World, background: Background) -> None:
    """Members of circles come to the posts that called them, in their own second; who comes watches to the end."""
    platform, due = world.platform, world.coming.second < SECONDS
    now, world.coming = world.coming.of(due), world.coming.of(~due)
    now = now.of((now.post >= platform.first) & world.minds.in_use(world.hour, now.account))
    row = now.post - platform.first
    there = ((platform.accounts.status[now.account] & SUSPENDED) == 0) & ((platform.posts.status[row] & REMOVED) == 0)
    now = now.of(there)
    _visit(world, now)
    _name(world, background, now)
    _note(world, now)


def _visit(world: World, log: Log) -> None:
    """Each account that comes to a post in an hour watches it to the end once, and has opened the app."""
    visit = np.unique(log.account.astype(np.int64) << 32 | log.post, return_index=True)[1]
    row = log.post[visit] - world.platform.first
    np.add.at(world.platform.posts.views, row, 1)
    np.add.at(world.platform.posts.watched, row, 1)
    world.platform.accounts.last_session[log.account] = world.hour


def _name(world: World, background: Background, log: Log) -> None:
    """Count whom people's comments name."""
    comments = np.flatnonzero(log.verb == COMMENT)
    row = log.post[comments] - world.platform.first
    names = named_by(world, background, log.account[comments], row)
    some = names != NOBODY
    np.add.at(world.platform.posts.named, (row[some], names[some]), 1)


def obeyed(world: World, orders: list[Order]) -> list[Engage]:
    """What standing orders come to in this hour: comments on posts that appeared in it, or late in the hour before."""
    posts, first, now = world.platform.posts, world.platform.first, world.hour
    chance, done = Chance(world.seed, Decision.ORDER, 0), []
    for order in orders:
        rows = np.arange(int(np.searchsorted(posts.hour, now - 1)), len(posts))
        account = np.asarray(order.accounts, dtype=np.int64)
        for row in rows[(posts.hashtag[rows] == order.hashtag) & (posts.candidate[rows] == NOBODY)]:
            key, appeared = int(posts.key[row]), 3600 * (int(posts.hour[row]) - now) + int(posts.second[row])
            second = appeared + order.first + (order.spread * uniform(chance.words(2, account, key))).astype(np.int64)
            does = (second >= 0) & (second < SECONDS) & chance.happen(order.share, 1, account, key)
            acts = zip(account[does].tolist(), second[does].tolist(), strict=True)
            done += [Engage(who, int(row) + first, when, COMMENT, order.candidate) for who, when in acts]
    return done


def sway(world: World, wanted: list[Sway]) -> None:
    """People come to like a candidate, and some who post come to support one; who does is the luck of the person."""
    if not wanted:
        return
    minds = world.minds
    keys = chain_array(key_of(world.seed, Decision.SWAY), np.arange(len(minds.supports)))
    for change in wanted:
        minds.appeal[change.candidate] = units(change.appeal)
        won = (keys.astype(np.int64) < threshold(change.supporters)) & (minds.supports < 0)
        minds.supports[won] = change.candidate


def wake(world: World, accounts: list[int]) -> None:
    """Accounts that nobody used come back: from this hour on they have the sessions, posts and tastes of whoever opened them."""
    if accounts:
        returns = world.minds.returns
        returns[accounts] = np.minimum(returns[accounts], world.hour)


def infiltrate(world: World, wanted: list[Infiltrate]) -> None:
    """People come to follow accounts that are directed from now on; see `sim.world.infiltration`."""
    minds = world.minds
    for one in wanted:
        _follow(world.platform, *infiltration(world, one))
        accounts = np.array(sorted(set(one.accounts) - set(minds.directed.tolist())), dtype=np.int32)
        copies = np.full(len(accounts), one.copies, dtype=np.int32)
        enticing = np.full(len(accounts), threshold(one.enticing), dtype=np.uint64)
        order = np.argsort(np.concatenate([minds.directed, accounts]), kind="stable")
        minds.directed = np.concatenate([minds.directed, accounts])[order]
        minds.copies = np.concatenate([minds.copies, copies])[order]
        minds.enticing = np.concatenate([minds.enticing, enticing])[order]


def see_whom_comments_name(world: World) -> None:
    """Whom the comments of posts speak of by now: the most named candidate, where at least half of them name one."""
    platform, posts = world.platform, world.platform.posts
    rows = np.unique(np.concatenate([log.post[log.verb == COMMENT] for log in platform.log])) - platform.first
    rows = rows[rows >= 0]
    named = posts.named[rows]
    most = named.argmax(axis=1)
    enough = named.max(axis=1) * 2 >= np.maximum(posts.comments[rows], 1)
    posts.spoken_of[rows] = np.where(enough, most, NOBODY).astype(np.int8)


def pay(world: World, actions: Actions) -> None:
    """Copy payments into Truth."""
    for tactic, account, cents in sorted(actions.pay):
        world.truth.payments.append((world.hour, tactic, account, cents))


def enforce(world: World, requests: list[Request]) -> None:
    """Carry out what the review desk decided."""
    if requests:
        enforcement.enforce(world.platform, requests)
