"""What a scenario may say: frozen dataclasses, checked on entry. The defaults and their sources stand in scenarios/."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sim.scenario.arms import EARLIER_MOST, LEVELS, STANDARD
from sim.scenario.calendar import Clock
from sim.scenario.documents import FILE
from sim.scenario.record import Record
from sim.scenario.regulator import Regulator
from sim.scenario.schema import ScenarioError, carried, choice, derived, optional, part, quantity, text
from sim.scenario.variants import Variants

PROBABILITY = (0.0, 1.0)
DAYS_MOST = 400  # of a calendar
CANDIDATES_MOST = 100  # whom a post's column of one byte can name, with room to spare


@dataclass(frozen=True)
class Calendar:
    """The dates of a campaign."""

    first_day: date = quantity("first measured day of the calendar", "date")
    last_day: date = quantity("last measured day: the day before the vote, or the vote", "date")
    warm_up_days: int = quantity("days simulated before the first measured day, not measured", "days", 1, 60)

    def check(self, where: str) -> None:
        """A bounded number of days."""
        if (self.last_day - self.first_day).days >= DAYS_MOST:
            raise ScenarioError(
                f"{where}.last_day: {self.last_day} given, allowed at most {DAYS_MOST} days from {self.first_day} (first_day) on"
            )


@dataclass(frozen=True)
class Candidate:
    """One candidate; only a letter names it."""

    label: str = text("letter that names the candidate in figures")
    support: float = quantity("share of political authors who support this candidate", "share", *PROBABILITY)
    official_posts: float = quantity("posts a day by the candidate's own account", "posts/day", 0, 200)
    followers: float = quantity(
        "accounts that follow the candidate's own when the world begins, whole country", "accounts", 0, 1e8
    )
    exchangeable: bool = choice(
        "whether nothing but the label tells this candidate from the others so marked", (True, False)
    )


@dataclass(frozen=True)
class Population:
    """Users, their activity, and the graph among them."""

    country_users: float = quantity("users of the platform in the whole country", "users", 1, 1e8)
    communities: int = quantity("places, languages and milieus that the platform tells apart", "communities", 1, 500)
    block_users: int = quantity("users of one community who share a shortlist", "users", 4, 512)
    axes: int = quantity("topical axes of the interest space; two more hold politics and leaning", "axes", 2, 30)
    interest_spread: float = quantity("spread of interests within a community", "ratio to centre", 0, 5)
    politics_mean: float = quantity("mean interest in politics", "cosine", -1, 1)
    politics_spread: float = quantity("standard deviation of interest in politics", "cosine", 0, 1)
    sessions_per_day: float = quantity("mean sessions a day", "sessions/day", 0, 24)
    sessions_spread: float = quantity("standard deviation of log sessions a day", "ln", 0, 3)
    sessions_law: str = choice(
        "how sessions a day are spread: log-normal, or exponentially, which makes absences a power law of exponent 1",
        ("log-normal", "exponential"),
    )
    videos_per_session: float = quantity("mean videos a session", "videos", 1, 60)
    videos_spread: float = quantity("standard deviation of log mean videos a session", "ln", 0, 2)
    posts_per_user_day: float = quantity("posts a user a day, mean over all users", "posts/day", 1e-4, 20)
    never_post: float = quantity("share of users who never post", "share", *PROBABILITY)
    posting_spread: float = quantity("standard deviation of log posts a day among those who post", "ln", 0, 3)
    posting_audience_correlation: float = quantity(
        "correlation of log posting rate and log audience", "correlation", -1, 1
    )
    audience_spread: float = quantity("standard deviation of log audience weight", "ln", 0, 4)
    silent: float = quantity("share of all accounts that nobody has used for long", "share", 0, 0.9)
    silent_from_days: float = quantity("days from which an account counts among these", "days", 1, 365)
    silence_exponent: float = quantity(
        "power by which the share still silent falls with time, as for all absences that are heavy-tailed",
        "power",
        0.1,
        5,
    )
    vote_returns: float = quantity(
        "returns of silent accounts in the days before the vote, the last of the calendar, as a multiple of those before",
        "ratio",
        1,
        10,
    )
    vote_days: float = quantity("days before the vote in which these are more", "days", 0, 100)
    platform_years: float = quantity("age of the oldest accounts", "years", 0.1, 50)
    platform_growth: float = quantity(
        "power by which the share of older accounts falls: 1 where as many were opened each year", "power", 0.1, 10
    )
    newcomers: float = quantity("accounts opened a day, as a share of users", "share/day", 0, 0.1)
    leavers: float = quantity("share of users who fall silent in a day", "share/day", 0, 0.1)
    follows: int = quantity("accounts that a user follows for their content", "accounts", 1, 500)
    follows_spread: float = quantity("standard deviation of log accounts followed, between users", "ln", 0, 3)
    follows_audience_correlation: float = quantity(
        "correlation of log accounts followed and log audience", "correlation", -1, 1
    )
    friends: int = quantity("mutual friends of a user", "accounts", 0, 50)
    follows_at_home: float = quantity("share of followed accounts inside the own community", "share", *PROBABILITY)
    skill_spread: float = quantity("standard deviation of quality between creators", "quality", 0, 5)
    quality_spread: float = quantity("standard deviation of quality between posts of one creator", "quality", 0, 5)
    topic_spread: float = quantity("spread of a post's topic around its author's interests", "ratio", 0, 5)
    political_authors: float = quantity(
        "share of posting users who support a candidate in their posts", "share", *PROBABILITY
    )
    political_posts: float = quantity("share of a supporter's posts that name the candidate", "share", *PROBABILITY)
    risky: float = quantity("share of users whose posts may break the law", "share", *PROBABILITY)
    unlawful: float = quantity("share of all users' posts that break the law", "share", *PROBABILITY)
    leaning_weight: float = quantity("weight of political leaning in the topic of a political post", "cosine", 0, 1)
    expressiveness_spread: float = quantity(
        "standard deviation between users of the logit to like, comment or share", "logit", 0, 5
    )
    daily_cycle: tuple[float, ...] = quantity("share of a day's activity in each local hour", "share", *PROBABILITY)
    visits: str = choice(
        "whether people open the app by habit, or each comes once in the measured days", ("habit", "once")
    )
    catalogue_posts: int = quantity(
        "posts that are there from the first hour, by nobody in particular", "posts", 0, 1e6
    )
    catalogue_seed: int = quantity("seed of what these posts are: worlds may share them", "integer", 0, 2**32 - 1)
    influencers: float = quantity("accounts in the influencer market, whole country", "accounts", 0, 1e6)
    influencers_least: int = quantity("fewest influencers in a small world", "accounts", 0, 1000)
    influencer_audience: float = quantity(
        "followers of all influencers together, as a multiple of all users", "ratio", 0, 20
    )
    volunteers: float = quantity("users who would join a volunteer channel, whole country", "users", 0, 1e7)
    sleepers: float = quantity("aged dormant accounts, whole country", "accounts", 0, 1e7)
    vendors: float = quantity("accounts of vendors of engagement, whole country", "accounts", 0, 1e7)
    cell_size: int = quantity("accounts of one sleeper cell", "accounts", 1, 10000)
    dormant_audience: float = quantity(
        "audience weight of an account that is silent or was, as a multiple of the mean user's", "ratio", 0, 1
    )
    dormant_follows: float = quantity("accounts that such an account follows, as a multiple of a user's", "ratio", 0, 1)
    candidates: tuple[Candidate, ...] = part("the candidates")

    def check(self, where: str) -> None:
        """A cycle of 24 hours that sums to one; unlawful posts by risky users only; at least two candidates."""
        if len(self.daily_cycle) != 24 or abs(sum(self.daily_cycle) - 1.0) > 1e-3:
            raise ScenarioError(
                f"{where}.daily_cycle: {len(self.daily_cycle)} numbers with sum {sum(self.daily_cycle):.4f} given, "
                "allowed 24 with sum 1"
            )
        if self.unlawful > self.risky:
            raise ScenarioError(f"{where}.unlawful: {self.unlawful} given, allowed at most {self.risky} (risky)")
        self._check_candidates(f"{where}.candidates")

    def _check_candidates(self, where: str) -> None:
        """Two at least, told apart by their labels, who share the political authors among them."""
        if not 2 <= len(self.candidates) <= CANDIDATES_MOST:
            raise ScenarioError(f"{where}: {len(self.candidates)} given, allowed 2 to {CANDIDATES_MOST}")
        labels = [candidate.label for candidate in self.candidates]
        for label in labels:
            if not FILE.fullmatch(label) or labels.count(label) > 1:
                raise ScenarioError(f"{where}: label {label!r} given, allowed are letters, each once")
        support = sum(candidate.support for candidate in self.candidates)
        if support > 1.0 + 1e-6:
            raise ScenarioError(f"{where}: support of {support:.3f} together given, allowed at most 1")


@dataclass(frozen=True)
class Audience:
    """How people react to what they are shown. Logits; quality has the unit of its standard normal spread."""

    watch: float = quantity("logit to watch through, at mean quality and fit", "logit", -16, 16)
    like: float = quantity("logit to like what was watched through", "logit", -16, 16)
    comment: float = quantity("logit to comment on what was watched through", "logit", -16, 16)
    share: float = quantity("logit to share what was watched through", "logit", -16, 16)
    follow: float = quantity("logit to follow the author of what was watched through", "logit", -16, 16)
    report: float = quantity("logit to report what was not watched through", "logit", -16, 16)
    quality_on_watch: float = quantity("effect of quality on watching through", "logit/quality", 0, 5)
    quality_on_like: float = quantity("effect of quality on liking", "logit/quality", 0, 5)
    quality_on_share: float = quantity("effect of quality on sharing", "logit/quality", 0, 5)
    quality_saturation: float = quantity("quality beyond which a post gains half as much again", "quality", 0.1, 10)
    fit: float = quantity("effect of the fit of interests on every reaction", "logit/cosine", 0, 10)
    fit_middle: float = quantity("fit at which it neither helps nor harms", "cosine", -1, 1)
    social_proof: float = quantity("effect of each tenfold of visible likes on every reaction", "logit/decade", 0, 5)
    followed: float = quantity("effect of meeting a post because its author is followed", "logit", 0, 5)
    marked: float = quantity(
        "effect of a visible mark as advertising, the author's or a label, on watching, liking and sharing",
        "logit",
        -5,
        5,
    )
    share_recipients: int = quantity("followers whom one share reaches", "accounts", 0, 20)
    open_comments: float = quantity("share of those who watch through who open the comments", "share", *PROBABILITY)
    awareness_step: float = quantity(
        "share of the way to full awareness that one sight of a candidate goes", "share", *PROBABILITY
    )


@dataclass(frozen=True)
class Background:
    """What genuine people do, in every arm, that looks like a campaign; see `sim.world.background`."""

    circles: float = quantity("groups of people who come to posts together, for each user", "groups/user", 0, 1)
    circle_size: float = quantity("mean members of such a group", "users", 2, 1000)
    circle_spread: float = quantity("standard deviation of log members", "ln", 0, 2)
    circle_politics: float = quantity(
        "share of these groups that gather around a candidate's own account", "share", *PROBABILITY
    )
    circle_opponents: float = quantity(
        "share of the groups around a candidate that come to report the candidate's posts", "share", *PROBABILITY
    )
    circle_calls: float = quantity("real posts a day for which a group gathers, mean over groups", "posts/day", 0, 100)
    circle_calls_spread: float = quantity("standard deviation of its logarithm, between groups", "ln", 0, 3)
    circle_comes: float = quantity("probability that a member follows a call by day", "probability", *PROBABILITY)
    circle_median: float = quantity("median time from a post to who follows the call", "seconds", 1, 86400)
    circle_delays: float = quantity("standard deviation of its logarithm", "ln", 0, 4)
    circle_likes: float = quantity("probability that who comes likes the post", "probability", *PROBABILITY)
    circle_comments: float = quantity("probability that who comes comments on it", "probability", *PROBABILITY)
    circle_shares: float = quantity("probability that who comes shares it", "probability", *PROBABILITY)
    circle_reports: float = quantity("probability that an opponent who comes reports it", "probability", *PROBABILITY)
    names: float = quantity(
        "share of comments on posts with a candidate that name this candidate", "share", *PROBABILITY
    )
    names_elsewhere: float = quantity(
        "share of a supporter's comments on other posts that name whom the supporter supports", "share", *PROBABILITY
    )
    tags: float = quantity("share of posts with a candidate that carry the candidate's hashtag", "share", *PROBABILITY)
    sounds: float = quantity("share of people's posts with a sound or template that goes round", "share", *PROBABILITY)
    sounds_in_use: float = quantity("sounds that go round at a time, whole country", "sounds", 1, 1e8)
    sound_days: float = quantity("days for which a sound goes round", "days", 1, 1000)
    storms: float = quantity("share of posts that draw comments out of proportion", "share", *PROBABILITY)
    storm_comments: float = quantity(
        "probability that who watches such a post through comments on it, beside usual comments",
        "probability",
        *PROBABILITY,
    )
    look_up: float = quantity(
        "probability that who watches through what names a candidate goes on to follow the candidate's own account",
        "probability",
        *PROBABILITY,
    )
    briefs: float = quantity("share of people's posts that fulfil a commercial brief", "share", *PROBABILITY)
    briefs_in_use: float = quantity("commercial briefs at a time, whole country", "briefs", 1, 1e7)
    briefs_disclosed: float = quantity("share of these posts marked as advertising", "share", *PROBABILITY)


@dataclass(frozen=True)
class Campaign:
    """A campaign as money, dates and tactics."""

    name: str = text("name of the preset")
    candidate: str = text("letter of the candidate whom it promotes")
    start: date | None = quantity("first day on which it acts; none where it never does", "date")
    budget: float = quantity("money at the scale of the whole country", "EUR", 0, 1e9)
    tactics: Mapping[str, Any] = part("tactics by name, in the order in which they may spend")
    doses: Mapping[str, float] = derived()  # times what the plan of a tactic would spend; 1 where none is named
    purses: Mapping[str, float] = derived()  # EUR; whole country; money of a tactic's own, where it has some


@dataclass(frozen=True)
class Moderation:
    """A review desk and a list of policies."""

    name: str = text("name of the preset")
    start: date | None = quantity("first day on which the policies read the record; none where they never do", "date")
    false_positives: float | None = quantity(
        "accounts of 100,000 users that each policy's threshold may hit in a week of the record before its start; "
        "the thresholds stated below where null",
        "accounts/week",
        0,
        100000,
    )
    on_request: tuple[str, ...] = text("names of policies that stand ready and act only in answer to a regulator")
    desk: Any = part("the review desk")
    evidence: Any = part("error table of checks that err by nature")
    policies: Mapping[str, Any] = part("policies by name")


@dataclass(frozen=True)
class Arm:
    """One arm of a comparison: names of presets."""

    campaign: str = text("campaign preset")
    moderation: str = text("moderation preset")
    strength: str = choice("strength of the policies; see `sim.scenario.arms`", LEVELS)
    regulator: str | None = optional("regulator preset; the scenario's own where there is none")
    step: str | None = optional("step of the regulator that is taken earlier; all where there is none")
    earlier: int | None = optional("days by which it is", "days", 0, EARLIER_MOST)

    @property
    def policy(self) -> str:
        """Such as limit_copies, or limit_copies@stronger, or as_asked~as_it_was, or as_asked~as_it_was.questions-28d."""
        own = self.moderation if self.strength == STANDARD else f"{self.moderation}@{self.strength}"
        if self.regulator is None:
            return own
        step = f".{self.step}" if self.step else ""
        return f"{own}~{self.regulator}{step}" + (f"-{self.earlier}d" if self.earlier else "")

    @property
    def name(self) -> str:
        """Such as coordinated/none."""
        return f"{self.campaign}/{self.policy}"


@dataclass(frozen=True)
class Asked:
    """What a scenario was composed from, so that its other arms can be."""

    overrides: tuple[str, ...]
    folder: Path | None
    trust: tuple[str, ...]


@dataclass(frozen=True)
class Scenario:
    """Everything that one world needs."""

    name: str = text("name of the scenario's preset")
    presets: Mapping[str, str] = part("name of the preset in each slot but campaign, moderation and arms")
    title: str = text("one line that says what it is")
    seed: int = quantity("seed of all luck", "integer", 0, 2**32 - 1)
    scale: float = quantity("size of the world; 1 is the whole country", "ratio", 1e-7, 1)
    days: int | None = quantity(
        "measured days, counted back from the last day of the calendar; all where null", "days", 1, DAYS_MOST
    )
    replications: int = quantity("seeds of a comparison", "worlds", 1, 100000)
    engine: str = choice("where runs execute", ("serial", "process"))
    real_posts_per_user_day: float = quantity("posts a user a day on the real platform", "posts/day", 1e-4, 20)
    calendar: Calendar = part("dates")
    population: Population = part("users and accounts")
    audience: Any = part("reactions, or another behaviour of the audience")
    background: Background = part("what genuine people do that looks like a campaign")
    recommender: Any = part("recommendation algorithm")
    campaign: Campaign = part("campaign")
    moderation: Moderation = part("moderation")
    record: Record | None = part("what is kept of what happened, and who sees it; not looked at where None")
    regulator: Regulator | None = part("regulator; nobody acts where None")
    election: Any = part("election")
    measures: Mapping[str, Any] = part("measures")
    arms: tuple[Arm, ...] = part("arms of a comparison")
    variants: Variants | None = optional("versions of its campaign that a comparison runs beside it")
    asked: Asked | None = carried()

    def check(self, where: str) -> None:
        """The campaign's candidate exists; the run fits in the calendar."""
        labels = [candidate.label for candidate in self.population.candidates]
        if self.campaign.candidate not in labels:
            raise ScenarioError(f"campaign.candidate: {self.campaign.candidate} given, allowed {', '.join(labels)}")
        if self.days is not None and self.days > self.calendar_days:
            raise ScenarioError(f"days: {self.days} given, allowed 1 to {self.calendar_days} (the calendar)")
        if self.population.country_users * self.scale < self.population.block_users:
            least = self.population.block_users / self.population.country_users
            raise ScenarioError(
                f"scale: {self.scale} given, allowed {least:.2g} to 1, so that the world has {self.population.block_users} users "
                "(population.block_users) at least"
            )
        if self.seed + self.replications > 2**32:
            raise ScenarioError(
                f"seed: {self.seed} given, allowed at most {2**32 - self.replications} for {self.replications} replications"
            )
        for key in self.election if isinstance(self.election, Mapping) else ():
            raise ScenarioError(f"election.{key}: unknown key; allowed: none")
        if self.holds_election:
            self.election.check_in(labels, self.campaign.candidate, self.calendar.last_day)

    @property
    def calendar_days(self) -> int:
        """Days from the first to the last, both counted."""
        return (self.calendar.last_day - self.calendar.first_day).days + 1

    @property
    def clock(self) -> Clock:
        """The measured days and the warm-up before them."""
        days = self.days or self.calendar_days
        first = date.fromordinal(self.calendar.last_day.toordinal() - days + 1)
        return Clock(first, days, self.calendar.warm_up_days)

    @property
    def focal(self) -> int:
        """Index of the campaign's candidate."""
        return [candidate.label for candidate in self.population.candidates].index(self.campaign.candidate)

    @property
    def holds_election(self) -> bool:
        """Whether a layer of votes follows on the world."""
        return not isinstance(self.election, Mapping)

    @property
    def little_known(self) -> tuple[int, ...]:
        """Indices of candidates whom an election is about; none without one."""
        labels = [candidate.label for candidate in self.population.candidates]
        letters = self.election.letters(self.campaign.candidate) if self.holds_election else ()
        return tuple(labels.index(label) for label in letters)

    @property
    def posts_per_real_post(self) -> float:
        """How many posts of this world stand for one real post.

        A small world cannot hold posts of 2,000 views each; it holds more posts with fewer views. One real post of
        the campaign is then as many posts of this world, each at the same fraction of its price.
        """
        return self.population.posts_per_user_day / self.real_posts_per_user_day

    @property
    def share_of_posts(self) -> float:
        """How many posts this world has of those of the whole country.

        What exists once, however small the world, is kept in proportion by it: how many of a candidate's own posts strangers meet, and
        how many clips, sounds and briefs go round.
        """
        return min(1.0, self.scale * self.posts_per_real_post)
