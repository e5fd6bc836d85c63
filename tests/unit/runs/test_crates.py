"""Crates: packed whole, read by what RO-Crate says, unpacked with care, repeated to the same digest."""

import json
import shutil
import stat
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sim.cli.command import app, status_of
from sim.runs.build import scenario_of
from sim.runs.crates import METADATA, check_name
from sim.runs.crates.packing import CITED, pack
from sim.runs.crates.unpacking import unpack
from sim.runs.face import compare, simulate
from sim.runs.recording import digest_of
from sim.scenario.files import compose
from sim.scenario.schema import ScenarioError

ROOT = Path(__file__).parents[3]
WORDS = ["scenario=classroom", "days=1", "calendar.warm_up_days=1", "scale=0.00005", "engine=serial"]
DAY = date(2026, 11, 28)


def told(words: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    """Status of a command, and what it said on standard output and error."""
    capsys.readouterr()
    status = status_of(lambda: app(words, prog_name="groundswell", standalone_mode=False))
    said = capsys.readouterr()
    return status, said.out, said.err


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A world in `run`; in `compare` a comparison about a preset of one's own, which is gone when it is repeated."""
    folder = tmp_path_factory.mktemp("finished")
    document = compose(WORDS)
    simulate(scenario_of(document)).write(folder / "run", document)
    own = folder / "own"
    (own / "moderation").mkdir(parents=True)
    (own / "moderation" / "mine.yaml").write_text(
        "defaults:\n  - suspend_coordinated\nstart: 2024-11-24  # date; mine\n"
    )
    compare(
        [*WORDS, "replications=2", "moderation=mine", "moderation.policies.suspend_coordinated.window=99"],
        folder / "compare",
        own,
    )
    shutil.rmtree(own)
    return folder


@pytest.fixture(scope="module")
def crates(folders: Path) -> dict[str, Path]:
    """Both packed."""
    return {kind: pack(folders / kind, folders / f"{kind}.zip", DAY).path for kind in ("run", "compare")}


def entities(crate: Path) -> dict[str, dict[str, Any]]:
    """What the metadata of a crate says, by identifier."""
    with zipfile.ZipFile(crate) as archive:
        return {entity["@id"]: entity for entity in json.loads(archive.read(METADATA))["@graph"]}


def changed(
    crate: Path, at: Path, change: Callable[[dict[str, bytes]], Any], more: zipfile.ZipInfo | None = None
) -> Path:
    """A crate with other files, by name; more: one more entry, which holds `x`."""
    with zipfile.ZipFile(crate) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    with zipfile.ZipFile(at, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
        if more:
            archive.writestr(more, b"x")
    return at


def test_the_citation_is_that_of_the_repository() -> None:
    assert CITED.read_bytes() == (ROOT / "CITATION.cff").read_bytes()


@pytest.mark.parametrize("kind", ["run", "compare"])
def test_a_crate_says_what_ro_crate_asks_for(kind: str, crates: dict[str, Path], folders: Path) -> None:
    found = entities(crates[kind])
    root, manifest = found["./"], json.loads((folders / kind / "manifest.json").read_text())
    assert found[METADATA]["about"] == {"@id": "./"}
    assert found[METADATA]["conformsTo"]["@id"].startswith("https://w3id.org/ro/crate/")
    assert {"name", "description", "datePublished", "license", "hasPart"} <= set(root)
    assert root["datePublished"] == "2026-11-28"
    assert "CC BY 4.0" in found[root["license"]["@id"]]["name"]
    assert found[root["identifier"]["@id"]]["value"] == manifest["digest"]
    assert found["#groundswell"]["version"] == manifest["versions"]["groundswell"]
    assert found["#numpy"]["version"] == manifest["versions"]["numpy"]
    assert found["#repeat"]["description"] == f"groundswell repeat {kind}.zip"
    assert found["#made"]["description"].startswith(f"groundswell {kind}")
    with zipfile.ZipFile(crates[kind]) as archive:
        files = set(archive.namelist()) - {METADATA}
        assert archive.testzip() is None
    assert {part["@id"] for part in root["hasPart"]} == files
    assert {"config.yaml", "manifest.json", "runs.parquet", "series.parquet", "CITATION.cff"} <= files
    assert not any(name.startswith(("runs/", ".")) for name in files)
    mentioned = {at["@id"] for entity in found.values() for at in links(entity)}
    assert {at for at in mentioned if not at.startswith("http://schema.org")} - set(found) == {
        found[METADATA]["conformsTo"]["@id"]
    }


def links(value: Any) -> list[dict[str, str]]:
    """References to entities in what an entity says."""
    if isinstance(value, dict):
        return [value] if set(value) == {"@id"} else [link for part in value.values() for link in links(part)]
    return [link for part in value for link in links(part)] if isinstance(value, list) else []


def test_the_same_folder_gives_the_same_bits(folders: Path, crates: dict[str, Path], tmp_path: Path) -> None:
    assert pack(folders / "run", tmp_path / "run.zip", DAY).path.read_bytes() == crates["run"].read_bytes()


@pytest.mark.parametrize("kind", ["run", "compare"])
def test_a_crate_repeats_itself_to_the_same_digest(
    kind: str, crates: dict[str, Path], folders: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "again"
    status, said, _ = told(["repeat", str(crates[kind]), "--out", str(out), "--json"], capsys)
    answer = json.loads(said)
    assert (status, answer["is_same"]) == (0, True)
    assert (
        answer["digest"]
        == answer["recorded_digest"]
        == json.loads((folders / kind / "manifest.json").read_text())["digest"]
    )
    for name in ("runs", "series"):
        tables = [pd.read_parquet(place / f"{name}.parquet") for place in (out, folders / kind)]
        pd.testing.assert_frame_equal(*(table.drop(columns=["wall_s", "cpu_s"], errors="ignore") for table in tables))
    assert told(["pack", str(out), "--out", str(tmp_path / "more.zip")], capsys)[0] == 0
    assert not [name for name in entities(tmp_path / "more.zip") if name.startswith("recorded/")]
    assert not [path for path in out.rglob("*") if path.name.startswith(".")]


def test_another_digest_is_said_with_both_and_their_versions(
    crates: dict[str, Path], folders: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = Path(shutil.copytree(folders / "run", tmp_path / "run"))
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest |= {"digest": "0" * 64, "versions": {**manifest["versions"], "groundswell": "0.0.9"}}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    pd.read_parquet(folder / "runs.parquet").assign(digest="0" * 64).to_parquet(folder / "runs.parquet")
    crate = pack(folder, tmp_path / "other.zip").path
    status, said, _ = told(["repeat", str(crate), "--out", str(tmp_path / "again")], capsys)
    assert status == 1
    assert f"recorded {'0' * 64}, by groundswell 0.0.9" in said
    assert f"repeated {json.loads((folders / 'run' / 'manifest.json').read_text())['digest']}, by groundswell" in said


def test_a_scenario_that_this_version_does_not_know_names_both(
    folders: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = Path(shutil.copytree(folders / "run", tmp_path / "run"))
    (folder / "config.yaml").write_text((folder / "config.yaml").read_text() + "tides: 3\n")
    status, _, said = told(["repeat", str(pack(folder).path), "--out", str(tmp_path / "again")], capsys)
    assert status == 2
    assert "tides: unknown key" in said
    assert "made by groundswell" in said


def test_plug_ins_are_named_when_it_is_packed_and_before_anything_runs(
    folders: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = Path(shutil.copytree(folders / "run", tmp_path / "run"))
    text = (folder / "config.yaml").read_text().replace("sim.recommenders.staged_audience.", "my_feeds.", 1)
    (folder / "config.yaml").write_text(text)
    status, said, warned = told(["pack", str(folder)], capsys)
    assert status == 0
    assert "plug-ins of my_feeds" in warned
    crate = tmp_path / "run.zip"
    assert "my_feeds" in entities(crate)["./"]["description"]
    status, _, said = told(["repeat", str(crate), "--out", str(tmp_path / "again")], capsys)
    assert status == 2
    assert "my_feeds; allowed with --trust my_feeds" in said
    status, _, said = told(["repeat", str(crate), "--out", str(tmp_path / "again"), "--trust", "my_feeds"], capsys)
    assert (status, "my_feeds cannot be imported" in said) == (2, True)


def declared(name: str, mode: int = 0, size: int = 1) -> zipfile.ZipInfo:
    """An entry as a stranger declares it."""
    entry = zipfile.ZipInfo(name)
    entry.external_attr, entry.file_size = mode << 16, size
    return entry


HOSTILE: dict[str, tuple[zipfile.ZipInfo, str]] = {
    "a path outside": (declared("../evil.txt"), "refused; allowed in a crate are names of files inside it"),
    "deeper outside": (declared("a/../../evil.txt"), "refused"),
    "an absolute path": (declared("/etc/evil.txt"), "refused"),
    "a drive": (declared("C:evil.txt"), "refused"),
    "a backslash": (declared("a\\..\\evil.txt"), "refused"),
    "a hidden file": (declared(".bashrc"), "refused"),
    "a hidden folder": (declared("a/.ssh/keys"), "refused"),
    "a link": (declared("link", stat.S_IFLNK | 0o777), "is a link or a device"),
    "a pipe": (declared("pipe", stat.S_IFIFO | 0o777), "is a link or a device"),
    "a file twice": (declared("config.yaml"), "stands in it twice"),
    "a name that differs in case": (declared("CONFIG.yaml"), "stands in it twice"),
    "a very long name": (declared("a" * 300), "refused"),
    "many folders": (declared("/".join("abcdefghij")), "refused"),
}  # fmt: skip


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_entry_is_refused_and_nothing_is_left(
    name: str, crates: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    entry, said = HOSTILE[name]
    crate = changed(crates["run"], tmp_path / "crate.zip", lambda files: None, entry)
    if name == "a backslash":  # which the writer has made a slash of
        crate.write_bytes(crate.read_bytes().replace(b"a/../evil.txt", b"a\\..\\evil.txt"))
    status, _, message = told(["repeat", str(crate), "--out", str(tmp_path / "out")], capsys)
    assert status == 2
    assert said in message
    assert message.count("\n") == 1
    assert list((tmp_path / "out").iterdir()) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["crate.zip", "out"]


def bomb(crate: Path, at: Path) -> Path:
    """A crate whose directory declares four gigabytes for one of its files."""
    content = bytearray(changed(crate, at, lambda files: None).read_bytes())
    place = content.index(b"PK\x01\x02") + 24  # uncompressed size in the first entry of the directory
    content[place : place + 4] = (0xFFFFFFF0).to_bytes(4, "little")
    at.write_bytes(content)
    return at


def cut(crate: Path, at: Path) -> Path:
    """Half of a crate."""
    at.write_bytes(crate.read_bytes()[: crate.stat().st_size // 2])
    return at


def flipped(crate: Path, at: Path) -> Path:
    """A crate with a byte of its scenario changed."""
    content = bytearray(changed(crate, at, lambda files: None).read_bytes())
    content[content.index(b"population:")] ^= 1
    at.write_bytes(content)
    return at


def no_zip(crate: Path, at: Path) -> Path:
    """Another file."""
    at.write_text("a crate")
    return at


def holding(name: str, change: Callable[[bytes], bytes] | None) -> Callable[[Path, Path], Path]:
    """A crate of which one file says something else, or is not there."""

    def edit(files: dict[str, bytes]) -> None:
        if change is None:
            del files[name]
        else:
            files[name] = change(files[name])

    return lambda crate, at: changed(crate, at, edit)


DAMAGES: dict[str, tuple[Callable[[Path, Path], Path], str]] = {
    "a bomb": (bomb, "declares more than"),
    "cut": (cut, "cannot be read"),
    "a flipped byte": (flipped, "cannot be read"),
    "no zip": (no_zip, "cannot be read"),
    "no metadata": (holding(METADATA, None), f"holds no {METADATA}"),
    "metadata of another kind": (holding(METADATA, lambda _: b"[]"), "allowed is what pack has written"),
    "metadata that is no JSON": (holding(METADATA, lambda _: b"{"), "cannot be read"),
    "no manifest": (holding("manifest.json", None), "manifest.json: is described"),
    "another scenario": (holding("config.yaml", lambda _: b"a: 1"), "config.yaml: is not as it was packed"),
    "a file that leads outside": (holding(METADATA, lambda was: was.replace(b'"config.yaml"', b'"../config.yaml"')), "refused"),
    "a file without a hash": (holding(METADATA, lambda was: was.replace(b"sha256", b"sha1")), "without @id or sha256"),
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_crate_is_refused_by_the_name_of_what_is_wrong(
    name: str, crates: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    damage, said = DAMAGES[name]
    status, _, message = told(
        ["repeat", str(damage(crates["run"], tmp_path / "crate.zip")), "--out", str(tmp_path / "out")], capsys
    )
    assert status == 2
    assert said in message
    assert message.count("\n") == 1
    assert list((tmp_path / "out").iterdir()) == []


def resealed(folder: Path, change: Callable[[Path], Any]) -> Path:
    """A crate with right hashes of files that say something else."""
    packed = Path(shutil.copytree(folder, folder.parent / "resealed"))
    crate = pack(packed).path
    change(packed)
    from sim.runs.crates import packing

    document = json.loads(zipfile.ZipFile(crate).read(METADATA))
    for entity in document["@graph"]:
        file = packed / entity["@id"]
        if entity["@type"] == "File" and file.is_file():
            entity["sha256"] = packing._sha256(file)
    with zipfile.ZipFile(crate, "a") as archive:
        names = [name for name in archive.namelist() if name not in (METADATA, "CITATION.cff")]
    return changed(
        crate,
        crate,
        lambda f: f.update({n: (packed / n).read_bytes() for n in names} | {METADATA: json.dumps(document).encode()}),
    )


@pytest.mark.parametrize(("change", "said"), [
    (lambda p: (p / "config.yaml").write_text("{" * 50), "broken YAML"),
    (lambda p: (p / "config.yaml").write_text("arms: []\n"), "arms: none given"),
    (lambda p: (p / "config.yaml").write_text("arms: [{campaign: ../../x, moderation: none, strength: standard}]\n"), "refused"),
    (lambda p: (p / "config.yaml").write_text((p / "config.yaml").read_text().replace("sim.recommenders.", "os.", 1)), "needs plug-ins"),
    (lambda p: (p / "config.yaml").write_text((p / "config.yaml").read_text() + "x: ${oc.env:HOME}\n"), "refused"),
    (lambda p: (p / "composed" / "campaign-quiet.yaml").write_text("a: 1\n"), "recommender: None given"),
    (lambda p: (p / "manifest.json").write_text("[]"), "manifest.json"),
])  # fmt: skip
def test_what_a_stranger_packs_with_right_hashes_is_checked_like_any_input(
    change: Callable[[Path], Any], said: str, folders: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    crate = resealed(Path(shutil.copytree(folders / "compare", tmp_path / "compare")), change)
    status, _, message = told(["repeat", str(crate), "--out", str(tmp_path / "out")], capsys)
    assert status == 2, message
    assert said in message
    assert message.count("\n") == 1


def test_what_cannot_be_packed_is_named(folders: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = Path(shutil.copytree(folders / "compare", tmp_path / "compare"))
    (tmp_path / "taken").mkdir()
    for words, said in (
        ([str(tmp_path / "nowhere")], "holds no manifest.json"),
        ([str(folder), "--out", str(tmp_path / "a.tar")], "allowed a file that ends with .zip"),
        ([str(folder), "--out", str(folder / "a.zip")], "outside of"),
        ([str(folder), "--out", "/proc/nowhere/a.zip"], "allowed a file that can be written"),
    ):
        status, _, message = told(["pack", *words], capsys)
        assert (status, message.count("\n")) == (2, 1)
        assert said in message
    (folder / "more").symlink_to(tmp_path / "taken")
    assert "is a link" in told(["pack", str(folder)], capsys)[2]
    (folder / "more").unlink()
    shutil.rmtree(folder / "composed")
    assert "holds no composed/campaign-" in told(["pack", str(folder)], capsys)[2]
    (folder / "manifest.json").unlink()
    assert told(["pack", str(folder)], capsys)[0] == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["compare", "taken"]


def test_a_place_that_cannot_be_written_is_named(
    crates: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, _, message = told(["repeat", str(crates["run"]), "--out", "/proc/nowhere"], capsys)
    assert (status, "allowed a folder that can be written" in message) == (2, True)
    assert told(["repeat", str(tmp_path / "no.zip")], capsys)[0] == 2
    (tmp_path / "out" / "recorded").mkdir(parents=True)
    (tmp_path / "out" / "recorded" / "mine.txt").write_text("mine")
    status, _, message = told(["repeat", str(crates["run"]), "--out", str(tmp_path / "out")], capsys)
    assert (status, "has a folder recorded of its own" in message) == (2, True)
    assert (tmp_path / "out" / "recorded" / "mine.txt").read_text() == "mine"


def test_unpacking_again_takes_the_place_of_what_was_unpacked(crates: dict[str, Path], tmp_path: Path) -> None:
    first = unpack(crates["run"], tmp_path)
    (first / "config.yaml").write_text("altered")
    assert unpack(crates["run"], tmp_path) == first
    assert (first / "config.yaml").read_text() != "altered"


def test_names_are_those_of_files_on_any_system() -> None:
    for name in ("runs.parquet", "figures/by_seed.svg", "my table.csv", "composed/campaign-quiet.yaml"):
        check_name(name)
    for name in ("", "a//b", "a/", "/a", "..", "a/..", "a.", "a ", "a\nb", "a:b", 'a"b', "a*"):
        with pytest.raises(ScenarioError, match="refused"):
            check_name(name)


def test_a_digest_is_of_arms_and_runs() -> None:
    assert digest_of([["a", "b"]], {}) != digest_of([["a", "c"]], {})
