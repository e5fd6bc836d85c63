"""One small benchmark for all tests of this folder, and worlds made by hand whose scores are known."""

from pathlib import Path

import pandas as pd
import pytest

from analysis.benchmark.benchmark import write_benchmark
from analysis.benchmark.load import Folder
from analysis.benchmark.manifest import PUBLIC, SEALED, put, write_lists, write_manifest
from analysis.benchmark.plan import OPEN, Design, Order
from analysis.benchmark.tables import PACKED, written

SMALL = Design(
    words=(
        "scenario=classroom", "scale=0.000033334", "days=1", "calendar.warm_up_days=1", "moderation=none",
        "population.political_posts=0.5", "population.candidates.A.support=0.31", "population.candidates.B.support=0.01",
    ),
    levels=("clumsy",),
    sizes={"large": ("population.sleepers=4.2e5", "population.vendors=1.8e5")},
    backgrounds=("everyday",),
    each=1,
    quiet_each=1,
)  # fmt: skip
HAND = (  # world, set, level, wake, operated, vendor, genuine: names of accounts
    ("training_01", "training", "clumsy", True, (1, 2, 3, 4), (5,), range(6, 26)),
    ("test_01", "test", "quiet", False, (), (), range(1, 26)),
    ("test_02", "test", "clumsy", True, (1, 2, 3, 4), (5,), range(6, 26)),
    ("test_03", "test", "careful", True, (21, 22, 23, 24), (25,), range(1, 21)),
)


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A benchmark of four worlds of 300 users."""
    out = tmp_path_factory.mktemp("small")
    write_benchmark(Order(SMALL, OPEN), out, None, lambda line: None)
    return out


@pytest.fixture
def by_hand(tmp_path: Path) -> Folder:
    """Four worlds of 25 accounts whose logs begin at second 0 and whose campaigns wake at hour 10; account 26 is a candidate's own."""
    rows, files = [], {}
    for name, which, level, wakes, operated, vendor, genuine in HAND:
        kinds = (
            dict.fromkeys(operated, "operated")
            | dict.fromkeys(vendor, "vendor")
            | dict.fromkeys(genuine, "ordinary")
            | {26: "official"}
        )
        accounts = pd.DataFrame({"account_id": sorted(kinds), "created": "2024-01-01", "followers": 3})
        labels = pd.DataFrame(
            [(a, int(kinds[a] in ("operated", "vendor")), kinds[a]) for a in sorted(kinds)],
            columns=["account_id", "coordinated", "kind"],
        )
        events = pd.DataFrame(
            {
                "object_id": ["comment:1", "like:1"],
                "account_id": [1, 2],
                "content_id": [0, 1],
                "timestamp_share": [0, 3600],
            }
        )
        posts = pd.DataFrame(
            {"post_id": [1], "account_id": [26], "timestamp": [0], "candidate": ["A"], "hashtag": [""]}
        )
        for part, table in {"accounts": accounts, "labels": labels, "events": events, "posts": posts}.items():
            drawer = SEALED if which == "test" and part == "labels" else PUBLIC
            files |= put(tmp_path, f"{drawer}/{name}.{part}{PACKED}", written(table))
        rows.append({
            "world": name, "set": which, "level": level, "size": "large" if wakes else "none", "background": "none", "seed": 1, "first": 0,
            "last": 86_400, "wake": 36_000 if wakes else None, "accounts": 26, "events": 2, "posts": 1, "genuine": len(genuine),
            "operated": len(operated), "vendor": len(vendor), "files": {},
        })  # fmt: skip
    files |= write_lists(pd.DataFrame(rows), OPEN, tmp_path)
    return Folder(tmp_path / PUBLIC, tmp_path / SEALED, write_manifest(files, files, tmp_path))
