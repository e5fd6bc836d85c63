"""Enough worlds: when a comparison stops looking, what it then says, and how often its intervals hold the truth."""

import math
import shlex
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from scipy import stats

from analysis.estimates.enough import MISSES, PRIOR, reach, watch, why_it_stopped
from analysis.estimates.table import write_estimates
from analysis.estimates.words import headline
from analysis.report.sections import write_report
from sim.cli.command import app, status_of
from sim.runs.enough import FIRST, Looked, Watch, Wish, wish_of
from sim.runs.face import compare
from sim.runs.question import question_of
from sim.runs.recording import read_json, write_json
from sim.runs.recording.results import check_comparison
from sim.scenario.schema import ScenarioError, build
from tests.worlds import SMALL, STAGED

ARMS = ["quiet/none", "coordinated/none", "quiet/label_paid", "coordinated/label_paid"]
Floats = npt.NDArray[np.float64]


def runs_of(differences: Floats, damped: float = 0.5) -> pd.DataFrame:
    """Runs whose manufactured visibility is given by seed; the policy takes a share of it."""
    rows = []
    for seed, difference in enumerate(differences, start=1):
        for arm, seen in zip(ARMS, (1.0, 1.0 + difference, 1.0, 1.0 + (1 - damped) * difference), strict=True):
            rows.append({"arm": arm, "seed": seed, "candidate_impressions": 100 * seen, "genuine_users": 100})
    return pd.DataFrame(rows)


def looked_at(watching: Watch, differences: Floats) -> int:
    """Seeds at which it stopped."""
    for n in watching.looks:
        if watching.is_enough(runs_of(differences[:n]), ARMS):
            break
    return n


@pytest.mark.parametrize(
    ("words", "wish"),
    [
        (["replications=auto"], Wish(0.1, "manufactured", 64)),
        (["replications=auto", "precision=0.2", "most_replications=20"], Wish(0.2, "manufactured", 20)),
        (["precision_of=dampening:label_paid", "replications=auto"], Wish(0.1, "dampening:label_paid", 64)),
        (
            ["precision_of='dampening:label_paid'", "replications=auto"],
            Wish(0.1, "dampening:label_paid", 64),
        ),  # from Python
    ],
)
def test_words_say_what_is_wished(words: Sequence[str], wish: Wish) -> None:
    left, found = wish_of(["scenario=classroom", *words])
    assert found == wish
    assert left == ["scenario=classroom", f"replications={wish.most_replications}"]


def test_other_words_stay_as_they_are() -> None:
    assert wish_of(["scenario=classroom", "replications=4"]) == (["scenario=classroom", "replications=4"], None)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["precision=0.1"], "precision: given without replications=auto"),
        (["replications=8", "most_replications=9"], "most_replications: given without"),
        (["replications=auto", "precision=0"], "precision: 0.0 given, allowed 0.01 to 1"),
        (["replications=auto", "precision=tight"], "precision: 'tight' given, allowed a number"),
        (["replications=auto", "most_replications=4"], "most_replications: 4 given, allowed 8"),
    ],
)
def test_wrong_words_are_refused(words: Sequence[str], said: str) -> None:
    with pytest.raises(ScenarioError) as error:
        wish_of(words)
    assert said in str(error.value)


def test_what_no_arm_has_cannot_be_watched() -> None:
    with pytest.raises(
        ScenarioError, match="precision_of: dampening:label_pay given; did you mean dampening:label_paid"
    ):
        watch(Wish(0.1, "dampening:label_pay", 64), ARMS)


def test_looks_grow_from_the_first_to_the_most() -> None:
    assert watch(Wish(0.1, "manufactured", 64), ARMS).looks == [8, 12, 18, 27, 40, 60, 64]
    assert watch(Wish(0.1, "manufactured", FIRST), ARMS).looks == [FIRST]


