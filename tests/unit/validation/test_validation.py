"""The frame of validation: studies, files that are kept, page and document; with studies that cost nothing."""

import dataclasses
import json
import time
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from analysis.validation import document as documents
from analysis.validation import nulls, run, scale, workshop
from analysis.validation.platform_worlds import WANTED, falls, reference, reference_mean
from analysis.validation.run import validate
from analysis.validation.stored import best_kept, keep, new_result, read_result, write_result
from analysis.validation.studies import STUDIES, Entry, chosen
from analysis.validation.target import Curves, Finding, Target
from sim.cli.command import app, status_of
from sim.scenario.schema import ScenarioError

HIT = Target("a & b", "known", "by hand", "3", 3.0, 3.0, 3.0, True, ("staged_audience",))
MISS = Target(
    "c < d", "published", "somebody 2020", "below .5", 0.71234, 0.6, 0.8, False, ("inbox",), "hits grow longer"
)
LINES = Curves("Views", "age", "share", [("published", [1.0, 2.0], [0.5, 0.6]), ("simulated", [1.0, 2.0], [0.4, 0.6])])
FINDING = Finding("A study", "How it was done.", [HIT, MISS], [LINES])


class Cheap(Entry):
    """A study that counts how often it is asked."""

    asked: list[str] = []  # noqa: RUF012

    def study(self, effort):
        """The same finding for every effort."""
        if self.module == "broken":
            raise ValueError("no world")
        self.asked.append(effort)
        return FINDING


def cheap(*names: str) -> dict[str, Entry]:
    Cheap.asked.clear()
    return {name: Cheap(name, 1, 2, 3) for name in names}


def run_cheap(out: Path, *names: str, effort="quick"):
    said: list[tuple[float, str, float]] = []
    found = validate(cheap(*names), effort, out, 1, lambda *line: said.append(line))
    return found, said


def test_a_validation_leaves_json_and_one_page_that_opens_offline(tmp_path: Path) -> None:
    found, said = run_cheap(tmp_path, "one", "two")
    assert json.loads((tmp_path / "validation.json").read_text())["targets"] == json.loads(
        json.dumps(found.document["targets"])
    )
    fields = {"name", "kind", "source", "expected", "got", "low", "high", "agrees", "modules", "reason"}
    assert all(fields <= set(target) for target in found.document["targets"])
    assert (found.document["agree"], found.document["missed"]) == (2, 2)
    page = (tmp_path / "validation.html").read_text()
    for part in (
        "c &lt; d",
        "a &amp; b",
        "missed",
        "hits grow longer",
        "staged_audience",
        "What the simulator cannot tell",
        "somebody 2020",
    ):
        assert part in page
    for outside in ("src=", "<link", "<script", "url(http", "@import"):
        assert outside not in page
    for svg in page.split("<svg")[1:]:
        ElementTree.fromstring("<svg" + svg[: svg.index("</svg>")] + "</svg>")
    shares = [share for share, _, _ in said]
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1.0)
    assert said[-1][2] == pytest.approx(0.0)


def test_a_finished_study_is_not_run_again_and_another_effort_is(tmp_path: Path) -> None:
    run_cheap(tmp_path, "one")
    assert Cheap.asked == ["quick"]
    run_cheap(tmp_path, "one")
    assert Cheap.asked == []
    run_cheap(tmp_path, "one", effort="normal")
    assert Cheap.asked == ["normal"]


def test_a_study_that_fails_keeps_the_others(tmp_path: Path) -> None:
    found, _ = run_cheap(tmp_path, "broken", "one")
    assert found.document["failed"] == {"broken": "ValueError: no world"}
    assert found.document["studies"] == ["one"]
    assert "no world" in (tmp_path / "validation.html").read_text()


def test_a_full_result_that_is_kept_stands_on_the_page_with_its_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = new_result("one", "full", 7200.0, FINDING)
    keep(result, tmp_path / "kept")
    monkeypatch.setattr(run, "best_kept", lambda name: best_kept(name, tmp_path / "kept"))
    run_cheap(tmp_path, "one", effort="normal")
    assert f"At full effort, on {result.day}" in (tmp_path / "validation.html").read_text()


def test_results_are_read_as_they_were_written_and_the_most_effort_counts(tmp_path: Path) -> None:
    result = new_result("one", "full", 1.0, FINDING)
    write_result(tmp_path / "x.json", result)
    assert read_result(tmp_path / "x.json") == result
    for effort in ("quick", "full", "normal"):
        keep(new_result("one", effort, 1.0, FINDING), tmp_path / "kept")
    best = best_kept("one", tmp_path / "kept")
    assert best is not None
    assert best.effort == "full"
    assert best_kept("two", tmp_path / "kept") is None
    newer = best_kept("one", tmp_path / "kept", lambda result: result.effort == "full")
    assert newer is not None
    assert newer.effort == "normal"


