"""The application: all routes behind the guard, and processes that live as long as it does."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from analysis.lab.server import asking, class_room, watching
from analysis.lab.server.guard import Guard, policy_of
from analysis.lab.server.lab import Lab

ROUTES = [*watching.ROUTES, *asking.ROUTES, *class_room.ROUTES]


def application(lab: Lab) -> Starlette:
    """The server of a lab."""

    @asynccontextmanager
    async def alive(app: Starlette) -> AsyncIterator[None]:
        lab.start()
        try:
            yield
        finally:
            lab.end()

    page = (watching.WEB / "index.html").read_text(encoding="utf-8")
    guard = Middleware(Guard, is_shared=lab.share.is_shared, policy=policy_of(page))
    app = Starlette(
        routes=ROUTES, middleware=[guard], lifespan=alive, exception_handlers={HTTPException: _said, Exception: _failed}
    )
    app.state.lab, app.state.page, app.state.files = lab, page, watching.files_of()
    return app


async def _said(request: Request, error: Exception) -> Response:
    """What the routes themselves refuse, as a sentence."""
    assert isinstance(error, HTTPException)
    sentence = {404: "There is nothing at this address.", 405: "This cannot be done here."}.get(
        error.status_code, error.detail
    )
    return JSONResponse({"sentence": sentence}, error.status_code, error.headers)


async def _failed(request: Request, error: Exception) -> Response:
    """A fault of the server: a sentence, never a traceback; the terminal has it."""
    return JSONResponse({"sentence": "Something went wrong; the terminal says more."}, 500)