def test_one_narrow_look_is_not_enough_and_a_wide_one_between_begins_anew() -> None:
    watching = Watch(Wish(0.1, "manufactured", 64), lambda runs, arms: widths.pop(0))
    widths = [0.05, 0.2, 0.09, 0.1, 0.5]
    said = [watching.is_enough(pd.DataFrame({"seed": range(n)}), ARMS) for n in watching.looks[:4]]
    assert said == [False, False, False, True]
    assert build(Looked, watching.record, "enough").widths == (0.05, 0.2, 0.09, 0.1)


def test_what_is_seen_decides_nothing_but_how_narrow_it_is() -> None:
    """The same relative spread around 5, and around -5, stops at the same look; nothing there at all never does."""
    luck = np.random.default_rng(1).normal(size=64)
    stops = [looked_at(watch(Wish(0.2, "manufactured", 64), ARMS), sign * (5 + luck)) for sign in (1, -1)]
    assert stops[0] == stops[1] < 64
    assert looked_at(watch(Wish(0.2, "manufactured", 64), ARMS), luck - luck.mean()) == 64


def test_a_dampening_can_be_watched() -> None:
    luck = np.random.default_rng(2).normal(size=64)
    watching = watch(Wish(0.05, "dampening:label_paid", 64), ARMS)
    assert looked_at(watching, 5 + luck) == 12  # always half of it is taken: no spread at all
    assert max(width for _, width in watching.seen) < 1e-6


def test_reach_inverts_the_bayes_factor() -> None:
    """At that many standard errors the mixture's likelihood ratio is 1 / .05."""
    for n in (8, 16, 64):
        t, df = reach(n), n - 1
        scale = math.sqrt(1 + n * PRIOR)  # a normal prior of the effect scales the t-statistic
        ratio = (stats.t.pdf(t / scale, df) / scale) / stats.t.pdf(t, df)
        assert ratio == pytest.approx(1 / MISSES)
        assert t > stats.t.ppf(0.975, df)
    assert reach(1) == reach(2) == reach(5) == math.inf


def errors(values: Floats, truth: float) -> Floats:
    """How many standard errors off the mean of the first n values is, for each n from 2 on; studies are rows."""
    n = np.arange(1, values.shape[1] + 1)
    mean = values.cumsum(axis=1) / n
    squares = (values**2).cumsum(axis=1) - n * mean**2
    with np.errstate(divide="ignore", invalid="ignore"):
        return (abs(mean - truth) / np.sqrt(squares / (n - 1) / n))[:, 1:]


def always_held(values: Floats, truth: float) -> float:
    """Share of studies whose anytime interval holds the truth at every number of worlds, from the second on, at once."""
    reached = np.array([reach(n) for n in range(2, values.shape[1] + 1)])
    return float((errors(values, truth) <= reached).all(axis=1).mean())


def usually_held(values: Floats, truth: float) -> float:
    """Share of studies whose usual interval holds the truth where they stopped."""
    n = np.arange(1, values.shape[1] + 1)
    t = stats.t.ppf(0.975, n[1:] - 1)
    off = errors(values, truth)
    mean = (values.cumsum(axis=1) / n)[:, 1:]
    widths = (
        t * abs(mean - truth) / off / abs(mean)
    )  # as of manufactured visibility, whose jackknife error is that of a mean
    looked = {
        count: pd.DataFrame({"seed": range(count)}) for count in watch(Wish(0.25, "manufactured", 64), ARMS).looks
    }
    held = []
    for width, wrong in zip(widths, off, strict=True):
        watching = Watch(Wish(0.25, "manufactured", 64), lambda runs, arms, width=width: float(width[len(runs) - 2]))
        stopped = next((count for count, runs in looked.items() if watching.is_enough(runs, ARMS)), 64)
        held.append(wrong[stopped - 2] <= t[stopped - 2])
    return float(np.mean(held))


