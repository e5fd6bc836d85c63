"""Every path as nobody, as a student and as the teacher; and what the guard refuses before anybody looks at it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.routing import Route
from starlette.testclient import TestClient

from analysis.lab.server.answering import BODY_MOST
from analysis.lab.server.app import ROUTES, application
from analysis.lab.server.guard import TOKEN, is_own_name
from analysis.lab.server.lab import Lab
from analysis.lab.server.share import TEACHER
from analysis.lab.server.watching import WEB, files_of
from tests.unit.lab.lab_servers import until
from tests.unit.lab.lab_workers import stored_with_game, work

PORT = 8765
OPEN = {"/", "/web/{name:path}", "/whoami", "/join"}  # to whoever finds the address
STUDENTS = {
    "/reels/{reel}/feeds/{arm}/{account:int}",
    "/reels/{reel}/{name}",
    "/moderate",
    "/quiz",
    "/worlds/{job}/events",
}
ASKED = {
    "reel": "stored",
    "arm": "quiet-none",
    "account": "5",
    "name": "reel.json",
    "job": "nothing",
    "name:path": "main.js",
}


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path / "lab", True, work, work, stored=stored_with_game(tmp_path))


@pytest.fixture
def client(lab: Lab) -> Iterator[TestClient]:
    """From this machine, with no token."""
    with TestClient(application(lab), f"http://127.0.0.1:{PORT}", client=("127.0.0.1", 5000)) as client:
        yield client


@pytest.fixture
def student(lab: Lab) -> dict[str, str]:
    found = lab.share.join("192.168.1.20", lab.share.code)
    assert found is not None
    return {TOKEN: found.token}


@pytest.fixture
def teacher(lab: Lab) -> dict[str, str]:
    return {TOKEN: lab.share.teacher.token}


def asked(client: TestClient, route: Route, headers: dict[str, str]) -> int:
    path = route.path
    for name, value in ASKED.items():
        path = path.replace(f"{{{name}}}", value).replace(f"{{{name}:int}}", value)
    assert "{" not in path
    assert route.methods is not None
    method = "POST" if "POST" in route.methods else "GET"
    body: dict[str, Any] = {"json": {}} if method == "POST" else {}
    return client.request(method, path, headers=headers, **body).status_code


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.path)
def test_every_path_says_who_may(
    route: Route, client: TestClient, student: dict[str, str], teacher: dict[str, str]
) -> None:
    """A path that is new is either open, a student's, or the teacher's: this test fails until somebody says which."""
    roles = getattr(route.endpoint, "roles", None)
    assert (roles is None) == (route.path in OPEN)
    assert (roles is not None and set(roles) == {TEACHER}) == (route.path not in OPEN | STUDENTS)
    nobody, pupil, master = (asked(client, route, who) for who in ({}, student, teacher))
    assert nobody == 401 if roles else nobody in (200, 422)
    assert (pupil == 403) == (route.path not in OPEN | STUDENTS)
    assert master not in (401, 403, 405, 500)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.path)
def test_the_teachers_token_is_nothing_from_elsewhere(lab: Lab, route: Route, teacher: dict[str, str]) -> None:
    if getattr(route.endpoint, "roles", None):
        with TestClient(application(lab), f"http://127.0.0.1:{PORT}", client=("192.168.1.20", 5000)) as elsewhere:
            assert asked(elsewhere, route, teacher) == 401


def test_a_student_gets_files_of_reels_and_nothing_beside_them(
    client: TestClient, lab: Lab, student: dict[str, str]
) -> None:
    whole = client.get("/reels/stored/reel.json", headers=student)
    assert whole.status_code == 200
    assert whole.json()["scenario"] == "classroom"
    assert client.get("/reels/stored/cast.film", headers=student).content[:2] == b"\x1f\x8b"
    (lab.place / "secret.film").write_text("x")
    (lab.store.reels["stored"].folder / "own.json").write_text("{}")
    for path in (
        "/reels/stored/own.json", "/reels/stored/..%2Fsecret.film", "/reels/..%2Flab/secret.film", "/reels/stored/%2e%2e/secret.film",
        "/reels/films/x.film", "/reels/%2Fetc/passwd", "/reels/stored/feeds/..%2F..%2Ffilms/5", "/reels/stored/feeds/quiet-none/-1",
        "/reels/stored/feeds/quiet-none/5.5", "/reels//reel.json",
    ):  # fmt: skip
        assert client.get(path, headers=student).status_code == 404, path


@pytest.mark.parametrize("path", [
    "/web/../server/app.py", "/web/%2e%2e/server/app.py", "/web/..%2fserver%2fapp.py", "/web//etc/passwd",
    "/web/%2Fetc%2Fpasswd", "/web/", "/web/views",
    "/web/main.js%00", "/static/main.js", "/server/app.py",
])  # fmt: skip
def test_nothing_but_the_page_lies_below_web(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_all_modules_and_texts_of_the_page_are_given_out(client: TestClient) -> None:
    names = files_of()
    assert {"main.js", "words/ro.json", "views/controls.js", "vendor/uplot/uPlot.esm.js"} <= set(names)
    assert not [name for name in names if name.endswith(".py")]
    for name in names:
        answer = client.get(f"/web/{name}")
        assert answer.status_code == 200
        assert answer.content == (WEB / name).read_bytes()
    assert client.get("/web/main.js").headers["content-type"].startswith("text/javascript")


def test_the_page_may_run_its_own_scripts_and_load_nothing_from_elsewhere(client: TestClient) -> None:
    answer = client.get("/")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "sha256-" in policy
    assert "http:" not in policy
    assert "'unsafe-inline'" not in policy.partition("style-src")[0]
    assert answer.headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize(("host", "alone", "shared"), [
    ("127.0.0.1:8765", True, True), ("localhost:8765", True, True), ("[::1]:8765", True, True), ("LOCALHOST", True, True),
    ("192.168.1.7:8765", False, True), ("evil.example:8765", False, False), ("evil.example", False, False), ("", False, False),
    ("127.0.0.1.evil.example", False, False), ("127.0.0.1:8765@evil.example", False, False), ("localhost.evil.example", False, False),
    ("0x7f000001", False, False), ("2130706433", False, False),
])  # fmt: skip
def test_names_by_which_the_server_may_be_asked(host: str, alone: bool, shared: bool) -> None:
    assert is_own_name(host, False) is alone
    assert is_own_name(host, True) is shared


@pytest.mark.parametrize("headers", [
    {"host": "evil.example"}, {"origin": "http://evil.example"}, {"origin": "null"}, {"origin": "http://127.0.0.1:9999"},
    {"origin": "https://127.0.0.1:8765"}, {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"},
    {"content-type": "text/plain"}, {"content-type": "application/x-www-form-urlencoded"},
])  # fmt: skip
def test_another_page_cannot_post_even_with_the_token(
    client: TestClient, teacher: dict[str, str], headers: dict[str, str]
) -> None:
    sent = {**teacher, "content-type": "application/json", **headers}
    assert client.post("/command", content='{"settings": {}}', headers=sent).status_code == 403
    own = {
        **teacher,
        "content-type": "application/json",
        "origin": f"http://127.0.0.1:{PORT}",
        "sec-fetch-site": "same-origin",
    }
    assert client.post("/command", content='{"settings": {}}', headers=own).status_code == 200


def test_a_link_from_another_page_opens_the_page_and_reads_nothing(client: TestClient, teacher: dict[str, str]) -> None:
    link = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    assert client.get("/", headers=link).status_code == 200
    assert client.get("/quiz.csv", headers={**link, **teacher}).status_code == 403
    assert (
        client.get("/web/main.js", headers={"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}).status_code
        == 403
    )


@pytest.mark.parametrize(("content", "status"), [
    ("{", 400), ("[]", 400), ("3", 400), ('{"settings": {}, "path": "/etc"}', 400), ("[" * 10_000, 400), ("{}", 200),
    ('{"settings": [1]}', 422), ('{"settings": {"budget": 1e999}}', 422), (" " * (BODY_MOST + 1), 413),
    ('{"settings": {"scenario": "country"}}', 422), ('{"settings": {"campaign.budget": 5}}', 422), ("\xff", 400),
])  # fmt: skip
def test_what_is_posted_is_bounded_and_known(
    client: TestClient, teacher: dict[str, str], content: str, status: int
) -> None:
    sent = {**teacher, "content-type": "application/json"}
    answer = client.post("/command", content=content.encode("latin-1"), headers=sent)
    assert answer.status_code == status
    assert "Traceback" not in answer.text
    if status != 200:
        assert answer.json()["sentence"].endswith(".")


def test_what_does_not_exist_is_a_sentence(client: TestClient, teacher: dict[str, str]) -> None:
    assert client.get("/nothing").json() == {"sentence": "There is nothing at this address."}
    assert client.get("/worlds", headers=teacher).status_code == 405
    assert client.put("/settings", headers=teacher).status_code == 405
    assert client.get("/" + "x" * 400).status_code == 403
    assert client.get("/settings?campaign=quiet", headers=teacher).json()["field"] == "campaign"


def test_joining_by_the_code_and_being_slowed(client: TestClient, lab: Lab) -> None:
    for _ in range(3):
        assert client.post("/join", json={"code": "NOT IT"}).status_code == 403
    assert client.post("/join", json={"code": ["x"]}).status_code == 422
    assert client.post("/join", json={"code": "x" * 100}).status_code == 422
    assert client.post("/join", json={"code": "NOT IT"}).status_code == 403
    slowed = client.post("/join", json={"code": lab.share.code})
    assert slowed.status_code == 429
    assert int(slowed.headers["retry-after"]) >= 1
    lab.share.slowing.tries.clear()
    joined = client.post("/join", json={"code": lab.share.code}).json()
    mine = client.get("/whoami", headers={TOKEN: joined["token"]}).json()
    assert mine == {"role": "student", "shared": True, "reel": "stored"}
    assert lab.share.code not in client.get("/whoami").text
    assert client.get("/whoami").json()["role"] is None


def test_the_teacher_sees_the_code_and_how_many_are_in(
    client: TestClient, lab: Lab, teacher: dict[str, str], student: dict[str, str]
) -> None:
    told = client.get("/whoami", headers=teacher).json()
    assert told["code"] == lab.share.code
    assert told["joined"] == told["here"] == 1


def test_the_quiz_is_kept_without_names(client: TestClient, teacher: dict[str, str], student: dict[str, str]) -> None:
    said = {
        "reel": "stored",
        "when": "before",
        "answers": [{"id": "a", "says": "campaign", "sure": 4}, {"id": "b", "says": "campaign", "sure": 1}],
    }
    assert client.post("/quiz", json=said, headers=student).json() == {"kept": 2}
    summary = client.get("/quiz/summary", headers=teacher).json()
    assert summary["before"]["each"] == [{"campaign": 1, "hits": 1, "innocent": 1, "false_alarms": 1, "sure": 2.5}]
    assert client.get("/quiz.csv", headers=teacher).text.splitlines()[1] == "1,before,a,campaign,4,campaign,1"
    wrong = client.post("/quiz", json={**said, "when": "during"}, headers=student)
    assert wrong.status_code == 422
    assert client.post("/quiz", json={**said, "reel": "../x"}, headers=student).status_code == 404


def test_an_animation_is_made_once_of_arms_that_there_are(
    client: TestClient, lab: Lab, teacher: dict[str, str]
) -> None:
    for arms in ("quiet-none", "quiet-none,nothing", "", "a,b,c", "../x,quiet-none"):
        assert client.get(f"/animation.gif?reel=stored&arms={arms}", headers=teacher).status_code == 422
    for _ in range(2):
        answer = client.get("/animation.gif?reel=stored&arms=quiet-none,coordinated-none", headers=teacher)
        assert answer.content == b"GIF89a"
    assert len(lab.store.reels["stored"].pictures) == 1


def test_a_feed_comes_from_the_folder_of_its_arm(client: TestClient, lab: Lab, student: dict[str, str]) -> None:
    until(lambda: lab.store.reels["stored"].films)
    assert client.get("/reels/stored/feeds/coordinated-none/5", headers=student).status_code == 503
    assert client.get("/reels/stored/feeds/quiet-none/5", headers=student).content == b"quiet-none 5"
    assert (
        client.get(f"/reels/stored/feeds/quiet-none/{10**30}", headers=student).content
        == f"quiet-none {2**31 - 1}".encode()
    )
