"""No process works on for a parent that has ended, however it ended.

In: nothing; called once in a process that `multiprocessing` began. Promised: it ends at once when
its parent does, whatever it is doing.
"""

import os
import threading
from multiprocessing import parent_process
from multiprocessing.connection import wait


def end_with_parent() -> None:
    """Watch, beside what this process does, for the end of its parent."""
    threading.Thread(target=_await_end, daemon=True).start()


def _await_end() -> None:
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
