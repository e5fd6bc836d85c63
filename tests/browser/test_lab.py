"""The lab in its teacher's hands and in a student's: each control, a world that runs, the class, and what neither may."""

import re
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.judging import violations
from tests.browser.saying import LANGUAGES, gaps_seen, keys_seen, said
from tests.browser.serving import Served
from tests.browser.test_access import OPEN_ALL, OUTLINE, TEACHERS
from tests.browser.watching import PHONE, WIDE, Watcher, go, ready, state_of

RUN = 240_000  # ms; kernels may have to be compiled first


def field(page: Page, name: str) -> Locator:
    """The control of a setting."""
    return page.get_by_role("region", name=said("controls.settings")).get_by_label(said(f"controls.{name}"), exact=True)


def command(page: Page) -> str:
    """The command that the page shows."""
    return page.locator("pre code").inner_text()


def settings(page: Page) -> list[dict[str, object]]:
    """What can be asked, as the page has heard it."""
    with page.expect_response(re.compile("/settings")) as heard:
        page.reload()
    ready(page, "controls")
    listed: list[dict[str, object]] = heard.value.json()["settings"]
    return listed


def test_the_word_that_lets_a_teacher_in_leaves_the_address(watcher: Watcher, lab: Served) -> None:
    page = watcher.open(lab.teacher)
    assert "token" not in state_of(page)
    page.reload()
    ready(page)
    expect(page.get_by_role("link", name=said("views.controls"), exact=True)).to_be_visible()


