"""A class decides before it is told: the moderator's desk, sealed worlds, and the quiz say what the reel holds."""

import base64
import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from analysis.lab.quiz import shown
from analysis.lab.signal import score
from tests.browser.watching import Place, Watcher


@pytest.fixture(scope="module")
def head(reel: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((reel / "reel.json").read_text())
    return found


def opened(answer: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(base64.b64decode(answer))
    return found


def numbers_of(page: Page) -> list[dict[str, str]]:
    """What the page gives away as CSV."""
    with page.expect_download() as taken:
        page.get_by_role("button", name="Numbers (CSV)").click()
    with Path(taken.value.path()).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_flags_come_to_what_is_true(watcher: Watcher, replay: Place, head: dict[str, Any]) -> None:
    """All of the network and two bystanders are flagged on the first desk."""
    desk = head["game"]["desks"][0]
    answer = opened(desk["answer"])
    ours = [account for account, story in answer["stories"].items() if story in ("operated", "vendor")]
    innocent = [account for account, story in answer["stories"].items() if story in ("fan", "returner")][:2]
    page = watcher.open(replay, view="moderator", lang="en")
    assert "kind" not in numbers_of(page)[0]
    for account in ours + innocent:
        page.locator(f'[data-account="{account}"] .flag').click()
    page.get_by_role("button", name="We have decided: reveal").click()
    outcome = page.locator(".outcome")
    assert f"You found {len(ours)} of the {len(ours)} accounts" in outcome.inner_text()
    assert "You hit 2 innocent people." in outcome.inner_text()
    said = re.search(r"About (\d+)% of what the campaign adds", outcome.inner_text())
    assert said
    assert int(said[1]) == pytest.approx(100 * answer["damping"]["points"][-1][1], abs=0.51)
    told = {row["account"]: row["kind"] for row in numbers_of(page)}
    assert told == answer["stories"]


def test_no_more_can_be_flagged_than_the_budget(watcher: Watcher, replay: Place, head: dict[str, Any]) -> None:
    budget = head["game"]["desks"][0]["budget"]
    page = watcher.open(replay, view="moderator", lang="en")
    for number in range(budget + 1):
        page.locator(".flag").nth(number).click()
    expect(page.locator('.flag[aria-pressed="true"]')).to_have_count(budget)
    expect(page.locator("#live")).to_contain_text(f"No more than {budget}")


def test_accounts_are_sorted_and_filtered_by_the_record(watcher: Watcher, replay: Place, head: dict[str, Any]) -> None:
    desk = head["game"]["desks"][1]
    page = watcher.open(replay, view="moderator", lang="en")
    page.get_by_role("button", name="Desk 2").click()
    page.get_by_label("Sort by").select_option("election")
    cards = page.locator(".account")
    order = [int(cards.nth(place).get_attribute("data-account") or 0) for place in range(cards.count())]
    assert order == [
        row["account"] for row in sorted(desk["accounts"], key=lambda row: (-row["election"], row["account"]))
    ]
    page.get_by_label("Show", exact=True).select_option("silent")
    expect(page.locator(".account")).to_have_count(sum(row["silent_days"] >= 30 for row in desk["accounts"]))


def test_worlds_stay_sealed_until_somebody_opens_them(watcher: Watcher, replay: Place, head: dict[str, Any]) -> None:
    """The first guess is always world 1, the second the true one."""
    rounds = [opened(one["answer"]) for one in head["sealed"]["rounds"]]
    page = watcher.open(replay, view="sealed", lang="en")
    for one in rounds:
        for guess in ("1", one["campaign"]):
            assert page.get_by_text("The worlds are open").count() == 0
            page.locator(f'form input[name^="world"][value="{guess}"]').check()
            page.locator('form input[name^="sure"][value="3"]').check()
            page.locator("form button.main").click()
        page.locator(".ask button.next, .ask button.open").first.click()
    first = sum(one["campaign"] == "1" for one in rounds)
    text = page.locator("#view").inner_text()
    assert f"right in {first} of {len(rounds)} rounds, by who comments in {len(rounds)}" in text
    kinds = {(row["round"], row["world"]): row["kind"] for row in numbers_of(page)}
    assert kinds == {
        (str(number), name): kind for number, one in enumerate(rounds, 1) for name, kind in one["kinds"].items()
    }


@pytest.mark.parametrize("doubts", [True, False])
def test_the_quiz_scores_as_python_does(watcher: Watcher, replay: Place, head: dict[str, Any], doubts: bool) -> None:
    """Who doubts everybody, and who is right but for the first item, get the scores that they should."""
    items = head["quiz"]["before"]
    half = len(items) // 2
    page = watcher.open(replay, view="quiz", lang="en")
    page.get_by_role("button", name="Begin").first.click()
    alarms, hits = 0, 0
    for number, item in enumerate(items):
        true = shown(item["answer"])
        says = "campaign" if doubts or (true == "campaign") != (number == 0) else "innocent"
        hits += says == true == "campaign"
        alarms += says == "campaign" and true == "innocent"
        page.locator(f'form input[name="says"][value="{says}"]').check()
        page.locator('form input[name="sure"][value="2"]').check()
        page.locator("form button.main").click()
    page.locator(".card .veil > summary").first.click()
    mine, text = score(hits, half, alarms, half), page.locator(".result").inner_text()
    assert f"d' = {mine.sensitivity:.2f}" in text.replace("−", "-")
    assert f"c = {mine.bias:.2f}" in text.replace("−", "-")
    assert ("You doubt everybody alike" in text) == doubts
    page.reload()
    page.wait_for_selector('body[data-ready="quiz"]', state="attached")
    page.locator(".card .veil > summary").first.click()
    assert f"c = {mine.bias:.2f}" in page.locator(".result").inner_text().replace("−", "-")


def test_the_quiz_is_answered_by_keyboard(watcher: Watcher, replay: Place) -> None:
    page = watcher.open(replay, view="quiz", lang="en")
    page.get_by_role("button", name="Begin").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("h2").first.evaluate("(node) => node === document.activeElement")
    page.locator('form input[name="says"]').first.focus()
    page.keyboard.press("Space")
    page.locator('form input[name="sure"]').first.focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Next").press("Enter")
    assert "Account 2 of" in page.locator("h2").first.inner_text()
