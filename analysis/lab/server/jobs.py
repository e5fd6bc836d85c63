"""A task that somebody waits for, and what is said to them."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from analysis.lab.server.tasks import Task

Event = dict[str, Any]
DIED = "The process that made this world was ended. The lab goes on; ask again."
NONE_STARTS = "No process starts that could make a world; see what the terminal says."
STOPPED = "Stopped."


@dataclass(eq=False)
class Job:
    """A task that somebody waits for, and what is heard of it. `owner`: whose it is, by token; empty for the lab itself."""

    name: str
    task: Task
    owner: str = ""
    rank: int = 0  # lower ones are done first
    heard: "asyncio.Queue[Event]" = field(default_factory=asyncio.Queue)
    is_over: bool = False
    is_followed: bool = False
    left: int = 0  # jobs before it, as last said
    then: Callable[[Event], Event] | None = None  # makes of what was done what is said of it

    def say(self, event: Event) -> None:
        """Hand an event to whoever follows the job; nothing comes after its end."""
        if self.is_over:
            return
        self.is_over = "done" in event or "error" in event
        self.heard.put_nowait(self.then(event) if "done" in event and self.then else event)


def of_place(left: int) -> str:
    """A sentence about a place in the line."""
    if left == 0:
        return "A process gets ready; on a new machine it compiles for about a minute."
    return "One world is run before yours." if left == 1 else f"{left} worlds are run before yours."
