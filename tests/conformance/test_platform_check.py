"""A platform without a campaign looks like a short-video platform: PlatformStatistics against published figures.

Sources: view counts and engagement of the csbn monitor (167,095 videos, a biased sample) and others named in
scenarios/; a world of 100,000 users at about 200 mean views a post cannot show more than its ceiling.
"""

import dataclasses

import pytest

from sim.measures.platform_statistics import arrival, gini, platform_statistics
from sim.model import CampaignModel
from sim.runs.face import load_scenario


def test_gini_of_known_distributions() -> None:
    import numpy as np

    assert gini(np.ones(10)) == pytest.approx(0.0)
    assert gini(np.array([0.0] * 99 + [1.0])) == pytest.approx(0.99)


@pytest.mark.slow
def test_posts_show_what_short_video_platforms_show(capsys: pytest.CaptureFixture[str]) -> None:
    scenario = load_scenario(["scenario=platform_check"])
    model = CampaignModel(scenario)
    born = scenario.clock.start
    model.run_until(born + 72)
    posts = model.world.platform.posts
    early = posts.views[(posts.hour >= born) & (posts.hour < born + 24)].copy()  # two to three days old
    model.run_until(born + 239)  # before the first posts of the cohort retire
    posts = model.world.platform.posts
    cohort = (posts.hour >= born) & (posts.hour < born + 24)
    found = platform_statistics(posts, cohort, (posts.hour >= born) & (posts.hour < born + 144))
    together, median = arrival(early, posts.views[cohort])
    with capsys.disabled():
        print()
        for name, value in dataclasses.asdict(found).items():
            print(f"  {name}: {value:.4g}")
        print(f"  views there after two to three days: all {together:.2f}, median post {median:.2f}")
        print(f"  ceiling of the top 1%: {0.01 * model.world.platform.users / found.mean_views:.2f}")
    assert found.gini > 0.9
    assert found.top_percent > 0.6
    assert 0.03 <= found.likes <= 0.05
    assert 0.3 < found.spread_within < 0.7
    assert 0.3 < found.spread_between < 0.7
    assert median > 0.9


@pytest.mark.slow
def test_views_a_day_have_no_trend_after_warm_up() -> None:
    """Ordinary least squares over the measured days: its standard error is about .0005 a day."""
    import numpy as np

    scenario = load_scenario(["scenario=platform_check", "scale=0.0011111", "days=14"])
    model = CampaignModel(scenario)
    model.run_until(scenario.clock.end)
    views = np.array([model.observer.daily[day, "impressions_all", -1] for day in range(14)])
    slope = np.polyfit(np.arange(14), views / views.mean(), 1)[0]
    print(np.round(views / views.mean(), 3), slope)
    assert abs(slope) < 0.002
