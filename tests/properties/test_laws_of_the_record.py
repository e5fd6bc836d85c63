"""Nothing in the record tells a role but by what an account did: neither numbers, nor order, nor keys, nor gaps.

Two laws. Renumbered, the record gets the same decisions, renumbered. And a standard classifier, given all that the record holds,
tells no role from others' where nobody has acted yet.
"""

import copy
import dataclasses
from functools import cache

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score

from sim.model import CampaignModel
from sim.moderation.base import Suspicion, moderate, watch
from sim.moderation.price import PricedByCrowd
from sim.numbers.luck import Chance, Decision
from sim.world.actions import Feeds, Mixed
from sim.world.platform import Accounts, Graph, Log, Platform
from sim.world.truth import ORDINARY, SLEEPER, VOLUNTEER
from sim.world.world import Beliefs
from tests.worlds import CROWDED, POLICIES, RECOMMENDERS, small_scenario, with_supporters

SEEDS = tuple(range(1, 9))
MONTH = 30 * 24  # hours; the silence with which accounts are bought, which the scenario states
Table = tuple[np.ndarray, np.ndarray]  # features, and whether the role is the one that is sought


# --- telling apart ------------------------------------------------------------------------------------------------


def columns_of_accounts(model: CampaignModel) -> np.ndarray:
    """All that the record holds of each account, and its number, its place in the block, and the luck that plug-ins are handed."""
    platform = model.world.platform
    accounts, graph, number = platform.accounts, platform.graph, np.arange(len(platform.accounts.status))
    held = [
        getattr(accounts, field.name)
        for field in dataclasses.fields(accounts)
        if field.name not in ("inbox", "inbox_waiting")
    ]
    kept = [(accounts.inbox >= 0).sum(axis=1), accounts.inbox_waiting.sum(axis=1)]
    acts = [np.bincount(log.account, minlength=len(number)) for log in platform.log]
    luck = model.chance(Decision.REVIEW).user_keys
    places = [number, number % platform.block_users, luck, luck % 4096]
    return np.column_stack(
        [*held, *kept, *acts, np.diff(graph.following_start), np.diff(graph.followers_start), *places]
    )


@cache
def before_they_wake(seed: int) -> Table:
    """Accounts silent for a month, in the hour before any of them is woken: the bought ones, and the rest."""
    bought = ("population.sleepers=9e5", "population.cell_size=7", "population.silent=0.35", "calendar.warm_up_days=2")
    model = CampaignModel(small_scenario(users=1500, seed=seed, more=bought))
    model.run_until(model.clock.start - 1)
    silent = model.world.hour - model.world.platform.accounts.last_session > MONTH
    role = model.world.truth.role
    asked = silent & ((role == SLEEPER) | (role == ORDINARY))
    return columns_of_accounts(model)[asked], role[asked] == SLEEPER


@cache
def posts_for_the_candidate(seed: int) -> Table:
    """Posts that name the candidate: volunteers' who were asked for them, and supporters' own. What the channel hands out (a sound,
    a hashtag) is what those posts show and is left out."""
    none = ("campaign.budget=0", *(f"population.{kind}=0" for kind in ("influencers", "sleepers", "vendors", "silent")))
    asked = ("population.volunteers=2e6", "campaign.tactics.mobilise_volunteers.posts=0.05",
             "population.political_authors=1", "population.political_posts=1", *none)  # fmt: skip
    scenario = small_scenario(users=2400, seed=seed, days=3, more=asked)
    model = CampaignModel(with_supporters(scenario))  # enough for their posts to be told apart
    model.run_until(model.clock.end)
    posts, world = model.world.platform.posts, model.world
    role, ours = world.truth.role[posts.author], (posts.candidate == model.rules.focal) & (posts.hour > 30)
    rows = np.flatnonzero(ours & np.isin(role, (VOLUNTEER, ORDINARY)))
    first = np.searchsorted(posts.hour, posts.hour[rows])
    of_hour = np.bincount(posts.hour)[posts.hour[rows]]
    place = (rows - first) / np.maximum(of_hour - 1, 1)
    columns = [posts.second, posts.key, posts.key % 4096, posts.author, posts.disclosed, posts.status, *posts.topic.T]
    return np.column_stack([*(column[rows] for column in columns), place, rows]), world.truth.campaign_post[rows] > 0


