"""What a scenario says of how people react to what they are shown, and of what they do of their own that looks like a campaign."""

from dataclasses import dataclass

from sim.scenario.schema import PROBABILITY, quantity


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
