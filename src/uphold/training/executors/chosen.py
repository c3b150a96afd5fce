"""The executor that settings mean; ray and submitit are imported by their own alone."""

from pathlib import Path

from uphold.errors import InputError
from uphold.training.executors.elsewhere import Proof, no_proof
from uphold.training.executors.local import Local
from uphold.training.executors.ray import Ray
from uphold.training.executors.seam import Executor
from uphold.training.executors.settings import ExecutorSettings
from uphold.training.executors.slurm import Slurm


def executor(
    settings: ExecutorSettings,
    *,
    processes: int | None = None,
    place: Path = Path(),
    proof: Proof = no_proof,
    packages: tuple[str, ...] = ("uphold",),
) -> Executor:
    """Return the executor that is meant.

    Parameters
    ----------
    settings : ExecutorSettings
    processes : int, optional
        How many processes train at once on this machine, at most.
    place : Path
        A folder of this repository's where Slurm's jobs leave what they write.
    proof : callable
        What tells that the code on another machine is this process's.
    packages : tuple of str
        What code is sent to machines that may not see it.

    Raises
    ------
    InputError
        Where a number of processes is given for other machines.
    """
    if settings.name == "local":
        return Local(processes)
    if processes is not None:
        raise InputError(
            f"--workers says how many processes train on this machine, and not on {settings.name}: "
            "leave it out; how many lanes train at once follows from what the study's runs take."
        )
    if settings.name == "ray":
        return Ray(settings.address or None, proof, packages)
    return Slurm(place, settings.partition, settings.array_limit, settings.minutes, proof)