def test_the_document_says_of_what_was_made_that_day_whether_it_was_before_the_change(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    result = dataclasses.replace(new_result("one", "full", 1.0, FINDING), day="2026-03-02")
    for changed, earlier, older in (("2026-03-01", (), False), ("2026-03-02", (), False), ("2026-03-03", (), True),
                                    ("2026-03-02", (result.code,), True)):  # fmt: skip
        monkeypatch.setattr(documents, "ANSWERS_CHANGED", changed)
        monkeypatch.setattr(documents, "EARLIER_THAT_DAY", frozenset(earlier))
        assert documents.is_older(result) is older
        assert ("to be made again: one" in documents.document([result])) is older


def test_the_document_names_what_is_missed_and_has_its_figures(tmp_path: Path) -> None:
    name = next(iter(STUDIES))
    docs = tmp_path / "docs"
    docs.mkdir()
    path = documents.write_document([new_result(name, "normal", 60.0, FINDING)], docs, tmp_path / "kept")
    text = path.read_text()
    assert "1 of 2 targets agree" in text
    assert "- **c < d**" in text
    assert "Hits grow longer." in text
    pictures = [line.split("](")[1].rstrip(")") for line in text.splitlines() if line.startswith("![")]
    assert pictures
    assert all((docs / picture).is_file() for picture in pictures)
    with pytest.raises(ScenarioError, match="clone"):
        documents.write_document([], tmp_path / "nowhere", tmp_path / "kept")


def square(number: int) -> int:
    """Work for another process."""
    return number * number


def test_worlds_are_filed_one_by_one_and_never_computed_twice(tmp_path: Path) -> None:
    with workshop.workshop(tmp_path, 1):
        assert workshop.each(square, [3, 1, 2]) == [9, 1, 4]
    files = {path: path.stat().st_mtime_ns for path in tmp_path.glob("*.json")}
    assert len(files) == 3
    next(iter(files)).unlink()
    said: list[float] = []
    with workshop.workshop(tmp_path, 1, said.append):
        assert workshop.each(square, [3, 1, 2]) == [9, 1, 4]
    assert said == [1.0]
    assert sum(path.stat().st_mtime_ns == when for path, when in files.items()) == 2
    assert workshop.each(square, [4]) == [16]


def test_the_names_of_studies_are_checked() -> None:
    assert list(chosen([])) == list(STUDIES)
    assert list(chosen(["nulls"])) == ["nulls"]
    with pytest.raises(ScenarioError, match="did you mean nulls"):
        chosen(["nuls"])


def test_a_share_of_studies_agrees_where_its_binomial_interval_meets_the_band() -> None:
    def agrees(count: int, n: int) -> bool:
        return nulls._share("x", np.arange(n) < count, (0.93, 0.97), "why").agrees

    assert agrees(238, 250)
    assert not agrees(220, 250)
    assert not agrees(250, 250)
    assert agrees(6, 6)


def test_intervals_of_normal_differences_hold_their_mean() -> None:
    rng = np.random.default_rng(1)
    quiet = rng.normal(5.0, 3.0, (400, nulls.SEEDS_A_STUDY))
    values = {"quiet": quiet, "coordinated": quiet + rng.normal(2.0, 1.0, quiet.shape)}
    low, middle, high = nulls.intervals(values, "coordinated").T
    assert np.mean((low <= 2.0) & (high >= 2.0)) == pytest.approx(0.95, abs=0.03)
    np.testing.assert_allclose(middle, (values["coordinated"] - quiet).mean(axis=1))


def test_difference_of_two_estimates_is_welchs() -> None:
    from scipy import stats

    rng = np.random.default_rng(2)
    one, other = rng.normal(3, 1, 8), rng.normal(2, 2, 5)
    made = [scale.manufactured({"coordinated/none:v": x, "quiet/none:v": np.zeros(len(x))}) for x in (one, other)]
    expected = stats.ttest_ind(one, other, equal_var=False).confidence_interval(0.95)
    _, low, high = scale.difference(*made)
    assert (low, high) == pytest.approx((expected.low, expected.high), rel=1e-6)


def test_from_which_size_on_all_agree() -> None:
    sizes = tuple(scale._scale(one_for, 2) for one_for in (900, 300, 90, 30))

    def said(*agree: bool) -> str:
        targets = [Target(f"m, {s.name}", "null", "", "", 0, 0, 0, a, ()) for s, a in zip(sizes, agree, strict=False)]
        return scale._from_which(sizes, targets)

    assert "1:900" in said(True, True, True)
    assert "1:300" in said(False, True, True)
    assert "1:90 on" in said(True, False, True)
    assert "No smaller size" in said(True, True, False)


def test_reference_and_wanted_statistics_make_sense() -> None:
    assert reference("view_count_histogram")["n_videos"].sum() == 167_095
    assert 10_000 < reference_mean() < 20_000
    assert reference("posting_hour_EET")["share"].sum() == pytest.approx(1.0)
    assert all(w.low <= w.value <= w.high and w.tolerance > 0 for w in WANTED.values())
    assert falls([0.1, 0.2, 0.15, 0.3]) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [(("validate", "--only", "nuls"), "did you mean nulls"), (("validate", "--quick", "--full"), "allowed one of them"),
     (("calibrate", "--vary", "audience.watch=1:0"), "LOW below HIGH"), (("calibrate", "--vary", "audience.wach=-2:-1"), "wach")],
)  # fmt: skip
def test_wrong_requests_end_with_status_2(
    words: tuple[str, ...], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = status_of(lambda: app([*words, "--out", str(tmp_path)], standalone_mode=False))
    out, error = capsys.readouterr()
    assert status == 2
    assert said in error
    assert out == ""


def test_time_left_follows_the_weights() -> None:
    left: list[float] = []
    pace = run._Pace(
        {"a": Entry("a", 10, 0, 0), "b": Entry("b", 30, 0, 0)}, "quick", lambda *line: left.append(line[2])
    )
    pace.started = time.perf_counter() - 20
    pace.finish("a")
    assert left[-1] == pytest.approx(60, rel=0.05)


def test_numbers_of_arrays_become_plain_ones() -> None:
    """Else a stored result would hold the word 'True', which counts as agreement however it reads."""
    found = replace(HIT, got=np.float32(0.5), agrees=np.bool_(False))
    assert (type(found.got), type(found.agrees)) == (float, bool)
    assert json.loads(json.dumps(found.as_dict()))["agrees"] is False
