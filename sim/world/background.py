"""What genuine people do, in every arm, that looks like a campaign: they gather, name candidates, and use what others use.

Each number is a keyed draw about who does it to what, so that it is the same in every arm.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.kernels.afterthoughts import count_look_ups, list_look_ups, stir
from sim.numbers.arithmetic import NORMAL, exp, log
from sim.numbers.luck import Decision, Words, chain_array, draw_array, key_of, threshold, uniform
from sim.scenario.config import Background
from sim.world.actions import Shown
from sim.world.platform import COMMENT, LIKE, NOBODY, REPORT, SHARE, Ints, Log
from sim.world.world import World

DAY = 86400  # seconds, after which nobody follows a call any more
CANDIDATE_TAG = 11  # hashtag of the first candidate; those of the others follow
SOUND, BRIEF = 1, 2  # what goes round
BRIEFED, SOUNDING, RANK, TAGGED, MARKED, STORMY = range(61, 67)  # draws about a post; its content has those below


def gatherings(world: World, background: Background, first: int, share_of_day: float) -> Log:
    """What members of circles will do to the posts that appeared in this hour, from the live row `first` on.

    A post calls each circle of its author by a coin; each member follows by a coin and after a time of their own, which is
    heavy-tailed. By night fewer do. Seconds count from the beginning of the hour.
    """
    posts, circles, seed = world.platform.posts, world.circles, world.seed
    place, circle = circles.of_authors(posts.author[first:])
    called = _about(seed, 1, posts.key[first:][place], circles.number[circle]) < circles.calls[circle]
    place, circle = place[called], circle[called]
    if len(circle) == 0:
        return Log.empty()
    call, member = circles.members_of(circle)
    row, opposed, key = first + place[call], circles.opposed[circle[call]], posts.key[first:][place[call]]
    comes = _about(seed, 2, key, member) < threshold(min(1.0, background.circle_comes * min(1.0, 24.0 * share_of_day)))
    normal = NORMAL[_about(seed, 3, key, member) >> 16]
    delay = np.minimum(background.circle_median * exp(background.circle_delays * normal), DAY).astype(np.int64)
    comes &= (member != posts.author[row]) & (delay < DAY)
    member, row, key, opposed, delay = member[comes], row[comes], key[comes], opposed[comes], delay[comes]
    second = posts.second[row] + delay
    friendly = {LIKE: background.circle_likes, COMMENT: background.circle_comments, SHARE: background.circle_shares}
    found = []
    for verb, probability in (friendly | {REPORT: background.circle_reports}).items():
        does = (_about(seed, 4 + verb, key, member) < threshold(probability)) & (opposed == (verb == REPORT))
        found.append(
            np.stack([member[does], row[does] + world.platform.first, np.full(does.sum(), verb), second[does]])
        )
    return _each_once(*np.concatenate(found, axis=1))


def _each_once(
    account: npt.NDArray[np.integer],
    post: npt.NDArray[np.integer],
    verb: npt.NDArray[np.integer],
    second: npt.NDArray[np.integer],
) -> Log:
    """Acts off the feed, in order; who is in two circles comes by the first call."""
    order = np.lexsort((second, verb, post, account))
    account, post, verb, second = account[order], post[order], verb[order], second[order]
    first = np.ones(len(account), dtype=np.bool_)
    first[1:] = (account[1:] != account[:-1]) | (post[1:] != post[:-1]) | (verb[1:] != verb[:-1])
    return Log(
        account[first].astype(np.int32), post[first].astype(np.int64), verb[first].astype(np.int8),
        second[first].astype(np.int32), np.ones(int(first.sum()), dtype=np.uint8),
    )  # fmt: skip


def _about(seed: int, which: int, key: Words, who: npt.NDArray[np.integer]) -> npt.NDArray[np.int64]:
    """A keyed draw about posts and those who might come to them."""
    return chain_array(chain_array(key_of(seed, Decision.GATHERING, which), key), who).astype(np.int64)


def named_by(world: World, background: Background, account: Ints, row: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Whom people's comments name, NOBODY for most: who comments on a post with a candidate often names this one, and
    supporters now and then name theirs elsewhere."""
    own, of_post = world.minds.supports[account].astype(np.int64), world.platform.posts.candidate[row].astype(np.int64)
    share = np.where(of_post != NOBODY, threshold(background.names), threshold(background.names_elsewhere))
    key = chain_array(chain_array(key_of(world.seed, Decision.NAMING), world.platform.posts.key[row]), account)
    return np.where(key.astype(np.int64) < share, np.where(of_post != NOBODY, of_post, own), NOBODY)


