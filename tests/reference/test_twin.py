"""The array engine agrees with the plain Mesa twin exactly, event by event."""

from collections.abc import Iterator

import numba
import numpy as np
import pytest

from sim.model import CampaignModel
from sim.scenario.config import Scenario
from sim.world import changes
from sim.world.platform import COMMENT, LIKE, REPORT
from sim.world.truth import ASKED_FOR, NOT_CAUSED, PAID_FOR
from tests.reference import plain_twin
from tests.reference.plain_lists import PlainLists
from tests.reference.plain_people import Post
from tests.reference.plain_twin import PlainModel
from tests.worlds import CROWDED, STAGED, small_scenario, with_supporters

PAID_TACTICS = {
    "coordinated": {"hire_influencers", "wake_sleepers", "buy_engagement", "give_gifts"},
    "bought_engagement": {"buy_engagement"},
}
CAMPAIGNS = [
    "coordinated", "bought_engagement", "organic_surge", "hashtag_riding", "quiet", "clumsy", "mixed_cells", "own_feeds",
    "recruited_people",
]  # fmt: skip
SMALL_LISTS = ("recommender.listings=12", "recommender.fresh_hours=9")  # lists are full, and posts grow too old
SMALLER_LISTS = ("recommender.listings=5", "recommender.fresh_hours=9")
STAGED_IN_MIX = tuple(text.replace("recommender.", "recommender.profiled.") for text in STAGED)
OTHERS = {
    "chronological": ((), {0, 1}),
    "popularity": (SMALL_LISTS, {0, 1, 3}),
    "interest": (SMALL_LISTS, {0, 1, 3}),
    "menu": ((), {3}),
    "menu_ranked": ((), {3}),
    "collaborative": (SMALLER_LISTS, {0, 1, 3}),
    "bridging": (SMALLER_LISTS, {0, 1, 3}),
    "engagement_weights": (SMALLER_LISTS, {0, 1, 3}),
    "mix": (STAGED_IN_MIX, {0, 1, 2, 3}),
}  # recommender: parameters, and the lanes by which posts are met


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    """Worlds so small are not worth sharing out, and threads that wait for each other take most of the time."""
    threads = numba.get_num_threads()
    numba.set_num_threads(1)
    yield
    numba.set_num_threads(threads)


def events_of(model: CampaignModel) -> list[tuple[int, int, int, int, int]]:
    """One hour of the engine as (hour, user, post key, lane, reaction)."""
    caught = []
    original = model.people_watch

    def spy(visits, offered):
        caught.append(original(visits, offered))
        return caught[0]

    model.people_watch = spy
    hour = model.world.hour
    model.step()
    del model.people_watch
    feeds, flags = caught[0].feeds, caught[0].flags
    key = model.world.platform.posts.key
    return [
        (hour, int(feeds.visitors[v]), int(key[feeds.row[i]]), int(feeds.lane[i]), int(flags[i]))
        for v in range(len(feeds.visitors))
        for i in range(feeds.offset[v], feeds.offset[v] + feeds.length[v])
    ]


def crowded(*names: str, more: tuple[str, ...] = (), **changes) -> Scenario:
    """A small world in which circles come together and people come and go."""
    return small_scenario(*names, more=(*CROWDED, *more), **changes)


def run_side_by_side(scenario: Scenario) -> tuple[CampaignModel, PlainModel]:
    """Both to the end of the calendar; every hour has the same events."""
    engine, twin = CampaignModel(scenario), PlainModel(scenario)
    for _ in range(scenario.clock.end):
        before = len(twin.events)
        events = events_of(engine)
        twin.step()
        assert events == twin.events[before:]
    return engine, twin


def assert_same_record(engine: CampaignModel, twin: PlainModel) -> None:
    """What is counted, remembered and paid is the same."""
    platform, minds = engine.world.platform, engine.world.minds
    assert twin.first == platform.first
    assert [post.views for post in twin.live] == platform.posts.views.tolist()
    assert [post.watched for post in twin.live] == platform.posts.watched.tolist()
    for verb, name in enumerate(("likes", "comments", "shares", "follows", "reports")):
        assert [post.count[verb] for post in twin.live] == getattr(platform.posts, name).tolist()
    named = [[post.named.get(candidate, 0) for candidate in range(platform.posts.named.shape[1])] for post in twin.live]
    assert named == platform.posts.named.tolist()
    assert [post.spoken_of for post in twin.live] == platform.posts.spoken_of.tolist()
    assert [post.hashtag for post in twin.live] == platform.posts.hashtag.tolist()
    assert [user.follower_count for user in twin.people] == platform.accounts.followers.tolist()
    inboxes = [[int(number) for number in inbox if number >= 0] for inbox in platform.accounts.inbox]
    assert [[post.number for post in user.inbox if post] for user in twin.people] == inboxes
    assert [user.awareness for user in twin.people] == minds.awareness.tolist()
    assert twin.headquarters.books == engine.headquarters.books


