"""Words of a sweep: what is an axis, what is drawn, what is an arm, and what is refused."""

import pytest

from sim.runs.sweeps.words import Axis, Drawn, Engine, parts_of, sweep_of
from sim.scenario.schema import ScenarioError


def test_lists_and_ranges_are_axes_and_a_list_in_brackets_is_one_value() -> None:
    asked = sweep_of(
        ["scenario=classroom", "campaign.budget=0,1e5,4e5", "scale=range(0.0001,0.0003,3)", "recommender.bars=[1,2]"]
    )
    assert asked.axes == (Axis("campaign.budget", (0, 1e5, 4e5)), Axis("scale", (0.0001, 0.0002, 0.0003)))
    assert asked.words == ("scenario=classroom", "recommender.bars=[1,2]")


@pytest.mark.parametrize(
    ("value", "parts"),
    [("1,2", ["1", "2"]), ("[1,2],[3]", ["[1,2]", "[3]"]), ("'a,b',c", ["'a,b'", "c"]), ("", [""]), ("f(1,2)", ["f(1,2)"]),
     ("\"it's, so\",1", ["\"it's, so\"", "1"])],
)  # fmt: skip
def test_commas_in_brackets_and_quotes_part_nothing(value: str, parts: list[str]) -> None:
    assert parts_of(value) == parts


def test_campaigns_and_policies_in_a_list_are_arms() -> None:
    asked = sweep_of(["campaign=careful,clumsy", "moderation=none,limit_copies"])
    assert asked.lists == {"campaign": ("careful", "clumsy"), "moderation": ("none", "limit_copies")}
    assert asked.axes == ()


def test_what_is_drawn_and_how() -> None:
    asked = sweep_of(
        ["campaign.budget=loguniform(1e4,1e6)", "audience.x=uniform(-1,1)", "design=sobol:16", "design.seed=3"]
    )
    assert asked.drawn == (Drawn("campaign.budget", 1e4, 1e6, True), Drawn("audience.x", -1.0, 1.0, False))
    assert asked.drawing is not None
    assert (asked.drawing.kind, asked.drawing.points, asked.drawing.seed) == ("sobol", 16, 3)


def test_where_families_run() -> None:
    assert sweep_of([]).engine == Engine()
    assert sweep_of(["engine=dask", "engine.address=tcp://127.0.0.1:8786"]).engine == Engine(
        "dask", "tcp://127.0.0.1:8786"
    )
    assert sweep_of(["engine=process", "engine.workers=2"]).engine == Engine("process", None, 2)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["seed=1,2"], "seed: 1,2 given, allowed one value"),
        (["scenario=classroom,romania_2024"], "scenario: .* allowed one value"),
        (["campaign.budget=1,1.0"], "given twice"),
        (["campaign.budget=range(0,1)"], r"allowed range\(FIRST,LAST,HOW_MANY\)"),
        (["campaign.budget=range(0,1,1)"], "at least two"),
        (["campaign.budget=range(0,inf,3)"], "'inf' given, allowed a number"),
        (["campaign.budget=range(0,1,1.5)"], "at least two"),
        (["a.b=uniform(2,1)", "design=lhs:4"], "LOW below HIGH"),
        (["a.b=loguniform(0,1)", "design=lhs:4"], "both above 0"),
        (["a.b=uniform(0,1)"], "given without a design"),
        (["design=lhs:4"], "nothing is drawn"),
        (["design=grid:4", "a.b=uniform(0,1)"], "allowed lhs:POINTS"),
        (["design=sobol:12", "a.b=uniform(0,1)"], "power of two"),
        (["design=lhs:1", "a.b=uniform(0,1)"], "points"),
        (["design=points.csv", "a.b=uniform(0,1)"], "one of the two"),
        (["design=lhs:4", "design.seed=x", "a.b=uniform(0,1)"], "whole number"),
        (["engine=ray"], "allowed: dask, process, serial"),
        (["engine.adress=tcp://a:1", "engine=dask"], "did you mean engine.address"),
        (["engine.address=tcp://a:1"], "beside engine=dask"),
        (["engine=dask", "engine.address=http://a:1"], "tcp://HOST:PORT"),
        (["engine=serial", "engine.workers=2"], "1 to 4096"),
        (["engine.workers=0"], "1 to 4096"),
        (["campaign=careful,clumsy", "arms=detection"], "one of the two"),
        (["moderation=none,none"], "each preset once"),
        (["campaign.budget=1,${oc.env:HOME}"], "resolvers"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_one_line(words: list[str], said: str) -> None:
    with pytest.raises(ScenarioError, match=said) as error:
        sweep_of(words)
    assert "\n" not in str(error.value)
