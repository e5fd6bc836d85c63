"""The observer notes each hour; days are summed, the measured window is reported."""

from collections import defaultdict
from typing import Any

from sim.measures.awareness import Awareness
from sim.measures.base import Measure
from sim.measures.costs import Costs, is_sanction
from sim.measures.on_record import OnRecord
from sim.measures.visibility import HourSeen, reach, seen_in
from sim.scenario.calendar import Clock
from sim.scenario.config import Scenario
from sim.world.actions import Actions, Request, Shown
from sim.world.truth import INFLUENCER, SLEEPER, VENDOR, VOLUNTEER
from sim.world.world import World

ROLES = {"campaign_accounts": SLEEPER, "vendor_accounts": VENDOR, "volunteers": VOLUNTEER}
Row = tuple[int, str, int, float]  # measured day, measure, candidate (-1 none), value


class Observer:
    """Counts by measured day; hours of the warm-up are not counted."""

    def __init__(self, scenario: Scenario, clock: Clock) -> None:
        self.clock = clock
        self.candidates = len(scenario.population.candidates)
        self.daily: dict[tuple[int, str, int], float] = defaultdict(float)
        self.totals: dict[str, float] = defaultdict(float)
        self.accounts_actioned: set[int] = set()
        self.posts_actioned: set[int] = set()
        self.genuine_posts_actioned: set[int] = set()
        self.first_action_hour = -1
        self.measures = {name: m for name, m in scenario.measures.items() if isinstance(m, Measure)}
        self.notes: dict[str, dict[str, Any]] = {name: {} for name in self.measures}  # what each one remembers
        self.costs = Costs()
        self.awareness = awareness_of(scenario)
        self.on_record = OnRecord(scenario.record) if scenario.record is not None else None

    def note(self, world: World, shown: Shown, actions: Actions) -> None:
        """Count what was shown and paid in one hour."""
        if self.on_record is not None:
            self.on_record.note(world)
        day = self.clock.measured_day(world.hour)
        if day < 0:
            return
        self._impressions(day, seen_in(world, shown))
        for payment in actions.pay:
            self.daily[day, f"spent:{payment.tactic}", -1] += payment.cents / 100.0
        for name, measure in self.measures.items():
            measure.note(world, shown, self.notes[name])
        if self.awareness:
            self.awareness.note(world, shown)
        if (world.hour + 1) % 24 == 0:
            self._end_of_day(world, day)

    def _impressions(self, day: int, seen: HourSeen) -> None:
        self.totals["all_impressions"] += seen.impressions
        self.daily[day, "impressions_all", -1] += seen.genuine
        self.daily[day, "likes_all", -1] += seen.genuine_likes
        self.daily[day, "watch_seconds", -1] += seen.watch_seconds
        self.daily[day, "political_impressions", -1] += int(seen.visible.sum())
        for candidate in range(self.candidates):
            self.daily[day, "impressions", candidate] += int(seen.visible[candidate])
            paid, asked = int(seen.paid[candidate]), int(seen.asked[candidate])
            self.daily[day, "organic_impressions", candidate] += int(seen.visible[candidate]) - paid - asked
            self.totals[f"paid:{candidate}"] += paid
            self.totals[f"asked:{candidate}"] += asked

    def note_moderation(self, world: World, decided: list[Request]) -> None:
        """Count what moderation did in one hour, before the hour ends."""
        if self.on_record is not None:
            self.on_record.removals.note(decided, world.hour)
        day = self.clock.measured_day(world.hour)
        if day < 0:
            return
        self.costs.note(world, decided)
        for request in decided:
            if not is_sanction(request):
                continue
            if self.first_action_hour < 0:
                self.first_action_hour = world.hour - self.clock.start
            if request.account >= 0 and request.action != "withdraw":
                self.accounts_actioned.add(request.account)
            else:
                self.posts_actioned.add(request.post)
                row = request.post - world.platform.first
                if 0 <= row < len(world.platform.posts) and not world.truth.campaign_post[row]:
                    self.genuine_posts_actioned.add(request.post)
        if (world.hour + 1) % 24 == 0:
            self._accounts_by_day(world, day)
            self.costs.end_of_day(world, self.accounts_actioned, self.posts_actioned)

    def _accounts_by_day(self, world: World, day: int) -> None:
        accounts = sorted(self.accounts_actioned)
        sleepers = int((world.truth.role[accounts] == SLEEPER).sum()) if accounts else 0
        self.daily[day, "actioned_campaign_accounts", -1] = float(sleepers)
        self.daily[day, "actioned_genuine_accounts", -1] = float(
            int(world.truth.genuine[accounts].sum()) if accounts else 0
        )

    def _end_of_day(self, world: World, day: int) -> None:
        for candidate, users in enumerate(reach(world, self.candidates)):
            self.daily[day, "reach", candidate] = float(users)
        political = self.daily[day, "political_impressions", -1]
        for candidate in range(self.candidates):
            share = self.daily[day, "impressions", candidate] / political if political else 0.0
            self.daily[day, "share", candidate] = share

    def rows(self) -> list[Row]:
        """The series, in a fixed order."""
        return [(day, measure, candidate, value) for (day, measure, candidate), value in sorted(self.daily.items())]

    def total(self, measure: str, candidate: int = -1) -> float:
        """A measure summed over the measured days."""
        return sum(value for (_, name, who), value in self.daily.items() if name == measure and who == candidate)

    def summary(self, world: World, focal: int, reviews: int) -> dict[str, Any]:
        """One row of the table of runs."""
        actioned = sorted(self.accounts_actioned)
        genuine = world.truth.genuine
        visible = self.total("impressions", focal)
        everyone = [self.total("impressions", candidate) for candidate in range(self.candidates)]
        organic = [self.total("organic_impressions", candidate) for candidate in range(self.candidates)]
        return {
            "users": world.platform.users,
            "genuine_users": world.platform.users - int((world.truth.role == INFLUENCER).sum()),
            "hours": world.hour - self.clock.start,
            "impressions": int(self.total("impressions_all")),
            "candidate_impressions": visible,
            "candidate_authored": visible - organic[focal],
            "candidate_paid": self.totals[f"paid:{focal}"],
            "candidate_asked": self.totals[f"asked:{focal}"],
            "political_impressions": sum(everyone),
            "reach": float(reach(world, self.candidates)[focal]),
            "watch_seconds": self.total("watch_seconds"),
            "likes": int(self.total("likes_all")),
            "spent": sum(cents for _, _, _, cents in world.truth.payments) / 100.0,
            "reviews": reviews,
            "accounts_actioned": len(actioned),
            "genuine_accounts_actioned": int(genuine[actioned].sum()) if actioned else 0,
            "posts_actioned": len(self.posts_actioned),
            "genuine_posts_actioned": len(self.genuine_posts_actioned),
            **accounts_by_role(world, actioned),
            "first_action_hour": self.first_action_hour,
            "other_candidates_organic": sum(organic) - organic[focal],
            **self.asked_for(world, focal),
        }

    def asked_for(self, world: World, focal: int) -> dict[str, float]:
        """What the measures of the `measures` slot have found by now."""
        found: dict[str, float] = {}
        for name, measure in self.measures.items():
            found |= measure.read(world, self.notes[name], focal)
        return found


def awareness_of(scenario: Scenario) -> Awareness | None:
    """What an election reads of who knows whom; None where none is held."""
    if not scenario.holds_election:
        return None
    rules, step = scenario.election, float(scenario.audience.awareness_step)
    return Awareness(scenario.little_known, step, rules.awareness_half_life, rules.few_sights)


def accounts_by_role(world: World, actioned: list[int]) -> dict[str, int]:
    """How many accounts of each kind there are, and how many moderation acted on."""
    role, hit = world.truth.role, world.truth.role[actioned] if actioned else world.truth.role[:0]
    counts = {name: int((role == kind).sum()) for name, kind in ROLES.items()}
    return counts | {f"{name}_actioned": int((hit == kind).sum()) for name, kind in ROLES.items()}
