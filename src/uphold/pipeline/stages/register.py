"""``register``: the repository's history → since when the claims of each write-up stand.

What comes in: the params as they stand, and git. What goes out: ``<write-up>.json``, which its page
reads. Nothing tells DVC that something was committed, so this stage runs always; what it writes
changes with the answer alone, and a page is made again where it does. What is promised: where
neither a study's params nor their commits have changed, the answer is not worked out again.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from uphold.claims.history import History
from uphold.claims.judged_before import declared_looks, judged_before
from uphold.pipeline.disk import publish
from uphold.pipeline.stages.files import json_bytes


def register(
    root: Path, writeups: Mapping[str, tuple[str, Sequence[str]]], out: Path, kept: Path
) -> str:
    """Write since when the claims of each write-up stand.

    Parameters
    ----------
    root : Path
        The repository.
    writeups : mapping of str to (str, sequence of str)
        Each write-up's study and sweeps.
    out : Path
        Takes a file a write-up.
    kept : Path
        Where the last answers are kept, each with a digest of what it was worked out from.

    Returns
    -------
    str
        One line about it.
    """
    of_study = cache(lambda study: _standing(History(root, study), kept / f"{study}.json"))
    for name, (study, sweeps) in writeups.items():
        found = of_study(study)
        own = {
            "claims": found["claims"].get(name, {}),
            "design": {sweep: found["design"].get(sweep) for sweep in sweeps},
        }
        findings = f"results/{name}/findings.json"
        again = {
            "judged": judged_before(root, study, name, findings),
            "looks": declared_looks(root, study, name, sweeps),
        }
        publish(out / f"{name}.json", json_bytes(found | own | again))
    return f"since when the claims of {', '.join(writeups)} stand: {out}"


def _standing(history: History, kept: Path) -> dict[str, Any]:
    digest = history.digest
    try:
        last = json.loads(kept.read_text("utf-8"))
        if last["digest"] == digest:
            known: dict[str, Any] = last["standing"]
            return known
    except (OSError, ValueError, KeyError, TypeError):
        pass
    standing = history.standing()
    publish(kept, json_bytes({"digest": digest, "standing": standing}))
    return standing
