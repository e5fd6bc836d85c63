"""The tables of docs/OUTSIDER.md are those of the stored result, and each instrument has its paragraph."""

from analysis.outsider.document import KEPT, PAGE, renewed
from analysis.outsider.instruments import INSTRUMENTS
from analysis.outsider.words import TITLES, UNITS
from sim.runs.recording import read_json


def test_tables_are_those_of_the_stored_result() -> None:
    assert PAGE.read_text() == renewed(PAGE.read_text()), "run python -m analysis.outsider.document"


def test_every_instrument_is_described_and_scored() -> None:
    page = PAGE.read_text()
    assert [name for name in INSTRUMENTS if f"`{name}`" not in page] == []
    assert {row["instrument"] for row in read_json(KEPT)["scores"]} == set(INSTRUMENTS) == set(TITLES) == set(UNITS)


def test_a_changed_number_would_be_seen() -> None:
    """The test above can fail."""
    page = PAGE.read_text()
    line = next(line for line in page.splitlines() if line.startswith("| co-action"))
    assert renewed(page.replace(line, line.replace(" of ", " off "))) == page
