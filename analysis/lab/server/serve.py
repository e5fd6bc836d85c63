"""Open the lab: choose a port, start the server, say the address, open the browser, and end in order."""

import errno
import socket
import threading
import webbrowser
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import uvicorn

from analysis.lab.server.app import application
from analysis.lab.server.lab import Lab
from analysis.lab.server.worlds import answer, work
from analysis.lab.stored import STORED
from sim.runs.engines import cores
from sim.scenario.schema import ScenarioError

HERE, EVERYWHERE = "127.0.0.1", "0.0.0.0"
FIRST_PORT, PORTS = 8765, 20  # looked at in turn where none is asked for
WORKERS_MOST = 2  # that run worlds at once


def bound(port: int | None, is_shared: bool) -> socket.socket:
    """A listening socket; the next free port where none is asked for. Raises ScenarioError."""
    host = EVERYWHERE if is_shared else HERE
    for each in [port] if port is not None else range(FIRST_PORT, FIRST_PORT + PORTS):
        opened = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            opened.bind((host, each))
            opened.listen(128)
        except OSError as error:
            opened.close()
            if port is not None or error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise ScenarioError(
                    f"--port: {each} given, which cannot be had ({error.strerror}); allowed is a free one"
                ) from None
        else:
            return opened
    raise ScenarioError(f"--port: none of {FIRST_PORT} to {FIRST_PORT + PORTS - 1} is free; allowed is a free one")


def addresses(port: int) -> list[str]:
    """At which this machine is found in its network. No packet is sent: a connection of this kind only looks up the way."""
    found = list[str]()
    for way in ("192.0.2.1", "10.255.255.255"):  # documentation's network, and a private one
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as looked:
            try:
                looked.connect((way, 9))
            except OSError:
                continue
            found.append(str(looked.getsockname()[0]))
    return [f"http://{name}:{port}/" for name in dict.fromkeys(found) if not name.startswith(("127.", "0."))]


class Server(uvicorn.Server):
    """A server that says when it answers."""

    def __init__(self, config: uvicorn.Config, then: Callable[[], None]) -> None:
        super().__init__(config)
        self.then = then

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        if self.started:
            threading.Thread(target=self.then, daemon=True).start()


@dataclass(frozen=True)
class Opening:
    """How a lab is opened. port: the first free one where it is None; out: where reels are kept, else a folder that goes with the lab;
    stored: the reel with which it opens."""

    port: int | None = None
    is_shared: bool = False
    opens_browser: bool = False
    out: Path | None = None
    stored: Path = STORED


def serve(asked: Opening, say: Callable[[str], None], tell: Callable[[dict[str, Any]], None] | None = None) -> None:
    """Serve a lab until it is interrupted. say: takes lines for whoever opens it; tell: is told once, as data, where it answers.

    Raises ScenarioError where the port cannot be had.
    """
    listening = bound(asked.port, asked.is_shared)
    number = int(listening.getsockname()[1])
    with (
        listening,
        nullcontext(str(asked.out)) if asked.out else TemporaryDirectory(prefix="groundswell-lab-") as place,
    ):
        lab = Lab(Path(place), asked.is_shared, work, answer, max(1, min(WORKERS_MOST, cores() - 1)), asked.stored)
        lab.addresses = addresses(number) if asked.is_shared else []
        address = f"http://{HERE}:{number}/#token={lab.share.teacher.token}"

        def answers() -> None:
            if tell:
                tell({"address": address, "code": lab.share.code, "class": lab.addresses})
            say(f"The lab is open at {address}")
            if asked.is_shared:
                say(
                    f"A class on this network opens {' or '.join(lab.addresses) or 'this machine'} and types {lab.share.code}"
                )
            say("Ctrl-C ends it.")
            if asked.opens_browser:
                webbrowser.open(address)

        config = uvicorn.Config(
            application(lab), log_level="warning", access_log=False, proxy_headers=False, server_header=False, ws="none", http="h11",
            lifespan="on", timeout_graceful_shutdown=1, limit_concurrency=1000, backlog=128,
        )  # fmt: skip
        Server(config, answers).run(sockets=[listening])
