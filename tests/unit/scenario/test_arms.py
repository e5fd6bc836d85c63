"""Lists of arms written out from a short form, and policies at three strengths."""

from pathlib import Path

import pytest

from sim.runs.build import moderation_of
from sim.runs.face import load_scenario
from sim.runs.families import Family, run_family
from sim.runs.question import question_of
from sim.scenario.arms import LEVELS, at_strength, check_twins, levels, written_out
from sim.scenario.assumptions import policy_assumptions
from sim.scenario.config import Arm
from sim.scenario.files import compose
from sim.scenario.presets import ROOT, slots
from sim.scenario.schema import ScenarioError, build
from tests.worlds import small_scenario

PRESETS = {"campaign": ["loud", "quiet"], "moderation": ["gentle", "none", "strict"], "regulator": ["late", "none"]}
POLICIES = [name for name in slots()["moderation"] if name != "none"]
OTHERS = ("take_down", "withdraw_shares", "as_asked")  # act on unlawful posts, or when a regulator asks
OF_THE_CASE = [name for name in POLICIES if name not in OTHERS]


def out(*entries: object) -> list[str]:
    levels_of = {"gentle": ["standard"], "none": ["standard"], "strict": list(LEVELS)}
    found, _ = written_out(list(entries), PRESETS, lambda name: levels_of[name], lambda _: ["asks", "keeps"])
    return ["/".join(str(value) for value in arm.values()) for arm in found]


def test_entries_stand_for_all_their_combinations_each_once() -> None:
    both = {"campaign": ["quiet", "loud"], "moderation": ["none", "strict"]}
    pairs = ["quiet/none/standard", "loud/none/standard", "quiet/strict/standard", "loud/strict/standard"]
    assert out(both) == out(both, both) == pairs
    assert out({"campaign": "quiet", "moderation": "all"}) == [
        f"quiet/{m}/standard" for m in ("none", "gentle", "strict")
    ]
    assert out({"campaign": "quiet", "moderation": "all", "except": ["gentle"]}) == [
        f"quiet/{m}/standard" for m in ("none", "strict")
    ]
    strengths = out({"campaign": "quiet", "moderation": "all", "strength": "all"})
    assert strengths == ["quiet/none/standard", "quiet/gentle/standard", *(f"quiet/strict/{level}" for level in LEVELS)]


def test_each_step_of_a_regulator_is_moved_alone_and_all_together() -> None:
    entry = {"campaign": "quiet", "moderation": "strict", "regulator": "late", "earlier": [7, 28]}
    begin = "quiet/strict/standard/late"
    moved = [f"/{step}/{days}" for step in ("asks", "keeps") for days in (7, 28)]
    assert out(entry) == [begin, *(begin + of for of in moved), f"{begin}/7", f"{begin}/28"]
    arms = [build(Arm, arm, "arm") for arm in question_of(["arms=earlier_action"]).document["arms"]]
    assert len(arms) == 2 + 2 * (1 + 3 * (4 + 1))
    policies = {arm.policy for arm in arms}
    assert {"none", "as_asked~as_it_was", "as_asked~as_it_was.questions-28d", "as_asked~as_it_was-7d"} <= policies


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (
            {"campaign": "quiet", "moderation": "none", "regulator": "lat"},
            "arms[0].regulator: lat given; did you mean late?",
        ),
        (
            {"campaign": "quiet", "moderation": "none", "regulator": "none"},
            "arms[0].regulator: none given; allowed: late",
        ),
        ({"campaign": "quiet", "moderation": "none", "earlier": [7]}, "arms[0].earlier: given without a regulator"),
        (
            {"campaign": "quiet", "moderation": "none", "regulator": "late", "earlier": [0]},
            "allowed a list of days, each 1 to 400",
        ),
        ({"campaign": "quiet", "moderation": "none", "regulator": "late", "earlier": "7"}, "allowed a list of days"),
        ({"campaign": "quiet", "moderation": "strickt"}, "arms[0].moderation: strickt given; did you mean strict?"),
        ({"campaign": "all", "moderation": "none"}, "arms[0].campaign: all given; allowed: chosen, loud, quiet"),
        ({"campaign": "quiet"}, "arms[0].moderation: missing"),
        ({"campaign": "quiet", "moderation": "none", "power": "weaker"}, "arms[0].power: unknown key"),
        ({"campaign": "quiet", "moderation": "strict", "strength": "strong"}, "did you mean stronger?"),
        (
            {"campaign": "quiet", "moderation": "gentle", "strength": "weaker"},
            "weaker given for gentle, which declares standard",
        ),
        ({"campaign": [], "moderation": "none"}, "allowed a name or a list of names"),
        (
            {"campaign": "quiet", "moderation": "all", "except": "gentel"},
            "arms[0].except: gentel given; did you mean gentle?",
        ),
        ("quiet/none", "allowed a mapping"),
    ],
)
def test_wrong_entries_say_what_is_allowed(entry: object, said: str) -> None:
    with pytest.raises(ScenarioError) as error:
        out(entry)
    assert said in str(error.value)


