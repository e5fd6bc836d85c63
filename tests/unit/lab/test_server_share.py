"""Who is who: the token is worth something on this machine alone, codes are slowed down, and what is remembered is bounded."""

import pytest

from analysis.lab.server import share
from analysis.lab.server.share import (
    FREE_TRIES,
    LONGEST_IN_ALL,
    LONGEST_WAIT,
    MOST_ADDRESSES,
    STUDENT,
    TEACHER,
    ClassFullError,
    Share,
    Slowing,
    TooSoonError,
    is_here,
)

HERE, ELSEWHERE = "127.0.0.1", "192.168.1.20"


class Time:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(("address", "here"), [
    ("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("::ffff:127.0.0.1", True), ("192.168.1.2", False), ("::ffff:10.0.0.1", False),
    ("", False), ("testclient", False),
])  # fmt: skip
def test_what_counts_as_this_machine(address: str, here: bool) -> None:
    assert is_here(address) is here


def test_the_teacher_has_the_token_and_comes_from_this_machine() -> None:
    own = Share(True)
    token = own.teacher.token
    found = own.person(HERE, token)
    assert found is not None
    assert found.role == TEACHER
    assert own.person(ELSEWHERE, token) is None
    assert own.person(HERE, "") is None
    assert own.person(HERE, token[:-1]) is None
    assert Share(True).teacher.token != token


def test_a_student_comes_in_with_the_code_and_with_nothing_else() -> None:
    own = Share(True)
    assert own.join(ELSEWHERE, "WRONG!") is None
    student = own.join(ELSEWHERE, f" {own.code.lower()} ")
    assert student is not None
    assert student.role == STUDENT
    assert own.person("10.0.0.9", student.token) is student
    assert own.person(ELSEWHERE, own.code) is None


def test_a_lab_that_is_not_shared_lets_nobody_in() -> None:
    own = Share(False)
    assert own.code == ""
    assert own.join(HERE, "") is None
    assert own.join(HERE, "x") is None


def test_wrong_codes_of_an_address_wait_longer_each_time_and_others_do_not() -> None:
    time = Time()
    slowing, waits = Slowing(time), list[float]()
    for _ in range(FREE_TRIES):
        slowing.check(ELSEWHERE)
        slowing.wrong(ELSEWHERE)
    for _ in range(12):
        slowing.check(ELSEWHERE)
        slowing.wrong(ELSEWHERE)
        with pytest.raises(TooSoonError) as soon:
            slowing.check(ELSEWHERE)
        waits.append(soon.value.seconds)
        slowing.check("10.0.0.1")
        time.now += soon.value.seconds
    assert waits[:4] == [1.0, 2.0, 4.0, 8.0]
    assert max(waits) == LONGEST_WAIT
    slowing.right(ELSEWHERE)
    slowing.wrong(ELSEWHERE)
    slowing.check(ELSEWHERE)


def test_many_addresses_together_are_slowed_too_and_memory_is_bounded() -> None:
    time = Time()
    slowing = Slowing(time)
    for number in range(5 * MOST_ADDRESSES):
        slowing.wrong(f"10.0.{number // 250}.{number % 250}")
    assert len(slowing.tries) == MOST_ADDRESSES
    with pytest.raises(TooSoonError) as soon:
        slowing.check("10.9.9.9")
    assert 0 < soon.value.seconds <= LONGEST_IN_ALL
    time.now += LONGEST_IN_ALL
    slowing.check("10.9.9.9")
    time.now += 3600
    slowing.wrong("10.9.9.9")
    slowing.check("10.8.8.8")


def test_while_an_address_waits_its_right_code_waits_too() -> None:
    time = Time()
    own = Share(True, time)
    for _ in range(FREE_TRIES + 1):
        own.join(ELSEWHERE, "WRONG")
    with pytest.raises(TooSoonError):
        own.join(ELSEWHERE, own.code)
    time.now += 1.0
    assert own.join(ELSEWHERE, own.code) is not None


def test_a_full_class_lets_in_who_comes_when_others_were_away_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(share, "MOST_STUDENTS", 3)
    time = Time()
    own = Share(True, time)
    students = [own.join(ELSEWHERE, own.code) for _ in range(3)]
    with pytest.raises(ClassFullError):
        own.join(ELSEWHERE, own.code)
    time.now += share.AWAY - 1
    assert students[1] is not None
    assert own.person(ELSEWHERE, students[1].token) is students[1]
    time.now += 2
    assert own.join(ELSEWHERE, own.code) is not None
    assert own.person(ELSEWHERE, students[1].token) is students[1]
    assert students[0] is not None
    assert own.person(ELSEWHERE, students[0].token) is None
    assert own.here() == 2
