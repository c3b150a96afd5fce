"""Pages, one after the other, the quickest first: each is named as soon as it is finished.

In: stages that can be run, the page that each of some stages makes, how long stages are expected
to take. Out: the pages, a line about each. Promised: stages run in an order in which each finds
what it needs, and once each; a page that cannot be made keeps back only what needs the stage that
failed.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from uphold.format import duration
from uphold.pipeline.stage_graph import StageFailed
from uphold.pipeline.stage_seconds import Foreseen


class Stages(Protocol):
    """Stages, as far as making pages knows them: see `uphold.pipeline.stage_graph`."""

    @property
    def needs(self) -> Mapping[str, Sequence[str]]:
        """The stages, each with those whose outputs it reads."""

    def always(self, stage: str) -> bool:
        """Whether a stage runs each time."""

    def out_of_date(self, stage: str) -> bool:
        """Whether a stage would run now."""

    def run(self, stage: str) -> None:
        """Run a stage; raise StageFailed where it fails."""


def to_run(stages: Stages, targets: Iterable[str] | None = None) -> list[str]:
    """Return the stages that are out of date, or may be once what they need has run.

    With targets, only these and what they need are looked at.

    Those that always run are not among them: they mostly give the answer that they gave before.
    """
    found: set[str] = set()
    ends = stages.needs if targets is None else targets
    order = dict.fromkeys(stage for end in ends for stage in with_needs(stages, end))
    for stage in order:
        before = [other for other in stages.needs[stage] if not stages.always(other)]
        if found.intersection(before) or stages.out_of_date(stage):
            found.add(stage)
    return [stage for stage in order if stage in found and not stages.always(stage)]


def in_order(
    stages: Stages, pages: Iterable[str], waiting: Iterable[str], foreseen: Foreseen
) -> list[str]:
    """Return the stages of pages, those first whose page is made soonest after the ones before.

    What pages share is counted once. Where it is not known how long one takes, they keep their
    order.
    """
    left, still, ordered = list(pages), set(waiting), []
    while left:
        lengths = [foreseen.of(still.intersection(with_needs(stages, page))) for page in left]
        known = [length for length in lengths if length is not None]
        soonest = lengths.index(min(known)) if len(known) == len(lengths) else 0
        ordered.append(left.pop(soonest))
        still.difference_update(with_needs(stages, ordered[-1]))
    return ordered


@dataclass
class Making:
    """Pages as they are made.

    Attributes
    ----------
    stages : Stages
        What can be run.
    foreseen : Foreseen
        How long it takes.
    say : callable
        Takes lines.
    clock : callable
        Seconds.
    waiting : dict of str to None
        The stages that are left to run, as far as is known.
    seconds : dict of str to float
        The stages that have run, each with its wall seconds.
    failed : dict of str to str
        What cannot be made, each with the stage that failed.
    """

    stages: Stages
    foreseen: Foreseen
    say: Callable[[str], None]
    clock: Callable[[], float] = time.monotonic
    waiting: dict[str, None] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    _seen: set[str] = field(default_factory=set)

    def pages(self, order: Sequence[str], paths: Mapping[str, Path]) -> None:
        """Make pages in an order; say of each when it is there, what is left, and how long.

        Parameters
        ----------
        order : sequence of str
            The stages that make the pages.
        paths : mapping of str to Path
            The page of each.
        """
        missing = [page for page in order if page in self.waiting]
        if missing:
            names = ", ".join(paths[page].stem for page in missing)
            self.say(f"To be made{self._about(self._stages_of(missing))}: {names}.")
        for done, page in enumerate(order, start=1):
            self.target(page)
            left = [other for other in order[done:] if other in self.waiting]
            self.say(self._told(page, paths[page]) + self._left(left))

    def target(self, target: str) -> None:
        """Run what is out of date of a stage and of all that it needs, if it can be made still."""
        for stage in with_needs(self.stages, target):
            if target in self.failed:
                return
            if stage not in self._seen:
                self._seen.add(stage)
                if self.stages.out_of_date(stage):
                    self._run(stage)
                self.waiting.pop(stage, None)

    def _run(self, stage: str) -> None:
        self.say(f"{stage}{self._about([stage])}")
        started = self.clock()
        try:
            self.stages.run(stage)
        except StageFailed as error:
            self.say(f"{error}")
            for other in self.stages.needs:
                if stage in with_needs(self.stages, other):
                    self.failed.setdefault(other, stage)
                    self.waiting.pop(other, None)
        else:
            self.seconds[stage] = self.clock() - started
            self.foreseen.took(stage, self.seconds[stage])

    def _told(self, page: str, path: Path) -> str:
        if page in self.failed:
            return f"{path.stem} cannot be made: {self.failed[page]} failed."
        return f"{path.stem} is {'finished' if page in self.seconds else 'up to date'}: {path}."

    def _left(self, pages: Sequence[str]) -> str:
        return f" {len(pages)} left{self._about(self._stages_of(pages))}." if pages else ""

    def _stages_of(self, pages: Iterable[str]) -> set[str]:
        """Return the stages that pages wait for, each once."""
        needed = {stage for page in pages for stage in with_needs(self.stages, page)}
        return needed.intersection(self.waiting)

    def _about(self, stages: Iterable[str]) -> str:
        seconds = self.foreseen.of(stages)
        return "" if seconds is None else f", about {duration(seconds)}"


def with_needs(stages: Stages, target: str) -> list[str]:
    """Return a stage after all that it needs, directly or not."""
    needs, found = stages.needs, dict[str, None]()

    def visit(stage: str) -> None:
        if stage not in found:
            for other in needs[stage]:
                visit(other)
            found[stage] = None

    visit(target)
    return list(found)
