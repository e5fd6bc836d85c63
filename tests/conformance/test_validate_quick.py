"""`groundswell validate --quick` as a user runs it. A missed target is a result; what is asserted here must not be missed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from analysis.validation.studies import STUDIES

EXACT = ("changes nothing", "does not reach back")  # bit for bit, whatever the size of the worlds
SETTLED = ("known", "simsom", "takedown", "harm", "music")  # studies that miss nothing with this effort


@pytest.mark.slow
def test_quick_validation_runs_every_study_and_misses_nothing_that_is_settled(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sim", "validate", "--quick", "--json", "--out", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["studies"] == list(STUDIES)
    assert found["failed"] == {}
    assert {"null", "platform"} <= {target["kind"] for target in found["targets"]}
    exact = [target for target in found["targets"] if any(name in target["name"] for name in EXACT)]
    assert len(exact) >= 3
    settled = [target for target in found["targets"] if target["study"] in SETTLED]
    assert {target["study"] for target in settled} == set(SETTLED)
    assert len({target["name"] for target in settled if target["study"] == "known" and target["modules"]}) == 15
    assert [target for target in [*exact, *settled] if not target["agrees"]] == []
    assert all(target["reason"] for target in found["targets"] if not target["agrees"])
    assert "left" in done.stderr
    assert (tmp_path / "validation.html").is_file()
