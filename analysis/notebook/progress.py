"""A progress bar where a notebook shows one; nothing elsewhere, since a script's output is its own."""

import sys
import time
from collections.abc import Callable
from html import escape
from typing import Any

Progress = Callable[[int, int, str], None]
SECONDS_BETWEEN = 0.2


def notebook_display() -> Any:
    """IPython's way to show a picture that can be shown anew; None where this is no notebook."""
    if "ipykernel" not in sys.modules:  # a kernel loads it before it runs any cell
        return None
    from IPython.display import HTML, display

    return lambda html, handle: handle.update(HTML(html)) if handle else display(HTML(html), display_id=True)


class Bar:
    """One bar; it says how far, for how long, and about how long still."""

    def __init__(self, what: str, show: Any) -> None:
        self.what, self.show = what, show
        self.handle: Any = None
        self.started, self.last = time.monotonic(), 0.0

    def __call__(self, done: int, total: int, note: str = "") -> None:
        """`done` of `total` pieces are finished."""
        passed = time.monotonic() - self.started
        if self.handle is not None and done < total and passed - self.last < SECONDS_BETWEEN:
            return
        self.last = passed
        self.handle = self.show(self.html(done, total, note, passed), self.handle) or self.handle

    def html(self, done: int, total: int, note: str, passed: float) -> str:
        """The bar as it stands."""
        if done >= total:
            note, said = "", f"{total} {self.what} in {passed:.0f} s"
        elif done == 0:
            said = f"0 of {total} {self.what}; the first run compiles for about a minute"
        else:
            said = f"{done} of {total} {self.what}; {passed:.0f} s, about {passed / done * (total - done):.0f} s left"
        bar = f'<progress value="{done}" max="{total}" style="width:18em;vertical-align:middle"></progress>'
        return f"<div>{bar} <span>{escape(f'{said} {note}'.strip())}</span></div>"


def progress_for(what: str, total: int) -> Progress | None:
    """A bar that is shown at once, or None where there is no notebook. what: the pieces, such as seeds."""
    show = notebook_display()
    if show is None:
        return None
    bar = Bar(what, show)
    bar(0, total)
    return bar
