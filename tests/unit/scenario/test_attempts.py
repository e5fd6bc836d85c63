"""Attempts to run or to read what is not the user's, by files and words that a stranger wrote: none succeeds.

Each is tried with a secret in the environment, a token in a file outside the folder, and a module that leaves a mark when it is run.
"""

import os
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from sim.runs.build import scenario_of
from sim.scenario.files import compose
from sim.scenario.presets import ROOT
from sim.scenario.schema import ScenarioError

TOKEN = "token-7f3a"
WHOLE = "# @package _global_\n"
Files = dict[str, str | Callable[[Path], None]]

# Ways to write what would be looked up; each stands where a title would.
LOOKED_UP = [
    "'${oc.env:SECRET}'", r'"\x24{oc.env:SECRET}"', r'"\u0024{oc.env:SECRET}"', r'"\U00000024{oc.env:SECRET}"', r'"$\x7boc.env:SECRET}"',
    '"${oc.env:SECRET,none}"', "'${oc.decode:${oc.env:SECRET}}'", "'${oc.select:seed}'", "'${oc.dict.keys:population}'", "'${seed}'",
    "'${.seed}'", "'${..seed}'", "'${hydra:runtime.cwd}'", "'${now:%Y}'", "'${oc.deprecated:seed}'", "'${oc.create:{a: 1}}'",
    "'${python_version:}'", "'a ${oc.env:SECRET} b'", ">-\n  ${oc.env:SECRET}", "|\n  ${oc.env:SECRET}", "['${oc.env:SECRET}']",
    "{a: '${oc.env:SECRET}'}", "{'${oc.env:SECRET}': 1}", "&a '${oc.env:SECRET}'", "???", "!!str ${oc.env:SECRET}",
]  # fmt: skip
# Entries of defaults that would open another file.
OPENED = [
    "/../victim/hosts@regulator", "../victim/hosts", "/../victim/hosts", "/victim/hosts", "hosts@_global_", "classroom@_global_",
    "/scenario/../../victim/hosts", "file:///etc/passwd", "pkg://os", "optional ../victim/hosts", "override hydra/launcher: basic",
    "override /hydra/job_logging: default", "hydra/output: default", "/hydra/launcher: basic", "override /campaign: ../../victim/hosts",
    "override /campaign: /etc/passwd", "override /vary: delay", "override /../victim: hosts", "/campaign@title: quiet", "/config",
    "{override /campaign: '${oc.env:SECRET}'}", "{override /campaign: [quiet]}", "[classroom]", "1", "null", "{}", "{a: b, c: d}",
    "'${oc.env:SECRET}'", "override /campaign@x: quiet", "override /moderation: null", "strange",
]  # fmt: skip
# Classes that no place of a scenario may name.
NAMED = [
    "os.system", "subprocess.Popen", "builtins.eval", "evil.Evil", "evil", "plugins.evil.Evil", "sim.runs.recording.os.system",
    "sim.recommenders.base.np.load", "sim.recommenders.base.Recommender", "sim.recommenders.base.Counting", "sim.recommenders.base.Lane",
    "sim.tactics.wake_sleepers.WakeSleepers", "sim.moderation.review_desk.ReviewDesk", "sim.recommenders",
    "sim.recommenders.", ".os.system",
    "sim.recommenders..os.system", "sim.recommenders.../evil.Evil", "sim.recommenders.mix.Mix\\nimport os", "sim.recommenders.mix.os",
    "sim.recommenders.mix.__builtins__", "sim.recommenders.__init__.x", "tests.own_recommender.Nothing", "sim\u2024recommenders.mix.Mix",
    "sim.recommenders.mix.mix", "hydra.utils.call", "functools.partial",
]  # fmt: skip
TAGS = [
    "!!python/object/apply:os.system ['touch MARK']", "!!python/object/new:os.system ['touch MARK']", "!!python/name:os.system ''",
    "!!python/module:evil ''", "!!python/object:evil.Evil {}", "!!python/tuple [1]", "!include /etc/passwd",
    "!ENV SECRET", "!!binary '????'",
    "!!set {a, b}", "!!omap [a: 1]", "!!timestamp nonsense", "!!int x", "!!float x", "!!null x", "! x: y",
]  # fmt: skip
WORDS = [
    "title=${oc.env:SECRET}", "title='${oc.env:SECRET}'", r"title=\${oc.env:SECRET}", r"title='\${oc.env:SECRET}'", "+x=${oc.env:SECRET}",
    "campaign=../../victim/hosts", "campaign=/etc/passwd", "campaign@x=quiet", "+campaign@x=quiet", "+campaign=quiet",
    "~campaign", "++campaign=quiet",
    "hydra.run.dir=/tmp", "hydra/job_logging=none", "+hydra.x=1", "hydra.searchpath=[file:///tmp]", "config.searchpath=[pkg://os]",
    "+defaults=[/victim/hosts]", "defaults=[quiet]", "recommender._target_=os.system", "+recommender.x._target_=os.system",
    "+audience={_target_: os.system}", "+measures.x={_target_: os.system}", "seed=1,2", "seed=range(1,3)",
    "campaign=glob(*)", "campaign=quiet,coordinated",
    "seed=choice(1,2)", "=x", "a b=1", "title=a=b", "seed=int(x)", "seed=json_str({)", "x" * 5000 + "=1", "seed",
    "~seed", "+seed=1", "seed=???",
    "recommender@recommender.other=popularity", "campaign.tactics={}", "campaign.tactics=[]", "regulator={a: 1}",
    "+regulator.foo=1", "+election.x=1",
    "title='\x1b[31mred'", "population.candidates=[]", "arms=[{campaign: quiet}]",
]  # fmt: skip


