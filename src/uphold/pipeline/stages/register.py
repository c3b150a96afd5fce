"""``register``: the repository's history → since when the claims of each study stand.

What comes in: the params as they stand, and git. What goes out: ``<study>.json``, which pages read.
Nothing tells DVC that something was committed, so this stage runs always; what it writes changes
with the answer alone, and pages are made again where it does. What is promised: where neither the
files nor their commits have changed, the answer is not worked out again.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from uphold.claims.history import History
from uphold.pipeline.disk import publish
from uphold.pipeline.stages.files import json_bytes


def register(root: Path, studies: Sequence[str], out: Path, kept: Path) -> str:
    """Write since when the claims of each study stand.

    Parameters
    ----------
    root : Path
        The repository.
    studies : sequence of str
        Their names.
    out : Path
        Takes a file a study.
    kept : Path
        Where the last answers are kept, each with a digest of what it was worked out from.

    Returns
    -------
    str
        One line about it.
    """
    for study in studies:
        publish(out / f"{study}.json", json_bytes(_standing(History(root, study), kept / study)))
    return f"since when the claims of {', '.join(studies)} stand: {out}"


def _standing(history: History, kept: Path) -> dict[str, Any]:
    digest = history.digest
    try:
        last = json.loads(kept.read_text("utf-8"))
        if last["digest"] == digest:
            return last["standing"]
    except (OSError, ValueError, KeyError, TypeError):
        pass
    standing = history.standing()
    publish(kept, json_bytes({"digest": digest, "standing": standing}))
    return standing
