"""A lab's server on a free port of this machine, for tests that must close streams or come from elsewhere."""

import http.client
import json
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import uvicorn

from analysis.lab.server.app import application
from analysis.lab.server.guard import TOKEN
from analysis.lab.server.lab import Lab
from analysis.lab.server.serve import bound

PATIENCE = 20.0  # seconds


class Place:
    """Where a lab is served, and requests to it."""

    def __init__(self, lab: Lab, port: int) -> None:
        self.lab, self.port = lab, port

    def open(self, path: str, body: Any = None, token: str | None = None) -> http.client.HTTPConnection:
        """A connection on which something was asked; the teacher asks unless another token is given."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        headers = {TOKEN: self.lab.share.teacher.token if token is None else token}
        if body is None:
            connection.request("GET", path, headers=headers)
        else:
            connection.request("POST", path, json.dumps(body), {**headers, "content-type": "application/json"})
        return connection

    def ask(self, path: str, body: Any = None, token: str | None = None) -> Any:
        """What is answered, which is a success."""
        with closing(self.open(path, body, token)) as connection:
            answer = connection.getresponse()
            said = answer.read()
            assert answer.status == 200, said
            return json.loads(said)

    def events(self, path: str, token: str | None = None) -> Iterator[dict[str, Any]]:
        """Server-sent events; closing the iterator closes the stream."""
        with closing(self.open(path, None, token)) as connection, closing(connection.getresponse()) as answer:
            assert answer.status == 200
            for line in answer:
                if line.startswith(b"data: "):
                    yield json.loads(line[len(b"data: ") :])


@contextmanager
def served(lab: Lab) -> Iterator[Place]:
    """Serve a lab in a thread for as long as the block lasts."""
    with bound(0, lab.share.is_shared) as listening:
        config = uvicorn.Config(
            application(lab), log_level="error", lifespan="on", ws="none", timeout_graceful_shutdown=1
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            until(lambda: server.started)
            yield Place(lab, int(listening.getsockname()[1]))
        finally:
            server.should_exit = True
            thread.join(PATIENCE)


def until(is_so: Any) -> None:
    """Wait until something is so."""
    ends = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < ends, "it was waited for in vain"
        time.sleep(0.01)
