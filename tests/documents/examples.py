"""The worked examples of docs/PYTHON.md: `python -m tests.documents.examples` runs them and writes what they print below each."""

import contextlib
import io
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "PYTHON.md"
EXAMPLE = re.compile(r"```python\n(.*?)```\n\n```text\n(.*?)```", re.DOTALL)


def examples(page: str) -> list[tuple[str, str]]:
    """Code of each example, and what the page says that it prints."""
    return [(match[1], match[2]) for match in EXAMPLE.finditer(page)]


@contextlib.contextmanager
def elsewhere() -> Iterator[None]:
    """Stand in a folder that goes away again."""
    here = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            yield
        finally:
            os.chdir(here)


def printed(code: str) -> str:
    """What one example prints when it is run in an empty folder."""
    out = io.StringIO()
    with elsewhere(), contextlib.redirect_stdout(out):
        exec(compile(code, str(PAGE), "exec"), {"__name__": "example"})
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def renewed(page: str) -> str:
    """The page with what its examples print now."""
    return EXAMPLE.sub(lambda match: f"```python\n{match[1]}```\n\n```text\n{printed(match[1])}```", page)


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
