"""Runs done, runs left and the time left, as plain lines where there is no terminal."""

from uphold.pipeline import progress


def test_every_step_is_passed_on_and_the_last_line_says_all(capsys):
    assert list(progress.track(iter("abc"), 3)) == ["a", "b", "c"]
    answer = capsys.readouterr().out.splitlines()
    assert answer == ["  3 of 3 runs trained, about 0 s left"]


def test_lines_come_now_and_then_with_the_time_that_is_left(capsys, monkeypatch):
    # The clock is read once at the start and once after each step.
    clock = iter([0.0, 20.0, 25.0, 40.0, 80.0])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(clock))
    list(progress.track(range(4), 4))
    assert capsys.readouterr().out.splitlines() == [
        "  1 of 4 runs trained, about 60 s left",
        "  3 of 4 runs trained, about 13 s left",
        "  4 of 4 runs trained, about 0 s left",
    ]
