"""Four things that were reported of the candidate from nowhere, and that nothing here was fitted to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.validation.intervals import mean_interval
from analysis.validation.small_worlds import composed
from analysis.validation.target import Target
from sim.measures.visibility import reach
from sim.model import CampaignModel
from sim.world.platform import COMMENT
from sim.world.truth import SLEEPER

WORDS = ("scenario=romania_2024", "days=31")  # what was reported is of the whole official campaign
WEEK = 7  # days
MODULES = ("population", "background", "tactics", "audience", "recommender")
FACTOR = 3.0


@dataclass(frozen=True)
class Task:
    """One world with the campaign, and its twin without."""

    one_for: int
    seed: int


def pair(task: Task) -> dict[str, float]:
    """Followers gained and reach, in percent of users; the top rival's views over the candidate's; sleepers' comments, in millions."""
    words = (*WORDS, f"scale={1 / task.one_for:.6g}", f"seed={task.seed}")
    quiet = CampaignModel(composed((*words, "campaign=quiet")))
    quiet.run_until(quiet.clock.end)
    model, comments = CampaignModel(composed(words)), 0
    official, focal, users = model.headquarters.officials, model.rules.focal, model.world.platform.users
    model.run_until(model.clock.start)
    begun = int(model.world.platform.accounts.followers[official[focal]])
    while model.world.hour < model.clock.end:
        model.hour_passes()
        log = model.world.platform.log[-1]
        comments += int(((log.verb == COMMENT) & (model.world.truth.role[log.account] == SLEEPER)).sum())
        model.moderation_acts([])
    candidates, days = len(official), range(model.clock.days - WEEK, model.clock.days)
    views = [sum(model.observer.daily[day, "impressions", who] for day in days) for who in range(candidates)]
    rivals = [seen for who, seen in enumerate(views) if who != focal]
    return {
        "gained": 100.0 * (int(model.world.platform.accounts.followers[official[focal]]) - begun) / users,
        "reach": 100.0 * float(reach(quiet.world, candidates)[focal]) / users,
        "rival": max(rivals) / max(views[focal], 1.0),
        "comments": comments / users * model.rules.population.country_users / 1e6,
    }  # fmt: skip


@dataclass(frozen=True)
class Reported:
    """What was said of it, and between what the model still agrees; set before anything was run."""

    what: str
    source: str
    said: str
    least: float
    most: float
    why: str  # it is missed, where it is


GAINED = 100 * 288_800 / 9.0e6  # % of users, of whom g4media.ro (DataReportal) has 8.97 million
WRITTEN = 2.0  # million comments
REPORTED = {
    "gained": Reported(
        "candidate's followers gained with the campaign, % of users",
        "SocialBlade via democracy-reporting.org: 288,800 in 30 days to 28 Nov",
        f"{GAINED:.1f}, within a factor of {FACTOR:g}", GAINED / FACTOR, GAINED * FACTOR,
        "the campaign is seen less than was reported, and followers follow from views",
    ),
    "reach": Reported(
        "candidate's reach without the campaign, % of users by the vote",
        "below 1% in a poll of 30 Oct to 5 Nov, libertatea.ro: known to few",
        "at most 50", 0.0, 50.0, "a miniature's hits reach a larger share of its users than a country's",
    ),
    "rival": Reported(
        "top rival's views over the candidate's in the last week, with the campaign",
        "more than three times any other candidate's, love-europe.com (FT)",
        "at most 1/3", 0.0, 1 / 3,
        "the campaign as alleged makes fewer views than were reported: what else carried the candidate is not in it",
    ),
    "comments": Reported(
        "comments by sleepers, millions at the size of the country",
        "two million by 20,000 accounts, Prosecutor General, Sep 2025 (romaniajournal.ro)",
        f"{WRITTEN:g}, within a factor of 2", WRITTEN / 2, WRITTEN * 2, "how many posts a cell goes to is assumed",
    ),
}  # fmt: skip


def targets(pairs: Sequence[Mapping[str, float]]) -> list[Target]:
    """The four, over seeds."""
    found = []
    for name, of in REPORTED.items():
        got, low, high = mean_interval([one[name] for one in pairs])
        agrees = of.least <= got <= of.most
        why = "" if agrees else of.why
        found.append(Target(of.what, "platform", of.source, of.said, got, low, high, agrees, MODULES, why))
    return found
