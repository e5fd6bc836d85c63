"""What each policy flags, on small records with known answers."""

from pathlib import Path

import numpy as np
import pytest

from sim.model import CampaignModel
from sim.moderation.base import Suspicion
from sim.moderation.limit_copies import LimitCopies
from sim.moderation.limit_disproportionate import LimitDisproportionate
from sim.moderation.remove_reported import RemoveReported
from sim.numbers.luck import Chance, Decision
from sim.runs.face import load_scenario
from sim.world.platform import LIKE, REPORT, Log, Platform
from tests.worlds import small_scenario

PRESETS = Path(__file__).parents[3] / "scenarios" / "moderation"


@pytest.fixture
def record() -> Platform:
    """A record with some dozen posts, none of them acted on."""
    model = CampaignModel(small_scenario("quiet"))
    model.run_until(3)
    platform = model.world.platform
    for name in ("views", "likes", "comments", "reports", "sound"):
        getattr(platform.posts, name)[:] = 0
    assert len(platform.posts) > 8
    return platform


def acted_on(platform: Platform, rows: list[int], verb: int) -> None:
    """Put one act on each of some posts into this hour's log."""
    count = len(rows)
    platform.log[-1] = Log(
        np.arange(count, dtype=np.int32), np.array(rows, dtype=np.int64) + platform.first,
        np.full(count, verb, dtype=np.int8), np.zeros(count, dtype=np.int32), np.zeros(count, dtype=np.uint8),
    )  # fmt: skip


def flagged(policy, platform: Platform, suspicion: Suspicion) -> list[int]:
    requests = policy.flag(platform.read_only(), suspicion, None, platform.hour, Chance(1, Decision.REVIEW, 0))
    assert all(request.key == int(platform.posts.key[request.post - platform.first]) for request in requests)
    return [request.post - platform.first for request in requests]


def test_disproportionate_engagement_is_flagged_once(record: Platform) -> None:
    posts, policy, suspicion = record.posts, LimitDisproportionate(5, 0.4, 2.0), Suspicion()
    posts.views[:5], posts.likes[:5] = [100, 10, 10, 8, 100], [5, 5, 4, 4, 10]
    posts.comments[4] = 21  # more than two for each like
    acted_on(record, [0, 1, 2, 3, 4], LIKE)
    assert flagged(policy, record, suspicion) == [1, 4]  # half of views; many comments; 2 and 3 have too few likes
    assert flagged(policy, record, suspicion) == []
    acted_on(record, [], LIKE)
    assert flagged(policy, record, Suspicion()) == []  # nothing happened in this hour


def test_copies_by_different_accounts_are_flagged(record: Platform) -> None:
    posts, policy = record.posts, LimitCopies(24, 3)
    posts.author[:7] = [1, 2, 3, 4, 4, 4, 5]
    posts.sound[:7] = [7, 7, 7, 8, 8, 8, 0]  # three accounts with 7; one account three times with 8; one of its own
    assert flagged(policy, record, Suspicion()) == [0, 1, 2]
    posts.sound[2] = 0  # an edit hides the template
    assert flagged(policy, record, Suspicion()) == []


def test_reported_posts_are_removed(record: Platform) -> None:
    posts, policy = record.posts, RemoveReported(3, 0.1, "remove")
    posts.views[:3], posts.reports[:3] = [20, 100, 10], [3, 9, 2]
    acted_on(record, [0, 1, 2], REPORT)
    assert flagged(policy, record, Suspicion()) == [0]
    acted_on(record, [0, 1, 2], LIKE)
    assert flagged(policy, record, Suspicion()) == []


@pytest.mark.parametrize(
    "name", sorted(path.stem for path in PRESETS.glob("*.yaml") if not path.stem.startswith("none"))
)
def test_presets_name_their_policy(name: str) -> None:
    moderation = load_scenario([f"moderation={name}"]).moderation
    assert moderation.name == name
    if name.startswith(("package_", "as_")):
        assert len(moderation.policies) > 1
    else:
        assert list(moderation.policies) == ["label_paid" if name == "remove_undisclosed" else name]
