"""The faults, and what came of one that was tried many times."""

import errno
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

FAULTS: Mapping[str, tuple[str, int]] = {
    "killed": ("kill", 0),
    "disk full from there on (ENOSPC)": ("full", errno.ENOSPC),
    "one call fails (EIO)": ("once", errno.EIO),
    "every call fails from there on (EIO)": ("for good", errno.EIO),
    "one call interrupted (EINTR)": ("once", errno.EINTR),
}
POWER = "loss of power"
TEMPORARY = "temporary files: "
"""Before the name of a fault: it came to a call that writes outside the repository."""
OF_MUTANTS = "ways of writing that lose"
"""In place of a case: what was found of ways of writing that have to be found."""


class Run(Protocol):
    """A run of a stage that has ended."""

    seconds: float
    megabytes: float


@dataclass
class Count:
    """What came of one fault in one case.

    Attributes
    ----------
    steps : int
        At so many steps the fault may come; of a loss of power, the states that it may leave.
    tried : int
    wrong : list of str
        What was wrong in which trial.
    seconds, megabytes : float
        Of the longest and of the largest trial, the run after the fault included.
    """

    steps: int = 0
    tried: int = 0
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0
    megabytes: float = 0.0

    def add(self, wrong: Sequence[str], where: str, *runs: Run | None) -> None:
        """Count a trial."""
        self.tried += 1
        self.wrong += [f"{where}: {what}" for what in wrong]
        self.seconds = max(self.seconds, sum(run.seconds for run in runs if run))
        self.megabytes = max([self.megabytes, *(run.megabytes for run in runs if run)])
