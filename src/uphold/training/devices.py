"""Where runs are trained: the device, the number of worker processes, the threads of each."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import torch

from uphold.errors import InputError


def choose(device: str | None = None) -> str:
    """Return the device to train on.

    Parameters
    ----------
    device : str, optional
        ``"cpu"``, ``"cuda"`` or ``"cuda:1"``. By default a GPU where there is one.

    Raises
    ------
    InputError
        If a GPU is asked for and none can be used.
    """
    if device is None:
        return "cuda" if torch.cuda.is_available() else "cpu"
    try:
        kind = torch.device(device).type
    except RuntimeError:
        kind = "unknown"
    if kind not in ("cpu", "cuda"):
        raise InputError(f"Runs cannot be trained on {device!r}: say 'cpu' or 'cuda'.")
    if kind == "cuda" and not torch.cuda.is_available():
        raise InputError(f"No GPU can be used for {device!r}. Train on 'cpu' instead.")
    return "cpu" if kind == "cpu" else device


def cores() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def one_thread() -> Iterator[None]:
    """Let torch use one thread within the block: one process a core is the faster division."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