def told_apart(tables: list[Table]) -> tuple[float, float, float]:
    """Area under the curve of a classifier fitted on half of the worlds and judged on the others, and what dealing the roles out
    anew in the judged worlds gives: its 2.5th and 97.5th percentile."""
    half = len(tables) // 2
    fitted, judged = (
        [np.concatenate(part) for part in zip(*some, strict=True)] for some in (tables[:half], tables[half:])
    )
    classifier = HistGradientBoostingClassifier(max_iter=60, random_state=0).fit(*fitted)
    score, is_one, luck = classifier.predict_proba(judged[0])[:, 1], judged[1], np.random.default_rng(1)
    dealt = [roc_auc_score(luck.permutation(is_one), score) for _ in range(400)]
    return float(roc_auc_score(is_one, score)), *(float(q) for q in np.percentile(dealt, [2.5, 97.5]))


@pytest.mark.parametrize("table", [before_they_wake, posts_for_the_candidate])
def test_a_classifier_tells_no_role(table) -> None:
    tables = [table(seed) for seed in SEEDS]
    assert min(min(found.sum(), (~found).sum()) for _, found in tables) > 60
    area, low, high = told_apart(tables)
    assert low <= area <= high, (area, low, high)


def test_a_classifier_would_tell() -> None:
    """The law can fail: numbers that run in the order of roles, followers that only people have, a purpose that the key shows."""
    numbered, followed = [], []
    for seed in SEEDS:
        columns, sleeps = before_they_wake(seed)
        order = np.argsort(np.argsort(sleeps, kind="stable"))
        numbered.append((np.column_stack([columns, order]), sleeps))
        followed.append((np.column_stack([columns, np.where(sleeps, 0, 1 + columns[:, 0] % 3)]), sleeps))
    assert told_apart(numbered)[0] > 0.95
    assert told_apart(followed)[0] > 0.95


# --- renumbering --------------------------------------------------------------------------------------------------


class Flat(Chance):
    """Luck that knows nobody's number."""

    def words(self, *parts):
        shape = np.broadcast_shapes(*(np.shape(part) for part in parts))
        return np.full(shape, 1 << 30, dtype=np.uint32)

    def word(self, *parts):
        return 1 << 30

    def lasting(self, *parts):
        return 0.25

    def lasting_of(self, *parts):
        return np.full(np.broadcast_shapes(*(np.shape(part) for part in parts)), 0.25)


class Everyone:
    """Evidence that gives one answer about all."""

    def paid(self, post: int) -> bool:
        return True

    def violates(self, account: int, review: int = 0) -> bool:
        return True

    def faulty(self, post: int, review: int = 0) -> bool:
        return True

    def unlawful(self, post: int) -> bool:
        return False


def columns_at(accounts: Accounts, places: np.ndarray) -> Accounts:
    """Copies of all columns in another order."""
    return Accounts(**{field.name: getattr(accounts, field.name)[places] for field in dataclasses.fields(accounts)})


def renumbered(seen: Platform, new: np.ndarray, further: int) -> Platform:
    """The same record with account a called new[a], and post n called n + further."""
    accounts = columns_at(seen.accounts, np.argsort(new))
    for column in (accounts.newest_post, accounts.inbox):
        column[column >= 0] += further
    posts = dataclasses.replace(seen.posts, author=new[seen.posts.author].astype(np.int32))
    return dataclasses.replace(
        seen, accounts=accounts, posts=posts, graph=_graph(seen.graph, new), first=seen.first + further,
        log=[_log(log, new, further) for log in seen.log], withdrawn=[_log(log, new, further) for log in seen.withdrawn],
        sanctions={post + further: bits for post, bits in seen.sanctions.items()},
    )  # fmt: skip


