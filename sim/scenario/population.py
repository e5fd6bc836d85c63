"""What a scenario says of candidates, users, their activity and the graph among them."""

from dataclasses import dataclass

from sim.scenario.documents import FILE
from sim.scenario.schema import PROBABILITY, ScenarioError, choice, part, quantity, text

CANDIDATES_MOST = 100  # whom a post's column of one byte can name, with room to spare


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
