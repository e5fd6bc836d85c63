"""What a command says while it works: lines on standard error."""

import logging
import sys
import time


class Told(logging.Handler):
    """What the program notes while it works, as lines on standard error."""

    def emit(self, record: logging.LogRecord) -> None:
        """One line."""
        say(self.format(record))


def tell_notes() -> None:
    """Say from now on what is noted, not only what is amiss."""
    noted = logging.getLogger("groundswell")
    noted.setLevel(logging.INFO)
    if not any(isinstance(handler, Told) for handler in noted.handlers):
        noted.addHandler(Told())


def say(line: str) -> None:
    """One line on standard error; standard output is for results."""
    print(line, file=sys.stderr, flush=True)


def counted(number: int, what: str) -> str:
    """Such as 1 seed, or 8 seeds."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def compiling() -> str:
    """The end of a line that says what begins, where compiled code is not there yet."""
    from sim.kernels import is_compiled  # late: it imports numba

    return "" if is_compiled() else "; the first run compiles for about a minute"


class Progress:
    """Lines on standard error with an estimate of the time left; one line rewritten where it is a terminal."""

    def __init__(self, unit: str, one_by_one: bool = False) -> None:
        self.unit, self.one_by_one = unit, one_by_one
        self.started = time.monotonic()
        self.said = 0.0
        self.first: tuple[int, float] | None = None

    def __call__(self, done: int, total: int, note: str) -> None:
        """How far it is. The time left is as long for a piece as has passed for each that is done; where pieces come one by one, without
        the first, which may have waited for the compiler (of pieces side by side the first come together and would tell nothing)."""
        now = time.monotonic()
        self.first = self.first or ((done, now) if self.one_by_one else (0, self.started))
        (before, then), left = self.first, None
        if done > before:
            left = (now - then) / (done - before) * (total - done)
        self.say(f"{done}/{total} {self.unit} {note}", done >= total, left)

    def say(self, what: str, over: bool, left: float | None) -> None:
        """One line, at most one a second; `left`: seconds still to go, None where nobody can know yet."""
        elapsed = time.monotonic() - self.started
        if not over and elapsed - self.said < 1.0:
            return
        self.said = elapsed
        line = f"{what} {elapsed:.0f} s" + ("" if left is None else f", about {left:.0f} s left")
        if sys.stderr.isatty():
            print(f"\r{line}   ", end="\n" if over else "", file=sys.stderr, flush=True)
        else:
            say(line)
