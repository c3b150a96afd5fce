"""Where runs are trained: the device, and how many worker processes there can be."""

import os

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
