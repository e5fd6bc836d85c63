"""A replay is one file: what a stranger wrote into a reel stays data, and its parts are those of the folder."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from tests.browser.serving import replay_of
from tests.browser.watching import Place, Watcher, go

EVIL = (
    "<!--<script>",
    "</script><script>nothing.at.all</script>",
    "<img src=x onerror=nothing.at.all>",
    "\u2028 ' \" & {n} [x]",
)


@pytest.mark.parametrize("title", EVIL)
def test_words_of_a_reel_cannot_become_part_of_the_page(
    watcher: Watcher, reel: Path, tmp_path: Path, title: str
) -> None:
    folder = tmp_path / "reel"
    shutil.copytree(reel, folder)
    head = json.loads((folder / "reel.json").read_text("utf-8"))
    head.update(title=title, scenario=title, command=title)
    (folder / "reel.json").write_text(json.dumps(head, ensure_ascii=False), "utf-8")
    place = replay_of(folder, tmp_path)
    page = watcher.open(place, view="twins")
    go(page, view="phone")
    assert page.evaluate("JSON.parse(document.getElementById('reel.json').textContent).title") == title
    assert page.locator("img[src=x]").count() == 0


HASHES = """async () => {
  const { partOf } = await import("lab/source.js");
  const names = [...document.querySelectorAll("script[id^='part/']")].map((part) => part.id.slice(5)), found = {};
  for (const name of names) {
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", await partOf("", name)));
    found[name] = [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }
  return found;
}"""


def test_a_replay_holds_the_parts_of_its_folder(watcher: Watcher, reel: Path, replay: Place) -> None:
    page = watcher.open(replay)
    kept = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in reel.glob("*.film")}
    assert kept
    assert page.evaluate(HASHES) == kept
