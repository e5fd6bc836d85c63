"""How soon there is a first picture, and how many a second while it plays. Each test prints its figure (`pytest -s`)."""

import time
from pathlib import Path

import pytest

from tests.browser import serving
from tests.browser.saying import said
from tests.browser.test_take_away import DRAWN
from tests.browser.watching import Place, Watcher, ready

FIRST_IN_REPLAY, FIRST_IN_LAB, PICTURES = 2.0, 5.0, 20  # seconds, seconds after the server's start, a second
TRIES = 3  # the best counts: other programs on this machine are not what is measured
pytestmark = pytest.mark.alone

# Counts the frames in which something was drawn anew on a canvas, and notes when a first one was and the view stood.
COUNTING = """
window.drawn = 0;
window.first = null;
let dirty = false;
const clear = CanvasRenderingContext2D.prototype.clearRect;
CanvasRenderingContext2D.prototype.clearRect = function (...box) { dirty = true; return clear.apply(this, box); };
const frame = () => {
  if (dirty) window.drawn += 1;
  dirty = false;
  if (window.first === null && window.drawn && document.body?.dataset.ready) window.first = performance.now() / 1000;
  requestAnimationFrame(frame);
};
requestAnimationFrame(frame);
"""


def test_a_replay_shows_its_first_picture_at_once(watcher: Watcher, replay: Place) -> None:
    took = []
    for _ in range(TRIES):
        page = watcher.context(replay.within).new_page()
        page.add_init_script(COUNTING)
        page.goto(replay.at(view="twins"))
        page.wait_for_function("() => window.first !== null")
        took.append(page.evaluate("window.first"))
        page.close()
        if took[-1] < FIRST_IN_REPLAY:
            break
    size = Path(replay.home.removeprefix("file://")).stat().st_size
    print(f"replay of {size / 1e6:.1f} MB: first picture after {min(took):.2f} s")
    assert min(took) < FIRST_IN_REPLAY
    assert size < 8_000_000


@pytest.mark.slow
@pytest.mark.parametrize("view", DRAWN)
def test_a_view_plays_smoothly(watcher: Watcher, replay: Place, view: str) -> None:
    best = 0.0
    for _ in range(TRIES):
        page = watcher.context(replay.within).new_page()
        page.add_init_script(COUNTING)
        page.goto(replay.at(view=view, hour=20))
        ready(page, view)
        page.wait_for_timeout(300)
        page.get_by_role("button", name=said("ui.play"), exact=True).click()
        counted = page.evaluate(
            "async () => { const from = performance.now(), before = window.drawn; await new Promise((then) => setTimeout(then, 2000));"
            " return (window.drawn - before) / (performance.now() - from) * 1000; }"
        )
        page.close()
        best = max(best, counted)
        if best >= PICTURES:
            break
    print(f"{view}: {best:.0f} pictures a second")
    assert best >= PICTURES


@pytest.mark.slow
def test_the_lab_shows_its_first_picture_soon_after_its_start(watcher: Watcher, tmp_path: Path) -> None:
    took = []
    for each in range(TRIES):
        folder = tmp_path / str(each)
        folder.mkdir()
        began = time.monotonic()
        with serving.server(folder) as served:
            page = watcher.context(served.teacher.within).new_page()
            page.add_init_script(COUNTING)
            page.goto(served.teacher.at(view="twins"))
            page.wait_for_function("() => window.first !== null")
            took.append(time.monotonic() - began)
            page.close()
        if took[-1] < FIRST_IN_LAB:
            break
    print(f"lab: first picture {min(took):.2f} s after its start")
    assert min(took) < FIRST_IN_LAB
