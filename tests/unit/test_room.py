"""Tests that are measured by the clock are alone on the machine, whichever process has them."""

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("fcntl", reason="locks of files as Unix has them")

ROOT = Path(__file__).parents[2]
# Enters a room many times, sometimes alone, and says in one file who goes in and out.
VISITOR = """
import sys, time
from pathlib import Path
from tests.room import Room

folder, name, alone = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
room, log = Room(folder), (folder / "log").open("a", buffering=1)
for turn in range(12):
    with room.entered(alone=alone > 0 and turn % alone == 0):
        log.write(f"{name} in {alone > 0 and turn % alone == 0}\\n")
        time.sleep(0.01)
        log.write(f"{name} out\\n")
room.close()
"""


def test_nobody_is_inside_with_one_who_is_alone(tmp_path: Path) -> None:
    visitors = [
        subprocess.Popen([sys.executable, "-c", VISITOR, str(tmp_path), name, alone], cwd=ROOT)
        for name, alone in (("often", "2"), ("seldom", "5"), ("never", "0"))
    ]
    assert [visitor.wait(60) for visitor in visitors] == [0, 0, 0]
    inside: dict[str, bool] = {}
    together = alone = 0
    for line in (tmp_path / "log").read_text().splitlines():
        name, what, *by_itself = line.split()
        if what == "out":
            del inside[name]
            continue
        inside[name] = by_itself == ["True"]
        assert len(inside) == 1 or not any(inside.values()), inside
        together, alone = together + (len(inside) > 1), alone + inside[name]
    assert inside == {}
    assert alone == 6 + 3
    assert together  # who does not ask to be alone meets others
