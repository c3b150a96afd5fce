"""Arithmetic by one thread: for results that are the same on any number of cores.

How many threads share a row of numbers decides which of them go through the vector unit, and with
it their last bit. Data are made, and runs trained, by one thread a process; one process a core is
also the faster division.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import torch


@contextmanager
def one_thread() -> Iterator[None]:
    """Let torch use one thread, and as many as before afterwards."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
