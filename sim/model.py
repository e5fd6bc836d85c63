"""The tick of the world, and nothing else."""

import mesa
import numpy as np
import numpy.typing as npt

from sim.actors.base import Actor, public
from sim.actors.campaign import Headquarters
from sim.actors.creators import OfficialAccount
from sim.actors.influencer import Influencer
from sim.actors.sleeper_cell import SleeperCell
from sim.actors.volunteer_network import VolunteerNetwork
from sim.audience.attention import Guests
from sim.audience.short_video import behaviour_of
from sim.measures.observer import Observer
from sim.moderation.base import Suspicion, moderate, stand_ready, watch
from sim.numbers.luck import Chance, Decision
from sim.regulator.acting import Acting
from sim.regulator.in_force import in_force
from sim.scenario.calendar import Clock
from sim.scenario.config import Scenario
from sim.world import changes
from sim.world.actions import Actions, Feeds, Meet, Mixed, Request, Shortlists, Shown, StandingFeeds, Visits
from sim.world.background import stirred
from sim.world.directing import as_directed
from sim.world.evidence import Witness
from sim.world.newcomers import open_accounts
from sim.world.platform import Ints
from sim.world.world import World, new_world, recruits


class CampaignModel(mesa.Model):  # type: ignore[misc]
    """A world, its actors, and the rules of one arm. `step` is one hour."""

    def __init__(self, scenario: Scenario, follows: npt.ArrayLike | None = None) -> None:
        """A new world; follows: pairs (who, whom) instead of the graph that the population would have."""
        super().__init__(rng=scenario.seed)
        self.rules = scenario
        self.clock: Clock = scenario.clock
        self.world: World = new_world(scenario, follows)
        self.people = behaviour_of(scenario.audience)
        changes.stock(self.world, scenario.population, scenario.audience)
        self.observer = Observer(scenario, self.clock)
        self.guests: Guests | None = None
        self.orders: list[Meet] = []  # of this hour, to accounts that act on what they meet
        self.decided: list[Request] = []  # by moderation in the hour before this one
        self.headquarters = Headquarters(self, 0)
        self._hire_actors()
        self.take_up_campaign(scenario)
        self.take_up_moderation(scenario)

    def _hire_actors(self) -> None:
        """Create the decision makers; all exist in every arm."""
        population, hired = self.rules.population, recruits(self.world)
        self.officials = [
            OfficialAccount(
                self,
                number,
                hired.officials[number],
                candidate.official_posts,
                self.rules.share_of_posts,
                population.daily_cycle,
            )
            for number, candidate in enumerate(population.candidates)
        ]
        office, size = self.headquarters, population.cell_size
        office.influencers = [Influencer(self, number, account) for number, account in enumerate(hired.influencers)]
        office.real_influencers_each = population.influencers * self.rules.scale / max(1, len(hired.influencers))
        office.vendors = hired.vendors
        office.officials = [official.account for official in self.officials]
        office.volunteers = VolunteerNetwork(self, 0, hired.volunteers, population.daily_cycle)
        office.cells = [
            SleeperCell(self, number, hired.sleepers[begin : begin + size])
            for number, begin in enumerate(range(0, len(hired.sleepers), size))
        ]

    def take_up_campaign(self, scenario: Scenario) -> None:
        """Take up the campaign of an arm; done before it does anything by which arms differ."""
        self.rules = scenario
        campaign = scenario.campaign
        begins = None if campaign.start is None else max(self.clock.hour_of(campaign.start), self.clock.start)
        self.headquarters.scale = scenario.scale
        self.headquarters.posts_per_real_post = scenario.posts_per_real_post
        self.headquarters.share_of_posts = scenario.share_of_posts
        purses = {tactic: euros * scenario.scale for tactic, euros in campaign.purses.items()}
        self.headquarters.adopt(
            scenario.focal, begins, campaign.budget * scenario.scale, campaign.tactics, campaign.doses, purses
        )

    def take_up_moderation(self, scenario: Scenario, suspicion: Suspicion | None = None) -> None:
        """Take up an arm's moderation; campaign and books stay as they are."""
        self.rules = scenario
        self.suspicion = suspicion or opening_suspicion(self, scenario)

    def step(self) -> None:
        """One hour."""
        self.hour_passes()
        self.moderation_acts(self.moderation_decides(self.rules, self.suspicion))

    def hour_passes(self) -> None:
        """All of an hour but moderation, which comes last, so that arms can share a world until one of them acts."""
        changes.open_hour(self.world, self.rules.background)
        actions = self.acts_of(self.actors())
        self.orders = actions.meet
        changes.sway(self.world, actions.sway)
        changes.infiltrate(self.world, actions.infiltrate)
        changes.wake(self.world, actions.wake)
        self.posts_appear(actions)
        changes.engage(self.world, actions.engage + changes.obeyed(self.world, actions.orders))
        changes.come_together(self.world, self.rules.background)
        changes.see_whom_comments_name(self.world)
        changes.pay(self.world, actions)
        visits = self.people_open_the_app()
        offered = self.recommender_ranks(visits)
        shown = self.people_watch(visits, offered)
        changes.record(self.world, self.rules.background, self.people, shown)
        changes.look_up(self.world, self.rules.background, shown)
        changes.order_log(self.world)
        changes.deliver_shares(self.world, self.people)
        self.recommender_learns(shown)
        self.observer.note(self.world, shown, actions)

    def moderation_acts(self, decided: list[Request]) -> None:
        """Carry out what the desk decided, and end the hour."""
        changes.enforce(self.world, decided)
        self.decided = decided
        self.observer.note_moderation(self.world, decided)
        self.world.hour += 1

    def actors(self) -> list[Actor]:
        """Everyone who seeks attention."""
        return [*self.officials, self.headquarters]

    def chance(self, decision: Decision) -> Chance:
        """This hour's luck for one kind of decision."""
        return Chance(self.world.seed, decision, self.world.hour, self.world.minds.key)

    def acts_of(self, actors: list[Actor]) -> Actions:
        """What actors do, all on the same public moment."""
        seen, chance, total = public(self.world.platform), self.chance(Decision.ACTOR), Actions()
        for actor in actors:
            total.extend(actor.act(seen, self.world.hour, chance))
        return total

    def posts_appear(self, actions: Actions) -> None:
        """Ordinary authors post by the daily cycle, supporters sometimes about their candidate; then what actors want."""
        changes.publish(self.world, self.rules, self.people, *self.own_posts(), actions.publish)

    def own_posts(self) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.bool_]]:
        """Who posts in this hour, and which of the posts are political."""
        return self.people.own_posts(self.world, self.rules.population, self.share_of_day())

    def share_of_day(self) -> float:
        """Share of a day's activity in this hour."""
        return self.rules.population.daily_cycle[self.world.hour % 24]

    def people_open_the_app(self) -> Visits:
        """Sessions of this hour, those of guests included."""
        visits = self.people.open_the_app(self.world, self.rules.population, self.share_of_day())
        return self.guests.join(visits, self.world.hour) if self.guests else visits

    def open_accounts(self, count: int) -> Ints:
        """Let fresh accounts take the places of some quiet users; they follow every candidate's own account."""
        opening = self.rules.recommender.opening_beliefs(self.world.platform.read_only())
        return open_accounts(self.world, opening, count, self.headquarters.officials)

    def recommender_ranks(self, visits: Visits) -> Feeds | Shortlists | StandingFeeds | Mixed:
        """The recommender sees the record and its own beliefs."""
        seen, recommender = self.world.platform.read_only(), self.rules.recommender
        offered: Feeds | Shortlists | StandingFeeds | Mixed = recommender.rank(
            seen, self.world.beliefs, visits, self.world.hour, self.chance(Decision.LANES)
        )
        return offered

    def people_watch(self, visits: Visits, offered: Feeds | Shortlists | StandingFeeds | Mixed) -> Shown:
        """Watching through, liking, commenting, sharing, following, reporting; some accounts do what they are told."""
        shown = stirred(self.world, self.rules.background, self.people.watch(self.world, visits, offered))
        return as_directed(self.world, self.orders, shown)

    def recommender_learns(self, shown: Shown) -> None:
        """Beliefs follow engagement, and can therefore be misled."""
        self.rules.recommender.learn(self.world.platform.read_only(), self.world.beliefs, shown, self.world.hour)

    def moderation_decides(self, rules: Scenario, suspicion: Suspicion) -> list[Request]:
        """What an arm's regulator has taken down; then its policies read the record, and the review desk adds delay, capacity and error."""
        seen, now, regulator = self.world.platform.read_only(), self.world.hour, rules.regulator
        told: list[Request] = []
        if regulator is not None:
            acting = Acting(regulator, self.clock, rules.share_of_posts, self.world.seed)
            witness = Witness(self.world, regulator.evidence)
            told = acting.requests(seen, suspicion, witness, now, self.chance(Decision.REGULATOR))
        moderation = rules.moderation
        if moderation.start is None:
            return told
        evidence, chance = Witness(self.world, moderation.evidence), self.chance(Decision.REVIEW)
        if now < max(self.clock.hour_of(moderation.start), self.clock.start):
            watch(moderation.policies, seen, suspicion, evidence, now, chance)
            return told
        holds = in_force(moderation, regulator, self.clock, suspicion, self.world.seed, now)
        stand_ready(holds.ready, seen, suspicion, now)
        acts = holds.moderation
        return told + moderate(acts.policies, acts.desk, seen, suspicion, evidence, now, chance)

    def run_until(self, hour: int) -> None:
        """Step to the given hour."""
        while self.world.hour < hour:
            self.step()


def opening_suspicion(model: CampaignModel, rules: Scenario) -> Suspicion:
    """What moderation knows before it has read anything: how many users there are, and what its errors may cost."""
    return Suspicion(notes={"users": model.world.platform.users}, price=rules.moderation.false_positives)
