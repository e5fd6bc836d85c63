"""A class at once: thirty pages of one Chromium, each at another hour, while two teachers' pages run other worlds."""

import statistics
import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.saying import said
from tests.browser.serving import Served
from tests.browser.test_lab import RUN, field
from tests.browser.watching import PHONE, READY, Watcher, ready, state_of

STUDENTS, TEACHERS = 28, 2
VIEWS = ("twins", "phone", "graph", "money")  # what students look at, in turn
PATIENT = 4 * READY  # ms; thirty pages share this machine's cores with the worlds that run


def student(watcher: Watcher, lab: Served, number: int) -> Page:
    """A student who has joined and looks at an hour of his or her own."""
    page = watcher.context(lab.student.within, viewport=PHONE).new_page()
    page.set_default_timeout(PATIENT)
    page.goto(lab.student.at(view=VIEWS[number % len(VIEWS)], hour=hour_of(number)))
    ready(page, "join")
    page.get_by_label(said("ui.code"), exact=True).fill(lab.code)
    page.keyboard.press("Enter")
    ready(page, VIEWS[number % len(VIEWS)])
    return page


def hour_of(number: int) -> int:
    """The hour at which a student looks."""
    return 20 + 10 * number


def rerun(watcher: Watcher, lab: Served, seed: int) -> Page:
    """A teacher's page that has asked for a world of another seed."""
    page = watcher.open(lab.teacher, view="controls")
    page.set_default_timeout(PATIENT)
    field(page, "seed").fill(str(seed))
    field(page, "seed").blur()
    page.get_by_role("button", name=said("controls.run"), exact=True).click()
    expect(page.get_by_role("progressbar")).to_be_visible(timeout=PATIENT)
    return page


@pytest.mark.slow
@pytest.mark.alone
def test_thirty_sessions_do_not_disturb_each_other(watcher: Watcher, lab: Served) -> None:
    began = time.monotonic()
    students = [student(watcher, lab, number) for number in range(STUDENTS)]
    came = time.monotonic() - began
    teachers = [rerun(watcher, lab, seed) for seed in range(21, 21 + TEACHERS)]
    waits, asks = [], []
    for number, page in enumerate(students):
        slider = page.get_by_role("slider", name=said("ui.hour"))
        expect(slider).to_have_value(str(hour_of(number)))
        before = time.monotonic()
        page.get_by_role("button", name=said("ui.hour_on_long")).click()
        expect(slider).to_have_value(str(hour_of(number) + 1))
        waits.append(time.monotonic() - before)
        asks.append(page.evaluate(ASK))
    for page in teachers:
        look = page.get_by_role("region", name=said("controls.running")).get_by_role(
            "button", name=said("controls.look")
        )
        expect(look).to_be_visible(timeout=RUN)
    answered = time.monotonic() - began - came
    for number, page in enumerate(students):
        assert state_of(page)["hour"] == str(hour_of(number) + 1)
        assert page.evaluate("document.body.dataset.ready") == VIEWS[number % len(VIEWS)]
    print(
        f"{STUDENTS} students in after {came:.0f} s; a step is shown after {statistics.median(waits):.2f} s (slowest {max(waits):.2f}); "
        f"the server answers in {1000 * statistics.median(asks):.0f} ms (slowest {1000 * max(asks):.0f}) while {TEACHERS} worlds run; "
        f"both are there after {answered:.0f} s"
    )
    assert statistics.median(asks) < 1
    assert max(asks) < 5


ASK = """async () => {
  const { headers } = await import("lab/token.js"), from = performance.now();
  const answer = await fetch("/whoami", { cache: "no-store", headers: headers() });
  await answer.json();
  return (performance.now() - from) / 1000;
}"""
