"""Memory that a step has freed is kept for the next one.

The C library hands large blocks back to the system as soon as they are free, and the system clears
every page of the next one: a third of the time of a step of a small network. Kept, they cost
nothing; a process stays as large as its largest step. No number changes.
"""

import ctypes
import sys

# Of mallopt(3): what is at the top of the heap is trimmed beyond, and mapped by itself beyond.
TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3
KEPT = 2**30
LARGEST_ON_THE_HEAP = 2**25  # the largest that the library takes


def keep_freed_memory() -> None:
    """Let this process keep up to a gigabyte of freed memory, where the C library is GNU's."""
    if sys.platform != "linux":
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(MMAP_THRESHOLD, LARGEST_ON_THE_HEAP)
        mallopt(TRIM_THRESHOLD, KEPT)
