"""What of a machine a run takes, and how many runs fit on it at once.

A lane takes what one of its runs takes: its runs follow one another, or share a core or a GPU.
"""

import math
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from uphold.errors import InputError
from uphold.format import counted
from uphold.training.contract import Resources

GB = 10**9
CGROUP_LIMITS = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)
"""Where Linux tells how much memory a container may use; without a limit not a number, or a huge
one."""
ROUNDING = 1e-9
"""What a third of a GPU, three times, may lack of a whole one."""


@dataclass(frozen=True)
class Machine:
    """What a machine has.

    Attributes
    ----------
    cores : tuple of int
        The cores that may be used, by their numbers.
    memory_gb : float
        Memory in GB (10⁹ bytes).
    gpus : tuple of str
        Its GPUs, as ``CUDA_VISIBLE_DEVICES`` names them.
    """

    cores: tuple[int, ...]
    memory_gb: float
    gpus: tuple[str, ...] = ()


@dataclass(frozen=True)
class Share:
    """What of a machine one worker has; a part that is empty is not told it.

    Attributes
    ----------
    cores : tuple of int
    gpus : tuple of str
    """

    cores: tuple[int, ...] = ()
    gpus: tuple[str, ...] = ()

    def take(self) -> None:
        """Keep this process, and those that it starts, to the share. No GPU may be in use yet."""
        if self.cores and hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(0, self.cores)
        if self.gpus:
            os.environ["CUDA_VISIBLE_DEVICES"] = ",".join(self.gpus)


def here(resources: Resources) -> Machine:
    """Return what this machine has, and this process may use; GPUs only where runs take one."""
    affinity = getattr(os, "sched_getaffinity", None)
    cores = sorted(affinity(0)) if affinity else range(os.cpu_count() or 1)
    return Machine(tuple(cores), _memory() / GB, tuple(_gpus()) if resources.gpus else ())


def fits(machine: Machine, resources: Resources) -> int:
    """Return how many runs fit on a machine at once.

    Raises
    ------
    InputError
        Where none does.
    """
    check(resources)
    held = how_many(machine, resources)
    if not held:
        has = [
            counted(len(machine.cores), "core"),
            f"{machine.memory_gb:.1f} GB of memory",
            counted(len(machine.gpus), "GPU"),
        ]
        raise InputError(
            f"A run takes {told(resources)}, and this machine has {', '.join(has)}: train on "
            "another one, or let the study's resources be less."
        )
    return held


def how_many(machine: Machine, resources: Resources) -> int:
    """Return how many runs fit on a machine at once, also none."""
    cores = len(machine.cores) // resources.cores
    memory = machine.memory_gb // resources.memory_gb if resources.memory_gb else math.inf
    return int(min(cores, memory, _by_gpus(machine, resources)))


def one_by_one(resources: Resources, device: str) -> bool:
    """Return whether lanes follow one another: on a GPU each fills it unless a run takes a part."""
    return device != "cpu" and not resources.gpus


def told(resources: Resources) -> str:
    """Return what a run takes, in words."""
    parts = [counted(resources.cores, "core")]
    if resources.memory_gb:
        parts.append(f"{resources.memory_gb} GB of memory")
    if resources.gpus:
        whole = resources.gpus >= 1
        parts.append(counted(int(resources.gpus), "GPU") if whole else f"{resources.gpus} of a GPU")
    return " and ".join((", ".join(parts[:-1]), parts[-1])) if parts[1:] else parts[0]


def check(resources: Resources) -> None:
    """Refuse resources that no machine could give."""
    gpus = resources.gpus or 0
    if resources.cores < 1 or gpus < 0 or (resources.memory_gb or 0) < 0:
        raise InputError(
            f"A run takes a core at least, and no less than nothing of the rest: {resources}."
        )
    if gpus > 1 and gpus != int(gpus):
        raise InputError(
            f"A run takes a part of one GPU or whole ones, and not {resources.gpus}: change the "
            "study's resources."
        )


def shares(machine: Machine, resources: Resources, workers: int) -> Sequence[Share]:
    """Return what each of so many workers has of a machine.

    A run of one core is left to the kernel, which moves it where there is room.
    """
    return [
        Share(
            machine.cores[number * resources.cores : (number + 1) * resources.cores]
            if resources.cores > 1
            else (),
            _gpus_of(machine, resources.gpus or 0, number),
        )
        for number in range(workers)
    ]


def _gpus_of(machine: Machine, gpus: float, number: int) -> tuple[str, ...]:
    if not gpus:
        return ()
    if gpus < 1:
        return (machine.gpus[number % len(machine.gpus)],)
    whole = int(gpus)
    return machine.gpus[number * whole : (number + 1) * whole]


def _by_gpus(machine: Machine, resources: Resources) -> float:
    if not resources.gpus:
        return math.inf
    if resources.gpus < 1:
        return len(machine.gpus) * int(1 / resources.gpus + ROUNDING)
    return len(machine.gpus) // int(resources.gpus)


def _memory() -> float:
    """Return the bytes of memory that there are, or that this container may use."""
    found = [math.inf]
    with suppress(ValueError, OSError, AttributeError):  # not on every system
        found.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    for path in CGROUP_LIMITS:
        with suppress(ValueError, OSError):
            found.append(int(path.read_text()))
    return min(found)


def _gpus() -> list[str]:
    """Return the GPUs that may be used, also those that torch here was not built for."""
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    if visible is not None:
        return [name for name in visible.split(",") if name not in ("", "-1")]
    import torch

    devices = len(list(Path("/dev").glob("nvidia[0-9]*")))
    return [str(number) for number in range(torch.cuda.device_count() or devices)]
