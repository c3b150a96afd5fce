"""The fault campaign: each stage, under each fault, at each of its steps; what then came of it.

Run as a script under the shim, by `campaign` of ``running.py``::

    python campaign.py FOLDER "CASE[;CASE…]" [--few N] [--faults "FAULT[;FAULT…]"] [--mutant NAME]

It prints JSON: for each case and fault how often it was tried, what went wrong, and the longest and
largest trial. After each fault the outputs are what they were or what they become, each of them as
a whole; a fault that did not kill was overcome, or was told in one message that names a place; and
the stage, run again, leaves what it leaves undisturbed, byte for byte.
"""

import argparse
import contextlib
import json
import os
import random
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import nullcontext, redirect_stdout
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from io import StringIO
from pathlib import Path, PurePosixPath

from uphold import processor

processor.pin()  # before anything loads numpy

import stages  # noqa: E402
import trials  # noqa: E402
from counts import FAULTS, POWER, TEMPORARY, Count  # noqa: E402
from mutants import MUTANTS  # noqa: E402
from pages import remembered  # noqa: E402
from power import FOLDER, LINK, Recorded, Tree  # noqa: E402
from stages import CASES, Case, compared, tree  # noqa: E402
from trials import Ended, Place, command  # noqa: E402

from uphold.disk import PARTIAL  # noqa: E402
from uphold.pipeline.digest import MARKER  # noqa: E402

OF_TEMPORARY = ("disk full from there on (ENOSPC)", "one call fails (EIO)")
"""Killed there, a stage leaves in the repository what it leaves when killed at its next step."""
FEW_FOR_GOOD = 10
"""At so many steps every call fails from there on: a step later, that is nearly the same."""
FEW_TEMPORARY = 6
"""At so many of these steps a fault is tried: pages are then made in full, for seconds each."""


