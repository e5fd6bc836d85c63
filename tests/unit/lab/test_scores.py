"""d' and c by hand, and the page's own arithmetic beside that of Python."""

import json
import shutil
import subprocess
from itertools import product
from pathlib import Path

import pytest

from analysis.lab.signal import Score, score
from sim.scenario.schema import ScenarioError

WEB = Path(__file__).resolve().parents[3] / "analysis" / "lab" / "web"


def of_page(module: str, call: str) -> object:
    """What a function of a module of the page returns."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    source = (WEB / "tasks" / f"{module}.js").as_uri()
    program = f"import * as page from {json.dumps(source)}; console.log(JSON.stringify({call}))"
    done = subprocess.run(
        [node, "--input-type=module", "--no-warnings", "-e", program], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def test_numbers_worked_by_hand() -> None:
    """Ten of 14 and 3 of 14: rates 10.5/15 = .7 and 3.5/15 = .2333; z = .5244 and -.7279 by the table of the normal distribution."""
    found = score(10, 14, 3, 14)
    assert found.sensitivity == pytest.approx(0.5244 + 0.7279, abs=2e-4)
    assert found.bias == pytest.approx(-(0.5244 - 0.7279) / 2, abs=2e-4)


def test_perfect_answers_have_a_score_and_no_lean() -> None:
    """Rates 14.5/15 and .5/15: z = 1.8339 and -1.8339."""
    assert score(14, 14, 0, 14) == Score(pytest.approx(3.6678, abs=2e-4), pytest.approx(0, abs=1e-9))


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ((7, 7, 0, 7), "tells_even"), ((7, 7, 7, 7), "guesses_doubts"), ((0, 7, 0, 7), "guesses_trusts"), ((4, 7, 4, 7), "guesses_even"),
        ((7, 7, 3, 7), "tells_doubts"), ((3, 7, 0, 7), "tells_trusts"), ((6, 7, 4, 7), "some_doubts"),
    ],
)  # fmt: skip
def test_who_doubts_everybody_alike_tells_nothing(answers: tuple[int, int, int, int], words: str) -> None:
    assert score(*answers).words == words


@pytest.mark.parametrize("answers", [(8, 7, 0, 7), (0, 7, -1, 7), (0, 0, 0, 7)])
def test_counts_that_cannot_be_are_refused(answers: tuple[int, int, int, int]) -> None:
    with pytest.raises(ScenarioError, match="allowed counts up to totals"):
        score(*answers)


def test_the_page_scores_as_python_does() -> None:
    cases = [*list(product(range(8), [7], range(8), [7])), (10, 14, 3, 14), (0, 14, 14, 14), (1, 2, 1, 3)]
    found = of_page("scoring", f"{json.dumps(cases)}.map((one) => page.score(...one))")
    assert isinstance(found, list)
    for case, page in zip(cases, found, strict=True):
        mine = score(*case)
        assert page["sensitivity"] == pytest.approx(mine.sensitivity, abs=1e-9)
        assert page["bias"] == pytest.approx(mine.bias, abs=1e-9)
        assert page["words"] == mine.words, case


def test_the_page_counts_answers() -> None:
    said = [
        {"is": "campaign", "says": "campaign"},
        {"is": "campaign", "says": "innocent"},
        {"is": "innocent", "says": "campaign"},
    ]
    assert of_page("scoring", f"page.counted({json.dumps(said)})") == {
        "hits": 1, "campaigns": 2, "falseAlarms": 1, "innocents": 1,
    }  # fmt: skip


def test_the_page_interpolates_between_worlds_that_were_run() -> None:
    points = [[0, 0, 0, 0], [0.5, 0.2, 0.1, 0.3], [1, 0.5, 0.4, 0.6]]
    shares = of_page("interpolate", f"[0, 0.25, 0.5, 0.75, 1].map((share) => page.takenFor({points}, share))")
    wanted = [[0, 0, 0], [0.1, 0.05, 0.15], [0.2, 0.1, 0.3], [0.35, 0.25, 0.45], [0.5, 0.4, 0.6]]
    assert shares == [pytest.approx(row) for row in wanted]


def test_a_rule_stops_before_it_hits_more_innocents_than_the_class() -> None:
    stories = {"1": "operated", "2": "fan", "3": "vendor", "4": "volunteer", "5": "operated"}
    call = f"[0, 1, 2].map((most) => page.foundAt([1, 2, 3, 4, 5], {json.dumps(stories)}, most))"
    assert of_page("interpolate", call) == [1, 2, 3]
