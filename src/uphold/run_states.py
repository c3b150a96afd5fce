"""Words for how a run ended, as trackers and people write them, in lower case."""

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
