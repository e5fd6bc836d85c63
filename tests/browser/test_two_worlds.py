"""What the views of two worlds add to their films: intervals over seeds, prices, what went on, ways, and what stays behind the veil."""

import csv
import json
import shutil
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect
from scipy import stats

from sim.runs.face import read_film
from sim.runs.film.container import Film, packed
from tests.browser import serving
from tests.browser.watching import Place, Watcher

HOUR = 200
LEFT, RIGHT = "quiet-none", "coordinated-none"
WAYS = ("shared", "followed", "trial", "promoted", "alike", "before")
NEVER = 65535  # hour of those who never saw the candidate


def films_in(reel: Path, *arms: str) -> list[Mapping[str, Any]]:
    return [read_film(reel / f"{arm}.film").columns for arm in arms]


def head_of(reel: Path) -> dict[str, Any]:
    head: dict[str, Any] = json.loads((reel / "reel.json").read_text())
    return head


def numbers_of(page: Page) -> list[dict[str, str]]:
    """What the page gives away as CSV."""
    with page.expect_download() as taken:
        page.get_by_role("button", name="Numbers (CSV)").click()
    with Path(taken.value.path()).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def opened(watcher: Watcher, replay: Place, view: str, **state: str | int) -> Page:
    asked = {"view": view, "hour": HOUR, "left": LEFT, "right": RIGHT, "lang": "en", **state}
    return watcher.open(replay, None, **asked)


def test_several_worlds_come_before_the_one_that_is_shown(watcher: Watcher, reel: Path, tmp_path: Path) -> None:
    several = shutil.copytree(reel, tmp_path / "reel")
    head = head_of(reel)
    seen = {"quiet/none": [12, 80, 30, 5], "coordinated/none": [9000, 16000, 7000, 12000]}
    head["runs"] = [
        {"seed": seed + 1, "arm": arm, "candidate_impressions": value, "reach": 1, "genuine_users": 2000}
        for arm, values in seen.items()
        for seed, value in enumerate(values)
    ]
    (several / "reel.json").write_text(json.dumps(head))
    page = opened(watcher, serving.replay_of(several, tmp_path), "twins")
    differences = (np.array(seen["coordinated/none"]) - np.array(seen["quiet/none"])) / 2000
    low, high = stats.t.interval(0.95, 3, differences.mean(), stats.sem(differences))
    panel = page.locator("details", has=page.get_by_role("heading", name="First: what several worlds say"))
    panel.locator("summary").click()
    # What is folded is made after it has opened, so each of these waits.
    expect(panel).to_contain_text(f"its 95% interval goes from {low:.1f} to {high:.1f}.", use_inner_text=True)
    expect(panel).to_contain_text("place 3 of 4", use_inner_text=True)
    expect(panel.get_by_role("img").locator("circle")).to_have_count(4)


def test_one_world_is_not_taken_for_the_truth(watcher: Watcher, reel: Path, tmp_path: Path) -> None:
    single = shutil.copytree(reel, tmp_path / "reel")
    head = head_of(reel)
    head["runs"] = [run for run in head["runs"] if run["seed"] == head["seed"]]
    (single / "reel.json").write_text(json.dumps(head))
    page = opened(watcher, serving.replay_of(single, tmp_path), "twins")
    assert page.get_by_text("One world may be lucky").is_visible()
    assert page.get_by_text("groundswell compare").first.is_visible()


def test_money_is_that_of_the_payments(watcher: Watcher, replay: Place, reel: Path) -> None:
    page, head = opened(watcher, replay, "money"), head_of(reel)
    quiet, loud = films_in(reel, LEFT, RIGHT)
    paid = Counter[str]()
    for hour, tactic, cents in zip(loud["payment_hour"], loud["payment_tactic"], loud["payment_cents"], strict=True):
        paid[head["tactics"][tactic]] += int(cents) if hour <= HOUR else 0
    told = {row["tactic"]: float(row["euros_so_far"]) for row in numbers_of(page) if row["hour"] == str(HOUR)}
    assert told == pytest.approx({tactic: cents / 100 for tactic, cents in paid.items() if cents}, abs=0.01)
    gained = loud["impressions"][: HOUR + 1, 0].sum() - quiet["impressions"][: HOUR + 1, 0].sum()
    assert page.get_by_text(f"for {gained:,} more views than in the other world").is_visible()
    assert page.get_by_text(f"€{10 * sum(paid.values()) / gained:.2f} for 1,000 views").is_visible()
    assert page.get_by_text("Nothing is spent in this world.").is_visible()


