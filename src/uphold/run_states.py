"""How a run ended, as trackers and people write it: the words, and the columns that hold them."""

import re

import numpy as np
import pandas as pd

FINISHED = frozenset(
    {"finished", "completed", "complete", "ok", "success", "succeeded", "successful", "done"}
)
UNFINISHED = frozenset(
    {"crash", "crashed", "killed", "failed", "fail", "failure", "pruned", "running", "preempted"}
    | {"preempting", "error", "errored", "aborted", "cancelled", "canceled", "interrupted"}
    | {"timeout", "timed out", "out of memory", "oom", "node fail", "pending", "queued"}
    | {"scheduled", "in progress", "incomplete", "unfinished", "waiting"}
)
TO_COME = frozenset(
    {"running", "pending", "queued", "scheduled", "in progress", "incomplete", "unfinished"}
    | {"waiting", "preempting"}
)
"""Those of which a run may still finish."""

_CALLED = re.compile(r"(^|[._/\s-])(run[._\s-]?)?(state|status)$", re.IGNORECASE)


def called_states(name: str) -> bool:
    """Return whether a column is called as one of states."""
    return bool(_CALLED.search(name))


def holds_states(column: pd.Series) -> bool:
    """Return whether a column tells which runs did not finish: by its name, and by its words."""
    if not called_states(str(column.name)):
        return False
    words = set(state_words(column).tolist())
    return bool(words & UNFINISHED) and bool(words & FINISHED or words <= UNFINISHED)


def state_words(column: pd.Series) -> np.ndarray:
    """Return what a column says, shape (runs,), in small letters and without a class before it."""
    number, values = pd.factorize(column, use_na_sentinel=False)
    plainly = [re.sub(r"[_\s-]+", " ", str(v).rpartition(".")[2]).strip().lower() for v in values]
    return np.asarray(np.array(plainly, dtype=str)[number])
