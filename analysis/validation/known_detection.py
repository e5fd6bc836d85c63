"""Known answers about accounts that acted together: a log solved by hand, and what independent accounts give by chance."""

import tempfile
from pathlib import Path

import numpy as np
from scipy import stats

from analysis.detection.detect import Detection, Question, detect
from analysis.detection.share_log import ShareLog
from analysis.validation.known_worlds import drawn_mean, exact
from analysis.validation.target import Target

MODULES = ("analysis.detection.detect", "kernels.coaction")
ROWS = (  # object, account, second; a minute's window
    ("p", "ann", 100), ("p", "bob", 160),   # sixty seconds apart: together
    ("p", "cyd", 221),                      # sixty-one after bob: not
    ("q", "ann", 900), ("q", "bob", 900), ("q", "cyd", 930),  # all three
    ("r", "bob", 50), ("r", "cyd", 70),     # the second object of bob and cyd
    ("s", "dee", 10), ("s", "eve", 40), ("t", "eve", 5), ("t", "dee", 15),  # a pair of their own, on two objects
)  # fmt: skip


def twelve_rows(window: int = 60) -> list[Target]:
    """Ann and bob (p, q), bob and cyd (q, r), dee and eve (s, t) acted together on two objects; ann and cyd on one only."""
    header = "object_id,account_id,content_id,timestamp_share"
    lines = [f"{object_},{account},{number},{second}" for number, (object_, account, second) in enumerate(ROWS)]
    question = {"window": window, "repetitions": 2, "correct_popularity": False, "draws": 1, "seed": 1}
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log.csv"
        log.write_text("\n".join([header, *lines]) + "\n")
        found = detect(log, lambda: Path(folder), question)
        pairs = [line.split(",")[:3] for line in (Path(folder) / "pairs.csv").read_text().splitlines()[1:]]
        groups = [line.split(",")[1:3] for line in (Path(folder) / "groups.csv").read_text().splitlines()[1:]]
    right = {
        "pairs": (3, pairs == [["ann", "bob", "2"], ["bob", "cyd", "2"], ["dee", "eve", "2"]]),
        "accounts": (5, found["accounts_in_log"] == 5),
        "groups": (2, groups == [["3", "2"], ["2", "1"]]),  # accounts and pairs of each
    }
    return [
        exact(f"{name} in a log of twelve rows", "solved by hand", answer, found[name], whole, MODULES)
        for name, (answer, whole) in right.items()
    ]


def by_chance(logs: int, window: int = 60) -> Target:
    """Forty accounts act once on each of twelve objects, each at any second of an hour: expected pairs on two or more.

    Two seconds out of T lie at most w apart with probability p = (T + sum over d = 1..w of 2 (T - d)) / T^2, and objects
    are independent, so that a pair has two or more of twelve with the binomial probability.
    """
    accounts, objects, hour = 40, 12, 3600
    near = (hour + 2 * sum(hour - gap for gap in range(1, 61))) / hour**2
    expected = accounts * (accounts - 1) / 2 * float(stats.binom.sf(1, objects, near))
    object_names, account_names = (
        np.array([str(n) for n in range(count)], dtype=object) for count in (objects, accounts)
    )
    found = []
    for seed in range(1, logs + 1):
        second = np.random.default_rng(seed).integers(0, hour, (objects, accounts))
        order = np.argsort(second, axis=1, kind="stable")
        log = ShareLog(
            np.repeat(np.arange(objects), accounts),
            order.ravel(),
            np.take_along_axis(second, order, axis=1).ravel(),
            object_names,
            account_names,
        )
        found.append(float(len(Detection(log, Question(window, 2, False, 1, 1)).pairs)))
    return drawn_mean(
        "pairs of independent accounts that act together by chance", "780 pairs times a binomial probability", expected, found,
        MODULES,
    )  # fmt: skip
