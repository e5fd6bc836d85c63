"""What a command says while it works: lines on standard error."""

import sys
import time


def say(line: str) -> None:
    """One line on standard error; standard output is for results."""
    print(line, file=sys.stderr, flush=True)


class Progress:
    """Lines on standard error with an estimate of the time left; one line rewritten where it is a terminal."""

    def __init__(self, unit: str) -> None:
        self.unit = unit
        self.started = time.monotonic()
        self.said = 0.0

    def __call__(self, done: int, total: int, note: str) -> None:
        """How far it is; the time left is as long a piece as has passed for each piece done."""
        left = (time.monotonic() - self.started) / max(done, 1) * (total - done)
        self.say(f"{done}/{total} {self.unit} {note}", done >= total, left)

    def say(self, what: str, over: bool, left: float) -> None:
        """One line, at most one a second; `left`: seconds still to go."""
        elapsed = time.monotonic() - self.started
        if not over and elapsed - self.said < 1.0:
            return
        self.said = elapsed
        line = f"{what} {elapsed:.0f} s, about {left:.0f} s left"
        if sys.stderr.isatty():
            print(f"\r{line}   ", end="\n" if over else "", file=sys.stderr, flush=True)
        else:
            say(line)