@pytest.mark.parametrize(("seed", "spread"), [(3, 0.3), (4, 0.6), (5, 1.0)])
def test_intervals_hold_the_truth_in_small_studies(seed: int, spread: float) -> None:
    studies = np.random.default_rng(seed).normal(1.0, spread, (20_000, 64))  # of 200 one in ten lies .02 off by luck
    assert 0.92 <= usually_held(studies[:2000], 1.0) <= 0.98
    assert 0.92 <= always_held(studies, 1.0) <= 0.98


@pytest.mark.parametrize(("spread", "usual", "always"), [(0.3, 0.93, 0.96), (0.6, 0.91, 0.91), (1.0, 0.91, 0.79)])
def test_where_worlds_are_skewed_intervals_hold_less(spread: float, usual: float, always: float) -> None:
    """Log-normal worlds, as where one hit makes a world's answer: what the documents say of it, within what luck explains."""
    studies = np.random.default_rng(6).lognormal(0.0, spread, (2000, 64))
    truth = math.exp(spread**2 / 2)
    assert usually_held(studies, truth) == pytest.approx(usual, abs=0.02)
    assert always_held(studies, truth) == pytest.approx(always, abs=0.03)


def test_a_comparison_says_why_it_stopped() -> None:
    row = pd.Series({"estimate": 2.0, "n": 12, "paired_sd": 0.05})
    wish = {"precision": 0.1, "precision_of": "manufactured", "most_replications": 64}
    met = why_it_stopped({**wish, "looks": [8, 12], "widths": [0.09, 0.055], "reached": True}, row)
    assert met.startswith(
        "Seeds were added until the half-width of manufactured visibility was at most 10% of it at two looks in a row: 6% with 12 seeds."
    )
    assert met.endswith("An interval that holds whenever one stops: 1.81 to 2.19")
    missed = why_it_stopped({**wish, "looks": [8, 12], "widths": [0.3, 0.2], "reached": False}, row)
    assert "up to the 12 that were allowed" in missed
    assert "is 20% of it where 10% was wished: about 36 more would be needed" in missed


def test_a_comparison_stops_by_itself_says_so_and_is_repeated_by_its_command(tmp_path: Path) -> None:
    words, wish = wish_of(["scenario=classroom", *SMALL, *STAGED, "scale=0.0000223", "days=5", "engine=serial",
                           "campaign=coordinated", "moderation=none", "replications=auto", "precision=1"])  # fmt: skip
    assert wish is not None
    watching = watch(wish, list(question_of(words).arms))
    done = compare(words, tmp_path / "auto", watch=watching)
    assert done["replications"] == watching.seen[-1][0] < 64
    write_estimates(tmp_path / "auto")
    assert any("at two looks in a row" in line for line in headline(tmp_path / "auto"))
    assert "Seeds were added until" in write_report(tmp_path / "auto").read_text(encoding="utf-8")
    check_comparison(tmp_path / "auto")
    manifest = read_json(tmp_path / "auto" / "manifest.json")
    assert manifest["enough"]["looks"] == [n for n, _ in watching.seen]
    again = compare(shlex.split(manifest["command"])[2:], tmp_path / "again")
    assert again["replications"] == done["replications"]
    assert read_json(tmp_path / "again" / "manifest.json")["digest"] == manifest["digest"]
    for key, value in (("precision_of", "dampening:x"), ("looks", ["a"]), ("reached", 3), ("more", 1)):
        write_json(tmp_path / "auto" / "manifest.json", {**manifest, "enough": {**manifest["enough"], key: value}})
        with pytest.raises(ScenarioError, match=r"manifest\.json: enough"):
            check_comparison(tmp_path / "auto")


def test_one_world_and_lists_of_settings_take_no_auto(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["run", "scenario=classroom", "replications=auto"], ["vary", "off_feed", "replications=auto"]):
        assert status_of(lambda: app(words, prog_name="groundswell", standalone_mode=False)) == 2  # noqa: B023
        assert "replications: 'auto' given, allowed a whole number" in capsys.readouterr().err
