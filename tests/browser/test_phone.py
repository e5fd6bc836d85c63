"""A phone shows the very feed that the film holds, post by post, and is read by keys and by ear."""

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from sim.runs.film import Film, read_film
from tests.browser.filming import reel_in
from tests.browser.saying import said, words
from tests.browser.watching import PHONE, Place, Watcher, state_of

WHY = ("friend", "followed", "trial", "promoted", "alike")


def shown(film: Film, person: int, hour: int) -> list[dict[str, int]]:
    """What a person was shown at the last visit up to an hour: the post's row, and why."""
    begin, end = map(int, film["feed_start"][person : person + 2])
    hours = film["feed_hour"][begin:end].astype(int)
    past = hours[hours <= hour]
    if not past.size:
        return []
    places = begin + np.flatnonzero(hours == past[-1])
    return [
        {"post": int(film["feed_post"][place]), "why": int(film["feed_why"][place]), "hour": int(past[-1])}
        for place in places
    ]


def counters(film: Film, post: int, hour: int) -> list[int]:
    """Views, likes, comments and shares of a post as an hour ends."""
    inside = slice(int(film["count_start"][post]), int(film["count_start"][post + 1]))
    before = film["count_hour"][inside] <= hour
    return [int(film[f"count_{name}"][inside][before].sum()) for name in ("views", "likes", "comments", "shares")]


def feed(page: Page, side: str) -> Locator:
    """One of the two phones."""
    return page.get_by_role("feed", name=said("phone.feed", world=said(f"ui.{side}")))