def test_preset_suggests_and_the_command_line_decides(tmp_path: Path) -> None:
    suggested = load_scenario(["scenario=romania_2024", "arms=policy_frontier"])
    assert (suggested.days, suggested.replications) == (7, 8)
    asked = load_scenario(["scenario=romania_2024", "arms=policy_frontier", "days=3", "replications=2"])
    assert (asked.days, asked.replications) == (3, 2)
    (tmp_path / "arms").mkdir()
    for content, said in (
        ("day: 3\narms: []\n", "arms.day: unknown key; did you mean days"),
        ("days: 99\narms: []\n", "allowed 1 to 31"),
    ):
        (tmp_path / "arms" / "mine.yaml").write_text(content)
        with pytest.raises(ScenarioError, match=said):
            load_scenario(["arms=mine"], tmp_path)


def test_the_main_job_measures_the_last_two_weeks_and_others_their_scenario() -> None:
    """The kept sets of assumptions and the tables of docs/RESULTS.md are of 14 days; a regulator's questions begin before."""
    assert load_scenario(["scenario=romania_2024"]).days == 14
    assert load_scenario(["scenario=romania_2024", "days=31"]).days == 31
    assert load_scenario(["scenario=romania_2024", "arms=earlier_action"]).days is None
    assert load_scenario(["scenario=romania_2024", "arms=detection"]).days is None


def test_frontier_holds_every_policy_with_its_twin_and_a_users_own_by_itself(tmp_path: Path) -> None:
    (tmp_path / "moderation").mkdir()
    shipped = (ROOT / "moderation" / "limit_copies.yaml").read_text()
    (tmp_path / "moderation" / "mine.yaml").write_text(shipped)
    names = [arm.name for arm in load_scenario(["arms=policy_frontier"], tmp_path).arms]
    assert names == [f"{c}/{m}" for m in ("none", *sorted([*OF_THE_CASE, "mine"])) for c in ("quiet", "coordinated")]


def test_comparison_without_a_twin_is_refused_before_any_work() -> None:
    arms = load_scenario(["arms=policy_frontier"]).arms
    check_twins(arms)
    with pytest.raises(ScenarioError, match="coordinated/none is missing"):
        check_twins([arm for arm in arms if arm.name != "coordinated/none"])
    with pytest.raises(ScenarioError, match=f"quiet/{OF_THE_CASE[-1]} is missing"):
        check_twins([arm for arm in arms if arm.name != f"quiet/{OF_THE_CASE[-1]}"])


@pytest.mark.parametrize("policy", POLICIES)
def test_every_policy_declares_three_strengths_that_differ(policy: str) -> None:
    document = compose([f"moderation={policy}"])["moderation"]
    assert levels(document) == list(LEVELS), f"scenarios/moderation/{policy}.yaml: say what weaker and stronger mean"
    made = [moderation_of({**document, "strength": level}, ()) for level in LEVELS]
    assert [m.name for m in made] == [f"{policy}@weaker", policy, f"{policy}@stronger"]
    what = [(m.policies, m.desk) for m in made]
    assert what[0] != what[1] != what[2] != what[0]


def test_strengths_are_checked_even_when_none_is_asked_for() -> None:
    document = compose(["moderation=limit_copies"])["moderation"]
    for wrong, said in (
        ({"weakest": {}}, "moderation.strengths.weakest: unknown key; did you mean weaker"),
        (
            {"weaker": {"policies": {"limit_copies": {"account": 3}}}},
            "limit_copies.account: unknown key; did you mean accounts",
        ),
        ({"weaker": 3}, "allowed keys with values"),
    ):
        with pytest.raises(ScenarioError) as error:
            at_strength({**document, "strengths": wrong})
        assert said in str(error.value)
    with pytest.raises(ScenarioError, match="strong given; did you mean stronger"):
        at_strength({**document, "strength": "strong"})


def test_arms_of_all_strengths_equal_those_arms_run_alone(tmp_path: Path) -> None:
    """The tree of worlds: arms part where their desks first differ, and some never do."""
    arms = {}
    for moderation in ("none", "suspend_coordinated", "limit_awakened"):
        for level in LEVELS if moderation != "none" else ("standard",):
            rules = small_scenario("coordinated", moderation, more=(f"moderation.strength={level}",))
            arms[f"coordinated/{rules.moderation.name}"] = rules
    together = run_family(Family(3, arms, {arm: tmp_path / f"{n}.json" for n, arm in enumerate(arms)}))
    digests = {result["run"]["arm"]: result["run"]["digest"] for result in together}
    assert len(digests) == len(arms) == 7
    assert len(set(digests.values())) > 2
    for number, (arm, rules) in enumerate(arms.items()):
        alone = run_family(Family(3, {arm: rules}, {arm: tmp_path / "alone" / f"{number}.json"}))
        assert alone[0]["run"]["digest"] == digests[arm]


def test_every_arm_of_a_comparison_has_its_policy_and_lists_its_numbers_as_assumed() -> None:
    overrides = ["arms=policy_strengths"]
    asked = question_of(overrides)
    arms, moderations = asked.arms, asked.moderations
    assert all(name == f"{rules.campaign.name}/{rules.moderation.name}" for name, rules in arms.items())
    assert len(arms) == 2 * (1 + 3 * len(OF_THE_CASE))
    document = compose(overrides)
    rows = {row["key"]: row for row in policy_assumptions(document, moderations, True, None)}
    assert rows["moderation=limit_copies: policies.limit_copies.accounts"]["value"] == 3
    assert rows["moderation=limit_copies: strengths.weaker.policies.limit_copies.accounts"]["unit"] == "accounts"
    assert "moderation=limit_copies: desk.delay" not in rows  # as in the scenario's own moderation
    few = policy_assumptions(document, moderations, False, None)
    assert not any("strengths" in row["key"] for row in few)
