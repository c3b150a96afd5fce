"""All trials of the fault campaign, side by side, and the table of what came of them.

    python tests/faults/everything.py             # try, write docs/faults.json and docs/faults.md
    python tests/faults/everything.py --table     # write the table alone, from docs/faults.json

Exit 1 where anything went wrong. It takes a quarter of an hour on two idle cores.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import running
from campaign import FAULTS, POWER
from mutants import MUTANTS
from stages import CASES

FOUND, TABLE = running.ROOT / "docs" / "faults.json", running.ROOT / "docs" / "faults.md"
STATES = 120
"""So many of the states that a loss of power may leave are tried of each case."""
FEW = 20
"""At so many steps of each case every call fails from there on, which takes two runs each time."""
FOR_GOOD = next(name for name, (kind, _) in FAULTS.items() if kind == "for good")
TOGETHER = 3
"""So many cases are tried by one process, which first brings the repository to where they begin."""
OF_MUTANTS = "ways of writing that lose"

Found = dict[str, dict[str, Any]]


def everything() -> dict[str, Any]:
    """Try everything; return what was found, and how long it took."""
    start = time.monotonic()
    jobs: list[Callable[[], Found]] = [_kills]
    names = [case.name for case in CASES]
    every = ";".join([*(name for name in FAULTS if name != FOR_GOOD), POWER])
    for first in range(0, len(names), TOGETHER):
        cases = names[first : first + TOGETHER]
        jobs.append(lambda c=cases: running.campaign(c, "--faults", every, "--states", str(STATES)))
        jobs.append(lambda c=cases: running.campaign(c, "--faults", FOR_GOOD, "--few", str(FEW)))
    jobs += [lambda m=mutant: _mutant(m) for mutant in MUTANTS]
    found: Found = {}
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for answer in pool.map(lambda job: job(), jobs):
            for case, counts in answer.items():
                found.setdefault(case, {}).update(counts)
    return {"cases": found, "seconds": round(time.monotonic() - start)}


def _kills() -> Found:
    with running.folder() as base:
        command = [sys.executable, str(running.HERE / "kills.py"), str(base)]
        done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    return json.loads(done.stdout.splitlines()[-1])


def _mutant(name: str) -> Found:
    """Return what was found of a way of writing: `wrong` is what gave it away."""
    found = running.campaign(["check"], "--mutant", name, "--faults", f"killed;{POWER}")
    return {OF_MUTANTS: {f"{name}, {fault}": count for fault, count in found["check"].items()}}


def wrong(found: Mapping[str, Any]) -> list[str]:
    """Return everything that went wrong, and ways of writing that were not found."""
    cases = dict(found["cases"])
    mutants = cases.pop(OF_MUTANTS)
    said = [
        f"{case}, {fault}: {what}"
        for case, counts in cases.items()
        for fault, count in counts.items()
        for what in count["wrong"]
    ]
    unseen = [
        m for m in MUTANTS if not any(mutants[f"{m}, {f}"]["wrong"] for f in ("killed", POWER))
    ]
    return said + [f"{mutant}: not found" for mutant in unseen]


# ---- the table ----------------------------------------------------------------------------------

HEAD = """# What a run survives

Made by `make faults`, from `faults.json` beside it; do not edit. Every stage is run in a small repository
that `uphold init` lays out. Each of its system calls that change the disk is a step. At a step the process
is killed (half of a write done), or the call fails; or the power goes, and the disk holds what POSIX
promises and no more. A trial is survived where each output is then what it was or what it becomes, the
error is one message that names a place, and the stage, run again, leaves what it leaves undisturbed, byte
for byte; times of runs and holders of locks apart.

"""
COVERED_NOT = """
## What is not covered

- **Programs that are linked statically**, Pandoc among them: they take no preloaded library. Pandoc gets
  its input and gives its output through pipes. Quarto, where it is installed, writes in a temporary folder.
- **Writes through a shared mapping**, `copy_file_range`, `fallocate`: counted, made to fail and killed at;
  the model of a loss of power refuses them. No stage makes any. `io_uring` and calls in assembly other
  than those that change names are not seen; the calls of four stages are held against `strace`.
