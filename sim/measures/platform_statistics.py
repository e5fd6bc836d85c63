"""What a platform's own statistics look like: how views, likes and shares are spread over posts and creators."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.world.platform import Posts

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class PlatformStatistics:
    """Shares and ratios over the posts of a cohort; spreads in log10 views."""

    posts: int
    mean_views: float
    gini: float
    top_percent: float  # share of views in the top 1% of posts
    top_tenth: float  # share of views in the top 10%
    spread_within: float  # standard deviation of log10 views within creators of five posts or more
    spread_between: float  # and between them
    watched: float  # share of views to the end
    likes: float  # a view
    comments: float
    shares: float


def platform_statistics(
    posts: Posts, cohort: npt.NDArray[np.bool_], creators: npt.NDArray[np.bool_]
) -> PlatformStatistics:
    """Statistics of a cohort of posts; the spreads over a longer one, which gives creators enough posts."""
    views = posts.views[cohort].astype(np.float64)
    total = views.sum()
    within, between = _spreads(posts.author[creators], np.log10(np.maximum(posts.views[creators], 1)))
    falling = np.sort(views)[::-1]
    return PlatformStatistics(
        posts=len(views),
        mean_views=float(views.mean()),
        gini=gini(views),
        top_percent=float(falling[: len(views) // 100].sum() / total),
        top_tenth=float(falling[: len(views) // 10].sum() / total),
        spread_within=within,
        spread_between=between,
        watched=float(posts.watched[cohort].sum() / total),
        likes=float(posts.likes[cohort].sum() / total),
        comments=float(posts.comments[cohort].sum() / total),
        shares=float(posts.shares[cohort].sum() / total),
    )


def gini(values: Floats) -> float:
    """Gini coefficient of non-negative numbers."""
    rising = np.sort(values)
    n = len(rising)
    return float((2 * np.arange(1, n + 1) - n - 1) @ rising / (n * rising.sum()))


def _spreads(author: npt.NDArray[np.int32], log_views: Floats, least: int = 5) -> tuple[float, float]:
    """Standard deviations within and between creators; the noise of creators' means is taken off the second."""
    count = np.bincount(author)
    total, squares = np.bincount(author, log_views), np.bincount(author, log_views**2)
    busy = count >= least
    count, mean = count[busy], total[busy] / count[busy]
    variance = np.maximum(squares[busy] - count * mean**2, 0) / (count - 1)
    between = max(float(mean.var(ddof=1) - (variance / count).mean()), 0.0)
    return float(np.sqrt(np.average(variance, weights=count - 1))), float(np.sqrt(between))


def arrival(earlier: npt.NDArray[np.int32], later: npt.NDArray[np.int32]) -> tuple[float, float]:
    """Share of later views already there: of all views together, and of the median post that has any."""
    seen = later > 0
    return float(earlier.sum() / later.sum()), float(np.median(earlier[seen] / later[seen]))
