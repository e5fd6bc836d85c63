"""What a comparison's words mean: which arms they ask about, and which arms a number inside a policy or a tactic holds for."""

import re
import shlex
from pathlib import Path

import pytest

from sim.cli.command import app, status_of
from sim.runs.face import compare
from sim.runs.question import question_of
from sim.runs.recording import read_json
from sim.scenario.schema import ScenarioError

ROOT = Path(__file__).parents[3]
TINY = ["days=1", "calendar.warm_up_days=1", "replications=2", "engine=serial"]


def arms(*words: str) -> list[str]:
    return list(question_of(["scenario=classroom", *words]).arms)


def test_without_choices_the_scenarios_arms_are_compared() -> None:
    assert arms() == ["quiet/none", "coordinated/none", "quiet/suspend_coordinated", "coordinated/suspend_coordinated"]


def test_a_chosen_policy_or_campaign_is_what_is_asked_about() -> None:
    assert arms("moderation=limit_copies") == [
        "quiet/none",
        "coordinated/none",
        "quiet/limit_copies",
        "coordinated/limit_copies",
    ]
    assert arms("moderation=none") == ["quiet/none", "coordinated/none"]
    assert arms("campaign=organic_surge", "moderation=none") == ["quiet/none", "organic_surge/none"]
    assert arms("moderation=limit_copies", "moderation.strength=weaker")[2:] == [
        "quiet/limit_copies@weaker",
        "coordinated/limit_copies@weaker",
    ]
    with pytest.raises(ScenarioError, match="given beside arms=main_job"):
        arms("arms=main_job", "moderation=limit_copies")


def test_a_number_inside_a_policy_or_a_tactic_holds_for_the_arms_that_have_it() -> None:
    window, gifts = "moderation.policies.suspend_coordinated.window", "campaign.tactics.give_gifts.rewarded"
    asked = question_of(["scenario=classroom", f"{window}=3600", f"{gifts}=0.5", "moderation.desk.delay=3"]).arms
    assert asked["coordinated/suspend_coordinated"].moderation.policies["suspend_coordinated"].window == 3600
    assert {rules.moderation.desk.delay for rules in asked.values()} == {3}
    assert asked["coordinated/none"].campaign.tactics["give_gifts"].rewarded == 0.5
    assert not asked["quiet/none"].campaign.tactics
    with pytest.raises(ScenarioError, match="windo"):
        arms("moderation.policies.suspend_coordinated.windo=3600")
    with pytest.raises(ScenarioError, match="rewarded"):
        arms(f"{gifts}=7")


def test_what_a_class_is_told_to_try_asks_what_it_says() -> None:
    page = (ROOT / "docs" / "COMMANDS.md").read_text().split("## A class")[1]
    lines = re.findall(r"^groundswell compare (\S+ \S+)", page, re.MULTILINE)
    assert len(lines) == 3
    surge, chronological, careless = (question_of(line.split()).arms for line in lines)
    assert "organic_surge/none" in surge
    assert type(chronological["coordinated/none"].recommender).__name__ == "Chronological"
    assert careless["coordinated/suspend_coordinated"].moderation.policies["suspend_coordinated"].window == 3600


def test_the_command_that_repeats_a_comparison_names_all_that_it_needs(tmp_path: Path) -> None:
    own = tmp_path / "my own"
    (own / "moderation").mkdir(parents=True)
    (own / "moderation" / "mine.yaml").write_text("defaults:\n  - limit_copies\n")
    compare(["scenario=classroom", "moderation=mine", *TINY], tmp_path / "out", own)
    words = shlex.split(read_json(tmp_path / "out" / "manifest.json")["command"])
    assert words[:2] == ["groundswell", "compare"]
    assert words[words.index("--scenarios") + 1] == str(own)


def test_one_seed_gives_a_report_without_intervals(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["compare", "scenario=classroom", *TINY[:2], "replications=1", "engine=serial", "--out", str(tmp_path)]
    assert status_of(lambda: app(words, prog_name="groundswell", standalone_mode=False)) == 0
    shown = capsys.readouterr()
    assert "no interval from one seed" in shown.out
    assert "1 seed, 1 day" in shown.err
    assert (tmp_path / "report.html").is_file()


def test_what_a_plug_in_does_wrong_is_named_with_its_file_and_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["new", "policy", "mistaken", "--scenarios", str(tmp_path)]
    assert status_of(lambda: app(words, prog_name="groundswell", standalone_mode=False)) == 0
    file = tmp_path / "plugins" / "mistaken.py"
    run = [
        "run",
        "scenario=classroom",
        *TINY[:2],
        "moderation=mistaken",
        "--scenarios",
        str(tmp_path),
        "--trust",
        "mistaken",
    ]
    file.write_text(file.read_text().replace("posts.views >=", "posts.view_count >="))
    assert (
        status_of(lambda: app([*run, "--out", str(tmp_path / "out")], prog_name="groundswell", standalone_mode=False))
        == 1
    )
    assert re.search(r"has no attribute 'view_count' \(.*mistaken\.py, line \d+\)", capsys.readouterr().err)
