"""`show` tells every value of a composed scenario, and words select among them."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from sim.cli import presets
from sim.cli.command import app, status_of
from sim.scenario.explain import Row, explain, matching
from sim.scenario.files import compose
from sim.scenario.schema import ScenarioError

WORLDS = [
    ("scenario=classroom",), ("scenario=simsom",), ("scenario=music_market",), ("scenario=delayed_takedown",),
    ("scenario=romania_2024", "moderation=package_strict", "measures=explanations", "campaign=adaptive"),
    ("recommender=mix", "recommender.other=popularity"),
]  # fmt: skip


@cache
def told(*overrides: str) -> dict[str, Row]:
    return {row.key: row for row in explain(compose(overrides), None, (), overrides)}


def shown(*words: str) -> int:
    return status_of(lambda: app(["show", *words], prog_name="groundswell", standalone_mode=False))


def leaves(node: Any, where: str = "") -> dict[str, Any]:
    """Values of a composed document by dotted key; parts of a list by their label."""
    if isinstance(node, list) and node and isinstance(node[0], dict) and where != "arms":
        node = {item["label"]: item for item in node}
    if not isinstance(node, dict):
        return {where: node}
    found: dict[str, Any] = {}
    for key, value in node.items():
        if key != "_target_":
            found |= leaves(value, f"{where}.{key}" if where else str(key))
    return found


@pytest.mark.parametrize("overrides", WORLDS, ids=lambda words: "_".join(words))
def test_every_value_of_the_document_is_told_with_its_meaning_and_what_is_allowed(overrides: tuple[str, ...]) -> None:
    rows, expected = told(*overrides), leaves(compose(overrides))
    expected.pop("arms")
    for key, value in expected.items():
        assert rows[key].value == value, key
    assert set(rows) - set(expected) <= {"arms"}
    assert [row.key for row in rows.values() if not row.meaning or not row.allowed] == []


def test_a_row_has_what_comment_and_schema_say() -> None:
    rows = told("scenario=classroom")
    source = "romaniajournal.ro (about 1 million overall, as alleged)"
    assert rows["campaign.budget"] == Row(
        "campaign.budget", 1000000.0, "EUR", "0 to 1000000000", "whole country", source
    )
    assert rows["engine"] == Row("engine", "process", "", "serial, process", "where runs execute", "")
    assert rows["days"].allowed == "whole, 1 to 400, or null"
    assert rows["population.daily_cycle"].allowed == "a list, each 0 to 1"
    assert rows["population.candidates.A.exchangeable"].allowed == "true, false"
    assert rows["population.candidates.B.support"].value == 0.31
    assert "INSCOP" in rows["population.candidates.B.support"].source
    assert rows["arms"].value[0] == "quiet/none"
    assert rows["campaign.name"].allowed.startswith("adaptive, ")
    assert rows["campaign.candidate"].meaning == "the candidate whom it promotes"


def test_comments_are_those_of_the_presets_that_were_chosen() -> None:
    """Presets of policies have a delay of 24 hours for different reasons."""
    assert told("moderation=none")["moderation.desk.delay"].source.startswith("flagged posts")
    assert (
        told("moderation=withdraw_shares")["moderation.desk.delay"].meaning
        == "from a posting or share to its withdrawal"
    )
    mix = told("recommender=mix", "recommender.profiled=calibrated", "recommender.other=popularity")
    assert mix["recommender.profiled.ageing_hours"].source == "calibrated"
    assert mix["recommender.other.popularity"].meaning == "weight of engagement"


def test_what_was_given_or_suggested_has_no_source_of_a_preset() -> None:
    assert told("campaign.budget=3")["campaign.budget"].source == "given on the command line"
    assert told("campaign.budget=3")["campaign.budget"].unit == "EUR"
    assert told("arms=policy_frontier")["days"].source == "suggested by the arms"
    assert told("arms=policy_frontier", "days=7")["days"].source == "given on the command line"
    assert told("scenario=classroom", "campaign=quiet")["campaign.budget"].source == "no money"


def test_a_strength_shows_the_values_that_hold() -> None:
    rows = told("moderation=limit_copies", "moderation.strength=weaker")
    assert rows["moderation.policies.limit_copies.accounts"].value == 10
    assert rows["moderation.strengths.stronger.policies.limit_copies.accounts"].value == 2
    assert rows["moderation.strength"].allowed == "weaker, standard, stronger"
    assert rows["moderation.name"].value == "limit_copies"


def keys(*words: str) -> list[str]:
    return [row.key for row in matching(list(told("scenario=classroom").values()), words)]


def test_words_select_keys_else_what_has_them() -> None:
    assert keys("campaign.budget") == ["campaign.budget"]
    assert keys("CAMPAIGN.tactics.give_gifts")[0] == "campaign.tactics.give_gifts.first_day"
    assert all(key.startswith("calendar.") for key in keys("calendar"))
    assert keys("budget") == ["campaign.budget"]
    assert "population.never_post" in keys("pew research")
    assert keys("population", "pew research", "never") == ["population.never_post"]
    assert keys("campaign", "gift", "response") == ["campaign.tactics.give_gifts.response"]


def test_a_search_in_vain_names_the_nearest_keys() -> None:
    with pytest.raises(ScenarioError, match=r"'budgt' given.*such as campaign\.budget"):
        keys("budgt")


def test_plain_lines_are_whole_and_stand_below_each_other(capsys: pytest.CaptureFixture[str]) -> None:
    assert shown("scenario=classroom", "population") == 0
    said = capsys.readouterr().out
    lines = said.splitlines()
    assert "\t" not in said
    assert len({line[: lines[0].index("value")].rstrip() for line in lines}) == len(lines)
    assert "0.04817, 0.04218]" in said
    assert "11,896 items" in said


def test_json_is_a_list_of_rows(capsys: pytest.CaptureFixture[str]) -> None:
    assert shown("scenario=classroom", "calendar", "--json") == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["key"] for row in rows] == ["calendar.first_day", "calendar.last_day", "calendar.warm_up_days"]
    assert list(rows[0]) == ["key", "value", "unit", "allowed", "meaning", "source"]
    assert rows[2]["value"] == 7


@pytest.mark.parametrize("width", ["60", "160"])
def test_a_terminal_gets_a_table_that_cuts_nothing(
    width: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    rows = [row for key, row in told("scenario=classroom").items() if key.startswith("campaign.")]
    presets._print_table(rows, presets.COLUMNS)
    said = capsys.readouterr().out
    assert "…" not in said
    whole = "".join([*presets.COLUMNS, *(cell for row in rows for cell in presets._shown(row, presets.COLUMNS))])
    assert sorted("".join(said.split())) == sorted("".join(whole.split()))  # folded, and every letter there


@pytest.mark.parametrize(("words", "said"), [
    (["campaign.budget=-1"], "campaign.budget: -1.0 given, allowed 0 to"),
    (["scenario=clasroom"], "did you mean classroom"),
    (["nowhere_to_be_found"], "'nowhere_to_be_found' given"),
    (["campaign.budgett=1"], "did you mean budget"),
    (["recommender._target_=os.system"], "refused"),
])  # fmt: skip
def test_wrong_requests_end_with_status_2(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(*words) == 2
    out, err = capsys.readouterr()
    assert said in err
    assert out == ""


def test_a_plug_in_of_ones_own_is_told_when_it_is_trusted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "recommender").mkdir()
    (tmp_path / "recommender" / "mine.yaml").write_text("_target_: tests.own_recommender.Nothing\n")
    words = ["recommender=mine", "--scenarios", str(tmp_path)]
    assert shown(*words) == 2
    assert "--trust" in capsys.readouterr().err
    assert shown(*words, "--trust", "tests.own_recommender", "recommender") == 0
    assert "mine" in capsys.readouterr().out
