"""What must come out null, and how often an interval over seeds holds what it should."""

import hashlib
from dataclasses import dataclass, fields, replace

import numpy as np
import numpy.typing as npt
from scipy import stats

from analysis.estimates.paired import estimate
from analysis.validation.small_worlds import arms_of_a_seed, composed, visibility
from analysis.validation.target import Curves, Effort, Finding, Target
from analysis.validation.workshop import each
from sim.model import CampaignModel
from sim.moderation.base import Evidence, Policy, Suspicion
from sim.numbers.luck import Chance
from sim.scenario.config import Scenario
from sim.scenario.presets import slots
from sim.world.actions import Request
from sim.world.platform import Platform

Floats = npt.NDArray[np.float64]
SOURCE = "by construction: what cannot have an effect must show none"
SEEDS_A_STUDY = 8  # as many as in the main job
STUDIES: dict[Effort, int] = {"quick": 6, "normal": 60, "full": 250}
SMALL = "scenario=null_world"
ARMS = ("quiet", "coordinated", "placebo")
NO_ACCOUNTS = tuple(
    f"population.{kind}=0" for kind in ("sleepers", "vendors", "volunteers", "influencers", "influencers_least")
)
EVERYTHING = ("the whole tick", "campaign and its tactics", "staged_audience", "audience", "keyed luck")


def study(effort: Effort) -> Finding:
    """Bit-for-bit nulls, then coverage and false alarms of the interval over repeated small studies."""
    exact = [*_no_campaign(), _silent_policies(), _takedown_after_the_vote()]
    values = _repeated(STUDIES[effort])
    covering, curves = _coverage(values)
    seeds = STUDIES[effort] * SEEDS_A_STUDY
    method = (
        f"Worlds of 400 users and two days (scenario null_world). Null means bit for bit: every column of the record and every "
        f"row of the series. Coverage: {STUDIES[effort]} studies of {SEEDS_A_STUDY} seeds each, with the interval of every "
        f"estimate of this project (Student's t, jackknife over seeds), against the mean of all {seeds:,} seeds. A placebo pays "
        "influencers for posts that name nobody, so that its worlds drift apart from their twins without promoting anybody. Over all "
        f"seeds {in_words(values)}."
    )
    return Finding("What must come out null", method, [*exact, *covering], curves)


def _fingerprint(scenario: Scenario) -> dict[str, str]:
    """A hash of every column of the record and of the series of a world at its end."""
    model = CampaignModel(scenario)
    model.run_until(scenario.clock.end)
    platform = model.world.platform
    found = {
        f"{drawer}.{field.name}": hashlib.sha256(getattr(rows, field.name).tobytes()).hexdigest()
        for drawer, rows in (("accounts", platform.accounts), ("posts", platform.posts))
        for field in fields(rows)
    }
    return found | {"series": repr(model.observer.rows())}


def _differing(one: dict[str, str], other: dict[str, str]) -> int:
    return sum(one[name] != other[name] for name in one)


def _null(name: str, expected: str, differing: int, control: int, modules: tuple[str, ...], reason: str) -> Target:
    """A count of columns that should be none; the control, which must differ, shows that it can fail."""
    agrees = differing == 0 and control > 0
    why = "" if agrees else reason if differing else "the control did not differ, so that the comparison shows nothing"
    return Target(name, "null", SOURCE, expected, differing, differing, differing, agrees, modules, why)


def _no_campaign() -> list[Target]:
    quiet = _fingerprint(composed((SMALL, "campaign=quiet", *NO_ACCOUNTS)))
    broke = _fingerprint(composed((SMALL, "campaign=coordinated", "campaign.budget=0", *NO_ACCOUNTS)))
    control = _differing(
        _fingerprint(composed((SMALL, "campaign=coordinated"))), _fingerprint(composed((SMALL, "campaign=quiet")))
    )
    said = "0 columns differ from the quiet world (with money and accounts some do)"
    return [_null("a campaign without money and accounts changes nothing", said, _differing(quiet, broke), control,
                  EVERYTHING, "a campaign that cannot act alters the world")]  # fmt: skip


@dataclass(frozen=True)
class Silent(Policy):
    """A policy that reads everything that another reads, and never flags."""

    inner: Policy

    def flag(self, seen: Platform, suspicion: Suspicion, evidence: Evidence, now: int, chance: Chance) -> list[Request]:
        """Let the other look, and ask for nothing."""
        self.inner.flag(seen, suspicion, evidence, now, chance)
        return []


def _silent_policies() -> Target:
    presets = [name for name in slots()["moderation"] if name != "none"]
    without = _fingerprint(composed((SMALL, "campaign=coordinated")))
    differing, control = 0, 0
    for preset in presets:
        scenario = composed((SMALL, "campaign=coordinated", f"moderation={preset}"))
        policies = {name: Silent(policy) for name, policy in scenario.moderation.policies.items()}
        silent = replace(scenario, moderation=replace(scenario.moderation, policies=policies))
        differing += _differing(without, _fingerprint(silent))
        control += _differing(without, _fingerprint(scenario)) if preset == "suspend_coordinated" else 0
    said = f"0 columns differ from no policy, over {len(presets)} presets (suspend_coordinated, when it flags, changes some)"
    return _null("a policy that never flags changes nothing", said, differing, control,
                 ("moderation", "review_desk", "keyed luck"), "reading the record alters the world")  # fmt: skip


