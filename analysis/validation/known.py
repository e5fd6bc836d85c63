"""Known answers: small worlds solved by hand or in closed form, each run through the engine itself.

Every answer takes the parameters of its world for granted and can be given others (`sabotage`): it must then be missed.
"""

import dataclasses
from collections.abc import Callable, Iterator

import numpy as np

from analysis.validation.known_detection import by_chance, twelve_rows
from analysis.validation.known_worlds import (
    ALWAYS,
    NEVER,
    Sabotage,
    bare,
    busy,
    drawn_share,
    exact,
    with_tactics,
)
from analysis.validation.target import Effort, Finding, Target
from sim.model import CampaignModel
from sim.runs.face import load_scenario, simulate
from sim.scenario.config import Scenario

NOTHING: Sabotage = {}


def study(effort: Effort) -> Finding:
    """All known answers; with more effort, over more seeds where something is drawn."""
    seeds = {"quick": 3, "normal": 20, "full": 100}[effort]
    answers = [first_choice(seeds), *reactions(seeds), chain_of_shares(), broken_chains(seeds), one_author(seeds),
               equal_places(seeds), three_posts(), ninety_eight_likes(), review_desk(), nothing_manufactured(),
               *twelve_rows(), by_chance(10 * seeds)]  # fmt: skip
    return Finding(
        "Known answers",
        f"Small worlds whose outcome is known by hand or in closed form, run through the engine; {seeds} seeds where "
        "something is drawn. Where a drawn answer is called right, it lies within three standard errors.",
        answers,
    )


def _seeds(count: int, make: Callable[[int], Scenario]) -> Iterator[Scenario]:
    """The same scenario with seeds from 1 on, composed once."""
    scenario = make(1)
    return (dataclasses.replace(scenario, seed=seed) for seed in range(1, count + 1))


def first_choice(seeds: int, sabotage: Sabotage = NOTHING) -> Target:
    """People come one after another; each meets one of two posts, ranked by likes with Gumbel noise.

    The best of score w ln(1 + likes) plus standard Gumbel noise is the first post with probability
    (1 + a)^w / ((1 + a)^w + (1 + b)^w). Counted is how often it was the one with more likes.
    """
    said = {"recommender": "popularity", "recommender.popularity": 1.0, "recommender.most_shown": 1.0,
            "recommender.followed_share": 0.0, "recommender.fresh_hours": 240, "population.visits": "once",
            "population.block_users": 512, "population.videos_per_session": 1.0, "population.catalogue_posts": 2,
            "audience.like": -2.0}  # fmt: skip
    leads, visits, expected, variance = 0, 0, 0.0, 0.0
    for scenario in _seeds(seeds, lambda seed: bare(512, said, sabotage, seed)):
        model = CampaignModel(scenario, follows=[])
        model.run_until(scenario.clock.start)
        posts = model.world.platform.posts
        while model.world.hour < scenario.clock.end:
            likes, before, leader = posts.likes.copy(), posts.views.copy(), int(posts.likes.argmax())
            model.step()
            seen = posts.views - before
            chance = (1.0 + likes[leader]) / (2.0 + likes.sum())
            leads, visits = leads + int(seen[leader]), visits + int(seen.sum())
            expected, variance = expected + chance * seen.sum(), variance + chance * (1 - chance) * seen.sum()
    return drawn_share(
        "one of two posts: how often the more liked is shown", "(1 + a) / (2 + a + b), multinomial logit", expected / visits,
        variance, leads, visits, ("recommenders.ranked", "kernels.serving"),
    )  # fmt: skip


def reactions(seeds: int, sabotage: Sabotage = NOTHING) -> list[Target]:
    """Everybody meets two posts: who watches through and likes follows the logistic function of the logits added up."""
    said = {"recommender": "menu", "population.visits": "once", "population.catalogue_posts": 2, "audience.watch": -0.5,
            "audience.like": -1.0, "population.quality_spread": 1.0, "audience.quality_on_watch": 0.8,
            "audience.quality_on_like": 0.4, "audience.social_proof": 0.5}  # fmt: skip
    views, watched, liked, sums = 0, 0, 0, np.zeros(4)
    for scenario in _seeds(seeds, lambda seed: bare(400, said, sabotage, seed)):
        model = CampaignModel(scenario, follows=[])
        posts = model.world.platform.posts
        quality = model.world.minds.felt / 1024.0
        while model.world.hour < scenario.clock.end:
            proof, before = 0.5 * np.log10(1.0 + posts.likes), posts.views.copy()
            model.step()
            seen = posts.views - before
            watches = 1.0 / (1.0 + np.exp(0.5 - 0.8 * quality - proof))
            likes = watches / (1.0 + np.exp(1.0 - 0.4 * quality - proof))
            sums += [seen @ watches, seen @ (watches * (1 - watches)), seen @ likes, seen @ (likes * (1 - likes))]
        views, watched, liked = (
            views + int(posts.views.sum()),
            watched + int(posts.watched.sum()),
            liked + int(posts.likes.sum()),
        )
    modules = ("kernels.reactions", "audience.watching")
    formula = "product of logistic functions of base, quality and log likes"
    return [
        drawn_share("two posts: views to the end", formula, sums[0] / views, sums[1], watched, views, modules),
        drawn_share("two posts: likes", formula, sums[2] / views, sums[3], liked, views, modules),
    ]


