"""The class: who one is, joining, the quiz and what came of it."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from analysis.lab.server.answering import RefusedError, address_of, lab_of, may, person_of, sent
from analysis.lab.server.answers import WrongAnswerError
from analysis.lab.server.lab import Lab
from analysis.lab.server.share import STUDENT, TEACHER, ClassFullError, Person, TooSoonError
from analysis.lab.server.watching import reel_named


async def whoami(request: Request) -> Response:
    """Who one is to this lab, and which reel is first; the class's code for the teacher alone."""
    lab, person = lab_of(request), person_of(request)
    role = person.role if person else None
    told: dict[str, Any] = {
        "role": role,
        "shared": lab.share.is_shared,
        "reel": (person.reel or lab.first) if person else "",
    }
    if role == TEACHER:
        told |= {
            "code": lab.share.code,
            "addresses": lab.addresses,
            "joined": len(lab.share.students),
            "here": lab.share.here(),
        }
    return JSONResponse(told)


async def join(request: Request) -> Response:
    """Let in who has the code; wrong ones are slowed down."""
    lab = lab_of(request)
    try:
        code = (await sent(request, "code")).get("code")
        if not isinstance(code, str) or len(code) > 40:
            raise RefusedError(422, "Allowed is the code on the teacher's screen.", "code")
        person = lab.share.join(address_of(request), code)
    except RefusedError as refused:
        return refused.response()
    except TooSoonError as error:
        seconds = max(1, round(error.seconds))
        return RefusedError(429, f"Too many wrong codes; wait {seconds} s.", "code", error.seconds).response()
    except ClassFullError as error:
        return RefusedError(503, str(error)).response()
    if person is None:
        sentence = "This is not the code on the teacher's screen." if lab.share.is_shared else NOT_SHARED
        return RefusedError(403, sentence, "code").response()
    return JSONResponse({"role": STUDENT, "token": person.token, "number": person.number})


NOT_SHARED = "This lab is not shared with a class. Open the address that the terminal has printed."


@may(TEACHER, STUDENT)
async def quiz(request: Request, lab: Lab, person: Person) -> Response:
    """Keep somebody's answers."""
    said = await sent(request, "reel", "when", "answers")
    reel = reel_named(lab, str(said.get("reel", ""))[:60])
    try:
        return JSONResponse({"kept": lab.answers.put(person.number, said, reel.truth())})
    except WrongAnswerError as error:
        raise RefusedError(422, str(error)) from None


@may(TEACHER)
async def summary(request: Request, lab: Lab, person: Person) -> Response:
    """How the class did."""
    return JSONResponse({"joined": len(lab.share.students), **lab.answers.summary()})


@may(TEACHER)
async def answers(request: Request, lab: Lab, person: Person) -> Response:
    """All answers as a table."""
    headers = {"content-disposition": 'attachment; filename="groundswell-quiz.csv"'}
    return Response(lab.answers.csv(), media_type="text/csv", headers=headers)


ROUTES = [
    Route("/whoami", whoami),
    Route("/join", join, methods=["POST"]),
    Route("/quiz", quiz, methods=["POST"]),
    Route("/quiz/summary", summary),
    Route("/quiz.csv", answers),
]