@pytest.mark.parametrize("view", TEACHERS)
def test_the_teachers_views_shut_nobody_out(watcher: Watcher, lab: Served, view: str) -> None:
    page = watcher.open(lab.teacher, view=view)
    assert page.evaluate(OUTLINE) == {"firsts": 1, "jumps": [], "twice": [], "mute": 0}
    for size in (WIDE, PHONE):
        page.set_viewport_size({"width": size["width"], "height": size["height"]})
        for theme in ("light", "dark"):
            go(page, view=view, theme=theme)
            page.evaluate(OPEN_ALL)
            assert violations(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("view", TEACHERS)
def test_the_teachers_views_have_all_their_texts(watcher: Watcher, lab: Served, view: str, language: str) -> None:
    page = watcher.open(lab.teacher, view=view, lang=language)
    text = page.inner_text("body")
    assert keys_seen(text, language) == []
    assert gaps_seen(text) == []


def test_every_control_stands_in_the_command(watcher: Watcher, lab: Served) -> None:
    """Each that applies to the campaign is changed from the keyboard or the list, one at a time, and set back."""
    page = watcher.open(lab.teacher, view="controls")
    listed = settings(page)
    first = command(page)
    assert first.startswith("groundswell compare scenario=classroom")
    tried = 0
    for setting in listed:
        name, kind = str(setting["name"]), setting["kind"]
        control = field(page, name)
        if control.count() == 0:
            continue
        tried += 1
        if kind == "choice":
            control.select_option(index=1 if control.evaluate("one => one.selectedIndex") == 0 else 0)
        elif kind == "switch":
            control.uncheck()
        elif kind == "date":
            control.fill("2024-11-15")
            control.blur()
        elif name == "seed":
            control.fill("7")
            control.blur()
        else:
            control.focus()
            page.keyboard.press("ArrowRight")
        expect(page.locator("pre code")).not_to_have_text(first)
        page.get_by_role("button", name=said("controls.reset")).click()
        expect(page.locator("pre code")).to_have_text(first)
    assert tried >= 15


def test_each_campaign_and_policy_has_its_own_controls(watcher: Watcher, lab: Served) -> None:
    page = watcher.open(lab.teacher, view="controls")
    assert field(page, "start").count() == 0
    field(page, "moderation").select_option("suspend_coordinated")
    expect(field(page, "start")).to_be_visible()
    expect(field(page, "moderation")).to_be_focused()
    expect(page.locator("pre code")).to_contain_text("moderation=suspend_coordinated")
    field(page, "campaign").select_option("organic_surge")
    expect(field(page, "wake_sleepers")).to_have_count(0)
    field(page, "campaign").select_option("coordinated")
    field(page, "wake_sleepers").uncheck()
    expect(field(page, "wake_sleepers_posts_per_hour")).to_have_count(0)
    expect(page.locator("pre code")).to_contain_text("~campaign.tactics.wake_sleepers")


def test_what_is_not_allowed_is_said_beside_its_control(watcher: Watcher, lab: Served) -> None:
    watcher.forgive("422")
    page = watcher.open(lab.teacher, view="controls")
    seed = field(page, "seed")
    seed.fill("123456")
    seed.blur()
    expect(seed).to_have_attribute("aria-invalid", "true")
    expect(seed).to_be_focused()
    spoken = " ".join((seed.get_attribute("aria-describedby") or "").split())
    wrong = page.locator(", ".join(f"#{each}" for each in spoken.split())).last
    expect(wrong).to_contain_text("0 to 9,999" if "9,999" in wrong.inner_text() else "9999")
    seed.fill("2")
    seed.blur()
    expect(seed).not_to_have_attribute("aria-invalid", "true")


def test_the_command_is_that_of_the_last_change(watcher: Watcher, lab: Served) -> None:
    """Many changes in a row, as a slider makes them; answers come in any order."""
    page = watcher.open(lab.teacher, view="controls")
    budget = field(page, "budget")
    budget.focus()
    with page.expect_response(re.compile("/command")):
        page.keyboard.press("Home")
    page.evaluate(HELD_BACK)
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.wait_for_timeout(1200)
    assert f"campaign.budget={budget.input_value()}" in command(page)


# The page's questions are answered in the order third, second, first.
HELD_BACK = """() => {
  const real = window.fetch;
  let wait = 900;
  window.fetch = async (...asked) => {
    const mine = (wait -= 300);
    const answer = await real(...asked);
    await new Promise((then) => setTimeout(then, mine));
    return answer;
  };
}"""


@pytest.mark.slow
@pytest.mark.alone
def test_a_changed_world_runs_and_takes_the_place_of_the_old_one(watcher: Watcher, lab: Served) -> None:
    page = watcher.open(lab.teacher, view="controls")
    before = page.evaluate("() => location.hash")
    budget = field(page, "budget")
    budget.focus()
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    page.wait_for_timeout(300)
    asked = time.monotonic()
    page.get_by_role("button", name=said("controls.run"), exact=True).click()
    running = page.get_by_role("region", name=said("controls.running"))
    expect(running.get_by_role("progressbar")).to_be_visible()
    expect(page.get_by_role("button", name=said("controls.run"), exact=True)).to_be_disabled()
    look = running.get_by_role("button", name=said("controls.look"))
    expect(look).to_be_visible(timeout=RUN)
    print(f"a change of budget is answered after {time.monotonic() - asked:.1f} s")
    expect(running.locator("canvas")).to_have_count(2)
    assert page.evaluate("() => location.hash") != before
    sentence = running.get_by_text("were manufactured").inner_text()
    campaign, quiet, made = map(float, re.findall(r"\d+\.\d+", sentence))
    assert made == pytest.approx(campaign - quiet, abs=0.011)
    assert campaign > quiet
    look.click()
    ready(page, "twins")
    expect(page.get_by_role("main")).to_contain_text(said("twins.ghost"))
    page.reload()
    ready(page, "twins")


@pytest.mark.slow
def test_a_world_is_stopped(watcher: Watcher, lab: Served) -> None:
    page = watcher.open(lab.teacher, view="controls")
    field(page, "seed").fill("11")
    field(page, "seed").blur()
    page.get_by_role("button", name=said("controls.run"), exact=True).click()
    stop = page.get_by_role("button", name=said("controls.stop"), exact=True)
    stop.click()
    expect(stop).to_be_hidden()
    expect(page.get_by_role("button", name=said("controls.run"), exact=True)).to_be_enabled()
    expect(page.get_by_text(said("controls.nothing"))).to_be_visible()


@pytest.mark.slow
def test_an_animation_is_taken_away(watcher: Watcher, lab: Served, tmp_path: Path) -> None:
    page = watcher.open(lab.teacher, view="twins")
    with page.expect_download(timeout=RUN) as given:
        page.get_by_role("button", name=said("ui.gif"), exact=True).click()
    file = tmp_path / given.value.suggested_filename
    given.value.save_as(file)
    assert file.name == "groundswell.gif"
    with Image.open(file) as animation:
        frames = getattr(animation, "n_frames", 1)
        first = np.asarray(animation.convert("L"), dtype=int)
        animation.seek(frames - 1)
        last = np.asarray(animation.convert("L"), dtype=int)
    assert 10 <= frames <= 60
    assert (np.abs(first - last) > 30).mean() > 0.001


def test_any_account_has_a_phone_in_the_lab(watcher: Watcher, lab: Served) -> None:
    watcher.forgive("503")  # in its first minutes the lab still films the feeds of everybody, and says so
    page = watcher.open(lab.teacher, view="phone", hour=300)
    page.get_by_label(said("phone.anybody")).fill("17")
    page.get_by_role("button", name=said("phone.look"), exact=True).click()
    later = said("phone.not_had").partition("}")[2]
    page.wait_for_function(
        "(later) => location.hash.includes('person=17') || document.querySelector('main').innerText.includes(later)",
        arg=later,
    )
    assert state_of(page).get("person") == "17" or later in page.locator("#live").inner_text()


ASK = """async ([path, body]) => {
  const { headers } = await import("lab/token.js");
  const posted = { method: "POST", headers: { ...headers(), "content-type": "application/json" }, body: JSON.stringify(body) };
  return (await fetch(path, body ? posted : { headers: headers() })).status;
}"""


def joined(watcher: Watcher, lab: Served, **settings: object) -> Page:
    """A student's page, after the code."""
    page = watcher.context(lab.student.within, **settings).new_page()
    page.goto(lab.student.home)
    ready(page, "join")
    page.get_by_label(said("ui.code"), exact=True).fill(lab.code.lower())
    page.get_by_role("button", name=said("ui.join_in"), exact=True).click()
    page.wait_for_selector("nav")
    ready(page)
    return page


def test_a_student_comes_in_by_the_code_alone(watcher: Watcher, lab: Served) -> None:
    watcher.forgive("403")
    page = watcher.context(lab.student.within, viewport=PHONE).new_page()
    page.goto(lab.student.home)
    ready(page, "join")
    code = page.get_by_label(said("ui.code"), exact=True)
    expect(code).to_be_focused()
    assert violations(page) == []
    code.fill("WRONG1")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text(re.compile(r"\w"))
    expect(code).to_be_focused()
    code.fill(lab.code)
    page.keyboard.press("Enter")
    page.wait_for_selector("nav")
    ready(page)
    page.reload()
    ready(page)
    expect(page.get_by_role("navigation", name=said("ui.menu"))).to_be_visible()


def test_a_student_has_no_controls(watcher: Watcher, lab: Served) -> None:
    watcher.forgive("403")
    page = joined(watcher, lab)
    for view in TEACHERS:
        expect(page.get_by_role("link", name=said(f"views.{view}"), exact=True)).to_have_count(0)
        page.evaluate("to => { delete document.body.dataset.ready; location.hash = to; }", f"view={view}")
        ready(page)
        assert page.evaluate("document.body.dataset.ready") not in TEACHERS
    expect(page.get_by_role("button", name=said("ui.gif"))).to_have_count(0)
    for path, body in (
        ("/worlds", {"settings": {}}),
        ("/command", {"settings": {}}),
        ("/settings", None),
        ("/quiz/summary", None),
    ):
        status = page.evaluate(ASK, [path, body])
        assert status == 403, path


def test_a_student_watches_what_the_teacher_does(watcher: Watcher, lab: Served) -> None:
    page = joined(watcher, lab, viewport=PHONE)
    for view in ("twins", "phone", "graph"):
        go(page, view=view, hour=200)
        expect(page.get_by_role("heading", level=1)).to_have_text(said(f"views.{view}"))
    teacher = watcher.open(lab.teacher, view="teacher")
    expect(teacher.get_by_role("main").get_by_role("status")).to_contain_text(re.compile(r"[1-9]"))
    expect(teacher.get_by_role("main")).to_contain_text(lab.code)
