"""Settings of other programs that lie about change neither figures nor kernels."""

import subprocess
import sys
from pathlib import Path

import matplotlib
import pytest

from analysis.report.figures import money, svg_of

SCRIPT = """
import sim.kernels, numba
assert not numba.config.DISABLE_JIT and not numba.config.BOUNDSCHECK, "a file of settings was read"
from analysis.report.figures import money, svg_of
print(svg_of(money({"a": 1.0, "b": 2.0}, "EUR")))
"""


def drawn() -> str:
    return svg_of(money({"a": 1.0, "b": 2.0}, "EUR"))


def test_a_users_settings_of_figures_change_none() -> None:
    expected = drawn()
    with matplotlib.rc_context(
        {"axes.facecolor": "red", "font.size": 31.0, "lines.linewidth": 9.0, "svg.fonttype": "path"}
    ):
        assert drawn() == expected


@pytest.mark.parametrize("settings", ["axes.facecolor: red\nfont.size: 31\n", "nonsense\n\x00: :\n"])
def test_files_in_the_folder_where_the_user_stands_change_nothing(settings: str, tmp_path: Path) -> None:
    (tmp_path / "matplotlibrc").write_text(settings)
    (tmp_path / ".numba_config.yaml").write_text("disable_jit: 1\nboundscheck: 1\n")
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=tmp_path,
        env={"PYTHONPATH": str(root), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == drawn().strip()


def test_the_command_reads_no_settings_of_figures(tmp_path: Path) -> None:
    (tmp_path / "matplotlibrc").write_text("nonsense\nfont.size: 31\n")
    done = subprocess.run(
        [str(Path(sys.executable).parent / "groundswell"), "run", "scenario=classroom", "days=1", "calendar.warm_up_days=1"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "matplotlibrc" not in done.stderr
