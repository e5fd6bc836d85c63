"""Kept answers: who is shown them, and how they read."""

import dataclasses
import shutil
from pathlib import Path

import pandas as pd
import pytest

from analysis.estimates import varied as module
from analysis.estimates.varied import Varied, beside, by_campaign, code_of_answers, curves, keep, lines, meaning
from analysis.estimates.words import without_signed_zeros
from analysis.report.varied_figure import curves_figure, curves_of
from tests.unit.estimates.test_craft import comparison

ROWS = pd.DataFrame(
    [("a", "manufactured", 2.0, 1.0, 3.0), ("a", "dampening:slow", 0.3, 0.2, 0.4),
     ("b", "manufactured", 1.0, -1.0, 3.0), ("b", "dampening:slow", 9.0, -5.0, 20.0)],
    columns=["setting", "contrast", "estimate", "low", "high"],
)  # fmt: skip
CODE = code_of_answers(frozenset({"loud"}))
ANSWER = Varied("q", "world", ["loud"], "What", "2026-11-27", CODE, "groundswell vary q", 14, 1000, 8, ROWS)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(module, "KEPT", tmp_path)
    module.kept.cache_clear()
    return tmp_path


def test_what_cannot_be_told_from_luck_has_nothing_to_dampen() -> None:
    assert lines(ANSWER)[1:] == ["  a: 2.00 (1.00 to 3.00); slow 30% (20% to 40%)", "  b: 1.00 (-1.00 to 3.00); slow -"]


def test_answers_of_another_model_say_so() -> None:
    assert "before the model last changed" not in lines(ANSWER)[0]
    assert "before the model last changed" in lines(dataclasses.replace(ANSWER, code="another"))[0]


def test_only_what_a_module_says_to_python_makes_answers_older(tmp_path: Path) -> None:
    said = {
        "long.py": '"""Of a model."""\n\n\ndef twice(x):\n    """Two times."""\n    return (\n        2 * x  # why\n    )\n',
        "short.py": "def twice(x): return 2 * x\n",
        "other.py": "def twice(x): return 2.0 * x\n",
    }
    for name, text in said.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert meaning(tmp_path / "long.py") == meaning(tmp_path / "short.py") != meaning(tmp_path / "other.py")


def test_a_measure_that_is_asked_for_makes_no_answer_older(tmp_path: Path) -> None:
    for room in ("sim", "scenarios"):
        shutil.copytree(module.ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    assert code_of_answers(frozenset({"coordinated"}), tmp_path) == code_of_answers(frozenset({"coordinated"}))
    own = "from sim.measures.base import Measure\n\n\nclass Own(Measure):\n    pass\n"
    (tmp_path / "sim" / "measures" / "own.py").write_text(own, encoding="utf-8")
    (tmp_path / "scenarios" / "measures" / "own.yaml").write_text(
        "own:\n  _target_: sim.measures.own.Own\n", encoding="utf-8"
    )
    code_of_answers.cache_clear()
    assert code_of_answers(frozenset({"coordinated"}), tmp_path) == code_of_answers(frozenset({"coordinated"}))
    for room, name in (("measures", "visibility.py"), ("tactics", "give_gifts.py")):
        file = tmp_path / "sim" / room / name
        file.write_text(file.read_text(encoding="utf-8") + "\nMORE = 1\n", encoding="utf-8")
        code_of_answers.cache_clear()
        assert code_of_answers(frozenset({"coordinated"}), tmp_path) != code_of_answers(frozenset({"coordinated"}))


def test_kept_answers_stand_beside_their_scenario_and_campaign_only(folder: Path) -> None:
    keep(ANSWER)
    arms = [{"campaign": "quiet"}, {"campaign": "loud"}]
    assert [found.question for found in beside({"scenario": "world", "arms": arms})] == ["q"]
    assert beside({"scenario": "another", "arms": arms}) == []
    assert beside({"scenario": "world", "arms": [{"campaign": "quiet"}, {"campaign": "careful"}]}) == []


def test_a_comparison_of_campaigns_gives_a_setting_for_each_and_a_curve_for_each_policy() -> None:
    from analysis.estimates.craft import craft

    table = craft(*comparison())
    rows = by_campaign(table)
    assert list(dict.fromkeys(rows["setting"])) == ["loud", "careful"]
    assert rows.loc[
        (rows["setting"] == "loud") & (rows["contrast"] == "dampening:detector"), "estimate"
    ].item() == pytest.approx(0.5)
    of_both = pd.concat([ROWS, curves("a", table), curves("b", table)])
    drawn = curves_of(dataclasses.replace(ANSWER, rows=of_both))
    assert drawn == {("loud", "detector"): [(pytest.approx(300.0), 100.0)] * 2}  # careful has no account to find
    assert len(curves_figure(dataclasses.replace(ANSWER, rows=of_both)).axes) == 1
    assert curves_of(ANSWER) == {}


def test_the_parts_add_up_to_what_was_manufactured() -> None:
    from analysis.estimates.contrasts import main_contrasts

    found = {contrast: e.value for contrast, measure, e in main_contrasts(comparison()[0]) if measure == "impressions"}
    parts = sum(found[f"part:{part}"] for part in module.PARTS)
    assert parts == pytest.approx(found["manufactured"])


def test_what_the_project_keeps_can_be_read_and_belongs_to_shipped_questions() -> None:
    from sim.scenario.presets import slots

    found = [module.read(path) for path in sorted(module.KEPT.glob("*.json"))]
    assert {one.question for one in found} >= {"delay", "evasion", "off_feed"}
    for one in found:
        assert one.question == "evasion" or one.question in slots()["vary"]
        assert set(one.campaigns) <= set(slots()["campaign"])
        assert one.scenario in slots()["scenario"]
        assert len(lines(one)) == 1 + len(one.settings) > 2


def test_what_rounds_to_zero_has_no_sign() -> None:
    said = "-0% (-0% to 10%), -0.00 (-0.05 to -0.01), -10% and -0.4%"
    assert without_signed_zeros(said) == "0% (0% to 10%), 0.00 (-0.05 to -0.01), -10% and -0.4%"