- **Temporary files**: a kill there leaves what a kill at the next step of the repository leaves. Errors
  are tried at a few of their steps. What a killed process leaves in the system's temporary folder stays there.
- **Disks that lie** about a flush, that lose what was flushed, or that change bits. Journal and prepared
  data are read by their digests, so that such damage is named; other outputs are DVC's to compare.
- **A loss of power** is modelled, for one process that writes, and of its states some are tried: those in
  the table. DVC's own files, and git's, are not the project's and are not in the model's promises.
- **What a killed preparation or run leaves** under a partial name stays until a person deletes it: the
  next preparation names it, `uphold journal prune` lists and deletes it.
- `calibrate`, `replicate`, `decide`, `predict`, and sweeps on Ray or Slurm have no cases here. They
  write by the functions that the cases above write by.
"""


def table(found: Mapping[str, Any]) -> str:
    """Return the page of what was found."""
    cases = {name: counts for name, counts in found["cases"].items() if name != OF_MUTANTS}
    rows = ["| fault | steps or states | tried | survived | longest trial, s | most memory, MB |"]
    rows.append("|---|--:|--:|--:|--:|--:|")
    faults = list(dict.fromkeys(fault for counts in cases.values() for fault in counts))
    for fault in sorted(faults, key=lambda name: (*_order(name), name)):
        rows.append(_row(fault, [counts[fault] for counts in cases.values() if fault in counts]))
    of_cases = [
        "| stage | steps or states | tried | survived | longest trial, s | most memory, MB |"
    ]
    of_cases += [rows[1], *(_row(name, list(counts.values())) for name, counts in cases.items())]
    mutants = found["cases"][OF_MUTANTS]
    of_mutants = ["| way of writing | trials | found in | by |", "|---|--:|--:|---|"]
    for mutant in MUTANTS:
        counts = {fault: mutants[f"{mutant}, {fault}"] for fault in ("killed", POWER)}
        trials = sum(count["tried"] for count in counts.values())
        by = ", ".join(fault for fault, count in counts.items() if count["wrong"])
        failed = sum(_failed(count) for count in counts.values())
        of_mutants.append(f"| {mutant} | {trials} | {failed} | {by or 'nothing'} |")
    parts = [
        HEAD + "\n".join(rows) + "\n",
        "## By stage\n\n" + "\n".join(of_cases) + "\n",
        "## Whether the campaign can fail\n\nEach takes the place of how outputs are written, in the"
        " stage `check`.\n\n" + "\n".join(of_mutants) + "\n",
    ]
    minutes = f"{found['seconds'] / 60:.0f}"
    return "\n".join(parts) + f"\nAll of it took {minutes} minutes.\n" + COVERED_NOT


def _order(fault: str) -> tuple[int, int]:
    names = [*FAULTS, POWER]
    place = next((k for k, name in enumerate(names) if fault.endswith(name)), len(names))
    return (fault not in names) + (place == len(names)), place


def _row(name: str, counts: list[Mapping[str, Any]]) -> str:
    tried = sum(count["tried"] for count in counts)
    survived = tried - sum(_failed(count) for count in counts)
    most = max(count["megabytes"] for count in counts)
    cells = [
        *(sum(count["steps"] for count in counts), tried, survived),
        *(f"{max(count['seconds'] for count in counts):.1f}", f"{most:.0f}" if most else ""),
    ]
    return " | ".join([f"| {name}", *map(str, cells)]) + " |"


def _failed(count: Mapping[str, Any]) -> int:
    """Return in how many trials something was wrong: what is said begins with which it was."""
    return len({what.partition(": ")[0] for what in count["wrong"]})


def main() -> None:
    """Try everything, unless the table alone is asked for, and write the table."""
    if "--table" not in sys.argv:
        FOUND.write_text(json.dumps(everything(), indent=1) + "\n", "utf-8")
    found = json.loads(FOUND.read_text("utf-8"))
    TABLE.write_text(table(found), "utf-8")
    print(*wrong(found), f"{TABLE}, {FOUND}", sep="\n")
    sys.exit(bool(wrong(found)))


if __name__ == "__main__":
    main()
