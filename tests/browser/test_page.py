"""The page around the views: menu, hours, worlds, keys, languages, colours, motion, and what can be taken away."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.saying import LANGUAGES, gaps_seen, keys_seen, said, words
from tests.browser.watching import PHONE, WIDE, Place, Watcher, go, ready, state_of

HOURS_IN_VIEW = "twins"  # a view with the bar of the hours


def hour_of(page: Page) -> int:
    """The hour that the slider stands on."""
    return int(page.get_by_role("slider", name=said("ui.hour")).input_value())


def views_of(page: Page) -> list[str]:
    """The views of the menu, in its order."""
    names: list[str] = page.eval_on_selector_all("nav a[data-view]", "links => links.map(link => link.dataset.view)")
    return names


def test_every_view_of_the_menu_opens_under_its_name(watcher: Watcher, replay: Place) -> None:
    page = watcher.open(replay)
    menu = page.get_by_role("navigation", name=said("ui.menu"))
    views = views_of(page)
    assert len(views) >= 11
    for view in views:
        link = menu.get_by_role("link", name=said(f"views.{view}"), exact=True)
        link.click()
        ready(page, view)
        expect(page.get_by_role("heading", level=1)).to_have_text(said(f"views.{view}"))
        expect(menu.get_by_role("link", name=said(f"views.{view}"), exact=True)).to_have_attribute(
            "aria-current", "page"
        )
        assert state_of(page)["view"] == view
    page.go_back()
    ready(page, views[-2])
    expect(page.get_by_role("heading", level=1)).to_have_text(said(f"views.{views[-2]}"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_there_and_filled_in(watcher: Watcher, replay: Place, language: str) -> None:
    page = watcher.open(replay, lang=language)
    for view in views_of(page):
        go(page, view=view, lang=language)
        text = page.inner_text("body")
        assert keys_seen(text, language) == [], view
        assert gaps_seen(text) == [], view


def sentences(language: str) -> set[str]:
    """Texts that are long enough to be told from another language's."""

    def inside(part: object) -> list[str]:
        if isinstance(part, dict):
            return [text for each in part.values() for text in inside(each)]
        if isinstance(part, list):
            return [text for each in part for text in inside(each)]
        return [part] if isinstance(part, str) and len(part) > 25 and "{" not in part and "[" not in part else []

    return set(inside(words(language)))


def test_nothing_of_the_other_language_is_left(watcher: Watcher, replay: Place) -> None:
    page = watcher.open(replay)
    foreign = sentences("en") - sentences("ro")
    page.get_by_role("combobox", name=said("ui.language")).select_option("ro")
    expect(page.locator("html")).to_have_attribute("lang", "ro")
    assert state_of(page)["lang"] == "ro"
    for view in views_of(page):
        go(page, view=view, lang="ro")
        text = page.inner_text("body")
        assert [sentence for sentence in foreign if sentence in text] == [], view
    page.get_by_role("combobox", name=said("ui.language", "ro")).select_option("en")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_a_romanian_browser_is_spoken_to_in_romanian(watcher: Watcher, replay: Place) -> None:
    visitor = watcher.context(replay.within, locale="ro-RO")
    page = watcher.open(replay, visitor)
    expect(page.locator("html")).to_have_attribute("lang", "ro")


def test_buttons_step_and_jump(watcher: Watcher, replay: Place) -> None:
    page = watcher.open(replay, view=HOURS_IN_VIEW, hour=100)
    bar = page.get_by_role("region", name=said("ui.time"))
    assert hour_of(page) == 100
    for key, expected in (("hour_on", 101), ("day_on", 125), ("hour_back", 124), ("day_back", 100)):
        bar.get_by_role("button", name=said(f"ui.{key}_long")).click()
        assert hour_of(page) == expected
    jump = bar.get_by_role("combobox", name=said("ui.jump"))
    marks = page.evaluate("JSON.parse(document.getElementById('reel.json').textContent).calendar")
    there = [mark for mark in marks["marks"] if mark["name"] != "moderation"]  # neither of the two worlds has any
    for place, mark in enumerate(there):
        jump.select_option(str(place))
        assert hour_of(page) == max(0, min(mark["hour"], marks["hours"] - 1)), mark
    page.wait_for_function(
        "hour => new URLSearchParams(location.hash.slice(1)).get('hour') === hour", arg=str(hour_of(page))
    )


