"""Pages are made the quickest first, each named when it is there; a failure stops no other."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from uphold.pipeline.making import Making, in_order, to_run
from uphold.pipeline.stage_graph import StageFailed
from uphold.pipeline.stage_seconds import Foreseen

NEEDS = {
    "prepare@x": [],
    "prepare@y": [],
    "train@long": ["prepare@x"],
    "train@short": ["prepare@x"],
    "train@after": ["prepare@y", "train@long"],
    "register": [],
    "report@long": ["train@long", "register"],
    "report@short": ["train@short", "register"],
    "report@after": ["train@after", "register"],
    "index": [],
}
SECONDS = {
    "prepare@x": 20.0,
    "prepare@y": 10.0,
    "train@long": 300.0,
    "train@short": 100.0,
    "train@after": 30.0,
    "report@long": 10.0,
    "report@short": 10.0,
    "report@after": 10.0,
    "index": 5.0,
}
WRITEUPS = ["report@long", "report@short", "report@after"]
PATHS = {stage: Path(f"site/{stage.partition('@')[2] or stage}.html") for stage in NEEDS}


@dataclass
class Machine:
    """Stages that take the recorded seconds, times how slow the machine is."""

    stale: set[str] = field(default_factory=lambda: set(NEEDS))
    failing: tuple[str, ...] = ()
    slow: float = 1.0
    now: float = 0.0
    ran: list[str] = field(default_factory=list)
    needs: dict[str, list[str]] = field(default_factory=lambda: NEEDS)

    def always(self, stage: str) -> bool:
        return stage == "register"

    def out_of_date(self, stage: str) -> bool:
        return stage in self.stale or self.always(stage)

    def run(self, stage: str) -> None:
        assert stage in self.stale and all(other not in self.stale for other in NEEDS[stage])
        self.now += self.slow * SECONDS.get(stage, 1.0)
        if stage in self.failing:
            raise StageFailed(f"{stage}: failed to run")
        self.ran.append(stage)
        self.stale.discard(stage)


def made(machine: Machine, seconds: dict[str, float] = SECONDS) -> tuple[Making, list[str]]:
    """Make all pages; return what came of it and what was said of pages."""
    said: list[str] = []
    waiting, foreseen = to_run(machine), Foreseen(seconds)
    making = Making(machine, foreseen, said.append, lambda: machine.now, dict.fromkeys(waiting))
    order = [*in_order(machine, WRITEUPS, waiting, foreseen), "index"]
    making.pages(order, PATHS)
    return making, [line for line in said if line.partition(",")[0] not in NEEDS]


def test_pages_come_the_quickest_first_and_what_they_share_is_counted_once():
    machine = Machine()
    _, said = made(machine)
    assert said == [
        "To be made, about 8 minutes: short, long, after, index.",
        "short is finished: site/short.html. 3 left, about 6 minutes.",
        "long is finished: site/long.html. 2 left, about 55 s.",
        "after is finished: site/after.html. 1 left, about 5 s.",
        "index is finished: site/index.html.",
    ]
    assert sorted(machine.ran) == sorted(set(NEEDS))


def test_a_page_that_is_up_to_date_is_said_to_be_so():
    machine = Machine(stale={"register", "train@after", "report@after"})
    _, said = made(machine)
    assert said == [
        "To be made, about 40 s: after.",
        "long is up to date: site/long.html. 1 left, about 40 s.",
        "short is up to date: site/short.html. 1 left, about 40 s.",
        "after is finished: site/after.html.",
        "index is up to date: site/index.html.",
    ]


def test_a_page_is_made_again_where_what_always_runs_answers_otherwise():
    class Committed(Machine):
        def run(self, stage: str) -> None:
            super().run(stage)
            if stage == "register":
                self.stale.add("report@long")

    _, said = made(Committed(stale={"register"}))
    assert "long is finished: site/long.html." in said
    assert "short is up to date: site/short.html." in said


def test_what_needs_a_stage_that_failed_is_named_and_the_others_are_made():
    machine = Machine(failing=("train@long",))
    making, said = made(machine)
    assert making.failed == dict.fromkeys(
        ["train@long", "report@long", "train@after", "report@after"], "train@long"
    )
    assert said[2:] == [
        "train@long: failed to run",
        "long cannot be made: train@long failed. 1 left, about 5 s.",
        "after cannot be made: train@long failed. 1 left, about 5 s.",
        "index is finished: site/index.html.",
    ]


def test_no_time_is_named_where_none_is_known_and_pages_keep_their_order():
    _, said = made(Machine(), {})
    assert said == [
        "To be made: long, short, after, index.",
        "long is finished: site/long.html. 3 left.",
        "short is finished: site/short.html. 2 left.",
        "after is finished: site/after.html. 1 left.",
        "index is finished: site/index.html.",
    ]


def test_what_waits_for_a_stage_that_is_out_of_date_waits_with_it():
    assert to_run(Machine(stale={"train@long"})) == [
        "train@long",
        "train@after",
        "report@long",
        "report@after",
    ]
    assert to_run(Machine(stale={"train@long", "index"}), ["report@short", "index"]) == ["index"]


@pytest.mark.parametrize("slow", [0.25, 1.0, 4.0])
def test_after_a_tenth_the_time_left_is_right_within_a_factor_of_2(slow):
    machine = Machine(slow=slow)
    foreseen, told = Foreseen(SECONDS), []

    def say(line: str) -> None:
        told.append((machine.now, foreseen.of(making.waiting)))

    making = Making(machine, foreseen, say, lambda: machine.now, dict.fromkeys(to_run(machine)))
    making.pages([*WRITEUPS, "index"], PATHS)
    late = [(now, left) for now, left in told if machine.now / 10 <= now < machine.now - 1e-9]
    assert len(late) > 5
    for now, left in late:
        assert (machine.now - now) / 2 <= left + 1 * slow <= 2 * (machine.now - now) + 2 * slow


def test_interrupted_nothing_more_is_run_and_what_ran_is_known():
    class Interrupted(Machine):
        def run(self, stage: str) -> None:
            if stage == "train@short":
                raise KeyboardInterrupt
            super().run(stage)

    machine = Interrupted()
    making = Making(machine, Foreseen({}), lambda line: None, lambda: machine.now)
    with pytest.raises(KeyboardInterrupt):
        making.pages(["report@short", "report@long"], PATHS)
    assert machine.ran == ["prepare@x"] and list(making.seconds) == ["prepare@x"]