def assert_same_lists(engine: CampaignModel, twin: PlainModel) -> None:
    """What the recommender believes, lists and remembers is the same."""
    beliefs, plain = engine.world.beliefs, twin.recommender
    assert isinstance(plain, PlainLists)
    if "taste" in beliefs.accounts:
        assert plain.taste == beliefs.accounts["taste"].tolist()
    assert [walk.walked for walk in plain.walks[twin.first :]] == beliefs.posts["walked"].tolist()
    assert_same_table(engine, twin)
    for lane, name in ((2, "trial"), (3, "promoted")):
        numbers, shown, lengths = (beliefs.rest[f"{name}_{column}"] for column in ("numbers", "shown", "lengths"))
        listed = [
            [(int(numbers[block, k]), int(shown[block, k])) for k in range(lengths[block])]
            for block in range(len(lengths))
        ]
        assert [[(entry.post.number, len(entry.shown)) for entry in block] for block in plain.lists[lane]] == listed


def assert_same_table(engine: CampaignModel, twin: PlainModel) -> None:
    """Every post that competes has one place in the table, where its audience and its listings are the same."""
    beliefs, first = engine.world.beliefs, engine.world.platform.first
    staged, share, standing = (beliefs.rest[name] for name in ("staged", "share", "standing"))
    places = np.flatnonzero(staged >= 0)
    assert len(places) > 0
    slot = np.full(len(twin.live), -1)
    slot[staged[places] - first] = places
    assert slot.tolist() == beliefs.posts["slot"].tolist()
    walks = [twin.recommender.walks[number] for number in staged[places]]
    assert [walk.share for walk in walks] == share.T[places].tolist()
    assert [walk.standing for walk in walks] == standing.T[places].tolist()


def assert_same_engagement(engine: CampaignModel, twin: PlainModel) -> None:
    """What `Ranked` counts."""
    assert twin.recommender.engaged[twin.first :] == engine.world.beliefs.posts["engaged"].tolist()


def assert_same_factors(engine: CampaignModel, twin: PlainModel) -> None:
    """What `Factorised` believes of accounts and posts."""
    beliefs, plain = engine.world.beliefs, twin.recommender
    for drawer, rated in ((beliefs.accounts, plain.readers), (beliefs.posts, plain.rated[twin.first :])):
        assert [one.bias for one in rated] == drawer["bias"].tolist()
        assert [one.vector for one in rated] == drawer["vector"].tolist()
        assert [one.ratings for one in rated] == drawer["ratings"].tolist()
    assert plain.made == beliefs.accounts["made"].tolist()
    assert plain.mean == beliefs.rest["mean_rating"][0]


def assert_same_values(engine: CampaignModel, twin: PlainModel) -> None:
    """What `EngagementWeights` counts."""
    beliefs, plan = engine.world.beliefs, engine.rules.recommender
    columns = zip(*(beliefs.posts[name].tolist() for name in ("points", "watched", "views")), strict=True)
    counted = [[points + round(1000 * plan.watched) * watched, views] for points, watched, views in columns]
    assert twin.recommender.drew[twin.first :] == counted
    assert twin.recommender.total == beliefs.rest["total"].tolist()


def assert_same_members(engine: CampaignModel, twin: PlainModel) -> None:
    """Who belongs to which recommender, and what the profiled one believes."""
    beliefs = engine.world.beliefs
    assert twin.recommender.part == beliefs.accounts["part"].tolist()
    assert set(twin.recommender.part) == {0, 1}
    plain = twin.recommender.halves[0]
    assert plain.taste == beliefs.accounts["profiled.taste"].tolist()
    assert plain.threshold == beliefs.rest["profiled.threshold"].tolist()


def assert_the_background_is_there(engine: CampaignModel, twin: PlainModel) -> None:
    """Circles came, opponents among them; comments name candidates; accounts were opened, and others fell silent."""
    minds = engine.world.minds
    assert {verb for *_, verb in twin.gather.came} >= {LIKE, COMMENT, REPORT}
    assert engine.world.platform.posts.named.sum() > 0
    assert ((minds.returns > 0) & (minds.returns < engine.world.hour)).any()
    assert (minds.leaves < engine.world.hour).any()


LEARNED = {
    "collaborative": assert_same_factors,
    "bridging": assert_same_factors,
    "engagement_weights": assert_same_values,
}


