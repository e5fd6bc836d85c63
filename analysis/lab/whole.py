"""A folder that appears whole or not at all."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sim.runs.recording import PART
from sim.scenario.schema import ScenarioError


@contextmanager
def folder_appearing(out: Path) -> Iterator[Path]:
    """A folder beside its place, to be filled in the block: it moves there as the block ends, or is taken away where it fails.

    What was there before goes as the new one comes. Raises ScenarioError where the place cannot be written.
    """
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        if out.exists() and not out.is_dir():
            raise ScenarioError(f"{out}: is a file, allowed is a folder")
        part = Path(tempfile.mkdtemp(dir=out.parent, prefix=f".{out.name}.", suffix=PART))
    except OSError as error:
        raise ScenarioError(f"{out}: given, allowed a folder that can be written ({error.strerror})") from None
    try:
        yield part
        part.chmod(0o755)
        old = part.with_name(f"{part.name}.old")
        if out.exists():
            out.rename(old)
        part.rename(out)
        shutil.rmtree(old, ignore_errors=True)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
