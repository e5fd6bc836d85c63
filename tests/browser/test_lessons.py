"""Lessons open at their own states, go on step by step, and keep their place in the address alone; what is not so has its picture."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from analysis.lab.lessons.document import TERM, Words, plan
from tests.browser.saying import LANGUAGES, gaps_seen, keys_seen, said, words
from tests.browser.watching import PHONE, Place, Watcher, go, ready, state_of

LESSONS = [str(lesson["id"]) for lesson in plan()]
SENTENCES = [name for name, texts in words("en")["misconceptions"].items() if isinstance(texts, dict)]


def lesson_of(name: str) -> dict[str, Any]:
    return next(lesson for lesson in plan() if lesson["id"] == name)


def bar(page: Page) -> Locator:
    """The step over a view."""
    return page.get_by_role("complementary", name=said("lessons.bar"))


def place(step: int, of: int) -> str:
    return said("lessons.step_of", i=step, of=of)


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_opens_at_its_own_state_and_shows_every_step(watcher: Watcher, replay: Place, name: str) -> None:
    steps = lesson_of(name)["steps"]
    page = watcher.open(replay, lesson=name)
    for number, step in enumerate(steps, start=1):
        if number > 1:
            bar(page).get_by_role("button", name=said("lessons.next")).click()
            expect(bar(page)).to_contain_text(place(number, len(steps)))
            bar(page).get_by_role("button", name=said("lessons.show")).click()
        ready(page, step["state"]["view"])
        expect(page.get_by_role("heading", level=1)).to_have_text(said(f"views.{step['state']['view']}"))
        expect(bar(page)).to_contain_text(said(f"lessons.{name}.{step['id']}.title"))
        state = state_of(page)
        assert (state["lesson"], state["step"]) == (name, str(number))
        assert (state["left"], state["right"]) == (step["state"]["left"], step["state"]["right"])
        if "hour" in step["state"]:
            assert state["hour"] == str(step["state"]["hour"])
    expect(bar(page).get_by_role("button", name=said("lessons.next"))).to_be_disabled()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_every_step_is_read_as_the_sheet_has_it(watcher: Watcher, replay: Place, language: str) -> None:
    page, spoken = watcher.open(replay, view="lessons", lesson=LESSONS[0], lang=language), Words(language)
    main = page.get_by_role("main")
    for name in LESSONS:
        if name != LESSONS[0]:
            go(page, view="lessons", lesson=name, lang=language)
        for step in lesson_of(name)["steps"]:
            main.get_by_text(said("lessons.answer", language)).click()
            expect(main.locator("details[open] p")).to_be_visible()
            text = main.inner_text()
            for part in ("do", "ask", "answer"):
                assert together(as_read(spoken, f"lessons.{name}.{step['id']}.{part}")) in together(text)
            assert gaps_seen(text) == keys_seen(text, language) == []
            onward = main.get_by_role("button", name=said("lessons.next", language))
            if onward.is_enabled():
                onward.click()
        expect(main).to_contain_text(said("lessons.done", language))


def together(text: str) -> str:
    """A text without its spaces: words that are explained break lines."""
    return "".join(text.split())


def as_read(spoken: Words, key: str) -> str:
    """A text with its values, without the marks of explained words."""
    return TERM.sub(lambda found: found[2] or found[1], spoken.say(key))


def test_answers_are_behind_a_fold(watcher: Watcher, replay: Place) -> None:
    page, answer = watcher.open(replay, lesson="cost", step=2), words("en")["lessons"]["cost"]["guess"]["answer"]
    assert answer not in page.inner_text("body")
    bar(page).get_by_text(said("lessons.answer")).press("Enter")
    expect(bar(page)).to_contain_text(answer)


def test_steps_are_gone_through_by_keys_alone(watcher: Watcher, replay: Place) -> None:
    page = watcher.open(replay, view="lessons", lesson="sleepers")
    steps, now = lesson_of("sleepers")["steps"], page.locator("main [aria-current=step]")
    for number in (2, 3):
        page.get_by_role("main").get_by_role("button", name=said("lessons.next")).press("Enter")
        expect(now).to_be_focused()
        expect(now).to_contain_text(said(f"lessons.sleepers.{steps[number - 1]['id']}.title"))
        assert state_of(page)["step"] == str(number)
    expect(page.get_by_role("main")).to_contain_text(place(3, len(steps)))
    page.go_back()
    expect(page.get_by_role("main")).to_contain_text(place(2, len(steps)))


def test_a_step_that_was_left_is_said_and_brought_back(watcher: Watcher, replay: Place) -> None:
    page = watcher.open(replay, lesson="amplification", step=5)
    assert said("lessons.elsewhere", **{"lessons.show": said("lessons.show")})[:20] not in bar(page).inner_text()
    menu = page.get_by_role("navigation", name=said("ui.menu"))
    menu.get_by_text(said("ui.fold"), exact=True).click()
    menu.get_by_role("link", name=said("views.money"), exact=True).click()
    ready(page, "money")
    expect(bar(page)).to_contain_text(said("lessons.elsewhere")[:20])
    bar(page).get_by_role("button", name=said("lessons.show")).click()
    ready(page, "stages")
    bar(page).get_by_role("button", name=said("lessons.leave")).click()
    expect(bar(page)).to_have_count(0)
    assert "lesson" not in state_of(page)


WHERE = """() => {
  const box = (node) => { const { top, bottom } = node.getBoundingClientRect(); return [top, bottom]; };
  const part = document.querySelector("#view .meant");
  return { step: box(document.querySelector("#lesson aside")), part: part && box(part), hours: box(document.querySelector(".hours"))[0],
    focus: document.activeElement.classList.contains("title"), named: part?.dataset.part ?? "" };
}"""


def test_step_and_picture_are_in_sight_together(watcher: Watcher, replay: Place) -> None:
    """As a lesson begins, as a step is shown, and after the next step: the step in at most 180 points, the picture right below it."""
    page = watcher.open(replay, view="lessons")
    page.get_by_role("button", name=said("lessons.open", title=said("lessons.amplification.title"))).click()
    ready(page, "twins")
    for number, step in enumerate(lesson_of("amplification")["steps"][:6], start=1):
        if number > 1:
            page.wait_for_selector("#view .meant", state="detached")
            bar(page).get_by_role("button", name=said("lessons.next")).click()
            expect(bar(page)).to_contain_text(place(number, 8))
            assert page.evaluate(WHERE)["focus"]
            page.wait_for_selector("#view .meant", state="detached")
            bar(page).get_by_role("button", name=said("lessons.show")).click()
        page.wait_for_selector("#view .meant")
        seen = page.evaluate(WHERE)
        assert step["part"] in seen["named"].split()
        assert seen["focus"]
        assert -1 <= seen["step"][0] < seen["step"][1] <= 196
        assert seen["step"][1] <= seen["part"][0] < seen["hours"] - 200, (number, seen)


def test_a_lesson_keeps_the_head_of_the_page_small(watcher: Watcher, replay: Place) -> None:
    page = watcher.open(replay, lesson="sleepers")
    expect(page.get_by_role("button", name=said("ui.csv"))).to_have_count(0)
    menu = page.get_by_role("navigation", name=said("ui.menu"))
    expect(menu.get_by_role("link")).to_have_count(0)
    menu.get_by_text(said("ui.fold"), exact=True).press("Enter")
    expect(menu.get_by_role("link", name=said("views.money"), exact=True)).to_be_visible()


def test_to_turn_away_from_the_page_is_no_fault(watcher: Watcher, replay: Place) -> None:
    page = watcher.open(replay, lesson="amplification", step=7, view="money")
    expect(bar(page)).to_contain_text(said("lessons.amplification.talk.title"))
    expect(bar(page)).not_to_contain_text(said("lessons.elsewhere")[:20])


def test_on_a_phone_a_step_is_a_bar_that_unfolds(watcher: Watcher, replay: Place) -> None:
    visitor = watcher.context(replay.within, viewport=PHONE)
    page = watcher.open(replay, visitor, lesson="amplification", step=5)
    question = bar(page).get_by_text(said("lessons.amplification.stages.ask"))
    expect(question).not_to_be_visible()
    assert page.evaluate(WHERE)["step"][1] < 140
    bar(page).locator("summary").first.click()
    expect(question).to_be_visible()
    bar(page).get_by_role("button", name=said("lessons.show")).click()
    ready(page, "stages")
    expect(question).not_to_be_visible()


def test_a_lesson_is_chosen_from_the_list_and_nothing_is_kept(watcher: Watcher, replay: Place) -> None:
    page = watcher.open(replay, view="lessons")
    for name in LESSONS:
        expect(page.get_by_role("heading", name=said(f"lessons.{name}.title"))).to_be_visible()
    page.get_by_role("button", name=said("lessons.open", title=said("lessons.limits.title"))).click()
    ready(page, lesson_of("limits")["steps"][0]["state"]["view"])
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert page.context.cookies() == []


def test_a_bar_fits_a_phone(watcher: Watcher, replay: Place) -> None:
    visitor = watcher.context(replay.within, viewport=PHONE)
    page = watcher.open(replay, visitor, lesson="amplification", step=3, lang="ro")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_sentence_has_its_picture_in_words_and_leads_somewhere(
    watcher: Watcher, replay: Place, language: str
) -> None:
    page = watcher.open(replay, view="misconceptions", lang=language)
    for name in SENTENCES:
        card = page.get_by_role("article").filter(has_text=said(f"misconceptions.{name}.said", language))
        assert said(f"misconceptions.{name}.answer", language) not in card.inner_text()
        card.get_by_text(said("misconceptions.so", language)).click()
        expect(card).to_contain_text(said(f"misconceptions.{name}.answer", language))
        if card.get_by_role("img").count():
            told = card.get_by_role("img").get_attribute("aria-label") or ""
            assert told in card.inner_text()
            assert gaps_seen(told) == []
            assert card.locator("svg *").count() > 3
        else:
            assert said(f"misconceptions.{name}.none", language) in card.inner_text()
    for button in range(len(SENTENCES)):
        page.get_by_role("button", name=said("misconceptions.show", language)).nth(button).click()
        page.wait_for_selector("body[data-ready]:not([data-ready=misconceptions])")
        page.go_back()
        ready(page, "misconceptions")
        for each in page.get_by_text(said("misconceptions.so", language)).all():
            each.click()


NEAREST = """async ([arms, asked]) => {
  const { nearestArm } = await import("lab/lesson_state.js");
  const told = arms.map((id) => ({ id, campaign: id.split("-")[0], moderation: id.split("-")[1] }));
  return asked.map((arm) => nearestArm({ arms: told }, arm));
}"""


def test_a_reel_with_other_worlds_shows_the_nearest(watcher: Watcher, replay: Place) -> None:
    page = watcher.open(replay, view="lessons")
    arms = ["quiet-none", "mixed_cells-none", "mixed_cells-label_paid"]
    asked = ["quiet-none", "coordinated-none", "coordinated-suspend_coordinated", "quiet-suspend_coordinated"]
    nearest = ["quiet-none", "mixed_cells-none", "mixed_cells-label_paid", "quiet-none"]
    assert page.evaluate(NEAREST, [arms, asked]) == nearest
    assert page.evaluate(NEAREST, [["clumsy-none"], asked]) == ["clumsy-none"] * 4
