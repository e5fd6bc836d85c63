"""Every number of every preset at both ends of its range: a small world runs, or the number is refused in words. Warnings are errors."""

from collections.abc import Iterable, Iterator
from itertools import zip_longest

import pytest

from sim.runs.build import scenario_of
from sim.runs.face import load_scenario, simulate
from sim.scenario.arms import at_strength
from sim.scenario.config import Scenario
from sim.scenario.explain import numbers_of
from sim.scenario.files import compose
from sim.scenario.presets import slots
from sim.scenario.schema import ScenarioError

TINY = ["scenario=classroom", "days=2", "calendar.warm_up_days=1", "scale=0.00005"]  # 450 users
ELSEWHERE = {"infiltration": "simsom", "inbox": "share_cascades", "menu": "music_market", "menu_ranked": "music_market"}
# What is no number of a world but its size or length.
LENGTHS = (
    "days",
    "seed",
    "scale",
    "replications",
    "calendar",
    "population.country_users",
    "population.catalogue_posts",
)


def bases() -> list[list[str]]:
    """Requests that together use every preset of a campaign, a policy and a recommender that goes with this scenario."""
    found = [
        [*TINY, f"{slot}={name}"]
        for slot in ("campaign", "moderation", "recommender")
        for name in slots()[slot]
        if name not in ELSEWHERE
    ]
    return [*found, [*TINY, "background=none"], [*TINY, "audience=calibrated", "population=calibrated"]]


def ends() -> Iterator[tuple[list[str], str]]:
    """One number at one end of its range, each number once; and the base that has it."""
    seen = set[str]()
    for base in bases():
        document = compose(base)
        raw = document["moderation"]
        scenario_of(document)
        effective = {**document, "moderation": {**at_strength(raw), "name": raw["name"]}, "arms": []}
        for key, is_whole, low, high in numbers_of(Scenario, effective):
            if key in seen or key.startswith(LENGTHS) or "[" in key:
                continue
            seen.add(key)
            yield from (
                (base, f"{key}={int(end) if is_whole else float(end)}") for end in (low, high) if end is not None
            )


def shared(asked: Iterable[tuple[list[str], str]], parts: tuple[str, ...]) -> Iterator[list[tuple[list[str], str]]]:
    """Numbers that stand in one world: one of each of these parts of a scenario, as long as there are any."""
    by_part = [[one for one in asked if one[1].startswith(part)] for part in parts]
    for row in zip_longest(*by_part):
        yield [one for one in row if one is not None]


def met(asked: list[tuple[list[str], str]]) -> int:
    """How many of these numbers are of a world that runs: all, or, where a world of them together is refused, those that run alone."""
    presets = [
        word
        for base, number in asked
        for word in base[len(TINY) :]
        if len(asked) == 1 or word.partition("=")[0] == number.partition(".")[0]
    ]
    words = [*TINY, *presets, *(number for _, number in asked)]
    try:
        row = simulate(load_scenario(words)).run
    except ScenarioError:
        return 0 if len(asked) == 1 else sum(met([one]) for one in asked)
    assert row["users"] > 0, words
    assert row["impressions"] >= 0, words
    return len(asked)


@pytest.mark.slow
def test_every_number_at_both_ends_of_its_range() -> None:
    """A world is slow for its size, so it has several, of parts that do not silence each other; population's stand alone, since some do."""
    asked = list(ends())
    assert len(asked) > 400
    together = (("campaign", "recommender", "moderation"), ("background", "audience", "real_posts"), ("population",))
    worlds = [world for parts in together for world in shared(asked, parts)]
    assert sum(map(len, worlds)) == len(asked)
    assert sum(map(met, worlds)) > 0.95 * len(asked)


@pytest.mark.parametrize(("word", "said"), [
    ("population.posts_per_user_day=0.0", "allowed 0.0001 to 20"),
    ("scale=0.0000001", "so that the world has"),
    ("population.block_users=512", "so that the world has 512 users"),
    ("seed=4294967295", "seed: 4294967295 given, allowed at most"),
    ("replications=100001", "allowed 1 to 100000"),
    ("calendar.last_day=2034-01-01", "at most 400 days"),
    ("calendar.first_day=0001-01-01", "allowed a date"),
    ("campaign.tactics.hire_influencers.last_day=2024-10-01", "or later"),
    ("audience.like=.inf", "allowed a number"),
    ("audience.like=nan", "allowed a number"),
    ("population.candidates.A.support=2", "population.candidates[0].support: 2.0 given, allowed 0 to 1"),
    ("population.candidates.Z.support=0.1", "not there; allowed: A, B"),
])  # fmt: skip
def test_numbers_that_no_world_can_have_are_refused(word: str, said: str) -> None:
    with pytest.raises(ScenarioError) as error:
        load_scenario([*(base for base in TINY if base.partition("=")[0] != word.partition("=")[0]), word])
    assert said in str(error.value)


@pytest.mark.parametrize(("candidates", "said"), [
    ([("A", 0.5)], "allowed 2 to 100"),
    ([("A", 0.5), ("A", 0.1)], "each once"),
    ([("A", 0.9), ("B", 0.9)], "support of 1.800 together given, allowed at most 1"),
    ([(f"C{n}", 0.001) for n in range(128)], "128 given, allowed 2 to 100"),
    ([("A", 0.5), ("<b>", 0.1)], "allowed are letters"),
])  # fmt: skip
def test_candidates_that_a_world_cannot_hold_are_refused(candidates: list[tuple[str, float]], said: str) -> None:
    rows = [
        {"label": label, "support": support, "official_posts": 1.0, "followers": 10.0, "exchangeable": False}
        for label, support in candidates
    ]
    document = compose(["scenario=classroom"])
    with pytest.raises(ScenarioError) as error:
        scenario_of({**document, "population": {**document["population"], "candidates": rows}})
    assert said in str(error.value)
