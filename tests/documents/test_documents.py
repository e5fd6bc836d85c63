"""Documents say what the code says."""

import re
from pathlib import Path

from analysis.report.odd_tables import ODD, renewed
from analysis.validation.workshop import PRESETS
from sim.scenario.assumptions import assumptions
from sim.scenario.files import compose

ROOT = Path(__file__).parents[2]


def test_parameter_tables_are_those_of_the_schema() -> None:
    assert ODD.read_text() == renewed(ODD.read_text()), "run python -m analysis.report.odd_tables"


def test_every_number_of_a_scenario_has_unit_and_meaning_on_its_line() -> None:
    bare = []
    for path in sorted([*(ROOT / "scenarios").glob("*/*.yaml"), *PRESETS.glob("*/*.yaml")]):
        for line in path.read_text().splitlines():
            number = re.match(r"^\s*([a-z_]+):\s*(\[|-?[\d.])", line)
            if number and not re.search(r"#\s*\S+", line):
                bare.append(f"{path.name}: {line}")
    assert bare == []


def test_a_source_stands_as_source_whether_or_not_a_meaning_stands_before_it() -> None:
    document = compose(["scenario=romania_2024"])
    rows = {row["key"]: row for row in assumptions(document, None)}
    price = rows["campaign.tactics.hire_influencers.price"]
    assert "Politico" in price["source"]
    assert rows["audience.like"]["meaning"] == "to like what was watched through"
    assert "csbn" in rows["audience.like"]["source"]
    assert rows["campaign.tactics.wake_sleepers.likes"]["source"] == "assumption, 0.4 to 1"