@pytest.mark.parametrize("seed", [3, 4])
@pytest.mark.parametrize("campaign", CAMPAIGNS)
def test_engine_agrees_with_the_plain_twin(seed: int, campaign: str) -> None:
    scenario = with_supporters(crowded(campaign, seed=seed, more=("campaign.budget=2e7",)))
    engine, twin = run_side_by_side(scenario)
    assert any(post.followers_only for post in twin.live)
    assert {event[3] for event in twin.events} == {0, 1, 2, 3}  # all four lanes were met
    assert_same_record(engine, twin)
    assert_same_lists(engine, twin)
    assert_the_background_is_there(engine, twin)
    beliefs = engine.world.beliefs
    assert [career.stage for career in twin.recommender.careers[twin.first :]] == beliefs.posts["stage"].tolist()
    assert ((beliefs.posts["stage"] >= 0) == (beliefs.posts["slot"] >= 0)).all()
    assert twin.recommender.threshold == beliefs.rest["threshold"].tolist()
    if campaign in PAID_TACTICS:
        assert {tactic for _, tactic, _, _ in engine.headquarters.books} >= PAID_TACTICS[campaign]
    if campaign == "coordinated":
        assert set(engine.world.truth.campaign_post.tolist()) == {NOT_CAUSED, PAID_FOR, ASKED_FOR}
        assert (engine.world.platform.posts.spoken_of >= 0).any()


def before_of(post: Post, twin: PlainModel) -> int:
    """Number of the post that the same author made before, -1 where there is none."""
    return max(
        (other.number for other in twin.posts if other.author == post.author and other.number < post.number), default=-1
    )


@pytest.mark.parametrize("campaign", ["coordinated", "quiet"])
@pytest.mark.parametrize("recommender", OTHERS)
def test_engine_agrees_with_the_plain_twin_under_other_recommenders(recommender: str, campaign: str) -> None:
    parameters, lanes = OTHERS[recommender]
    more = ("campaign.budget=2e7", *parameters)
    scenario = crowded(campaign, recommender=recommender, users=120, days=1, more=more)
    engine, twin = run_side_by_side(scenario)
    assert {event[3] for event in twin.events} == lanes
    assert_same_record(engine, twin)
    if recommender == "chronological":  # it believes nothing, and knows only in which order each author posted
        assert list(engine.world.beliefs.posts) == ["before"]
        assert engine.world.beliefs.posts["before"].tolist() == [before_of(post, twin) for post in twin.live]
        return
    if recommender.startswith("menu"):  # it only knows that everybody was offered everything
        assert list(engine.world.beliefs.posts) == ["walked"]
        return
    if recommender == "mix":
        assert_same_members(engine, twin)
        return
    assert_same_lists(engine, twin)
    LEARNED.get(recommender, assert_same_engagement)(engine, twin)
    assert np.any(engine.world.beliefs.rest["promoted_lengths"] == scenario.recommender.listings)


@pytest.mark.parametrize("views", ["true", "false"])
@pytest.mark.parametrize("recommender", ["staged_audience", "popularity", "engagement_weights", "collaborative"])
def test_engine_agrees_with_the_plain_twin_on_what_visits_off_the_feed_are_worth(recommender: str, views: str) -> None:
    parameters, _ = OTHERS.get(recommender, ((), None))
    worth = ["recommender.off_feed_weight=0.4"]
    if recommender != "popularity":
        worth.append(f"recommender.off_feed_views={views}")
    more = ("campaign.budget=2e7", *worth, *parameters)
    engine, twin = run_side_by_side(crowded(recommender=recommender, users=120, days=1, more=more))
    assert_same_record(engine, twin)
    assert_same_lists(engine, twin)


@pytest.mark.parametrize("recommender", ["staged_audience", "chronological", "popularity"])
def test_engine_agrees_with_the_plain_twin_when_posts_retire(recommender: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (changes, plain_twin):
        monkeypatch.setattr(module, "LIVE_HOURS", 5)  # less than posts are listed, so that listed posts retire too
    more = ("campaign.budget=2e7", *OTHERS.get(recommender, ((), None))[0])
    engine, twin = run_side_by_side(crowded(recommender=recommender, users=120, days=1, more=more))
    assert 0 < twin.first < len(twin.posts)
    assert_same_record(engine, twin)
    if recommender != "chronological":
        assert_same_lists(engine, twin)


@pytest.mark.parametrize("recommender", ["menu", "menu_ranked", "popularity", "chronological", "staged_audience"])
def test_engine_agrees_with_the_plain_twin_where_people_come_once_to_a_catalogue(recommender: str) -> None:
    catalogue = ("population.visits=once", "population.catalogue_posts=30", "population.catalogue_seed=5")
    more = (*catalogue, *OTHERS.get(recommender, ((), None))[0])
    engine, twin = run_side_by_side(crowded(recommender=recommender, users=120, days=1, more=more))
    assert len({user for _, user, *_ in twin.events}) > (0 if recommender == "chronological" else 100)
    assert [post.felt for post in twin.posts[:30]] == engine.world.minds.felt[:30].tolist()
    assert_same_record(engine, twin)