def test_play_goes_on_until_it_is_paused(watcher: Watcher, replay: Place) -> None:
    page = watcher.open(replay, view=HOURS_IN_VIEW, hour=10)
    bar = page.get_by_role("region", name=said("ui.time"))
    bar.get_by_role("combobox", name=said("ui.speed")).select_option("72")
    bar.get_by_role("button", name=said("ui.play"), exact=True).click()
    page.wait_for_function("() => +document.querySelector('input[type=range]').value > 40")
    bar.get_by_role("button", name=said("ui.pause"), exact=True).click()
    stood = hour_of(page)
    page.wait_for_timeout(300)
    assert hour_of(page) == stood
    expect(bar.get_by_role("button", name=said("ui.play"), exact=True)).to_be_visible()


def test_play_ends_at_the_last_hour_and_begins_anew(watcher: Watcher, replay: Place) -> None:
    page = watcher.open(replay, view=HOURS_IN_VIEW, hour=0)
    slider = page.get_by_role("slider", name=said("ui.hour"))
    last = int(slider.get_attribute("max") or "")
    slider.fill(str(last - 5))
    page.get_by_role("button", name=said("ui.play"), exact=True).click()
    page.wait_for_function("last => +document.querySelector('input[type=range]').value === last", arg=last)
    expect(page.get_by_role("button", name=said("ui.play"), exact=True)).to_be_visible()
    page.get_by_role("button", name=said("ui.play"), exact=True).click()
    page.wait_for_function("last => +document.querySelector('input[type=range]').value < last - 100", arg=last)


def test_keys_play_pause_and_step(watcher: Watcher, replay: Place) -> None:
    """Also after a view was chosen, when the focus is on the view."""
    page = watcher.open(replay, view="phone", hour=100)
    page.get_by_role("navigation").get_by_role("link", name=said("views.twins"), exact=True).click()
    ready(page, "twins")
    for key, expected in (("ArrowRight", 101), ("ArrowLeft", 100), ("PageDown", 124), ("PageUp", 100), ("Home", 0)):
        page.keyboard.press(key)
        assert hour_of(page) == expected, key
    page.keyboard.press("Space")
    page.wait_for_function("() => +document.querySelector('input[type=range]').value > 2")
    page.keyboard.press("Space")
    stood = hour_of(page)
    page.wait_for_timeout(200)
    assert hour_of(page) == stood
    page.keyboard.press("End")
    assert hour_of(page) == int(page.get_by_role("slider", name=said("ui.hour")).get_attribute("max") or "")


def test_the_first_stop_of_the_tab_key_leads_past_the_menu(watcher: Watcher, replay: Place) -> None:
    page = watcher.open(replay, view=HOURS_IN_VIEW)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name=said("ui.skip"))).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_the_hour_is_told_to_those_who_do_not_see_it(watcher: Watcher, replay: Place) -> None:
    page = watcher.open(replay, view=HOURS_IN_VIEW, hour=30)
    live = page.get_by_role("status").and_(page.locator("[aria-live=polite]"))
    page.get_by_role("button", name=said("ui.hour_on_long")).click()
    slider = page.get_by_role("slider", name=said("ui.hour"))
    expect(live.first).to_have_text(slider.get_attribute("aria-valuetext") or "?")
    assert "07:00" in live.first.inner_text()


def test_the_worlds_are_chosen_and_kept_in_the_address(watcher: Watcher, replay: Place) -> None:
    page = watcher.open(replay, view=HOURS_IN_VIEW)
    worlds = page.get_by_role("region", name=said("ui.worlds"))
    arms = page.evaluate("JSON.parse(document.getElementById('reel.json').textContent).arms.map(arm => arm.id)")
    second = worlds.get_by_role("combobox", name=said("ui.right"))
    shown = second.input_value()
    other = next(arm for arm in arms if arm != shown)
    second.focus()
    second.select_option(other)
    ready(page, HOURS_IN_VIEW)
    page.wait_for_function("arm => location.hash.includes('right=' + arm)", arg=other)
    again = page.get_by_role("region", name=said("ui.worlds")).get_by_role("combobox", name=said("ui.right"))
    expect(again).to_have_value(other)
    expect(again).to_be_focused()
    copy = watcher.open(replay, **state_of(page))
    expect(copy.get_by_role("combobox", name=said("ui.right"))).to_have_value(other)


@pytest.mark.parametrize(
    "state",
    [
        {"hour": "abc"}, {"hour": -5}, {"hour": 99999}, {"hour": "1e400"},
        {"view": "nowhere"}, {"lang": "xx"}, {"left": "nothing"}, {"theme": "red"},
    ],
)  # fmt: skip
def test_an_address_that_somebody_mistyped_still_opens(
    watcher: Watcher, replay: Place, state: dict[str, str | int]
) -> None:
    page = watcher.context(replay.within).new_page()
    page.goto(replay.at(**state))
    ready(page)
    assert gaps_seen(page.inner_text("body")) == []
    slider = page.get_by_role("slider", name=said("ui.hour"))
    assert 0 <= hour_of(page) <= int(slider.get_attribute("max") or "")
    page.evaluate(
        "to => { delete document.body.dataset.ready; location.hash = to; }",
        "&".join(f"{k}={v}x" for k, v in state.items()),
    )
    ready(page)
    assert gaps_seen(page.inner_text("body")) == []


