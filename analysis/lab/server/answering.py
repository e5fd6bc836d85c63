"""What endpoints share: who asks, what they send, and answers that are sentences."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from analysis.lab.server.guard import TOKEN
from analysis.lab.server.lab import Lab
from analysis.lab.server.share import Person

BODY_MOST = 20_000  # bytes
Endpoint = Callable[[Request], Awaitable[Response]]
Inner = Callable[[Request, Lab, Person], Awaitable[Response]]


class RefusedError(Exception):
    """An answer that is no success: its status and its sentence, and the field that it is about, if any."""

    def __init__(self, status: int, sentence: str, field: str = "", wait: float = 0.0) -> None:
        super().__init__(sentence)
        self.status, self.sentence, self.field, self.wait = status, sentence, field, wait

    def response(self) -> Response:
        """As the page reads it."""
        headers = {"retry-after": f"{self.wait + 0.999:.0f}"} if self.wait else {}
        return JSONResponse({"sentence": self.sentence, "field": self.field or None}, self.status, headers)


def lab_of(request: Request) -> Lab:
    """The lab whose server was asked."""
    lab: Lab = request.app.state.lab
    return lab


def address_of(request: Request) -> str:
    """Whence it was asked."""
    return request.client.host if request.client else ""


def person_of(request: Request) -> Person | None:
    """Who asks; None where it is nobody who is in."""
    return lab_of(request).share.person(address_of(request), request.headers.get(TOKEN, ""))


def may(*roles: str) -> Callable[[Inner], Endpoint]:
    """An endpoint for those in some roles; its `roles` say which, so that a test can ask every one of them."""

    def made(inner: Inner) -> Endpoint:
        async def endpoint(request: Request) -> Response:
            person = person_of(request)
            if person is None:
                return RefusedError(401, "Join first, with the code on the teacher's screen.").response()
            if person.role not in roles:
                return RefusedError(403, "Only the teacher may do this.").response()
            try:
                return await inner(request, lab_of(request), person)
            except RefusedError as refused:
                return refused.response()

        endpoint.__name__, endpoint.__doc__ = inner.__name__, inner.__doc__
        endpoint.roles = roles  # type: ignore[attr-defined]
        return endpoint

    return made


async def sent(request: Request, *keys: str) -> dict[str, Any]:
    """The JSON object that was posted, which has no keys but these. Raises RefusedError."""
    content = bytearray()
    try:
        async for part in request.stream():
            content += part
            if len(content) > BODY_MOST:
                raise RefusedError(413, f"What was sent is too long; allowed are {BODY_MOST:,} bytes.")
    except ClientDisconnect:
        raise RefusedError(400, "What was sent is not whole.") from None
    try:
        said = json.loads(bytes(content))
    except (ValueError, RecursionError):
        raise RefusedError(400, "What was sent is no JSON.") from None
    if not isinstance(said, dict):
        raise RefusedError(400, f"Allowed is an object with {', '.join(keys)}.")
    for key in said:
        if key not in keys:
            raise RefusedError(400, f"{key[:40]} was given; allowed are {', '.join(keys)}.")
    return said