def _takedown_after_the_vote() -> Target:
    """The calendar goes on for two days after the vote of 24 November, in which moderation acts."""
    late = (SMALL, "campaign=coordinated", "calendar.last_day=2024-11-26", "days=3")
    rows = {}
    for name, more in (("none", ()), ("takedown", ("moderation=suspend_coordinated", "moderation.start=2024-11-25"))):
        model = CampaignModel(composed((*late, *more)))
        model.run_until(model.clock.end)
        rows[name] = {row[:3]: row[3] for row in model.observer.rows() if not row[1].startswith("actioned")}
    differing = {key for key in rows["none"].keys() | rows["takedown"].keys()
                 if rows["none"].get(key) != rows["takedown"].get(key)}  # fmt: skip
    before = sum(day == 0 for day, _, _ in differing)
    said = "0 values of the series differ up to polling day (after it some do)"
    return _null("a takedown after polling day does not reach back", said, before, len(differing) - before,
                 ("moderation", "observer"), "what is done after the vote alters the time before it")  # fmt: skip


def small_study(first_seed: int) -> dict[str, list[float]]:
    """Visibility of the candidate in each arm, seed by seed, of one small study."""
    values: dict[str, list[float]] = {arm: [] for arm in ARMS}
    for seed in range(first_seed, first_seed + SEEDS_A_STUDY):
        runs = arms_of_a_seed([(SMALL, f"campaign={arm}") for arm in ARMS], seed)
        for arm in ARMS:
            values[arm].append(visibility(runs[f"{arm}/none"]))
    return values


def _repeated(studies: int) -> dict[str, Floats]:
    """Visibility by arm; one row a study, one column a seed of it."""
    found = each(small_study, [1 + SEEDS_A_STUDY * number for number in range(studies)], (0.2, 1.0))
    return {arm: np.array([values[arm] for values in found]) for arm in ARMS}


def intervals(values: dict[str, Floats], arm: str) -> Floats:
    """Low end, estimate and high end of manufactured visibility in each study, one row a study."""
    rows = []
    for of_arm, quiet in zip(values[arm], values["quiet"], strict=True):
        found = estimate({"arm:v": of_arm, "quiet:v": quiet}, lambda x: float(x["arm:v"].mean() - x["quiet:v"].mean()))
        rows.append([found.low, found.value, found.high])
    return np.array(rows, dtype=np.float64)


def _coverage(values: dict[str, Floats]) -> tuple[list[Target], list[Curves]]:
    low, middle, high = intervals(values, "coordinated").T
    truth = float((values["coordinated"] - values["quiet"]).mean())
    holds = (low <= truth) & (truth <= high)
    skew = float(stats.skew((values["coordinated"] - values["quiet"]).ravel()))
    why = f"differences between twins are skewed (skewness {skew:.1f}), and a t interval over {SEEDS_A_STUDY} of them is then too short"
    low_p, _, high_p = intervals(values, "placebo").T
    alarm = (low_p > 0) | (high_p < 0)
    alike = float((values["placebo"] == values["quiet"]).mean())
    of_placebo = (
        f"in {alike:.0%} of pairs the twins show exactly the same, and heavy tails make the t interval cautious"
    )
    targets = [
        _share("a 95% interval holds the mean of all seeds", holds, (0.93, 0.97), why),
        _share("a placebo campaign is called significant", alarm, (0.03, 0.07), of_placebo),
    ]
    order = np.argsort(middle)
    rank = [float(number) for number in range(1, len(order) + 1)]
    lines = [
        ("published: mean of all seeds", [1.0, rank[-1]], [truth, truth]),
        ("upper end", rank, high[order].tolist()),
        ("estimate", rank, middle[order].tolist()),
        ("lower end", rank, low[order].tolist()),
    ]
    title = f"Intervals of {len(order)} small studies, by their estimate"
    return targets, [Curves(title, "study", "manufactured visibility, impressions per user", lines)]


def _share(name: str, happened: npt.NDArray[np.bool_], band: tuple[float, float], why: str) -> Target:
    """A share of studies with its exact binomial interval, which must meet the band."""
    count, n = int(happened.sum()), len(happened)
    between = stats.binomtest(count, n).proportion_ci(0.95, method="exact")
    low, high = float(between.low), float(between.high)
    agrees = low <= band[1] and high >= band[0]
    expected = f"{sum(band) / 2:.2f}: the binomial interval over {n} studies meets {band[0]} to {band[1]}"
    return Target(name, "null", SOURCE, expected, count / n, low, high, agrees, ("intervals over seeds", *EVERYTHING),
                  "" if agrees else why)  # fmt: skip


def in_words(values: dict[str, Floats]) -> str:
    """What campaign and placebo add to visibility over all seeds, each with its standard error."""
    moved = {
        name: (values[arm] - values["quiet"]).ravel()
        for name, arm in (("campaign", "coordinated"), ("placebo", "placebo"))
    }
    return " and ".join(
        f"the {name} adds {x.mean():.3f} (standard error {x.std(ddof=1) / np.sqrt(x.size):.3f})"
        for name, x in moved.items()
    )
