"""All trials of the fault campaign, side by side, and the table of what came of them.

    python tests/faults/everything.py         # try all; write docs/faults.json and docs/faults.md
    python tests/faults/everything.py train   # try this case again; keep what is known of others

Exit 1 where anything went wrong. docs/faults.md says how long it took.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any

import running
from counts import OF_MUTANTS, POWER
from mutants import MUTANTS
from stages import CASES
from table import FOUND, TABLE, table, wrong

STATES = "60"
"""So many of the states that a loss of power may leave are tried of each case."""
TOGETHER = 3
"""So many cases are tried by one process, which first brings the repository to where they begin."""

Found = dict[str, dict[str, Any]]


def jobs(wanted: Sequence[str]) -> list[Callable[[], Found]]:
    """Return what tries some cases, or everything where none is named, the longest first."""
    names = [case.name for case in CASES if case.name in wanted or not wanted]
    groups = [names[first : first + TOGETHER] for first in range(0, len(names), TOGETHER)]
    found = [lambda c=cases: running.campaign(c, "--states", STATES) for cases in groups]
    if not wanted:
        found = [running.kills, *found, *(lambda m=mutant: _mutant(m) for mutant in MUTANTS)]
    return found


def _mutant(name: str) -> Found:
    """Return what was found of a way of writing: `wrong` is what gave it away."""
    found = running.campaign(["check"], "--mutant", name, "--faults", f"killed;{POWER}")
    return {OF_MUTANTS: {f"{name}, {fault}": count for fault, count in found["check"].items()}}


def main(wanted: Sequence[str]) -> None:
    """Try cases, or everything, and write what was found, part by part, and the table."""
    start = time.monotonic()
    known = json.loads(FOUND.read_text("utf-8")) if wanted else {"seconds": 0, "cases": {}}
    broken: list[BaseException] = []
    # One more than there are cores: what is killed is waited for.
    with ThreadPoolExecutor((os.cpu_count() or 1) + 1) as pool:
        for done in as_completed([pool.submit(job) for job in jobs(wanted)]):
            if error := done.exception():
                broken.append(error)
                continue
            for case, counts in done.result().items():
                known["cases"].setdefault(case, {}).update(counts)
            if not wanted:
                known["seconds"] = round(time.monotonic() - start)
            FOUND.write_text(json.dumps(known, indent=1) + "\n", "utf-8")
    for error in broken:
        raise error
    TABLE.write_text(table(known), "utf-8")
    print(*wrong(known), f"{TABLE}, {FOUND}", sep="\n")
    sys.exit(bool(wrong(known)))


if __name__ == "__main__":
    main(sys.argv[1:])
