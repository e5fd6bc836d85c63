"""Records made by hand, with a known effect in them."""

import datetime

import numpy as np
import pandas as pd

from analysis.outsider.seen import Seen

FIRST, LAST = datetime.date(2024, 10, 24), datetime.date(2024, 11, 23)
SINCE = datetime.date(2024, 11, 11)
CANDIDATES, DAYS = 11, 31


def seconds(days: np.ndarray) -> np.ndarray:
    """Noon of days since FIRST."""
    return int(pd.Timestamp(FIRST).timestamp()) + 86400 * np.asarray(days) + 43200


def record(**changes: object) -> Seen:
    """A record without anything, but for what is given."""
    nothing = {
        "comments": pd.DataFrame({"post": [], "account": [], "second": []}, dtype=np.int64),
        "posts": pd.DataFrame({"post": [], "author": [], "second": [], "candidate": []}, dtype=np.int64),
        "created": pd.Series(dtype="datetime64[ns]"),
        "counters": pd.DataFrame({name: pd.Series(dtype=np.int64) for name in ("post", "views", "likes", "comments", "shares")}).assign(
            date=pd.Series(dtype="datetime64[ns]")
        ),
        "puppets": pd.DataFrame({"account": [], "candidate": []}, dtype=np.int64).assign(date=pd.Series(dtype="datetime64[ns]")),
        "candidates": CANDIDATES, "focal": 0, "first": FIRST, "last": LAST, "day": LAST, "since": SINCE, "began": SINCE,
    }  # fmt: skip
    return Seen(**{**nothing, **changes})


def viewed(rng: np.random.Generator, effect: float, trend: float = 0.0, spread: float = 0.4) -> Seen:
    """Posts of each candidate and day, looked at once, late; the first candidate's views are exp(effect) times as many since SINCE.

    Its views grow by `trend` a day anyway; logarithms of views spread by `spread` from day to day.
    """
    day, candidate = (grid.ravel() for grid in np.meshgrid(np.arange(DAYS), np.arange(CANDIDATES), indexing="ij"))
    own, after = candidate == 0, day >= (SINCE - FIRST).days
    level = 9.0 + trend * day * own + rng.normal(0.0, spread, len(day))
    views = np.rint(np.exp(level + effect * (own & after))).astype(np.int64)
    number = np.arange(len(day))
    posts = pd.DataFrame({"post": number, "author": candidate, "second": seconds(day), "candidate": candidate})
    counters = pd.DataFrame(
        {"date": pd.Timestamp(LAST), "post": number, "views": views, "likes": 0, "comments": 0, "shares": 0}
    )
    return record(posts=posts, counters=counters)


def engaged(rng: np.random.Generator, effect: float) -> Seen:
    """Posts of several candidates and sizes; rates of acts a view differ between posts, the first candidate's by exp(effect).

    Larger posts have lower rates, and the first candidate's posts are larger: without sizes the rates would not compare.
    """
    candidate = np.repeat(np.arange(4), 60)
    views = np.rint(np.exp(rng.uniform(4.0, 9.0, len(candidate)) + 0.5 * (candidate == 0))).astype(np.int64)
    size = np.floor(np.log2(views))
    rate = 0.2 * 0.9**size * rng.gamma(4.0, 0.25, len(candidate)) * np.exp(effect * (candidate == 0))
    number = np.arange(len(candidate))
    likes = rng.poisson(rate * views)
    posts = pd.DataFrame(
        {"post": number, "author": candidate, "second": seconds(number % DAYS), "candidate": candidate}
    )
    counters = pd.DataFrame(
        {"date": pd.Timestamp(LAST), "post": number, "views": views, "likes": likes, "comments": 0, "shares": 0}
    )
    return record(posts=posts, counters=counters)


def shown(rng: np.random.Generator, share: float, runs: int = 40, videos: int = 12) -> Seen:
    """What fresh accounts were shown: each election post is the first candidate's with a chance, else one of the three others'."""
    account = np.repeat(np.arange(runs), videos)
    candidate = np.where(rng.uniform(size=len(account)) < share, 0, rng.integers(1, 4, len(account)))
    return record(
        candidates=4, puppets=pd.DataFrame({"date": pd.Timestamp(LAST), "account": account, "candidate": candidate})
    )


def opened(rng: np.random.Generator, burst: float, people: int = 300) -> Seen:
    """Comments of as many accounts on the first candidate as on others; of the first's a share was opened in March 2020."""
    account = np.arange(2 * people)
    day = rng.integers(0, 2900, 2 * people)
    made = (account < people) & (rng.uniform(size=2 * people) < burst)
    day[made] = 1155 + rng.integers(0, 30, made.sum())  # after 1 January 2017
    created = pd.Series(pd.Timestamp("2017-01-01") + pd.to_timedelta(day, unit="D"))
    posts = pd.DataFrame({"post": [0, 1], "author": [0, 1], "second": seconds(np.array([1, 1])), "candidate": [0, 1]})
    comments = pd.DataFrame(
        {"post": (account >= people).astype(int), "account": account, "second": 1_731_000_000 + 400 * account}
    )
    return record(posts=posts, comments=comments, created=created)


def commented(rng: np.random.Generator, group: int, people: int = 400, posts: int = 80, candidate: int = 0) -> Seen:
    """Comments at random moments of a day, and a group that comes to twelve posts of a candidate within twenty seconds each."""
    number = np.arange(posts)
    table = pd.DataFrame(
        {
            "post": number,
            "author": number,
            "second": seconds(number * 0 + 18),
            "candidate": np.where(number < 30, candidate, 1 + number % 5),
        }
    )
    parts = [pd.DataFrame({
        "post": rng.integers(0, posts, 4 * people), "account": rng.integers(0, people, 4 * people),
        "second": seconds(np.array([19]))[0] + rng.integers(-20_000, 20_000, 4 * people),
    })]  # fmt: skip
    for post in rng.choice(30, 12, replace=False):
        moment = seconds(np.array([19]))[0] + rng.integers(-20_000, 20_000)
        parts.append(
            pd.DataFrame(
                {"post": post, "account": people + np.arange(group), "second": moment + rng.integers(0, 20, group)}
            )
        )
    return record(posts=table, comments=pd.concat(parts, ignore_index=True))