def brightness(page: Page, selector: str, what: str) -> float:
    """Mean of red, green and blue, 0 to 255."""
    colour = page.eval_on_selector(selector, f"node => getComputedStyle(node).{what}")
    return sum(map(int, re.findall(r"\d+", colour)[:3])) / 3


@pytest.mark.parametrize("device", ["light", "dark"])
def test_colours_follow_the_device_or_the_choice(watcher: Watcher, replay: Place, device: str) -> None:
    visitor = watcher.context(replay.within, color_scheme=device)
    page = watcher.open(replay, visitor)
    themes = page.get_by_role("combobox", name=said("ui.theme"))
    for theme in ("auto", "dark", "light", "auto"):
        themes.select_option(theme)
        dark = theme == "dark" or (theme == "auto" and device == "dark")
        assert (brightness(page, "body", "backgroundColor") < 128) == dark
        assert (brightness(page, "body", "color") > 128) == dark
        assert state_of(page).get("theme") == (None if theme == "auto" else theme)


def test_who_wants_little_motion_gets_two_pictures_a_second(watcher: Watcher, replay: Place) -> None:
    visitor = watcher.context(replay.within, reduced_motion="reduce")
    page = watcher.open(replay, visitor, view=HOURS_IN_VIEW, hour=0)
    page.evaluate(
        "window.seen = new Set(); const s = document.querySelector('input[type=range]');"
        "window.timer = setInterval(() => window.seen.add(s.value), 10)"
    )
    page.get_by_role("button", name=said("ui.play"), exact=True).click()
    page.wait_for_timeout(2100)
    page.get_by_role("button", name=said("ui.pause"), exact=True).click()
    assert 3 <= page.evaluate("window.seen.size") <= 6
    for view in views_of(page):
        go(page, view=view)
        assert page.evaluate("document.getAnimations().filter(one => one.playState === 'running').length") == 0, view


@pytest.mark.parametrize("size", [PHONE, WIDE, {"width": 768, "height": 1024}])
def test_no_view_is_wider_than_its_screen(watcher: Watcher, replay: Place, size: dict[str, int]) -> None:
    visitor = watcher.context(replay.within, viewport=size)
    page = watcher.open(replay, visitor)
    wide = []
    for language in LANGUAGES:
        for view in views_of(page):
            go(page, view=view, lang=language)
            over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            wide += [(view, language, over)] if over > 0 else []
    assert wide == []


SMALLEST = """() => {
  const sizes = new Map();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode.parentElement;
    const seen = node.checkVisibility({ visibilityProperty: true }) && !node.closest(".hidden, script, noscript");
    if (!walk.currentNode.data.trim() || !seen) continue;
    let size = parseFloat(getComputedStyle(node).fontSize);
    const drawing = node.closest("svg");
    if (drawing && drawing.viewBox.baseVal?.width) size *= drawing.getBoundingClientRect().width / drawing.viewBox.baseVal.width;
    sizes.set(walk.currentNode.data.trim().slice(0, 40), Math.round(size * 10) / 10);
  }
  return [...sizes].filter(([, size]) => size < 15.4);
}"""


def test_words_are_large_enough_for_a_projector(watcher: Watcher, replay: Place) -> None:
    """At 1920 by 1080 none is smaller than a seventieth of the picture's height: 2 cm on a screen of 1.4 m, read from five metres."""
    visitor = watcher.context(replay.within, viewport={"width": 1920, "height": 1080})
    page = watcher.open(replay, visitor)
    for view in views_of(page):
        go(page, view=view)
        assert page.evaluate(SMALLEST) == [], view


def test_a_word_is_explained_by_pointer_tap_and_key(watcher: Watcher, replay: Place) -> None:
    page = watcher.open(replay, view=HOURS_IN_VIEW)
    term = page.get_by_role("banner").get_by_role("button", name="model world")
    tip = page.get_by_role("tooltip")
    expect(tip).to_have_count(0)
    term.hover()
    expect(tip).to_contain_text("simulated")
    page.mouse.move(0, 700)
    expect(tip).to_have_count(0)
    term.focus()
    expect(tip).to_be_visible()
    page.keyboard.press("Escape")
    expect(tip).to_have_count(0)


def test_without_javascript_the_page_says_so(watcher: Watcher, replay: Place) -> None:
    page = watcher.context(replay.within, java_script_enabled=False).new_page()
    page.goto(replay.home)
    assert "needs JavaScript" in page.locator("noscript").inner_text()
