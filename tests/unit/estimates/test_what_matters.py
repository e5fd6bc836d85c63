"""Which assumptions matter, on sets of assumptions whose truth is known; what is left of it for reports."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.estimates import what_matters as module
from analysis.estimates.factors import Factor
from analysis.estimates.what_matters import Sets, lines, read_matters, what_matters
from analysis.report.sensitivity import matters_sections
from sim.runs.recording import write_json

FACTORS = [
    Factor("people.liking", 0.1, 10.0, logarithmic=True),
    Factor("desk.delay", 0.0, 72.0),
    Factor("campaign.way", options=("link", "feed")),
    *(Factor(f"other.{name}", 0.0, 1.0) for name in "abcde"),
]
KNOWN = {"people.liking": ("how much people like", "ratio"), "desk.delay": ("how long the desk takes", "hours")}


def made_of(places: np.ndarray) -> np.ndarray:
    """Impressions a user: by liking, four times as many by link."""
    return (0.2 + 2 * places[:, 0]) * np.where(places[:, 2] < 0.5, 2.0, 0.5)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Sets]:
    """72 sets of two seeds; the policy takes all at once, and nothing after three days."""
    folder, rng = tmp_path_factory.mktemp("design"), np.random.default_rng(4)
    places = rng.random((72, len(FACTORS)))
    places[:, 2] = np.round(places[:, 2])
    runs = []
    for member, (row, made) in enumerate(zip(places, made_of(places), strict=True), start=1):
        for seed in range(2):
            seen = made * rng.normal(1, 0.1)
            for arm, more in (
                ("quiet/none", 0.0),
                ("loud/none", seen),
                ("quiet/strict", 0.0),
                ("loud/strict", seen * row[1]),
            ):
                runs.append({
                    "member": member, "arm": arm, "seed": 2 * member + seed, "genuine_users": 1000,
                    "candidate_impressions": 1000 * (1 + more), "genuine_accounts_actioned": 0, "genuine_posts_actioned": 0,
                })  # fmt: skip
    arms = [{"name": f"{c}/{m}", "campaign": c, "moderation": m} for m in ("none", "strict") for c in ("quiet", "loud")]
    write_json(folder / "manifest.json", {"arms": arms})
    table = pd.DataFrame(places, columns=[factor.key for factor in FACTORS], index=pd.RangeIndex(1, 73, name="member"))
    return folder, Sets(table, FACTORS, KNOWN, pd.DataFrame(runs))


def test_what_was_built_in_is_found_said_and_read_again(
    folder: tuple[Path, Sets], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "RESAMPLES", 60)
    place, sets = folder
    assert read_matters(place) == ([], [], {})
    assert matters_sections(place) == ""
    made, taken, hit = what_matters(place, sets)
    by = made.shares.shares.set_index("factor")["total"]
    assert set(by.nlargest(2).index) == {0, 2}
    assert taken.shares.shares.set_index("factor")["total"].idxmax() == 1
    assert not hit.shares.speaks  # nobody is hit in any set
    assert lines([made, taken, hit], sets)[1].startswith("what strict takes: an emulator explains")
    assert "desk.delay" in lines([taken], sets)[0]
    assert "nothing can be said" in lines([hit], sets)[0]
    assert len(hit.ranks) == 0
    assert list(made.ranks["factor"][:2]) == [2, 0]
    assert list(made.ranks["p"][:3] < 0.05) == [True, True, False]
    (less, box), (_, more) = taken.boxes
    assert less == "strict takes less than a tenth"
    assert box is None or not box.is_borne_out or box.restrictions[0].factor == 1
    assert more is not None
    assert more.is_borne_out
    assert [one.factor for one in more.restrictions] == [1]

    again, factors, known = read_matters(place)
    assert factors == FACTORS
    assert known == {f.key: KNOWN.get(f.key, ("", "")) for f in FACTORS}
    for one, other in zip((made, taken, hit), again, strict=True):
        assert (one.answer, one.unit, one.boxes, one.shares.q2 == one.shares.q2) == (
            other.answer, other.unit, other.boxes, other.shares.q2 == other.shares.q2
        )  # fmt: skip
        pd.testing.assert_frame_equal(one.shares.shares, other.shares.shares, check_dtype=False)
    page = matters_sections(place)
    assert "how long the desk takes" in page
    assert page.count("<details>") == 2
    assert "What would change the conclusion" in page
    assert pd.read_csv(place / "sensitivity.csv")["answer"].nunique() == 3