def plays(film: Mapping[str, Any], row: int) -> bool:
    """Whether a post is shown among the stages: of those that are old as the film begins, the ones that are in a stage then."""
    stage = film["stage_value"][film["stage_start"][row] : film["stage_start"][row + 1]]
    return bool(film["post_hour"][row] >= -24 or (len(stage) > 0 and stage[0] >= 0))


def lanes_of(film: Mapping[str, Any], stages: int) -> list[list[int]]:
    """By stage, posts of the candidate that are there, came, went on, and stopped there."""
    lanes = [[0, 0, 0, 0] for _ in range(stages)]
    for row in np.flatnonzero(film["post_candidate"] == 0):
        if not plays(film, row):
            continue
        own = slice(film["stage_start"][row], film["stage_start"][row + 1])
        stage = film["stage_value"][own][film["stage_hour"][own] <= HOUR]
        top = max(stage, default=-1)
        for passed in range(top + 1):
            lanes[passed][1] += 1
            lanes[passed][2] += passed < top
        if top >= 0:
            lanes[top][0] += stage[-1] == top
            lanes[top][3] += stage[-1] == -1
    return lanes


def test_posts_stand_in_the_stages_of_the_recommender(watcher: Watcher, replay: Place, reel: Path) -> None:
    page = opened(watcher, replay, "stages")
    told = [[int(row[name]) for name in ("now", "came", "went_on", "left")] for row in numbers_of(page)
            if row["world"] == "2" and row["stage"] != "waiting"]  # fmt: skip
    film = read_film(reel / f"{RIGHT}.film")
    assert told == lanes_of(film.columns, film.about["stages"])
    assert told[0][1] > told[-1][1] > 0


def test_a_post_can_be_picked_and_unveiled_by_keyboard(watcher: Watcher, replay: Place, reel: Path) -> None:
    page, (film,) = opened(watcher, replay, "stages"), films_in(reel, RIGHT)
    choice = page.get_by_label("Look at one post").last
    choice.focus()
    page.keyboard.press("ArrowDown")
    place = int(choice.input_value())
    rows = [row for row in np.flatnonzero(film["post_candidate"] == 0) if plays(film, row)]
    row = sorted(rows, key=lambda row: (film["post_hour"][row], film["post_second"][row], row))[place]
    own = slice(film["count_start"][row], film["count_start"][row + 1])
    views = film["count_views"][own][film["count_hour"][own] <= HOUR].sum()
    assert page.get_by_text(f"So far {views:,} view").is_visible()
    caused = ("Nobody paid or asked for this post.", "This post was paid for.", "The campaign asked for this post.")
    said = page.get_by_text(caused[film["post_cause"][row]])
    assert not said.is_visible()
    page.get_by_text("Who made this?").last.focus()
    page.keyboard.press("Enter")
    said.wait_for()


def test_the_graph_fills_as_people_see_the_candidate(watcher: Watcher, replay: Place, reel: Path) -> None:
    page = opened(watcher, replay, "graph")
    rows = numbers_of(page)
    for world, film in enumerate(films_in(reel, LEFT, RIGHT), start=1):
        seen = (film["saw_hour"] != NEVER) & (film["saw_hour"] <= HOUR)
        told = Counter(row["way"] for row in rows if row["world"] == str(world))
        assert told == Counter(WAYS[why] for why in film["saw_why"][seen])
    page.get_by_text("The numbers behind this picture").click()
    last = page.get_by_role("table", name="Who had seen the candidate, day by day").get_by_role("row").last
    last.wait_for()
    assert last.get_by_role("cell").nth(len(WAYS) + 1).inner_text() == str(sum(row["world"] == "2" for row in rows))


def test_truth_about_those_who_were_hit_stays_behind_the_veil(watcher: Watcher, replay: Place, reel: Path) -> None:
    arm = next(
        arm["id"] for arm in head_of(reel)["arms"] if arm["moderation"] != "none" and arm["campaign"] == "coordinated"
    )
    page, (film,) = opened(watcher, replay, "queue", right=arm, hour=335), films_in(reel, arm)
    veiled = numbers_of(page)
    assert "wrong" not in veiled[0]
    assert sum(int(row["sanctions"]) for row in veiled if row["world"] == "2") == len(film["decision_hour"])
    assert not any(each.is_visible() for each in page.get_by_text("sanctions hit somebody").all())
    page.get_by_text("Lift the veil: who").click()
    page.get_by_text("hit rightly").wait_for()
    wrong = int(film["decision_genuine"].sum())
    assert sum(int(row["wrong"]) for row in numbers_of(page) if row["world"] == "2") == wrong
    assert page.get_by_text(f"{wrong} of {len(film['decision_hour'])} sanctions").is_visible()