class Tried:
    """One case: what it leaves undisturbed, and what it leaves after faults."""

    def __init__(self, place: Place, case: Case) -> None:
        self.place, self.case, self.name = place, case, case.name.replace(" ", "-")
        self.work = command(case.command)
        place.back(self.name)
        self.raw = tree(place.root)
        self.before = compared(self.raw)
        place.watch(place.watched)
        place.control.arm(record=True)
        ended = place.run(command(case.command, trials.telling_what_is_kept))
        if ended.status:
            raise AssertionError(f"{case.name} fails undisturbed: {ended.said}")
        self.steps, self.left = place.control.recorded(), tree(place.root)
        self.expected = compared(self.left)
        self._again: dict[int, tuple[list[str], Ended]] = {}
        self._counts: dict[bool, int] = {}

    def under(
        self, fault: str, few: int | None, chance: random.Random, *, temporary: bool
    ) -> Count:
        """Try a fault at every step, or at a few, in the repository or in temporary files."""
        kind, error = FAULTS[fault]
        self.place.watch(self.place.temporary if temporary else self.place.root)
        count = Count(self._counted(temporary))
        for at in _some(range(1, count.steps + 1), few, chance):
            self.place.back(self.name)
            self.place.control.arm(kind, at, error)
            ended = self.place.run(self.work, leads=True)
            if not self.place.control.came:
                continue
            found = tree(self.place.root)
            wrong = [*self._partly(compared(found)), *self._told(kind, ended)]
            again, rerun = self._run_again(found)
            count.add([*wrong, *again], f"step {at}", ended, rerun)
        return count

    def without_power(self, few: int | None, chance: random.Random) -> Count:
        """Lose power at every moment; go on from what the disk may hold then."""
        recorded = Recorded(self.raw, self.steps, str(self.place.root))
        states = recorded.states(seed=chance.randrange(2**32))
        count = Count(len(states))
        for moment, state in _some(states, few, chance):
            lay(self.place, self.raw, self.name, state)
            wrong = [*self._partly(compared(state)), *self._lost(state, recorded.said(moment))]
            again, rerun = self._run_again(state)
            count.add([*wrong, *again], f"after step {moment}", rerun)
        return count

    @property
    def writes_temporary(self) -> bool:
        """Whether the stage writes outside the repository: pages are made there."""
        return any(step.path.startswith(str(self.place.temporary)) for step in self.steps)

    def make(self) -> None:
        """Run the stage in this process, from where it begins."""
        self.place.back(self.name)
        with contextlib.chdir(self.place.root), redirect_stdout(StringIO()):
            self.work()

    def _counted(self, temporary: bool) -> int:
        """Return how many steps there are, also those that are refused (a folder is there)."""
        if temporary not in self._counts:
            self.place.back(self.name)
            self.place.control.arm()
            self.place.run(self.work)
            self._counts[temporary] = self.place.control.count
        return self._counts[temporary]

    def _outputs(self) -> list[str]:
        return [name for name, content in self.expected.items() if content != FOLDER]

    def _partly(self, found: Tree) -> Iterator[str]:
        """Yield outputs that are neither as before nor as they become."""
        for name in self._outputs():
            whole = (None, self.before.get(name), self.expected[name])
            # The marker also has states in between, by which the next run goes.
            if not name.endswith(MARKER) and found.get(name) not in whole:
                yield f"{name} is there in part"

    def _lost(self, found: Tree, said: Sequence[str]) -> Iterator[str]:
        """Yield what was said to be there and is not."""
        kept = [mark.removeprefix("kept ") for mark in said if mark.startswith("kept ")]
        for name in self.left:
            gone = compared({name: found.get(name, b"gone")}) != compared({name: self.left[name]})
            if gone and "done" in said:
                yield f"{name} is not as the stage left it when it had ended"
            elif gone and any(f"/{key}/" in name for key in kept):
                yield f"{name} was kept and is lost"

    def _told(self, kind: str, ended: Ended) -> Iterator[str]:
        """Yield what is wrong with how a stage ended under a fault."""
        if kind == "kill":
            if ended.status != -signal.SIGKILL:
                said = self._anywhere(ended.said)[-500:]
                yield f"the stage outlived its kill: {ended.status}, {said}"
            return
        if ended.status == 0:
            yield from (f"it ended well, but {what}" for what in self._differs(self.place.root))
            return
        last = (ended.said.splitlines() or [""])[-1]
        if "Traceback" in ended.said or not last.startswith("error: "):
            yield f"no message: {self._anywhere(ended.said)[-1500:]}"
        elif not self._named(last):
            yield f"no place is named: {self._anywhere(last)}"

    def _anywhere(self, said: str) -> str:
        """Return what was said without where the framework and the trial lie on this machine."""
        for folder in (self.place.root, self.place.watched, stages.FRAMEWORK):
            said = said.replace(f"{folder}/", "")
        return said

    def _named(self, message: str) -> bool:
        words = [word.strip("'\"():,;").rstrip(".") for word in message.split()]
        tops = {name.partition("/")[0] for name in self.expected}
        ours = str(self.place.watched)
        return any(
            word.startswith(ours) or word.partition("/")[0] in tops or PARTIAL in word
            for word in words
        )

    def _run_again(self, found: Tree) -> tuple[list[str], Ended | None]:
        """Run the stage again from what lies there; the same is run once."""
        digest = hash(tuple(sorted(compared(found).items())))
        if digest in self._again:
            return self._again[digest][0], None
        ended = self.place.run(self.work)
        wrong = [f"run again, {what}" for what in self._differs(self.place.root, ended.said)]
        # Where all is there, it may refuse to begin: `export` makes no folder that exists.
        if ended.status and wrong:
            wrong.append(f"run again, it fails: {self._anywhere(ended.said)[-500:]}")
        self._again[digest] = wrong, ended
        return wrong, ended

    def _differs(self, root: Path, said: str | None = None) -> Iterator[str]:
        found = compared(tree(root))
        for name in sorted(self.expected.keys() | found.keys()):
            if found.get(name) == self.expected.get(name):
                continue
            if name not in self.expected and PARTIAL in name:
                if said is None or self._accounted(root, name, said):
                    continue
                yield f"{name} is left for good"
            else:
                yield f"{name} is {'not ' * (name not in found)}there, or is not as it should be"

    def _accounted(self, root: Path, name: str, said: str) -> bool:
        """Whether what a killed process left is named by the next, or is pruned."""
        from uphold.pipeline.journal import Journal

        path = PurePosixPath(name)
        partial = [p for p in (path, *path.parents) if p.name.endswith(PARTIAL)][-1]
        return str(partial) in said or root / partial in Journal(stages.journal(root)).prunable([])


