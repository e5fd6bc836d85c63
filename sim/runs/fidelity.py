"""The fidelity table: what a miniature keeps of the real platform, and what it cannot."""

from typing import Any

import pandas as pd

from sim.scenario.config import Scenario


def fidelity(scenario: Scenario, runs: pd.DataFrame) -> list[dict[str, Any]]:
    """Quantity, unit, real and simulated, from the worlds without moderation."""
    population, days = scenario.population, scenario.clock.days
    open_runs = runs[runs["moderation"] == "none"] if (runs["moderation"] == "none").any() else runs
    users, genuine = float(open_runs["users"].mean()), float(open_runs["genuine_users"].mean())
    campaign = open_runs[open_runs["spent"] > 0]
    budget = scenario.campaign.budget / population.country_users
    rows: list[tuple[str, str, float, float]] = [
        ("users", "accounts", population.country_users, users),
        ("videos watched a user a day", "videos/day", population.sessions_per_day * population.videos_per_session,
         float((open_runs["impressions"] / open_runs["genuine_users"]).mean()) / days),
        ("posts a user a day", "posts/day", scenario.real_posts_per_user_day, population.posts_per_user_day),
        ("sleeper accounts per 1,000 users", "accounts", 1000 * population.sleepers / population.country_users,
         1000 * float(open_runs["campaign_accounts"].mean()) / users),
        ("volunteers per 1,000 users", "users", 1000 * population.volunteers / population.country_users,
         1000 * float(open_runs["volunteers"].mean()) / users),
        ("likes a view", "share", 0.04, float((open_runs["likes"] / open_runs["impressions"]).mean())),
    ]  # fmt: skip
    if budget > 0 and len(campaign):
        rows.append(
            (
                "money spent per 1,000 users",
                "EUR",
                1000 * budget,
                1000 * float(campaign["spent"].mean()) / genuine,
            )
        )
    return [{"quantity": q, "unit": u, "real": real, "simulated": simulated} for q, u, real, simulated in rows]
