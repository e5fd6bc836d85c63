"""The worked examples run, and print what their page says."""

import json

import pytest

from tests.documents.examples import PAGE, ROOT, elsewhere, examples, printed

WORKED = examples(PAGE.read_text())


def test_the_page_has_three_worked_examples() -> None:
    assert len(WORKED) == 3


@pytest.mark.parametrize("number", [0, *(pytest.param(n, marks=pytest.mark.slow) for n in range(1, len(WORKED)))])
def test_an_example_prints_what_the_page_says(number: int) -> None:
    code, said = WORKED[number]
    assert printed(code) == said, "run python -m tests.documents.examples"


@pytest.mark.slow
def test_the_notebook_runs_and_holds_what_a_reader_sees() -> None:
    """Its cells run in order; it was saved with a result, a figure and a finished bar, for those who only look."""
    cells = [c for c in json.loads((ROOT / "docs" / "example.ipynb").read_text())["cells"] if c["cell_type"] == "code"]
    space: dict[str, object] = {"__name__": "notebook"}
    with elsewhere():
        for cell in cells:
            exec(compile("".join(cell["source"]), "example.ipynb", "exec"), space)
    kept = json.dumps([cell["outputs"] for cell in cells])
    assert "<svg" in kept
    assert "<progress" in kept
    assert "manufactured visibility" in kept
