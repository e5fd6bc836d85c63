"""`new` writes plug-ins that work as they are: their own tests pass, and they are found when they are trusted by name."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from sim.cli.command import app, status_of
from sim.cli.completion import KINDS_OF_PLUG_INS
from sim.cli.plug_ins import SLOTS
from sim.runs.face import load_scenario
from sim.scenario.assumptions import assumptions
from sim.scenario.files import compose
from sim.scenario.schema import ScenarioError

ROOT = Path(__file__).parents[3]


def command(*words: str) -> int:
    return status_of(lambda: app(list(words), prog_name="groundswell", standalone_mode=False))


def new(*words: str) -> int:
    return command("new", *words)


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def path_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is appended to the search path is taken off again."""
    monkeypatch.setattr(sys, "path", list(sys.path))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one plug-in of each kind."""
    folder = tmp_path_factory.mktemp("own") / "my scenarios"
    for kind in KINDS_OF_PLUG_INS:
        assert new(kind, f"fresh_{kind}", "--scenarios", str(folder)) == 0
    return folder


def test_each_kind_has_its_files_and_nothing_else_is_left(made: Path) -> None:
    expected = [f"plugins/fresh_{kind}.py" for kind in SLOTS] + [f"tests/test_fresh_{kind}.py" for kind in SLOTS]
    expected += [f"{slot}/fresh_{kind}.yaml" for kind, slot in SLOTS.items()]
    expected += ["arms/fresh_policy.yaml", "arms/fresh_tactic.yaml"]
    assert files(made) == sorted(expected)


@pytest.mark.slow
def test_their_own_tests_pass(made: Path, tmp_path: Path) -> None:
    words = ["-q", "-c", str(ROOT / "pyproject.toml"), "--rootdir", str(made), "-p", "no:cacheprovider"]
    tests = [str(made / "tests" / f"test_fresh_{kind}.py") for kind in KINDS_OF_PLUG_INS]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *words, *tests], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    assert "9 passed" in done.stdout


def test_what_is_written_is_of_the_house_style(made: Path) -> None:
    for tool in (["ruff", "check"], ["ruff", "format", "--check"]):
        done = subprocess.run(
            [sys.executable, "-m", *tool, "--config", str(ROOT / "pyproject.toml"), str(made / "plugins")],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.usefixtures("path_as_before")
def test_every_number_of_the_presets_has_a_comment(made: Path) -> None:
    trust = [f"fresh_{kind}" for kind in SLOTS]
    for kind, slot in SLOTS.items():
        said = yaml.safe_load((made / slot / f"fresh_{kind}.yaml").read_text())
        rows = {row["key"] for row in assumptions(compose([f"{slot}=fresh_{kind}"], made, trust), made)}
        numbers = {key for key, value in flat(said, slot).items() if isinstance(value, int | float)}
        assert numbers
        assert numbers <= rows


def flat(node: object, where: str) -> dict[str, object]:
    if not isinstance(node, dict):
        return {where: node}
    return {key: value for name, inner in node.items() for key, value in flat(inner, f"{where}.{name}").items()}


@pytest.mark.usefixtures("path_as_before")
def test_a_plug_in_is_found_when_it_is_trusted_and_never_before_what_is_installed(tmp_path: Path) -> None:
    assert new("policy", "found_policy", "--scenarios", str(tmp_path)) == 0
    place = str((tmp_path / "plugins").resolve())
    with pytest.raises(ScenarioError, match=r"plugins has it: add --trust found_policy$"):
        load_scenario(["moderation=found_policy"], tmp_path)
    assert place not in sys.path
    scenario = load_scenario(["moderation=found_policy", "arms=found_policy"], tmp_path, ["found_policy"])
    load_scenario(["moderation=found_policy"], tmp_path, ["found_policy"])
    assert sys.path.count(place) == 1
    assert sys.path[-1] == place
    assert type(scenario.moderation.policies["found_policy"]).__name__ == "FoundPolicy"
    assert [arm.name for arm in scenario.arms][2:] == ["quiet/found_policy", "coordinated/found_policy"]


@pytest.mark.slow
@pytest.mark.usefixtures("path_as_before")
def test_a_world_with_a_plug_in_can_be_replayed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own, out = ["--scenarios", str(tmp_path / "own")], str(tmp_path / "out")
    assert new("policy", "replayed_policy", *own) == 0
    world = ["scenario=classroom", "moderation=replayed_policy", "days=2", "calendar.warm_up_days=1"]
    assert command("run", *world, *own, "--trust", "replayed_policy", "--out", out) == 0
    monkeypatch.setattr(sys, "path", [place for place in sys.path if "own" not in place])
    monkeypatch.delitem(sys.modules, "replayed_policy")
    assert command("audit", out, "--days", "1", "--trust", "replayed_policy") == 2
    assert command("audit", out, "--days", "1", "--trust", "replayed_policy", *own) == 0


@pytest.mark.usefixtures("path_as_before")
def test_trust_in_something_else_makes_nothing_importable(tmp_path: Path) -> None:
    assert new("measure", "lone_measure", "--scenarios", str(tmp_path)) == 0
    (tmp_path / "measures" / "lone_measure.yaml").unlink()
    before = list(sys.path)
    compose([], tmp_path, ["tests.own_recommender", "../plugins/lone_measure", "lone.measure"])
    assert sys.path == before


def test_next_commands_are_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(tmp_path / "with space")
    assert new("policy", "first_one", "--scenarios", folder) == 0
    assert new("tactic", "second_one", "--scenarios", folder) == 0
    said = capsys.readouterr().out
    assert (
        f"groundswell compare scenario=classroom arms=first_one replications=4 --scenarios '{folder}' --trust first_one\n"
        in said
    )
    assert f"campaign=second_one --scenarios '{folder}' --trust first_one --trust second_one\n" in said
    assert "-m pytest" in said


@pytest.mark.parametrize(("words", "said"), [
    (["polcy", "x_one"], "'polcy' given; did you mean policy"),
    (["policy", "My_Policy"], "'My_Policy' given, allowed are at most 40 lower-case letters"),
    (["policy", "../evil"], "allowed are at most 40 lower-case letters"),
    (["policy", "a" * 41], "allowed are at most 40 lower-case letters"),
    (["policy", "class"], "no word of Python's own"),
    (["policy", "null"], "null given, which means something else in a preset"),
    (["policy", "all"], "all given, which means something else in a preset"),
    (["policy", "json"], "json given, which is a module that is installed"),
    (["policy", "numpy"], "numpy given, which is a module that is installed"),
    (["policy", "policy"], "policy given, whose class Policy there is already"),
    (["tactic", "actions"], "actions given, whose class Actions there is already"),
    (["policy", "limit_copies"], "limit_copies given, which is a preset of moderation already"),
    (["tactic", "coordinated"], "coordinated given, which is a preset of campaign already"),
    (["policy", "takedown"], "takedown given, which is a preset of arms already"),
])  # fmt: skip
def test_wrong_names_are_refused_and_nothing_is_written(
    words: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert new(*words, "--scenarios", str(tmp_path / "own")) == 2
    shown = capsys.readouterr()
    assert said in shown.err
    assert shown.out == ""
    assert not (tmp_path / "own").exists()


@pytest.mark.parametrize("place", ["plugins/mine_too.py", "tests/test_mine_too.py", "measures/mine_too.yaml"])
def test_no_file_is_overwritten(place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / place).parent.mkdir()
    (tmp_path / place).write_text("# mine\n")
    assert new("measure", "mine_too", "--scenarios", str(tmp_path)) == 2
    assert "already" in capsys.readouterr().err
    assert files(tmp_path) == [place]
    assert (tmp_path / place).read_text() == "# mine\n"


def test_a_folder_that_cannot_be_one_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    assert new("policy", "mine_too", "--scenarios", str(tmp_path / "file")) == 2
    assert "allowed a folder" in capsys.readouterr().err
    assert new("policy", "mine_too", "--scenarios", str(tmp_path / "file" / "below")) == 2
    assert "groundswell: " in capsys.readouterr().err


def test_the_default_folder_is_below_where_one_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert new("recommender", "here_one") == 0
    assert files(tmp_path) == [
        f"my_scenarios/{place}"
        for place in ("plugins/here_one.py", "recommender/here_one.yaml", "tests/test_here_one.py")
    ]
