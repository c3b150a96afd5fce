"""Runs done, runs left and the time left, as plain lines where there is no terminal."""

from uphold.pipeline import progress
from uphold.training.contract import Result, RunSettings, Task


class Settings(RunSettings):
    epochs: int


def steps(*each: tuple[int, float]) -> list[progress.Step]:
    """Return runs that have ended: their epochs and seconds."""
    done = Result({}, {})
    return [(Task(Settings(epochs=e), n), done, s) for n, (e, s) in enumerate(each)]


def test_every_step_is_passed_on_and_the_last_line_says_all(capsys):
    given = steps((1, 1.0), (1, 1.5), (1, 2.0))
    assert list(progress.track(iter(given), [task for task, *_ in given])) == given
    assert capsys.readouterr().out.splitlines() == ["  3 of 3 runs trained"]


def test_lines_come_now_and_then_with_the_time_that_is_left(capsys, monkeypatch):
    # The clock is read once at the start and once after each step.
    clock = iter([0.0, 19.0, 25.0, 31.0, 60.0])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(clock))
    given = steps((3, 18.0), (3, 6.0), (3, 6.5), (1, 2.0))
    list(progress.track(given, [task for task, *_ in given]))
    assert capsys.readouterr().out.splitlines() == [
        "  1 of 4 runs trained",
        "  3 of 4 runs trained, about 2 s left",
        "  4 of 4 runs trained",
    ]
