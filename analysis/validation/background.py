"""What genuine people do to detectors: a world without a campaign beside logs of real platforms, and at a price to the innocent.

In a quiet world every account that acts together with others is innocent, and so is every account that a policy hits.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import stats

from analysis.detection.detect import Detection, Question
from analysis.detection.share_log import ShareLog
from analysis.validation import unknown_candidate
from analysis.validation.intervals import mean_interval
from analysis.validation.small_worlds import composed
from analysis.validation.target import Curves, Effort, Finding, Target
from analysis.validation.workshop import each
from sim.model import CampaignModel, opening_suspicion
from sim.moderation.base import Suspicion
from sim.moderation.price import WEEK, Priced
from sim.numbers.luck import Decision
from sim.scenario.config import Scenario
from sim.scenario.presets import slots
from sim.world.evidence import Witness
from sim.world.platform import COMMENT

SCENARIO = ("scenario=romania_2024", "campaign=quiet", "days=14")
SIZES: dict[Effort, tuple[int, int]] = {
    "quick": (900, 2),
    "normal": (300, 4),
    "full": (90, 4),
}  # one for so many, seeds
WINDOWS, OBJECTS = (60, 300), (1, 2, 3)
REAL = {  # window, objects: percent of accounts in the two logs
    (60, 1): (41.6, 12.5), (60, 2): (0.61, 2.8), (60, 3): (0.06, 1.9),
    (300, 1): (65.8, 22.6), (300, 2): (4.5, 3.9), (300, 3): (0.9, 2.3),
}  # fmt: skip
LOGS = (
    "retweets, Jan to Aug 2021 (9,509 accounts); links shared before a German vote, 2021 (CooRTweet, 14,770 accounts)"
)
FACTOR = 5.0
TWICE = 2.0
MODULES = ("background", "audience", "recommender")
Acts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Task:
    """One quiet world."""

    one_for: int
    seed: int


def study(effort: Effort) -> Finding:
    """Shares of those who comment together, and false positives of every policy that has a price."""
    one_for, seeds = SIZES[effort]
    worlds = each(quiet_world, [Task(one_for, seed) for seed in range(1, seeds + 1)], (0.0, 0.2))
    tasks = [unknown_candidate.Task(one_for, seed) for seed in range(1, seeds + 1)]
    pairs = each(unknown_candidate.pair, tasks, (0.2, 1.0))
    acting, curves = _acting_together(worlds)
    per_account = np.mean([world["per_account"] for world in worlds])
    per_object = np.mean([world["per_object"] for world in worlds])
    price = composed((*SCENARIO, "moderation=suspend_coordinated")).moderation.false_positives
    method = (
        f"`romania_2024` without a campaign, 1:{one_for}, {seeds} seeds, 14 days after a week of warm-up. Comments are counted as "
        f"`detect` counts acts: {per_account:.1f} an account and {per_object:.1f} an object (real logs: 3.7 and 2.8; 4.8 and 3.4). Neither "
        "real log is known to be free of coordination, so that they bound the innocent from above; a quiet world should be within a "
        f"factor of {FACTOR:.0f} of the range of both, and never zero. Policies are set at `false_positives: {price:g}` by the week "
        "before, and read the two weeks after it; accounts, or authors of posts, that they ask to act on are counted, each once. "
        "What was reported of the unknown candidate was used to set followers, support and the rate of following, and no "
        "number was moved afterwards: worlds of 31 days with the campaign and without."
    )
    found = [*acting, *_false_positives(worlds, float(price or 0.0)), *unknown_candidate.targets(pairs)]
    return Finding("What genuine people do to detectors, and the unknown candidate", method, found, curves)


def quiet_world(task: Task) -> dict[str, Any]:
    """Run one world with every priced policy as a passenger: it reads, and nothing that it asks for is done."""
    scenario = composed((*SCENARIO, f"scale={1 / task.one_for:.6g}", f"seed={task.seed}"))
    model, passengers, acts = CampaignModel(scenario), _passengers(), []
    riding = [(rules, opening_suspicion(model, rules), set[int]()) for rules in passengers.values()]
    while model.world.hour < scenario.clock.end:
        model.hour_passes()
        for rules, suspicion, hit in riding:
            hit |= _asked_for(model, rules, suspicion)
        log = model.world.platform.log[-1]
        commented = log.verb == COMMENT
        acts.append(
            np.stack([log.account, log.post, log.second + 3600 * model.world.hour]).astype(np.int64)[:, commented]
        )
        model.moderation_acts([])
    measured = np.concatenate(acts[scenario.clock.start :], axis=1)
    return {
        "users": model.world.platform.users, "weeks": (scenario.clock.end - scenario.clock.start) / WEEK,
        "hits": {name: len(hit) for name, (_, _, hit) in zip(passengers, riding, strict=True)},
        **_shares(measured),
    }  # fmt: skip


def _passengers() -> dict[str, Scenario]:
    """Each preset of one policy that has a price."""
    found = {}
    for name in slots()["moderation"]:
        rules = composed((*SCENARIO, f"moderation={name}"))
        policies = list(rules.moderation.policies.values())
        if len(policies) == 1 and isinstance(policies[0], Priced):
            found[name] = rules
    return found


def _asked_for(model: CampaignModel, rules: Scenario, suspicion: Suspicion) -> set[int]:
    """Accounts, or authors of posts, that a policy asks to act on in this hour; before its start it watches."""
    (policy,) = rules.moderation.policies.values()
    now, chance = model.world.hour, model.chance(Decision.REVIEW)
    seen, evidence = model.world.platform.read_only(), Witness(model.world, rules.moderation.evidence)
    if now < model.clock.start:
        suspicion.watched += 1
        policy.watch(seen, suspicion, evidence, now, chance)
        return set()
    asked = policy.flag(seen, suspicion, evidence, now, chance)
    return {request.account if request.account >= 0 else request.author for request in asked}


def _shares(acts: Acts) -> dict[str, Any]:
    """Percent of the accounts in a log that act together; acts: account, object and second of each."""
    accounts, account = np.unique(acts[0], return_inverse=True)
    objects, object_ = np.unique(acts[1], return_inverse=True)
    order = np.lexsort((account, acts[2], object_))
    log = ShareLog(object_[order], account[order], acts[2][order], objects.astype(object), accounts.astype(object))
    found = {}
    for window in WINDOWS:
        for repetitions in OBJECTS:
            detection = Detection(log, Question(window, repetitions, False, 1, 1))
            in_pair = detection.count(detection.acts(log.account)[0])[1]
            found[f"{window}:{repetitions}"] = 100.0 * in_pair / len(accounts)
    return {
        "shares": found, "per_account": acts.shape[1] / len(accounts), "per_object": acts.shape[1] / len(objects),
    }  # fmt: skip


def _acting_together(worlds: list[dict[str, Any]]) -> tuple[list[Target], list[Curves]]:
    targets, lines = [], []
    for window in WINDOWS:
        means = []
        for repetitions in OBJECTS:
            values = np.array([world["shares"][f"{window}:{repetitions}"] for world in worlds])
            least, most = min(REAL[window, repetitions]) / FACTOR, max(REAL[window, repetitions]) * FACTOR
            got, low, high = mean_interval(values.tolist())
            means.append(got)
            said = f"{least:.2g}% to {most:.3g}% (real logs: {REAL[window, repetitions][0]:g}%, {REAL[window, repetitions][1]:g}%)"
            why = "" if least <= got <= most else "circles are assumed; see docs/ODD.md, Background"
            targets.append(Target(
                f"accounts that comment together within {window} s on {_many(repetitions)}, %", "platform", LOGS, said, got, low, high,
                least <= got <= most, MODULES, why,
            ))  # fmt: skip
        lines.append((f"quiet world, {window} s", [float(n) for n in OBJECTS], means))
        for number, name in enumerate(("retweets 2021", "links 2021")):
            real = [REAL[window, repetitions][number] for repetitions in OBJECTS]
            lines.append((f"published: {name}, {window} s", [float(n) for n in OBJECTS], real))
    return targets, [Curves("Accounts that act together", "different objects", "% of accounts", lines, log_y=True)]


def _many(objects: int) -> str:
    return "one post" if objects == 1 else f"{objects} posts"


def _false_positives(worlds: list[dict[str, Any]], price: float) -> list[Target]:
    """Hits of all worlds together; the interval is that of a count (Garwood)."""
    exposure = sum(world["users"] * world["weeks"] for world in worlds) / 100_000
    targets = []
    for policy in worlds[0]["hits"]:
        hits = sum(world["hits"][policy] for world in worlds)
        low = float(stats.chi2.ppf(0.025, 2 * hits)) / 2 / exposure if hits else 0.0
        high = float(stats.chi2.ppf(0.975, 2 * (hits + 1))) / 2 / exposure
        agrees = hits / exposure <= TWICE * price
        why = "" if agrees else "the week before the start is no fair sample of the weeks after it"
        targets.append(Target(
            f"{policy.replace('_', ' ')}: genuine accounts hit a week, of 100,000", "platform", "by construction: a price of so many",
            f"at most {TWICE * price:g}, twice the price", hits / exposure, low, high, agrees, ("moderation", *MODULES), why,
        ))  # fmt: skip
    return targets
