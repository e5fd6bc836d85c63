"""What may be asked: settings and the command that goes with them, other worlds, worlds moderated by the class, and how they go."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from analysis.lab.server import settings
from analysis.lab.server.answering import RefusedError, may, sent
from analysis.lab.server.jobs import Event, Job
from analysis.lab.server.lab import Lab, TooManyError
from analysis.lab.server.share import STUDENT, TEACHER, Person
from analysis.lab.server.watching import reel_named

BEAT = 5.0  # seconds of silence after which a stream shows that it lives


@may(TEACHER)
async def listed(request: Request, lab: Lab, person: Person) -> Response:
    """What can be asked, with what each setting is under the chosen presets."""
    chosen = {
        key: value for key, value in request.query_params.items() if key in ("campaign", "moderation", "recommender")
    }
    event = await _composed(lab, _words(lab, {"settings": chosen}))
    return JSONResponse({"settings": settings.listed(event["values"], event["levels"])})


@may(TEACHER)
async def command(request: Request, lab: Lab, person: Person) -> Response:
    """The command that gives the same from the command line."""
    return JSONResponse({"command": settings.command_of(_words(lab, await sent(request, "settings")))})


@may(TEACHER)
async def worlds(request: Request, lab: Lab, person: Person) -> Response:
    """Make a reel with other settings."""
    words = _words(lab, await sent(request, "settings"))
    await _composed(lab, words)
    return _followed(_begun(lambda: lab.make(person, words)))


@may(TEACHER, STUDENT)
async def moderate(request: Request, lab: Lab, person: Person) -> Response:
    """Run a desk's world again without the accounts that the class has flagged."""
    said = await sent(request, "reel", "desk", "accounts")
    reel = reel_named(lab, str(said.get("reel", ""))[:60])
    desk = reel.desks().get(str(said.get("desk", ""))[:60])
    if desk is None:
        raise RefusedError(422, "There is no such desk.", "desk")
    given, most = said.get("accounts"), int(desk["budget"])
    if not isinstance(given, list) or not 1 <= len(given) <= most:
        raise RefusedError(422, f"Allowed are 1 to {most} accounts.", "accounts")
    known = {row["account"] for row in desk["accounts"]}
    if any(type(account) is not int or account not in known for account in given):
        raise RefusedError(422, "Allowed are accounts of the desk.", "accounts")
    accounts = tuple(sorted(set(given)))
    return _followed(_begun(lambda: lab.moderate(person, reel, desk, accounts)))


@may(TEACHER, STUDENT)
async def events(request: Request, lab: Lab, person: Person) -> Response:
    """What is heard of a world that somebody has asked for; who closes it stops the run."""
    job = lab.jobs.get(request.path_params["job"])
    if job is None or job.owner != person.token or job.is_followed:
        raise RefusedError(404, "There is no such run, or it is followed already.")
    job.is_followed = True
    return Followed(lab, job)


class Followed(StreamingResponse):
    """Events of a job as server-sent ones, to the last. However the stream ends, the job ends with it: that is not left to the
    generator, which is not closed at once where the stream breaks while it writes."""

    def __init__(self, lab: Lab, job: Job) -> None:
        super().__init__(_told(job), media_type="text/event-stream")
        self.lab, self.job = lab, job

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send events until the last, or until nobody listens."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self.lab.forget(self.job)


async def _told(job: Job) -> AsyncIterator[str]:
    """Events of a job in the form of a stream."""
    yield ": begun\n\n"
    while True:
        try:
            event = await asyncio.wait_for(job.heard.get(), BEAT)
        except TimeoutError:
            yield ": waits\n\n"
            continue
        yield f"data: {json.dumps(event)}\n\n"
        if "done" in event or "error" in event:
            return


def _words(lab: Lab, said: dict[str, Any]) -> tuple[str, ...]:
    """The words that settings which came from outside stand for. Raises RefusedError with the field."""
    try:
        return settings.words_of(settings.checked(said.get("settings", {})), lab.base)
    except settings.WrongSettingError as error:
        raise RefusedError(422, error.sentence, error.field) from None


async def _composed(lab: Lab, words: tuple[str, ...]) -> Event:
    """What the desk says of some words. Raises RefusedError where they do not go together."""
    event = await lab.composed(words)
    if "error" in event:
        status = 422 if event.get("is_request") else 503
        raise RefusedError(status, str(event["error"]), settings.field_of(str(event["error"])))
    return event


def _begun(begin: Any) -> Job:
    """A job that was begun. Raises RefusedError where there are too many."""
    try:
        job: Job = begin()
    except TooManyError as error:
        raise RefusedError(429, str(error), wait=5) from None
    return job


def _followed(job: Job) -> Response:
    return JSONResponse({"id": job.name, "events": f"/worlds/{job.name}/events"})


ROUTES = [
    Route("/settings", listed),
    Route("/command", command, methods=["POST"]),
    Route("/worlds", worlds, methods=["POST"]),
    Route("/worlds/{job}/events", events),
    Route("/moderate", moderate, methods=["POST"]),
]