def leads_out(path: Path, to: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    path.symlink_to(to)


def listens(path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    place = Path.cwd()
    os.chdir(path.parent)  # a socket's name is short
    try:
        with socket.socket(socket.AF_UNIX) as bound:
            bound.bind(path.name)
    finally:
        os.chdir(place)


FILES: dict[str, Callable[[Path], None]] = {
    "a link to a file elsewhere": lambda own: leads_out(own / "scenario" / "strange.yaml", own.parent / "victim" / "hosts.yaml"),
    "a link to a system's file": lambda own: leads_out(own / "scenario" / "strange.yaml", Path("/etc/passwd")),
    "a link that leads nowhere": lambda own: leads_out(own / "scenario" / "strange.yaml", own / "nothing"),
    "a link to itself": lambda own: leads_out(own / "scenario" / "strange.yaml", own / "scenario" / "strange.yaml"),
    "a slot that is a link": lambda own: leads_out(own / "scenario", own.parent / "victim"),
    "a device without end": lambda own: leads_out(own / "scenario" / "strange.yaml", Path("/dev/zero")),
    "a pipe": lambda own: ((own / "scenario").mkdir(), os.mkfifo(own / "scenario" / "strange.yaml"), None)[-1],
    "a socket": lambda own: listens(own / "scenario" / "strange.yaml"),
    "a folder": lambda own: (own / "scenario" / "strange.yaml").mkdir(parents=True),
}  # fmt: skip
BOMBS = {
    "aliases of aliases": "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)),
    "merged aliases": "a: &a {x: 1}\n" + "".join(
        f"{b}: &{b} {{<<: [{', '.join([f'*{a}'] * 9)}], y: [{', '.join([f'*{a}'] * 9)}]}}\n"
        for a, b in zip("abcdefgh", "bcdefghi", strict=True)),
    "an alias of what holds it": "a: &a [*a]\n",
    "an alias of nothing": "a: *b\n",
    "1,500 levels": "a: " + "[" * 1500 + "]" * 1500 + "\n",
    "1,500 levels by indentation": "".join(" " * n + f"k{n}:\n" for n in range(1500)),
    "too many values": "a: [" + "1, " * 20_000 + "1]\n",
    "too many bytes": "a: " + "x" * 200_000 + "\n",
    "many keys that wait for a colon": "[" * 300 + "a, " * 20_000,
    "a number of many digits": "seed: " + "9" * 50_000 + "\n",
    "a key twice": "seed: 1\nseed: 2\n",
    "a key twice inside": "population: {axes: 8, axes: 9}\n",
    "several documents": "seed: 1\n---\nseed: 2\n",
    "no text": "\x00\x01\n",
    "a list": "- 1\n",
    "a number": "3\n",
    "a text": "hello\n",
    "keys that are no names": "1: 2\ntrue: 3\n",
    "defaults that are no list": "defaults: 3\n",
    "defaults that are keys": "defaults: {override /campaign: quiet}\n",
    "a preset that builds on itself": "defaults: [strange]\n",
    "no candidates": "population: {candidates: []}\n",
    "more candidates than a post can name": "population: {candidates: [" + ", ".join(
        f"{{label: a{n}, support: 0.001, official_posts: 1.0, followers: 1.0, exchangeable: true}}" for n in range(128)) + "]}\n",
}  # fmt: skip


def attempts() -> dict[str, tuple[Files, list[str]]]:
    """All of them, by name: files of the folder, and words of the command."""
    found: dict[str, tuple[Files, list[str]]] = {}
    for number, value in enumerate(LOOKED_UP):
        found[f"looked up {number}"] = ({"scenario/strange.yaml": f"{WHOLE}title: {value}\n"}, ["scenario=strange"])
    for number, entry in enumerate(OPENED):
        text = f"{WHOLE}defaults:\n  - {entry}\n"
        found[f"opened {number}"] = ({"scenario/strange.yaml": text}, ["scenario=strange"])
    for number, target in enumerate(NAMED):
        found[f"named {number}"] = ({"recommender/strange.yaml": f'_target_: "{target}"\n'}, ["recommender=strange"])
    for place in (
        "title",
        "audience",
        "campaign.tactics",
        "measures.x.y",
        "population.candidates",
        "moderation.strengths.weaker",
    ):
        node: Any = {"_target_": "evil.Evil"}
        for step in reversed(place.split(".")):
            node = {step: node}
        found[f"named in {place}"] = ({"scenario/strange.yaml": WHOLE + yaml.safe_dump(node)}, ["scenario=strange"])
    for key in ("_partial_", "_args_", "_recursive_", "_convert_"):
        text = f"_target_: sim.recommenders.popularity.Popularity\nlistings: 160\n{key}: true\n"
        found[f"a key of Hydra's own, {key}"] = ({"recommender/strange.yaml": text}, ["recommender=strange"])
    for number, value in enumerate(TAGS):
        found[f"tag {number}"] = ({"scenario/strange.yaml": f"{WHOLE}title: {value}\n"}, ["scenario=strange"])
    for word in WORDS:
        found[f"word {word[:50]}"] = ({}, ["scenario=classroom", word])
    for name, make in FILES.items():
        found[name] = ({"": make}, ["scenario=strange"])
    for name, text in BOMBS.items():
        found[name] = ({"scenario/strange.yaml": WHOLE + text}, ["scenario=strange"])
    for header in ("# @package hydra", "# @package _global_.hydra", "# @package regulator", "#@package hydra"):
        found[f"header {header}"] = ({"audience/strange.yaml": f"{header}\nwatch: 1.0\n"}, ["audience=strange"])
    return found


ATTEMPTS = attempts()


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's folder, beside a folder that nobody named; a secret; a module that leaves a mark."""
    monkeypatch.setenv("SECRET", TOKEN)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "victim").mkdir()
    (tmp_path / "victim" / "hosts.yaml").write_text(f"password: {TOKEN}\n")
    (tmp_path / "victim" / "strange.yaml").write_text(f"title: {TOKEN}\n")
    folder = tmp_path / "own"
    (folder / "plugins").mkdir(parents=True)
    for place in (tmp_path, folder / "plugins"):
        (place / "evil.py").write_text(f"open({str(tmp_path / 'MARK')!r}, 'w')\nclass Evil: pass\n")
    return folder


@pytest.mark.parametrize("name", ATTEMPTS)
def test_no_attempt_to_run_or_read_succeeds(name: str, own: Path) -> None:
    files, words = ATTEMPTS[name]
    for place, content in files.items():
        if callable(content):
            content(own)
        else:
            (own / place).parent.mkdir(exist_ok=True)
            (own / place).write_text(content)
    started = time.monotonic()
    with pytest.raises(ScenarioError) as error:
        scenario_of(compose(words, own))
    said = str(error.value)
    assert time.monotonic() - started < 10.0
    assert TOKEN not in said
    assert "\n" not in said
    assert "\x1b" not in said
    assert len(said) < 1500
    assert "multirun" not in said
    assert not (own.parent / "MARK").exists()
    assert "evil" not in sys.modules


def test_there_are_many_kinds_of_attempts() -> None:
    assert len(ATTEMPTS) > 150


def test_what_is_written_with_aliases_and_numbers_of_any_form_is_read_as_it_is_meant(own: Path) -> None:
    (own / "scenario").mkdir()
    text = (ROOT / "scenario" / "classroom.yaml").read_text()
    more = "title: &t Mine\nreal_posts_per_user_day: 9e-2\nseed: &n 7\nreplications: *n\n"
    kept = [
        line
        for line in text.splitlines()
        if line.split(":")[0] not in ("title", "real_posts_per_user_day", "seed", "replications")
    ]
    (own / "scenario" / "strange.yaml").write_text("\n".join(kept) + "\n" + more)
    made = scenario_of(compose(["scenario=strange"], own))
    assert (made.title, made.real_posts_per_user_day, made.seed, made.replications) == ("Mine", 0.09, 7, 7)
