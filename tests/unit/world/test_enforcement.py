"""What each action does to the record, how long it lasts, and what undoes it."""

import dataclasses

import numpy as np
import pytest

from sim.audience.watching import caps_of
from sim.model import CampaignModel
from sim.moderation.base import Suspicion, moderate, parts
from sim.numbers.luck import Chance, Decision
from sim.recommenders.base import counts_of
from sim.world.actions import Engage, Request
from sim.world.changes import enforce, engage
from sim.world.platform import (
    ASKED,
    DISCOUNTED,
    FOLLOWERS_ONLY,
    HELD,
    LABELLED,
    LIKE,
    LIMITED,
    PARTS,
    PAUSED,
    REMOVED,
    SHARE,
    Log,
)
from tests.worlds import small_scenario


@pytest.fixture
def model() -> CampaignModel:
    """A small world after some hours, with posts of an author who has two of them."""
    model = CampaignModel(small_scenario("quiet"))
    model.run_until(6)
    model.world.platform.posts.author[:3] = [7, 7, 8]
    model.world.platform.posts.status[:] = 0  # none for followers only
    return model


def on(model: CampaignModel, action: str, row: int, amount: int = 0) -> None:
    enforce(model.world, [Request("p", action, post=row + model.world.platform.first, amount=amount)])


def status(model: CampaignModel) -> list[int]:
    return model.world.platform.posts.status[:3].tolist()


def test_each_action_on_a_post_sets_its_bit_and_ends_undo_theirs_alone(model: CampaignModel) -> None:
    for action, bit in (("remove", REMOVED), ("limit", LIMITED), ("label", LABELLED), ("slow", PAUSED), ("hold", HELD),
                        ("discount", DISCOUNTED), ("friction", ASKED)):  # fmt: skip
        before = status(model)[0]
        on(model, action, 0, 100)
        assert status(model) == [before | bit, 0, 0]
    on(model, "resume", 0)
    assert status(model)[0] == 127 - PAUSED
    on(model, "release", 0)
    assert status(model)[0] == 127 - PAUSED - HELD
    on(model, "restore", 0)
    assert status(model)[0] == LABELLED | DISCOUNTED | ASKED
    enforce(model.world, [Request("p", "remove", post=10**6)])  # a post that is not there


def test_restored_account_gets_back_its_posts_but_those_removed_for_themselves(model: CampaignModel) -> None:
    on(model, "remove", 1)
    enforce(model.world, [Request("p", "suspend", account=7), Request("p", "limit", account=7)])
    assert status(model) == [REMOVED | LIMITED, REMOVED | LIMITED, 0]
    enforce(model.world, [Request("p", "restore", account=7)])
    assert status(model) == [0, REMOVED, 0]
    assert model.world.platform.accounts.status[7] == 0
    enforce(model.world, [Request("p", "suspend", account=7)])
    on(model, "restore", 1)
    assert status(model) == [REMOVED, REMOVED, 0]  # the account is still closed
    enforce(model.world, [Request("p", "restore", account=7)])
    assert status(model) == [0, 0, 0]


def test_held_account_s_posts_wait_from_the_moment_they_appear(model: CampaignModel) -> None:
    everyone = range(len(model.world.platform.accounts.status))
    enforce(model.world, [Request("p", "hold", account=account) for account in everyone])
    size = model.world.platform.first + len(model.world.platform.posts)
    model.run_until(30)
    posts = model.world.platform.posts
    new = np.arange(len(posts)) + model.world.platform.first >= size
    names = posts.candidate >= 0
    assert (new & names).sum() > 5
    assert (posts.status[new & names] & ~np.uint8(FOLLOWERS_ONLY) == HELD).all()
    assert (posts.status[~names] == 0).all()
    enforce(model.world, [Request("p", "release", account=account) for account in everyone])
    assert not model.world.platform.accounts.status.any()


def test_what_waits_is_not_recommended_and_goes_on_where_it_was(model: CampaignModel) -> None:
    model.run_until(24)
    beliefs, posts, first = model.world.beliefs, model.world.platform.posts, model.world.platform.first
    staged = beliefs.rest["staged"]
    rows = staged[staged >= 0] - first
    rows = rows[beliefs.rest["standing"][:, beliefs.posts["slot"][rows]].sum(axis=0) > 0]
    numbers, views = rows + first, posts.views[rows].copy()
    stands = beliefs.rest["standing"][:, beliefs.posts["slot"][rows]].copy()
    stage = beliefs.posts["stage"][rows].copy()
    for row in rows.tolist():
        on(model, "slow", row)
    posts.author[rows] = len(model.world.platform.accounts.status) - 1  # whom nobody follows
    model.world.platform.accounts.inbox[:] = -1
    model.world.platform.accounts.newest_post[:] = -1
    for hour in range(25, 34):
        model.run_until(hour)
        model.world.platform.accounts.newest_post[:] = -1
        model.world.platform.accounts.inbox[:] = -1
    rows = numbers - model.world.platform.first
    posts, beliefs = model.world.platform.posts, model.world.beliefs
    assert posts.views[rows].tolist() == views.tolist()
    slot = beliefs.posts["slot"][rows]
    waits = slot >= 0  # the others had no block left to see them
    assert waits.sum() > 10
    further = beliefs.posts["stage"][rows][waits] - stage[waits]
    assert set(further.tolist()) <= {0, 1}  # one stage further where the pool was used up in the last hour
    assert further.mean() < 0.5
    assert (beliefs.rest["standing"][:, slot[waits]] <= stands[:, waits]).all()
    assert beliefs.rest["standing"][:, slot[waits]].sum() > 0.5 * stands[:, waits].sum()
    for row in rows.tolist():
        on(model, "resume", row)
    model.run_until(40)
    assert model.world.platform.posts.views[rows[waits]].sum() > views[waits].sum()