def lay(place: Place, before: Tree, name: str, state: Tree) -> None:
    """Make the repository what a loss of power has left."""
    place.back(name)
    for gone in sorted(before.keys() - state.keys(), reverse=True):
        path = place.root / gone
        if before[gone] == FOLDER:
            path.rmdir()  # what was in it is gone already
        else:
            path.unlink()
    for there, content in sorted(state.items()):
        path = place.root / there
        if before.get(there) == content:
            continue
        if content == FOLDER:
            path.mkdir()
        elif content.startswith(LINK):
            path.symlink_to(os.fsdecode(content[1:]))
        else:
            path.write_bytes(content)


def _some(all_of_them, few: int | None, chance: random.Random) -> list:
    them = list(all_of_them)
    if few is None or len(them) <= few:
        return them
    return [them[k] for k in sorted(chance.sample(range(len(them)), few))]


def prepared(place: Place, wanted: Sequence[str], mutant: str = "") -> list[Tried]:
    """Lay out the repository, bring it to where each case begins, and import what all need."""
    place.root.rmdir()
    sys.path.insert(0, str(place.root / "src"))
    paths = [str(place.root / "src"), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    os.environ["PYTHONPATH"] = os.pathsep.join(paths)
    stages.laid_out(place.root)
    needing = [n for n, case in enumerate(CASES) if case.name in wanted and case.needs]
    last = max(needing, default=-1)
    if last >= 0:
        warm()
    for number, case in enumerate(CASES):
        if case.name not in wanted and not (case.follows and number < last):
            continue
        kept = case.name.replace(" ", "-")
        place.keep(f"{kept}-0")
        if case.before:
            case.before(place.root)
        place.keep(kept)
        ended = trials.import_all(place, command(case.command))
        if ended.status:
            raise AssertionError(f"{case.name} fails undisturbed: {ended.said}")
        if not case.follows:
            place.back(f"{kept}-0")
    MUTANTS.get(mutant, lambda: None)()
    return [Tried(place, case) for case in CASES if case.name in wanted]


def warm() -> None:
    """Compute once what every trial would compute anew, and stand in for an installation."""
    from uphold.pipeline.stages import export
    from uphold.pipeline.stages.train import code_of
    from uphold.pipeline.study import find
    from uphold.training import probe

    code_of(find(stages.STUDY))
    probe.computed("cpu")
    with contextlib.suppress(PackageNotFoundError):
        version("uphold")
        return
    export.version = lambda name: "not installed" if name == "uphold" else version(name)


def main() -> None:
    """Try what is asked for, and print what was found."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("cases", type=lambda text: text.split(";"))
    parser.add_argument("--few", type=int)
    parser.add_argument("--states", type=int)
    parser.add_argument("--faults", type=lambda text: text.split(";"), default=[*FAULTS, POWER])
    parser.add_argument("--mutant", choices=MUTANTS, default="")
    asked = parser.parse_args()
    place, chance = Place(asked.folder), random.Random(18)
    tried = prepared(place, asked.cases, asked.mutant)
    found: dict[str, dict[str, Count]] = {}
    for case in tried:  # before pages are made here: forks of a process with threads may hang
        counts = found[case.case.name] = {}
        for fault in OF_TEMPORARY if case.writes_temporary else ():
            if fault not in asked.faults:
                continue
            few = min(FEW_TEMPORARY, asked.few or FEW_TEMPORARY)
            counts[TEMPORARY + fault] = case.under(fault, few, chance, temporary=True)
    for case in tried:
        counts = found[case.case.name]
        with remembered(case.make) if case.writes_temporary else nullcontext():
            for fault in asked.faults:
                if fault == POWER:
                    counts[POWER] = case.without_power(asked.few or asked.states, chance)
                else:
                    few = asked.few or (FEW_FOR_GOOD if FAULTS[fault][0] == "for good" else None)
                    counts[fault] = case.under(fault, few, chance, temporary=False)
    print(json.dumps({name: {f: asdict(c) for f, c in of.items()} for name, of in found.items()}))


if __name__ == "__main__":
    main()