@pytest.mark.parametrize(("which", "hour"), [(0, 60), (1, 250), (-1, 250)])
def test_the_feed_is_the_one_that_was_recorded(
    watcher: Watcher, replay: Place, reel: Path, which: int, hour: int
) -> None:
    told = reel_in(reel)
    person = range(len(told.head["people"]))[which]
    page = watcher.open(replay, view="phone", hour=hour, person=told.head["people"][person]["account"], **told.pair())
    for side, arm in told.pair().items():
        film = read_film(reel / told.file(arm))
        expected = shown(film, person, hour)
        assert expected
        posts = feed(page, side).get_by_role("article")
        expect(posts).to_have_count(len(expected))
        for at in {0, len(expected) // 2, len(expected) - 1}:
            post, entry = posts.nth(at), expected[at]
            assert post.get_attribute("aria-posinset") == str(at + 1)
            assert post.get_attribute("aria-setsize") == str(len(expected))
            expect(post).to_contain_text(said(f"phone.why_{WHY[entry['why']]}"), use_inner_text=True)
            terms = post.locator("dl").get_by_role("definition")
            exact = [number for number in counters(film, entry["post"], entry["hour"]) if number < 1000]
            read = [text for text in terms.all_inner_texts() if text.isdigit()]
            assert list(map(int, read)) == exact


def test_a_post_says_the_same_in_both_worlds(watcher: Watcher, replay: Place, reel: Path) -> None:
    told = reel_in(reel)
    page = watcher.open(replay, view="phone", hour=30, left=told.arm("quiet"), right=told.arm("quiet"))
    left, right = (feed(page, side).get_by_role("article").all_inner_texts() for side in ("left", "right"))
    assert left == right
    assert left


def test_keys_go_from_post_to_post(watcher: Watcher, replay: Place, reel: Path) -> None:
    told = reel_in(reel)
    film = read_film(reel / told.file(told.pair()["right"]))
    hour = next(hour for hour in range(100, 300) if len(shown(film, 0, hour)) > 4)
    page = watcher.open(replay, view="phone", hour=hour, person=told.head["people"][0]["account"], **told.pair())
    posts = feed(page, "right").get_by_role("article")
    posts.first.focus()
    for key, at in (("ArrowDown", 1), ("j", 2), ("ArrowUp", 1), ("k", 0), ("End", posts.count() - 1), ("Home", 0)):
        page.keyboard.press(key)
        expect(posts.nth(at)).to_be_focused()
    expect(page.get_by_role("slider", name=said("ui.hour"))).to_have_value(str(hour))
    page.keyboard.press("w")
    expect(
        posts.nth(0).get_by_role("group").filter(has_text=said("ui.who_made_this")).get_by_role("listitem").first
    ).to_be_visible()
    page.keyboard.press("n")
    expect(posts.and_(page.locator(":focus"))).to_have_count(1)
    focused = page.evaluate("document.activeElement.className")
    assert "carried" in focused or said("phone.no_next", letter="A") in page.get_by_role("main").inner_text()


def test_somebody_else_is_chosen_and_kept_in_the_address(watcher: Watcher, replay: Place, reel: Path) -> None:
    people = reel_in(reel).head["people"]
    page = watcher.open(replay, view="phone", hour=250)
    whose = page.get_by_role("combobox", name=said("phone.whose"))
    whose.select_option(str(people[2]["account"]))
    expect(page.get_by_role("combobox", name=said("phone.whose"))).to_have_value(str(people[2]["account"]))
    assert state_of(page)["person"] == str(people[2]["account"])
    page.get_by_text(said("phone.like_me"), exact=True).click()
    for each in range(1, 4):
        page.get_by_role("combobox", name=said("phone.subject", n=each)).select_option(str(each + 3))
    page.get_by_role("button", name=said("phone.find")).click()
    page.wait_for_function("before => !location.hash.includes('person=' + before)", arg=str(people[2]["account"]))
    liked = np.zeros(8)
    liked[[4, 5, 6]] = [10, 2, 2]
    near = max(people, key=lambda one: np.dot(one["interest"], liked) / np.linalg.norm(one["interest"]))
    assert state_of(page)["person"] == str(near["account"])


def test_visits_are_stepped_through(watcher: Watcher, replay: Place, reel: Path) -> None:
    told = reel_in(reel)
    film = read_film(reel / told.file(told.pair()["right"]))
    visits = sorted(set(film["feed_hour"][: int(film["feed_start"][1])].astype(int)))
    page = watcher.open(replay, view="phone", hour=visits[3], person=told.head["people"][0]["account"], **told.pair())
    handset = page.get_by_role("region", name=said("ui.right"))
    slider = page.get_by_role("slider", name=said("ui.hour"))
    handset.get_by_role("button", name=said("phone.later")).click()
    expect(slider).to_have_value(str(visits[4]))
    handset.get_by_role("button", name=said("phone.earlier")).click()
    expect(slider).to_have_value(str(visits[3]))
    handset.get_by_role("button", name=said("phone.earlier")).click()
    expect(slider).to_have_value(str(visits[2]))


def test_truth_stands_behind_the_veil_alone(watcher: Watcher, replay: Place, reel: Path) -> None:
    """What the page shows of a post before somebody lifts the veil holds nothing that only the model knows."""
    page = watcher.open(replay, view="phone", hour=300, **reel_in(reel).pair())
    text = page.get_by_role("main").inner_text()
    secret = [key for key in words("en")["phone"] if key.startswith(("kind_", "cause_", "pushed_"))]
    told = [said(f"phone.{key}", letter="A") for key in secret if isinstance(words("en")["phone"][key], str)]
    assert told
    assert [sentence for sentence in told if sentence in text] == []
    post = feed(page, "right").get_by_role("article").first
    post.get_by_text(said("ui.who_made_this")).click()
    assert any(sentence in post.inner_text() for sentence in told)


def test_one_phone_at_a_time_on_a_small_screen(watcher: Watcher, replay: Place, reel: Path) -> None:
    visitor = watcher.context(replay.within, viewport=PHONE, has_touch=True)
    page = watcher.open(replay, visitor, view="phone", hour=250, **reel_in(reel).pair())
    expect(feed(page, "right")).to_be_visible()
    expect(feed(page, "left")).to_be_hidden()
    switch = page.get_by_role("group", name=said("phone.which")).get_by_role("button", name=said("ui.left"))
    switch.tap()
    expect(switch).to_have_attribute("aria-pressed", "true")
    expect(feed(page, "left")).to_be_visible()
    expect(feed(page, "right")).to_be_hidden()


def test_what_a_phone_has_to_say_stands_inside_it(watcher: Watcher, replay: Place, reel: Path) -> None:
    page = watcher.open(replay, view="phone", hour=200, left="quiet-none", right="coordinated-none")
    handset = page.locator(".handset.left")
    handset.get_by_role("button", name=said("phone.next", letter="A")).click()
    expect(handset).to_contain_text(said("phone.no_next", letter="A"))
    expect(page.locator(".handset.right")).not_to_contain_text(said("phone.no_next", letter="A"))
    box = handset.get_by_text(said("phone.no_next", letter="A")).bounding_box()
    hours = page.get_by_role("region", name=said("ui.time")).bounding_box()
    assert box is not None
    assert hours is not None
    assert 0 <= box["y"] < box["y"] + box["height"] <= hours["y"]