def test_pauses_and_waits_end_by_themselves(model: CampaignModel) -> None:
    suspicion = Suspicion(notes={"users": 100})

    class Once:
        def flag(self, seen, suspicion, evidence, now, chance):
            return [Request("p", "slow", post=1, amount=3), Request("q", "hold", post=2, amount=2)] if now == 10 else []

    class Desk:
        def process(self, requests, suspicion, evidence, now, chance):
            assert [r.action for r in requests] == (["hold"] if now == 10 else [])
            return []

    seen, said = model.world.platform.read_only(), []
    for now in range(10, 15):
        done = moderate({"p": Once()}, Desk(), seen, suspicion, None, now, Chance(1, Decision.REVIEW, now))
        said.append([(r.action, r.post) for r in done])
    assert said == [[("slow", 1), ("hold", 2)], [], [("release", 2)], [("resume", 1)], []]
    assert suspicion.agenda == []


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("what", ["account", "post"])
def test_discounted_engagement_counts_less(model: CampaignModel, share: float, what: str) -> None:
    platform = model.world.platform
    accounts, rows = np.divmod(np.arange(1500), 10)
    log = Log(
        accounts.astype(np.int32),
        rows + platform.first,
        np.full(1500, LIKE, np.int8),
        np.zeros(1500, np.int32),
        np.zeros(1500, np.uint8),
    )
    request = (
        Request("p", "discount", account=3) if what == "account" else Request("p", "discount", post=platform.first + 3)
    )
    hit = accounts == 3 if what == "account" else rows == 3
    enforce(model.world, [request._replace(amount=parts(share))])
    if what == "account":  # ten acts only: more posts for the same account
        log = Log(np.full(1500, 3, np.int32), log.post, log.verb, log.second, log.elsewhere)
        platform.posts.key[:10] = np.arange(10)
        hit = np.ones(1500, dtype=np.bool_)
    counts = counts_of(platform.read_only(), log.account, log.post - platform.first)
    assert counts[~hit].all()
    tolerance = 0.35 if what == "account" else 0.15
    assert 1 - counts[hit].mean() == pytest.approx(share, abs=tolerance if 0 < share < 1 else 0)
    enforce(model.world, [Request("p", "limit", account=5)])
    limited = counts_of(platform.read_only(), log.account, log.post - platform.first)
    assert not limited[log.account == 5].any()


@pytest.mark.parametrize("everywhere", [True, False])
def test_friction_stops_a_share_of_shares_and_nothing_else(model: CampaignModel, everywhere: bool) -> None:
    world = model.world
    first, row = world.platform.first, 2
    request = Request("p", "friction", amount=parts(0.25))
    enforce(world, [request if everywhere else request._replace(post=first + row)])
    shares, likes = world.platform.posts.shares.copy(), world.platform.posts.likes.copy()
    engage(world, [Engage(who, first + r, 5, verb) for who in range(150) for r in (row, 3) for verb in (LIKE, SHARE)])
    gained = world.platform.posts.shares - shares
    assert (world.platform.posts.likes - likes)[[row, 3]].tolist() == [150, 150]
    assert gained[row] / 150 == pytest.approx(0.75, abs=0.12)
    assert (gained[3] == 150) != everywhere
    assert world.platform.given_up == 300 - gained[row] - gained[3]
    assert (world.platform.log[-1].verb == SHARE).sum() >= gained.sum()


def test_caps_hold_in_every_feed(model: CampaignModel) -> None:
    model.run_until(30)
    free, capped = most_of_one(model, "author", 0.0), most_of_one(model, "author", 0.2)
    assert free > 0.5 >= 0.34 >= capped
    free, capped = most_of_one(model, "candidate", 0.0), most_of_one(model, "candidate", 0.1)
    assert free > 0.3 > capped


def most_of_one(model: CampaignModel, subject: str, share: float) -> float:
    """The largest share that one author or candidate has of the recommended places of a feed with six or more."""
    import copy

    other = copy.deepcopy(model)
    posts = other.world.platform.posts
    posts.author[:] = np.where(posts.key % 3 > 0, len(other.world.platform.accounts.status) - 1, posts.author)
    posts.candidate[:] = np.where(posts.key % 5 > 1, 2, -1)
    if share:
        enforce(other.world, [Request("p", f"cap_{subject}", amount=parts(share))])
    visits = other.people_open_the_app()
    shown = other.people_watch(visits, other.recommender_ranks(visits))
    value = posts.author if subject == "author" else np.where(posts.candidate >= 0, posts.candidate, posts.spoken_of)
    worst = 0.0
    for v in range(len(visits.visitors)):
        begin = shown.feeds.offset[v]
        rows = shown.feeds.row[begin + shown.direct[v] : begin + shown.feeds.length[v]]
        here = value[rows][value[rows] >= 0]
        places = visits.videos[v] - shown.direct[v]
        if places >= 6 and len(here):
            worst = max(worst, np.unique(here, return_counts=True)[1].max() / places)
    return worst


def test_of_two_settings_the_stricter_holds(model: CampaignModel) -> None:
    settings = model.world.platform.settings
    on(model, "friction", 0, 30)
    for action, amount in (("cap_candidate", 900), ("cap_candidate", 500), ("friction", 10)):
        enforce(model.world, [Request("q", action, amount=amount)])
    assert dataclasses.astuple(settings) == (0, 30, True, 500, 0, 0, None)
    subject, of_subject, of_author = caps_of(model.world.platform)
    assert (of_subject, of_author, len(subject)) == (500, 0, len(model.world.platform.posts))
    assert parts(1.0) == PARTS