def stirred(world: World, background: Background, shown: Shown) -> Shown:
    """What was shown, with the comments of those who join in where a post draws comments out of proportion."""
    posts, feeds = world.platform.posts, shown.feeds
    if background.storms == 0 or len(feeds.visitors) == 0:
        return shown
    storm = draw_array(posts.key, STORMY) < threshold(background.storms)
    flags, acts = shown.flags.copy(), shown.acts.copy()
    stir(
        feeds.visitors, feeds.offset, feeds.length, feeds.row, world.minds.key, posts.key, storm,
        threshold(background.storm_comments), flags, acts,
    )  # fmt: skip
    parts = tuple(stirred(world, background, part) for part in shown.parts)
    return shown._replace(flags=flags, acts=acts, parts=parts)


def looked_up(world: World, background: Background, shown: Shown) -> tuple[Ints, Ints]:
    """Users who go on to the account of a candidate whom a post named, and the candidates."""
    posts, feeds, share = world.platform.posts, shown.feeds, threshold(background.look_up)
    if share == 0 or len(feeds.visitors) == 0:
        return np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int32)
    watched = (
        feeds.visitors,
        feeds.offset,
        feeds.length,
        feeds.row,
        shown.flags,
        world.minds.key,
        posts.key,
        share,
    )
    count = np.zeros(len(feeds.visitors), dtype=np.int64)
    count_look_ups(*watched, count)
    before = np.concatenate([[0], np.cumsum(count)])
    user, whom = np.empty(int(before[-1]), dtype=np.int32), np.empty(int(before[-1]), dtype=np.int32)
    list_look_ups(*watched, posts.candidate, posts.spoken_of, before, user, whom)
    return user, whom


class Fashion(NamedTuple):
    """What people put on their posts because others do: hashtag, sound and mark as advertising, one row a post."""

    hashtag: Ints
    sound: Ints
    disclosed: Ints


def fashion_of(
    world: World, background: Background, small: float, key: Words, candidate: Ints, own: npt.NDArray[np.bool_]
) -> Fashion:
    """Hashtags of candidates, sounds that go round, and what a commercial brief says.

    small: what the numbers of a whole country's sounds and briefs are multiplied by. The n-th most used has a share of 1 / n.
    own: of these posts, what their authors make for themselves; nobody else's brief takes the place of an actor's.
    """
    briefed = own & (draw_array(key, BRIEFED) < threshold(background.briefs))
    sounding = (draw_array(key, SOUNDING) < threshold(background.sounds)) & ~briefed
    luck, days, zeros = uniform(draw_array(key, RANK)), background.sound_days, np.zeros(len(key), dtype=np.int32)
    sound = np.where(sounding, _going_round(world, SOUND, background.sounds_in_use * small, days, luck), zeros)
    sound = np.where(briefed, _going_round(world, BRIEF, background.briefs_in_use * small, days, luck), sound)
    tagged = (candidate != NOBODY) & (draw_array(key, TAGGED) < threshold(background.tags))
    disclosed = briefed & (draw_array(key, MARKED) < threshold(background.briefs_disclosed))
    return Fashion(
        np.where(tagged, CANDIDATE_TAG + candidate, 0).astype(np.int32),
        sound.astype(np.int32),
        disclosed.astype(np.int32),
    )


def _going_round(world: World, kind: int, many: float, days: float, luck: npt.NDArray[np.float64]) -> Ints:
    """Numbers of sounds by their rank; each gives way to another after its days, not all at once."""
    rank = exp(luck * float(log(max(many, 1.0) + 1.0))).astype(np.int64)
    since = uniform(chain_array(key_of(world.seed, Decision.FASHION, kind), rank))
    generation = (world.hour / (24.0 * days) + since).astype(np.int64)
    return sound_of(chain_array(chain_array(key_of(world.seed, Decision.FASHION, kind, 1), rank), generation))


def sound_of(words: Words) -> Ints:
    """The number of a sound or template: luck, so that it tells nothing but that it is the same one; never 0."""
    return ((words >> np.uint32(1)) | np.uint32(1)).astype(np.int32)
