"""Who somebody is to the lab: the teacher, a student who joined, or nobody yet. Wrong codes are slowed down."""

import hmac
import ipaddress
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

TEACHER, STUDENT = "teacher", "student"
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # without what looks alike on a projector: I, L, O, 0, 1
CODE_LETTERS = 6  # some 900 million codes
MOST_STUDENTS = 300  # who are in at once; who was away for longest makes place
AWAY = 1800.0  # seconds without a word after which a student makes place
MOST_ADDRESSES = 1000  # whose wrong codes are remembered
FREE_TRIES = 3  # wrong codes of one address that cost no wait: slips of the finger
LONGEST_WAIT = 60.0  # seconds
LONGEST_IN_ALL = 5.0  # seconds
FREE_IN_ALL = 30  # wrong codes of everybody that cost no wait
FORGOTTEN = 60.0  # seconds in which half of all wrong codes are forgotten


@dataclass
class Person:
    """Somebody who is in. seen: when last; jobs: names of worlds that run for them."""

    role: str
    token: str
    seen: float
    number: int = 0  # of a student, in the order of joining
    reel: str = ""  # which they opened last
    jobs: set[str] = field(default_factory=set)


class TooSoonError(RuntimeError):
    """A code before the wait after wrong ones was over; `seconds` are left."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"wait {seconds:.0f} s")
        self.seconds = seconds


@dataclass
class _Tries:
    """Wrong codes of one address, and until when it waits."""

    wrong: int = 0
    until: float = 0.0


class Slowing:
    """Waits that double with each wrong code: for an address up to a minute, for everybody together, who may be a class that comes in,
    up to five seconds. Who is in stays in. What is remembered is bounded.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.tries: OrderedDict[str, _Tries] = OrderedDict()
        self.in_all = 0.0
        self.since = self.until = clock()

    def check(self, address: str) -> None:
        """Raises TooSoonError where an address, or everybody, has still to wait."""
        now, own = self.clock(), self.tries.get(address)
        left = max(own.until if own else 0.0, self.until) - now
        if left > 0:
            raise TooSoonError(left)

    def wrong(self, address: str) -> None:
        """Note a wrong code."""
        now = self.clock()
        own = self.tries.pop(address, None) or _Tries()
        own.wrong += 1
        own.until = now + _wait(own.wrong - FREE_TRIES)
        self.tries[address] = own
        while len(self.tries) > MOST_ADDRESSES:
            self.tries.popitem(last=False)
        self.in_all = self.in_all * 0.5 ** ((now - self.since) / FORGOTTEN) + 1
        self.since = now
        self.until = now + min(LONGEST_IN_ALL, _wait((self.in_all - FREE_IN_ALL) / 10))

    def right(self, address: str) -> None:
        """A right code: what the address did wrong before is forgotten."""
        self.tries.pop(address, None)


def _wait(over: float) -> float:
    """Seconds after so many wrong codes more than are free."""
    return 0.0 if over <= 0 else float(min(LONGEST_WAIT, 2.0 ** min(over - 1, 10)))


class Share:
    """The teacher's token, the class's code, and who is in."""

    def __init__(self, is_shared: bool, clock: Callable[[], float] = time.monotonic) -> None:
        self.is_shared, self.clock = is_shared, clock
        self.teacher = Person(TEACHER, secrets.token_urlsafe(24), clock())
        self.code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LETTERS)) if is_shared else ""
        self.students: OrderedDict[str, Person] = OrderedDict()  # who was away for longest first
        self.slowing = Slowing(clock)
        self.joined = 0

    def person(self, address: str, token: str) -> Person | None:
        """Who sends this token from this address; None where it is nobody. The teacher comes from this machine alone."""
        if not token:
            return None
        if hmac.compare_digest(token.encode(), self.teacher.token.encode()):
            return self.teacher if is_here(address) else None
        found = self.students.get(token) if self.is_shared else None
        if found is not None:
            found.seen = self.clock()
            self.students.move_to_end(token)
        return found

    def join(self, address: str, code: str) -> Person | None:
        """A student with the right code is in; None where it is wrong. Raises TooSoonError, or ClassFullError."""
        self.slowing.check(address)
        given = code.strip().upper().encode()
        if not self.is_shared or not hmac.compare_digest(given, self.code.encode()):
            self.slowing.wrong(address)
            return None
        self.slowing.right(address)
        self._make_place()
        self.joined += 1
        person = Person(STUDENT, secrets.token_urlsafe(24), self.clock(), self.joined)
        self.students[person.token] = person
        return person

    def _make_place(self) -> None:
        """Where no place is left, who was away for long goes; raises ClassFullError where nobody was."""
        while len(self.students) >= MOST_STUDENTS:
            token, person = next(iter(self.students.items()))
            if self.clock() - person.seen < AWAY:
                raise ClassFullError(f"{MOST_STUDENTS} are in already, which is the most.")
            del self.students[token]

    def here(self) -> int:
        """How many students were heard of in the last minutes."""
        now = self.clock()
        return sum(now - person.seen < 120 for person in self.students.values())


class ClassFullError(RuntimeError):
    """Nobody more can join."""


def is_here(address: str) -> bool:
    """Whether an address is this machine's own loopback."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return bool((mapped or found).is_loopback)
