"""What may be watched: the page, its modules, reels, feeds, and animations. Names are looked up in tables, never joined to paths."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route

from analysis.lab.server.answering import RefusedError, may
from analysis.lab.server.lab import Lab
from analysis.lab.server.share import STUDENT, TEACHER, Person
from analysis.lab.server.store import Reel
from analysis.lab.server.tasks import Animate, Feed

WEB = Path(__file__).resolve().parents[1] / "web"
KINDS = {
    ".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".svg": "image/svg+xml", ".png": "image/png",
    ".html": "text/html", ".woff2": "font/woff2",
}  # fmt: skip
BYTES = "application/octet-stream"
FRESH = {"cache-control": "no-cache"}


def files_of(web: Path = WEB) -> dict[str, Path]:
    """All files of the page that may be given out, by their names below /web/."""
    return {
        path.relative_to(web).as_posix(): path
        for path in sorted(web.rglob("*"))
        if path.is_file() and path.suffix in KINDS
    }


async def page(request: Request) -> Response:
    """The page."""
    return HTMLResponse(request.app.state.page, headers=FRESH)


async def module(request: Request) -> Response:
    """A file of the page."""
    found = request.app.state.files.get(request.path_params["name"])
    if found is None:
        return RefusedError(404, "There is no such file.").response()
    return FileResponse(found, media_type=KINDS[found.suffix], headers=FRESH)


def reel_named(lab: Lab, name: str) -> Reel:
    """A reel that there is. Raises RefusedError."""
    reel = lab.store.reels.get(name)
    if reel is None:
        raise RefusedError(404, "There is no such reel any more.")
    return reel


@may(TEACHER, STUDENT)
async def part(request: Request, lab: Lab, person: Person) -> Response:
    """A file of a reel."""
    reel = reel_named(lab, request.path_params["reel"])
    found = reel.files.get(request.path_params["name"])
    if found is None:
        raise RefusedError(404, "There is no such file.")
    person.reel = reel.name
    kind = KINDS[".json"] if found.suffix == ".json" else BYTES
    return FileResponse(found, media_type=kind)


@may(TEACHER, STUDENT)
async def feed(request: Request, lab: Lab, person: Person) -> Response:
    """The feed of one account in one arm."""
    reel = reel_named(lab, request.path_params["reel"])
    arm, account = request.path_params["arm"], request.path_params["account"]
    if arm not in reel.arms:
        raise RefusedError(404, "There is no such world.")
    if arm not in reel.films:
        raise RefusedError(503, "Feeds of everybody are being filmed; try again in a minute.", wait=20)
    event = await lab.desk.ask(Feed(reel.films[arm] / "feeds" / arm, min(account, 2**31 - 1)))
    if "error" in event:
        raise RefusedError(404, "There is nobody with this number.")
    return Response(event["film"], media_type=BYTES)


@may(TEACHER)
async def animation(request: Request, lab: Lab, person: Person) -> Response:
    """Two arms hour by hour, as a picture that moves; made once."""
    reel = reel_named(lab, request.query_params.get("reel", ""))
    arms = tuple(request.query_params.get("arms", "").split(",")[:3])
    if len(arms) != 2 or any(arm not in reel.arms for arm in arms):
        raise RefusedError(422, "Allowed are two worlds of the reel.", "arms")
    if arms not in reel.pictures:
        entries = {str(entry["id"]): entry for entry in reel.head["arms"]}
        files = tuple(reel.files[str(entries[arm]["file"])] for arm in arms)
        out = lab.store.pictures / reel.name / f"{len(reel.pictures)}.gif"
        names = tuple(f"{entries[arm]['campaign']}, {entries[arm]['moderation']}".replace("_", " ") for arm in arms)
        candidate = reel.head["candidates"].index(reel.head["candidate"])
        task = Animate((files[0], files[1]), (names[0], names[1]), candidate, reel.head["calendar"]["start"], out)
        event = await lab.crew.ask(task)
        if "error" in event:
            raise RefusedError(503, str(event["error"]))
        reel.pictures[arms[0], arms[1]] = out
    headers = {"content-disposition": 'attachment; filename="groundswell.gif"'}
    return FileResponse(reel.pictures[arms[0], arms[1]], media_type="image/gif", headers=headers)


ROUTES = [
    Route("/", page),
    Route("/web/{name:path}", module),
    Route("/reels/{reel}/feeds/{arm}/{account:int}", feed),
    Route("/reels/{reel}/{name}", part),
    Route("/animation.gif", animation),
]