def _log(log: Log, new: np.ndarray, further: int) -> Log:
    other = dataclasses.replace(log, account=new[log.account].astype(np.int32), post=log.post + further)
    return other.of(np.lexsort((other.verb, other.post, other.account, other.second)))


def _graph(graph: Graph, new: np.ndarray) -> Graph:
    """Rows in the new order, and the links of follows that were added since."""
    accounts = len(new)

    def rows(start: np.ndarray, of: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        one, other = new[np.repeat(np.arange(accounts), np.diff(start))], new[of]
        order = np.lexsort((other, one))
        return np.concatenate([[0], np.cumsum(np.bincount(one, minlength=accounts))]), other[order].astype(np.int32)

    following, followers = rows(graph.following_start, graph.following), rows(graph.followers_start, graph.followers)
    return dataclasses.replace(
        graph, following_start=following[0], following=following[1], followers_start=followers[0], followers=followers[1],
        newest_added=graph.newest_added[np.argsort(new)], added_author=np.append(new, 0)[graph.added_author].astype(np.int32),
    )  # fmt: skip


SENSITIVE = {
    "limit_copies": (
        "accounts=2",
        "campaign.tactics.mobilise_volunteers.posts=2",
        "campaign.tactics.mobilise_volunteers.materials=1",
    ),
    "remove_reported": ("least_reports=1", "reports_per_view=0", "audience.report=-5"),
    "remove_undisclosed": ("least_views=1",),
    "label_paid": ("least_views=1",),
}


def asked_in(policy: str, name: str) -> tuple[str, ...]:
    """Settings at which a policy acts in a small world."""
    return tuple(text if "." in text else f"moderation.policies.{name}.{text}" for text in SENSITIVE.get(policy, ()))


@pytest.mark.parametrize("policy", POLICIES)
def test_renumbered_the_record_gets_the_same_decisions(policy: str) -> None:
    """Policies and desk together, hour by hour."""
    name = next(iter(small_scenario(moderation=policy).moderation.policies))
    model = CampaignModel(small_scenario(moderation=policy, more=asked_in(policy, name)))
    new = np.random.default_rng(5).permutation(len(model.world.platform.accounts.status))
    further, decided = 10**6, 0
    suspicions = [Suspicion(notes={"users": model.world.platform.users}) for _ in range(2)]
    model.run_until(24)
    while model.world.hour < model.clock.end:
        model.hour_passes()
        seen = model.world.platform.read_only()
        other = renumbered(seen, new, further).read_only()
        rules, done = model.rules.moderation, []
        for record, suspicion in zip((seen, other), suspicions, strict=True):
            chance = Flat(1, Decision.REVIEW, model.world.hour)
            done.append(moderate(rules.policies, rules.desk, record, suspicion, Everyone(), model.world.hour, chance))
        renamed = [
            r._replace(
                account=int(new[r.account]) if r.account >= 0 else -1, post=r.post + further if r.post >= 0 else -1,
                author=int(new[r.author]) if r.author >= 0 else -1,
            )
            for r in done[0]
        ]  # fmt: skip
        assert sorted(renamed) == sorted(done[1])
        decided += len(done[0])
        model.moderation_acts([])
    assert decided > 0 or policy in (
        "take_down",
        "withdraw_shares",
        "hold_new_accounts",
    )  # nothing here is unlawful or new


@pytest.mark.parametrize("policy", POLICIES)
def test_renumbered_the_record_sets_the_same_bars(policy: str) -> None:
    """Accounts are called otherwise, and each has the score that it had; what crowds use is called as before."""
    model = CampaignModel(small_scenario(moderation=policy, more=CROWDED))
    new = np.random.default_rng(5).permutation(len(model.world.platform.accounts.status))
    suspicions = [Suspicion(notes={"users": model.world.platform.users}, price=10.0) for _ in range(2)]
    while model.world.hour < model.clock.end:
        model.hour_passes()
        seen = model.world.platform.read_only()
        for record, suspicion in zip((seen, renumbered(seen, new, 10**6).read_only()), suspicions, strict=True):
            chance = Flat(1, Decision.REVIEW, model.world.hour)
            watch(model.rules.moderation.policies, record, suspicion, Everyone(), model.world.hour, chance)
        model.moderation_acts([])
    for name, tops in suspicions[0].tops.items():
        crowds = isinstance(model.rules.moderation.policies[name], PricedByCrowd)
        assert {suspect if crowds else int(new[suspect]): score for suspect, score in tops.items()} == suspicions[
            1
        ].tops[name]


def turned(beliefs: Beliefs, new: np.ndarray, size: int) -> Beliefs:
    """What a recommender believes, of accounts that are called otherwise within their blocks of a size."""
    old, other = np.argsort(new), copy.deepcopy(beliefs)
    other.accounts = {name: column[old].copy() for name, column in beliefs.accounts.items()}
    local = (old % size).reshape(-1, size)
    for name, seen in beliefs.rest.items():
        if name.endswith("_seen"):  # (blocks, words of users, listings): one bit a user
            bits = np.unpackbits(seen.view(np.uint8).reshape(*seen.shape, 4), axis=3, bitorder="little")
            blocks, words, listings = seen.shape
            users = bits.transpose(0, 1, 3, 2).reshape(blocks, words * 32, listings)
            users[:, :size] = np.take_along_axis(users[:, :size], local[:, :, None], axis=1)
            back = users.reshape(blocks, words, 32, listings).transpose(0, 1, 3, 2)
            other.rest[name] = (
                np.packbits(back, axis=3, bitorder="little").reshape(blocks, words, listings * 4).view(np.uint32)
            )
    return other


def offered_to(offer, called: np.ndarray) -> dict[str, object]:
    """What was offered: by visitor, as they are called, where feeds are given; lists and scores where they stand for a block."""
    if isinstance(offer, Mixed):
        parts = [offered_to(part, called[places]) for places, part in zip(offer.places, offer.offers, strict=True)]
        return {f"{number}.{key}": value for number, part in enumerate(parts) for key, value in part.items()}
    if isinstance(offer, Feeds):
        ends = offer.offset + offer.length
        return {str(who): offer.row[a:b].tolist() for who, a, b in zip(called, offer.offset, ends, strict=True)}
    lists = [column for lane in (offer.trial, offer.promoted) for column in (lane.numbers, lane.shown, lane.lengths)]
    return {
        "lists": [column.tolist() for column in lists],
        "standing": offer.standing.tolist(),
        "share": offer.trial_share,
    }


@pytest.mark.parametrize(
    "recommender", [name for name in RECOMMENDERS if name != "inbox"]
)  # which keeps events by number
def test_renumbered_the_record_is_offered_the_same_feeds(recommender: str) -> None:
    """Within blocks, which a recommender serves as one: where an account stands in its block says nothing."""
    model = CampaignModel(small_scenario(recommender=recommender))
    world, size = model.world, model.world.platform.block_users
    luck, blocks = np.random.default_rng(5), len(world.platform.accounts.status) // size
    new = np.concatenate([block * size + luck.permutation(size) for block in range(blocks)])
    model.run_until(30)
    for _ in range(4):
        visits = model.people_open_the_app()
        order = np.argsort(new[visits.visitors])
        others = visits.of(order)._replace(visitors=new[visits.visitors][order].astype(np.int32))
        seen, found = world.platform.read_only(), []
        for record, beliefs, who, keys, called in (
            (seen, copy.deepcopy(world.beliefs), visits, world.minds.key, new[visits.visitors]),
            (renumbered(seen, new, 0).read_only(), turned(world.beliefs, new, size), others,
             world.minds.key[np.argsort(new)], others.visitors),
        ):  # fmt: skip
            chance = Chance(world.seed, Decision.LANES, world.hour, keys)
            found.append(offered_to(model.rules.recommender.rank(record, beliefs, who, world.hour, chance), called))
        assert found[0] == found[1]
        model.step()
