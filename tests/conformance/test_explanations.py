"""Rival explanations with the same visible totals are told apart by traces, in worlds where nobody acts on them."""

from pathlib import Path

import pytest

from analysis.estimates.explanations import TOLERANCE, TOTALS, told_apart
from analysis.estimates.table import estimates
from sim.runs.face import compare
from sim.runs.recording import read_json, read_table


@pytest.mark.slow
def test_explanations_look_alike_and_are_told_apart(tmp_path: Path) -> None:
    """Classroom, eight seeds: the scale at which the presets were set."""
    compare(["scenario=classroom", "arms=explanations", "replications=8", "engine=serial"], tmp_path)
    manifest, runs = read_json(tmp_path / "manifest.json"), read_table(tmp_path, "runs")
    table = estimates(runs, manifest)
    found = {(row.contrast, row.measure): row for row in table.itertuples(index=False)}
    for rival in ("paid_authentic", "organic_surge"):
        for total in TOTALS:
            assert abs(found[f"totals:{rival}", total].estimate - 1) < TOLERANCE, (rival, total)
    apart = told_apart(table)
    for rival in ("paid_authentic", "organic_surge"):
        for trace in ("likes", "comments", "together", "authors"):
            assert (f"apart:coordinated:{rival}", trace) in apart, (rival, trace)
    assert ("apart:coordinated:paid_authentic", "awakened") in apart
    assert ("apart:paid_authentic:organic_surge", "marked") in apart
    rival = found["multiplier:paid_authentic", "impressions"]
    # Posts out of proportion are few: what is pushed is shown, and its likes a view fall. Now and then one of fans looks bought.
    assert (
        found["traces:organic_surge", "disproportionate"].estimate
        < 1
        < found["traces:coordinated", "disproportionate"].low
    )
    assert ("multiplier:organic_surge", "impressions") not in found
    assert rival.low is not None
    print(table[table["contrast"].str.startswith(("totals", "multiplier", "traces"))].to_string())
