"""Two worlds hour by hour as an animated picture, for slides. Runs in a worker process."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from analysis.lab.server.tasks import Animate
from sim.runs.face import read_film
from sim.runs.recording import appearing

FRAMES_MOST = 60
A_SECOND = 10  # frames
DAY = 24  # hours over which a share is taken
INCHES, DOTS = (8.0, 4.5), 100
LINES = (("#0b5cad", "-"), ("#b3450b", "--"))  # told apart without colour vision


def animate(task: Animate, check: Callable[[], None]) -> None:
    """Draw the picture into a file. check: raises where nobody waits for it any more."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot
    from matplotlib.animation import PillowWriter

    worlds = [curves(path, task.candidate) for path in task.films]
    hours = len(worlds[0][0])
    figure, axes = pyplot.subplots(1, 2, figsize=INCHES, dpi=DOTS, layout="constrained")
    lines = [[_line(axes[part], worlds, part, arm, task.names[arm]) for part in (0, 1)] for arm in (0, 1)]
    axes[0].set_title("Share of political impressions, last 24 hours", fontsize=10)
    axes[1].set_title("Users who ever saw the candidate", fontsize=10)
    axes[1].legend(loc="upper left", fontsize=8)
    figure.supxlabel("A model world; no evidence about any real account, campaign or vote.", fontsize=8)
    figure.suptitle("0000-00-00, 00:00", fontsize=11)
    figure.canvas.draw()
    figure.set_layout_engine("none")  # it stays as it is: to lay it out anew for each frame would take most of the time
    writer = PillowWriter(fps=A_SECOND)
    with appearing(task.out) as part_file:
        moving = part_file.with_suffix(".gif")
        try:
            with writer.saving(figure, str(moving), DOTS):
                for hour in frames(hours):
                    check()
                    figure.suptitle(
                        str(np.datetime64(task.start) + np.timedelta64(int(hour), "h")).replace("T", ", "), fontsize=11
                    )
                    for arm, own in enumerate(lines):
                        for part, line in enumerate(own):
                            line.set_data(np.arange(hour + 1) / DAY, worlds[arm][part][: hour + 1])
                    writer.grab_frame()
            moving.replace(part_file)
        finally:
            moving.unlink(missing_ok=True)
            pyplot.close(figure)


def frames(hours: int) -> list[int]:
    """Hours that are drawn: the last of each of at most so many steps, so that the end is among them."""
    step = -(-hours // FRAMES_MOST)
    return list(range((hours - 1) % step, hours, step))


def curves(film: Path, candidate: int) -> tuple[Any, Any]:
    """A candidate's share of political impressions in the 24 hours to each hour's end (nan where there were none), and reach."""
    found = read_film(film)
    own, political = (
        np.cumsum(column.astype(np.float64)) for column in (found["impressions"][:, candidate], found["political"])
    )
    last_own, last = (
        total - np.concatenate([np.zeros(min(DAY, len(total))), total[:-DAY]]) for total in (own, political)
    )
    share = np.divide(last_own, last, out=np.full(len(last), np.nan), where=last > 0)
    return share, found["reach"][:, candidate].astype(np.float64)


def _line(axis: Any, worlds: Any, part: int, arm: int, name: str) -> Any:
    """An empty curve on an axis that is as large as it will be."""
    top = max(float(np.nanmax(world[part], initial=0.0)) for world in worlds)
    axis.set_xlim(0, len(worlds[0][0]) / DAY)
    axis.set_ylim(0, top * 1.1 or 1.0)
    axis.set_xlabel("days", fontsize=8)
    colour, dash = LINES[arm]
    return axis.plot([], [], dash, color=colour, label=name, linewidth=2)[0]
