"""Units of what runs leave: a column of the table of runs, a measure of the series by day."""

from collections.abc import Mapping

from sim.measures.base import Measure
from sim.scenario.config import Scenario

COUNTS = {
    "users": "users",
    "genuine_users": "users",
    "hours": "hours",
    "impressions": "impressions by genuine users",
    "candidate_impressions": "impressions by genuine users",
    "candidate_authored": "impressions by genuine users, of posts that the campaign caused",
    "candidate_paid": "impressions by genuine users, of posts that the campaign paid for",
    "candidate_asked": "impressions by genuine users, of posts that the campaign asked for",
    "political_impressions": "impressions by genuine users",
    "other_candidates_organic": "impressions by genuine users",
    "reach": "genuine users who have seen the candidate",
    "watch_seconds": "seconds watched by genuine users",
    "likes": "likes by genuine users",
    "spent": "EUR at the scale of this world",
    "reviews": "reviews by a person",
    "appeals": "appeals",
    "first_action": "date and hour of moderation's first action",
    "shares_given_up": "shares not made",
    "genuine_account_days_shut": "account-days",
    "genuine_post_days_hidden": "post-days",
    "cpu_s": "seconds of processor",
    "wall_s": "seconds",
}
BY_DAY = {
    "impressions": "impressions by genuine users",
    "impressions_all": "impressions by genuine users, of all posts",
    "organic_impressions": "impressions by genuine users, of posts that no campaign caused",
    "political_impressions": "impressions by genuine users",
    "likes_all": "likes by genuine users",
    "watch_seconds": "seconds watched by genuine users",
    "reach": "genuine users who have seen the candidate so far",
    "share": "share of political impressions by genuine users",
    "actioned_campaign_accounts": "sleeper accounts acted on so far",
    "actioned_genuine_accounts": "genuine accounts acted on so far",
}
OF_RECORD = {  # beginnings of columns about what each viewer has on record
    "record_first_day_": "measured day, 0 for the first",
    "record_left_": "share of the campaign's acts",
    "record_precision_": "share of flagged accounts",
    "record_false_positives_": "accounts of 100,000 users",
    "record_communities": "share of communities",
}
ENDINGS = {  # of columns that count accounts or posts
    "_accounts": "accounts", "_accounts_actioned": "accounts", "_accounts_restored": "accounts", "_accounts_discounted": "accounts",
    "accounts_actioned": "accounts", "accounts_restored": "accounts", "accounts_discounted": "accounts", "volunteers": "accounts",
    "volunteers_actioned": "accounts", "posts_actioned": "posts", "posts_restored": "posts", "posts_slowed": "posts", "posts_held": "posts",
}  # fmt: skip


def unit_of(column: str, own: Mapping[str, str]) -> str | None:
    """The unit of a column of the runs; None of what is a name. own: units of measures that the scenario asks for."""
    if column in own:
        return own[column]
    of_record = next((unit for beginning, unit in OF_RECORD.items() if column.startswith(beginning)), None)
    if of_record:
        return of_record
    return COUNTS.get(column) or next((unit for ending, unit in ENDINGS.items() if column.endswith(ending)), None)


def unit_by_day(measure: str) -> str | None:
    """The unit of a measure of the series."""
    return "EUR at the scale of this world" if measure.startswith("spent:") else BY_DAY.get(measure)


def asked_units(scenario: Scenario) -> dict[str, str]:
    """Units of the numbers that the scenario's own measures, and its election, leave in the table of runs, as their classes say."""
    own = [m for m in scenario.measures.values() if isinstance(m, Measure)]
    own += [scenario.election] if scenario.holds_election else []
    return {name: unit for m in own for name, unit in m.units.items()}
