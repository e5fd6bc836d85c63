"""What every request passes before anything else looks at it: whose name the browser asked for, and whose page sent it."""

import base64
import hashlib
import ipaddress
import re
import socket

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

TOKEN = "x-groundswell-token"  # the header; no browser sends one along for another page
SAME = ("same-origin", "none")  # who may send, by what browsers say of it
INLINE = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL)
LONGEST_PATH = 300  # letters
FIXED = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "x-frame-options": "DENY",
}


def policy_of(page: str) -> str:
    """A content security policy under which the page's own inline scripts run, and nothing else that stands in it."""
    hashes = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in INLINE.findall(page)]
    scripts = " ".join(["'self'", *(f"'sha256-{each}'" for each in hashes)])
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def is_own_name(host: str, is_shared: bool) -> bool:
    """Whether a Host header names this machine. A page that rebinds a name of its own to this address still sends that name;
    an address in figures cannot be rebound. On the network this machine's own name counts too."""
    name = _without_port(host)
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        own = socket.gethostname().lower()
        return name == "localhost" or (is_shared and name in (own, f"{own}.local"))
    return address.is_loopback or is_shared


def _without_port(host: str) -> str:
    """The name or address in a Host header, in small letters."""
    found = re.fullmatch(r"(\[[0-9a-fA-F:.]+\]|[^:\[\]]+)(:\d{1,5})?", host)
    return found[1].strip("[]").lower() if found else ""


class Guard:
    """Refuses requests that come by another name, or from another page; adds what browsers need to know to every answer."""

    def __init__(self, app: ASGIApp, is_shared: bool, policy: str) -> None:
        self.app, self.is_shared = app, is_shared
        self.added = {**FIXED, "content-security-policy": policy}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request; anything but plain HTTP is not served."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        refused = self.refused(scope)

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.added.items():
                    headers[name] = value
                headers.setdefault("cache-control", "no-store")
            await send(message)

        if refused:
            await JSONResponse({"sentence": refused}, 403)(scope, receive, sent)
            return
        await self.app(scope, receive, sent)

    def refused(self, scope: Scope) -> str:
        """Why a request is refused; empty where it is not."""
        headers = Headers(scope=scope)
        if len(scope["path"]) > LONGEST_PATH:
            return "The address is too long."
        if not is_own_name(headers.get("host", ""), self.is_shared):
            return "This server answers to its own address only."
        came = headers.get("sec-fetch-site", "none")
        is_opened = scope["method"] == "GET" and headers.get("sec-fetch-mode") == "navigate" and scope["path"] == "/"
        if came not in SAME and not is_opened:
            return "Another page may not ask this server."
        origin = headers.get("origin")
        if origin is not None and origin.lower() != f"http://{headers['host'].lower()}":
            return "Another page may not ask this server."
        if (
            scope["method"] == "POST"
            and headers.get("content-type", "").partition(";")[0].strip() != "application/json"
        ):
            return "What is posted must be JSON."
        return ""
