"""A replay: the page and a reel in one file, which opens from disk without Python and without a server."""

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path

from sim.runs.recording import write_whole

WEB = Path(__file__).parent / "web"
MOST = 8_000_000  # bytes; so that a class can send it around
POLICY = "default-src 'none'; script-src 'unsafe-inline' data:; style-src 'unsafe-inline'; img-src data: blob:; connect-src data: blob:"


class ReplayTooLargeError(ValueError):
    """A reel that does not fit into a file that can be sent around."""


def write_replay(reel: Path, out: Path) -> int:
    """Write the page with the reel of a folder into one file; returns its size in bytes. Raises ReplayTooLargeError."""
    page = replay_of(reel).encode()
    if len(page) > MOST:
        raise ReplayTooLargeError(
            f"{out}: would have {len(page) / 1e6:.1f} MB, allowed {MOST / 1e6:.0f}; fewer arms or fewer people make it smaller"
        )
    write_whole(out, page)
    return len(page)


def replay_of(reel: Path) -> str:
    """The page as text: style sheets, modules, texts and the reel's parts stand in it."""
    page = (WEB / "index.html").read_text(encoding="utf-8")
    page = re.sub(r'<link rel="stylesheet" href="/web/([^"]+)">', lambda found: _style(found[1]), page)
    page = re.sub(r'<script type="importmap">.*?</script>', lambda _: _import_map(), page)
    main = _safe((WEB / "main.js").read_text(encoding="utf-8"))
    page = page.replace('<script type="module" src="/web/main.js"></script>', f'<script type="module">{main}</script>')
    policy = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    page = page.replace('<meta charset="utf-8">', f'<meta charset="utf-8">\n{policy}')
    return page.replace('<div id="page"></div>', '<div id="page"></div>\n' + "\n".join(_data(reel)))


def _style(name: str) -> str:
    return f"<style>{(WEB / name).read_text(encoding='utf-8')}</style>"


def _import_map() -> str:
    """Each module by its bare name, as an address that holds it."""
    modules = {
        f"lab/{path.relative_to(WEB).as_posix()}": "data:text/javascript;base64," + _packed(path.read_bytes())
        for path in sorted(WEB.rglob("*.js"))
        if path.name != "main.js"
    }
    return f'<script type="importmap">{json.dumps({"imports": modules})}</script>'


def _data(reel: Path) -> Iterator[str]:
    """Texts, plans, and the reel's head and parts, by the names by which `source.js` asks for them."""
    for folder in ("words", "plans"):
        for path in sorted((WEB / folder).glob("*.json")):
            kept = json.dumps(json.loads(path.read_text(encoding="utf-8")), ensure_ascii=False, separators=(",", ":"))
            yield _kept(f"{folder}/{path.name}", "application/json", kept)
    yield _kept("reel.json", "application/json", (reel / "reel.json").read_text(encoding="utf-8"))
    for path in sorted(reel.glob("*.film")):
        yield _kept(f"part/{path.name}", "text/plain", _packed(path.read_bytes()))


def _kept(name: str, kind: str, text: str) -> str:
    return f'<script type="{kind}" id="{name}">{_safe(text)}</script>'


def _safe(text: str) -> str:
    r"""A text that can neither end its element nor open a comment: in JSON and strings of JavaScript \/ is / and \u0021 is !."""
    return text.replace("</", "<\\/").replace("<!", "<\\u0021")


def _packed(content: bytes) -> str:
    return base64.b64encode(content).decode()
