"""Nobody is shut out: what axe-core finds grave in any view, light or dark, wide or on a phone, with all that can be opened open."""

import re

import pytest

from tests.browser.judging import violations
from tests.browser.saying import LANGUAGES
from tests.browser.serving import ROOT
from tests.browser.watching import PHONE, WIDE, Place, Watcher, go

VIEWS = re.findall(
    r'"(\w+)"', "".join(re.findall(r"views: \[(.*?)\]", (ROOT / "analysis/lab/web/views.js").read_text("utf-8")))
)
TEACHERS = ("controls", "teacher")
OPEN_ALL = "() => document.querySelectorAll('main details').forEach(one => { one.open = true; })"
FULL, COLOURS = None, ["color-contrast"]  # what changes between light and dark is colours


def judged(watcher: Watcher, place: Place, view: str) -> dict[str, list[str]]:
    """What is grave, by size and colours."""
    page = watcher.open(place, view=view, hour=200)
    found = {}
    for size in (WIDE, PHONE):
        page.set_viewport_size({"width": size["width"], "height": size["height"]})
        for theme, rules in (("light", FULL), ("dark", COLOURS))[: 2 if size is WIDE else 1]:
            go(page, view=view, hour=200, theme=theme)
            assert page.evaluate("document.documentElement.dataset.theme") == theme
            page.evaluate(OPEN_ALL)
            page.wait_for_timeout(50)  # what is made when it is opened
            lines = violations(page, rules)
            if lines:
                found[f"{size['width']} px, {theme}"] = lines[:6]
    return found


@pytest.mark.parametrize("view", [view for view in VIEWS if view not in TEACHERS])
def test_a_view_shuts_nobody_out(watcher: Watcher, replay: Place, view: str) -> None:
    assert judged(watcher, replay, view) == {}


OUTLINE = """() => {
  const seen = (node) => node.checkVisibility({ visibilityProperty: true });
  const levels = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter(seen).map((one) => Number(one.tagName[1]));
  const jumps = levels.filter((level, i) => i && level > levels[i - 1] + 1);
  const ids = [...document.querySelectorAll("[id]")].map((node) => node.id);
  const twice = ids.filter((id, i) => ids.indexOf(id) !== i);
  const drawn = [...document.querySelectorAll("main canvas, main svg")].filter(seen);
  const mute = drawn.filter((node) => !node.closest("[aria-hidden=true]") && !node.getAttribute("aria-label")
    && !node.getAttribute("aria-labelledby") && !node.querySelector("title")).length;
  return { firsts: levels.filter((level) => level === 1).length, jumps, twice, mute };
}"""


@pytest.mark.parametrize("view", [view for view in VIEWS if view not in TEACHERS])
def test_a_view_has_an_outline_and_words_for_its_pictures(watcher: Watcher, replay: Place, view: str) -> None:
    page = watcher.open(replay, view=view, hour=200)
    assert page.evaluate(OUTLINE) == {"firsts": 1, "jumps": [], "twice": [], "mute": 0}


STOPS = """() => {
  const seen = (node) => node.checkVisibility({ visibilityProperty: true }) && !node.disabled;
  const stops = [...document.querySelectorAll("main a[href], main button, main select, main input, main summary, main [tabindex='0']")];
  return stops.filter(seen).map((node) => { node.focus(); return [node === document.activeElement, getComputedStyle(node).outlineStyle]; })
    .filter(([held]) => !held).length;
}"""


@pytest.mark.parametrize("view", [view for view in VIEWS if view not in TEACHERS])
def test_the_tab_key_goes_through_a_view_and_out_again(watcher: Watcher, replay: Place, view: str) -> None:
    """Whatever has the focus shows it, and no view holds the key back."""
    page = watcher.open(replay, view=view, hour=200)
    assert page.evaluate(STOPS) == 0
    page.get_by_role("main").focus()
    for _ in range(400):
        page.keyboard.press("Tab")
        inside, shown = page.evaluate(
            "() => { const now = document.activeElement, box = getComputedStyle(now);"
            " return [document.querySelector('main').contains(now), box.outlineStyle !== 'none' || box.boxShadow !== 'none']; }"
        )
        if not inside:
            break
        assert shown, page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
    else:
        pytest.fail("the tab key does not leave the view")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_its_language(watcher: Watcher, replay: Place, language: str) -> None:
    page = watcher.open(replay, lang=language)
    assert page.evaluate("document.documentElement.lang") == language
