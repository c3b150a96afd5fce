"""With how many units each claim of a write-up was judged before, by what stands in git.

In: a repository and a write-up. Out: for each claim the numbers of units that committed findings
were about, oldest first, and the looks that were declared. Promised: only findings count that say
their units, on data of the source that is here, about a claim whose lines were then what they are
now (its wording and role apart); findings that do not say so much say nothing, and what is not
committed was not found.
"""

import json
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from uphold.claims.history import Contents, git
from uphold.claims.rested_on import at, of_other_data, source_of, state

NAMES = "params.yaml"

WORDING = ("says", "role")
"""What may change in a claim that stays the same test."""


def judged_before(root: Path, contents: Contents, study: str, writeup: str) -> dict[str, list[int]]:
    """Return the numbers of units with which each claim was judged, oldest first.

    A number that follows itself stands once.

    Parameters
    ----------
    root : Path
        The repository.
    contents : Contents
        What its commits hold.
    study : str
        Whose params hold the claims.
    writeup : str
    """
    params, findings = f"params/{study}.yaml", f"results/{writeup}/findings.json"
    present = _claims(_present(root / params), writeup)
    here = source_of(_present(root / NAMES), _present(root / params), study)
    log = git(root, "log", "--reverse", "--format=%H", "--", findings).decode().split()
    found: dict[str, list[int]] = {}
    for commit in log:
        judged = _units(contents.of(f"{commit}:./{findings}"))
        if not judged:
            continue
        names, file = (contents.of(f"{commit}:./{path}") for path in (NAMES, params))
        if of_other_data(source_of(names, file, study), here):
            continue
        then = _claims(file, writeup)
        for claim, units in judged.items():
            if claim in present and then.get(claim) == present[claim]:
                found.setdefault(claim, []).append(units)
    return {claim: [n for n, _ in groupby(numbers)] for claim, numbers in found.items()}


def declared_looks(
    root: Path, study: str, writeup: str, sweeps: Sequence[str]
) -> dict[str, list[int]]:
    """Return the looks that the sweep of each claim declares, by claim; empty where none are.

    ``sweeps`` are those of the write-up.
    """
    file = state(_present(root / f"params/{study}.yaml"))
    return {
        claim: _looks(at(file, "sweeps"), at(file, "writeups", writeup), sweeps, values)
        for claim, values in at(file, "writeups", writeup, "claims").items()
    }


def _looks(
    designed: dict[str, Any], writeup: dict[str, Any], sweeps: Sequence[str], claim: Any
) -> list[int]:
    """Return the looks of a claim's sweep: the one that it names, or its write-up, or the only."""
    named = claim.get("sweep") if isinstance(claim, dict) else None
    sweep = named or writeup.get("sweep") or sweeps[0]
    looks = at(designed, str(sweep), "design").get("looks")
    return looks if isinstance(looks, list) else []


def _claims(text: bytes, writeup: str) -> dict[str, Any]:
    """Return a write-up's claims, without what changes no test."""
    return {
        name: {key: value for key, value in claim.items() if key not in WORDING}
        for name, claim in at(state(text), "writeups", writeup, "claims").items()
        if isinstance(claim, dict)
    }


def _units(text: bytes) -> dict[str, int]:
    """Return the units of each claim in findings; nothing for those that do not say them."""
    try:
        claims = at(json.loads(text), "claims")
    except ValueError:
        return {}
    return {
        name: one["units"]
        for name, one in claims.items()
        if isinstance(one, dict) and isinstance(one.get("units"), int)
    }


def _present(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""