def test_the_result_before_the_last_change_is_drawn_as_a_ghost(watcher: Watcher, replay: Place) -> None:
    page = opened(watcher, replay, "twins")
    drawn = page.evaluate(
        """async ([left, right]) => {
            const bring = (name) => import(name);
            const [{ Lab }, { speak }, { view }] = await Promise.all(["lab/lab.js", "lab/words.js", "lab/views/twins.js"].map(bring));
            const lab = new Lab(null), root = document.createElement("div"), drawn = [];
            lab.words = await speak("en");
            await lab.open("");
            document.body.append(root);
            for (const ghost of [null, null, { arm: right, film: await lab.film(right) }]) {
                root.replaceChildren();
                lab.ghost = ghost;
                const made = view.mount(root, lab, [await lab.film(left), await lab.film(left)]);
                await new Promise((done) => setTimeout(done, 300));
                drawn.push([made.canvas()[3].toDataURL(), root.textContent.includes("the result before your last change")]);
                made.leave();
            }
            root.remove();
            return drawn;
        }""",
        [LEFT, RIGHT],
    )
    without, again, with_ghost = drawn
    assert (without[1], with_ghost[1]) == (False, True)
    assert without == again
    assert with_ghost[0] != without[0]


def test_a_class_guesses_before_it_sees_what_several_worlds_say(watcher: Watcher, replay: Place, reel: Path) -> None:
    page = opened(watcher, replay, "twins")
    words = page.get_by_text("The interval lies on one side of 0")
    assert not words.is_visible()
    page.get_by_text("First: what several worlds say").click()
    words.wait_for()
    end = opened(watcher, replay, "twins", hour=head_of(reel)["calendar"]["hours"] - 1)
    assert end.get_by_text("The interval lies on one side of 0").is_visible()


def test_the_end_opens_what_several_worlds_say_and_the_beginning_is_where_a_page_opens(
    watcher: Watcher, replay: Place
) -> None:
    page = watcher.open(replay, lang="en")
    words = page.get_by_text("The interval lies on one side of 0")
    assert page.get_by_role("slider").input_value() == "0"
    assert page.get_by_text("This is the first hour").is_visible()
    assert not words.is_visible()
    page.keyboard.press("End")
    words.wait_for()
    assert not page.get_by_text("This is the first hour").is_visible()


def test_a_post_says_when_it_went_on_and_with_how_many_views(watcher: Watcher, replay: Place, reel: Path) -> None:
    film = films_in(reel, RIGHT)[0]
    page = opened(watcher, replay, "stages")
    world = page.locator("main section").nth(-1)
    world.get_by_role("combobox").select_option(index=3)
    row = int(world.get_by_role("combobox").input_value())
    mine = np.flatnonzero(film["post_candidate"] == 0)
    order = sorted(
        (int(post) for post in mine if plays(film, int(post))),
        key=lambda post: (film["post_hour"][post], film["post_second"][post], post),
    )
    post = order[row]
    own = slice(film["stage_start"][post], film["stage_start"][post + 1])
    value, hour = film["stage_value"][own].astype(int), film["stage_hour"][own].astype(int)
    told = world.get_by_role("listitem").all_inner_texts()
    counts = slice(film["count_start"][post], film["count_start"][post + 1])
    expected = []
    for at in range(1, len(value)):
        if value[at] > value[at - 1] >= 0 and hour[at] <= HOUR:
            views = int(film["count_views"][counts][film["count_hour"][counts] < max(1, hour[at])].sum())
            expected.append((str(value[at]), f"{hour[at] - hour[at - 1]} hour", f"{views:,} views"))
    assert len(told) == len(expected) > 0
    for text, parts in zip(told, expected, strict=True):
        assert all(part in text for part in parts), (text, parts)


def test_stages_are_named_with_their_views_where_the_film_says_them(
    watcher: Watcher, replay: Place, reel: Path, tmp_path: Path
) -> None:
    unsaid = opened(watcher, replay, "stages")
    unsaid.get_by_text("The numbers behind this picture").click()
    expect(unsaid.get_by_text("2: larger audience")).not_to_have_count(0)
    film = read_film(reel / f"{RIGHT}.film")
    told = shutil.copytree(reel, tmp_path / "reel")
    about = {**film.about, "pools": [1203 * 3**stage for stage in range(film.about["stages"])]}
    (told / f"{RIGHT}.film").write_bytes(packed(Film(about, film.columns)))
    page = opened(watcher, serving.replay_of(told, tmp_path), "stages")
    page.get_by_text("The numbers behind this picture").click()
    expect(page.get_by_text("2: larger audience (about 3,609 views)")).to_have_count(1)
    if "pools" not in film.about:
        assert "(about" not in unsaid.inner_text("main")
