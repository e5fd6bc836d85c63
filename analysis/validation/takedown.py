"""Delayed takedown (Truong and co-authors, arXiv 2502.08841) through the engine: scenario `delayed_takedown`."""

from dataclasses import dataclass
from itertools import pairwise

from analysis.validation.target import Curves, Effort, Finding, Target
from analysis.validation.worlds import falls, interval, results_of

SOURCE = "Truong and co-authors, arXiv 2502.08841"
MODULES = ("recommenders.inbox", "audience.resharing", "moderation.take_down", "world.evidence", "measures.unlawful")
HALF_LIVES = (0.25, 1.0, 4.0, 8.0, 16.0)  # days, which are ticks
MEASURES = ("prevalence", "reach")
PUBLISHED = {
    "prevalence": {0.25: -96.7, 1.0: -70.7, 4.0: -31.5, 16.0: -8.1},
    "reach": {0.25: -94.9, 1.0: -56.8, 4.0: -21.9, 16.0: -6.9},
}
TOLERANCE, JUDGED = 7.0, 8.0  # percentage points, for half-lives up to so many days


@dataclass(frozen=True)
class Task:
    """One world; half-life None is no moderation."""

    half_life: float | None
    seed: int
    humans: int


def unlawful_of(task: Task) -> tuple[tuple[float | None, int], tuple[float, float]]:
    """Prevalence and reach in one world."""
    from sim.model import CampaignModel
    from sim.runs.face import load_scenario

    policy = "moderation.policies.take_down.half_life"
    arm = ["moderation=none"] if task.half_life is None else [f"{policy}={task.half_life}"]
    size = f"population.country_users={task.humans}.0"
    scenario = load_scenario(["scenario=delayed_takedown", *arm, size, f"seed={task.seed}"])
    model = CampaignModel(scenario)
    model.run_until(scenario.clock.end)
    noted = model.observer.asked_for(model.world, scenario.focal)
    return (task.half_life, task.seed), (noted["unlawful_prevalence"], noted["unlawful_reach"])


def study(effort: Effort) -> Finding:
    """Change against no moderation, by half-life; quick at 2,000 people, where 14 points are allowed."""
    quick = effort == "quick"
    humans, seeds = (2000, (1,)) if quick else (10000, (1, 2, 3)) if effort == "normal" else (10000, tuple(range(1, 9)))
    half_lives = tuple(h for h in HALF_LIVES if h in (0.25, 1.0, 4.0)) if quick else HALF_LIVES
    found = results_of(unlawful_of, [Task(h, seed, humans) for h in (None, *half_lives) for seed in seeds])
    change = {
        (measure, h): [100.0 * (found[h, seed][place] / found[None, seed][place] - 1.0) for seed in seeds]
        for place, measure in enumerate(MEASURES)
        for h in half_lives
    }
    targets, curves = [], []
    for measure in MEASURES:
        published = {h: value for h, value in PUBLISHED[measure].items() if h in half_lives}
        targets += [_target(measure, h, change[measure, h], 2.0 if quick else 1.0) for h in published]
        means = [interval(change[measure, h])[0] for h in half_lives]
        steps = [later - earlier for earlier, later in pairwise(means)]
        targets.append(Target(
            f"takedown: {measure} rises with the half-life, smallest step, points", "published", SOURCE,
            "above 0 at every step", min(steps), min(steps), min(steps), falls([-mean for mean in means]), MODULES,
        ))  # fmt: skip
        lines = [("published", list(published), list(published.values())), ("simulated", list(half_lives), means)]
        curves.append(Curves(f"Change of {measure} of unlawful messages", "half-life, days", "%", lines, log_x=True))
    method = (
        f"{humans:,} people, {len(seeds)} seed(s), each world paired with the same one without moderation. One tick is one step "
        "and one day: people post or reshare .43 times a day on average, spread as in the authors' program (a power law of "
        "posts a day, here a log-normal of the same mean and spread). Prevalence: distinct unlawful messages in feeds, mean over "
        "96 steps. Reach: distinct people who saw a message, mean over unlawful messages. Nothing is fitted here: the network is the one "
        "fitted on SimSoM. Without moderation some 40 unlawful messages stand in feeds, a little fewer than the 45 to 60 of the "
        "authors' stored runs."
    )
    return Finding("Takedown of unlawful messages after a delay", method, targets, curves)


def _target(measure: str, half_life: float, values: list[float], wider: float) -> Target:
    got, low, high = interval(values)
    published, allowed = PUBLISHED[measure][half_life], wider * TOLERANCE
    judged = half_life <= JUDGED
    tolerance = f"within {allowed:g} points" if judged else "no tolerance stated; a fall"
    agrees = abs(got - published) <= allowed if judged else got < 0
    name = f"takedown: {measure}, half-life {half_life:g} days, %"
    return Target(name, "published", SOURCE, f"{published:g}, {tolerance}", got, low, high, agrees, MODULES)