LINE = 10  # people in a line, each of whom follows the one before


def _lines(users: int) -> list[tuple[int, int]]:
    """Lines of people; the first of each follows the author of the only post, whose number is that of users."""
    return [(user, user - 1 if user % LINE else users) for user in range(users)]


def chain_of_shares(sabotage: Sabotage = NOTHING) -> Target:
    """Everybody is there every hour and shares everything: in hour k the k-th of each line, counted from 0, sees the post."""
    users = 400
    said = {"audience.share": ALWAYS, "audience.share_recipients": 1}
    model = CampaignModel(busy(bare(users, said, sabotage)), follows=_lines(users))
    seen = []
    for _ in range(LINE + 3):
        model.step()
        seen.append(int(model.world.platform.posts.views.sum()))
    by_hand = [min(hour, LINE) * users // LINE for hour in range(1, LINE + 4)]
    return exact(
        "a chain of shares along a line", "one step an hour, each person once", users, seen[-1], seen == by_hand,
        ("recommenders.chronological", "kernels.sharing"),
    )  # fmt: skip


def broken_chains(seeds: int, sabotage: Sabotage = NOTHING) -> Target:
    """Each person shares with probability one half: lines go on as coins say."""
    users, passed, tries = 2000, 0, 0
    said = {"audience.share": 0.0, "audience.share_recipients": 1}
    for scenario in _seeds(seeds, lambda seed: bare(users, said, sabotage, seed)):
        model = CampaignModel(busy(scenario), follows=_lines(users))
        model.run_until(LINE + 1)
        people = np.flatnonzero(model.world.minds.returns <= 0)
        reached = model.world.platform.accounts.inbox[people, 0] >= 0
        reached[::LINE] = True  # those who follow the author
        tries += int(reached.reshape(-1, LINE)[:, :-1].sum())
        passed += int(reached.reshape(-1, LINE)[:, 1:].sum())
    return drawn_share(
        "a chain of shares that breaks", "a geometric number of steps, with probability 1/2", 0.5, 0.25 * tries, passed, tries,
        ("kernels.sharing", "kernels.reactions"),
    )  # fmt: skip


def one_author(seeds: int, sabotage: Sabotage = NOTHING) -> Target:
    """All follow one author in a chronological feed and come with probability 1/4 an hour: one post, six hours."""
    users, hours, views = 400, 6, 0
    said = {"population.sessions_per_day": 6.0, "population.videos_per_session": 1.0}
    for scenario in _seeds(seeds, lambda seed: bare(users, said, sabotage, seed)):
        model = CampaignModel(scenario, follows=[(user, users) for user in range(users)])
        model.run_until(hours)
        views += int(model.world.platform.posts.views.sum())
    chance, trials = 1.0 - 0.75**hours, users * seeds
    return drawn_share(
        "impressions a follower of one post in a chronological feed", "1 - (3/4)^6", chance,
        trials * chance * (1 - chance), views, trials, ("recommenders.chronological", "audience.attention"),
    )  # fmt: skip


def equal_places(seeds: int, sabotage: Sabotage = NOTHING) -> Target:
    """Each person looks at one song of a menu in random order: the first half of 48 songs gets half of the views.

    The sum of squares is checked as well: Pearson's statistic has 47 degrees of freedom and must not exceed its mean by
    more than five standard deviations.
    """
    said = {"recommender": "menu", "population.visits": "once", "population.catalogue_posts": 48, "audience.like": 0.0,
            "population.videos_per_session": 1.0}  # fmt: skip
    views = np.zeros(48, dtype=np.int64)
    for scenario in _seeds(seeds, lambda seed: bare(800, said, sabotage, seed)):
        model = CampaignModel(scenario, follows=[])
        model.run_until(scenario.clock.end)
        views += model.world.platform.posts.views
    total = int(views.sum())
    pearson = float(((views - total / 48) ** 2).sum() * 48 / total)
    half = drawn_share(
        "a menu in random order: views of the first half", "1/2, all places alike", 0.5, total / 4, int(views[:24].sum()), total,
        ("recommenders.menu", "audience.attention"),
    )  # fmt: skip
    return dataclasses.replace(half, agrees=half.agrees and total == 800 * seeds and pearson < 47 + 5 * np.sqrt(94))


def three_posts(sabotage: Sabotage = NOTHING) -> Target:
    """Ten influencers with ten followers each ask 10 EUR a post and refuse nothing: 35 EUR buy three posts, and 5 are left."""
    users = 100
    said = {"campaign": "coordinated", "campaign.budget": 35.0, "population.influencers": 10.0,
            "campaign.tactics.hire_influencers.price": 1000.0, "campaign.tactics.hire_influencers.acceptance": 1.0,
            "campaign.tactics.hire_influencers.generic": 0.0, "population.catalogue_posts": 0}  # fmt: skip
    scenario = with_tactics(bare(users, said, sabotage), "hire_influencers")
    ring = [(user, (user + step) % users) for user in range(users) for step in range(1, 11)]
    model = CampaignModel(scenario, follows=ring)
    model.run_until(scenario.clock.end)
    bought = int((model.world.platform.posts.candidate == scenario.focal).sum())
    balanced = model.headquarters.left == 500 and [entry[3] for entry in model.headquarters.books] == [1000] * 3
    return exact(
        "a budget that buys three posts", "35 EUR at 10 EUR a post", 3, bought, balanced,
        ("tactics.hire_influencers", "actors.campaign"),
    )  # fmt: skip


def ninety_eight_likes(sabotage: Sabotage = NOTHING) -> Target:
    """A vendor's seven accounts like each post that names the candidate, at a cent: one euro pays for fourteen posts."""
    said = {"campaign": "bought_engagement", "campaign.budget": 1.0, "population.vendors": 7.0,
            "campaign.tactics.buy_engagement.comments": 0.0, "population.catalogue_posts": 0}  # fmt: skip
    scenario = bare(100, said, sabotage)
    first, *others = scenario.population.candidates
    loud = (dataclasses.replace(first, official_posts=5.0), *others)
    model = CampaignModel(
        dataclasses.replace(scenario, population=dataclasses.replace(scenario.population, candidates=loud)), follows=[]
    )
    model.run_until(scenario.clock.end)
    posts = model.world.platform.posts
    orders = sorted(posts.likes[posts.likes > 0].tolist())
    fits = orders == [7] * 14 and model.headquarters.left == 2 and bool((posts.views == posts.likes).all())
    return exact(
        "likes that one euro buys", "14 orders of 7 likes at a cent; 2 cents are left", 98, int(posts.likes.sum()), fits,
        ("tactics.buy_engagement", "world.changes"),
    )  # fmt: skip


def review_desk(sabotage: Sabotage = NOTHING) -> Target:
    """All 48 posts are reported and flagged in the first hour in which people come; from then on 24 a day are reviewed."""
    said = {"recommender": "menu", "population.visits": "once", "days": 1, "population.catalogue_posts": 48,
            "audience.watch": NEVER, "audience.report": ALWAYS,
            "moderation": "remove_reported", "moderation.start": "2024-11-04",
            "moderation.desk.delay": 0, "moderation.desk.capacity": 2400.0, "moderation.desk.reviewed": 1.0,
            "moderation.evidence.violation_found": 1.0, "moderation.evidence.violation_false": 1.0,
            "moderation.policies.remove_reported.least_reports": 1,
            "moderation.policies.remove_reported.reports_per_view": 0.0}  # fmt: skip
    scenario = bare(1000, said, sabotage)
    model = CampaignModel(scenario, follows=[])
    model.run_until(scenario.clock.start)
    gone = []
    for _ in range(60):
        model.step()
        gone.append(int((model.world.platform.posts.status & 1).sum()))
    by_hand = [min(hour, 48) for hour in range(1, 61)]
    return exact(
        "posts that a review desk removes in its first 30 hours", "24 reviews a day, 48 posts waiting", 30, gone[29],
        gone == by_hand and model.suspicion.reviews == 48, ("moderation.review_desk", "moderation.remove_reported"),
    )  # fmt: skip


def nothing_manufactured(sabotage: Sabotage = NOTHING) -> Target:
    """A campaign with every tactic, but without money and accounts, against the quiet twin of the same luck."""
    said = {"scenario": "classroom", "scale": 0.000022223, "days": 6, "calendar.warm_up_days": 1, "campaign.budget": 0.0,
            "population.sleepers": 0.0, "population.vendors": 0.0, "population.volunteers": 0.0,
            "population.influencers": 0.0, "population.influencers_least": 0, **sabotage}  # fmt: skip
    runs = [
        simulate(load_scenario([f"{key}={value}" for key, value in {**said, "campaign": campaign}.items()])).run
        for campaign in ("coordinated", "quiet")
    ]
    manufactured = runs[0]["candidate_impressions"] - runs[1]["candidate_impressions"]
    same = runs[0]["digest"] == runs[1]["digest"] and runs[1]["political_impressions"] > 0
    return exact(
        "manufactured visibility without money and accounts", "nothing can act", 0, manufactured, same,
        ("actors", "tactics", "recommenders.staged_audience"),
    )  # fmt: skip
