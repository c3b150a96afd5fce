"""Lanes on worker processes of this machine, or one after the other in this process.

On a CPU there is one process a core, each with one thread, or fewer where runs take more; on a GPU,
where a lane fills the device, lanes follow one another in this process, unless the study says how
much of a GPU a run takes. Which of these it is changes no result.
"""

from collections.abc import Generator
from dataclasses import dataclass

from uphold.training import devices
from uphold.training.attempts import attempt
from uphold.training.contract import Resources
from uphold.training.executors import fitting
from uphold.training.executors.seam import Ended, Work
from uphold.training.workers import train_on_workers


@dataclass(frozen=True)
class Local:
    """Trains on this machine.

    Attributes
    ----------
    processes : int or None
        How many processes train at once, at most; by default as many as fit.
    """

    processes: int | None = None

    def device(self, resources: Resources) -> str:
        """Return a GPU where there is one, unless it is said how many runs take."""
        if resources.gpus is None:
            return devices.choose()
        return "cuda" if resources.gpus else "cpu"

    def workers(self, resources: Resources, device: str) -> int:
        """Return how many processes there are; see `Executor`."""
        del device
        fit = fitting.fits(fitting.here(resources), resources)
        return min(self.processes or fit, fit)

    def submit(self, work: Work) -> Generator[Ended, None, None]:
        """Train lanes; see `Executor`. Workers begin when this is called."""
        resources = work.study.resources
        fit = self.workers(resources, work.device)
        count = 1 if fitting.one_by_one(resources, work.device) else min(fit, len(work.lanes))
        shares = fitting.shares(fitting.here(resources), resources, count)
        if count == 1 and shares == [fitting.Share()]:
            return _in_this_process(work)
        return train_on_workers(work, shares)


def _in_this_process(work: Work) -> Generator[Ended, None, None]:
    training = work.study.module("training")
    for lane in work.lanes:
        yield lane, attempt(training, lane, work.data, work.device)
