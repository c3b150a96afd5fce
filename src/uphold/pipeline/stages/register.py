"""``register``: the repository's history → what stood in git before the first results.

What comes in: the params as they stand, and git. What goes out: ``<write-up>.json``, which its page
reads. Nothing tells DVC that something was committed, so this stage runs always; what it writes
changes with the answer alone, and a page is made again where it does. What is promised: where
neither the params nor the commits have changed, the answer is not worked out again.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from uphold.claims import first_results, training_code
from uphold.claims.history import Contents, History
from uphold.claims.judged_before import declared_looks, judged_before
from uphold.claims.registration import FOLDER, NAMES, Registry
from uphold.disk import publish
from uphold.pipeline.stages.files import json_bytes

EDITION = 3
"""Raised when the same history gives another answer, so that no kept one is taken."""

Writeups = Mapping[str, tuple[str, Sequence[str]]]


def register(root: Path, writeups: Writeups, out: Path, kept: Path) -> str:
    """Write what stood in git before the first results of each write-up.

    Parameters
    ----------
    root : Path
        The repository.
    writeups : mapping of str to (str, sequence of str)
        Each write-up's study and sweeps.
    out : Path
        Takes a file a write-up.
    kept : Path
        Where the last answers are kept, with a digest of what they were worked out from.

    Returns
    -------
    str
        One line about it.
    """
    for name, registered in _answers(root, writeups, kept / "answers.json").items():
        publish(out / f"{name}.json", json_bytes(registered))
    return f"what stood in git before the first results of {', '.join(writeups)}: {out}"


def _answers(root: Path, writeups: Writeups, kept: Path) -> dict[str, Any]:
    studies = {study for study, _ in writeups.values()}
    code = {path for study in studies for path in training_code.paths(study)}
    # A module of one file stands beside where its folder would.
    files = {f"{path}.py" for path in code}
    history = History(root, [NAMES, FOLDER, *first_results.PATHS, *sorted(code | files)])
    digest = _digest(root, writeups, history)
    try:
        last = json.loads(kept.read_text("utf-8"))
        if last["digest"] == digest:
            known: dict[str, Any] = last["answers"]
            return known
    except (OSError, ValueError, KeyError, TypeError):
        pass
    with Contents(root) as contents:
        registry = Registry(history, contents)
        answers = {
            name: registry.of(name, study, sweeps).model_dump(mode="json")
            | {
                "judged": judged_before(root, contents, study, name),
                "looks": declared_looks(root, study, name, sweeps),
            }
            for name, (study, sweeps) in writeups.items()
        }
    publish(kept, json_bytes({"digest": digest, "answers": answers}))
    return answers


def _digest(root: Path, writeups: Writeups, history: History) -> str:
    """Return a digest of all that the answers depend on."""
    found = [root / NAMES, *sorted((root / FOLDER).glob("*.yaml"))]
    found += [root / path for path in history.uncommitted if path.endswith(".py")]
    present = [(str(path), path.read_bytes()) for path in found if path.is_file()]
    content = (EDITION, sorted(writeups.items()), history.identity, present)
    return hashlib.sha256(repr(content).encode()).hexdigest()
