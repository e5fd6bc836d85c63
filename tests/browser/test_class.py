"""A class and its teacher together: answers arrive without names, flags are run again, and a killed process is a sentence."""

import os
import re
import signal
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.saying import said
from tests.browser.serving import Served
from tests.browser.test_lab import RUN, field, joined
from tests.browser.watching import Watcher, go


def workers(process: int) -> list[int]:
    """Worker processes of the server."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has ended meanwhile
            parent = int((place / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == process and b"spawn_main" in (place / "cmdline").read_bytes():
                found.append(int(place.name))
    return found


def test_a_students_answers_reach_the_teacher_without_a_name(watcher: Watcher, lab: Served) -> None:
    page = joined(watcher, lab)
    go(page, view="quiz")
    page.get_by_role("button", name="Begin").first.click()
    while page.locator('form input[name="says"]').count():
        page.locator('form input[name="says"][value="campaign"]').check()
        page.locator('form input[name="sure"][value="1"]').check()
        page.locator("form button.main").click()
    expect(page.get_by_text(said("quiz.sent"))).to_be_visible()
    teacher = watcher.open(lab.teacher, view="teacher")
    expect(teacher.get_by_role("main")).to_contain_text(re.compile(r"Before: [1-9]"))
    with teacher.expect_download() as taken:
        teacher.get_by_role("main").get_by_text(said("teacher.csv")).first.click()
    rows = Path(taken.value.path()).read_text(encoding="utf-8").splitlines()
    assert len(rows) > 1
    assert "name" not in rows[0].lower()


@pytest.mark.slow
def test_a_student_has_a_desk_run_again_with_own_flags(watcher: Watcher, lab: Served) -> None:
    page = joined(watcher, lab)
    go(page, view="moderator")
    for number in range(3):
        page.locator(".flag").nth(number).click()
    page.get_by_role("button", name="We have decided: reveal").click()
    again = page.get_by_role("button", name=said("moderator.rerun"))
    again.click()
    expect(page.locator(".outcome")).to_contain_text(re.compile(r"run again|rerun|Run", re.IGNORECASE))
    expect(page.get_by_text(re.compile(r"\d+% of what the campaign"))).not_to_have_count(0, timeout=RUN)


@pytest.mark.slow
@pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="no /proc, so that nobody can tell which process runs a world"
)
def test_a_killed_process_is_a_sentence_and_the_lab_goes_on(watcher: Watcher, lab: Served) -> None:
    page = watcher.open(lab.teacher, view="controls")
    seed = field(page, "seed")
    seed.fill("23")
    seed.blur()
    run = page.get_by_role("button", name=said("controls.run"), exact=True)
    run.click()
    running = page.get_by_role("region", name=said("controls.running"))
    expect(running).to_contain_text("reached", timeout=RUN)  # its hours pass
    assert workers(lab.process.pid)
    for process in workers(lab.process.pid):
        os.kill(process, signal.SIGKILL)
    expect(running).to_contain_text("was ended", timeout=60_000)
    assert "Traceback" not in page.inner_text("body")
    expect(run).to_be_enabled()
    run.click()
    expect(running.get_by_role("button", name=said("controls.look"))).to_be_visible(timeout=RUN)
