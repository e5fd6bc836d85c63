"""Whatever is wrong with a request gives one message that says what was given and what is allowed, and status 2."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from sim.runs.face import load_scenario
from sim.scenario.schema import ScenarioError

WRONG = [
    (["scenario=clasroom"], "did you mean classroom"),
    (["moderation=suspend_cordinated"], "did you mean suspend_coordinated"),
    (
        ["campaign=nonsense"],
        "allowed: adaptive, bought_engagement, careful, clumsy, coordinated, hashtag_riding, infiltration, mixed_cells",
    ),
    (["sed=3"], "did you mean seed"),
    (["scenaro=classroom"], "did you mean scenario? allowed: arms"),
    (["audience.likke=1"], "did you mean like"),
    (["scenario=romania_2024", "campaign.budgett=1"], "did you mean budget"),
    (
        ["scenario=romania_2024", "campaign.tactics.hire_influencers.acceptance=3"],
        "campaign.tactics.hire_influencers.acceptance: 3.0 given, allowed 0 to 1",
    ),
    (
        ["moderation=suspend_coordinated", "moderation.policies.suspend_coordinated.window=-1"],
        "moderation.policies.suspend_coordinated.window: -1 given",
    ),
    (["moderation=suspend_coordinated", "moderation.desk.delay=-3"], "moderation.desk.delay: -3 given"),
    (["seed=x"], "seed: 'x' given, allowed a whole number"),
    (["seed=true"], "allowed a whole number"),
    (["audience.open_comments=1.2"], "audience.open_comments: 1.2 given, allowed 0 to 1"),
    (["calendar.last_day=2024-10-01"], "2024-10-24 (first_day) or later"),
    (["calendar.last_day=soon"], "allowed a date"),
    (["replications=0"], "replications: 0 given, allowed 1"),
    (["days=99"], "allowed 1 to 31"),
    (["engine=gpu"], "serial"),
    (["hydra.searchpath=[file:///tmp]"], "refused"),
    (["name=${oc.env:HOME}"], "refused"),
    (["recommender._target_=os.system"], "refused"),
    (["recommender=mix", "recommender.other=popularty"], "did you mean popularity"),
    (["recommender=mix", "recommender.other._target_=os.system"], "refused"),
    (["recommender=mix", "recommender.profiled.listings=1"], "recommender.profiled.listings"),
    (["recommender=mix", "recommender.share=1.5"], "share: 1.5 given, allowed 0 to 1"),
    (["nonsense"], "key=value"),
    (["campaign=\x1b[31m"], "\\x1b[31m"),  # a terminal would turn red
    (["recommender=a\nb"], "a\\nb"),
]


@pytest.mark.parametrize(("overrides", "said"), WRONG)
def test_wrong_overrides_say_what_is_allowed(overrides: list[str], said: str) -> None:
    with pytest.raises(ScenarioError) as error:
        load_scenario(overrides)
    assert said in str(error.value)


MIX = """_target_: sim.recommenders.mix.Mix
share: 0.5
profiled: {_target_: sim.recommenders.chronological.Chronological}
other: OTHER
"""
HOSTILE = {
    "reaches_through": ("moderation", "desk: {_target_: sim.runs.recording.os.system, command: ls}\n", "recording.os.system"),
    "family_walk": ("recommender", "_target_: sim.recommenders.base.np.load\n", "allowed a class defined in a file"),
    "other_family": ("recommender", "_target_: sim.tactics.wake_sleepers.WakeSleepers\n", "allowed a class defined"),
    "inside_mix": ("recommender", MIX.replace("OTHER", "{_target_: os.getcwd}"), "allowed a class defined"),
    "family_inside_mix": ("recommender", MIX.replace("OTHER", "{_target_: sim.tactics.adapt.Adapt}"), "allowed a class defined"),
    "deep_inside_mix": ("recommender", MIX.replace("OTHER", "{deeper: {_target_: os.getcwd}}"), "may not stand here"),
    "no_recommender_inside_mix": ("recommender", MIX.replace("OTHER", "3"), "allowed a plug-in"),
    "nested": ("audience", "watch: {_target_: os.getcwd}\n", "may not stand here"),
    "resolver": ("audience", "watch: ${oc.env:HOME}\n", "resolvers"),
    "search_path": ("scenario", "# @package _global_\nhydra:\n  searchpath: [pkg://os]\n", "search path"),
    "package": ("audience", "# @package hydra\nwatch: 1\n", "refused"),
    "broken": ("audience", "watch: [1, 2\nlike: 3\n", "broken YAML"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused(name: str, tmp_path: Path) -> None:
    slot, content, said = HOSTILE[name]
    (tmp_path / slot).mkdir()
    (tmp_path / slot / "strange.yaml").write_text(content)
    with pytest.raises(ScenarioError) as error:
        load_scenario([f"{slot}=strange"], tmp_path)
    assert said in str(error.value)


def test_own_preset_works_and_a_trusted_module_may_be_named(tmp_path: Path) -> None:
    (tmp_path / "audience").mkdir()
    shipped = Path(__file__).parents[3] / "scenarios" / "audience" / "standard.yaml"
    (tmp_path / "audience" / "sociable.yaml").write_text(
        shipped.read_text().replace("social_proof: 0.08", "social_proof: 0.8")
    )
    assert load_scenario(["audience=sociable"], tmp_path).audience.social_proof == 0.8
    (tmp_path / "recommender").mkdir()
    (tmp_path / "recommender" / "mine.yaml").write_text("_target_: tests.own_recommender.Nothing\n")
    with pytest.raises(ScenarioError, match="--trust"):
        load_scenario(["recommender=mine"], tmp_path)
    assert load_scenario(["recommender=mine"], tmp_path, ["tests.own_recommender"]).recommender is not None


def test_own_preset_takes_the_place_of_one_that_ships_and_may_build_on_another(tmp_path: Path) -> None:
    for slot, text in {
        "audience/standard.yaml": "defaults:\n  - music_market\nsocial_proof: 0.8\n",
        "recommender/slower.yaml": "defaults:\n  - staged_audience\n  - _self_\nageing_hours: 300.0\n",
        "recommender/slowest.yaml": "defaults:\n  - slower\nfit: 2.5\n",
    }.items():
        (tmp_path / slot).parent.mkdir(exist_ok=True)
        (tmp_path / slot).write_text(text)
    shipped = load_scenario([]).recommender
    own = load_scenario(["recommender=slowest", "recommender.top=0.3"], tmp_path)
    assert own.recommender == replace(shipped, ageing_hours=300.0, fit=2.5, top=0.3)
    assert own.audience.social_proof == 0.8
    assert load_scenario([]).audience.social_proof == 0.08  # nothing is left of the folder


def test_own_folder_cannot_take_the_place_of_the_root(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("scale: 1.0\n")
    with pytest.raises(ScenarioError, match=r"has a config\.yaml, allowed are folders of presets"):
        load_scenario([], tmp_path)


def command(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "sim", *words], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "words",
    [
        ("run", "seed=1", "seed=2"),
        ("show", "seed=1", "+seed=2"),
        ("compare", "~campaign.tactics.x", "campaign.tactics.x=1"),
        ("run", "--frobnicate"),
        ("list", "campain"),
        ("compare", "scenario=nope"),
        ("run", "--out", "/dev/null/x"),
    ],
)
def test_command_ends_with_status_2_and_one_message(words: tuple[str, ...]) -> None:
    done = command(*words)
    assert done.returncode == 2
    assert done.stderr.startswith("groundswell: ")
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_list_is_one_json_document() -> None:
    import json

    assert "coordinated" in json.loads(command("list", "--json").stdout)["campaign"]


def test_another_recommender_takes_the_place_of_a_scenarios_own_with_its_settings() -> None:
    """scenario=country says how many views a post has to the staged audience, and popularity does not ask."""
    assert load_scenario(["scenario=country", "recommender=popularity"]).recommender.listings == 160
    assert load_scenario(["scenario=country", "recommender=staged_audience"]).recommender.views_per_post == 1850
    with pytest.raises(ScenarioError, match=r"recommender\.views_per_post: unknown key"):
        load_scenario(["recommender=popularity", "recommender.views_per_post=3"])
