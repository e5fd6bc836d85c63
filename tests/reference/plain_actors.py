"""The actors of the plain twin: the same agents as in the engine, and what they see."""

import mesa
import numpy as np

from sim.actors.base import Public
from sim.actors.campaign import Headquarters
from sim.actors.creators import OfficialAccount
from sim.actors.influencer import Influencer
from sim.actors.sleeper_cell import SleeperCell
from sim.actors.volunteer_network import VolunteerNetwork
from sim.world.platform import COMMENT, LIKE
from sim.world.truth import INFLUENCER, OFFICIAL, SLEEPER, VENDOR, VOLUNTEER


def candidate_account(model: mesa.Model, candidate: int) -> int:
    """The number of a candidate's own account."""
    role, supports = model.opening.truth.role, model.opening.minds.supports
    return int(np.flatnonzero((role == OFFICIAL) & (supports == candidate))[0])


def hire(model: mesa.Model) -> None:
    """The same actors as in the engine: they are agents there too."""
    scenario, role = model.rules, model.opening.truth.role
    cycle = scenario.population.daily_cycle
    model.officials = [
        OfficialAccount(model, n, candidate_account(model, n), c.official_posts, scenario.share_of_posts, cycle)
        for n, c in enumerate(scenario.population.candidates)
    ]
    office = model.headquarters = Headquarters(model, 0)
    office.influencers = [Influencer(model, n, int(a)) for n, a in enumerate(np.flatnonzero(role == INFLUENCER))]
    office.vendors = [int(a) for a in np.flatnonzero(role == VENDOR)]
    office.officials = [official.account for official in model.officials]
    office.volunteers = VolunteerNetwork(model, 0, [int(a) for a in np.flatnonzero(role == VOLUNTEER)], cycle)
    sleepers, size = [int(a) for a in np.flatnonzero(role == SLEEPER)], scenario.population.cell_size
    office.cells = [SleeperCell(model, n, sleepers[b : b + size]) for n, b in enumerate(range(0, len(sleepers), size))]
    office.scale, office.posts_per_real_post = scenario.scale, scenario.posts_per_real_post
    office.share_of_posts = scenario.share_of_posts
    office.real_influencers_each = scenario.population.influencers * scenario.scale / max(1, len(office.influencers))
    campaign = scenario.campaign
    begins = None if campaign.start is None else max(model.clock.hour_of(campaign.start), model.clock.start)
    purses = {tactic: euros * scenario.scale for tactic, euros in campaign.purses.items()}
    office.adopt(scenario.focal, begins, campaign.budget * scenario.scale, campaign.tactics, campaign.doses, purses)


def public(model: mesa.Model) -> Public:
    """What the owner of an account sees."""
    posts = model.live

    def column(values: list[int]) -> np.ndarray:
        return np.array(values, dtype=np.int64)

    return Public(
        model.first, column([p.key for p in posts]), column([p.author for p in posts]), column([p.hour for p in posts]),
        column([p.second for p in posts]), column([p.candidate for p in posts]), column([p.hashtag for p in posts]),
        column([p.views for p in posts]), column([p.count[LIKE] for p in posts]),
        column([p.count[COMMENT] for p in posts]), np.array([p.followers_only for p in posts], dtype=bool),
        column([u.follower_count for u in model.people]), np.zeros(len(model.people), dtype=bool),
    )  # fmt: skip
