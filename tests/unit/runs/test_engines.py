"""Worker processes: results of all tasks, also where a worker dies or a task fails; kept from one list to the next."""

import os
from pathlib import Path

import pytest

from sim.cli.command import status_of
from sim.runs.engines import Crew, kept_workers, run_all


def square(number: int) -> int:
    return number * number


def process(number: int) -> tuple[int, int]:
    return number, os.getpid()


def die_once(file: Path) -> str:
    if not file.exists():
        file.touch()
        os._exit(1)
    return file.name


def fail_at_two(number: int) -> int:
    if number == 2:
        raise ValueError("two")
    return number


def test_a_crew_serves_list_after_list_with_the_same_processes() -> None:
    with kept_workers(2):
        lists = [dict(run_all("process", process, range(4), 2)) for _ in range(2)]
        assert all(sorted(found) == [0, 1, 2, 3] for found in lists)
        workers = {worker for found in lists for worker in found.values()}
        assert len(workers) <= 2
        assert os.getpid() not in workers
    alone = set(dict(run_all("process", process, range(4), 2)).values())
    assert not alone & workers


def test_what_a_dead_worker_had_in_hand_is_tried_again(tmp_path: Path) -> None:
    files = [tmp_path / name for name in "ab"]
    with Crew(2) as crew:
        assert sorted(crew.run(die_once, files)) == ["a", "b"]
        assert sorted(crew.run(square, [2, 3])) == [4, 9]


def test_a_failing_task_is_raised_and_the_crew_goes_on() -> None:
    with Crew(2) as crew:
        with pytest.raises(ValueError, match="two"):
            list(crew.run(fail_at_two, [2, 2, 2, 2]))
        assert sorted(crew.run(fail_at_two, [1, 3])) == [1, 3]


def test_one_process_is_enough_for_the_serial_engine() -> None:
    assert {worker for _, worker in run_all("serial", process, range(3), 2)} == {os.getpid()}


@pytest.mark.parametrize(("cause", "status"), [(KeyboardInterrupt(), 130), (ValueError("x"), 1), (None, 1)])
def test_an_interrupt_behind_an_error_is_an_interrupt(
    cause: BaseException | None, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """As when it comes while compiled code hands its arrays back."""

    def command() -> None:
        raise SystemError("returned a result with an exception set") from cause

    assert status_of(command) == status
    assert ("interrupted; the same command goes on" in capsys.readouterr().err) == (status == 130)
