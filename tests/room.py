"""A room that many enter together or one alone, whichever process they are in."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform != "win32":
    import fcntl


class Room:
    """Two locked files in a folder that all processes name. Who wants to be alone holds the door while those inside leave, so that
    nobody else can slip in before."""

    def __init__(self, folder: Path) -> None:
        self.door, self.inside = (folder / "door").open("w"), (folder / "inside").open("w")

    @contextmanager
    def entered(self, alone: bool) -> Iterator[None]:
        """In the room, with others or alone; waits for as long as that takes."""
        if sys.platform == "win32":  # no such locks: everybody enters at once
            yield
            return
        fcntl.flock(self.door, fcntl.LOCK_EX)
        try:
            fcntl.flock(self.inside, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        finally:
            fcntl.flock(self.door, fcntl.LOCK_UN)
        try:
            yield
        finally:
            fcntl.flock(self.inside, fcntl.LOCK_UN)

    def close(self) -> None:
        """Never to be entered again by this process."""
        for file in (self.door, self.inside):
            file.close()
